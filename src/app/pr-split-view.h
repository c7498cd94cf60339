/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrSplitView:
 *
 * A sidebar beside a content. In a narrow window the sidebar lies over the content and goes away
 * once something was chosen.
 */
#define PR_TYPE_SPLIT_VIEW (pr_split_view_get_type ())
G_DECLARE_FINAL_TYPE (PrSplitView, pr_split_view, PR, SPLIT_VIEW, AdwBin)

gboolean pr_split_view_get_collapsed (PrSplitView *self);
gboolean pr_split_view_get_show_sidebar (PrSplitView *self);
void pr_split_view_set_show_sidebar (PrSplitView *self, gboolean show);

G_END_DECLS
