/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes whose secrets are being changed: the keyring is no part of a transaction, so it is
 * noted before, and struck out afterwards. What a program that was killed in between has left is
 * found here. Main thread, but for the functions that work on a PrDatabase. */

#include "pr-store-private.h"

typedef struct
{
  char *ids;  /* JSON: an array of numbers */
  guint n;    /* new ids to reserve; @ids are counted from the first of them */
  char *with; /* (nullable): JSON: of @ids, those that have a password */
} PrUnsettledWork;

static void
unsettled_work_free (gpointer data)
{
  PrUnsettledWork *work = data;

  g_free (work->ids);
  g_free (work->with);
  g_free (work);
}

/* Returns: (transfer full): the numbers as a JSON array, for json_each() */
char *
pr_store_ids_to_json (const gint64 *ids, guint n_ids)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < n_ids; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", ids[i]);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

static PrUnsettledWork *
unsettled_work_new (const gint64 *ids, guint n_ids)
{
  PrUnsettledWork *work = g_new0 (PrUnsettledWork, 1);

  work->ids = pr_store_ids_to_json (ids, n_ids);
  return work;
}

static gpointer
note (PrDatabase *database, gpointer data, GError **error)
{
  PrUnsettledWork *work = data;

  return pr_database_run (database, error,
                          "INSERT OR IGNORE INTO unsettled (mailbox_id)"
                          " SELECT value FROM json_each (?)",
                          "s", work->ids)
             ? PR_STORE_DONE
             : NULL;
}

/**
 * pr_store_note_unsettled_async:
 * @self: a store
 * @ids: (array length=n_ids): mailboxes whose secrets are going to be changed
 * @n_ids: how many
 * @cancellable: (nullable): cancels
 * @callback: called when that is written
 * @user_data: for @callback
 */
void
pr_store_note_unsettled_async (PrStore *self,
                               const gint64 *ids,
                               guint n_ids,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  pr_store_run_async (self, TRUE, note, unsettled_work_new (ids, n_ids), unsettled_work_free, NULL,
                      cancellable, callback, user_data);
}

gboolean
pr_store_note_unsettled_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}

static gboolean
get_next_id (PrDatabase *database, gint64 *id, GError **error)
{
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error,
      "SELECT 1 + max (ifnull ((SELECT seq FROM sqlite_sequence WHERE name = 'mailboxes'), 0),"
      "                ifnull ((SELECT max (id) FROM mailboxes), 0))",
      "");

  if (statement == NULL || !pr_statement_next (statement, error))
    return FALSE;
  *id = pr_statement_get_number (statement, 0);
  return TRUE;
}

/* Nobody else will get these ids, whether they are used in the end or not. */
static gpointer
reserve (PrDatabase *database, gpointer data, GError **error)
{
  PrUnsettledWork *work = data;
  gint64 first;

  if (!get_next_id (database, &first, error)
      || !pr_database_run (database, error,
                           "INSERT INTO sqlite_sequence (name, seq) SELECT 'mailboxes', 0"
                           " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence"
                           "  WHERE name = 'mailboxes')",
                           "")
      || !pr_database_run (database, error,
                           "UPDATE sqlite_sequence SET seq = ? WHERE name = 'mailboxes'", "i",
                           first + work->n - 1)
      || !pr_database_run (database, error,
                           "INSERT OR IGNORE INTO unsettled (mailbox_id)"
                           " SELECT ? + value FROM json_each (?)",
                           "is", first, work->ids))
    return NULL;
  return g_memdup2 (&first, sizeof first);
}

/**
 * pr_store_reserve_mailboxes_async:
 * @self: a store
 * @n: how many mailboxes there are going to be
 * @with_secret: (array length=n_with_secret): which of them, from 0, will have secrets
 * @n_with_secret: how many
 * @cancellable: (nullable): cancels
 * @callback: called when they have ids
 * @user_data: for @callback
 *
 * So that secrets can be in the keyring before the mailboxes are in the database, all of them at
 * once.
 */
void
pr_store_reserve_mailboxes_async (PrStore *self,
                                  guint n,
                                  const gint64 *with_secret,
                                  guint n_with_secret,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  PrUnsettledWork *work = unsettled_work_new (with_secret, n_with_secret);

  work->n = n;
  pr_store_run_async (self, TRUE, reserve, work, unsettled_work_free, g_free, cancellable, callback,
                      user_data);
}

/**
 * pr_store_reserve_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: the first of the ids; the others follow it; 0 on failure
 */
gint64
pr_store_reserve_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  g_autofree gint64 *first = pr_store_run_finish (self, result, error);

  return first != NULL ? *first : 0;
}

static gpointer
list_unsettled (PrDatabase *database, gpointer data, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (PrUnsettled));
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement =
      pr_database_query (database, error,
                         "SELECT u.mailbox_id, m.id IS NOT NULL, 0 FROM unsettled AS u"
                         " LEFT JOIN mailboxes AS m ON m.id = u.mailbox_id"
                         " UNION ALL"
                         " SELECT u.profile_id, p.id IS NOT NULL, 1 FROM unsettled_profiles AS u"
                         " LEFT JOIN profiles AS p ON p.id = u.profile_id ORDER BY 3, 1",
                         "");

  if (statement == NULL)
    return NULL;
  while (pr_statement_next (statement, &local_error))
    {
      PrUnsettled unsettled = { pr_statement_get_number (statement, 0),
                                pr_statement_get_number (statement, 1) != 0,
                                pr_statement_get_number (statement, 2) != 0 };

      g_array_append_val (list, unsettled);
    }
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_list_unsettled_async:
 * @self: a store
 * @cancellable: (nullable): cancels
 * @callback: called with those whose secrets nobody is sure of
 * @user_data: for @callback
 */
void
pr_store_list_unsettled_async (PrStore *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  pr_store_run_async (self, FALSE, list_unsettled, NULL, NULL, (GDestroyNotify) g_array_unref,
                      cancellable, callback, user_data);
}

/**
 * pr_store_list_unsettled_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrUnsettled): they, by id; the mailboxes
 *   before the profiles
 */
GArray *
pr_store_list_unsettled_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

static gpointer
settle (PrDatabase *database, gpointer data, GError **error)
{
  PrUnsettledWork *work = data;

  /* Somebody else may have settled one meanwhile, and knows better. */
  if (work->with != NULL
      && !pr_database_run (
          database, error,
          "UPDATE mailboxes SET serial = serial + 1, password_set = NOT password_set"
          " WHERE id IN (SELECT value FROM json_each (?))"
          "   AND id IN (SELECT mailbox_id FROM unsettled)"
          "   AND password_set <> (id IN (SELECT value FROM json_each (?)))",
          "ss", work->ids, work->with))
    return NULL;
  return pr_store_strike_out (database, work->ids, error) ? PR_STORE_DONE : NULL;
}

/* @ids: JSON: mailboxes of which database and keyring say the same. In a transaction. */
gboolean
pr_store_strike_out (PrDatabase *database, const char *ids, GError **error)
{
  return pr_database_run (database, error,
                          "DELETE FROM unsettled WHERE mailbox_id IN"
                          " (SELECT value FROM json_each (?))",
                          "s", ids);
}

/**
 * pr_store_settle_async:
 * @self: a store
 * @ids: (array length=n_ids): mailboxes that were looked up in the keyring, or are gone from it
 * @n_ids: how many
 * @with: (array length=n_with) (nullable): which of them have a password there; %NULL: that is not
 *   the question
 * @n_with: how many
 * @cancellable: (nullable): cancels
 * @callback: called when the database says what the keyring says
 * @user_data: for @callback
 */
void
pr_store_settle_async (PrStore *self,
                       const gint64 *ids,
                       guint n_ids,
                       const gint64 *with,
                       guint n_with,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  PrUnsettledWork *work = unsettled_work_new (ids, n_ids);

  if (with != NULL)
    work->with = pr_store_ids_to_json (with, n_with);
  pr_store_run_async (self, TRUE, settle, work, unsettled_work_free, NULL, cancellable, callback,
                      user_data);
}

gboolean
pr_store_settle_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
