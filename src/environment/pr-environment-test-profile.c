/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test Connection of a profile: both servers, with the profile's own credentials if it has them.
 * Nothing is changed. Main thread. */

#include "pr-environment-private.h"

#include "pr-check.h"
#include "pr-precheck.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PrServerProfile *profile;
  PrTestOptions options;
  GPtrArray *plans;   /* of PrTestPlan: those that will run */
  GPtrArray *reports; /* of PrReport: those that will not */
  PrSecret *secrets[PR_N_DIRECTIONS];
  PrProfileProgress progress;
  gpointer progress_data;
  PrDirection directions[PR_N_DIRECTIONS]; /* of the plans */
  PrDirection next;
} PrConnectionWork;

static void plan_next (GTask *task);

static void
connection_work_free (gpointer data)
{
  PrConnectionWork *work = data;

  g_object_unref (work->profile);
  g_ptr_array_unref (work->plans);
  g_clear_pointer (&work->reports, g_ptr_array_unref);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    g_clear_pointer (&work->secrets[direction], pr_secret_unref);
  g_free (work);
}

static PrTestPlan *
make_plan (GTask *task, PrDirection direction, PrSecret *secret)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrConnectionWork *work = g_task_get_task_data (task);

  return pr_planner_make (self->name, work->profile, NULL, self->settings, direction,
                          &work->options, secret);
}

static void
add_plan (GTask *task, PrDirection direction, PrSecret *secret)
{
  PrConnectionWork *work = g_task_get_task_data (task);

  work->directions[work->plans->len] = direction;
  g_ptr_array_add (work->plans, make_plan (task, direction, secret));
}

static void
on_progress (guint index, PrStep step, gpointer user_data)
{
  PrConnectionWork *work = g_task_get_task_data (user_data);

  work->progress (work->directions[index], step, work->progress_data);
}

static void
add_not_run (GTask *task, PrDirection direction, PrCode code, const char *detail)
{
  PrConnectionWork *work = g_task_get_task_data (task);
  g_autoptr (PrTestPlan) plan = make_plan (task, direction, NULL);
  PrReport *report = pr_report_new_not_run (plan, PR_OUTCOME_FAILURE, code);

  report->detail = g_strdup (detail);
  g_ptr_array_add (work->reports, report);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrConnectionWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) reports = pr_check_run_finish (result, &error);

  if (reports == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < reports->len; i++)
    g_ptr_array_add (work->reports, pr_report_ref (g_ptr_array_index (reports, i)));
  g_task_return_pointer (task, g_steal_pointer (&work->reports),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
on_secret_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrConnectionWork *work = g_task_get_task_data (task);
  PrDirection direction = work->next++;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    add_not_run (task, direction,
                 g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED)
                     ? PR_CODE_KEYRING_LOCKED
                     : PR_CODE_KEYRING_UNAVAILABLE,
                 error->message);
  else if (secret == NULL)
    add_not_run (task, direction, PR_CODE_CREDENTIALS_MISSING, "not in the keyring");
  else
    add_plan (task, direction, secret);
  plan_next (task);
}

static gboolean
is_wanted (PrConnectionWork *work, PrDirection direction)
{
  return direction == PR_DIRECTION_INCOMING ? work->options.incoming : work->options.outgoing;
}

/* Goes on with the next direction that can be planned without the keyring; TRUE when the keyring
 * was asked. */
static gboolean
plan_direction (GTask *task, PrDirection direction)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrConnectionWork *work = g_task_get_task_data (task);
  PrServerProfile *profile = work->profile;
  PrDirection side = pr_server_profile_get_credentials_direction (profile, direction);
  PrCode code = pr_precheck_profile (profile, self->settings, direction);

  if (!is_wanted (work, direction))
    return FALSE;
  if (code != PR_CODE_OK)
    {
      add_not_run (task, direction, code, NULL);
      return FALSE;
    }
  if (pr_server_profile_get_authentication (profile, direction) != PR_AUTHENTICATION_PROFILE)
    {
      add_plan (task, direction, NULL);
      return FALSE;
    }
  if (work->secrets[side] != NULL)
    {
      add_plan (task, direction, work->secrets[side]);
      return FALSE;
    }
  pr_secrets_lookup_async (self->secrets, PR_SECRET_PROFILE_PASSWORD,
                           pr_record_get_id (PR_RECORD (profile)),
                           pr_enum_to_nick (PR_TYPE_DIRECTION, (int) side),
                           g_task_get_cancellable (task), on_secret_found, g_object_ref (task));
  return TRUE;
}

static void
plan_next (GTask *task)
{
  PrConnectionWork *work = g_task_get_task_data (task);

  for (; work->next < PR_N_DIRECTIONS; work->next++)
    if (plan_direction (task, work->next))
      return;
  pr_check_run_watched_async (work->plans, work->progress != NULL ? on_progress : NULL, task,
                              g_task_get_cancellable (task), on_checked, g_object_ref (task));
}

/**
 * pr_environment_test_profile_async:
 * @self: an environment
 * @profile: a stored profile
 * @options: which directions
 * @cancellable: (nullable): cancels
 * @callback: called with the reports
 * @user_data: for @callback
 */
void
pr_environment_test_profile_async (PrEnvironment *self,
                                   PrServerProfile *profile,
                                   const PrTestOptions *options,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  pr_environment_test_form_async (self, profile, NULL, options, NULL, NULL, cancellable, callback,
                                  user_data);
}

/**
 * pr_environment_test_form_async:
 * @self: an environment
 * @profile: a profile as it stands in a form, stored or not
 * @secrets: (nullable) (array fixed-size=2): passwords, by direction, that were typed and are
 *   not stored yet; where there is none the keyring is asked
 * @options: which directions
 * @progress: (nullable): told each step, until @callback is called
 * @progress_data: for @progress
 * @cancellable: (nullable): cancels
 * @callback: called with the reports; to be finished with pr_environment_test_profile_finish()
 * @user_data: for @callback
 */
void
pr_environment_test_form_async (PrEnvironment *self,
                                PrServerProfile *profile,
                                PrSecret *const *secrets,
                                const PrTestOptions *options,
                                PrProfileProgress progress,
                                gpointer progress_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrConnectionWork *work = g_new0 (PrConnectionWork, 1);

  g_task_set_check_cancellable (task, FALSE);
  work->profile = g_object_ref (profile);
  work->options = *options;
  work->progress = progress;
  work->progress_data = progress_data;
  for (PrDirection direction = 0; secrets != NULL && direction < PR_N_DIRECTIONS; direction++)
    if (secrets[direction] != NULL)
      work->secrets[direction] = pr_secret_ref (secrets[direction]);
  work->plans = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_test_plan_unref);
  work->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  g_task_set_task_data (task, work, connection_work_free);
  plan_next (task);
}

/**
 * pr_environment_test_profile_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrReport): one report for each direction
 */
GPtrArray *
pr_environment_test_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
