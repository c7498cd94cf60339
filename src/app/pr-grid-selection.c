/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGridSelection: a GtkSelectionModel that remembers ids and a sense: these, or all but these. A
 * row that leaves the view leaves the selection too, for nobody means rows that they cannot see.
 *
 * Its items are places (#PrGridSlot). Places come and go by a few in one turn of the main loop as
 * long as the column view makes widgets for them; beyond those it does not, and a million may come
 * at once. Main thread. */

#include "pr-grid-selection.h"

#include "pr-grid-slot.h"

#define FIRST_ROWS 40   /* places that are made at once: as many as most windows show */
#define MORE_ROWS 16    /* places that come or go in one turn of the main loop */
#define WIDGET_ROWS 256 /* a column view makes no widgets for places beyond those */
#define FEW_ROWS 16     /* changes up to this size are handed on as they are */

struct _PrGridSelection
{
  GObject parent_instance;

  /* Owned */
  PrMailboxList *list;
  GHashTable *ids;   /* of gint64: those that differ from @inverted */
  GHashTable *slots; /* position → PrGridSlot, borrowed: a slot takes itself out */

  gboolean inverted; /* all but @ids */
  guint n_shown;     /* places that the column view knows of */
  guint step_source;
};

static void pr_grid_selection_list_init (GListModelInterface *iface);
static void pr_grid_selection_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrGridSelection,
                               pr_grid_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pr_grid_selection_list_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          pr_grid_selection_selection_init))

enum
{
  PROP_0,
  PROP_N_SELECTED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static guint
get_length (PrGridSelection *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

/* Places that have a row. */
static guint
get_n_places (PrGridSelection *self)
{
  return MIN (self->n_shown, get_length (self));
}

/* --- Rows ------------------------------------------------------------------------------------- */

static gboolean
is_id_selected (PrGridSelection *self, gint64 id)
{
  return g_hash_table_contains (self->ids, &id) != self->inverted;
}

/* Returns whether that was a change. */
static gboolean
select_id (PrGridSelection *self, gint64 id, gboolean selected)
{
  if (selected == self->inverted)
    return g_hash_table_remove (self->ids, &id);
  return g_hash_table_add (self->ids, g_memdup2 (&id, sizeof id));
}

static void
set_all (PrGridSelection *self, gboolean selected)
{
  g_hash_table_remove_all (self->ids);
  self->inverted = selected;
}

static void
tell (PrGridSelection *self, guint position, guint n)
{
  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, n);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
}

static void
set_rows (PrGridSelection *self, guint position, guint n, gboolean selected)
{
  for (guint i = position; i < position + n; i++)
    select_id (self, pr_mailbox_list_get_id (self->list, i), selected);
}

/* --- Places ----------------------------------------------------------------------------------- */

/* What stands there now; nothing, at a place that is about to go. */
static void
fill (PrGridSelection *self, PrGridSlot *slot)
{
  g_autoptr (PrMailboxRow) row =
      g_list_model_get_item (G_LIST_MODEL (self->list), pr_grid_slot_get_position (slot));

  pr_grid_slot_set_row (slot, row);
}

static GPtrArray *
list_slots (PrGridSelection *self)
{
  GPtrArray *slots = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    g_ptr_array_add (slots, g_object_ref (slot));
  return slots;
}

static void
set_n_shown (PrGridSelection *self, guint n)
{
  guint before = self->n_shown;

  self->n_shown = n;
  if (n > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, n - before);
  else if (n < before)
    g_list_model_items_changed (G_LIST_MODEL (self), n, before - n, 0);
}

/* Brings the number of places closer to the number of rows. */
static gboolean
on_step (gpointer user_data)
{
  PrGridSelection *self = user_data;
  guint length = get_length (self);

  if (self->n_shown < length)
    set_n_shown (self,
                 self->n_shown < WIDGET_ROWS ? MIN (self->n_shown + MORE_ROWS, length) : length);
  else if (self->n_shown > WIDGET_ROWS)
    set_n_shown (self, MAX (WIDGET_ROWS, length));
  else
    set_n_shown (self, MAX (self->n_shown - MIN (MORE_ROWS, self->n_shown), length));
  if (self->n_shown != length)
    return G_SOURCE_CONTINUE;
  self->step_source = 0;
  return G_SOURCE_REMOVE;
}

/* Other rows in the same places, and then more or fewer places. */
static void
fill_anew (PrGridSelection *self)
{
  g_autoptr (GPtrArray) slots = list_slots (self);
  guint length = get_length (self);

  for (guint i = 0; i < slots->len; i++)
    fill (self, g_ptr_array_index (slots, i));
  if (self->n_shown < MIN (length, FIRST_ROWS))
    set_n_shown (self, MIN (length, FIRST_ROWS));
  if (self->n_shown != length && self->step_source == 0)
    self->step_source = g_idle_add (on_step, self);
  if ((self->inverted || g_hash_table_size (self->ids) > 0) && self->n_shown > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, self->n_shown);
}

/* A few rows come or go: the places behind them move. */
static void
move_slots (PrGridSelection *self, guint position, guint n_removed, guint n_added)
{
  g_autoptr (GPtrArray) slots = list_slots (self);

  g_hash_table_remove_all (self->slots);
  for (guint i = 0; i < slots->len; i++)
    {
      PrGridSlot *slot = g_ptr_array_index (slots, i);
      guint place = pr_grid_slot_get_position (slot);

      if (place >= position && place < position + n_removed)
        {
          pr_grid_slot_forget (slot);
          continue;
        }
      if (place >= position + n_removed)
        pr_grid_slot_set_position (slot, place + n_added - n_removed);
      g_hash_table_insert (self->slots, GUINT_TO_POINTER (pr_grid_slot_get_position (slot)), slot);
    }
}

/* --- GListModel ------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return PR_TYPE_GRID_SLOT;
}

static guint
get_n_items (GListModel *model)
{
  return PR_GRID_SELECTION (model)->n_shown;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  PrGridSlot *slot;

  if (position >= self->n_shown)
    return NULL;
  slot = g_hash_table_lookup (self->slots, GUINT_TO_POINTER (position));
  if (slot != NULL)
    return g_object_ref (slot);
  slot = pr_grid_slot_new (position, self->slots);
  fill (self, slot);
  return slot;
}

static void
pr_grid_selection_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- GtkSelectionModel ------------------------------------------------------------------------ */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  gint64 id = pr_mailbox_list_get_id (self->list, position);

  return id != 0 && is_id_selected (self, id);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  GtkBitset *rows = gtk_bitset_new_empty ();
  guint length = get_n_places (self);
  guint end = n_items > length - MIN (position, length) ? length : position + n_items;

  if (position >= end)
    return rows;
  if (g_hash_table_size (self->ids) == 0)
    {
      if (self->inverted)
        gtk_bitset_add_range (rows, position, end - position);
      return rows;
    }
  for (guint i = position; i < end; i++)
    if (is_id_selected (self, pr_mailbox_list_get_id (self->list, i)))
      gtk_bitset_add (rows, i);
  return rows;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);

  if (position >= get_n_places (self))
    return TRUE;
  if (unselect_rest)
    set_all (self, FALSE);
  select_id (self, pr_mailbox_list_get_id (self->list, position), TRUE);
  if (unselect_rest)
    tell (self, 0, get_n_places (self));
  else
    tell (self, position, 1);
  return TRUE;
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);

  if (position < get_n_places (self)
      && select_id (self, pr_mailbox_list_get_id (self->list, position), FALSE))
    tell (self, position, 1);
  return TRUE;
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  guint length = get_n_places (self);

  if (position >= length)
    return TRUE;
  n_items = MIN (n_items, length - position);
  if (n_items == get_length (self))
    set_all (self, TRUE);
  else
    {
      if (unselect_rest)
        set_all (self, FALSE);
      set_rows (self, position, n_items, TRUE);
    }
  if (unselect_rest)
    tell (self, 0, length);
  else
    tell (self, position, n_items);
  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  guint length = get_n_places (self);

  if (position >= length)
    return TRUE;
  n_items = MIN (n_items, length - position);
  if (n_items == get_length (self))
    set_all (self, FALSE);
  else
    set_rows (self, position, n_items, FALSE);
  tell (self, position, n_items);
  return TRUE;
}

static gboolean
select_all (GtkSelectionModel *model)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);

  set_all (self, TRUE);
  tell (self, 0, get_n_places (self));
  return TRUE;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);

  set_all (self, FALSE);
  tell (self, 0, get_n_places (self));
  return TRUE;
}

/* The rubber band and accessibility: @mask says which rows, @selected what becomes of them. */
static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  PrGridSelection *self = PR_GRID_SELECTION (model);
  guint length = get_n_places (self);
  g_autoptr (GtkBitset) rows = gtk_bitset_copy (mask);
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  if (length == 0)
    return TRUE;
  gtk_bitset_remove_range_closed (rows, length, G_MAXUINT);
  if (length == get_length (self) && gtk_bitset_get_size (rows) == length)
    {
      /* It is about all rows: remember the few that differ from the many. */
      gtk_bitset_intersect (rows, selected);
      set_all (self, gtk_bitset_get_size (rows) > length / 2);
      if (self->inverted)
        {
          gtk_bitset_remove_all (rows);
          gtk_bitset_add_range (rows, 0, length);
          gtk_bitset_subtract (rows, selected);
        }
    }
  for (more = gtk_bitset_iter_init_first (&iter, rows, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    select_id (self, pr_mailbox_list_get_id (self->list, position),
               gtk_bitset_contains (selected, position));
  tell (self, 0, length);
  return TRUE;
}

static void
pr_grid_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
  iface->set_selection = set_selection;
}

/* --- The list --------------------------------------------------------------------------------- */

static void
on_items_changed (PrGridSelection *self, guint position, guint n_removed, guint n_added)
{
  if (self->step_source != 0 || n_removed + n_added > FEW_ROWS)
    {
      fill_anew (self);
      return;
    }
  move_slots (self, position, n_removed, n_added);
  self->n_shown += n_added - n_removed;
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

/* Rows that were only moved have gone and come: so this waits until the list is complete. */
static void
on_loading (PrGridSelection *self)
{
  g_autoptr (GHashTable) kept = NULL;
  guint length = get_length (self);

  if (pr_mailbox_list_is_loading (self->list))
    return;
  if (g_hash_table_size (self->ids) > 0)
    {
      kept = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      for (guint i = 0; i < length; i++)
        {
          gint64 id = pr_mailbox_list_get_id (self->list, i);

          if (g_hash_table_contains (self->ids, &id))
            g_hash_table_add (kept, g_memdup2 (&id, sizeof id));
        }
      g_hash_table_unref (self->ids);
      self->ids = g_steal_pointer (&kept);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
}

static void
pr_grid_selection_finalize (GObject *object)
{
  PrGridSelection *self = PR_GRID_SELECTION (object);

  g_autoptr (GPtrArray) slots = list_slots (self);

  g_clear_handle_id (&self->step_source, g_source_remove);
  for (guint i = 0; i < slots->len; i++)
    pr_grid_slot_forget (g_ptr_array_index (slots, i));
  g_hash_table_unref (self->slots);
  g_clear_object (&self->list);
  g_hash_table_unref (self->ids);
  G_OBJECT_CLASS (pr_grid_selection_parent_class)->finalize (object);
}

static void
pr_grid_selection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_N_SELECTED:
        g_value_set_uint (value, pr_grid_selection_get_n_selected (PR_GRID_SELECTION (object)));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_grid_selection_class_init (PrGridSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pr_grid_selection_finalize;
  object_class->get_property = pr_grid_selection_get_property;

  /**
   * PrGridSelection:n-selected:
   *
   * How many rows are selected. Notified also when the list has changed.
   */
  properties[PROP_N_SELECTED] = g_param_spec_uint ("n-selected", NULL, NULL, 0, G_MAXUINT, 0,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
pr_grid_selection_init (PrGridSelection *self)
{
  self->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->slots = g_hash_table_new (NULL, NULL);
}

/**
 * pr_grid_selection_new:
 * @list: the mailboxes
 *
 * Returns: (transfer full): a selection of none of them
 */
PrGridSelection *
pr_grid_selection_new (PrMailboxList *list)
{
  PrGridSelection *self = g_object_new (PR_TYPE_GRID_SELECTION, NULL);

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify::loading", G_CALLBACK (on_loading), self,
                           G_CONNECT_SWAPPED);
  return self;
}

PrMailboxList *
pr_grid_selection_get_list (PrGridSelection *self)
{
  g_return_val_if_fail (PR_IS_GRID_SELECTION (self), NULL);

  return self->list;
}

guint
pr_grid_selection_get_n_selected (PrGridSelection *self)
{
  guint n, length;

  g_return_val_if_fail (PR_IS_GRID_SELECTION (self), 0);

  n = g_hash_table_size (self->ids);
  length = get_length (self);
  /* While the list is being read again some that are remembered may be gone. */
  return self->inverted ? length - MIN (n, length) : MIN (n, length);
}

/**
 * pr_grid_selection_get_single:
 * @self: a selection
 *
 * Returns: the id of the only mailbox that is selected; 0 if there are none or several
 */
gint64
pr_grid_selection_get_single (PrGridSelection *self)
{
  GHashTableIter iter;
  gpointer id;

  g_return_val_if_fail (PR_IS_GRID_SELECTION (self), 0);

  if (pr_grid_selection_get_n_selected (self) != 1)
    return 0;
  if (self->inverted)
    {
      for (guint i = 0; i < get_length (self); i++)
        if (is_selected (GTK_SELECTION_MODEL (self), i))
          return pr_mailbox_list_get_id (self->list, i);
      return 0;
    }
  g_hash_table_iter_init (&iter, self->ids);
  return g_hash_table_iter_next (&iter, &id, NULL) ? *(gint64 *) id : 0;
}

/**
 * pr_grid_selection_get_selection:
 * @self: a selection
 *
 * Returns: (transfer full): the same for commands of the environment
 */
PrSelection *
pr_grid_selection_get_selection (PrGridSelection *self)
{
  g_autofree gint64 *ids = NULL;
  PrSelection *selection;
  GHashTableIter iter;
  gpointer id;
  guint n = 0;

  g_return_val_if_fail (PR_IS_GRID_SELECTION (self), NULL);

  ids = g_new (gint64, g_hash_table_size (self->ids));
  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    ids[n++] = *(gint64 *) id;
  if (!self->inverted)
    return pr_selection_new_ids (ids, n);
  selection = pr_selection_copy (pr_mailbox_list_get_selection (self->list));
  pr_selection_set_except (selection, ids, n);
  return selection;
}

/**
 * pr_grid_selection_toggle:
 * @self: a selection
 * @position: a row whose check box was clicked
 */
void
pr_grid_selection_toggle (PrGridSelection *self, guint position)
{
  g_return_if_fail (PR_IS_GRID_SELECTION (self));

  if (is_selected (GTK_SELECTION_MODEL (self), position))
    unselect_item (GTK_SELECTION_MODEL (self), position);
  else
    select_item (GTK_SELECTION_MODEL (self), position, FALSE);
}
