/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes one after the other, for whoever has no room for 100,000 at once. Main thread. */

#include "pr-environment-private.h"

static void
on_visited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  pr_store_visit_mailboxes_finish (PR_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * pr_environment_visit_mailboxes_async:
 * @self: an environment
 * @selection: which ones
 * @first: (nullable): given all of them before @visitor is given any
 * @visitor: given one after the other: in the store thread, which nobody else uses meanwhile
 * @data: for @first and @visitor; must live until @callback
 * @cancellable: (nullable): cancels
 * @callback: called when @visitor has seen them all, as they were at one moment
 * @user_data: for @callback
 */
void
pr_environment_visit_mailboxes_async (PrEnvironment *self,
                                      PrSelection *selection,
                                      PrStoreVisitor first,
                                      PrStoreVisitor visitor,
                                      gpointer data,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "pr_environment_visit_mailboxes_async");
  /* Until then @data is in use. */
  g_task_set_check_cancellable (task, FALSE);
  pr_store_visit_mailboxes_async (self->store, selection, first, visitor, data, NULL, cancellable,
                                  on_visited, task);
}

gboolean
pr_environment_visit_mailboxes_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
