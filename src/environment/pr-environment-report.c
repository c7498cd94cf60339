/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The last report of a mailbox, as it was stored. Main thread. */

#include "pr-environment-private.h"
#include "pr-report-json.h"

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *json = pr_store_load_report_finish (PR_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, *json != '\0' ? pr_report_from_json_text (json) : NULL,
                           (GDestroyNotify) pr_report_unref);
}

/**
 * pr_environment_load_report_async:
 * @self: an environment
 * @mailbox_id: a mailbox
 * @direction: which of its directions
 * @cancellable: (nullable): cancels
 * @callback: called with its last report
 * @user_data: for @callback
 */
void
pr_environment_load_report_async (PrEnvironment *self,
                                  gint64 mailbox_id,
                                  PrDirection direction,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (PR_IS_ENVIRONMENT (self));

  pr_store_load_report_async (self->store, mailbox_id, direction, cancellable, on_loaded,
                              g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_environment_load_report_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the report; %NULL without an error when it was never tested
 */
PrReport *
pr_environment_load_report_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
