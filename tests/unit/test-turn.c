/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Of many threads as many compute at one time as there are processors, and who waits for somebody
 * else keeps none of them from it; few threads do not wait for each other. */

#include "pr-turn.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <sys/resource.h>
#include <unistd.h>

#define N_THREADS (PR_TURN_FREE + 36)
#define N_ROUNDS 25

static int n_now;  /* atomic */
static int n_most; /* atomic */

static void
compute (void)
{
  int n = g_atomic_int_add (&n_now, 1) + 1;
  int most = g_atomic_int_get (&n_most);

  while (n > most && !g_atomic_int_compare_and_exchange (&n_most, most, n))
    most = g_atomic_int_get (&n_most);
  g_usleep (100);
  g_atomic_int_add (&n_now, -1);
}

/* Where threads wait until @n have come. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  guint n_there;
} Meeting;

static void
meet (Meeting *meeting, guint n)
{
  g_mutex_lock (&meeting->mutex);
  meeting->n_there++;
  g_cond_broadcast (&meeting->cond);
  while (meeting->n_there < n)
    g_cond_wait (&meeting->cond, &meeting->mutex);
  g_mutex_unlock (&meeting->mutex);
}

static Meeting begin, end, inside;

static gpointer
work (gpointer data)
{
  pr_turn_take ();
  pr_turn_pause ();
  meet (&begin, N_THREADS);
  pr_turn_resume ();
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      compute ();
      pr_turn_pause ();
      g_thread_yield ();
      pr_turn_resume ();
      /* In the turn that it has. */
      pr_turn_take ();
      compute ();
      pr_turn_give ();
    }
  pr_turn_pause ();
  meet (&end, N_THREADS);
  pr_turn_resume ();
  pr_turn_give ();
  return GINT_TO_POINTER (getpriority (PRIO_PROCESS, 0));
}

static void
test_limit (void)
{
  GThread *threads[N_THREADS];

  int before = getpriority (PRIO_PROCESS, 0);
  guint n_nice = 0;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("turn", work, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    n_nice += GPOINTER_TO_INT (g_thread_join (threads[i])) > before;
  /* Who stood in line left the processors to others; nobody else did. */
  g_assert_cmpuint (n_nice, >, 0);
  g_assert_cmpint (getpriority (PRIO_PROCESS, 0), ==, before);
  g_assert_cmpint (n_most, >, 0);
  g_assert_cmpint (n_most, <=, (int) pr_turn_get_n ());
}

/* Each waits in its turn for all others, which could not come if one of them had to stand in
 * line. */
static gpointer
wait_inside (gpointer data)
{
  pr_turn_take ();
  meet (&inside, PR_TURN_FREE);
  pr_turn_give ();
  return GINT_TO_POINTER (getpriority (PRIO_PROCESS, 0));
}

static void
test_few (void)
{
  GThread *threads[PR_TURN_FREE];

  for (guint i = 0; i < PR_TURN_FREE; i++)
    threads[i] = g_thread_new ("few", wait_inside, NULL);
  for (guint i = 0; i < PR_TURN_FREE; i++)
    g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (threads[i])), ==,
                     getpriority (PRIO_PROCESS, 0));
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  guint n_waiting;
  gboolean open;
} Gate;

static gpointer
wait_at_gate (gpointer data)
{
  Gate *gate = data;

  pr_turn_take ();
  pr_turn_pause ();
  g_mutex_lock (&gate->mutex);
  gate->n_waiting++;
  g_cond_broadcast (&gate->cond);
  while (!gate->open)
    g_cond_wait (&gate->cond, &gate->mutex);
  g_mutex_unlock (&gate->mutex);
  pr_turn_resume ();
  pr_turn_give ();
  return NULL;
}

/* Everybody else waits for what only this thread can do, in a turn of its own. */
static void
test_pause (void)
{
  Gate gate = { .n_waiting = 0 };
  GThread *threads[N_THREADS];

  g_mutex_init (&gate.mutex);
  g_cond_init (&gate.cond);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("gate", wait_at_gate, &gate);
  g_mutex_lock (&gate.mutex);
  while (gate.n_waiting < N_THREADS)
    g_cond_wait (&gate.cond, &gate.mutex);
  g_mutex_unlock (&gate.mutex);
  pr_turn_take ();
  g_mutex_lock (&gate.mutex);
  gate.open = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
  pr_turn_give ();
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&gate.mutex);
  g_cond_clear (&gate.cond);
}

static int fds[2];

static gpointer
poll_in_turn (gpointer data)
{
  GPollFD fd = { fds[0], G_IO_IN, 0 };

  pr_turn_take ();
  g_assert_cmpint (pr_turn_poll (&fd, 1, -1), ==, 1);
  g_assert_cmpint (fd.revents, ==, G_IO_IN);
  pr_turn_give ();
  return NULL;
}

/* All wait for a byte that only somebody with a turn writes. */
static void
test_poll (void)
{
  GThread *threads[N_THREADS];
  GPollFD none = { -1, G_IO_IN, 0 };

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("poll", poll_in_turn, NULL);
  pr_turn_take ();
  g_assert_cmpint (pr_turn_poll (&none, 1, 20), ==, 0);
  g_assert_cmpint (write (fds[1], "", 1), ==, 1);
  pr_turn_give ();
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  close (fds[0]);
  close (fds[1]);
}

/* A thread that takes no turns waits for nobody. */
static void
test_without (void)
{
  pr_turn_pause ();
  pr_turn_resume ();
  for (guint i = 0; i < 2 * pr_turn_get_n (); i++)
    {
      pr_turn_take ();
      pr_turn_give ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/limit", test_limit);
  g_test_add_func ("/turn/few", test_few);
  g_test_add_func ("/turn/pause", test_pause);
  g_test_add_func ("/turn/poll", test_poll);
  g_test_add_func ("/turn/without", test_without);
  return g_test_run ();
}
