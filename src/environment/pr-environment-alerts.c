/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on the alerts wall. Main thread. */

#include "pr-environment-private.h"

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *list = pr_store_list_alerts_finish (PR_STORE (source), result, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_list_alerts_async:
 * @self: an environment
 * @filter: which ones
 * @cancellable: (nullable): cancels
 * @callback: called with them
 * @user_data: for @callback
 */
void
pr_environment_list_alerts_async (PrEnvironment *self,
                                  const PrAlertFilter *filter,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  pr_store_list_alerts_async (self->store, filter, cancellable, on_listed,
                              g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_environment_list_alerts_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrAlert): the alerts, the newest first
 */
GPtrArray *
pr_environment_list_alerts_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_dismissed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint n;

  if (pr_store_dismiss_alerts_finish (PR_STORE (source), result, &n, &error))
    g_task_return_int (task, (gssize) n);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_dismiss_alerts_async:
 * @self: an environment
 * @filter: which ones
 * @id: only this one; 0: all that fit
 * @cancellable: (nullable): cancels
 * @callback: called when they are off the wall
 * @user_data: for @callback
 */
void
pr_environment_dismiss_alerts_async (PrEnvironment *self,
                                     const PrAlertFilter *filter,
                                     gint64 id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  pr_store_dismiss_alerts_async (self->store, filter, id, cancellable, on_dismissed,
                                 g_task_new (self, cancellable, callback, user_data));
}

gboolean
pr_environment_dismiss_alerts_finish (PrEnvironment *self,
                                      GAsyncResult *result,
                                      guint *n_dismissed,
                                      GError **error)
{
  return pr_environment_change_mailboxes_finish (self, result, n_dismissed, error);
}
