/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A user of the queue that asserts the limits whenever the queue calls it. Main thread. */

#include "queue-bench.h"

#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define SETTLE_US (120 * 1000) /* six rounds of the queue's own timer */

static void
job_free (gpointer data)
{
  PrBenchJob *job = data;

  g_free (job->lane);
  g_free (job->group);
  g_free (job->exclusive);
  g_free (job);
}

static PrTestPlan *
make_plan (const PrBenchJob *job)
{
  PrTestPlan *plan = pr_test_plan_new (PR_PROTOCOL_POP3, "server.example", 995);

  plan->address = g_strdup (job->exclusive);
  return plan;
}

typedef struct
{
  PrBench *bench;
  PrTestItem *item;
} PrLater;

static gboolean
start_later (gpointer data)
{
  PrLater *later = data;

  pr_test_queue_start (later->bench->queue, later->item,
                       make_plan (pr_test_item_get_data (later->item)));
  return G_SOURCE_REMOVE;
}

static void
count_group (PrBench *self, const char *group, int change)
{
  int n = GPOINTER_TO_INT (g_hash_table_lookup (self->running, group)) + change;

  g_assert_cmpint (n, >=, 0);
  g_hash_table_replace (self->running, g_strdup (group), GINT_TO_POINTER (n));
}

static void
on_prepare (PrTestQueue *queue, PrTestItem *item, gpointer user_data)
{
  PrBench *self = user_data;
  PrBenchJob *job = pr_test_item_get_data (item);

  g_assert_true (g_thread_self () == self->main_thread);
  g_assert_cmpint (job->prepare_rank, ==, -1);
  job->prepare_rank = (int) self->n_prepared++;
  self->n_open++;
  g_assert_cmpuint (self->n_open, <=, self->max_running);
  count_group (self, job->group, 1);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (self->running, job->group)), <=,
                   (int) job->limit);
  g_assert_true (g_hash_table_add (self->exclusive, g_strdup (job->exclusive)));
  switch (self->mode)
    {
      case PR_BENCH_START:
        pr_test_queue_start (queue, item, make_plan (job));
        break;
      case PR_BENCH_START_LATER:
        {
          PrLater later = { self, item };

          g_timeout_add_full (G_PRIORITY_DEFAULT, 1, start_later, g_memdup2 (&later, sizeof later),
                              g_free);
        }
        break;
      case PR_BENCH_FINISH:
        pr_test_queue_finish (queue, item, NULL);
        break;
    }
  if (self->after_prepare != NULL)
    self->after_prepare (self, job);
}

static void
on_progress (PrTestQueue *queue, PrTestItem *item, PrStep step, gpointer user_data)
{
  PrBench *self = user_data;
  PrBenchJob *job = pr_test_item_get_data (item);

  g_assert_true (g_thread_self () == self->main_thread);
  g_assert_cmpuint (job->n_finished, ==, 0);
  g_assert_cmpuint (step, ==, self->one_step_from + job->n_progress % PR_N_STEPS);
  job->n_progress++;
  self->n_progress++;
}

static void
on_finished (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data)
{
  PrBench *self = user_data;
  PrBenchJob *job = pr_test_item_get_data (item);

  g_assert_true (g_thread_self () == self->main_thread);
  g_assert_cmpuint (job->n_finished, ==, 0);
  job->n_finished++;
  job->item = NULL;
  job->outcome = report != NULL ? (int) report->outcome : -1;
  self->n_finished++;
  if (job->prepare_rank >= 0)
    {
      self->n_open--;
      count_group (self, job->group, -1);
      g_assert_true (g_hash_table_remove (self->exclusive, job->exclusive));
    }
  if (self->after_finished != NULL)
    self->after_finished (self, job);
}

static void
on_drained (PrTestQueue *queue, gpointer user_data)
{
  PrBench *self = user_data;

  g_assert_cmpuint (pr_test_queue_get_n_waiting (queue), ==, 0);
  g_assert_cmpuint (self->n_open, ==, 0);
  self->n_drained++;
}

/**
 * bench_new:
 * @max_running: the queue's limit
 * @mode: what "prepare" does
 *
 * Returns: (transfer full): an empty queue and its user
 */
PrBench *
bench_new (guint max_running, PrBenchMode mode)
{
  return bench_new_told (max_running, mode, 0);
}

/* @one_step_from: what the queue is asked for */
PrBench *
bench_new_told (guint max_running, PrBenchMode mode, PrStep one_step_from)
{
  const PrTestQueueEvents events = {
    .prepare = on_prepare,
    .progress = on_progress,
    .finished = on_finished,
    .drained = on_drained,
    .one_step_from = one_step_from,
  };
  PrBench *self = g_new0 (PrBench, 1);

  self->mode = mode;
  self->max_running = max_running;
  self->one_step_from = one_step_from;
  self->main_thread = g_thread_self ();
  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->exclusive = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->queue = pr_test_queue_new (max_running, fake_runner_run, &events, self);
  return self;
}

/* The queue must be gone with its last reference: workers may not keep it. */
void
bench_free (PrBench *self)
{
  if (self->queue != NULL)
    {
      g_object_add_weak_pointer (G_OBJECT (self->queue), (gpointer *) &self->queue);
      g_object_unref (self->queue);
      g_assert_null (self->queue);
    }
  g_ptr_array_unref (self->jobs);
  g_hash_table_unref (self->running);
  g_hash_table_unref (self->exclusive);
  g_free (self);
}

PrBenchJob *
bench_add (PrBench *self, const char *lane, const char *group, guint limit, const char *exclusive)
{
  PrBenchJob *job = g_new0 (PrBenchJob, 1);

  job->lane = g_strdup (lane);
  job->group = g_strdup (group);
  job->limit = limit;
  job->exclusive = g_strdup (exclusive);
  job->prepare_rank = -1;
  job->outcome = -1;
  g_ptr_array_add (self->jobs, job);
  job->item = pr_test_queue_add (self->queue, lane, group, limit, exclusive, job);
  return job;
}

/* @n mailboxes of one profile that holds the credentials. */
void
bench_add_many (PrBench *self, const char *lane, guint limit, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *exclusive = g_strdup_printf ("%s/%u", lane, i);

      bench_add (self, lane, lane, limit, exclusive);
    }
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @done; FALSE when that takes too long. */
gboolean
bench_wait (PrBench *self, gboolean (*done) (PrBench *self))
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  guint tick = g_timeout_add (5, wake, NULL);

  while (!done (self) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  return done (self);
}

/* Until exactly @n conversations run. */
void
bench_wait_workers (PrBench *self, guint n)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (fake_runner_get_stats ().n_running != n && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  g_assert_cmpuint (fake_runner_get_stats ().n_running, ==, n);
}

/* Until @n conversations have ever begun. */
void
bench_wait_started (PrBench *self, guint n)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (fake_runner_get_stats ().n_started < n && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, >=, n);
}

static gboolean
is_drained (PrBench *self)
{
  return self->n_drained > 0;
}

void
bench_wait_drained (PrBench *self)
{
  g_assert_true (bench_wait (self, is_drained));
}

/* Gives the queue time to do what it must not do. */
void
bench_settle (PrBench *self)
{
  gint64 end = g_get_monotonic_time () + SETTLE_US;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

void
bench_check_all_finished_once (PrBench *self)
{
  for (guint i = 0; i < self->jobs->len; i++)
    g_assert_cmpuint (((PrBenchJob *) g_ptr_array_index (self->jobs, i))->n_finished, ==, 1);
  g_assert_cmpuint (self->n_finished, ==, self->jobs->len);
  g_assert_cmpuint (self->n_drained, ==, 1);
  g_assert_cmpuint (self->n_open, ==, 0);
}
