/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an admin asks first. Main thread. */

#include "pr-environment-overview.h"

#include "pr-environment-private.h"

#define DAYS_BACK 30

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrOverview *overview = pr_store_load_overview_finish (PR_STORE (source), result, &error);

  if (overview != NULL)
    g_task_return_pointer (task, overview, (GDestroyNotify) pr_overview_free);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_load_overview_async:
 * @self: an environment
 * @cancellable: (nullable): cancels
 * @callback: called with the overview
 * @user_data: for @callback
 *
 * Counts what works and what does not, the results of the last 30 days, and the certificates that
 * end within 30 days.
 */
void
pr_environment_load_overview_async (PrEnvironment *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gint64 now = g_get_real_time ();

  g_task_set_name (task, "load overview");
  pr_store_load_overview_async (self->store, now - DAYS_BACK * G_TIME_SPAN_DAY,
                                now + PR_OVERVIEW_CERTIFICATE_DAYS * G_TIME_SPAN_DAY, cancellable,
                                on_loaded, task);
}

/**
 * pr_environment_load_overview_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the overview
 */
PrOverview *
pr_environment_load_overview_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
