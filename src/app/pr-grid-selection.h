/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrGridSelection:
 *
 * Which rows of a #PrMailboxList are selected: named ones, or the whole view but named ones, so
 * that “all” of 100,000 costs nothing. Kept by the ids of mailboxes: sorting does not lose it.
 */
#define PR_TYPE_GRID_SELECTION (pr_grid_selection_get_type ())
G_DECLARE_FINAL_TYPE (PrGridSelection, pr_grid_selection, PR, GRID_SELECTION, GObject)

PrGridSelection *pr_grid_selection_new (PrMailboxList *list);
PrMailboxList *pr_grid_selection_get_list (PrGridSelection *self);

guint pr_grid_selection_get_n_selected (PrGridSelection *self);
gint64 pr_grid_selection_get_single (PrGridSelection *self);
PrSelection *pr_grid_selection_get_selection (PrGridSelection *self);
void pr_grid_selection_toggle (PrGridSelection *self, guint position);

G_END_DECLS
