/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"
#include "pr-resolver.h"

G_BEGIN_DECLS

int pr_connect (const GPtrArray *addresses,
                guint16 port,
                PrWait *wait,
                GPtrArray **attempts,
                GError **error);
char *pr_connect_describe (const GPtrArray *attempts);

G_END_DECLS
