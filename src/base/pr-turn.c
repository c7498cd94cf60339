/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns: a semaphore of the process, and how deep each thread is in its own turn. Worker
 * threads. */

#include "pr-turn.h"

#include <errno.h>
#include <sys/resource.h>

#define CROWD_NICENESS 10

static GMutex mutex;
static GCond cond;
static int n_waiting;  /* atomic: in line; changed under the mutex */
static int n_taken;    /* atomic */
static int n_threads;  /* atomic: that have a turn, or have paused in one */
static GPrivate depth; /* how often this thread has taken its turn */

static guint
get_depth (void)
{
  return GPOINTER_TO_UINT (g_private_get (&depth));
}

/**
 * pr_turn_get_n:
 *
 * Returns: how many turns there are
 */
guint
pr_turn_get_n (void)
{
  static int n; /* atomic; the kernel is asked once */
  int known = g_atomic_int_get (&n);

  if (known == 0)
    {
      known = (int) g_get_num_processors ();
      g_atomic_int_set (&n, known);
    }
  return (guint) known;
}

static gboolean
try_acquire (void)
{
  int n;

  do
    {
      n = g_atomic_int_get (&n_taken);
      if (n >= (int) pr_turn_get_n () && g_atomic_int_get (&n_threads) > PR_TURN_FREE)
        return FALSE;
    }
  while (!g_atomic_int_compare_and_exchange (&n_taken, n, n + 1));
  return TRUE;
}

static void
acquire (void)
{
  if (try_acquire ())
    return;
  /* One of a crowd: for good, as there is no way back without a privilege. With Linux, this is of
   * the thread (setpriority(2)). */
  setpriority (PRIO_PROCESS, 0, CROWD_NICENESS);
  g_mutex_lock (&mutex);
  /* Told before the look: whoever releases after the look sees it. */
  g_atomic_int_inc (&n_waiting);
  while (!try_acquire ())
    g_cond_wait (&cond, &mutex);
  g_atomic_int_add (&n_waiting, -1);
  g_mutex_unlock (&mutex);
}

/* @all: maybe nobody has to stand in line any more. */
static void
release (gboolean all)
{
  g_atomic_int_add (&n_taken, -1);
  if (g_atomic_int_get (&n_waiting) == 0)
    return;
  g_mutex_lock (&mutex);
  if (all)
    g_cond_broadcast (&cond);
  else
    g_cond_signal (&cond);
  g_mutex_unlock (&mutex);
}

/**
 * pr_turn_take:
 *
 * Waits until this thread may compute. Can be nested.
 */
void
pr_turn_take (void)
{
  guint n = get_depth ();

  if (n == 0)
    {
      g_atomic_int_inc (&n_threads);
      acquire ();
    }
  g_private_set (&depth, GUINT_TO_POINTER (n + 1));
}

/**
 * pr_turn_give:
 *
 * The other half of pr_turn_take().
 */
void
pr_turn_give (void)
{
  guint n = get_depth ();

  g_return_if_fail (n > 0);

  g_private_set (&depth, GUINT_TO_POINTER (n - 1));
  if (n == 1)
    release (g_atomic_int_add (&n_threads, -1) <= PR_TURN_FREE + 1);
}

/**
 * pr_turn_pause:
 *
 * This thread is going to wait for somebody. Does nothing in a thread that has no turn.
 */
void
pr_turn_pause (void)
{
  if (get_depth () > 0)
    release (FALSE);
}

/**
 * pr_turn_resume:
 *
 * The other half of pr_turn_pause().
 */
void
pr_turn_resume (void)
{
  if (get_depth () > 0)
    acquire ();
}

/**
 * pr_turn_poll:
 * @fds: descriptors and the events that are waited for; their revents are set
 * @n_fds: how many
 * @timeout_ms: milliseconds; -1: no limit
 *
 * Others may compute meanwhile.
 *
 * Returns: what poll() returns, with its errno
 */
int
pr_turn_poll (GPollFD *fds, guint n_fds, int timeout_ms)
{
  int ready, saved_errno;

  pr_turn_pause ();
  ready = g_poll (fds, n_fds, timeout_ms);
  saved_errno = errno;
  pr_turn_resume ();
  errno = saved_errno;
  return ready;
}
