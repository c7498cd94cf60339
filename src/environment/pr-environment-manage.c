/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Adding, renaming and removing environments. Names are unique under the lock of the data
 * folder; an environment goes with its secrets, or not at all. Main thread. */

#include "pr-environment-manage.h"

#include "pr-environment-list.h"
#include "pr-environment-private.h"
#include "pr-file-lock.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <errno.h>

#define NAME_MAX_CHARACTERS 100

/**
 * pr_environment_check_name:
 * @name: what the admin wants to call an environment
 * @own_id: (nullable): the id of the environment that is to have it
 * @existing: (element-type PrEnvironmentInfo): those that there are
 * @error: set to %PR_ERROR_INVALID_VALUE or %PR_ERROR_DUPLICATE
 *
 * Returns: whether it may
 */
gboolean
pr_environment_check_name (const char *name,
                           const char *own_id,
                           GPtrArray *existing,
                           GError **error)
{
  glong n = g_utf8_validate (name, -1, NULL) ? g_utf8_strlen (name, -1) : 0;
  g_autofree char *key = NULL;

  if (n < 1 || n > NAME_MAX_CHARACTERS || pr_text_has_controls (name) || g_ascii_isspace (*name))
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "name",
                    _ ("Name: “%s” is not accepted. Accepted: 1 to %d characters on one line, not "
                       "beginning with a space."),
                    n > 0 ? name : "", NAME_MAX_CHARACTERS);
      return FALSE;
    }
  key = g_utf8_casefold (name, -1);
  for (guint i = 0; i < existing->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (existing, i);
      g_autofree char *other = info->name != NULL ? g_utf8_casefold (info->name, -1) : NULL;

      if (other == NULL || !g_str_equal (other, key) || g_strcmp0 (info->id, own_id) == 0)
        continue;
      pr_set_error (error, PR_ERROR_DUPLICATE, "name",
                    _ ("Name: “%s” is not accepted, there is an environment “%s” already. "
                       "Accepted: a name that is not in use."),
                    name, info->name);
      return FALSE;
    }
  return TRUE;
}

/* --- Add -------------------------------------------------------------------------------------- */

/**
 * pr_environment_add_async:
 * @data_dir: where environments are
 * @name: what to call it
 * @keyring: where its secrets will be
 * @cancellable: (nullable): cancels
 * @callback: called when it is made and open
 * @user_data: for @callback
 */
void
pr_environment_add_async (const char *data_dir,
                          const char *name,
                          PrKeyring *keyring,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  pr_environment_start_open (pr_change_task_new (NULL, cancellable, callback, user_data), data_dir,
                             name, keyring, TRUE);
}

/**
 * pr_environment_add_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the new environment
 */
PrEnvironment *
pr_environment_add_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Rename ----------------------------------------------------------------------------------- */

typedef struct
{
  char *data_dir;
  char *name;
  int lock;
} PrRename;

static void
rename_free (gpointer data)
{
  PrRename *work = data;

  if (work->lock >= 0)
    pr_file_lock_release (work->lock);
  g_free (work->data_dir);
  g_free (work->name);
  g_free (work);
}

static void
on_renamed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrRename *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_store_set_identity_finish (PR_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_free (self->name);
  self->name = g_strdup (work->name);
  g_signal_emit_by_name (self, "changed");
  g_task_return_boolean (task, TRUE);
}

static void
on_rename_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrRename *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) list = pr_environment_list_finish (result, &error);

  if (list == NULL || !pr_environment_check_name (work->name, self->id, list, &error))
    g_task_return_error (task, error);
  else
    pr_store_set_identity_async (self->store, self->id, work->name, NULL, on_renamed,
                                 g_object_ref (task));
}

static void
on_rename_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrRename *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->lock = pr_file_lock_acquire_finish (result, &error);
  if (work->lock < 0)
    g_task_return_error (task, error);
  else
    pr_environment_list_async (work->data_dir, NULL, on_rename_listed, g_object_ref (task));
}

/* DATA of DATA/environments/ID */
static char *
get_data_dir (PrEnvironment *self)
{
  g_autofree char *parent = g_path_get_dirname (self->folder);

  return g_path_get_dirname (parent);
}

/**
 * pr_environment_rename_async:
 * @self: an environment
 * @name: what to call it from now on
 * @cancellable: (nullable): cancels
 * @callback: called when it has its name
 * @user_data: for @callback
 */
void
pr_environment_rename_async (PrEnvironment *self,
                             const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrRename *work = g_new0 (PrRename, 1);
  g_autofree char *lock_path = NULL;
  GError *error = NULL;

  work->data_dir = get_data_dir (self);
  work->name = g_strdup (name);
  work->lock = -1;
  g_task_set_task_data (task, work, rename_free);
  lock_path = g_build_filename (work->data_dir, "environments.lock", NULL);
  if (pr_environment_check_writable (self, &error))
    pr_file_lock_acquire_async (lock_path, cancellable, on_rename_locked, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

gboolean
pr_environment_rename_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Remove ----------------------------------------------------------------------------------- */

/**
 * pr_folder_remove:
 * @path: a folder of our own making
 *
 * Removes it with everything in it; links are removed, not followed.
 */
void
pr_folder_remove (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        pr_folder_remove (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/**
 * pr_environment_is_gone:
 * @self: an environment
 *
 * Returns: whether pr_environment_remove_async() has removed it: nothing works in it any more
 */
gboolean
pr_environment_is_gone (PrEnvironment *self)
{
  return self->store == NULL;
}

static void
on_secrets_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  g_autofree char *doomed = NULL;
  GError *error = NULL;

  if (!pr_secrets_clear_all_finish (PR_SECRETS (source), result, &error))
    {
      pr_range_lock_try_shared (self->use, 0);
      g_task_return_error (task, error);
      return;
    }
  /* From one moment to the next it is no environment: what has another name is not listed. */
  doomed = g_strconcat (self->folder, ".removed", NULL);
  if (g_rename (self->folder, doomed) != 0)
    {
      g_task_return_error (task, pr_error_new (PR_ERROR_READ_ONLY, NULL,
                                               _ ("“%s” cannot be removed: %s."), self->folder,
                                               g_strerror (errno)));
      return;
    }
  g_signal_handler_disconnect (self->store, self->stored_id);
  g_clear_object (&self->store);
  pr_folder_remove (doomed);
  g_task_return_boolean (task, TRUE);
}

/**
 * pr_environment_remove_async:
 * @self: an environment; gone afterwards: close it
 * @cancellable: (nullable): cancels before anything was removed
 * @callback: called when it is gone, with its secrets
 * @user_data: for @callback
 *
 * Refused with %PR_ERROR_IN_USE while somebody else has it open.
 */
void
pr_environment_remove_async (PrEnvironment *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  if (!pr_environment_check_writable (self, &error) || self->use == NULL)
    g_task_return_error (task, error);
  else if (!pr_range_lock_try (self->use, 0))
    g_task_return_error (task,
                         pr_error_new (PR_ERROR_IN_USE, "environment",
                                       _ ("“%s” cannot be removed, because it is open in another "
                                          "window or program. Close it there first."),
                                       self->name));
  else
    pr_secrets_clear_all_async (self->secrets, cancellable, on_secrets_cleared,
                                g_object_ref (task));
}

gboolean
pr_environment_remove_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
