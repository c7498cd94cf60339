/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrEnvironment: secrets whose mailbox or profile was deleted while the keyring was locked or did
 * not answer. What was deleted stays deleted; its secrets are remembered, so that they can be
 * removed as soon as the keyring can be written. Main thread. */

#include "pr-environment-private.h"

void
pr_environment_keep_left_secrets (PrEnvironment *self,
                                  PrSecretKind kind,
                                  const char *direction,
                                  const gint64 *ids,
                                  guint n_ids,
                                  const GError *error)
{
  g_info ("secrets of what was deleted stay in the keyring: %s", error->message);
  /* Where there is no keyring there is nothing in it, as far as anybody can tell. */
  if (g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_UNAVAILABLE))
    return;
  if (self->left == NULL)
    self->left = g_array_new (FALSE, FALSE, sizeof (PrLeftSecret));
  for (guint i = 0; i < n_ids; i++)
    {
      PrLeftSecret secret = { kind, direction, ids[i] };

      g_array_append_val (self->left, secret);
    }
  if (self->left_reason == NULL)
    self->left_reason = g_strdup (error->message);
}

/**
 * pr_environment_take_left_secrets:
 * @self: an environment from which mailboxes or profiles were deleted
 *
 * Returns: (transfer full) (nullable): why their secrets are still in the keyring; %NULL if they
 *   are gone. It is told once.
 */
char *
pr_environment_take_left_secrets (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return g_steal_pointer (&self->left_reason);
}

/**
 * pr_environment_get_n_left_secrets:
 * @self: an environment
 *
 * Returns: how many secrets may still be in the keyring although what they belonged to was deleted
 */
guint
pr_environment_get_n_left_secrets (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), 0);

  return self->left != NULL ? self->left->len : 0;
}

/* --- Removing them ---------------------------------------------------------------------------- */

/* Those that one change of the keyring removes. */
typedef struct
{
  PrLeftSecret like;
  guint n_known; /* those after them were left meanwhile */
} PrClearing;

static void clear_next (GTask *task);

static gboolean
is_alike (const PrLeftSecret *a, const PrLeftSecret *b)
{
  return a->kind == b->kind && g_str_equal (a->direction, b->direction);
}

/* Of those like the first one: an item of the keyring holds many. */
static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  const PrClearing *done = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = done->n_known; i > 0; i--)
    if (is_alike (&done->like, &g_array_index (self->left, PrLeftSecret, i - 1)))
      g_array_remove_index (self->left, i - 1);
  clear_next (task);
}

static void
clear_next (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  g_autofree PrSecretChange *changes = NULL;
  PrClearing *clearing;
  guint n = 0;

  if (self->left == NULL || self->left->len == 0)
    {
      g_clear_pointer (&self->left_reason, g_free);
      g_task_return_boolean (task, TRUE);
      return;
    }
  clearing = g_new0 (PrClearing, 1);
  clearing->like = g_array_index (self->left, PrLeftSecret, 0);
  clearing->n_known = self->left->len;
  g_task_set_task_data (task, clearing, g_free);
  changes = g_new0 (PrSecretChange, self->left->len);
  for (guint i = 0; i < self->left->len; i++)
    if (is_alike (&clearing->like, &g_array_index (self->left, PrLeftSecret, i)))
      changes[n++].id = g_array_index (self->left, PrLeftSecret, i).id;
  pr_secrets_change_async (self->secrets, clearing->like.kind, clearing->like.direction, changes, n,
                           g_task_get_cancellable (task), on_cleared, g_object_ref (task));
}

/**
 * pr_environment_clear_left_secrets_async:
 * @self: an environment
 * @cancellable: (nullable): cancels
 * @callback: called when they are gone, or still cannot be removed
 * @user_data: for @callback
 *
 * Removes the secrets of what was deleted, which could not be done at that time.
 */
void
pr_environment_clear_left_secrets_async (PrEnvironment *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PR_IS_ENVIRONMENT (self));

  task = pr_change_task_new (self, cancellable, callback, user_data);
  g_task_set_name (task, "pr_environment_clear_left_secrets");
  clear_next (task);
}

gboolean
pr_environment_clear_left_secrets_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
