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
                                 pr_change_task_new (self, cancellable, callback, user_data));
}

gboolean
pr_environment_dismiss_alerts_finish (PrEnvironment *self,
                                      GAsyncResult *result,
                                      guint *n_dismissed,
                                      GError **error)
{
  return pr_environment_change_mailboxes_finish (self, result, n_dismissed, error);
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree PrAlertCounts *counts = g_new0 (PrAlertCounts, 1);
  GError *error = NULL;

  if (pr_store_count_alerts_finish (PR_STORE (source), result, counts, &error))
    g_task_return_pointer (task, g_steal_pointer (&counts), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_count_alerts_async:
 * @self: an environment
 * @filter: which ones; its page does not matter
 * @cancellable: (nullable): cancels
 * @callback: called with their counts
 * @user_data: for @callback
 */
void
pr_environment_count_alerts_async (PrEnvironment *self,
                                   const PrAlertFilter *filter,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  pr_store_count_alerts_async (self->store, filter, cancellable, on_counted,
                               g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_environment_count_alerts_finish:
 * @self: an environment
 * @result: what the callback got
 * @counts: (out): how many
 * @error: set on failure
 *
 * Returns: whether it succeeded
 */
gboolean
pr_environment_count_alerts_finish (PrEnvironment *self,
                                    GAsyncResult *result,
                                    PrAlertCounts *counts,
                                    GError **error)
{
  g_autofree PrAlertCounts *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found != NULL)
    *counts = *found;
  return found != NULL;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_read_alerts_finish (PR_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_read_alerts_async:
 * @self: an environment
 * @filter: which ones; its page does not matter
 * @cancellable: (nullable): cancels
 * @callback: called when they are marked
 * @user_data: for @callback
 *
 * Somebody has seen them: they are no longer counted as unread.
 */
void
pr_environment_read_alerts_async (PrEnvironment *self,
                                  const PrAlertFilter *filter,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  pr_store_read_alerts_async (self->store, filter, cancellable, on_read,
                              pr_change_task_new (self, cancellable, callback, user_data));
}

gboolean
pr_environment_read_alerts_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
