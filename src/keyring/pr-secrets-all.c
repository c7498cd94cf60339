/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSecrets: what concerns all secrets of an environment at once. Main thread. */

#include "pr-secrets-private.h"

static void
on_all_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSecrets *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (self->cache != NULL)
    g_hash_table_remove_all (self->cache);
  if (pr_keyring_clear_finish (PR_KEYRING (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pr_secrets_clear_all_async:
 * @self: the secrets of an environment
 * @cancellable: (nullable): ends the wait
 * @callback: called when none is left
 * @user_data: for @callback
 */
void
pr_secrets_clear_all_async (PrSecrets *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  PrKeyringItem item = { self->environment_id, PR_SECRET_PROFILE_PASSWORD, NULL, "", "", FALSE };
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  pr_keyring_clear_async (self->keyring, &item, cancellable, on_all_cleared, task);
}

gboolean
pr_secrets_clear_all_finish (PrSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_peeked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PrSecret) any = pr_keyring_lookup_finish (PR_KEYRING (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * pr_secrets_check_open_async:
 * @self: the secrets of an environment
 * @cancellable: (nullable): ends the wait
 * @callback: called when it is known whether secrets can be had without asking anybody
 * @user_data: for @callback
 */
void
pr_secrets_check_open_async (PrSecrets *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  PrKeyringItem item = { self->environment_id, PR_SECRET_MAILBOX_PASSWORD, NULL, "", "", TRUE };

  pr_keyring_lookup_async (self->keyring, &item, cancellable, on_peeked,
                           g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_secrets_check_open_finish:
 * @self: the secrets of an environment
 * @result: what the callback got
 * @error: set to %PR_ERROR_KEYRING_LOCKED and others
 *
 * Returns: whether they can
 */
gboolean
pr_secrets_check_open_finish (PrSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
