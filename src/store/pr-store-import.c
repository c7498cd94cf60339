/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many new mailboxes at once, in one transaction: all of them or none. */

#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const PrField *fields;
  PrRecordPack *mailboxes;
  gint64 first_id;
  GArray *with_secret; /* of gint64 */
} PrAddWork;

static void
add_work_free (gpointer data)
{
  PrAddWork *work = data;

  pr_record_pack_unref (work->mailboxes);
  g_array_unref (work->with_secret);
  g_free (work);
}

static gboolean
is_taken (PrDatabase *database, const char *key, GError **error)
{
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error, "SELECT 1 FROM mailboxes WHERE address_key = ?", "s", key);

  return statement == NULL || pr_statement_next (statement, error);
}

static gboolean
add_mailbox (PrDatabase *database, PrAddWork *work, PrValues *values, GError **error)
{
  const char *address = values->slots[PR_MAILBOX_ADDRESS].text;
  g_autofree char *key = pr_address_to_key (address);
  g_autofree char *column = g_strconcat ("address_key=", key, NULL);
  GError *local_error = NULL;

  if (!is_taken (database, key, &local_error))
    return pr_row_insert (database, "mailboxes", work->fields, values, column, error);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else
    pr_set_error (error, PR_ERROR_DUPLICATE, "address",
                  _ ("Email address: “%s” is not accepted, there is such a mailbox "
                     "already. Accepted: an address that is not in use."),
                  address);
  return FALSE;
}

static gpointer
add_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrAddWork *work = data;
  GArray *with = work->with_secret;
  gint64 id = work->first_id;
  gsize position = 0;
  guint next = 0;
  PrValues *values;
  g_autofree char *json = NULL;

  pr_database_begin_rows (database, pr_record_pack_get_length (work->mailboxes));
  while ((values = pr_record_pack_read (work->mailboxes, &position)) != NULL)
    {
      gboolean ok;

      values->id = id++;
      if (next < with->len && g_array_index (with, gint64, next) == values->id)
        {
          values->slots[PR_MAILBOX_PASSWORD_SET].number = TRUE;
          next++;
        }
      ok = add_mailbox (database, work, values, error);
      pr_values_free (values);
      if (!ok)
        return NULL;
      pr_database_advance_rows (database, 1);
    }
  json = pr_store_ids_to_json ((const gint64 *) (gpointer) with->data, with->len);
  return pr_store_strike_out (database, json, error) ? PR_STORE_DONE : NULL;
}

/**
 * pr_store_add_mailboxes_async:
 * @self: a store
 * @mailboxes: new mailboxes that were filled in and checked
 * @first_id: of the first of them; the others follow it: they were reserved
 * @with_secret: (array length=n_with_secret): ids of those whose passwords are in the keyring, in
 *   order
 * @n_with_secret: how many
 * @cancellable: (nullable): cancels: then none is added
 * @callback: called when all are written
 * @user_data: for @callback
 */
void
pr_store_add_mailboxes_async (PrStore *self,
                              PrRecordPack *mailboxes,
                              gint64 first_id,
                              const gint64 *with_secret,
                              guint n_with_secret,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  PrAddWork *work = g_new0 (PrAddWork, 1);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  guint n_fields;

  work->fields = pr_record_get_fields (PR_RECORD (any), &n_fields);
  work->mailboxes = pr_record_pack_ref (mailboxes);
  work->first_id = first_id;
  work->with_secret = g_array_sized_new (FALSE, TRUE, sizeof (gint64), n_with_secret);
  g_array_append_vals (work->with_secret, with_secret, n_with_secret);
  pr_store_run_async (self, TRUE, add_mailboxes, work, add_work_free, NULL, cancellable, callback,
                      user_data);
}

/**
 * pr_store_add_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set to %PR_ERROR_DUPLICATE and others
 *
 * Returns: whether they are there; otherwise none is
 */
gboolean
pr_store_add_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}

static gpointer
list_keys (PrDatabase *database, gpointer data, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement =
      pr_database_query (database, error, "SELECT address_key FROM mailboxes", "");

  if (statement == NULL)
    return NULL;
  while (pr_statement_next (statement, &local_error))
    g_hash_table_insert (keys, g_strdup (pr_statement_get_text (statement, 0)), NULL);
  if (local_error == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_list_address_keys_async:
 * @self: a store
 * @cancellable: (nullable): cancels
 * @callback: called with the keys
 * @user_data: for @callback
 */
void
pr_store_list_address_keys_async (PrStore *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  pr_store_run_async (self, FALSE, list_keys, NULL, NULL, (GDestroyNotify) g_hash_table_unref,
                      cancellable, callback, user_data);
}

/**
 * pr_store_list_address_keys_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type utf8 gpointer): pr_address_to_key() of every
 *   address that is taken, each with %NULL
 */
GHashTable *
pr_store_list_address_keys_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

static gpointer
mark_passwords (PrDatabase *database, gpointer data, GError **error)
{
  const char *ids = data;

  return pr_database_run (database, error,
                          "UPDATE mailboxes SET version = version + 1, password_set = 1"
                          " WHERE id IN (SELECT value FROM json_each (?))",
                          "s", ids)
                 && pr_store_strike_out (database, ids, error)
             ? PR_STORE_DONE
             : NULL;
}

/**
 * pr_store_mark_passwords_async:
 * @self: a store
 * @ids: (array length=n_ids): mailboxes
 * @n_ids: how many
 * @cancellable: (nullable): cancels
 * @callback: called when it is written that their passwords are set
 * @user_data: for @callback
 */
void
pr_store_mark_passwords_async (PrStore *self,
                               const gint64 *ids,
                               guint n_ids,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  pr_store_run_async (self, TRUE, mark_passwords, pr_store_ids_to_json (ids, n_ids), g_free, NULL,
                      cancellable, callback, user_data);
}

gboolean
pr_store_mark_passwords_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
