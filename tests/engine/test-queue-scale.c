/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestQueue: thousands of jobs, and a flood of events that must not stop the main loop. */

#include "queue-bench.h"

#define MAX_EVENTS_AT_ONCE 500 /* between two looks of the main loop at anything else */

static void
run_many (guint n_lanes, guint n_each, guint max_running)
{
  g_autoptr (PrBench) bench = NULL;
  gint64 begin, elapsed;

  fake_runner_reset (TRUE, 4);
  bench = bench_new (max_running, PR_BENCH_START);
  begin = g_get_monotonic_time ();
  for (guint i = 0; i < n_lanes; i++)
    {
      g_autofree char *lane = g_strdup_printf ("profile-%u", i);

      bench_add_many (bench, lane, 300, n_each);
    }
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  elapsed = g_get_monotonic_time () - begin;
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (bench->n_progress, ==, 4 * n_lanes * n_each);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, n_lanes * n_each);
  g_assert_cmpuint (fake_runner_get_stats ().max_running, <=, max_running);
  g_test_message ("%u jobs, %u at one time: %.0f ms", n_lanes * n_each, max_running,
                  (double) elapsed / 1000);
}

static void
test_1000 (void)
{
  run_many (5, 200, 64);
}

static void
test_10000 (void)
{
  run_many (10, 1000, 64);
}

static void
test_10000_wide (void)
{
  run_many (100, 100, 1000);
}

/* 1,000 conversations at one time, every one waiting for its server, cancelled. */
static void
test_1000_at_one_time (void)
{
  g_autoptr (PrBench) bench = NULL;
  gint64 begin;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (1000, PR_BENCH_START);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *lane = g_strdup_printf ("profile-%u", i);

      bench_add_many (bench, lane, 300, 100);
    }
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 1000);
  begin = g_get_monotonic_time ();
  pr_test_queue_cancel (bench->queue);
  bench_wait_drained (bench);
  g_test_message ("1,000 cancelled in %.0f ms", (double) (g_get_monotonic_time () - begin) / 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  bench_check_all_finished_once (bench);
}

/* 40,000 events at once are handled in pieces. */
static void
test_events_in_pieces (void)
{
  g_autoptr (PrBench) bench = NULL;
  guint most = 0, rounds = 0;

  fake_runner_reset (FALSE, 5000);
  bench = bench_new (8, PR_BENCH_START);
  bench_add_many (bench, "a", 8, 8);
  pr_test_queue_run (bench->queue);
  /* Not the main loop: everything is posted before anything is handled. */
  while (fake_runner_get_stats ().n_running < 8)
    g_usleep (1000);
  fake_runner_open_gate ();
  while (bench->n_drained == 0)
    {
      guint before = bench->n_progress;

      g_main_context_iteration (NULL, TRUE);
      most = MAX (most, bench->n_progress - before);
      rounds++;
      g_assert_cmpuint (rounds, <, 100000);
    }
  g_assert_cmpuint (bench->n_progress, ==, 8 * 5000);
  g_assert_cmpuint (most, <=, MAX_EVENTS_AT_ONCE);
  bench_check_all_finished_once (bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/scale/1000", test_1000);
  g_test_add_func ("/queue/scale/10000", test_10000);
  g_test_add_func ("/queue/scale/10000-wide", test_10000_wide);
  g_test_add_func ("/queue/scale/1000-at-one-time", test_1000_at_one_time);
  g_test_add_func ("/queue/scale/events-in-pieces", test_events_in_pieces);
  return g_test_run ();
}
