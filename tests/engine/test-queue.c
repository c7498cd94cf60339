/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestQueue: the limits, whose turn it is, and what is told when. The bench asserts at each
 * call that no limit is passed; here it is shown that each is reached. */

#include "queue-bench.h"

static PrBenchJob *
get_job (PrBench *bench, guint i)
{
  return g_ptr_array_index (bench->jobs, i);
}

static void
test_global_cap (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (5, PR_BENCH_START);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("profile-%u", i);

      bench_add_many (bench, name, 10, 1);
    }
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 5);
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 5);
  g_assert_cmpuint (bench->n_open, ==, 5);
  g_assert_cmpuint (pr_test_queue_get_n_waiting (bench->queue), ==, 15);
  for (guint i = 1; i <= 15; i++)
    {
      fake_runner_let_through (1);
      bench_wait_started (bench, 5 + i);
      g_assert_cmpuint (fake_runner_get_stats ().n_running, <=, 5);
    }
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().max_running, ==, 5);
}

/* The profile holds the credentials: its connections are counted together. */
static void
test_profile_cap (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  bench_add_many (bench, "a", 3, 10);
  bench_add_many (bench, "b", 2, 10);
  bench_add_many (bench, "c", 1, 10);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 6);
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 6);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (bench->running, "a")), ==, 3);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (bench->running, "b")), ==, 2);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (bench->running, "c")), ==, 1);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().max_running, ==, 6);
}

/* The mailboxes hold the credentials: each is a group of its own. */
static void
test_mailbox_cap (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *group = g_strdup_printf ("mailbox-%u", i);
      g_autofree char *incoming = g_strdup_printf ("%u/0", i);
      g_autofree char *outgoing = g_strdup_printf ("%u/1", i);
      guint limit = i < 2 ? 1 : 2;

      bench_add (bench, "profile", group, limit, incoming);
      bench_add (bench, "profile", group, limit, outgoing);
    }
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 6); /* 1 + 1 + 2 + 2 */
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 6);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
}

/* POP3 locks a mailbox: never two conversations of one direction on it, even of two jobs. */
static void
test_exclusive (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  for (guint i = 0; i < 5; i++)
    bench_add (bench, "profile", "mailbox-1", 10, "1/0");
  bench_add (bench, "profile", "mailbox-1", 10, "1/1");
  bench_add (bench, "other", "mailbox-1", 10, "1/0"); /* the same mailbox by another way */
  bench_add_many (bench, "third", 10, 3);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 5);
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 5);
  g_assert_cmpuint (fake_runner_get_n_running_on ("1/0"), ==, 1);
  g_assert_cmpuint (fake_runner_get_n_running_on ("1/1"), ==, 1);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().max_of_one_address, ==, 1);
}

static void
test_fair_turns (void)
{
  static const guint sizes[] = { 30, 10, 10 };
  static const char *const lanes[] = { "a", "b", "c" };
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (1, PR_BENCH_START);
  for (guint lane = 0; lane < G_N_ELEMENTS (lanes); lane++)
    bench_add_many (bench, lanes[lane], 10, sizes[lane]);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  for (guint lane = 0, first = 0; lane < G_N_ELEMENTS (lanes); first += sizes[lane++])
    for (guint i = 0; i < sizes[lane]; i++)
      {
        int expected = (int) (i < 10 ? 3 * i + lane : i + 20);

        g_assert_cmpint (get_job (bench, first + i)->prepare_rank, ==, expected);
      }
}

/* A small profile behind a big one is done long before it. */
static void
test_fair_with_many_slots (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (8, PR_BENCH_START);
  bench_add_many (bench, "big", 300, 400);
  bench_add_many (bench, "small", 300, 20);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  for (guint i = 400; i < 420; i++)
    g_assert_cmpint (get_job (bench, i)->prepare_rank, <, 40);
}

/* One that stands at its own limit keeps nobody else waiting. */
static void
test_full_lane_steps_aside (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (64, PR_BENCH_START);
  bench_add_many (bench, "narrow", 1, 50);
  bench_add_many (bench, "wide", 10, 5);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 6);
  for (guint i = 50; i < 55; i++)
    g_assert_cmpint (get_job (bench, i)->prepare_rank, >=, 0);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
}

/* A slot counts from "prepare" on, while the secret is being fetched. */
static void
test_start_later (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START_LATER);
  bench_add_many (bench, "a", 3, 50);
  bench_add_many (bench, "b", 3, 50);
  pr_test_queue_run (bench->queue);
  g_assert_cmpuint (bench->n_prepared, ==, 4);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
}

static void
test_finish_at_once (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (3, PR_BENCH_FINISH);
  bench_add_many (bench, "a", 1, 20000);
  pr_test_queue_run (bench->queue);
  /* A part of them in each turn, so that a window can be drawn. */
  g_assert_cmpuint (bench->n_finished, >, 0);
  g_assert_cmpuint (bench->n_finished, <=, 50);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 0);
}

static void
add_one_more (PrBench *bench, PrBenchJob *job)
{
  g_autofree char *exclusive = g_strdup_printf ("more/%u", bench->jobs->len);

  if (bench->jobs->len >= 30)
    return;
  bench_add (bench, job->lane, job->lane, 2, exclusive);
  pr_test_queue_run (bench->queue);
}

static void
test_add_while_it_runs (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START);
  bench->after_finished = add_one_more;
  bench_add_many (bench, "a", 2, 3);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  g_assert_cmpuint (bench->jobs->len, ==, 30);
  bench_check_all_finished_once (bench);
}

/* A queue that was drained can be used again. */
static void
test_again (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START);
  for (guint round = 0; round < 3; round++)
    {
      bench->n_drained = 0;
      bench_add_many (bench, "a", 2, 10);
      pr_test_queue_run (bench->queue);
      bench_wait_drained (bench);
    }
  bench_check_all_finished_once (bench);
}

static void
test_empty (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (4, PR_BENCH_START);
  pr_test_queue_run (bench->queue);
  bench_settle (bench);
  g_assert_cmpuint (bench->n_drained, ==, 1);
}

/* An item that also stands for a log-in which several mailboxes share. */
static void
test_second_key (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *own = g_strdup_printf ("%u/0", i);

      pr_test_item_add_exclusive (bench_add (bench, "a", "a", 10, own)->item,
                                  i < 4 ? "robot@server" : NULL);
    }
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 3); /* one of the four, and the two others */
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      fake_runner_let_through (fake_runner_get_stats ().n_running);
      bench_wait_started (bench, 4 + i);
      g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 4 + i);
    }
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
}

/* A scout goes ahead, then the rest follows. */
static void
test_width (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  pr_test_queue_set_width (bench->queue, "a", 1);
  bench_add_many (bench, "a", 10, 10);
  bench_add_many (bench, "b", 4, 10);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 5);
  bench_settle (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 5);
  g_assert_cmpuint (pr_test_queue_get_lane_waiting (bench->queue, "a"), ==, 9);
  pr_test_queue_set_width (bench->queue, "a", 3);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 7);
  pr_test_queue_set_width (bench->queue, "a", G_MAXUINT);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 14);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (pr_test_queue_get_lane_waiting (bench->queue, "a"), ==, 0);
}

/* The rest of a profile is given up; what runs ends by itself, and others are not touched. */
static void
test_drop_lane (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (FALSE, 0);
  bench = bench_new (50, PR_BENCH_START);
  bench_add_many (bench, "a", 2, 100);
  bench_add_many (bench, "b", 2, 10);
  pr_test_queue_run (bench->queue);
  bench_wait_workers (bench, 4);
  pr_test_queue_drop_lane (bench->queue, "a");
  pr_test_queue_drop_lane (bench->queue, "there is none");
  g_assert_cmpuint (bench->n_finished, ==, 98);
  g_assert_cmpuint (pr_test_queue_get_lane_waiting (bench->queue, "a"), ==, 0);
  g_assert_cmpuint (pr_test_queue_get_n_waiting (bench->queue), ==, 8);
  fake_runner_open_gate ();
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (get_job (bench, i)->outcome, ==, i < 2 ? PR_OUTCOME_SUCCESS : -1);
  for (guint i = 100; i < 110; i++)
    g_assert_cmpint (get_job (bench, i)->outcome, ==, PR_OUTCOME_SUCCESS);
}

static void
drop_at_third_end (PrBench *bench, PrBenchJob *job)
{
  if (bench->n_finished == 3)
    pr_test_queue_drop_lane (bench->queue, "a");
}

static void
test_drop_lane_from_finished (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 0);
  bench = bench_new (1, PR_BENCH_START);
  bench->after_finished = drop_at_third_end;
  bench_add_many (bench, "a", 2, 100);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  bench_settle (bench);
  bench_check_all_finished_once (bench);
  g_assert_cmpuint (fake_runner_get_stats ().n_started, ==, 3);
}

/* The bench asserts that steps come in order, in the main thread, and none behind the end. */
static void
test_progress (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 2 * PR_N_STEPS);
  bench = bench_new (8, PR_BENCH_START);
  bench_add_many (bench, "a", 8, 100);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  for (guint i = 0; i < bench->jobs->len; i++)
    {
      g_assert_cmpuint (get_job (bench, i)->n_progress, ==, 2 * PR_N_STEPS);
      g_assert_cmpint (get_job (bench, i)->outcome, ==, PR_OUTCOME_SUCCESS);
    }
}

/* Where nobody watches, one step of each is told, the first of those that are asked for. */
static void
test_one_step (void)
{
  g_autoptr (PrBench) bench = NULL;

  fake_runner_reset (TRUE, 2 * PR_N_STEPS);
  bench = bench_new_told (8, PR_BENCH_START, PR_STEP_AUTHENTICATE);
  bench_add_many (bench, "a", 8, 100);
  pr_test_queue_run (bench->queue);
  bench_wait_drained (bench);
  bench_check_all_finished_once (bench);
  for (guint i = 0; i < bench->jobs->len; i++)
    g_assert_cmpuint (get_job (bench, i)->n_progress, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/global-cap", test_global_cap);
  g_test_add_func ("/queue/profile-cap", test_profile_cap);
  g_test_add_func ("/queue/mailbox-cap", test_mailbox_cap);
  g_test_add_func ("/queue/exclusive", test_exclusive);
  g_test_add_func ("/queue/fair-turns", test_fair_turns);
  g_test_add_func ("/queue/fair-with-many-slots", test_fair_with_many_slots);
  g_test_add_func ("/queue/full-lane-steps-aside", test_full_lane_steps_aside);
  g_test_add_func ("/queue/start-later", test_start_later);
  g_test_add_func ("/queue/finish-at-once", test_finish_at_once);
  g_test_add_func ("/queue/add-while-it-runs", test_add_while_it_runs);
  g_test_add_func ("/queue/again", test_again);
  g_test_add_func ("/queue/empty", test_empty);
  g_test_add_func ("/queue/second-key", test_second_key);
  g_test_add_func ("/queue/width", test_width);
  g_test_add_func ("/queue/drop-lane", test_drop_lane);
  g_test_add_func ("/queue/drop-lane-from-finished", test_drop_lane_from_finished);
  g_test_add_func ("/queue/progress", test_progress);
  g_test_add_func ("/queue/one-step", test_one_step);
  return g_test_run ();
}
