/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable: from a selection of mailboxes to stored results. Prechecks give their verdict at
 * once; everything else waits in the queue for its turn, and only then is its secret fetched.
 * Main thread. */

#include "pr-environment-private.h"

#include "pr-precheck.h"
#include "pr-report-json.h"
#include "pr-test-queue.h"
#include "pr-verdict.h"

#include <glib/gi18n-lib.h>

typedef struct _PrJob PrJob;

/* One mailbox of a job. */
typedef struct
{
  PrMailbox *mailbox;
  PrServerProfile *profile; /* (nullable) */
  guint n_open;             /* directions that are not over */
  gboolean all_good;
} PrJobMailbox;

/* One direction of one mailbox. */
typedef struct
{
  PrJob *job;
  PrJobMailbox *row;
  PrDirection direction;
  PrTestItem *item;
  PrReport *report; /* while its result is being stored */
} PrJobTest;

struct _PrJob
{
  PrEnvironment *environment; /* borrowed from the task */
  PrTestOptions options;
  PrTestEvents events;
  gpointer events_data;
  PrSelection *selection;
  PrTestQueue *queue;
  PrEmailSettings *settings;
  GPtrArray *rows; /* of PrJobMailbox */
  GPtrArray *now;  /* of PrJobTest: those that fail without a packet */
  PrTestSummary summary;
  guint n_saving;
  gboolean running;
  GError *error; /* the first result that could not be stored */
  GCancellable *cancellable;
  gulong cancelled_id;
  guint cancel_idle;
  GTask *task; /* ends the job; owned while it runs */
};

static void
row_free (gpointer data)
{
  PrJobMailbox *row = data;

  g_object_unref (row->mailbox);
  g_clear_object (&row->profile);
  g_free (row);
}

static void
job_free (gpointer data)
{
  PrJob *job = data;

  g_clear_handle_id (&job->cancel_idle, g_source_remove);
  g_clear_object (&job->queue);
  g_clear_object (&job->settings);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  g_clear_pointer (&job->now, g_ptr_array_unref);
  g_clear_pointer (&job->selection, pr_selection_free);
  g_clear_error (&job->error);
  g_free (job);
}

static PrTestPlan *
make_plan (PrJobTest *test, PrSecret *secret)
{
  PrJob *job = test->job;

  return pr_planner_make (job->environment->name, test->row->profile, test->row->mailbox,
                          job->settings, test->direction, &job->options, secret);
}

/* A report of a test that was not run; also for a mailbox without a profile. */
static PrReport *
make_not_run (PrJobTest *test, PrOutcome outcome, PrCode code, const char *detail)
{
  g_autoptr (PrServerProfile) none = test->row->profile == NULL ? pr_server_profile_new () : NULL;
  g_autoptr (PrTestPlan) plan = pr_planner_make (
      test->job->environment->name, none != NULL ? none : test->row->profile, test->row->mailbox,
      test->job->settings, test->direction, &test->job->options, NULL);
  PrReport *report = pr_report_new_not_run (plan, outcome, code);

  if (none != NULL)
    g_clear_pointer (&report->profile, g_free);
  report->detail = g_strdup (detail);
  return report;
}

/* --- The end of a test ------------------------------------------------------------------------ */

static void
check_done (PrJob *job)
{
  GTask *task = job->task;

  if (job->running || job->n_saving > 0 || task == NULL)
    return;
  job->task = NULL;
  pr_secrets_end_cache (job->environment->secrets);
  if (job->cancelled_id != 0)
    g_cancellable_disconnect (job->cancellable, job->cancelled_id);
  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
count (PrJob *job, const PrReport *report)
{
  switch (report->outcome)
    {
      case PR_OUTCOME_SUCCESS:
        job->summary.n_success++;
        break;
      case PR_OUTCOME_FAILURE:
        job->summary.n_failure++;
        break;
      case PR_OUTCOME_CANCELLED:
        job->summary.n_cancelled++;
        break;
      case PR_OUTCOME_SKIPPED:
        job->summary.n_skipped++;
        break;
    }
}

/* Takes @test. */
static void
announce (PrJobTest *test)
{
  PrJob *job = test->job;

  count (job, test->report);
  if (job->events.report != NULL)
    job->events.report (job->environment, pr_record_get_id (PR_RECORD (test->row->mailbox)),
                        test->report, job->events_data);
  pr_report_unref (test->report);
  g_free (test);
}

static void
on_result_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrJobTest *test = user_data;
  PrJob *job = test->job;
  g_autoptr (GError) error = NULL;

  job->n_saving--;
  if (!pr_store_save_result_finish (PR_STORE (source), result, &error) && job->error == NULL)
    job->error = g_steal_pointer (&error);
  announce (test);
  check_done (job);
}

static gboolean
wants_alert (PrJob *job, PrSeverity severity)
{
  switch (severity)
    {
      case PR_SEVERITY_ERROR:
        return pr_email_settings_get (job->settings, ALERT_ERRORS) != 0;
      case PR_SEVERITY_WARNING:
        return pr_email_settings_get (job->settings, ALERT_WARNINGS) != 0;
      case PR_SEVERITY_INFORMATION:
        return pr_email_settings_get (job->settings, ALERT_INFORMATION) != 0;
    }
  g_return_val_if_reached (FALSE);
}

/* Failures of the profile are for its owner, everything else for the mailbox's. */
static const char *
get_owner (PrJobTest *test)
{
  if (test->report->scope == PR_SCOPE_PROFILE && test->row->profile != NULL
      && *pr_server_profile_get_text (test->row->profile, OWNER_NAME) != '\0')
    return pr_server_profile_get_text (test->row->profile, OWNER_NAME);
  return pr_mailbox_get_text (test->row->mailbox, OWNER);
}

static void
add_alert (PrJobTest *test, PrStoredResult *stored, PrSeverity severity, const char *direction)
{
  g_autoptr (PrAlert) alert = NULL;
  g_autofree char *facts = NULL;

  if (!wants_alert (test->job, severity))
    return;
  facts = pr_report_to_json_text (test->report, PR_REPORT_JSON_FACTS);
  alert = g_object_new (
      PR_TYPE_ALERT, "severity", severity, "code", pr_code_to_word (test->report->code),
      "direction", direction, "mailbox-id", pr_record_get_id (PR_RECORD (test->row->mailbox)),
      "profile-id", pr_mailbox_get (test->row->mailbox, PROFILE_ID), "for-owner", get_owner (test),
      "facts", facts, "first-seen", stored->finished_at, "last-seen", stored->finished_at, NULL);
  g_ptr_array_add (stored->alerts, pr_record_dup_values (PR_RECORD (alert)));
}

static void
add_alerts (PrJobTest *test, PrStoredResult *stored)
{
  PrReport *report = test->report;
  const char *direction = pr_enum_to_nick (PR_TYPE_DIRECTION, (int) test->direction);

  if (report->outcome == PR_OUTCOME_FAILURE)
    add_alert (test, stored, PR_SEVERITY_ERROR, direction);
  else if (test->row->n_open == 0 && test->row->all_good)
    add_alert (test, stored, PR_SEVERITY_INFORMATION, "");
  stored->closes = TRUE;
}

static PrStoredResult *
make_result (PrJobTest *test, const PrVerdict *verdict, gint64 now)
{
  PrStoredResult *stored = pr_stored_result_new ();
  PrReport *report = test->report;

  stored->mailbox_id = pr_record_get_id (PR_RECORD (test->row->mailbox));
  stored->serial = pr_mailbox_get (test->row->mailbox, SERIAL);
  stored->direction = test->direction;
  stored->status = verdict->status;
  stored->enabled = verdict->enabled;
  stored->code = g_strdup (report->code == PR_CODE_OK ? "" : pr_code_to_word (report->code));
  stored->retry = verdict->retry;
  stored->retry_at = verdict->retry_at;
  stored->finished_at = now;
  stored->report = pr_report_to_json_text (report, PR_REPORT_JSON_TRANSCRIPT);
  add_alerts (test, stored);
  return stored;
}

/* Takes @test; @report is what came of it. */
static void
end_test (PrJobTest *test, PrReport *report)
{
  PrJob *job = test->job;
  PrMailbox *mailbox = test->row->mailbox;
  gint64 now = g_get_real_time ();
  PrVerdict verdict;

  test->report = report;
  test->row->n_open--;
  if (report->outcome != PR_OUTCOME_SUCCESS && report->outcome != PR_OUTCOME_SKIPPED)
    test->row->all_good = FALSE;
  if (pr_environment_is_read_only (job->environment)
      || !pr_verdict_decide (report, pr_mailbox_is_enabled (mailbox, test->direction),
                             pr_mailbox_get_retry (mailbox, test->direction), job->settings, now,
                             &verdict))
    {
      announce (test);
      return;
    }
  report->next_attempt_at = verdict.retry_at;
  job->n_saving++;
  /* Not cancellable: what was found out is not thrown away. */
  pr_store_save_result_async (job->environment->store, make_result (test, &verdict, now), NULL,
                              on_result_saved, test);
}

/* --- The queue -------------------------------------------------------------------------------- */

static PrCode
error_to_code (const GError *error)
{
  if (g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED))
    return PR_CODE_KEYRING_LOCKED;
  return PR_CODE_KEYRING_UNAVAILABLE;
}

static void
finish_not_run (PrJobTest *test, PrCode code, const char *detail)
{
  g_autoptr (PrReport) report = make_not_run (test, PR_OUTCOME_FAILURE, code, detail);

  pr_test_queue_finish (test->job->queue, test->item, report);
}

static void
on_secret_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrJobTest *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    finish_not_run (test, error_to_code (error), error->message);
  else if (secret == NULL)
    finish_not_run (test, PR_CODE_CREDENTIALS_MISSING, "not in the keyring");
  else
    pr_test_queue_start (test->job->queue, test->item, make_plan (test, secret));
}

static void
on_prepare (PrTestQueue *queue, PrTestItem *item, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);
  PrSecrets *secrets = test->job->environment->secrets;
  PrServerProfile *profile = test->row->profile;
  PrDirection side = pr_server_profile_get_credentials_direction (profile, test->direction);

  test->item = item;
  switch (pr_server_profile_get_authentication (profile, test->direction))
    {
      case PR_AUTHENTICATION_USER_OR_QUEUE:
        pr_secrets_lookup_async (secrets, PR_SECRET_MAILBOX_PASSWORD,
                                 pr_record_get_id (PR_RECORD (test->row->mailbox)), "", NULL,
                                 on_secret_found, test);
        break;
      case PR_AUTHENTICATION_PROFILE:
        pr_secrets_lookup_async (
            secrets, PR_SECRET_PROFILE_PASSWORD, pr_record_get_id (PR_RECORD (profile)),
            pr_enum_to_nick (PR_TYPE_DIRECTION, (int) side), NULL, on_secret_found, test);
        break;
      case PR_AUTHENTICATION_OAUTH:
        finish_not_run (test, PR_CODE_OAUTH_SIGN_IN_NEEDED, NULL);
        break;
      case PR_AUTHENTICATION_WINDOWS:
      case PR_AUTHENTICATION_ANONYMOUS:
        finish_not_run (test, PR_CODE_MECHANISM_UNAVAILABLE, NULL);
        break;
    }
}

static void
on_progress (PrTestQueue *queue, PrTestItem *item, PrStep step, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);
  PrJob *job = test->job;

  if (job->events.progress != NULL)
    job->events.progress (job->environment, pr_record_get_id (PR_RECORD (test->row->mailbox)),
                          test->direction, step, job->events_data);
}

static void
on_finished (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);

  end_test (test, report != NULL
                      ? pr_report_ref (report)
                      : make_not_run (test, PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED, NULL));
}

static void
on_drained (PrTestQueue *queue, gpointer user_data)
{
  PrJob *job = user_data;

  job->running = FALSE;
  check_done (job);
}

static gboolean
cancel_in_idle (gpointer user_data)
{
  PrJob *job = user_data;

  job->cancel_idle = 0;
  pr_test_queue_cancel (job->queue);
  return G_SOURCE_REMOVE;
}

/* Not from inside the signal: a handler must not disconnect itself. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  PrJob *job = user_data;

  if (job->cancel_idle == 0)
    job->cancel_idle = g_idle_add (cancel_in_idle, job);
}

/* --- The start of a job ----------------------------------------------------------------------- */

static gboolean
is_wanted (PrJob *job, PrDirection direction)
{
  return direction == PR_DIRECTION_INCOMING ? job->options.incoming : job->options.outgoing;
}

static gboolean
has_any_direction (PrMailbox *mailbox)
{
  return pr_mailbox_get_method (mailbox, PR_DIRECTION_INCOMING) != PR_SYNC_METHOD_NONE
         || pr_mailbox_get_method (mailbox, PR_DIRECTION_OUTGOING) != PR_SYNC_METHOD_NONE;
}

static void
enqueue (PrJobTest *test)
{
  PrServerProfile *profile = test->row->profile;
  gint64 mailbox_id = pr_record_get_id (PR_RECORD (test->row->mailbox));
  gboolean shared =
      pr_server_profile_get_authentication (profile, test->direction) == PR_AUTHENTICATION_PROFILE;
  g_autofree char *lane =
      g_strdup_printf ("profile-%" G_GINT64_FORMAT, pr_record_get_id (PR_RECORD (profile)));
  g_autofree char *own = g_strdup_printf ("mailbox-%" G_GINT64_FORMAT, mailbox_id);
  g_autofree char *exclusive =
      g_strdup_printf ("%" G_GINT64_FORMAT "/%d", mailbox_id, (int) test->direction);

  pr_test_queue_add (test->job->queue, lane, shared ? lane : own,
                     (guint) pr_server_profile_get (profile, MAX_CONNECTIONS), exclusive, test);
}

/* A direction that is set to "None" is left alone, unless there is no other one. */
static void
add_test (PrJob *job, PrJobMailbox *row, PrDirection direction)
{
  PrJobTest *test = g_new0 (PrJobTest, 1);
  PrCode code = pr_precheck_mailbox (row->mailbox, row->profile, job->settings, direction,
                                     pr_environment_is_read_only (job->environment));
  PrOutcome outcome = PR_OUTCOME_FAILURE;

  test->job = job;
  test->row = row;
  test->direction = direction;
  if (code == PR_CODE_OK)
    {
      enqueue (test);
      return;
    }
  if (code == PR_CODE_MAILBOX_DIRECTION_NONE && has_any_direction (row->mailbox))
    outcome = PR_OUTCOME_SKIPPED;
  test->report = make_not_run (test, outcome, code, NULL);
  g_ptr_array_add (job->now, test);
}

static void
add_mailbox (PrJob *job, PrMailbox *mailbox)
{
  PrJobMailbox *row = g_new0 (PrJobMailbox, 1);

  row->mailbox = g_object_ref (mailbox);
  row->profile =
      pr_environment_find_profile_by_id (job->environment, pr_mailbox_get (mailbox, PROFILE_ID));
  row->all_good = TRUE;
  g_ptr_array_add (job->rows, row);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (is_wanted (job, direction))
      row->n_open++;
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (is_wanted (job, direction))
      add_test (job, row, direction);
}

static void
run_job (PrJob *job, GPtrArray *mailboxes)
{
  static const PrTestQueueEvents events = { on_prepare, on_progress, on_finished, on_drained };
  guint limit = job->options.max_conversations != 0
                    ? job->options.max_conversations
                    : (guint) pr_email_settings_get (job->settings, MAX_CONVERSATIONS);
  g_autoptr (GTask) guard = g_object_ref (job->task);

  job->queue = pr_test_queue_new (limit, pr_conversation_run, &events, job);
  job->running = TRUE;
  pr_secrets_begin_cache (job->environment->secrets);
  for (guint i = 0; i < mailboxes->len; i++)
    add_mailbox (job, g_ptr_array_index (mailboxes, i));
  if (job->events.started != NULL)
    job->events.started (job->environment, job->now->len + pr_test_queue_get_n_waiting (job->queue),
                         job->events_data);
  for (guint i = 0; i < job->now->len; i++)
    {
      PrJobTest *test = g_ptr_array_index (job->now, i);

      end_test (test, test->report);
    }
  if (job->cancellable != NULL)
    job->cancelled_id =
        g_cancellable_connect (job->cancellable, G_CALLBACK (on_cancelled), job, NULL);
  pr_test_queue_run (job->queue);
}

static void
on_mailboxes_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) mailboxes =
      pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->settings = g_object_ref (job->environment->settings);
  job->task = g_object_ref (task);
  run_job (job, mailboxes);
}

static void
on_reloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_environment_reload_finish (PR_ENVIRONMENT (source), result, &error))
    g_task_return_error (task, error);
  else
    pr_store_list_mailboxes_async (job->environment->store, job->selection, job->cancellable,
                                   on_mailboxes_listed, g_object_ref (task));
}

/**
 * pr_environment_test_async:
 * @self: an environment
 * @selection: which mailboxes
 * @options: what to do
 * @events: (nullable): told while it runs
 * @events_data: for @events
 * @cancellable: (nullable): ends the job within a second; mailboxes that were not tested yet
 *   stay as they are
 * @callback: called when every result is stored
 * @user_data: for @callback
 *
 * Test & Enable.
 */
void
pr_environment_test_async (PrEnvironment *self,
                           PrSelection *selection,
                           const PrTestOptions *options,
                           const PrTestEvents *events,
                           gpointer events_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PrJob *job = g_new0 (PrJob, 1);

  /* What a cancelled job found out until then counts. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  job->environment = self;
  job->options = *options;
  if (events != NULL)
    job->events = *events;
  job->events_data = events_data;
  job->selection = pr_selection_copy (selection);
  job->rows = g_ptr_array_new_with_free_func (row_free);
  job->now = g_ptr_array_new ();
  job->cancellable = cancellable;
  pr_environment_reload_async (self, cancellable, on_reloaded, task);
}

/**
 * pr_environment_test_finish:
 * @self: an environment
 * @result: what the callback got
 * @summary: (out) (optional): how many tests ended how
 * @error: set if the job could not be carried out, or a result not be stored
 *
 * Returns: whether the job was carried out; that tests failed is no error
 */
gboolean
pr_environment_test_finish (PrEnvironment *self,
                            GAsyncResult *result,
                            PrTestSummary *summary,
                            GError **error)
{
  PrJob *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  job = g_task_get_task_data (G_TASK (result));
  if (summary != NULL)
    *summary = job->summary;
  return g_task_propagate_boolean (G_TASK (result), error);
}
