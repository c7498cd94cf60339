/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrShareBar:
 *
 * One bar, divided: how many of all work, fail, and were not tested.
 */
#define PR_TYPE_SHARE_BAR (pr_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (PrShareBar, pr_share_bar, PR, SHARE_BAR, GtkWidget)

void pr_share_bar_set (PrShareBar *self, guint n_working, guint n_failing, guint n_others);

G_END_DECLS
