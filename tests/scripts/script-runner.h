/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script.h"

G_BEGIN_DECLS

/* Longest time that one conversation may take before the test itself gives up. */
#define RUN_LIMIT_S 20

char *run_script (const PrScript *script);
char *cancel_script (const PrScript *script, guint index, gulong after_us);

G_END_DECLS
