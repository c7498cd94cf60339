/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a job runs: when a slot opens the secret is fetched and the conversation starts; the guard
 * decides how wide each side of a profile may run; a log-in that several mailboxes share is done
 * once and serves them all. Main thread. */

#include "pr-test-job.h"

#include "pr-environment-oauth.h"
#include "pr-limits.h"
#include "pr-precheck.h"
#include "pr-report-json.h"
#include "pr-report-oauth.h"

struct _PrTestHold
{
  gatomicrefcount refs;
  PrJob *job; /* (nullable): borrowed; NULL: it does not matter any more */
  char *side;
  guint idle;
};

/* --- Reports of what was not run -------------------------------------------------------------- */

static PrMailbox *
get_mailbox (PrJobTest *test)
{
  return pr_job_get_mailbox (test->job, test->row);
}

static PrTestPlan *
make_plan (PrJobTest *test, PrDirection direction, PrSecret *secret)
{
  PrJob *job = test->job;

  return pr_planner_make (job->environment->name, test->row->profile, get_mailbox (test),
                          job->settings, direction, &job->options, secret);
}

/* A report of a test that was not run; also for a mailbox without a profile. */
PrReport *
pr_job_make_not_run (PrJobTest *test, PrOutcome outcome, PrCode code, const char *detail)
{
  g_autoptr (PrServerProfile) none = test->row->profile == NULL ? pr_server_profile_new () : NULL;
  g_autoptr (PrTestPlan) plan = pr_planner_make (
      test->job->environment->name, none != NULL ? none : test->row->profile, get_mailbox (test),
      test->job->settings, test->direction, &test->job->options, NULL);
  PrReport *report = pr_report_new_not_run (plan, outcome, code);

  if (none != NULL)
    g_clear_pointer (&report->profile, g_free);
  report->detail = g_strdup (detail);
  return report;
}

/* Why a test was dropped before its turn: the admin, or the guard. */
static PrReport *
make_dropped (PrJobTest *test)
{
  PrJob *job = test->job;
  PrReport *cause = NULL;
  PrReport *report;

  if (!g_cancellable_is_cancelled (job->cancellable) && test->side != NULL)
    cause = pr_guard_get_cause (job->guard, test->side->name);
  if (cause == NULL)
    return pr_job_make_not_run (test, PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED, NULL);
  report = pr_job_make_not_run (test, PR_OUTCOME_SKIPPED, cause->code, NULL);
  report->scope = cause->scope;
  report->permanence = cause->permanence;
  report->server_reply = g_strdup (cause->server_reply);
  report->detail = g_strdup_printf (
      pr_guard_get_state (job->guard, test->side->name) == PR_GUARD_STOPPED
          ? "not run: %d tests in a row ended in the same failure of the server or the profile"
          : "not run: the server refused %d log-ins in a row",
      pr_guard_get_state (job->guard, test->side->name) == PR_GUARD_STOPPED ? PR_GUARD_FAILURES
                                                                            : PR_GUARD_REFUSALS);
  return report;
}

/* --- Log-ins that mailboxes share ------------------------------------------------------------- */

/* The same result, for another mailbox. */
static PrReport *
make_shared (PrJobTest *test, PrReport *leader)
{
  g_autofree char *json = pr_report_to_json_text (leader, PR_REPORT_JSON_NONE);
  PrReport *report = pr_report_from_json_text (json);

  if (report == NULL)
    return pr_job_make_not_run (test, PR_OUTCOME_FAILURE, PR_CODE_INTERNAL_ERROR, NULL);
  g_free (report->mailbox);
  report->mailbox = g_strdup (pr_mailbox_get_text (get_mailbox (test), ADDRESS));
  return report;
}

/* Whether a failure says nothing about other mailboxes with the same log-in. */
static gboolean
is_about_address (const PrReport *report)
{
  return report->outcome == PR_OUTCOME_FAILURE && report->mechanism != NULL
         && report->failed_step > PR_STEP_AUTHENTICATE
         && (report->scope == PR_SCOPE_MAILBOX || report->scope == PR_SCOPE_MESSAGE);
}

/* The end of a test, and the start of the one that waited for it. */
static void
end (PrJobTest *test, PrReport *report)
{
  PrJobMailbox *row = test->row;
  PrJobTest *waiting = NULL;

  if (test->direction == PR_DIRECTION_INCOMING)
    {
      row->is_closed = report->outcome != PR_OUTCOME_SUCCESS;
      row->newest_uid = g_strdup (report->newest_uid);
      waiting = g_steal_pointer (&row->waiting);
    }
  if (waiting == NULL)
    ;
  else if (g_cancellable_is_cancelled (test->job->cancellable))
    pr_job_end_test (waiting, make_dropped (waiting));
  else
    pr_job_enqueue (waiting);
  pr_job_end_test (test, report);
}

/* Of a leader that is over. @report: (nullable): it was dropped. */
void
pr_job_share (PrJobTest *follower, PrReport *report)
{
  PrJob *job = follower->job;

  if (report == NULL || report->outcome == PR_OUTCOME_CANCELLED)
    end (follower, make_dropped (follower));
  else if (!is_about_address (report))
    end (follower, make_shared (follower, report));
  else if (g_cancellable_is_cancelled (job->cancellable))
    end (follower, make_dropped (follower));
  else
    {
      /* The first of them leads the others. */
      pr_job_enqueue (follower);
      pr_test_queue_run (job->queue);
    }
}

/* --- The guard -------------------------------------------------------------------------------- */

static void
ask (PrJob *job, PrJobSide *side, guint n_waiting)
{
  PrTestHold *hold;

  side->is_asked = TRUE;
  if (job->events.held == NULL)
    {
      side->is_given_up = TRUE;
      pr_test_queue_drop_lane (job->queue, side->name);
      return;
    }
  hold = g_new0 (PrTestHold, 1);
  g_atomic_ref_count_init (&hold->refs);
  hold->job = job;
  hold->side = g_strdup (side->name);
  g_ptr_array_add (job->holds, hold);
  job->events.held (job->environment, side->host, n_waiting,
                    pr_guard_get_cause (job->guard, side->name), hold, job->events_data);
}

/* Applies what the guard says now. Nothing may wait for ever behind a side that is closed. */
static void
apply_side (PrJob *job, PrJobSide *side)
{
  guint n_waiting = pr_test_queue_get_lane_waiting (job->queue, side->name);

  pr_test_queue_set_width (job->queue, side->name,
                           job->is_held ? 0 : pr_guard_get_width (job->guard, side->name));
  switch (pr_guard_get_state (job->guard, side->name))
    {
      case PR_GUARD_OPEN:
        break;
      case PR_GUARD_STOPPED:
        pr_test_queue_drop_lane (job->queue, side->name);
        break;
      case PR_GUARD_HELD:
        if (side->is_given_up)
          pr_test_queue_drop_lane (job->queue, side->name);
        else if (n_waiting > 0 && !side->is_asked)
          ask (job, side, n_waiting);
        break;
    }
}

static void
apply_guard (PrJob *job)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, job->sides);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    apply_side (job, value);
}

/* Whether nothing begins, for as long as results wait to be stored that came faster. */
void
pr_job_set_held (PrJob *job, gboolean held)
{
  if (job->is_held == held)
    return;
  job->is_held = held;
  apply_guard (job);
  if (!held)
    pr_job_work (job);
}

PrTestHold *
pr_test_hold_ref (PrTestHold *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_test_hold_unref (PrTestHold *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->side);
  g_free (self);
}

/* The job is over, or cancelled. */
void
pr_test_hold_detach (PrTestHold *hold)
{
  hold->job = NULL;
  g_clear_handle_id (&hold->idle, g_source_remove);
  pr_test_hold_unref (hold);
}

/* The other sides of the same server were held for the same reason: one answer for all. */
static void
answer_side (PrJob *job, const char *asked, gboolean go_on)
{
  GHashTableIter iter;
  gpointer value;

  if (go_on)
    {
      pr_guard_go_on (job->guard, asked);
      apply_guard (job);
      return;
    }
  g_hash_table_iter_init (&iter, job->sides);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      PrJobSide *side = value;

      if (pr_guard_is_same_server (job->guard, side->name, asked))
        {
          side->is_given_up = TRUE;
          pr_test_queue_drop_lane (job->queue, side->name);
        }
    }
}

/**
 * pr_test_hold_answer:
 * @self: (transfer none): a question that "held" has asked; keep a reference to answer later
 * @go_on: whether to go on logging in, at the risk of locking accounts; else the tests that wait
 *   for this server are not run
 *
 * An answer that comes after the end of the job does nothing.
 */
void
pr_test_hold_answer (PrTestHold *self, gboolean go_on)
{
  PrJob *job = self->job;

  if (job == NULL)
    return;
  self->job = NULL;
  answer_side (job, self->side, go_on);
  g_ptr_array_remove_fast (job->holds, self);
}

/* --- The queue -------------------------------------------------------------------------------- */

static PrCode
error_to_code (const GError *error)
{
  if (error->domain == PR_OAUTH_ERROR)
    return (PrCode) error->code;
  if (g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED))
    return PR_CODE_KEYRING_LOCKED;
  return PR_CODE_KEYRING_UNAVAILABLE;
}

static void
finish_not_run (PrJobTest *test, PrCode code, const char *detail)
{
  g_autoptr (PrReport) report = pr_job_make_not_run (test, PR_OUTCOME_FAILURE, code, detail);

  pr_test_queue_finish (test->job->queue, test->item, report);
}

/* Whether the message of an outgoing test can be looked for at all. */
gboolean
pr_job_can_verify (PrJob *job, PrJobMailbox *row)
{
  return job->options.verify_s != 0 && job->options.submit == PR_SUBMIT_MESSAGE
         && pr_precheck_mailbox (pr_job_get_mailbox (job, row), row->profile, job->settings,
                                 PR_DIRECTION_INCOMING, FALSE, job->known_profiles)
                == PR_CODE_OK;
}

/* Why there is no secret. */
static void
finish_without_secret (PrJobTest *test, const GError *error)
{
  g_autoptr (PrReport) report = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    report = pr_job_make_not_run (test, PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED, NULL);
  else
    report = pr_job_make_not_run (test, PR_OUTCOME_FAILURE, error_to_code (error), error->message);
  pr_report_oauth_take_error (report, error);
  pr_test_queue_finish (test->job->queue, test->item, report);
}

/* A password from the keyring, or a token from the sign-in service. */
static PrSecret *
finish_fetch (GObject *source, GAsyncResult *result, GError **error)
{
  if (PR_IS_SECRETS (source))
    return pr_secrets_lookup_finish (PR_SECRETS (source), result, error);
  return pr_environment_fetch_token_finish (PR_ENVIRONMENT (source), result, error);
}

static gboolean
uses_token (PrJobTest *test)
{
  return pr_server_profile_get_authentication (test->row->profile, test->direction)
         == PR_AUTHENTICATION_OAUTH;
}

/* A token may have been taken back before its time: then a new one is tried, once. */
static gboolean
try_new_token (PrJobTest *test, PrReport *report)
{
  g_autoptr (PrSecret) token = g_steal_pointer (&test->token);

  if (token == NULL || test->has_new_token || g_cancellable_is_cancelled (test->job->cancellable)
      || report->outcome != PR_OUTCOME_FAILURE
      || (report->code != PR_CODE_AUTHENTICATION_REJECTED
          && report->code != PR_CODE_OAUTH_TOKEN_REVOKED))
    return FALSE;
  pr_environment_refuse_token (test->job->environment, test->row->profile, get_mailbox (test),
                               token);
  test->has_new_token = TRUE;
  pr_job_enqueue (test);
  return TRUE;
}

static void
start (PrJobTest *test, PrSecret *secret)
{
  if (secret != NULL && uses_token (test))
    test->token = pr_secret_ref (secret);
  pr_test_queue_start (test->job->queue, test->item, make_plan (test, test->direction, secret));
}

static void
on_second_secret_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrJobTest *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) second = finish_fetch (source, result, &error);
  g_autoptr (PrSecret) secret = g_steal_pointer (&test->secret);
  PrTestPlan *plan;

  if (error != NULL)
    {
      finish_without_secret (test, error);
      return;
    }
  plan = make_plan (test, test->direction, secret);
  if (second != NULL)
    pr_test_plan_verify_delivery (plan, make_plan (test, PR_DIRECTION_INCOMING, second),
                                  test->job->options.verify_s, test->row->newest_uid);
  pr_test_queue_start (test->job->queue, test->item, plan);
}

static void fetch_secret (PrJobTest *test, PrDirection direction, GAsyncReadyCallback callback);

/* @secret: (transfer full) (nullable): Kerberos needs none. */
static void
take_secret (PrJobTest *test, PrSecret *secret)
{
  g_autoptr (PrSecret) owned = secret;

  if (test->verifies)
    {
      test->secret = g_steal_pointer (&owned);
      fetch_secret (test, PR_DIRECTION_INCOMING, on_second_secret_found);
    }
  else
    start (test, owned);
}

static void
on_secret_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrJobTest *test = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) secret = finish_fetch (source, result, &error);

  if (error != NULL)
    finish_without_secret (test, error);
  else if (secret == NULL)
    finish_not_run (test, PR_CODE_CREDENTIALS_MISSING, "not in the keyring");
  else
    take_secret (test, g_steal_pointer (&secret));
}

/* Never two conversations of one direction on one mailbox, whoever holds them. */
static guint64
get_lock_number (PrJobTest *test, PrDirection direction)
{
  return (guint64) test->row->id * PR_N_DIRECTIONS + (guint64) direction;
}

static gboolean
take_lock (PrJobTest *test)
{
  PrRangeLock *locks = test->job->locks;
  g_autoptr (PrReport) report = NULL;

  if (pr_range_lock_try (locks, get_lock_number (test, test->direction)))
    {
      if (!test->verifies
          || pr_range_lock_try (locks, get_lock_number (test, PR_DIRECTION_INCOMING)))
        return TRUE;
      pr_range_lock_release (locks, get_lock_number (test, test->direction));
    }
  report = pr_job_make_not_run (test, PR_OUTCOME_SKIPPED, PR_CODE_MAILBOX_IN_USE,
                                "another test of this mailbox is running");
  pr_test_queue_finish (test->job->queue, test->item, report);
  return FALSE;
}

static void
release_lock (PrJobTest *test)
{
  pr_range_lock_release (test->job->locks, get_lock_number (test, test->direction));
  if (test->verifies)
    pr_range_lock_release (test->job->locks, get_lock_number (test, PR_DIRECTION_INCOMING));
}

/* Asks for the secret of @direction, which need not be the one that @test is of. */
static void
fetch_secret (PrJobTest *test, PrDirection direction, GAsyncReadyCallback callback)
{
  PrSecrets *secrets = test->job->environment->secrets;
  GCancellable *cancellable = test->job->cancellable; /* a prompt can stay open for ever */
  PrServerProfile *profile = test->row->profile;
  PrDirection side = pr_server_profile_get_credentials_direction (profile, direction);

  switch (pr_server_profile_get_authentication (profile, direction))
    {
      case PR_AUTHENTICATION_USER_OR_QUEUE:
        pr_secrets_lookup_async (secrets, PR_SECRET_MAILBOX_PASSWORD, test->row->id, "",
                                 cancellable, callback, test);
        break;
      case PR_AUTHENTICATION_PROFILE:
        pr_secrets_lookup_async (
            secrets, PR_SECRET_PROFILE_PASSWORD, pr_record_get_id (PR_RECORD (profile)),
            pr_enum_to_nick (PR_TYPE_DIRECTION, (int) side), cancellable, callback, test);
        break;
      case PR_AUTHENTICATION_OAUTH:
        pr_environment_fetch_token_async (test->job->environment, profile, get_mailbox (test),
                                          cancellable, callback, test);
        break;
      case PR_AUTHENTICATION_WINDOWS:
        /* Kerberos needs no password; NTLM, which is tried without a ticket, does. */
        if (pr_mailbox_get (get_mailbox (test), ALLOW_CREDENTIALS)
            && pr_mailbox_get (get_mailbox (test), PASSWORD_SET))
          pr_secrets_lookup_async (secrets, PR_SECRET_MAILBOX_PASSWORD, test->row->id, "",
                                   cancellable, callback, test);
        else
          take_secret (test, NULL);
        break;
      case PR_AUTHENTICATION_ANONYMOUS:
        finish_not_run (test, PR_CODE_MECHANISM_UNAVAILABLE, NULL);
        break;
    }
}

static void
on_prepare (PrTestQueue *queue, PrTestItem *item, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);

  pr_job_begin_test (test);
  test->item = item;
  test->verifies = test->verifies && !test->row->is_closed;
  if (take_lock (test))
    fetch_secret (test, test->direction, on_secret_found);
}

static void
on_progress (PrTestQueue *queue, PrTestItem *item, PrStep step, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);
  PrJob *job = test->job;

  if (pr_guard_take_step (job->guard, test->side->name, step))
    apply_guard (job);
  if (job->events.progress != NULL)
    job->events.progress (job->environment, test->row->id, test->direction, step, job->events_data);
}

static void
on_finished (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data)
{
  PrJobTest *test = pr_test_item_get_data (item);
  PrJob *job = test->job;

  if (report != NULL)
    release_lock (test);
  if (report != NULL && try_new_token (test, report))
    return;
  if (report != NULL && pr_guard_take_report (job->guard, test->side->name, report))
    apply_guard (job);
  if (test->credential != NULL)
    g_hash_table_remove (job->leaders, test->credential);
  pr_job_serve_followers (test, report);
  end (test, report != NULL ? pr_report_ref (report) : make_dropped (test));
}

static void
on_drained (PrTestQueue *queue, gpointer user_data)
{
  PrJob *job = user_data;

  job->running = FALSE;
  pr_job_flush (job);
  pr_job_check_done (job);
}

/* Puts @test into the queue, or behind the one that logs in with the same credentials. */
void
pr_job_enqueue (PrJobTest *test)
{
  PrJob *job = test->job;
  PrServerProfile *profile = test->row->profile;
  gint64 mailbox_id = test->row->id;
  g_autofree char *exclusive =
      g_strdup_printf ("%" G_GINT64_FORMAT "/%d", mailbox_id, (int) test->direction);
  g_autofree char *group = NULL;
  PrTestItem *item;

  if (test->credential != NULL)
    {
      PrJobTest *leader = g_hash_table_lookup (job->leaders, test->credential);

      if (leader != NULL)
        {
          if (leader->followers == NULL)
            leader->followers = g_ptr_array_new ();
          g_ptr_array_add (leader->followers, test);
          return;
        }
      g_hash_table_insert (job->leaders, test->credential, test);
    }
  job->running = TRUE;
  /* Connections are counted where the credentials are held. */
  group = test->credential != NULL ? g_strdup_printf ("profile-%" G_GINT64_FORMAT,
                                                      pr_record_get_id (PR_RECORD (profile)))
                                   : g_strdup_printf ("mailbox-%" G_GINT64_FORMAT, mailbox_id);
  item =
      pr_test_queue_add (job->queue, test->side->name, group,
                         (guint) pr_server_profile_get (profile, MAX_CONNECTIONS), exclusive, test);
  if (test->verifies)
    {
      g_autofree char *other =
          g_strdup_printf ("%" G_GINT64_FORMAT "/%d", mailbox_id, (int) PR_DIRECTION_INCOMING);

      pr_test_item_add_exclusive (item, other);
    }
  if (job->is_started)
    apply_side (job, test->side);
}

static gboolean
cancel_in_idle (gpointer user_data)
{
  PrJob *job = user_data;

  job->cancel_idle = 0;
  g_ptr_array_set_size (job->holds, 0);
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

/* Ends the job when nothing runs and everything is stored. */
void
pr_job_check_done (PrJob *job)
{
  GTask *task = job->task;

  if (job->running || job->saving || job->unsaved->len > 0 || job->work_idle != 0 || task == NULL)
    return;
  job->task = NULL;
  pr_job_remember (job);
  g_ptr_array_set_size (job->holds, 0);
  pr_secrets_end_cache (job->environment->secrets);
  if (job->cancelled_id != 0)
    g_cancellable_disconnect (job->cancellable, job->cancelled_id);
  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* The job's tests were added by pr_job_enqueue() and to "now" before. */
void
pr_job_start (PrJob *job)
{
  if (job->cancellable != NULL)
    job->cancelled_id =
        g_cancellable_connect (job->cancellable, G_CALLBACK (on_cancelled), job, NULL);
  job->is_started = TRUE;
  apply_guard (job);
  pr_test_queue_run (job->queue);
}

PrTestQueue *
pr_job_make_queue (PrJob *job)
{
  PrTestQueueEvents events = { on_prepare, on_progress, on_finished, on_drained, 0 };
  guint limit = job->options.max_conversations != 0
                    ? job->options.max_conversations
                    : (guint) pr_email_settings_get (job->settings, MAX_CONVERSATIONS);

  /* Fewer at one time is better than tests that fail because of this computer. */
  limit = MIN (limit, pr_limits_get_max_conversations ());
  /* What the guard wants to know. */
  if (job->events.progress == NULL)
    events.one_step_from = PR_STEP_AUTHENTICATE;
  return pr_test_queue_new (limit, pr_conversation_run, &events, job);
}
