/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table "mailboxes": listing, saving one, changing and deleting many. */

#include "pr-limits.h"
#include "pr-selection-private.h"
#include "pr-store-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MANY_IDS 10000

typedef struct
{
  const PrField *fields;
  guint n_fields;
  PrSelection *selection;
  PrChange *changes;
  guint n_changes;
  guint n_changed;
} PrManyWork;

static void
many_work_free (gpointer data)
{
  PrManyWork *work = data;

  pr_selection_free (work->selection);
  for (guint i = 0; i < work->n_changes; i++)
    g_free (work->changes[i].text);
  g_free (work->changes);
  g_free (work);
}

static PrManyWork *
many_work_new (PrSelection *selection)
{
  PrManyWork *work = g_new0 (PrManyWork, 1);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");

  work->fields = pr_record_get_fields (PR_RECORD (any), &work->n_fields);
  work->selection = pr_selection_copy (selection);
  return work;
}

static char *
make_select (const PrField *fields, guint n_fields, const char *where)
{
  g_autofree char *columns = pr_row_get_columns (fields, n_fields, "m");

  return g_strconcat ("SELECT ", columns,
                      ", p.name, m.serial FROM mailboxes AS m"
                      " LEFT JOIN profiles AS p ON p.id = m.profile_id WHERE ",
                      where, NULL);
}

static PrValues *
read_values (PrStatement *statement, const PrField *fields, guint n_fields)
{
  int column = 0;
  PrValues *values = pr_row_read (statement, fields, n_fields, &column);

  values->slots[PR_MAILBOX_PROFILE_NAME].text =
      g_strdup (pr_statement_get_text (statement, column));
  values->slots[PR_MAILBOX_SERIAL].number = pr_statement_get_number (statement, column + 1);
  return values;
}

static gpointer
list_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrManyWork *work = data;
  g_autofree char *where = pr_selection_get_where (work->selection);
  g_autofree char *select = make_select (work->fields, work->n_fields, where);
  g_autofree char *order = pr_selection_get_order (work->selection);
  g_autofree char *limit = pr_selection_get_limit (work->selection);
  g_autofree char *sql = g_strconcat (select, order, limit, NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_values_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = NULL;

  if (!pr_selection_check_names (work->selection, database, error))
    return NULL;
  statement = pr_database_prepare (database, sql, error);
  if (statement == NULL)
    return NULL;
  pr_selection_bind (work->selection, statement);
  while (pr_statement_next (statement, &local_error))
    g_ptr_array_add (list, read_values (statement, work->fields, work->n_fields));
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_list_mailboxes_async:
 * @self: a store
 * @selection: which ones
 * @cancellable: (nullable): cancels
 * @callback: called with them, in the order of the selection
 * @user_data: for @callback
 */
void
pr_store_list_mailboxes_async (PrStore *self,
                               PrSelection *selection,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  pr_store_run_async (self, FALSE, list_mailboxes, many_work_new (selection), many_work_free,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_list_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set to %PR_ERROR_NOT_FOUND if the selection names a mailbox that does not exist
 *
 * Returns: (transfer full) (nullable) (element-type PrMailbox): the mailboxes
 */
GPtrArray *
pr_store_list_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) list = pr_store_run_finish (self, result, error);
  GPtrArray *mailboxes;

  if (list == NULL)
    return NULL;
  mailboxes = g_ptr_array_new_full (list->len, g_object_unref);
  for (guint i = 0; i < list->len; i++)
    {
      PrMailbox *mailbox = pr_mailbox_new ("");

      pr_record_set_values (PR_RECORD (mailbox), g_ptr_array_index (list, i));
      g_ptr_array_add (mailboxes, mailbox);
    }
  return mailboxes;
}

/* Whoever wants to know how far it is has to know of how many. */
static gboolean
begin_rows (PrDatabase *database, PrSelection *selection, GError **error)
{
  g_autofree char *where = NULL;
  g_autofree char *sql = NULL;
  g_autoptr (PrStatement) statement = NULL;

  if (!pr_database_is_told (database))
    return TRUE;
  where = pr_selection_get_where (selection);
  sql = g_strdup_printf ("SELECT count (*) FROM mailboxes AS m WHERE %s", where);
  statement = pr_database_prepare (database, sql, error);
  if (statement == NULL)
    return FALSE;
  pr_selection_bind (selection, statement);
  if (!pr_statement_next (statement, error))
    return FALSE;
  pr_database_begin_rows (database, (guint) pr_statement_get_number (statement, 0));
  return TRUE;
}

typedef struct
{
  PrManyWork *many;
  PrStoreVisitor first; /* (nullable) */
  PrStoreVisitor visitor;
  gpointer data;
  GDestroyNotify data_free;
} PrVisitWork;

static void
visit_work_free (gpointer data)
{
  PrVisitWork *work = data;

  many_work_free (work->many);
  if (work->data_free != NULL)
    work->data_free (work->data);
  g_free (work);
}

static gboolean
visit_each (PrDatabase *database, PrVisitWork *work, PrStoreVisitor visitor, GError **error)
{
  PrManyWork *many = work->many;
  g_autofree char *where = pr_selection_get_where (many->selection);
  g_autofree char *select = make_select (many->fields, many->n_fields, where);
  g_autofree char *order = pr_selection_get_order (many->selection);
  g_autofree char *limit = pr_selection_get_limit (many->selection);
  g_autofree char *sql = g_strconcat (select, order, limit, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  pr_selection_bind (many->selection, statement);
  while (pr_statement_next (statement, &local_error))
    {
      PrValues *values = read_values (statement, many->fields, many->n_fields);

      visitor (values, work->data);
      pr_values_free (values);
      if (visitor == work->visitor)
        pr_database_advance_rows (database, 1);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gpointer
visit_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrVisitWork *work = data;

  if (!pr_selection_check_names (work->many->selection, database, error)
      || !begin_rows (database, work->many->selection, error)
      || (work->first != NULL && !visit_each (database, work, work->first, error))
      || !visit_each (database, work, work->visitor, error))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_visit_mailboxes_async:
 * @self: a store
 * @selection: which ones
 * @first: (nullable): given all of them before @visitor is given any, for who has to know them all
 * @visitor: given one after the other, in the order of the selection: in the store thread
 * @data: (transfer full): for @first and @visitor
 * @data_free: (nullable): frees @data
 * @cancellable: (nullable): cancels
 * @callback: called when @visitor has seen them all, as they were at one moment
 * @user_data: for @callback
 *
 * For those who would have no room for all of them at once.
 */
void
pr_store_visit_mailboxes_async (PrStore *self,
                                PrSelection *selection,
                                PrStoreVisitor first,
                                PrStoreVisitor visitor,
                                gpointer data,
                                GDestroyNotify data_free,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  PrVisitWork *work = g_new0 (PrVisitWork, 1);

  work->many = many_work_new (selection);
  work->first = first;
  work->visitor = visitor;
  work->data = data;
  work->data_free = data_free;
  pr_store_run_async (self, FALSE, visit_mailboxes, work, visit_work_free, NULL, cancellable,
                      callback, user_data);
}

/**
 * pr_store_visit_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer none) (nullable): what was given as data; @result has it
 */
gpointer
pr_store_visit_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  PrVisitWork *work = pr_store_result_get_data (result);

  return pr_store_run_finish (self, result, error) != NULL ? work->data : NULL;
}

/* Returns: (transfer full) (nullable): the ids that @sql answers with for @selection. */
static GArray *
query_ids (PrDatabase *database, const char *sql, PrSelection *selection, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (PrStatement) statement = pr_database_prepare (database, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return NULL;
  pr_selection_bind (selection, statement);
  while (pr_statement_next (statement, &local_error))
    {
      gint64 id = pr_statement_get_number (statement, 0);

      g_array_append_val (ids, id);
    }
  if (local_error == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, local_error);
  return NULL;
}

static gpointer
list_ids (PrDatabase *database, gpointer data, GError **error)
{
  PrManyWork *work = data;
  g_autofree char *where = pr_selection_get_where (work->selection);
  g_autofree char *order = pr_selection_get_order (work->selection);
  g_autofree char *limit = pr_selection_get_limit (work->selection);
  g_autofree char *sql = g_strdup_printf ("SELECT m.id FROM mailboxes AS m LEFT JOIN profiles AS p"
                                          " ON p.id = m.profile_id WHERE %s%s%s",
                                          where, order, limit);
  GArray *ids;

  if (!pr_selection_check_names (work->selection, database, error))
    return NULL;
  ids = query_ids (database, sql, work->selection, error);
  /* The keys that they were sorted by were many times their size. */
  if (ids != NULL && ids->len >= MANY_IDS)
    pr_limits_give_back_memory ();
  return ids;
}

/**
 * pr_store_list_mailbox_ids_async:
 * @self: a store
 * @selection: which ones, and in which order
 * @cancellable: (nullable): cancels
 * @callback: called with their ids
 * @user_data: for @callback
 */
void
pr_store_list_mailbox_ids_async (PrStore *self,
                                 PrSelection *selection,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  pr_store_run_async (self, FALSE, list_ids, many_work_new (selection), many_work_free,
                      (GDestroyNotify) g_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_list_mailbox_ids_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the ids, in order
 */
GArray *
pr_store_list_mailbox_ids_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

static gboolean
check_address (PrDatabase *database, PrValues *values, const char *key, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error, "SELECT address FROM mailboxes WHERE address_key = ? AND id <> ?",
      "si", key, values->id);

  if (statement != NULL && pr_statement_next (statement, &local_error))
    {
      pr_set_error (error, PR_ERROR_DUPLICATE, "address",
                    _ ("Email address: “%s” is not accepted, there is a mailbox “%s” already. "
                       "Accepted: an address that is not in use."),
                    values->slots[PR_MAILBOX_ADDRESS].text, pr_statement_get_text (statement, 0));
      return FALSE;
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* A new address takes the approval and the user name along, another server the results. */
static gboolean
read_stored (PrDatabase *database, PrRecordWork *work, GError **error)
{
  g_autofree char *sql = make_select (work->fields, work->n_fields, "m.id = ?");
  g_autoptr (PrStatement) statement =
      pr_database_query (database, error, sql, "i", work->values->id);

  if (statement == NULL || !pr_statement_next (statement, error))
    return FALSE;
  work->stored = read_values (statement, work->fields, work->n_fields);
  return TRUE;
}

static gpointer
save_mailbox (PrDatabase *database, gpointer data, GError **error)
{
  PrRecordWork *work = data;
  g_autofree char *key = pr_address_to_key (work->values->slots[PR_MAILBOX_ADDRESS].text);
  g_autofree char *column = g_strconcat ("address_key=", key, NULL);
  gboolean ok;

  if (!check_address (database, work->values, key, error))
    return NULL;
  if (work->values->id == 0)
    ok = pr_row_insert (database, "mailboxes", work->fields, pr_record_work_begin (work), column,
                        error);
  else
    ok = pr_row_update (database, "mailboxes", work->fields, work->values, column, error);
  return ok && read_stored (database, work, error) ? PR_STORE_DONE : NULL;
}

/**
 * pr_store_save_mailbox_async:
 * @self: a store
 * @mailbox: a mailbox that was filled in and checked
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Inserts a mailbox without id, updates one with: then only what an admin can edit is written,
 * and what that change makes worthless (approval, test results) is reset.
 */
void
pr_store_save_mailbox_async (PrStore *self,
                             PrMailbox *mailbox,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, TRUE, save_mailbox, pr_record_work_new (PR_RECORD (mailbox)),
                      pr_record_work_free, NULL, cancellable, callback, user_data);
}

/**
 * pr_store_save_mailbox_finish:
 * @self: a store
 * @result: what the callback got
 * @mailbox: the mailbox that was saved; its id and version are set, and what the change reset
 * @error: set to %PR_ERROR_DUPLICATE, %PR_ERROR_CONFLICT, ...
 *
 * Returns: whether it is written
 */
gboolean
pr_store_save_mailbox_finish (PrStore *self,
                              GAsyncResult *result,
                              PrMailbox *mailbox,
                              GError **error)
{
  if (pr_store_run_finish (self, result, error) == NULL)
    return FALSE;
  pr_record_work_return (result, PR_RECORD (mailbox));
  return TRUE;
}

/* Defaults for everybody keep the rules of the table: a forward mailbox never sends. */
static void
append_change (GString *sql, const PrField *field, const PrChange *change)
{
  g_autofree char *column = pr_row_get_column_name (field);

  if (change->where_it_fits && change->field == PR_MAILBOX_OUTGOING)
    g_string_append_printf (sql, ", %s = CASE WHEN kind = 'forward' THEN 'none' ELSE ? END",
                            column);
  else if (change->where_it_fits && change->field == PR_MAILBOX_DELETE_AFTER)
    g_string_append_printf (sql, ", %s = CASE WHEN kind = 'user' THEN 0 ELSE ? END", column);
  else
    g_string_append_printf (sql, ", %s = ?", column);
}

static void
bind_change (PrStatement *statement, const PrField *field, const PrChange *change)
{
  PrValues *values = pr_values_new (1);

  values->slots[0].text = g_strdup (change->text);
  values->slots[0].number = change->number;
  pr_row_bind (statement, field, values, 0);
  pr_values_free (values);
}

static gpointer
change_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrManyWork *work = data;
  g_autofree char *where = pr_selection_get_where (work->selection);
  g_autoptr (GString) sql = g_string_new ("UPDATE mailboxes SET version = pr_tell (version + 1)");
  PrStatement *statement;

  if (!pr_selection_check_names (work->selection, database, error)
      || !pr_changes_check (database, work->selection, work->fields, work->changes, work->n_changes,
                            error)
      || !begin_rows (database, work->selection, error))
    return NULL;
  for (guint i = 0; i < work->n_changes; i++)
    append_change (sql, &work->fields[work->changes[i].field], &work->changes[i]);
  g_string_append_printf (sql, " WHERE id IN (SELECT m.id FROM mailboxes AS m WHERE %s)", where);
  statement = pr_database_prepare (database, sql->str, error);
  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < work->n_changes; i++)
    bind_change (statement, &work->fields[work->changes[i].field], &work->changes[i]);
  pr_selection_bind (work->selection, statement);
  if (!pr_statement_finish (statement, error))
    return NULL;
  work->n_changed = pr_database_get_n_changed (database);
  pr_database_advance_rows (database, 0);
  return PR_STORE_DONE;
}

/**
 * pr_store_change_mailboxes_async:
 * @self: a store
 * @selection: which ones
 * @changes: (array length=n_changes): the new values
 * @n_changes: how many
 * @cancellable: (nullable): cancels: then nothing has changed
 * @callback: called when they are written
 * @user_data: for @callback
 *
 * The same values for one mailbox or 100,000, in one transaction. Refused with
 * %PR_ERROR_INVALID_VALUE, naming a mailbox, when one of them may not have its value.
 */
void
pr_store_change_mailboxes_async (PrStore *self,
                                 PrSelection *selection,
                                 const PrChange *changes,
                                 guint n_changes,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PrManyWork *work = many_work_new (selection);

  work->n_changes = n_changes;
  work->changes = g_memdup2 (changes, n_changes * sizeof *changes);
  for (guint i = 0; i < n_changes; i++)
    work->changes[i].text = g_strdup (changes[i].text);
  pr_store_run_async (self, TRUE, change_mailboxes, work, many_work_free, NULL, cancellable,
                      callback, user_data);
}

gboolean
pr_store_change_mailboxes_finish (PrStore *self,
                                  GAsyncResult *result,
                                  guint *n_changed,
                                  GError **error)
{
  PrManyWork *work = pr_store_result_get_data (result);

  if (n_changed != NULL)
    *n_changed = work->n_changed;
  return pr_store_run_finish (self, result, error) != NULL;
}

static gpointer
delete_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrManyWork *work = data;
  g_autofree char *where = pr_selection_get_where (work->selection);
  g_autofree char *sql = g_strdup_printf (
      "DELETE FROM mailboxes WHERE id IN (SELECT m.id FROM mailboxes AS m WHERE %s)"
      " RETURNING pr_tell (id)",
      where);
  GArray *ids;

  if (!pr_selection_check_names (work->selection, database, error)
      || !begin_rows (database, work->selection, error))
    return NULL;
  ids = query_ids (database, sql, work->selection, error);
  pr_database_advance_rows (database, 0);
  return ids;
}

/**
 * pr_store_delete_mailboxes_async:
 * @self: a store
 * @selection: which ones
 * @cancellable: (nullable): cancels: then nothing is gone
 * @callback: called when they are gone, with their alerts and reports
 * @user_data: for @callback
 */
void
pr_store_delete_mailboxes_async (PrStore *self,
                                 PrSelection *selection,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  pr_store_run_async (self, TRUE, delete_mailboxes, many_work_new (selection), many_work_free,
                      (GDestroyNotify) g_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_delete_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the ids that are gone, for their
 *   secrets
 */
GArray *
pr_store_delete_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

typedef struct
{
  gint64 id;
  const char *column;
  gboolean value;
} PrFlagWork;

static gpointer
set_secret_flag (PrDatabase *database, gpointer data, GError **error)
{
  PrFlagWork *work = data;
  g_autofree char *sql = g_strdup_printf (
      "UPDATE mailboxes SET %s = ?, serial = serial + 1 WHERE id = ?", work->column);

  if (!pr_database_run (database, error, sql, "ii", (gint64) work->value, work->id)
      || !pr_database_run (database, error, "DELETE FROM unsettled WHERE mailbox_id = ?", "i",
                           work->id))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_set_secret_flag_async:
 * @self: a store
 * @mailbox_id: a mailbox
 * @field: %PR_MAILBOX_PASSWORD_SET or %PR_MAILBOX_TOKEN_SET
 * @value: whether there is one now
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * A test that runs with the old secret will be out of date.
 */
void
pr_store_set_secret_flag_async (PrStore *self,
                                gint64 mailbox_id,
                                PrMailboxField field,
                                gboolean value,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  PrFlagWork *work = g_new0 (PrFlagWork, 1);

  g_return_if_fail (field == PR_MAILBOX_PASSWORD_SET || field == PR_MAILBOX_TOKEN_SET);

  work->id = mailbox_id;
  work->value = value;
  work->column = field == PR_MAILBOX_PASSWORD_SET ? "password_set" : "token_set";
  pr_store_run_async (self, TRUE, set_secret_flag, work, g_free, NULL, cancellable, callback,
                      user_data);
}

gboolean
pr_store_set_secret_flag_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
