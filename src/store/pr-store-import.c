/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many new mailboxes at once, in one transaction: all of them or none. */

#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const PrField *fields;
  guint n_fields;
  GPtrArray *rows; /* of PrValues */
} PrAddWork;

static void
add_work_free (gpointer data)
{
  PrAddWork *work = data;

  g_ptr_array_unref (work->rows);
  g_free (work);
}

static gboolean
is_taken (PrDatabase *database, const char *key, GError **error)
{
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error, "SELECT 1 FROM mailboxes WHERE address_key = ?", "s", key);

  return statement == NULL || pr_statement_next (statement, error);
}

static gpointer
add_mailboxes (PrDatabase *database, gpointer data, GError **error)
{
  PrAddWork *work = data;
  g_autoptr (GArray) ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), work->rows->len);
  g_autofree char *json = NULL;

  pr_database_begin_rows (database, work->rows->len);
  for (guint i = 0; i < work->rows->len; i++)
    {
      PrValues *values = g_ptr_array_index (work->rows, i);
      const char *address = values->slots[PR_MAILBOX_ADDRESS].text;
      g_autofree char *key = pr_address_to_key (address);
      g_autofree char *column = g_strconcat ("address_key=", key, NULL);
      GError *local_error = NULL;

      if (is_taken (database, key, &local_error))
        {
          if (local_error != NULL)
            g_propagate_error (error, local_error);
          else
            pr_set_error (error, PR_ERROR_DUPLICATE, "address",
                          _ ("Email address: “%s” is not accepted, there is such a mailbox "
                             "already. Accepted: an address that is not in use."),
                          address);
          return NULL;
        }
      if (!pr_row_insert (database, "mailboxes", work->fields, values, column, error))
        return NULL;
      g_array_append_val (ids, values->id);
      pr_database_advance_rows (database, 1);
    }
  json = pr_store_ids_to_json ((const gint64 *) (gpointer) ids->data, ids->len);
  return pr_store_strike_out (database, json, error) ? g_steal_pointer (&ids) : NULL;
}

/**
 * pr_store_add_mailboxes_async:
 * @self: a store
 * @mailboxes: (element-type PrMailbox): new mailboxes that were filled in and checked; one with an
 *   id gets that, which was reserved, and its secrets are in the keyring
 * @cancellable: (nullable): cancels: then none is added
 * @callback: called when all are written
 * @user_data: for @callback
 */
void
pr_store_add_mailboxes_async (PrStore *self,
                              GPtrArray *mailboxes,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  PrAddWork *work = g_new0 (PrAddWork, 1);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");

  work->fields = pr_record_get_fields (PR_RECORD (any), &work->n_fields);
  work->rows = g_ptr_array_new_full (mailboxes->len, (GDestroyNotify) pr_values_free);
  for (guint i = 0; i < mailboxes->len; i++)
    g_ptr_array_add (work->rows,
                     pr_record_dup_values (PR_RECORD (g_ptr_array_index (mailboxes, i))));
  pr_store_run_async (self, TRUE, add_mailboxes, work, add_work_free,
                      (GDestroyNotify) g_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_add_mailboxes_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set to %PR_ERROR_DUPLICATE and others
 *
 * Returns: (transfer full) (nullable) (element-type gint64): their ids, in the same order
 */
GArray *
pr_store_add_mailboxes_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
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
