/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an admin asks first, as counts: one transaction, a handful of queries, each of which
 * walks the mailboxes at most once. */

#include "pr-overview.h"

#include "pr-store-private.h"
#include "pr-text.h"

#define KEEP_JOBS 100
#define KEEP_HOURS (400 * 24) /* a little more than a year */
#define MAX_CERTIFICATES 20

/* How a mailbox is, of those that are active. */
#define IS_FAILING "(m.incoming_status = 'failure' OR m.outgoing_status = 'failure')"
#define IS_NOT_TESTED                                                                              \
  "((m.incoming <> 'none' AND m.incoming_status = 'not-run')"                                      \
  " OR (m.outgoing <> 'none' AND m.outgoing_status = 'not-run'))"
#define IS_SET_UP "(m.incoming <> 'none' OR m.outgoing <> 'none')"

typedef struct
{
  gint64 since;
  gint64 until;
} PrOverviewWork;

static void
certificate_free (gpointer data)
{
  PrOverviewCertificate *certificate = data;

  g_free (certificate->profile);
  g_free (certificate->host);
  g_free (certificate);
}

static PrOverview *
overview_new (void)
{
  PrOverview *self = g_new0 (PrOverview, 1);

  self->profiles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->causes = g_ptr_array_new_with_free_func (g_free);
  self->hours = g_array_new (FALSE, FALSE, sizeof (PrOverviewHour));
  self->certificates = g_ptr_array_new_with_free_func (certificate_free);
  return self;
}

/**
 * pr_overview_free:
 * @self: (transfer full): an overview
 */
void
pr_overview_free (PrOverview *self)
{
  g_hash_table_unref (self->profiles);
  g_ptr_array_unref (self->causes);
  g_array_unref (self->hours);
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

static guint
get_count (PrStatement *statement, int column)
{
  return (guint) pr_statement_get_number (statement, column);
}

/* In the order of an index: grouped by an expression, all rows would be kept and sorted first. */
static gboolean
read_profiles (PrOverview *self, PrDatabase *database, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &failure,
      "SELECT ifnull (m.profile_id, 0), count (*), sum (m.active),"
      " sum (m.active AND NOT " IS_FAILING " AND NOT " IS_NOT_TESTED " AND " IS_SET_UP "),"
      " sum (m.active AND " IS_FAILING "),"
      " sum (m.active AND NOT " IS_FAILING " AND " IS_NOT_TESTED "),"
      " sum (m.active AND m.approval = 'pending'), sum (m.active AND m.approval = 'rejected'),"
      " sum (m.active AND (m.incoming_enabled OR m.outgoing_enabled)),"
      " sum (m.incoming_retry_at <> 0 OR m.outgoing_retry_at <> 0)"
      " FROM mailboxes AS m GROUP BY m.profile_id",
      "");

  while (statement != NULL && pr_statement_next (statement, &failure))
    {
      gint64 id = pr_statement_get_number (statement, 0);
      PrOverviewCounts counts = { get_count (statement, 1), get_count (statement, 2),
                                  get_count (statement, 3), get_count (statement, 4),
                                  get_count (statement, 5) };

      self->all.n_mailboxes += counts.n_mailboxes;
      self->all.n_active += counts.n_active;
      self->all.n_working += counts.n_working;
      self->all.n_failing += counts.n_failing;
      self->all.n_not_tested += counts.n_not_tested;
      self->n_pending += get_count (statement, 6);
      self->n_rejected += get_count (statement, 7);
      self->n_enabled += get_count (statement, 8);
      self->n_retrying += get_count (statement, 9);
      g_hash_table_insert (self->profiles, g_memdup2 (&id, sizeof id),
                           g_memdup2 (&counts, sizeof counts));
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_causes (PrOverview *self, PrDatabase *database, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (PrStatement) statement =
      pr_database_query (database, &failure,
                         "SELECT code, count (*) FROM ("
                         " SELECT id, incoming_code AS code FROM mailboxes"
                         "  WHERE active = 1 AND incoming_status = 'failure'"
                         " UNION SELECT id, outgoing_code FROM mailboxes"
                         "  WHERE active = 1 AND outgoing_status = 'failure')"
                         " GROUP BY code ORDER BY 2 DESC, code",
                         "");

  while (statement != NULL && pr_statement_next (statement, &failure))
    {
      PrOverviewCause *cause;
      PrCode code;

      if (!pr_code_from_word (pr_statement_get_text (statement, 0), &code))
        continue;
      cause = g_new0 (PrOverviewCause, 1);
      cause->code = code;
      cause->n_mailboxes = get_count (statement, 1);
      g_ptr_array_add (self->causes, cause);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_hours (PrOverview *self, PrDatabase *database, gint64 since, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &failure,
      "SELECT hour, success, failure FROM test_hours WHERE hour >= ? ORDER BY hour", "i",
      since / G_TIME_SPAN_HOUR);

  while (statement != NULL && pr_statement_next (statement, &failure))
    {
      PrOverviewHour hour = { pr_statement_get_number (statement, 0), get_count (statement, 1),
                              get_count (statement, 2) };

      g_array_append_val (self->hours, hour);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_certificates (PrOverview *self, PrDatabase *database, gint64 until, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *limit = pr_time_to_text (until);
  g_autoptr (PrStatement) statement =
      pr_database_query (database, &failure,
                         "SELECT c.profile_id, p.name, c.direction, c.host, c.port, c.not_after"
                         " FROM certificates AS c JOIN profiles AS p ON p.id = c.profile_id"
                         " WHERE c.not_after < ? ORDER BY c.not_after, p.name LIMIT ?",
                         "si", limit, (gint64) MAX_CERTIFICATES);

  while (statement != NULL && pr_statement_next (statement, &failure))
    {
      PrOverviewCertificate *certificate = g_new0 (PrOverviewCertificate, 1);
      int direction = PR_DIRECTION_INCOMING;

      pr_enum_from_nick (PR_TYPE_DIRECTION, pr_statement_get_text (statement, 2), &direction);
      certificate->profile_id = pr_statement_get_number (statement, 0);
      certificate->profile = g_strdup (pr_statement_get_text (statement, 1));
      certificate->direction = (PrDirection) direction;
      certificate->host = g_strdup (pr_statement_get_text (statement, 3));
      certificate->port = get_count (statement, 4);
      pr_time_from_text (pr_statement_get_text (statement, 5), &certificate->not_after);
      g_ptr_array_add (self->certificates, certificate);
    }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
read_rest (PrOverview *self, PrDatabase *database, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (PrStatement) alerts = pr_database_query (
      database, &failure,
      "SELECT count (*), ifnull (sum (unread), 0), ifnull (sum (severity = 'error'), 0),"
      " (SELECT ifnull (min (at), 0) FROM ("
      "  SELECT incoming_retry_at AS at FROM mailboxes WHERE incoming_retry_at <> 0"
      "  UNION ALL SELECT outgoing_retry_at FROM mailboxes WHERE outgoing_retry_at <> 0))"
      " FROM alerts WHERE state = 'open'",
      "");
  g_autoptr (PrStatement) job = NULL;

  if (alerts != NULL && pr_statement_next (alerts, &failure))
    {
      self->n_alerts = get_count (alerts, 0);
      self->n_unread = get_count (alerts, 1);
      self->n_errors = get_count (alerts, 2);
      self->next_retry = pr_statement_get_number (alerts, 3);
      job = pr_database_query (database, &failure,
                               "SELECT started_at, finished_at, success, failure, cancelled,"
                               " skipped, not_run FROM jobs ORDER BY id DESC LIMIT 1",
                               "");
    }
  if (job != NULL && pr_statement_next (job, &failure))
    self->last_job = (PrOverviewJob){ pr_statement_get_number (job, 0),
                                      pr_statement_get_number (job, 1),
                                      get_count (job, 2),
                                      get_count (job, 3),
                                      get_count (job, 4),
                                      get_count (job, 5),
                                      get_count (job, 6) };
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gpointer
load_overview (PrDatabase *database, gpointer data, GError **error)
{
  PrOverviewWork *work = data;
  g_autoptr (PrOverview) overview = overview_new ();

  if (!read_profiles (overview, database, error) || !read_causes (overview, database, error)
      || !read_hours (overview, database, work->since, error)
      || !read_certificates (overview, database, work->until, error)
      || !read_rest (overview, database, error))
    return NULL;
  return g_steal_pointer (&overview);
}

static void
free_overview (gpointer data)
{
  pr_overview_free (data);
}

/**
 * pr_store_load_overview_async:
 * @self: a store
 * @since: microseconds since 1970: how far back results by the hour are wanted
 * @until: microseconds since 1970: certificates that end before are listed
 * @cancellable: (nullable): cancels
 * @callback: called with the overview
 * @user_data: for @callback
 */
void
pr_store_load_overview_async (PrStore *self,
                              gint64 since,
                              gint64 until,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  PrOverviewWork work = { since, until };

  pr_store_run_async (self, FALSE, load_overview, g_memdup2 (&work, sizeof work), g_free,
                      free_overview, cancellable, callback, user_data);
}

/**
 * pr_store_load_overview_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the overview
 */
PrOverview *
pr_store_load_overview_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

static gpointer
save_job (PrDatabase *database, gpointer data, GError **error)
{
  const PrOverviewJob *job = data;

  if (!pr_database_run (database, error,
                        "INSERT INTO jobs (started_at, finished_at, success, failure, cancelled,"
                        " skipped, not_run) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        "iiiiiii", job->started_at, job->finished_at, (gint64) job->n_success,
                        (gint64) job->n_failure, (gint64) job->n_cancelled, (gint64) job->n_skipped,
                        (gint64) job->n_not_run)
      || !pr_database_run (database, error,
                           "DELETE FROM jobs WHERE id <= (SELECT max (id) FROM jobs) - ?", "i",
                           (gint64) KEEP_JOBS)
      || !pr_database_run (database, error, "DELETE FROM test_hours WHERE hour < ?", "i",
                           job->finished_at / G_TIME_SPAN_HOUR - KEEP_HOURS))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_save_job_async:
 * @self: a store
 * @job: how it went
 * @cancellable: (nullable): cancels
 * @callback: (nullable): called when it is written
 * @user_data: for @callback
 *
 * Keeps how a job went; very old ones are forgotten.
 */
void
pr_store_save_job_async (PrStore *self,
                         const PrOverviewJob *job,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  pr_store_run_async (self, TRUE, save_job, g_memdup2 (job, sizeof *job), g_free, NULL, cancellable,
                      callback, user_data);
}

gboolean
pr_store_save_job_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
