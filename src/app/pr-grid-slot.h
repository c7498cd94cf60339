/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-row.h"

G_BEGIN_DECLS

/**
 * PrGridSlot:
 *
 * A place in the grid, and the row that stands there at the moment. Signal: "changed" when it is
 * another row, or the row has changed.
 */
#define PR_TYPE_GRID_SLOT (pr_grid_slot_get_type ())
G_DECLARE_FINAL_TYPE (PrGridSlot, pr_grid_slot, PR, GRID_SLOT, GObject)

PrGridSlot *pr_grid_slot_new (guint position, GHashTable *slots);
guint pr_grid_slot_get_position (PrGridSlot *self);
void pr_grid_slot_set_position (PrGridSlot *self, guint position);
PrMailboxRow *pr_grid_slot_get_row (PrGridSlot *self);
void pr_grid_slot_set_row (PrGridSlot *self, PrMailboxRow *row);
void pr_grid_slot_forget (PrGridSlot *self);

G_END_DECLS
