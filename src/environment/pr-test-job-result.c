/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From reports to what is stored: status, enabled, next try, alerts. While one transaction is
 * being written the next results gather, so that a disk is waited for as seldom as it can be.
 * Main thread. */

#include "pr-test-job.h"

#include "pr-differences.h"
#include "pr-overview.h"
#include "pr-report-json.h"
#include "pr-verdict.h"

G_STATIC_ASSERT (PR_N_CODES <= 128);

/* Between two transactions: too short to wait for, and a fifth of the pages are written. */
#define SAVE_INTERVAL_MS 200
/* In one transaction: whoever shows them has to tell of all of them in one turn. */
#define MAX_SAVED 200
/* Of those that wait for it: a disk can be slower than many servers, and each takes some KiB. */
#define MAX_UNSAVED (4 * MAX_SAVED)

static void save_gathered (PrJob *job);

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
        if (report->code == PR_CODE_MAILBOX_DIRECTION_NONE)
          job->summary.n_skipped++;
        else
          job->summary.n_not_run++;
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
    job->events.report (job->environment, test->row->id, test->report, job->events_data);
  pr_job_leave_test (test);
  pr_report_unref (test->report);
  g_free (test->credential);
  g_clear_pointer (&test->secret, pr_secret_unref);
  g_clear_pointer (&test->token, pr_secret_unref);
  g_free (test);
}

static PrMailbox *
get_mailbox (PrJobTest *test)
{
  return pr_job_get_mailbox (test->job, test->row);
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

/* Who owns the profile, by name, or else by address. */
static const char *
get_profile_owner (PrServerProfile *profile)
{
  const char *name = pr_server_profile_get_text (profile, OWNER_NAME);

  return *name != '\0' ? name : pr_server_profile_get_text (profile, OWNER_EMAIL);
}

/* Failures of the profile are for its owner; everything else is for the mailbox's, and what is
 * wrong also for the profile's. */
static void
set_owners (PrAlert *alert, PrJobTest *test, gboolean is_profile, PrSeverity severity)
{
  PrServerProfile *profile = test->row->profile;

  if (is_profile)
    {
      g_object_set (alert, "for-owner", get_profile_owner (profile), "tells-mailboxes",
                    pr_email_settings_get (test->job->settings, NOTIFY_OWNER) != 0, NULL);
      return;
    }
  g_object_set (alert, "for-owner", pr_mailbox_get_text (get_mailbox (test), OWNER), NULL);
  if (profile != NULL && severity != PR_SEVERITY_INFORMATION)
    g_object_set (alert, "also-owner", get_profile_owner (profile), NULL);
}

static void
add_alert_of (PrJobTest *test,
              PrStoredResult *stored,
              PrSeverity severity,
              PrAlertSubject subject,
              const char *code,
              const char *step)
{
  gboolean is_profile = subject.is_profile && test->row->profile != NULL;
  gint64 mailbox_id = test->row->id;
  const char *direction = pr_enum_to_nick (PR_TYPE_DIRECTION, (int) test->direction);
  g_autoptr (PrAlert) alert = NULL;
  g_autofree char *facts = NULL;

  if (!wants_alert (test->job, severity))
    return;
  facts = pr_report_to_json_text (test->report, PR_REPORT_JSON_FACTS);
  alert = g_object_new (PR_TYPE_ALERT, "severity", severity, "code", code, "direction",
                        subject.is_both ? "" : direction, "mailbox-id",
                        is_profile ? (gint64) 0 : mailbox_id, "profile-id", stored->profile_id,
                        "step", step, "facts", facts, "first-seen", stored->finished_at,
                        "last-seen", stored->finished_at, NULL);
  set_owners (alert, test, is_profile, severity);
  g_ptr_array_add (stored->alerts, pr_record_dup_values (PR_RECORD (alert)));
}

static void
add_alert (PrJobTest *test, PrStoredResult *stored, PrSeverity severity, PrAlertSubject subject)
{
  const PrReport *report = test->report;

  add_alert_of (test, stored, severity, subject, pr_code_to_word (report->code),
                severity == PR_SEVERITY_ERROR
                    ? pr_enum_to_nick (PR_TYPE_STEP, (int) report->failed_step)
                    : "");
}

/* What stops both directions of a mailbox alike is told once in a job. */
static gboolean
is_told (PrJobMailbox *row, PrCode code)
{
  guint64 bit = (guint64) 1 << (code % 64);
  gboolean told = (row->told[code / 64] & bit) != 0;

  row->told[code / 64] |= bit;
  return told;
}

static void
add_alerts (PrJobTest *test, PrStoredResult *stored)
{
  PrReport *report = test->report;
  PrAlertSubject subject;

  if (report->outcome == PR_OUTCOME_FAILURE)
    {
      subject = pr_verdict_get_subject (report);
      if (!subject.is_both || !is_told (test->row, report->code))
        add_alert (test, stored, PR_SEVERITY_ERROR, subject);
    }
  else if (test->row->n_open == 0 && test->row->all_good)
    add_alert (test, stored, PR_SEVERITY_INFORMATION, (PrAlertSubject){ FALSE, TRUE });
}

static char *
get_passed (const PrReport *report)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      if (step->outcome == PR_OUTCOME_SUCCESS)
        g_string_append_printf (json, "%s\"%s\"", json->len > 1 ? "," : "",
                                pr_enum_to_nick (PR_TYPE_STEP, (int) step->id));
    }
  /* Whoever met the server has passed the checks before the first packet. */
  if (report->failed_step != PR_STEP_PRECHECK)
    g_string_append_printf (json, "%s\"precheck\"", json->len > 1 ? "," : "");
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

/* The words of a success are worth no space: there may be 100,000 of them. */
static char *
get_stored_report (const PrReport *report)
{
  return pr_report_to_json_text (report, report->outcome == PR_OUTCOME_SUCCESS
                                             ? PR_REPORT_JSON_NONE
                                             : PR_REPORT_JSON_TRANSCRIPT);
}

static PrStoredResult *
make_result (PrJobTest *test, const PrVerdict *verdict, gint64 now)
{
  PrStoredResult *stored = pr_stored_result_new ();
  PrReport *report = test->report;

  stored->mailbox_id = test->row->id;
  stored->profile_id = pr_mailbox_get (get_mailbox (test), PROFILE_ID);
  stored->serial = pr_mailbox_get (get_mailbox (test), SERIAL);
  stored->direction = test->direction;
  stored->status = verdict->status;
  stored->enabled = verdict->enabled;
  stored->code = g_strdup (report->code == PR_CODE_OK ? "" : pr_code_to_word (report->code));
  stored->retry = verdict->retry;
  stored->retry_at = verdict->retry_at;
  stored->finished_at = now;
  stored->all_passed = report->outcome == PR_OUTCOME_SUCCESS;
  if (!stored->all_passed)
    stored->passed = get_passed (report);
  if (report->certificate != NULL)
    {
      stored->host = g_strdup (report->host);
      stored->port = report->port;
      stored->not_after = report->certificate->not_after;
    }
  stored->report = get_stored_report (report);
  add_alerts (test, stored);
  return stored;
}

/* Compares a result with what was known of the server. */
static void
add_differences (PrJobTest *test, PrStoredResult *stored, const PrFacts *facts)
{
  PrReport *report = test->report;
  PrWarnings warnings;

  if (test->side == NULL)
    return; /* no packet was sent */
  pr_differences_find (facts, report, stored->finished_at, &warnings);
  for (PrWarning warning = 0; warning < PR_N_WARNINGS; warning++)
    {
      const char *code = pr_enum_to_nick (PR_TYPE_WARNING, (int) warning);

      if ((warnings.raised & (1u << warning)) != 0)
        add_alert_of (test, stored,
                      warning == PR_WARNING_CERTIFICATE_ENDS ? warnings.certificate_severity
                                                             : PR_SEVERITY_WARNING,
                      (PrAlertSubject){ TRUE, FALSE }, code, "");
      else if ((warnings.disproved & (1u << warning)) != 0)
        g_ptr_array_add (stored->disproved, g_strdup (code));
    }
  stored->facts = pr_differences_learn (facts, report, stored->mailbox_id, stored->finished_at);
  if (report->differences->len == 0)
    return;
  g_free (stored->report);
  stored->report = get_stored_report (report);
}

static void
on_results_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) tests = user_data;
  PrJob *job = ((PrJobTest *) g_ptr_array_index (tests, 0))->job;
  g_autoptr (GError) error = NULL;

  job->saving = FALSE;
  if (!pr_store_save_result_finish (PR_STORE (source), result, &error) && job->error == NULL)
    job->error = g_steal_pointer (&error);
  for (guint i = 0; i < tests->len; i++)
    announce (g_ptr_array_index (tests, i));
  save_gathered (job);
  if (job->unsaved->len < MAX_UNSAVED)
    pr_job_set_held (job, FALSE);
  pr_job_check_done (job);
}

/* Results that are about to be saved, and the tests that they are of. */
typedef struct
{
  PrJob *job;
  GPtrArray *results;
  GPtrArray *tests;
} PrGathered;

static void
on_facts_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrGathered *gathered = user_data;
  PrJob *job = gathered->job;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = pr_store_load_facts_finish (PR_STORE (source), result, &error);

  /* Without them nothing is known to be different; the results count all the same. */
  if (facts == NULL && job->error == NULL)
    job->error = g_steal_pointer (&error);
  for (guint i = 0; facts != NULL && i < facts->len; i++)
    add_differences (g_ptr_array_index (gathered->tests, i),
                     g_ptr_array_index (gathered->results, i), g_ptr_array_index (facts, i));
  /* Not cancellable: what was found out is not thrown away. */
  pr_store_save_results_async (PR_STORE (source), gathered->results, NULL, on_results_saved,
                               gathered->tests);
}

static gboolean
on_save_timer (gpointer user_data)
{
  PrJob *job = user_data;

  job->save_timer = 0;
  save_gathered (job);
  return G_SOURCE_REMOVE;
}

/* While tests run one transaction takes what ended meanwhile; behind the last one nothing is
 * waited for. */
static gboolean
is_too_early (PrJob *job)
{
  gint64 pause_us = job->saved_at + SAVE_INTERVAL_MS * 1000 - g_get_monotonic_time ();

  if (!job->running || pause_us <= 0 || job->unsaved->len >= MAX_SAVED)
    {
      g_clear_handle_id (&job->save_timer, g_source_remove);
      return FALSE;
    }
  if (job->save_timer == 0)
    job->save_timer = g_timeout_add ((guint) (pause_us / 1000) + 1, on_save_timer, job);
  return TRUE;
}

/* Returns: (transfer full): the first of them, which are no more in @array */
static GPtrArray *
take_first (GPtrArray *array, GDestroyNotify free_func)
{
  guint n = MIN (array->len, MAX_SAVED);
  GPtrArray *first = g_ptr_array_new_full (n, free_func);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (first, g_ptr_array_index (array, i));
  g_ptr_array_set_free_func (array, NULL);
  g_ptr_array_remove_range (array, 0, n);
  g_ptr_array_set_free_func (array, free_func);
  return first;
}

static void
save_gathered (PrJob *job)
{
  g_autoptr (GArray) keys = NULL;
  PrGathered *gathered;

  if (job->saving || job->unsaved->len == 0 || is_too_early (job))
    return;
  job->saving = TRUE;
  job->saved_at = g_get_monotonic_time ();
  gathered = g_new (PrGathered, 1);
  gathered->job = job;
  gathered->results = take_first (job->unsaved, (GDestroyNotify) pr_stored_result_free);
  gathered->tests = take_first (job->ended, NULL);
  keys = g_array_sized_new (FALSE, FALSE, sizeof (PrFactsKey), gathered->results->len);
  for (guint i = 0; i < gathered->results->len; i++)
    {
      const PrStoredResult *stored = g_ptr_array_index (gathered->results, i);
      PrFactsKey key = { stored->mailbox_id, stored->direction };

      g_array_append_val (keys, key);
    }
  pr_store_load_facts_async (job->environment->store, keys, NULL, on_facts_loaded, gathered);
}

/* Takes @test; @report (transfer full) is what came of it. */
void
pr_job_end_test (PrJobTest *test, PrReport *report)
{
  PrJob *job = test->job;
  PrMailbox *mailbox = get_mailbox (test);
  gint64 now = g_get_real_time ();
  PrVerdict verdict;

  pr_job_begin_test (test);
  test->report = report;
  test->row->n_open--;
  if (report->outcome != PR_OUTCOME_SUCCESS && report->code != PR_CODE_MAILBOX_DIRECTION_NONE)
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
  g_ptr_array_add (job->unsaved, make_result (test, &verdict, now));
  g_ptr_array_add (job->ended, test);
  save_gathered (job);
  if (job->unsaved->len >= MAX_UNSAVED)
    pr_job_set_held (job, TRUE);
}

/* Keeps how the job went, for the overview; not of those that only try again what is due. */
void
pr_job_remember (PrJob *job)
{
  const PrTestSummary *summary = &job->summary;
  PrOverviewJob remembered = {
    job->started_at,      g_get_real_time (), summary->n_success, summary->n_failure,
    summary->n_cancelled, summary->n_skipped, summary->n_not_run,
  };

  if (job->n_tests > 0 && job->options.due == 0 && !pr_environment_is_read_only (job->environment))
    pr_store_save_job_async (job->environment->store, &remembered, NULL, NULL, NULL);
}

/* Nothing runs any more: what is left is written now. */
void
pr_job_flush (PrJob *job)
{
  save_gathered (job);
}
