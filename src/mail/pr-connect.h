/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-resolver.h"

G_BEGIN_DECLS

int
pr_connect (const GPtrArray *addresses, guint16 port, PrWait *wait, char **detail, GError **error);

G_END_DECLS
