/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrSidebarRow:
 *
 * One page in the sidebar: icon, title, and how many there are of what it shows.
 */
#define PR_TYPE_SIDEBAR_ROW (pr_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (PrSidebarRow, pr_sidebar_row, PR, SIDEBAR_ROW, GtkListBoxRow)

const char *pr_sidebar_row_get_page (PrSidebarRow *self);
const char *pr_sidebar_row_get_title (PrSidebarRow *self);
void pr_sidebar_row_set_count (PrSidebarRow *self, guint count, gboolean attention);

G_END_DECLS
