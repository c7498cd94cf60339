/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Turns: a semaphore of the process, and how deep each thread is in its own turn. Worker
 * threads. */

#include "pr-turn.h"

static GMutex mutex;
static GCond cond;
static guint n_taken;  /* under the mutex */
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
  return g_get_num_processors ();
}

static void
acquire (void)
{
  guint n = pr_turn_get_n ();

  g_mutex_lock (&mutex);
  while (n_taken >= n)
    g_cond_wait (&cond, &mutex);
  n_taken++;
  g_mutex_unlock (&mutex);
}

static void
release (void)
{
  g_mutex_lock (&mutex);
  n_taken--;
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
    acquire ();
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
    release ();
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
    release ();
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
