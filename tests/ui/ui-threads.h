/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What may take long belongs to other threads: every test of the window fails when the thread that
 * draws it asks the database. No clock is looked at, so it fails on a quick machine, too. */

void ui_threads_watch (void);
void ui_threads_allow (gboolean allow);
guint ui_threads_get_n_rows (void);

G_END_DECLS
