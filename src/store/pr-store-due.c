/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What time brings: the next try that is due, and alerts that have had their day. */

#include "pr-store-private.h"

static gpointer
get_next_due (PrDatabase *database, gpointer data, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error,
      "SELECT ifnull (min (at), 0) FROM ("
      " SELECT incoming_retry_at AS at FROM mailboxes"
      "  WHERE (incoming_retry_at <> 0 OR outgoing_retry_at <> 0) AND incoming_retry_at <> 0"
      " UNION ALL SELECT outgoing_retry_at FROM mailboxes"
      "  WHERE (incoming_retry_at <> 0 OR outgoing_retry_at <> 0) AND outgoing_retry_at <> 0)",
      "");

  if (statement != NULL && pr_statement_next (statement, &local_error))
    return g_memdup2 (&(gint64){ pr_statement_get_number (statement, 0) }, sizeof (gint64));
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_get_next_due_async:
 * @self: a store
 * @cancellable: (nullable): cancels
 * @callback: called with the time
 * @user_data: for @callback
 */
void
pr_store_get_next_due_async (PrStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, FALSE, get_next_due, NULL, NULL, g_free, cancellable, callback,
                      user_data);
}

/**
 * pr_store_get_next_due_finish:
 * @self: a store
 * @result: what the callback got
 * @due: (out): when the next try of any mailbox is due, microseconds since 1970; 0: none waits
 * @error: set on failure
 *
 * Returns: whether the store could be read
 */
gboolean
pr_store_get_next_due_finish (PrStore *self, GAsyncResult *result, gint64 *due, GError **error)
{
  g_autofree gint64 *found = pr_store_run_finish (self, result, error);

  if (found == NULL)
    return FALSE;
  *due = *found;
  return TRUE;
}

static gpointer
prune_alerts (PrDatabase *database, gpointer data, GError **error)
{
  gint64 *before = data;

  return pr_database_run (database, error, "DELETE FROM alerts WHERE last_seen < ?", "i", *before)
             ? PR_STORE_DONE
             : NULL;
}

/**
 * pr_store_prune_alerts_async:
 * @self: a store
 * @before: microseconds since 1970: alerts that were last seen before are removed
 * @cancellable: (nullable): cancels
 * @callback: called when they are gone
 * @user_data: for @callback
 */
void
pr_store_prune_alerts_async (PrStore *self,
                             gint64 before,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, TRUE, prune_alerts, g_memdup2 (&before, sizeof before), g_free, NULL,
                      cancellable, callback, user_data);
}

gboolean
pr_store_prune_alerts_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
