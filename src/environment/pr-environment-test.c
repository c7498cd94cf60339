/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable: makes a job from a selection of mailboxes. Main thread. */

#include "pr-test-job.h"

#include "pr-precheck.h"
#include "pr-report-sentences.h"

static void
row_free (PrJobMailbox *row)
{
  g_clear_object (&row->mailbox);
  g_clear_object (&row->profile);
  g_free (row->newest_uid);
  g_free (row);
}

/* Returns: (transfer none): until the tests of @row that have begun are over */
PrMailbox *
pr_job_get_mailbox (PrJob *job, PrJobMailbox *row)
{
  gsize position = row->position;
  PrValues *values;

  if (row->mailbox != NULL)
    return row->mailbox;
  values = pr_record_pack_read (job->mailboxes, &position);
  row->mailbox = pr_mailbox_new ("");
  pr_record_set_values (PR_RECORD (row->mailbox), values);
  pr_values_free (values);
  return row->mailbox;
}

void
pr_job_begin_test (PrJobTest *test)
{
  if (!test->is_begun)
    test->row->n_begun++;
  test->is_begun = TRUE;
}

/* It is over. Nothing is kept of a mailbox for longer than somebody needs it: there may be 100,000
 * of them. */
void
pr_job_leave_test (PrJobTest *test)
{
  PrJobMailbox *row = test->row;

  row->n_left--;
  if (--row->n_begun == 0)
    g_clear_object (&row->mailbox);
  if (row->n_left == 0)
    row_free (row);
}

static void
side_free (gpointer data)
{
  PrJobSide *side = data;

  g_free (side->name);
  g_free (side->host);
  g_free (side);
}

static void
job_free (gpointer data)
{
  PrJob *job = data;

  g_clear_handle_id (&job->cancel_idle, g_source_remove);
  g_clear_handle_id (&job->save_timer, g_source_remove);
  g_clear_handle_id (&job->work_idle, g_source_remove);
  g_clear_object (&job->queue);
  g_clear_object (&job->settings);
  g_clear_pointer (&job->holds, g_ptr_array_unref);
  g_clear_pointer (&job->leaders, g_hash_table_unref);
  g_clear_pointer (&job->known_profiles, g_hash_table_unref);
  g_clear_pointer (&job->sides, g_hash_table_unref);
  g_clear_pointer (&job->guard, pr_guard_free);
  g_clear_pointer (&job->locks, pr_range_lock_close);
  g_clear_pointer (&job->mailboxes, pr_record_pack_unref);
  g_queue_clear_full (&job->shares, (GDestroyNotify) pr_job_share_free);
  g_clear_pointer (&job->now, g_ptr_array_unref);
  g_clear_pointer (&job->unsaved, g_ptr_array_unref);
  g_clear_pointer (&job->ended, g_ptr_array_unref);
  g_clear_pointer (&job->selection, pr_selection_free);
  g_clear_error (&job->error);
  job->environment->n_jobs--;
  g_clear_object (&job->environment);
  g_free (job);
}

static PrJob *
job_new (PrEnvironment *environment, PrSelection *selection, const PrTestOptions *options)
{
  PrJob *job = g_new0 (PrJob, 1);

  job->environment = g_object_ref (environment);
  environment->n_jobs++;
  job->options = *options;
  job->started_at = g_get_real_time ();
  job->selection = pr_selection_copy (selection);
  job->guard = pr_guard_new ();
  job->sides = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, side_free);
  job->known_profiles = pr_precheck_memory_new ();
  job->leaders = g_hash_table_new (g_str_hash, g_str_equal);
  job->holds = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_test_hold_detach);
  job->now = g_ptr_array_new ();
  job->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_stored_result_free);
  job->ended = g_ptr_array_new ();
  g_queue_init (&job->shares);
  return job;
}

static gboolean
is_wanted (PrJob *job, PrMailbox *mailbox, PrDirection direction)
{
  gint64 retry_at = pr_mailbox_get_retry_at (mailbox, direction);

  if (job->options.due != 0 && (retry_at == 0 || retry_at > job->options.due))
    return FALSE;
  return direction == PR_DIRECTION_INCOMING ? job->options.incoming : job->options.outgoing;
}

static gboolean
has_any_direction (PrMailbox *mailbox)
{
  return pr_mailbox_get_method (mailbox, PR_DIRECTION_INCOMING) != PR_SYNC_METHOD_NONE
         || pr_mailbox_get_method (mailbox, PR_DIRECTION_OUTGOING) != PR_SYNC_METHOD_NONE;
}

static PrJobSide *
get_side (PrJob *job, PrServerProfile *profile, PrDirection direction)
{
  g_autofree char *name = g_strdup_printf ("profile-%" G_GINT64_FORMAT "/%d",
                                           pr_record_get_id (PR_RECORD (profile)), direction);
  const char *host = pr_server_profile_get_location (profile, direction);
  g_autofree char *folded = g_ascii_strdown (host, -1);
  g_autofree char *server =
      g_strdup_printf ("%s:%u", folded, pr_server_profile_get_port (profile, direction));
  PrJobSide *side = g_hash_table_lookup (job->sides, name);

  if (side != NULL)
    return side;
  pr_guard_add_side (job->guard, name, server);
  side = g_new0 (PrJobSide, 1);
  side->name = g_steal_pointer (&name);
  side->host = g_strdup (host);
  g_hash_table_insert (job->sides, side->name, side);
  return side;
}

/* A direction that is set to "None" is left alone, unless there is no other one; so is one whose
 * mail comes through a forward mailbox. */
static void
add_test (PrJob *job, PrJobMailbox *row, PrDirection direction)
{
  PrJobTest *test = g_new0 (PrJobTest, 1);
  PrMailbox *mailbox = pr_job_get_mailbox (job, row);
  PrCode code =
      pr_precheck_mailbox (mailbox, row->profile, job->settings, direction,
                           pr_environment_is_read_only (job->environment), job->known_profiles);

  if (job->events.queued != NULL)
    job->events.queued (job->environment, row->id, direction, job->events_data);
  test->job = job;
  test->row = row;
  test->direction = direction;
  if (code == PR_CODE_OK)
    {
      test->side = get_side (job, row->profile, direction);
      if (pr_server_profile_get_authentication (row->profile, direction)
          == PR_AUTHENTICATION_PROFILE)
        test->credential = g_strdup (test->side->name);
      test->verifies = direction == PR_DIRECTION_OUTGOING && pr_job_can_verify (job, row);
      if (test->verifies && row->is_incoming_queued)
        row->waiting = test;
      else
        pr_job_enqueue (test);
      row->is_incoming_queued = direction == PR_DIRECTION_INCOMING;
      job->n_tests++;
      return;
    }
  test->now_code = code;
  test->now_outcome = code == PR_CODE_MAILBOX_DIRECTION_NONE && has_any_direction (mailbox)
                          ? PR_OUTCOME_SKIPPED
                          : PR_OUTCOME_FAILURE;
  g_ptr_array_add (job->now, test);
  job->n_tests++;
}

/* The report of a test that fails without a packet: its turn has come. */
PrReport *
pr_job_make_now (PrJobTest *test)
{
  PrReport *report = pr_job_make_not_run (test, test->now_outcome, test->now_code, NULL);

  if (test->now_code == PR_CODE_MAILBOX_DIRECTION_NONE
      && pr_mailbox_is_forwarded (pr_job_get_mailbox (test->job, test->row), test->direction))
    report->remedy_id = g_strdup (PR_SENTENCE_FORWARDED);
  return report;
}

/* Makes the tests of one more mailbox. Returns: FALSE: there is none */
gboolean
pr_job_add_next (PrJob *job)
{
  gsize position = job->next;
  PrValues *values = pr_record_pack_read (job->mailboxes, &job->next);
  PrJobMailbox *row;
  PrMailbox *mailbox;

  if (values == NULL)
    return FALSE;
  row = g_new0 (PrJobMailbox, 1);
  row->id = values->id;
  row->position = position;
  row->all_good = TRUE;
  pr_values_free (values);
  mailbox = pr_job_get_mailbox (job, row);
  row->profile =
      pr_environment_find_profile_by_id (job->environment, pr_mailbox_get (mailbox, PROFILE_ID));
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (is_wanted (job, mailbox, direction))
      row->n_open++;
  row->n_left = row->n_open;
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (is_wanted (job, mailbox, direction))
      add_test (job, row, direction);
  g_clear_object (&row->mailbox);
  if (row->n_left == 0)
    row_free (row);
  return TRUE;
}

/* Store thread. */
static void
pack_mailbox (const PrValues *values, gpointer data)
{
  pr_record_pack_add (data, values);
}

static void
on_mailboxes_packed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrJob *job = g_task_get_task_data (task);
  GError *error = NULL;
  PrRecordPack *mailboxes = pr_store_visit_mailboxes_finish (PR_STORE (source), result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  job->settings = g_object_ref (job->environment->settings);
  job->task = g_object_ref (task);
  job->queue = pr_job_make_queue (job);
  job->running = TRUE;
  pr_secrets_begin_cache (job->environment->secrets);
  job->mailboxes = pr_record_pack_ref (mailboxes);
  pr_job_work (job);
}

static void
list_mailboxes (GTask *task)
{
  PrJob *job = g_task_get_task_data (task);
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (any), &n_fields);

  pr_store_visit_mailboxes_async (job->environment->store, job->selection, NULL, pack_mailbox,
                                  pr_record_pack_new (fields, n_fields),
                                  (GDestroyNotify) pr_record_pack_unref, job->cancellable,
                                  on_mailboxes_packed, g_object_ref (task));
}

/* Each job makes room for the alerts that it may raise. */
static void
on_pruned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_prune_alerts_finish (PR_STORE (source), result, &error))
    list_mailboxes (task);
  else
    g_task_return_error (task, error);
}

static gboolean
open_locks (PrJob *job, GError **error)
{
  g_autofree char *path = g_build_filename (job->environment->folder, "tests.lock", NULL);

  if (pr_environment_is_read_only (job->environment))
    return TRUE;
  job->locks = pr_range_lock_open (path, error);
  return job->locks != NULL;
}

static void
on_reloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_environment_reload_finish (PR_ENVIRONMENT (source), result, &error)
      || !open_locks (job, &error))
    g_task_return_error (task, error);
  else if (pr_environment_is_read_only (job->environment))
    list_mailboxes (task);
  else
    {
      gint64 days = pr_email_settings_get (job->environment->settings, KEEP_ALERTS_DAYS);

      pr_store_prune_alerts_async (job->environment->store,
                                   g_get_real_time () - days * 24 * 3600 * G_USEC_PER_SEC,
                                   job->cancellable, on_pruned, g_steal_pointer (&task));
    }
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
  PrJob *job = job_new (self, selection, options);

  /* What a cancelled job found out until then counts. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, job_free);
  if (events != NULL)
    job->events = *events;
  job->events_data = events_data;
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
