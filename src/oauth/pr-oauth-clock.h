/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 pr_oauth_clock_get_time (void);
const char *pr_oauth_clock_get_boot (void);

G_END_DECLS
