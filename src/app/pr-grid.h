/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-grid-selection.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrGrid:
 *
 * The table of mailboxes: columns that can be chosen, moved, widened and sorted by, check boxes,
 * a context menu. It knows no commands.
 *
 * Signals: "activate" (id of a mailbox) for a double click or Enter, "sort-changed".
 */
#define PR_TYPE_GRID (pr_grid_get_type ())
G_DECLARE_FINAL_TYPE (PrGrid, pr_grid, PR, GRID, AdwBin)

void pr_grid_set_selection (PrGrid *self, PrGridSelection *selection);
GtkWidget *pr_grid_get_view (PrGrid *self);

void pr_grid_apply_sort (PrGrid *self, PrSelection *selection);
const char *pr_grid_get_sort (PrGrid *self, gboolean *descending);
void pr_grid_set_sort (PrGrid *self, const char *column, gboolean descending);

GStrv pr_grid_get_shown_columns (PrGrid *self);
void pr_grid_set_shown_columns (PrGrid *self, const char *const *columns);
GMenuModel *pr_grid_get_columns_menu (PrGrid *self);
GMenuModel *pr_grid_get_sort_menu (PrGrid *self);
GActionGroup *pr_grid_get_column_actions (PrGrid *self);

void pr_grid_set_menu (PrGrid *self, GMenuModel *menu);
void pr_grid_scroll_to (PrGrid *self, guint position);

G_END_DECLS
