/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxList: reading rows. Somebody asks for a row and gets it empty; its page is read in the
 * store thread, what was asked for last first, and a page that was only scrolled past is not read
 * at all. Each turn of the main loop fills in one page at most. Main thread. */

#include "pr-mailbox-list-private.h"

#define PAGE PR_MAILBOX_LIST_PAGE
#define MAX_RECENT 512 /* rows kept after nobody looks at them any more */
#define MAX_LOADING 2  /* pages; a third would wait in the store anyway */

static void dispatch (PrMailboxList *self);

/* --- Rows ------------------------------------------------------------------------------------- */

static void
on_row_gone (gint64 id, gpointer owner)
{
  PrMailboxList *self = owner;

  g_hash_table_remove (self->rows, &id);
}

/* Returns: (transfer full) */
PrMailboxRow *
pr_mailbox_list_take_row (PrMailboxList *self, gint64 id)
{
  PrMailboxRow *row = g_hash_table_lookup (self->rows, &id);
  PrTestProgress progress[PR_N_DIRECTIONS] = { 0 };

  if (row != NULL)
    return g_object_ref (row);
  row = pr_mailbox_row_new (id, on_row_gone, self);
  g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), row);
  if (self->progress != NULL)
    {
      self->progress (id, progress, self->progress_data);
      pr_mailbox_row_set_progress (row, progress);
    }
  return row;
}

static void
keep_row (PrMailboxList *self, PrMailboxRow *row)
{
  g_queue_push_head (&self->recent, g_object_ref (row));
  while (self->recent.length > MAX_RECENT)
    g_object_unref (g_queue_pop_tail (&self->recent));
}

/* --- Reading ----------------------------------------------------------------------------- */

static gboolean
needs_reading (PrMailboxList *self, GArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      PrMailboxRow *row = g_hash_table_lookup (self->rows, &g_array_index (ids, gint64, i));

      if (row != NULL && !pr_mailbox_row_is_fresh (row))
        return TRUE;
    }
  return FALSE;
}

typedef struct
{
  PrMailboxList *self;
  guint page; /* G_MAXUINT: not a page of the list */
  guint n_ids;
} PrLoad;

static void
on_rows_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrLoad *load = user_data;
  g_autoptr (PrMailboxList) self = load->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mailboxes =
      pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);

  self->n_loading--;
  if (load->page != G_MAXUINT)
    g_hash_table_remove (self->wanted_pages, GUINT_TO_POINTER (load->page));
  if (mailboxes == NULL)
    pr_mailbox_list_set_error (self, g_steal_pointer (&error));
  for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      g_autoptr (PrMailboxRow) row =
          pr_mailbox_list_take_row (self, pr_record_get_id (PR_RECORD (mailbox)));

      pr_mailbox_row_set_mailbox (row, mailbox);
      keep_row (self, row);
    }
  /* Some of them are gone. */
  if (mailboxes != NULL && mailboxes->len < load->n_ids)
    pr_mailbox_list_refresh (self);
  dispatch (self);
}

static void
read_rows (PrMailboxList *self, GArray *ids, guint page)
{
  g_autoptr (PrSelection) selection = pr_selection_new_ids ((gint64 *) ids->data, ids->len);
  PrLoad *load = g_new0 (PrLoad, 1);

  load->self = g_object_ref (self);
  load->page = page;
  load->n_ids = ids->len;
  self->n_loading++;
  pr_store_list_mailboxes_async (self->store, selection, NULL, on_rows_read, load);
}

typedef struct
{
  GArray *ids;
  guint page;
} PrWanted;

static void
wanted_free (gpointer data)
{
  PrWanted *wanted = data;

  g_array_unref (wanted->ids);
  g_free (wanted);
}

static void
dispatch (PrMailboxList *self)
{
  PrWanted *wanted;

  while (self->n_loading < MAX_LOADING && (wanted = g_queue_pop_head (&self->wanted)) != NULL)
    {
      /* Whoever scrolled past does not wait for it any more. */
      if (needs_reading (self, wanted->ids))
        read_rows (self, wanted->ids, wanted->page);
      else if (wanted->page != G_MAXUINT)
        g_hash_table_remove (self->wanted_pages, GUINT_TO_POINTER (wanted->page));
      wanted_free (wanted);
    }
}

static gboolean
on_load (gpointer user_data)
{
  PrMailboxList *self = user_data;

  self->load_source = 0;
  self->n_wanted_now = 0;
  dispatch (self);
  return G_SOURCE_REMOVE;
}

/* What is asked for last is what people look at; in one turn, from the top. Takes @ids. */
static void
want (PrMailboxList *self, GArray *ids, guint page)
{
  PrWanted *wanted = g_new0 (PrWanted, 1);

  wanted->ids = ids;
  wanted->page = page;
  g_queue_push_nth (&self->wanted, wanted, (int) self->n_wanted_now++);
  /* Before the next frame is drawn. */
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_load, self, NULL);
}

void
pr_mailbox_list_want_page (PrMailboxList *self, guint position)
{
  guint page = position / PAGE;
  guint n = MIN (PAGE, self->ids->len - page * PAGE);
  GArray *ids;

  if (!g_hash_table_add (self->wanted_pages, GUINT_TO_POINTER (page)))
    return;
  ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);
  g_array_append_vals (ids, &g_array_index (self->ids, gint64, page * PAGE), n);
  want (self, ids, page);
}

/* Reads the rows again that somebody holds; the others are forgotten. */
void
pr_mailbox_list_reread (PrMailboxList *self)
{
  GArray *ids = NULL;
  GHashTableIter iter;
  gpointer row;

  g_queue_clear_full (&self->recent, g_object_unref);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      gint64 id = pr_mailbox_row_get_id (row);

      pr_mailbox_row_set_stale (row);
      if (ids == NULL)
        ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (ids, id);
      if (ids->len == PAGE)
        want (self, g_steal_pointer (&ids), G_MAXUINT);
    }
  if (ids != NULL)
    want (self, ids, G_MAXUINT);
}

/* What is still wanted was asked for by another order, and nobody may look at it any more. */
void
pr_mailbox_list_forget_wanted (PrMailboxList *self)
{
  g_clear_handle_id (&self->load_source, g_source_remove);
  g_queue_clear_full (&self->wanted, wanted_free);
}
