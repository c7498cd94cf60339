/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-grid-slot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrGridNameCell:
 *
 * A cell of the grid of mailboxes where there is little room: the name, and the address beneath.
 */
#define PR_TYPE_GRID_NAME_CELL (pr_grid_name_cell_get_type ())
G_DECLARE_FINAL_TYPE (PrGridNameCell, pr_grid_name_cell, PR, GRID_NAME_CELL, GtkWidget)

GtkWidget *pr_grid_name_cell_new (void);
void pr_grid_name_cell_set_slot (PrGridNameCell *self, PrGridSlot *slot);
const char *pr_grid_name_cell_get_address (PrGridNameCell *self);

G_END_DECLS
