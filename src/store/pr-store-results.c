/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a test leaves behind: status of the mailbox, last report, alerts, in one transaction: all
 * of it or nothing. Tables "reports", "certificates" and "test_hours". */

#include "pr-store-private.h"

#include "pr-text.h"

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)

/* What the results of one transaction have in common, written once. */
typedef struct
{
  gint64 hour; /* since 1970 */
  guint n_success;
  guint n_failure;
  const PrStoredResult *shown[PR_N_DIRECTIONS]; /* (nullable): whose certificate is stored */
} PrResultBatch;

/**
 * pr_stored_result_new:
 *
 * Returns: (transfer full): an empty result
 */
PrStoredResult *
pr_stored_result_new (void)
{
  PrStoredResult *self = g_new0 (PrStoredResult, 1);

  self->alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_values_free);
  self->disproved = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * pr_stored_result_free:
 * @self: (transfer full): a result
 */
void
pr_stored_result_free (PrStoredResult *self)
{
  g_free (self->code);
  g_free (self->report);
  g_free (self->passed);
  g_ptr_array_unref (self->alerts);
  g_ptr_array_unref (self->disproved);
  g_clear_pointer (&self->facts, pr_facts_free);
  g_free (self->host);
  g_free (self);
}

#define UPDATE(own, other)                                                                         \
  "UPDATE mailboxes SET " own "_status = ?, " own "_enabled = ?, " own "_code = ?, " own           \
  "_retry = ?, " own "_retry_at = ?, tested_at = ?,"                                               \
  " run_state = CASE WHEN ? <> 0 OR " other "_retry_at <> 0 THEN 'retry' ELSE 'idle' END"          \
  " WHERE id = ? AND serial = ?"

static gboolean
update_mailbox (PrDatabase *database, PrStoredResult *result, GError **error)
{
  return pr_database_run (
      database, error,
      result->direction == PR_DIRECTION_INCOMING ? UPDATE ("incoming", "outgoing")
                                                 : UPDATE ("outgoing", "incoming"),
      "sisiiiiii", pr_enum_to_nick (PR_TYPE_TEST_STATUS, (int) result->status),
      (gint64) result->enabled, result->code, (gint64) result->retry, result->retry_at,
      result->finished_at, result->retry_at, result->mailbox_id, result->serial);
}

static gboolean
save_hour (PrDatabase *database, PrResultBatch *batch, GError **error)
{
  guint n_success = batch->n_success, n_failure = batch->n_failure;

  if (n_success + n_failure == 0)
    return TRUE;
  batch->n_success = batch->n_failure = 0;
  return pr_database_run (database, error,
                          "INSERT INTO test_hours (hour, success, failure) VALUES (?, ?, ?)"
                          " ON CONFLICT (hour) DO UPDATE SET success = success + excluded.success,"
                          " failure = failure + excluded.failure",
                          "iii", batch->hour, (gint64) n_success, (gint64) n_failure);
}

static gboolean
count_result (PrDatabase *database,
              PrResultBatch *batch,
              const PrStoredResult *result,
              GError **error)
{
  gint64 hour = result->finished_at / HOUR_US;

  if (hour != batch->hour && !save_hour (database, batch, error))
    return FALSE;
  batch->hour = hour;
  batch->n_success += result->status == PR_TEST_STATUS_SUCCESS;
  batch->n_failure += result->status == PR_TEST_STATUS_FAILURE;
  return TRUE;
}

static gboolean
shows_same (const PrStoredResult *a, const PrStoredResult *b)
{
  return a != NULL && a->profile_id == b->profile_id && a->not_after == b->not_after
         && a->port == b->port && g_strcmp0 (a->host, b->host) == 0;
}

/* The certificate that the server of a profile showed last: the same for nearly all mailboxes. */
static gboolean
save_certificate (PrDatabase *database,
                  PrResultBatch *batch,
                  const PrStoredResult *result,
                  GError **error)
{
  g_autofree char *not_after = NULL;

  if (result->not_after == 0 || result->profile_id == 0
      || shows_same (batch->shown[result->direction], result))
    return TRUE;
  batch->shown[result->direction] = result;
  not_after = pr_time_to_text (result->not_after);
  return pr_database_run (
      database, error,
      "INSERT INTO certificates (profile_id, direction, host, port, not_after)"
      " VALUES (?, ?, ?, ?, ?) ON CONFLICT (profile_id, direction) DO UPDATE"
      " SET host = excluded.host, port = excluded.port, not_after = excluded.not_after"
      " WHERE not_after <> excluded.not_after OR host <> excluded.host OR port <> excluded.port",
      "issis", result->profile_id, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) result->direction),
      result->host, (gint64) result->port, not_after != NULL ? not_after : "");
}

static gboolean
save_result (PrDatabase *database, PrResultBatch *batch, PrStoredResult *result, GError **error)
{
  const char *direction = pr_enum_to_nick (PR_TYPE_DIRECTION, (int) result->direction);

  if (!update_mailbox (database, result, error))
    return FALSE;
  /* Edited or removed while it was tested: what was found out is about something else. */
  if (pr_database_get_n_changed (database) == 0)
    return TRUE;
  if (result->report != NULL
      && !pr_database_run (database, error,
                           "INSERT INTO reports (mailbox_id, direction, finished_at, json)"
                           " VALUES (?, ?, ?, ?) ON CONFLICT (mailbox_id, direction) DO UPDATE"
                           " SET finished_at = excluded.finished_at, json = excluded.json",
                           "isis", result->mailbox_id, direction, result->finished_at,
                           result->report))
    return FALSE;
  if (!count_result (database, batch, result, error)
      || !save_certificate (database, batch, result, error)
      || !pr_alerts_close (database, result, error)
      || (result->facts != NULL && !pr_facts_save (database, result->facts, error)))
    return FALSE;
  for (guint i = 0; i < result->alerts->len; i++)
    if (!pr_alerts_raise (database, g_ptr_array_index (result->alerts, i), error))
      return FALSE;
  return TRUE;
}

static gpointer
save_results (PrDatabase *database, gpointer data, GError **error)
{
  GPtrArray *results = data;
  PrResultBatch batch = { 0 };

  for (guint i = 0; i < results->len; i++)
    if (!save_result (database, &batch, g_ptr_array_index (results, i), error))
      return NULL;
  return save_hour (database, &batch, error) ? PR_STORE_DONE : NULL;
}

/**
 * pr_store_save_results_async:
 * @self: a store
 * @results: (transfer full) (element-type PrStoredResult): what tests left behind; the array
 *   frees them
 * @cancellable: (nullable): cancels
 * @callback: called when all of them are written, in one transaction; to be finished with
 *   pr_store_save_result_finish()
 * @user_data: for @callback
 */
void
pr_store_save_results_async (PrStore *self,
                             GPtrArray *results,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, TRUE, save_results, results, (GDestroyNotify) g_ptr_array_unref, NULL,
                      cancellable, callback, user_data);
}

/**
 * pr_store_save_result_async:
 * @self: a store
 * @result: (transfer full): what a test left behind
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 */
void
pr_store_save_result_async (PrStore *self,
                            PrStoredResult *result,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_stored_result_free);

  g_ptr_array_add (results, result);
  pr_store_save_results_async (self, results, cancellable, callback, user_data);
}

gboolean
pr_store_save_result_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}

typedef struct
{
  gint64 mailbox_id;
  PrDirection direction;
} PrReportWork;

static gpointer
load_report (PrDatabase *database, gpointer data, GError **error)
{
  PrReportWork *work = data;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error, "SELECT json FROM reports WHERE mailbox_id = ? AND direction = ?",
      "is", work->mailbox_id, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) work->direction));

  if (statement != NULL && pr_statement_next (statement, &local_error))
    return g_strdup (pr_statement_get_text (statement, 0));
  if (local_error == NULL)
    return g_strdup ("");
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_load_report_async:
 * @self: a store
 * @mailbox_id: a mailbox
 * @direction: which of its directions
 * @cancellable: (nullable): cancels
 * @callback: called with the last report
 * @user_data: for @callback
 */
void
pr_store_load_report_async (PrStore *self,
                            gint64 mailbox_id,
                            PrDirection direction,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  PrReportWork *work = g_new0 (PrReportWork, 1);

  work->mailbox_id = mailbox_id;
  work->direction = direction;
  pr_store_run_async (self, FALSE, load_report, work, g_free, g_free, cancellable, callback,
                      user_data);
}

/**
 * pr_store_load_report_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): JSON, "" if that direction was never tested
 */
char *
pr_store_load_report_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}
