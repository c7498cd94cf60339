/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGridSlot: a column view throws the widgets of an item away when the item goes, and makes new
 * ones: 200 rows of them, 40 ms in which the window stands still, whenever the order changes. So
 * its items are places, which stay, and it is the rows in them that change. Main thread. */

#include "pr-grid-slot.h"

struct _PrGridSlot
{
  GObject parent_instance;

  /* Borrowed */
  GHashTable *slots; /* (nullable): position → the slot; it takes itself out */

  /* Owned */
  PrMailboxRow *row;

  guint position;
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (PrGridSlot, pr_grid_slot, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_row_changed (PrGridSlot *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
take_row (PrGridSlot *self, PrMailboxRow *row)
{
  if (self->row != NULL)
    g_clear_signal_handler (&self->changed_id, self->row);
  g_set_object (&self->row, row);
  if (row != NULL)
    self->changed_id = g_signal_connect_swapped (row, "changed", G_CALLBACK (on_row_changed), self);
}

static void
pr_grid_slot_finalize (GObject *object)
{
  PrGridSlot *self = PR_GRID_SLOT (object);

  if (self->slots != NULL)
    g_hash_table_remove (self->slots, GUINT_TO_POINTER (self->position));
  take_row (self, NULL);
  G_OBJECT_CLASS (pr_grid_slot_parent_class)->finalize (object);
}

static void
pr_grid_slot_class_init (PrGridSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_grid_slot_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_grid_slot_init (PrGridSlot *self)
{
}

/* Puts itself into @slots, which must outlive it or be told to pr_grid_slot_forget(). */
PrGridSlot *
pr_grid_slot_new (guint position, GHashTable *slots)
{
  PrGridSlot *self = g_object_new (PR_TYPE_GRID_SLOT, NULL);

  self->position = position;
  self->slots = slots;
  g_hash_table_insert (slots, GUINT_TO_POINTER (position), self);
  return self;
}

/* It has no place any more. */
void
pr_grid_slot_forget (PrGridSlot *self)
{
  self->slots = NULL;
  take_row (self, NULL);
}

guint
pr_grid_slot_get_position (PrGridSlot *self)
{
  return self->position;
}

/* The table is the caller's business. */
void
pr_grid_slot_set_position (PrGridSlot *self, guint position)
{
  self->position = position;
}

/**
 * pr_grid_slot_get_row:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): the row that stands there
 */
PrMailboxRow *
pr_grid_slot_get_row (PrGridSlot *self)
{
  g_return_val_if_fail (PR_IS_GRID_SLOT (self), NULL);

  return self->row;
}

void
pr_grid_slot_set_row (PrGridSlot *self, PrMailboxRow *row)
{
  g_return_if_fail (PR_IS_GRID_SLOT (self));

  if (self->row == row)
    return;
  take_row (self, row);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
