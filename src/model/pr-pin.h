/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pr_pin_parse (const char *text);
char *pr_pin_format (const char *sha256);

G_END_DECLS
