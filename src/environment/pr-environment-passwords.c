/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One password for many mailboxes, such as those of a shared account. Main thread. */

#include "pr-environment-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PrSelection *selection;
  PrSecret *secret;
  GPtrArray *forbidding; /* of PrServerProfile: whose mailboxes may have no password */
  guint next;
  GArray *ids;         /* of gint64 */
  PrEnvironment *held; /* whose secrets are held */
} PrPasswordsWork;

static void
passwords_work_free (gpointer data)
{
  PrPasswordsWork *work = data;

  pr_selection_free (work->selection);
  pr_secret_unref (work->secret);
  g_ptr_array_unref (work->forbidding);
  g_clear_pointer (&work->ids, g_array_unref);
  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static gboolean
is_forbidding (PrEnvironment *self, PrServerProfile *profile, GError **error)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (!pr_server_profile_may_enter_credentials (profile, direction, self->settings, error))
      return TRUE;
  return FALSE;
}

static GPtrArray *
list_forbidding (PrEnvironment *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->profiles));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrServerProfile) profile =
          g_list_model_get_item (G_LIST_MODEL (self->profiles), i);

      if (is_forbidding (self, profile, NULL))
        g_ptr_array_add (list, g_steal_pointer (&profile));
    }
  return list;
}

static void
on_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPasswordsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_store_mark_passwords_finish (PR_STORE (source), result, &error))
    g_task_return_int (task, work->ids->len);
  else
    g_task_return_error (task, error);
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    pr_store_mark_passwords_async (self->store, (const gint64 *) (gpointer) work->ids->data,
                                   work->ids->len, NULL, on_marked, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordsWork *work = g_task_get_task_data (task);
  g_autofree PrSecretChange *changes = NULL;
  GError *error = NULL;

  if (!pr_store_note_unsettled_finish (PR_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  changes = g_new0 (PrSecretChange, work->ids->len);
  for (guint i = 0; i < work->ids->len; i++)
    changes[i] = (PrSecretChange){ g_array_index (work->ids, gint64, i), work->secret };
  pr_secrets_change_whole_async (self->secrets, PR_SECRET_MAILBOX_PASSWORD, "", changes,
                                 work->ids->len, g_task_get_cancellable (task), on_stored,
                                 g_object_ref (task));
}

static void
on_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrPasswordsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_hold_secrets_finish (self, result, &error);
  if (work->held != NULL)
    pr_store_note_unsettled_async (self->store, (const gint64 *) (gpointer) work->ids->data,
                                   work->ids->len, g_task_get_cancellable (task), on_noted,
                                   g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPasswordsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->ids = pr_store_list_mailbox_ids_finish (PR_STORE (source), result, &error);
  if (work->ids == NULL)
    g_task_return_error (task, error);
  else if (work->ids->len == 0)
    g_task_return_int (task, 0);
  else
    pr_environment_hold_secrets_async (g_task_get_source_object (task),
                                       g_task_get_cancellable (task), on_held, g_object_ref (task));
}

static void check_next (GTask *task);

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GArray) ids = pr_store_list_mailbox_ids_finish (PR_STORE (source), result, &error);

  if (ids != NULL && ids->len == 0)
    {
      check_next (task);
      return;
    }
  if (ids != NULL)
    is_forbidding (self, g_ptr_array_index (work->forbidding, work->next - 1), &error);
  g_task_return_error (task, error);
}

/* Does one of the mailboxes use a profile that forbids it? */
static void
check_next (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordsWork *work = g_task_get_task_data (task);
  g_autoptr (PrSelection) selection = pr_selection_copy (work->selection);

  if (work->next == work->forbidding->len)
    {
      pr_store_list_mailbox_ids_async (self->store, selection, g_task_get_cancellable (task),
                                       on_listed, g_object_ref (task));
      return;
    }
  pr_selection_set_profile (
      selection, pr_record_get_id (PR_RECORD (g_ptr_array_index (work->forbidding, work->next++))));
  pr_selection_set_page (selection, 0, 1);
  pr_store_list_mailbox_ids_async (self->store, selection, g_task_get_cancellable (task),
                                   on_checked, g_object_ref (task));
}

/**
 * pr_environment_set_passwords_async:
 * @self: an environment
 * @selection: which mailboxes
 * @secret: the password of them all
 * @cancellable: (nullable): cancels: then nothing has changed
 * @callback: called when it is in the keyring
 * @user_data: for @callback
 *
 * Refused, and nothing changed, when one of them uses a profile whose connections are not
 * encrypted.
 */
void
pr_environment_set_passwords_async (PrEnvironment *self,
                                    PrSelection *selection,
                                    PrSecret *secret,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrPasswordsWork *work;
  GError *error = NULL;

  g_return_if_fail (PR_IS_ENVIRONMENT (self));
  g_return_if_fail (secret != NULL);

  work = g_new0 (PrPasswordsWork, 1);
  work->selection = pr_selection_copy (selection);
  work->secret = pr_secret_ref (secret);
  work->forbidding = list_forbidding (self);
  g_task_set_task_data (task, work, passwords_work_free);
  if (!pr_environment_check_secret (secret, &error)
      || !pr_environment_check_writable (self, &error))
    g_task_return_error (task, error);
  else
    check_next (task);
}

/**
 * pr_environment_set_passwords_finish:
 * @self: an environment
 * @result: what the callback got
 * @n_set: (out): how many mailboxes have it now
 * @error: set on failure
 *
 * Returns: whether it succeeded
 */
gboolean
pr_environment_set_passwords_finish (PrEnvironment *self,
                                     GAsyncResult *result,
                                     guint *n_set,
                                     GError **error)
{
  return pr_environment_change_mailboxes_finish (self, result, n_set, error);
}
