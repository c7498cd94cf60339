/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Diagnoses that store nothing: the analyzer, "postroomctl check", and Test Connection of a
 * profile, on the same queue as everything else. Main thread. */

#include "pr-check.h"

#include "pr-test-queue.h"

#define MAX_RUNNING 16

typedef struct
{
  PrTestQueue *queue;
  GPtrArray *plans;   /* of PrTestPlan */
  GPtrArray *reports; /* of PrReport, in the order of the plans */
  PrCheckProgress progress;
  gpointer progress_data;
  GCancellable *cancellable;
  gulong cancelled_id;
  guint cancel_idle;
  gboolean done;
} PrCheckWork;

static void
check_work_free (gpointer data)
{
  PrCheckWork *work = data;

  g_clear_handle_id (&work->cancel_idle, g_source_remove);
  g_clear_object (&work->queue);
  g_ptr_array_unref (work->plans);
  g_clear_pointer (&work->reports, g_ptr_array_unref);
  g_free (work);
}

static guint
get_index (PrTestItem *item)
{
  return GPOINTER_TO_UINT (pr_test_item_get_data (item));
}

static void
on_prepare (PrTestQueue *queue, PrTestItem *item, gpointer user_data)
{
  PrCheckWork *work = g_task_get_task_data (user_data);

  pr_test_queue_start (queue, item,
                       pr_test_plan_ref (g_ptr_array_index (work->plans, get_index (item))));
}

static void
on_progress (PrTestQueue *queue, PrTestItem *item, PrStep step, gpointer user_data)
{
  PrCheckWork *work = g_task_get_task_data (user_data);

  if (work->progress != NULL)
    work->progress (get_index (item), step, work->progress_data);
}

static void
on_finished (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data)
{
  PrCheckWork *work = g_task_get_task_data (user_data);
  PrTestPlan *plan = g_ptr_array_index (work->plans, get_index (item));

  work->reports->pdata[get_index (item)] =
      report != NULL ? pr_report_ref (report)
                     : pr_report_new_not_run (plan, PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED);
}

static void
on_drained (PrTestQueue *queue, gpointer user_data)
{
  GTask *task = user_data;
  PrCheckWork *work = g_task_get_task_data (task);

  if (work->done)
    return;
  work->done = TRUE;
  if (work->cancelled_id != 0)
    g_cancellable_disconnect (work->cancellable, work->cancelled_id);
  g_task_return_pointer (task, g_steal_pointer (&work->reports),
                         (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

static gboolean
cancel_in_idle (gpointer user_data)
{
  PrCheckWork *work = g_task_get_task_data (user_data);

  work->cancel_idle = 0;
  pr_test_queue_cancel (work->queue);
  return G_SOURCE_REMOVE;
}

/* Not from inside the signal: a handler must not disconnect itself. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  PrCheckWork *work = g_task_get_task_data (user_data);

  if (work->cancel_idle == 0)
    work->cancel_idle = g_idle_add (cancel_in_idle, user_data);
}

/**
 * pr_check_run_async:
 * @plans: (element-type PrTestPlan): what to test
 * @cancellable: (nullable): ends the tests: what was found out until then is in the reports
 * @callback: called when all are over
 * @user_data: for @callback
 */
void
pr_check_run_async (GPtrArray *plans,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  pr_check_run_watched_async (plans, NULL, NULL, cancellable, callback, user_data);
}

/**
 * pr_check_run_watched_async:
 * @plans: (element-type PrTestPlan): what to test
 * @progress: (nullable): told each step that a test comes to, until @callback is called
 * @progress_data: for @progress
 * @cancellable: (nullable): ends the tests: what was found out until then is in the reports
 * @callback: called when all are over; to be finished with pr_check_run_finish()
 * @user_data: for @callback
 */
void
pr_check_run_watched_async (GPtrArray *plans,
                            PrCheckProgress progress,
                            gpointer progress_data,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  static const PrTestQueueEvents events = { on_prepare, on_progress, on_finished, on_drained };
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  PrCheckWork *work = g_new0 (PrCheckWork, 1);
  g_autoptr (PrTestQueue) queue = NULL;

  /* A cancelled test is a report, not an error. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, work, check_work_free);
  work->plans = g_ptr_array_ref (plans);
  work->progress = progress;
  work->progress_data = progress_data;
  work->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  g_ptr_array_set_size (work->reports, (int) plans->len);
  work->queue = pr_test_queue_new (MAX_RUNNING, pr_conversation_run, &events, task);
  queue = g_object_ref (work->queue);
  for (guint i = 0; i < plans->len; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      pr_test_queue_add (queue, "check", "check", MAX_RUNNING, key, GUINT_TO_POINTER (i));
    }
  work->cancellable = cancellable;
  if (cancellable != NULL)
    work->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), task, NULL);
  pr_test_queue_run (queue);
}

/**
 * pr_check_run_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (element-type PrReport): one report for each plan, in their order
 */
GPtrArray *
pr_check_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
