/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on email settings. Main thread. */

#include "pr-environment-private.h"

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_save_settings_finish (PR_STORE (source), result, g_task_get_task_data (task),
                                     &error))
    pr_environment_then_reload (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_save_settings_async:
 * @self: an environment
 * @settings: edited settings
 * @cancellable: (nullable): cancels
 * @callback: called when they hold
 * @user_data: for @callback
 */
void
pr_environment_save_settings_async (PrEnvironment *self,
                                    PrEmailSettings *settings,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_task_data (task, g_object_ref (settings), g_object_unref);
  if (!pr_record_check_first (PR_RECORD (settings), NULL, &error)
      || !pr_environment_check_profile_id (self, pr_email_settings_get (settings, PROFILE_ID),
                                           &error))
    g_task_return_error (task, error);
  else
    pr_store_save_settings_async (self->store, settings, cancellable, on_saved,
                                  g_steal_pointer (&task));
}

gboolean
pr_environment_save_settings_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
