/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestQueue: cancelled at every moment. What waits is told at once, what runs ends within a
 * second, and nobody is told twice. */

#include "queue-bench.h"

#define LIMIT_US (3 * G_USEC_PER_SEC)

static gboolean
is_drained (PrBench *bench)
{
  return bench->n_drained > 0;
}

static guint
count_outcome (PrBench *bench, int outcome)
{
  guint n = 0;

  for (guint i = 0; i < bench->jobs->len; i++)
    if (((PrBenchJob *) g_ptr_array_index (bench->jobs, i))->outcome == outcome)
      n++;
  return n;
}

static void
test_while_it_runs (void)
{
  g_autoptr (PrBench) bench = NULL;
  gint64 begin;

  fake_runner_reset (FALSE, 3);
  bench = bench_new (64, PR_BENCH_START);
  bench_add_many (bench, "a", 300, 500);
  bench_add_many (bench, "b", 300, 500);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 64);
  begin = g_get_monotonic_time ();
  pr_test_queue_cancel (bench->queue);
  /* A part of them in each turn, so that a window can be drawn. */
  g_assert_cmpuint (bench->n_finished, >, 0);
  g_assert_cmpuint (bench->n_finished, <=, 50);
  g_assert_true (bench_wait (bench, is_drained));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, LIMIT_US);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 64);
  g_assert_cmpuint (count_outcome (bench, PR_OUTCOME_CANCELLED), ==, 64);
  g_assert_cmpuint (count_outcome (bench, -1), ==, 1000 - 64);
}

static void
test_before_it_runs (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START);
  bench_add_many (bench, "a", 10, 10);
  pr_test_queue_cancel (bench->queue);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 0);
}

static void
test_twice (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (4, PR_BENCH_START);
  bench_add_many (bench, "a", 10, 10);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 4);
  pr_test_queue_cancel (bench->queue);
  pr_test_queue_cancel (bench->queue);
  bench_wait_drained (bench);
  bench_settle (bench);
  bench_check_all_finished_once (bench);
}

/* While secrets are being fetched: those items still get their end through a worker. */
static void
test_between_prepare_and_start (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (8, PR_BENCH_START_LATER);
  bench_add_many (bench, "a", 10, 100);
  pr_test_queue_run (bench->queue);
  g_assert_cmpuint (bench->n_prepared, ==, 8);
  pr_test_queue_cancel (bench->queue);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (count_outcome (bench, PR_OUTCOME_CANCELLED), ==, 8);
}

static void
cancel_at_ten (PrBench *bench, PrBenchJob *job)
{
  if (bench->n_prepared == 10)
    pr_test_queue_cancel (bench->queue);
}

static void
test_from_prepare (void)
{
  static const PrBenchMode modes[] = { PR_BENCH_START, PR_BENCH_START_LATER, PR_BENCH_FINISH };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (PrBench) bench = NULL;

      fake_runner_reset (TRUE, 0);
      bench = bench_new (20, modes[i]);
      bench->after_prepare = cancel_at_ten;
      bench_add_many (bench, "a", 20, 200);
      pr_test_queue_run (bench->queue);
      bench_wait_drained (bench);
      bench_settle (bench);
      g_assert_cmpuint (bench->n_prepared, ==, 10);
      bench_check_all_finished_once (bench);
    }
}

static void
cancel_at_fifth_end (PrBench *bench, PrBenchJob *job)
{
  if (bench->n_finished == 5)
    pr_test_queue_cancel (bench->queue);
}

static void
test_from_finished (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START);
  bench->after_finished = cancel_at_fifth_end;
  bench_add_many (bench, "a", 20, 200);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  bench_settle (bench);
  bench_check_all_finished_once (bench);
}

/* The window was closed in the middle: the queue ends its workers and takes nothing along. */
static void
test_disposed_while_it_runs (void)
{
  g_autoptr (PrBench) bench = NULL;
  gint64 begin;

  fake_runner_reset (FALSE, 5);
  bench = bench_new (16, PR_BENCH_START);
  bench_add_many (bench, "a", 300, 100);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 16);
  begin = g_get_monotonic_time ();
  g_clear_pointer (&bench, bench_free); /* asserts that the queue is gone */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, LIMIT_US);
  g_assert_cmpuint (fake_runner_get_stats ().n_running, ==, 0);
}

static void
test_never_run (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (16, PR_BENCH_START);
  bench_add_many (bench, "a", 300, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/cancel/while-it-runs", test_while_it_runs);
  g_test_add_func ("/queue/cancel/before-it-runs", test_before_it_runs);
  g_test_add_func ("/queue/cancel/twice", test_twice);
  g_test_add_func ("/queue/cancel/between-prepare-and-start", test_between_prepare_and_start);
  g_test_add_func ("/queue/cancel/from-prepare", test_from_prepare);
  g_test_add_func ("/queue/cancel/from-finished", test_from_finished);
  g_test_add_func ("/queue/cancel/disposed-while-it-runs", test_disposed_while_it_runs);
  g_test_add_func ("/queue/cancel/never-run", test_never_run);
  return g_test_run ();
}
