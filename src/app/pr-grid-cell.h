/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-grid-column.h"
#include "pr-grid-slot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrGridCell:
 *
 * One cell of the grid of mailboxes: an icon, a text and, while a test runs, its steps.
 */
#define PR_TYPE_GRID_CELL (pr_grid_cell_get_type ())
G_DECLARE_FINAL_TYPE (PrGridCell, pr_grid_cell, PR, GRID_CELL, GtkWidget)

GtkWidget *pr_grid_cell_new (const PrGridColumn *column);
void pr_grid_cell_set_slot (PrGridCell *self, PrGridSlot *slot);
PrMailboxRow *pr_grid_cell_get_row (PrGridCell *self);
const char *pr_grid_cell_get_text (PrGridCell *self);

/* What other cells of the grid share. */
void pr_grid_cell_fix_controllers (GtkWidget *child);
void pr_grid_cell_name_row (GtkWidget *child, const char *address);
PangoLayout *pr_grid_cell_make_layout (GtkWidget *widget, const char *text);

G_END_DECLS
