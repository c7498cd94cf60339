/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxList: mailboxes for a grid. Of every row only its id is kept, in order: eight bytes,
 * which make every sort order and every jump equally fast, and let a refresh change only what is
 * different. Of the rows themselves only those that somebody holds and the last few that were
 * read are in memory, however long the list is. Main thread. */

#include "pr-mailbox-list-private.h"

#include "pr-list-diff.h"

#define MAX_EDITS 8      /* beyond that one big change is cheaper for everybody */
#define UPDATE_US 150000 /* between two looks at a database that changes all the time */
#define UPDATE_SHARE 4   /* ... and at least so many times as long as a look takes */

static void pr_mailbox_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrMailboxList,
                               pr_mailbox_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pr_mailbox_list_model_init))

enum
{
  PROP_0,
  PROP_N_ITEMS,
  PROP_LOADING,
  PROP_ERROR,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void list_ids (PrMailboxList *self);

void
pr_mailbox_list_set_error (PrMailboxList *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/* --- Listing ---------------------------------------------------------------------------------- */

static void
apply_edit (PrMailboxList *self, GArray *ids, const PrListEdit *edit)
{
  if (edit->n_removed > 0)
    g_array_remove_range (self->ids, edit->position, edit->n_removed);
  if (edit->n_added > 0)
    g_array_insert_vals (self->ids, edit->position, &g_array_index (ids, gint64, edit->position),
                         edit->n_added);
  g_hash_table_remove_all (self->wanted_pages);
  g_list_model_items_changed (G_LIST_MODEL (self), edit->position, edit->n_removed, edit->n_added);
}

static void
apply_ids (PrMailboxList *self, GArray *ids)
{
  guint n_before = self->ids->len;
  g_autoptr (GArray) edits = pr_list_diff ((gint64 *) self->ids->data, self->ids->len,
                                           (gint64 *) ids->data, ids->len, MAX_EDITS);

  for (guint i = 0; i < edits->len; i++)
    apply_edit (self, ids, &g_array_index (edits, PrListEdit, i));
  if (self->ids->len != n_before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
on_ids_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = pr_store_list_mailbox_ids_finish (PR_STORE (source), result, &error);
  gboolean superseded = g_cancellable_is_cancelled (self->listing);

  g_clear_object (&self->listing);
  self->listing_us = g_get_monotonic_time () - self->listed_at;
  self->listed_at = g_get_monotonic_time ();
  if (superseded || self->again)
    {
      self->again = FALSE;
      list_ids (self);
      if (superseded)
        return;
    }
  if (ids != NULL)
    apply_ids (self, ids);
  /* Rows that could not be read may be readable now. */
  if (ids != NULL && self->error != NULL)
    pr_mailbox_list_reread (self);
  pr_mailbox_list_set_error (self, g_steal_pointer (&error));
  if (self->listing == NULL)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
list_ids (PrMailboxList *self)
{
  self->moved = FALSE;
  self->listed_at = g_get_monotonic_time ();
  self->listing = g_cancellable_new ();
  pr_store_list_mailbox_ids_async (self->store, self->selection, self->listing, on_ids_listed,
                                   g_object_ref (self));
}

/* --- Following what is written ---------------------------------------------------------------- */

static gboolean
on_update (gpointer user_data)
{
  PrMailboxList *self = user_data;

  self->update_source = 0;
  if (self->moved)
    pr_mailbox_list_refresh (self);
  if (self->stale)
    {
      self->stale = FALSE;
      pr_mailbox_list_reread (self);
    }
  return G_SOURCE_REMOVE;
}

/* At once after a pause, else not more often than the store and the window can bear. */
static void
schedule_update (PrMailboxList *self)
{
  gint64 pause = MAX (UPDATE_US, self->listing_us * UPDATE_SHARE);
  gint64 wait = self->listed_at + pause - g_get_monotonic_time ();

  if (self->update_source != 0)
    return;
  self->update_source = g_timeout_add ((guint) (CLAMP (wait, 0, pause) / 1000), on_update, self);
}

static void
on_store_changed (PrStore *store, guint changed, PrMailboxList *self)
{
  const guint values = PR_STORE_CHANGED_MAILBOXES | PR_STORE_CHANGED_PROFILES;

  if (self->ids == NULL || (changed & (values | PR_STORE_CHANGED_MEMBERS)) == 0)
    return;
  if ((changed & values) != 0)
    self->stale = TRUE;
  if ((changed & PR_STORE_CHANGED_MEMBERS) != 0 || !self->held)
    self->moved = TRUE;
  schedule_update (self);
}

/* --- GListModel and GObject ------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return PR_TYPE_MAILBOX_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return PR_MAILBOX_LIST (model)->ids->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PrMailboxList *self = PR_MAILBOX_LIST (model);
  PrMailboxRow *row;

  if (position >= self->ids->len)
    return NULL;
  row = pr_mailbox_list_take_row (self, g_array_index (self->ids, gint64, position));
  if (!pr_mailbox_row_is_fresh (row))
    pr_mailbox_list_want_page (self, position);
  return row;
}

static void
pr_mailbox_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
pr_mailbox_list_dispose (GObject *object)
{
  PrMailboxList *self = PR_MAILBOX_LIST (object);

  pr_mailbox_list_forget_wanted (self);
  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_signal_handler (&self->changed_id, self->store);
  G_OBJECT_CLASS (pr_mailbox_list_parent_class)->dispose (object);
}

static void
pr_mailbox_list_finalize (GObject *object)
{
  PrMailboxList *self = PR_MAILBOX_LIST (object);
  GHashTableIter iter;
  gpointer row;

  g_queue_clear_full (&self->recent, g_object_unref);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    pr_mailbox_row_disown (row);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->wanted_pages);
  g_array_unref (self->ids);
  pr_selection_free (self->selection);
  g_clear_object (&self->listing);
  g_clear_object (&self->store);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (pr_mailbox_list_parent_class)->finalize (object);
}

static void
pr_mailbox_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrMailboxList *self = PR_MAILBOX_LIST (object);

  switch (id)
    {
      case PROP_N_ITEMS:
        g_value_set_uint (value, self->ids->len);
        break;
      case PROP_LOADING:
        g_value_set_boolean (value, pr_mailbox_list_is_loading (self));
        break;
      case PROP_ERROR:
        g_value_set_boxed (value, self->error);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
        break;
    }
}

static void
pr_mailbox_list_class_init (PrMailboxListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pr_mailbox_list_dispose;
  object_class->finalize = pr_mailbox_list_finalize;
  object_class->get_property = pr_mailbox_list_get_property;

  /**
   * PrMailboxList:n-items:
   *
   * How many mailboxes are in the view.
   */
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * PrMailboxList:loading:
   *
   * Whether the store is being asked which mailboxes there are.
   */
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  /**
   * PrMailboxList:error:
   *
   * Why the store could not answer; %NULL while all is well.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
pr_mailbox_list_init (PrMailboxList *self)
{
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->wanted_pages = g_hash_table_new (NULL, NULL);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->selection = pr_selection_new_all ();
  g_queue_init (&self->recent);
  g_queue_init (&self->wanted);
}

/**
 * pr_mailbox_list_new:
 * @store: an open store
 *
 * Returns: (transfer full): a list that is empty until it is given a selection
 */
PrMailboxList *
pr_mailbox_list_new (PrStore *store)
{
  PrMailboxList *self = g_object_new (PR_TYPE_MAILBOX_LIST, NULL);

  self->store = g_object_ref (store);
  self->changed_id = g_signal_connect (store, "changed", G_CALLBACK (on_store_changed), self);
  return self;
}

/**
 * pr_mailbox_list_set_selection:
 * @self: a list
 * @selection: which mailboxes, in which order
 *
 * A listing that still runs for another selection is given up.
 */
void
pr_mailbox_list_set_selection (PrMailboxList *self, PrSelection *selection)
{
  g_return_if_fail (PR_IS_MAILBOX_LIST (self));

  pr_selection_free (self->selection);
  self->selection = pr_selection_copy (selection);
  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  else
    pr_mailbox_list_refresh (self);
}

/**
 * pr_mailbox_list_get_selection:
 * @self: a list
 *
 * Returns: (transfer none): which mailboxes it shows
 */
PrSelection *
pr_mailbox_list_get_selection (PrMailboxList *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), NULL);

  return self->selection;
}

/**
 * pr_mailbox_list_refresh:
 * @self: a list
 *
 * Asks the store once more which mailboxes there are.
 */
void
pr_mailbox_list_refresh (PrMailboxList *self)
{
  g_return_if_fail (PR_IS_MAILBOX_LIST (self));

  if (self->listing != NULL)
    {
      self->again = TRUE;
      return;
    }
  list_ids (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/**
 * pr_mailbox_list_set_held:
 * @self: a list
 * @held: whether rows stay where they are, whatever their values become
 *
 * While a job runs its mailboxes are not to jump out of "Not Tested" under the eyes of whoever
 * watches it. Values are read again, and what is made or deleted comes and goes as ever.
 */
void
pr_mailbox_list_set_held (PrMailboxList *self, gboolean held)
{
  g_return_if_fail (PR_IS_MAILBOX_LIST (self));

  if (self->held == held)
    return;
  self->held = held;
  if (!held)
    pr_mailbox_list_refresh (self);
}

gboolean
pr_mailbox_list_is_loading (PrMailboxList *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), FALSE);

  return self->listing != NULL;
}

/**
 * pr_mailbox_list_get_error:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): why the store could not answer
 */
const GError *
pr_mailbox_list_get_error (PrMailboxList *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), NULL);

  return self->error;
}

/**
 * pr_mailbox_list_get_id:
 * @self: a list
 * @position: a row
 *
 * Returns: the id of its mailbox, without reading it; 0 if there is no such row
 */
gint64
pr_mailbox_list_get_id (PrMailboxList *self, guint position)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), 0);

  return position < self->ids->len ? g_array_index (self->ids, gint64, position) : 0;
}

/**
 * pr_mailbox_list_find:
 * @self: a list
 * @id: of a mailbox
 * @position: (out): its row
 *
 * Returns: whether it is in the list
 */
gboolean
pr_mailbox_list_find (PrMailboxList *self, gint64 id, guint *position)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), FALSE);

  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * pr_mailbox_list_get_n_in_memory:
 * @self: a list
 *
 * Returns: how many rows exist as objects, however long the list is
 */
guint
pr_mailbox_list_get_n_in_memory (PrMailboxList *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_LIST (self), 0);

  return g_hash_table_size (self->rows);
}

/**
 * pr_mailbox_list_set_progress_func:
 * @self: a list
 * @func: (nullable): tells where mailboxes stand in the job that runs
 * @data: for @func; must outlive it
 */
void
pr_mailbox_list_set_progress_func (PrMailboxList *self, PrRowProgressFunc func, gpointer data)
{
  g_autofree gint64 *ids = NULL;
  GHashTableIter iter;
  gpointer id;
  guint n = 0;

  g_return_if_fail (PR_IS_MAILBOX_LIST (self));

  self->progress = func;
  self->progress_data = data;
  /* Rows may come and go while they are told. */
  ids = g_new (gint64, g_hash_table_size (self->rows));
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    ids[n++] = *(gint64 *) id;
  for (guint i = 0; i < n; i++)
    pr_mailbox_list_update_progress (self, ids[i]);
}

/**
 * pr_mailbox_list_update_progress:
 * @self: a list
 * @id: of a mailbox that a job has got further with
 *
 * Does nothing for a mailbox that nobody looks at.
 */
void
pr_mailbox_list_update_progress (PrMailboxList *self, gint64 id)
{
  PrMailboxRow *row;
  PrTestProgress progress[PR_N_DIRECTIONS] = { 0 };

  g_return_if_fail (PR_IS_MAILBOX_LIST (self));

  row = g_hash_table_lookup (self->rows, &id);
  if (row == NULL)
    return;
  if (self->progress != NULL)
    self->progress (id, progress, self->progress_data);
  pr_mailbox_row_set_progress (row, progress);
}
