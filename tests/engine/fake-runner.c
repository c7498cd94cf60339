/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A conversation without a server: it waits at a gate that the test opens, and counts who runs
 * beside whom. Worker threads and the main thread; a runner has no data of its own, so there is
 * one of it. */

#include "fake-runner.h"

#define LOOK_US 2000 /* between two looks at the cancellable while the gate is shut */

static struct
{
  GMutex mutex;
  GCond cond;
  gboolean open;
  guint permits; /* how many more may pass the shut gate */
  guint n_steps; /* progress events that each conversation makes */
  PrFakeStats stats;
  GHashTable *running; /* address → how many */
} gate;

/**
 * fake_runner_reset:
 * @gate_open: whether conversations end by themselves
 * @n_steps: how often each says how far it is
 *
 * Forgets the last test. Nothing may run.
 */
void
fake_runner_reset (gboolean gate_open, guint n_steps)
{
  g_mutex_lock (&gate.mutex);
  g_assert_cmpuint (gate.stats.n_running, ==, 0);
  gate.open = gate_open;
  gate.permits = 0;
  gate.n_steps = n_steps;
  gate.stats = (PrFakeStats){ 0 };
  g_clear_pointer (&gate.running, g_hash_table_unref);
  gate.running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_unlock (&gate.mutex);
}

void
fake_runner_open_gate (void)
{
  g_mutex_lock (&gate.mutex);
  gate.open = TRUE;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
}

/* So many conversations more may end. */
void
fake_runner_let_through (guint n)
{
  g_mutex_lock (&gate.mutex);
  gate.permits += n;
  g_cond_broadcast (&gate.cond);
  g_mutex_unlock (&gate.mutex);
}

PrFakeStats
fake_runner_get_stats (void)
{
  PrFakeStats stats;

  g_mutex_lock (&gate.mutex);
  stats = gate.stats;
  g_mutex_unlock (&gate.mutex);
  return stats;
}

guint
fake_runner_get_n_running_on (const char *address)
{
  guint n;

  g_mutex_lock (&gate.mutex);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (gate.running, address));
  g_mutex_unlock (&gate.mutex);
  return n;
}

static void
count_address (const char *address, int change)
{
  int n = GPOINTER_TO_INT (g_hash_table_lookup (gate.running, address)) + change;

  g_hash_table_replace (gate.running, g_strdup (address), GINT_TO_POINTER (n));
  gate.stats.max_of_one_address = MAX (gate.stats.max_of_one_address, (guint) n);
}

static gboolean
pass_gate (void)
{
  if (gate.open)
    return TRUE;
  if (gate.permits == 0)
    return FALSE;
  gate.permits--;
  return TRUE;
}

/**
 * fake_runner_run:
 *
 * A #PrRunner. The address in the plan says which conversations must not meet.
 *
 * Returns: (transfer full): a success, or "cancelled"
 */
PrReport *
fake_runner_run (PrTestPlan *plan,
                 PrMailContext *context,
                 GCancellable *cancellable,
                 PrProgressFunc progress,
                 gpointer progress_data)
{
  PrReport *report = pr_report_new_for_plan (plan);
  gboolean cancelled = FALSE;

  g_assert_nonnull (context);
  for (guint i = 0; i < gate.n_steps; i++)
    progress ((PrStep) (i % PR_N_STEPS), progress_data);

  g_mutex_lock (&gate.mutex);
  gate.stats.n_started++;
  gate.stats.n_running++;
  gate.stats.max_running = MAX (gate.stats.max_running, gate.stats.n_running);
  count_address (plan->address, 1);
  while (!(cancelled = g_cancellable_is_cancelled (cancellable)) && !pass_gate ())
    g_cond_wait_until (&gate.cond, &gate.mutex, g_get_monotonic_time () + LOOK_US);
  count_address (plan->address, -1);
  gate.stats.n_running--;
  g_mutex_unlock (&gate.mutex);

  if (cancelled)
    {
      report->outcome = PR_OUTCOME_CANCELLED;
      report->code = PR_CODE_CANCELLED;
    }
  return report;
}
