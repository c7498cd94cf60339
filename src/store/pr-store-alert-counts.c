/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many alerts there are, and which of them somebody has seen. */

#include "pr-store-alerts-private.h"

static gpointer
count_alerts (PrDatabase *database, gpointer data, GError **error)
{
  PrAlertWork *work = data;
  g_autofree char *where = pr_alert_work_get_where (work);
  g_autofree char *sql = g_strconcat (
      "SELECT count (*), total (a.unread), total (a.severity = 'error'),"
      " total (a.severity = 'warning'), total (a.severity = 'information')" PR_ALERTS_FROM,
      where, NULL);
  g_autoptr (PrStatement) statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  pr_alert_work_bind (work, statement);
  if (!pr_statement_next (statement, error))
    return NULL;
  work->counts.n = (guint) pr_statement_get_number (statement, 0);
  work->counts.n_unread = (guint) pr_statement_get_number (statement, 1);
  work->counts.n_severity[PR_SEVERITY_ERROR] = (guint) pr_statement_get_number (statement, 2);
  work->counts.n_severity[PR_SEVERITY_WARNING] = (guint) pr_statement_get_number (statement, 3);
  work->counts.n_severity[PR_SEVERITY_INFORMATION] = (guint) pr_statement_get_number (statement, 4);
  return PR_STORE_DONE;
}

/**
 * pr_store_count_alerts_async:
 * @self: a store
 * @filter: which ones; its page does not matter
 * @cancellable: (nullable): cancels
 * @callback: called with their counts
 * @user_data: for @callback
 */
void
pr_store_count_alerts_async (PrStore *self,
                             const PrAlertFilter *filter,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, FALSE, count_alerts, pr_alert_work_new (filter), pr_alert_work_free,
                      NULL, cancellable, callback, user_data);
}

gboolean
pr_store_count_alerts_finish (PrStore *self,
                              GAsyncResult *result,
                              PrAlertCounts *counts,
                              GError **error)
{
  PrAlertWork *work = pr_store_result_get_data (result);

  *counts = work->counts;
  return pr_store_run_finish (self, result, error) != NULL;
}

static gpointer
read_alerts (PrDatabase *database, gpointer data, GError **error)
{
  PrAlertWork *work = data;
  g_autofree char *where = pr_alert_work_get_where (work);
  g_autofree char *sql = g_strconcat (
      "UPDATE alerts SET unread = 0 WHERE unread = 1 AND id IN (SELECT a.id" PR_ALERTS_FROM, where,
      ")", NULL);
  PrStatement *statement = pr_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  pr_alert_work_bind (work, statement);
  if (!pr_statement_finish (statement, error))
    return NULL;
  work->n_changed = pr_database_get_n_changed (database);
  return PR_STORE_DONE;
}

/**
 * pr_store_read_alerts_async:
 * @self: a store
 * @filter: which ones; its page does not matter
 * @cancellable: (nullable): cancels
 * @callback: called when they are marked
 * @user_data: for @callback
 *
 * Somebody has seen them: they are no longer counted as unread.
 */
void
pr_store_read_alerts_async (PrStore *self,
                            const PrAlertFilter *filter,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  pr_store_run_async (self, TRUE, read_alerts, pr_alert_work_new (filter), pr_alert_work_free, NULL,
                      cancellable, callback, user_data);
}

gboolean
pr_store_read_alerts_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
