/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which environments there are: one folder each, named by its id, below DATA/environments. The
 * name stands in the database, so there is no list beside them that could disagree. Main
 * thread. */

#include "pr-environment-list.h"

#include "pr-error.h"
#include "pr-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define FOLDER "environments"
#define FILE_NAME "postroom.db"

typedef struct
{
  GPtrArray *found; /* of PrEnvironmentInfo */
  GPtrArray *paths; /* of char *: not looked at yet */
  guint next;
} PrListWork;

static void list_next (GTask *task);

/**
 * pr_environment_info_free:
 * @self: (transfer full): an environment's names
 */
void
pr_environment_info_free (PrEnvironmentInfo *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->path);
  g_clear_error (&self->error);
  g_free (self);
}

static void
list_work_free (gpointer data)
{
  PrListWork *work = data;

  g_clear_pointer (&work->found, g_ptr_array_unref);
  g_ptr_array_unref (work->paths);
  g_free (work);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const PrEnvironmentInfo *const *left = a, *const *right = b;

  return g_strcmp0 ((*left)->name, (*right)->name);
}

static void
add_broken (PrListWork *work, GError *error)
{
  PrEnvironmentInfo *info = g_new0 (PrEnvironmentInfo, 1);

  info->path = g_strdup (g_ptr_array_index (work->paths, work->next - 1));
  info->error = error;
  g_ptr_array_add (work->found, info);
}

static void
on_identity (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrListWork *work = g_task_get_task_data (task);
  g_autoptr (PrEnvironmentInfo) info = g_new0 (PrEnvironmentInfo, 1);
  g_autoptr (GError) error = NULL;

  if (pr_store_get_identity_finish (PR_STORE (source), result, &info->id, &info->name, &error))
    {
      info->path = g_strdup (pr_store_get_path (PR_STORE (source)));
      g_ptr_array_add (work->found, g_steal_pointer (&info));
    }
  else if (!g_error_matches (error, PR_ERROR, PR_ERROR_NOT_FOUND))
    add_broken (work, g_steal_pointer (&error));
  /* Without identity: one that is just being made, or was given up while it was. */
  list_next (task);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrStore) store = pr_store_open_finish (result, &error);

  if (store != NULL)
    {
      pr_store_get_identity_async (store, NULL, on_identity, g_object_ref (task));
      return;
    }
  if (!g_error_matches (error, PR_ERROR, PR_ERROR_NOT_FOUND))
    add_broken (g_task_get_task_data (task), g_steal_pointer (&error));
  list_next (task);
}

static void
list_next (GTask *task)
{
  PrListWork *work = g_task_get_task_data (task);

  if (work->next == work->paths->len)
    {
      g_ptr_array_sort (work->found, compare_names);
      g_task_return_pointer (task, g_steal_pointer (&work->found),
                             (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  pr_store_open_async (g_ptr_array_index (work->paths, work->next++), PR_STORE_READ_WRITE, NULL,
                       on_opened, g_object_ref (task));
}

/**
 * pr_environment_list_async:
 * @data_dir: the data folder; it need not exist
 * @cancellable: (nullable): cancels
 * @callback: called with the environments
 * @user_data: for @callback
 */
void
pr_environment_list_async (const char *data_dir,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *folder = g_build_filename (data_dir, FOLDER, NULL);
  PrListWork *work = g_new0 (PrListWork, 1);
  g_autoptr (GError) error = NULL;
  GDir *dir;
  const char *name;

  work->found = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_environment_info_free);
  work->paths = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, work, list_work_free);
  dir = g_dir_open (folder, 0, &error);
  if (dir == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_task_return_error (task,
                           pr_error_new (PR_ERROR_DATABASE, NULL, _ ("“%s” cannot be opened: %s."),
                                         folder, error->message));
      return;
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_uuid_string_is_valid (name))
      g_ptr_array_add (work->paths, g_build_filename (folder, name, FILE_NAME, NULL));
  g_clear_pointer (&dir, g_dir_close);
  list_next (task);
}

/**
 * pr_environment_list_finish:
 * @result: what the callback got
 * @error: set on failure; that one of the databases is damaged or too new stands in its entry
 *
 * Returns: (transfer full) (nullable) (element-type PrEnvironmentInfo): the environments, by name
 */
GPtrArray *
pr_environment_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_environment_make_folder:
 * @data_dir: the data folder
 * @id: (nullable): of an environment; %NULL for the data folder itself
 * @error: set on failure
 *
 * Makes the folder, for its owner alone.
 *
 * Returns: (transfer full) (nullable): with @id the path of its database, else the data folder
 */
char *
pr_environment_make_folder (const char *data_dir, const char *id, GError **error)
{
  g_autofree char *folder =
      id != NULL ? g_build_filename (data_dir, FOLDER, id, NULL) : g_strdup (data_dir);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      pr_set_error (error, PR_ERROR_READ_ONLY, NULL, _ ("“%s” cannot be made: %s."), folder,
                    g_strerror (errno));
      return NULL;
    }
  return id != NULL ? g_build_filename (folder, FILE_NAME, NULL) : g_steal_pointer (&folder);
}
