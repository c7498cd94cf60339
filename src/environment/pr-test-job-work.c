/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a job does by and by, a part in each turn of the main loop, so that a window can be drawn
 * meanwhile: it makes the tests of its mailboxes, ends those that fail without a packet, and gives
 * a result that is many mailboxes' to each of them. Main thread. */

#include "pr-test-job.h"

#define PART 50
#define PRIORITY (G_PRIORITY_HIGH_IDLE + 30) /* behind drawing, which is at + 20 */

/* Somebody gave up before it was done with the mailboxes: the rest of them never was a part. */
static gboolean
add_next (PrJob *job)
{
  return !g_cancellable_is_cancelled (job->cancellable) && pr_job_add_next (job);
}

static gboolean
start (PrJob *job)
{
  if (job->is_started)
    return FALSE;
  if (job->events.started != NULL)
    job->events.started (job->environment, job->n_tests, job->events_data);
  pr_job_start (job);
  return TRUE;
}

static gboolean
end_next (PrJob *job)
{
  PrJobTest *test;

  if (job->is_held || job->n_ended_now == job->now->len)
    return FALSE;
  test = g_ptr_array_index (job->now, job->n_ended_now++);
  if (g_cancellable_is_cancelled (job->cancellable))
    pr_job_end_test (test,
                     pr_job_make_not_run (test, PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED, NULL));
  else
    pr_job_end_test (test, pr_job_make_now (test));
  return TRUE;
}

static gboolean
share_next (PrJob *job)
{
  PrJobShare *share = job->is_held ? NULL : g_queue_pop_head (&job->shares);

  if (share == NULL)
    return FALSE;
  pr_job_share (share->follower, share->report);
  pr_job_share_free (share);
  return TRUE;
}

static gboolean
on_work (gpointer user_data)
{
  PrJob *job = user_data;
  g_autoptr (GTask) guard = g_object_ref (job->task);
  guint n = 0;

  while (n < PART && (add_next (job) || start (job) || end_next (job) || share_next (job)))
    n++;
  if (n == PART)
    return G_SOURCE_CONTINUE;
  job->work_idle = 0;
  pr_job_check_done (job);
  return G_SOURCE_REMOVE;
}

/* There is something to do. */
void
pr_job_work (PrJob *job)
{
  if (job->work_idle == 0)
    job->work_idle = g_idle_add_full (PRIORITY, on_work, job, NULL);
}

/* A result of @test, or that it was dropped, is also that of those that wait for it. */
void
pr_job_serve_followers (PrJobTest *test, PrReport *report)
{
  PrJob *job = test->job;
  g_autoptr (GPtrArray) followers = g_steal_pointer (&test->followers);

  for (guint i = 0; followers != NULL && i < followers->len; i++)
    {
      PrJobShare *share = g_new (PrJobShare, 1);

      share->follower = g_ptr_array_index (followers, i);
      share->report = report != NULL ? pr_report_ref (report) : NULL;
      g_queue_push_tail (&job->shares, share);
    }
  if (job->shares.length > 0)
    pr_job_work (job);
}

void
pr_job_share_free (PrJobShare *share)
{
  g_clear_pointer (&share->report, pr_report_unref);
  g_free (share);
}
