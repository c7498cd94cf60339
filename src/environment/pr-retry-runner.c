/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrRetryRunner: asks the store when the next try is due, sleeps until then, runs it, and asks
 * again. Main thread. */

#include "pr-retry-runner.h"

#include "pr-environment-private.h"

#include <glib/gi18n-lib.h>

#define PAUSE_S 5 /* between two runs: what somebody else is testing stays due */
#define LOOK_S 60 /* at most: another program may have changed the schedule */

#define WATCH_LOCK 2 /* in use.lock */

struct _PrRetryRunner
{
  GObject parent_instance;

  /* Owned */
  PrEnvironment *environment;
  GCancellable *cancellable; /* (nullable): while started */

  PrTestOptions options;
  PrTestEvents events;
  gpointer events_data;
  guint timer;
  gboolean busy;    /* tests are running */
  gboolean claimed; /* holds the lock of the only one */
};

G_DEFINE_FINAL_TYPE (PrRetryRunner, pr_retry_runner, G_TYPE_OBJECT)

enum
{
  SIGNAL_FAILED,
  SIGNAL_RAN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void look (PrRetryRunner *self);

static gboolean
on_timer (gpointer user_data)
{
  PrRetryRunner *self = user_data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
look_later (PrRetryRunner *self, guint seconds)
{
  if (self->cancellable != NULL && self->timer == 0)
    self->timer = g_timeout_add_seconds (seconds, on_timer, self);
}

static void
fail (PrRetryRunner *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  look_later (self, LOOK_S);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrRetryRunner) self = user_data;
  g_autoptr (GError) error = NULL;

  self->busy = FALSE;
  if (!pr_environment_test_finish (PR_ENVIRONMENT (source), result, NULL, &error))
    {
      fail (self, error);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_RAN], 0);
  look_later (self, PAUSE_S);
}

static void
on_due_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrRetryRunner) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time ();
  gint64 due;

  if (!pr_store_get_next_due_finish (PR_STORE (source), result, &due, &error))
    {
      fail (self, error);
      return;
    }
  if (self->cancellable == NULL)
    return;
  if (due != 0 && due <= now)
    {
      g_autoptr (PrSelection) selection = pr_selection_new_all ();

      pr_selection_set_due (selection, now);
      self->options.due = now;
      self->busy = TRUE;
      pr_environment_test_async (self->environment, selection, &self->options, &self->events,
                                 self->events_data, self->cancellable, on_tested,
                                 g_object_ref (self));
      return;
    }
  look_later (self,
              due != 0 ? (guint) CLAMP ((due - now) / G_USEC_PER_SEC + 1, 1, LOOK_S) : LOOK_S);
}

static void
look (PrRetryRunner *self)
{
  pr_store_get_next_due_async (self->environment->store, self->cancellable, on_due_known,
                               g_object_ref (self));
}

/**
 * pr_retry_runner_start:
 * @self: a runner
 *
 * What is due already is tested now.
 */
void
pr_retry_runner_start (PrRetryRunner *self)
{
  g_return_if_fail (PR_IS_RETRY_RUNNER (self));

  if (self->cancellable != NULL || pr_environment_is_read_only (self->environment))
    return;
  self->cancellable = g_cancellable_new ();
  look (self);
}

/**
 * pr_retry_runner_stop:
 * @self: a runner
 *
 * Ends a run within a second; what it did not come to stays due.
 */
void
pr_retry_runner_stop (PrRetryRunner *self)
{
  g_return_if_fail (PR_IS_RETRY_RUNNER (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * pr_retry_runner_is_busy:
 * @self: a runner
 *
 * Returns: whether tests are running, which go on for a moment after pr_retry_runner_stop(): until
 *   what they found out is stored
 */
gboolean
pr_retry_runner_is_busy (PrRetryRunner *self)
{
  g_return_val_if_fail (PR_IS_RETRY_RUNNER (self), FALSE);

  return self->busy;
}

/**
 * pr_retry_runner_claim:
 * @self: a runner
 * @error: set to %PR_ERROR_IN_USE
 *
 * For a program that does nothing else: two of them would only be in each other's way.
 *
 * Returns: whether this is the only one of its environment that says so, until it goes
 */
gboolean
pr_retry_runner_claim (PrRetryRunner *self, GError **error)
{
  PrRangeLock *use;

  g_return_val_if_fail (PR_IS_RETRY_RUNNER (self), FALSE);

  use = self->environment->use;
  if (use == NULL || self->claimed)
    return TRUE;
  self->claimed = pr_range_lock_try (use, WATCH_LOCK);
  if (!self->claimed)
    pr_set_error (error, PR_ERROR_IN_USE, "environment",
                  _ ("Another program is watching over “%s” already."), self->environment->name);
  return self->claimed;
}

static void
pr_retry_runner_dispose (GObject *object)
{
  PrRetryRunner *self = PR_RETRY_RUNNER (object);

  pr_retry_runner_stop (self);
  if (self->claimed && self->environment != NULL && self->environment->use != NULL)
    pr_range_lock_release (self->environment->use, WATCH_LOCK);
  g_clear_object (&self->environment);
  G_OBJECT_CLASS (pr_retry_runner_parent_class)->dispose (object);
}

static void
pr_retry_runner_class_init (PrRetryRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_retry_runner_dispose;

  /**
   * PrRetryRunner::failed:
   * @error: why tests could not be carried out; it is tried again later
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);

  /**
   * PrRetryRunner::ran:
   *
   * Tests that were due are over.
   */
  signals[SIGNAL_RAN] = g_signal_new ("ran", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_retry_runner_init (PrRetryRunner *self)
{
}

/**
 * pr_retry_runner_new:
 * @environment: whose mailboxes
 * @options: how to test
 * @events: (nullable): told while tests run
 * @events_data: for @events
 *
 * Returns: (transfer full): a runner that is not started
 */
PrRetryRunner *
pr_retry_runner_new (PrEnvironment *environment,
                     const PrTestOptions *options,
                     const PrTestEvents *events,
                     gpointer events_data)
{
  PrRetryRunner *self;

  g_return_val_if_fail (PR_IS_ENVIRONMENT (environment), NULL);

  self = g_object_new (PR_TYPE_RETRY_RUNNER, NULL);
  self->environment = g_object_ref (environment);
  self->options = *options;
  if (events != NULL)
    self->events = *events;
  self->events_data = events_data;
  return self;
}
