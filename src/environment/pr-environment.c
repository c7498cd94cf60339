/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrEnvironment: opening one, and what it always has at hand: its settings and profiles, which
 * are few. Mailboxes are many and stay in the store. Main thread. */

#include "pr-environment-private.h"

#include "pr-environment-list.h"
#include "pr-environment-oauth.h"
#include "pr-file-lock.h"
#include "pr-text.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (PrEnvironment, pr_environment, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_STORED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
pr_environment_finalize (GObject *object)
{
  PrEnvironment *self = PR_ENVIRONMENT (object);

  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_free (self->id);
  g_free (self->name);
  g_free (self->folder);
  g_free (self->left_reason);
  g_clear_pointer (&self->left, g_array_unref);
  if (self->store != NULL)
    g_clear_signal_handler (&self->stored_id, self->store);
  g_clear_pointer (&self->oauth, pr_environment_oauth_free);
  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  g_clear_object (&self->settings);
  g_clear_object (&self->profiles);
  g_clear_pointer (&self->use, pr_range_lock_close);
  G_OBJECT_CLASS (pr_environment_parent_class)->finalize (object);
}

static void
pr_environment_class_init (PrEnvironmentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_environment_finalize;

  /**
   * PrEnvironment::changed:
   *
   * Settings or profiles were read again.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * PrEnvironment::stored:
   * @self: an environment
   * @changed: #PrStoreChanged: what
   *
   * Something was written, by this program or (see pr_environment_set_following()) another one.
   */
  signals[SIGNAL_STORED] = g_signal_new ("stored", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pr_environment_init (PrEnvironment *self)
{
  self->settings = pr_email_settings_new ();
  self->profiles = g_list_store_new (PR_TYPE_SERVER_PROFILE);
}

/**
 * pr_environment_get_default_data_dir:
 *
 * Returns: (transfer full): where environments are unless somebody says otherwise
 */
char *
pr_environment_get_default_data_dir (void)
{
  const char *chosen = g_getenv ("POSTROOM_DATA_DIR");

  if (chosen != NULL && *chosen != '\0')
    return g_strdup (chosen);
  return g_build_filename (g_get_user_data_dir (), "postroom", NULL);
}

/* --- Reading again ---------------------------------------------------------------------------- */

static void
set_profiles (PrEnvironment *self, GPtrArray *profiles)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->profiles));

  g_list_store_splice (self->profiles, 0, n, profiles->pdata, profiles->len);
}

static void
on_profiles_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) profiles =
      pr_store_list_profiles_finish (PR_STORE (source), result, &error);

  if (profiles == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  set_profiles (self, profiles);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  g_task_return_boolean (task, TRUE);
}

static void
on_settings_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (PrEmailSettings) settings =
      pr_store_load_settings_finish (PR_STORE (source), result, &error);

  if (settings == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_set_object (&self->settings, settings);
  pr_store_list_profiles_async (self->store, g_task_get_cancellable (task), on_profiles_listed,
                                g_object_ref (task));
}

/**
 * pr_environment_reload_async:
 * @self: an environment
 * @cancellable: (nullable): cancels
 * @callback: called when settings and profiles are up to date
 * @user_data: for @callback
 */
void
pr_environment_reload_async (PrEnvironment *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  pr_store_load_settings_async (self->store, cancellable, on_settings_loaded, task);
}

gboolean
pr_environment_reload_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_reloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_reload_finish (PR_ENVIRONMENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Ends @task with TRUE once what a command has changed was read again. Takes no reference that
 * the caller has. */
void
pr_environment_then_reload (PrEnvironment *self, GTask *task)
{
  pr_environment_reload_async (self, NULL, on_reloaded, g_object_ref (task));
}

/* A task of a command that changes something. Whether it took place although somebody cancelled it
 * is what the store and the keyring say, which have ended by then; a task as GLib makes it would
 * say "cancelled" of what is done, if the cancel came between the commit and the answer. */
GTask *
pr_change_task_new (gpointer source,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  return task;
}

/* --- Opening ---------------------------------------------------------------------------------- */

typedef struct
{
  PrEnvironment *self;
  PrKeyring *keyring;
  char *data_dir;
  char *name;
  gboolean any;    /* nobody named it */
  gboolean create; /* it must not exist yet */
  char *id;        /* of the one that is being made */
  int lock;        /* so that two first starts make one environment */
} PrOpen;

static void
open_free (gpointer data)
{
  PrOpen *open = data;

  if (open->lock >= 0)
    pr_file_lock_release (open->lock);
  g_object_unref (open->self);
  g_object_unref (open->keyring);
  g_free (open->data_dir);
  g_free (open->name);
  g_free (open->id);
  g_free (open);
}

static void
on_mended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  (void) pr_environment_mend_finish (PR_ENVIRONMENT (source), result);
  g_task_return_pointer (task, g_object_ref (source), g_object_unref);
}

static void
on_open_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_reload_finish (PR_ENVIRONMENT (source), result, &error))
    pr_environment_mend_async (PR_ENVIRONMENT (source), on_mended, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_stored (PrStore *store, guint changed, PrEnvironment *self)
{
  /* Our own commands read again themselves. */
  if (changed == PR_STORE_CHANGED_ALL)
    pr_environment_reload_async (self, NULL, NULL, NULL);
  g_signal_emit (self, signals[SIGNAL_STORED], 0, changed);
}

/* While anybody has it open it cannot be removed. Where nothing can be written nothing can be
 * removed either. */
static gboolean
take_use (PrEnvironment *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "use.lock", NULL);

  self->use = pr_range_lock_open (path, NULL);
  if (self->use == NULL || pr_range_lock_try_shared (self->use, 0))
    return TRUE;
  pr_set_error (error, PR_ERROR_IN_USE, "environment",
                _ ("The environment “%s” is just being removed."), self->name);
  return FALSE;
}

static void
on_open_identified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOpen *open = g_task_get_task_data (task);
  PrEnvironment *self = open->self;
  g_autofree char *lock_path = NULL;
  GError *error = NULL;

  if (!pr_store_get_identity_finish (self->store, result, &self->id, &self->name, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self->stored_id = g_signal_connect (self->store, "changed", G_CALLBACK (on_stored), self);
  self->folder = g_path_get_dirname (pr_store_get_path (self->store));
  if (!take_use (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  lock_path = g_build_filename (self->folder, "secrets.lock", NULL);
  self->secrets = pr_secrets_new (open->keyring, self->id, self->name, lock_path);
  pr_environment_reload_async (self, g_task_get_cancellable (task), on_open_loaded,
                               g_object_ref (task));
}

static void
on_identity_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOpen *open = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_store_set_identity_finish (open->self->store, result, &error))
    g_task_return_error (task, error);
  else
    pr_store_get_identity_async (open->self->store, NULL, on_open_identified, g_object_ref (task));
}

static void
on_store_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOpen *open = g_task_get_task_data (task);
  GError *error = NULL;

  open->self->store = pr_store_open_finish (result, &error);
  if (open->self->store == NULL)
    g_task_return_error (task, error);
  else if (open->id != NULL)
    pr_store_set_identity_async (open->self->store, open->id, open->name, NULL, on_identity_set,
                                 g_object_ref (task));
  else
    pr_store_get_identity_async (open->self->store, NULL, on_open_identified, g_object_ref (task));
}

static void
make_new (GTask *task)
{
  PrOpen *open = g_task_get_task_data (task);
  g_autofree char *path = NULL;
  GError *error = NULL;

  open->id = g_uuid_string_random ();
  path = pr_environment_make_folder (open->data_dir, open->id, &error);
  if (path == NULL)
    g_task_return_error (task, error);
  else
    pr_store_open_async (path, PR_STORE_CREATE, NULL, on_store_opened, g_object_ref (task));
}

/* A first start makes "Default"; any other name must exist. */
static void
open_new (GTask *task, GPtrArray *existing)
{
  PrOpen *open = g_task_get_task_data (task);
  GError *error = NULL;

  /* The one that is wanted may be among those that cannot be opened. */
  for (guint i = 0; i < existing->len; i++)
    if (((PrEnvironmentInfo *) g_ptr_array_index (existing, i))->error != NULL)
      {
        error = g_error_copy (((PrEnvironmentInfo *) g_ptr_array_index (existing, i))->error);
        g_task_return_error (task, error);
        return;
      }
  if (existing->len > 0 || !g_str_equal (open->name, PR_ENVIRONMENT_DEFAULT_NAME))
    {
      GString *names = g_string_new (NULL);

      for (guint i = 0; i < existing->len; i++)
        g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "",
                                ((PrEnvironmentInfo *) g_ptr_array_index (existing, i))->name);
      g_task_return_error (task,
                           pr_error_new (PR_ERROR_NOT_FOUND, "environment",
                                         _ ("There is no environment “%s”. There is: %s."),
                                         open->name, names->len > 0 ? names->str : _ ("none")));
      g_string_free (names, TRUE);
      return;
    }
  make_new (task);
}

/* The admin wants one more. */
static void
open_created (GTask *task, GPtrArray *existing)
{
  PrOpen *open = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_environment_check_name (open->name, NULL, existing, &error))
    make_new (task);
  else
    g_task_return_error (task, error);
}

static PrEnvironmentInfo *
find_info (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);

      if (info->error == NULL
          && (g_strcmp0 (info->name, name) == 0 || g_strcmp0 (info->id, name) == 0))
        return info;
    }
  return NULL;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOpen *open = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) list = pr_environment_list_finish (result, &error);
  PrEnvironmentInfo *info;

  if (list == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (open->create)
    {
      open_created (task, list);
      return;
    }
  info = find_info (list, open->name);
  /* "Default" was renamed, and there is no other one that could be meant. */
  if (info == NULL && open->any && list->len == 1)
    info = find_info (list, ((PrEnvironmentInfo *) g_ptr_array_index (list, 0))->id);
  if (info != NULL)
    pr_store_open_async (info->path, PR_STORE_READ_WRITE, NULL, on_store_opened,
                         g_object_ref (task));
  else
    open_new (task, list);
}

static void
on_open_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOpen *open = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  open->lock = pr_file_lock_acquire_finish (result, &error);
  /* A data folder that can only be read needs no lock: nothing will be made there. */
  if (open->lock < 0 && !g_error_matches (error, PR_ERROR, PR_ERROR_READ_ONLY))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  pr_environment_list_async (open->data_dir, NULL, on_listed, g_object_ref (task));
}

/**
 * pr_environment_open_async:
 * @data_dir: where environments are
 * @name: (nullable): its name or id; %NULL for "Default", or the only one there is
 * @keyring: where its secrets are
 * @cancellable: (nullable): cancels
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * The first time that anybody opens an environment in @data_dir one named "Default" is made.
 */
void
pr_environment_open_async (const char *data_dir,
                           const char *name,
                           PrKeyring *keyring,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  pr_environment_start_open (g_task_new (NULL, cancellable, callback, user_data), data_dir, name,
                             keyring, FALSE);
}

/* Takes @task, which ends with the open environment. */
void
pr_environment_start_open (GTask *task,
                           const char *data_dir,
                           const char *name,
                           PrKeyring *keyring,
                           gboolean create)
{
  PrOpen *open = g_new0 (PrOpen, 1);
  g_autofree char *made = NULL;
  g_autofree char *lock_path = g_build_filename (data_dir, "environments.lock", NULL);

  open->self = g_object_new (PR_TYPE_ENVIRONMENT, NULL);
  open->keyring = g_object_ref (keyring);
  open->data_dir = g_strdup (data_dir);
  open->name = g_strdup (name != NULL ? name : PR_ENVIRONMENT_DEFAULT_NAME);
  open->any = name == NULL;
  open->create = create;
  open->lock = -1;
  g_task_set_task_data (task, open, open_free);
  made = pr_environment_make_folder (data_dir, NULL, NULL);
  pr_file_lock_acquire_async (lock_path, g_task_get_cancellable (task), on_open_locked, task);
}

/**
 * pr_environment_open_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the open environment
 */
PrEnvironment *
pr_environment_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What is always at hand ------------------------------------------------------------------- */

const char *
pr_environment_get_name (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return self->name;
}

/**
 * pr_environment_get_folder:
 * @self: an environment
 *
 * Returns: (transfer none): where its files are
 */
const char *
pr_environment_get_folder (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return self->folder;
}

const char *
pr_environment_get_id (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return self->id;
}

gboolean
pr_environment_is_read_only (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), TRUE);

  return pr_store_is_read_only (self->store);
}

/**
 * pr_environment_is_testing:
 * @self: an environment
 *
 * Returns: whether a Test & Enable of this program goes on, or is storing its results
 */
gboolean
pr_environment_is_testing (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), FALSE);

  return self->n_jobs > 0;
}

/**
 * pr_environment_close:
 * @self: an environment that nothing more is asked of
 *
 * Closes the database now, and not only when the last reference goes: for the end of a program.
 */
void
pr_environment_close (PrEnvironment *self)
{
  g_return_if_fail (PR_IS_ENVIRONMENT (self));

  /* One that was removed has none any more. */
  if (self->store != NULL)
    pr_store_close (self->store);
}

/**
 * pr_environment_get_settings:
 * @self: an environment
 *
 * Returns: (transfer none): its settings as they were last read; to be duplicated for editing
 */
PrEmailSettings *
pr_environment_get_settings (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return self->settings;
}

/**
 * pr_environment_get_profiles:
 * @self: an environment
 *
 * Returns: (transfer none): a list of #PrServerProfile by name; to be duplicated for editing
 */
GListModel *
pr_environment_get_profiles (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return G_LIST_MODEL (self->profiles);
}

/**
 * pr_environment_find_profile:
 * @self: an environment
 * @name: a profile's name, case does not matter
 *
 * Returns: (transfer full) (nullable): that profile
 */
PrServerProfile *
pr_environment_find_profile (PrEnvironment *self, const char *name)
{
  g_autofree char *key = pr_text_casefold (name);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->profiles));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrServerProfile) profile =
          g_list_model_get_item (G_LIST_MODEL (self->profiles), i);
      g_autofree char *other = pr_text_casefold (pr_server_profile_get_text (profile, NAME));

      if (g_str_equal (key, other))
        return g_steal_pointer (&profile);
    }
  return NULL;
}

/**
 * pr_environment_find_profile_by_id:
 * @self: an environment
 * @id: a profile's id
 *
 * Returns: (transfer full) (nullable): that profile
 */
PrServerProfile *
pr_environment_find_profile_by_id (PrEnvironment *self, gint64 id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->profiles));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrServerProfile) profile =
          g_list_model_get_item (G_LIST_MODEL (self->profiles), i);

      if (pr_record_get_id (PR_RECORD (profile)) == id)
        return g_steal_pointer (&profile);
    }
  return NULL;
}
