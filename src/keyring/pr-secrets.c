/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSecrets: which item holds whose secret, and how an item that several share is changed without
 * losing what another process wrote. Main thread. */

#include "pr-secrets-private.h"

#include "pr-answer.h"
#include "pr-bundle.h"
#include "pr-file-lock.h"
#include "pr-progress.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (PrSecrets, pr_secrets, G_TYPE_OBJECT)

static gboolean
is_bundled (PrSecretKind kind)
{
  return kind == PR_SECRET_MAILBOX_PASSWORD || kind == PR_SECRET_OAUTH_TOKEN;
}

/* The item's id: deterministic, so that no index is needed that could be wrong. */
static char *
get_item_id (PrSecretKind kind, gint64 id)
{
  if (is_bundled (kind))
    return g_strdup_printf ("bundle-%" G_GINT64_FORMAT, (id - 1) / PR_BUNDLE_SIZE);
  return g_strdup_printf ("%" G_GINT64_FORMAT, id);
}

static char *
get_label (PrSecrets *self, PrSecretKind kind, gint64 id)
{
  gint64 first = (id - 1) / PR_BUNDLE_SIZE * PR_BUNDLE_SIZE + 1;

  switch (kind)
    {
      case PR_SECRET_MAILBOX_PASSWORD:
        return g_strdup_printf (_ ("Postroom “%s”: passwords of mailboxes %d to %d"),
                                self->environment_name, (int) first,
                                (int) first + PR_BUNDLE_SIZE - 1);
      case PR_SECRET_OAUTH_TOKEN:
        return g_strdup_printf (_ ("Postroom “%s”: sign-ins of mailboxes %d to %d"),
                                self->environment_name, (int) first,
                                (int) first + PR_BUNDLE_SIZE - 1);
      case PR_SECRET_OAUTH_ACCOUNT:
        return g_strdup_printf (_ ("Postroom “%s”: sign-in that several mailboxes share"),
                                self->environment_name);
      case PR_SECRET_PROFILE_PASSWORD:
        return g_strdup_printf (_ ("Postroom “%s”: password of server profile %d"),
                                self->environment_name, (int) id);
      case PR_SECRET_OAUTH_CLIENT:
        return g_strdup_printf (_ ("Postroom “%s”: client secret of server profile %d"),
                                self->environment_name, (int) id);
      case PR_SECRET_SERVICE_ACCOUNT:
        return g_strdup_printf (_ ("Postroom “%s”: service account of server profile %d"),
                                self->environment_name, (int) id);
    }
  g_return_val_if_reached (NULL);
}

static PrKeyringItem
get_item (PrSecrets *self, PrSecretKind kind, const char *item_id, const char *direction)
{
  PrKeyringItem item = {
    self->environment_id, kind, item_id, is_bundled (kind) ? "" : direction, "", FALSE
  };

  return item;
}

static char *
get_cache_key (PrSecretKind kind, const char *item_id)
{
  return g_strdup_printf ("%d/%s", (int) kind, item_id);
}

/* Returns: the bundle in @text, an empty one if there is none; NULL with @error if it is damaged:
 * then it must not be overwritten. */
static PrBundle *
parse_bundle (PrSecret *text, GError **error)
{
  PrBundle *bundle = text != NULL ? pr_bundle_parse (text) : pr_bundle_new ();

  if (bundle == NULL)
    pr_set_error (error, PR_ERROR_KEYRING, NULL,
                  _ ("An item of Postroom in the keyring is damaged. It was not changed; remove "
                     "it with “Passwords and Keys” and set the passwords again."));
  return bundle;
}

/* --- Look-up ---------------------------------------------------------------------------------- */

typedef struct
{
  PrSecretKind kind;
  gint64 id;
  char *cache_key;
} PrLookup;

static void
lookup_free (gpointer data)
{
  PrLookup *lookup = data;

  g_free (lookup->cache_key);
  g_free (lookup);
}

static void
return_from_bundle (GTask *task, PrBundle *bundle)
{
  PrLookup *lookup = g_task_get_task_data (task);

  pr_answer_pointer (task, pr_bundle_get (bundle, lookup->id), (GDestroyNotify) pr_secret_unref);
}

/* One who did not unlock the keyring for a mailbox of a job is not asked for each other one. */
static void
remember_refusal (PrSecrets *self, const GError *error)
{
  if (self->n_caching > 0 && self->refused == NULL
      && g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED))
    self->refused = g_error_copy (error);
}

static void
on_single_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrSecret *secret = pr_keyring_lookup_finish (PR_KEYRING (source), result, &error);

  remember_refusal (g_task_get_source_object (task), error);
  if (error != NULL)
    pr_answer_error (task, error);
  else
    pr_answer_pointer (task, secret, (GDestroyNotify) pr_secret_unref);
}

typedef struct
{
  PrSecrets *self;
  char *cache_key;
} PrFetch;

static void
on_bundle_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrFetch *fetch = user_data;
  PrSecrets *self = fetch->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) text = pr_keyring_lookup_finish (PR_KEYRING (source), result, &error);
  g_autoptr (PrBundle) bundle = error == NULL ? parse_bundle (text, &error) : NULL;
  g_autoptr (GPtrArray) tasks = NULL;
  g_autofree char *key = NULL;

  /* A key that is not asked for is not freed either. */
  g_hash_table_steal_extended (self->waiting, fetch->cache_key, (gpointer *) &key,
                               (gpointer *) &tasks);
  if (bundle != NULL && self->cache != NULL)
    g_hash_table_replace (self->cache, g_strdup (fetch->cache_key), pr_bundle_ref (bundle));
  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);

      if (bundle != NULL)
        return_from_bundle (task, bundle);
      else
        pr_answer_error (task, g_error_copy (error));
    }
  remember_refusal (self, error);
  g_object_unref (self);
  g_free (fetch->cache_key);
  g_free (fetch);
}

/* One fetch for all who ask at the same time. It cannot be cancelled by one of them. */
static void
wait_for_bundle (PrSecrets *self, const PrKeyringItem *item, const char *cache_key, GTask *task)
{
  GPtrArray *tasks = g_hash_table_lookup (self->waiting, cache_key);
  PrFetch *fetch;

  if (tasks != NULL)
    {
      g_ptr_array_add (tasks, g_object_ref (task));
      return;
    }
  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (tasks, g_object_ref (task));
  g_hash_table_insert (self->waiting, g_strdup (cache_key), tasks);
  fetch = g_new0 (PrFetch, 1);
  fetch->self = g_object_ref (self);
  fetch->cache_key = g_strdup (cache_key);
  pr_keyring_lookup_async (self->keyring, item, NULL, on_bundle_found, fetch);
}

/**
 * pr_secrets_lookup_async:
 * @self: the secrets of an environment
 * @kind: what for
 * @id: of the mailbox or profile
 * @direction: "incoming", "outgoing", or "" where both share it
 * @cancellable: (nullable): ends the wait
 * @callback: called with the secret
 * @user_data: for @callback
 */
void
pr_secrets_lookup_async (PrSecrets *self,
                         PrSecretKind kind,
                         gint64 id,
                         const char *direction,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *item_id = get_item_id (kind, id);
  PrKeyringItem item = get_item (self, kind, item_id, direction);
  PrLookup *lookup = g_new0 (PrLookup, 1);
  PrBundle *bundle;

  g_return_if_fail (PR_IS_SECRETS (self));
  g_return_if_fail (id > 0);

  lookup->kind = kind;
  lookup->id = id;
  lookup->cache_key = get_cache_key (kind, item_id);
  g_task_set_task_data (task, lookup, lookup_free);
  pr_answer_watch (task);
  bundle = self->cache != NULL ? g_hash_table_lookup (self->cache, lookup->cache_key) : NULL;
  if (bundle != NULL)
    return_from_bundle (task, bundle);
  else if (self->refused != NULL)
    pr_answer_error (task, g_error_copy (self->refused));
  else if (is_bundled (kind))
    wait_for_bundle (self, &item, lookup->cache_key, task);
  else
    pr_keyring_lookup_async (self->keyring, &item, cancellable, on_single_found,
                             g_steal_pointer (&task));
}

/**
 * pr_secrets_lookup_finish:
 * @self: the secrets of an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the secret; %NULL without @error if none is stored
 */
PrSecret *
pr_secrets_lookup_finish (PrSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Change ----------------------------------------------------------------------------------- */

typedef struct
{
  PrSecretKind kind;
  char *direction;
  GArray *changes; /* of PrSecretChange, by id; the secrets are owned */
  guint next;      /* the first change that is not stored yet */
  guint end;       /* behind the last change of the item that is being stored */
  gboolean whole;  /* once something is stored, all is */
  int lock;
} PrChangeWork;

static void change_next_item (GTask *task);

static void
clear_change (gpointer data)
{
  PrSecretChange *change = data;

  g_clear_pointer (&change->secret, pr_secret_unref);
}

static void
release_lock (PrChangeWork *work)
{
  if (work->lock >= 0)
    pr_file_lock_release (work->lock);
  work->lock = -1;
}

static void
change_work_free (gpointer data)
{
  PrChangeWork *work = data;

  release_lock (work);
  g_array_unref (work->changes);
  g_free (work->direction);
  g_free (work);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const PrSecretChange *) a)->id, right = ((const PrSecretChange *) b)->id;

  return (left > right) - (left < right);
}

static PrSecretChange *
get_change (PrChangeWork *work, guint i)
{
  return &g_array_index (work->changes, PrSecretChange, i);
}

/* The end of a change, which may be after whoever asked for it has gone. Takes @error. */
static void
end_change (GTask *task, GError *error)
{
  release_lock (g_task_get_task_data (task));
  if (error != NULL)
    pr_answer_error (task, error);
  else
    pr_answer_boolean (task, TRUE);
}

static PrKeyringItem
get_changed_item (PrSecrets *self, PrChangeWork *work, char **item_id)
{
  *item_id = get_item_id (work->kind, get_change (work, work->next)->id);
  return get_item (self, work->kind, *item_id, work->direction);
}

/* What others read meanwhile may be from before. */
static void
forget_cached (PrSecrets *self, PrChangeWork *work)
{
  g_autofree char *item_id = NULL;
  PrKeyringItem item = get_changed_item (self, work, &item_id);
  g_autofree char *cache_key = get_cache_key (work->kind, item.id);

  if (self->cache != NULL)
    g_hash_table_remove (self->cache, cache_key);
}

static void
on_item_written (GTask *task, GError *error)
{
  PrSecrets *self = g_task_get_source_object (task);
  PrChangeWork *work = g_task_get_task_data (task);

  forget_cached (self, work);
  if (error != NULL)
    {
      end_change (task, error);
      return;
    }
  g_clear_error (&self->refused);
  pr_progress_advance (g_task_get_cancellable (task), work->end - work->next);
  work->next = work->end;
  if (work->whole)
    pr_answer_unwatch (task);
  change_next_item (task);
}

static void
on_item_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  pr_keyring_store_finish (PR_KEYRING (source), result, &error);
  on_item_written (task, error);
}

static void
on_item_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  pr_keyring_clear_finish (PR_KEYRING (source), result, &error);
  on_item_written (task, error);
}

/* Stores @secret as the item of the changes from next to end, or removes it. */
static void
write_item (GTask *task, PrSecret *secret)
{
  PrSecrets *self = g_task_get_source_object (task);
  PrChangeWork *work = g_task_get_task_data (task);
  g_autofree char *item_id = NULL;
  PrKeyringItem item = get_changed_item (self, work, &item_id);
  g_autofree char *label = get_label (self, work->kind, get_change (work, work->next)->id);

  item.label = label;
  if (secret != NULL)
    pr_keyring_store_async (self->keyring, &item, secret, NULL, on_item_stored,
                            g_object_ref (task));
  else
    pr_keyring_clear_async (self->keyring, &item, NULL, on_item_cleared, g_object_ref (task));
}

static void
on_old_bundle (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrChangeWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) text = pr_keyring_lookup_finish (PR_KEYRING (source), result, &error);
  g_autoptr (PrBundle) bundle = error == NULL ? parse_bundle (text, &error) : NULL;
  g_autoptr (PrSecret) changed = NULL;

  if (bundle == NULL || pr_answer_is_given (task))
    {
      end_change (task, g_steal_pointer (&error));
      return;
    }
  /* The keyring is unlocked, so that nobody has to be asked, and nothing keeps it from being
   * stored. */
  if (work->whole && text != NULL)
    pr_answer_unwatch (task);
  for (guint i = work->next; i < work->end; i++)
    pr_bundle_set (bundle, get_change (work, i)->id, get_change (work, i)->secret);
  if (pr_bundle_get_size (bundle) > 0)
    changed = pr_bundle_format (bundle);
  write_item (task, changed);
}

static void
change_next_item (GTask *task)
{
  PrSecrets *self = g_task_get_source_object (task);
  PrChangeWork *work = g_task_get_task_data (task);
  g_autofree char *item_id = NULL;
  PrKeyringItem item;

  if (work->next == work->changes->len || pr_answer_is_given (task))
    {
      end_change (task, NULL);
      return;
    }
  item = get_changed_item (self, work, &item_id);
  for (work->end = work->next + 1; work->end < work->changes->len; work->end++)
    {
      g_autofree char *other = get_item_id (work->kind, get_change (work, work->end)->id);

      if (!g_str_equal (item_id, other))
        break;
    }
  if (!is_bundled (work->kind))
    {
      write_item (task, get_change (work, work->next)->secret);
      return;
    }
  pr_keyring_lookup_async (self->keyring, &item, NULL, on_old_bundle, g_object_ref (task));
}

static void
on_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrChangeWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->lock = pr_file_lock_acquire_finish (result, &error);
  if (error != NULL)
    end_change (task, error);
  else
    change_next_item (task);
}

static void
begin_change (PrSecrets *self,
              PrSecretKind kind,
              const char *direction,
              const PrSecretChange *changes,
              guint n_changes,
              gboolean whole,
              GTask *task)
{
  PrChangeWork *work = g_new0 (PrChangeWork, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  work->kind = kind;
  work->direction = g_strdup (direction);
  work->whole = whole;
  work->lock = -1;
  work->changes = g_array_sized_new (FALSE, FALSE, sizeof (PrSecretChange), n_changes);
  g_array_set_clear_func (work->changes, clear_change);
  for (guint i = 0; i < n_changes; i++)
    {
      PrSecretChange change = changes[i];

      if (change.secret != NULL)
        pr_secret_ref (change.secret);
      g_array_append_val (work->changes, change);
    }
  g_array_sort (work->changes, compare_changes);
  g_task_set_task_data (task, work, change_work_free);
  pr_progress_begin (cancellable, n_changes);
  pr_answer_watch (task);
  pr_file_lock_acquire_async (self->lock_path, cancellable, on_locked, task);
}

/**
 * pr_secrets_change_async:
 * @self: the secrets of an environment
 * @kind: what for
 * @direction: "incoming", "outgoing", or "" where both share it
 * @changes: (array length=n_changes): the new values, at most one for each id
 * @n_changes: how many
 * @cancellable: (nullable): ends the wait; items that were stored stay, and one that is being
 *   stored comes to its end, under the lock
 * @callback: called when all are stored
 * @user_data: for @callback
 */
void
pr_secrets_change_async (PrSecrets *self,
                         PrSecretKind kind,
                         const char *direction,
                         const PrSecretChange *changes,
                         guint n_changes,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (PR_IS_SECRETS (self));

  begin_change (self, kind, direction, changes, n_changes, FALSE,
                g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_secrets_change_whole_async:
 * @self: the secrets of an environment
 * @kind: what for
 * @direction: "incoming", "outgoing", or "" where both share it
 * @changes: (array length=n_changes): the new values, at most one for each id
 * @n_changes: how many
 * @cancellable: (nullable): cancels, as long as nothing is stored; from then on all is
 * @callback: called when all are stored; calls pr_secrets_change_finish()
 * @user_data: for @callback
 */
void
pr_secrets_change_whole_async (PrSecrets *self,
                               PrSecretKind kind,
                               const char *direction,
                               const PrSecretChange *changes,
                               guint n_changes,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (PR_IS_SECRETS (self));

  begin_change (self, kind, direction, changes, n_changes, TRUE,
                g_task_new (self, cancellable, callback, user_data));
}

gboolean
pr_secrets_change_finish (PrSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Cache ------------------------------------------------------------------------------------ */

/**
 * pr_secrets_begin_cache:
 * @self: the secrets of an environment
 *
 * From now on each bundle is fetched once, until the last pr_secrets_end_cache(): for a job that
 * asks for thousands.
 */
void
pr_secrets_begin_cache (PrSecrets *self)
{
  if (self->n_caching++ == 0)
    self->cache =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pr_bundle_unref);
}

/**
 * pr_secrets_end_cache:
 * @self: the secrets of an environment
 *
 * Ends what pr_secrets_begin_cache() began; the last one wipes what was kept.
 */
void
pr_secrets_end_cache (PrSecrets *self)
{
  g_return_if_fail (self->n_caching > 0);

  if (--self->n_caching > 0)
    return;
  g_clear_pointer (&self->cache, g_hash_table_unref);
  g_clear_error (&self->refused);
}

/**
 * pr_secrets_drop_cache:
 * @self: the secrets of an environment
 *
 * Somebody else may have changed them: they are fetched anew.
 */
void
pr_secrets_drop_cache (PrSecrets *self)
{
  if (self->cache != NULL)
    g_hash_table_remove_all (self->cache);
}

static void
pr_secrets_finalize (GObject *object)
{
  PrSecrets *self = PR_SECRETS (object);

  g_clear_pointer (&self->cache, g_hash_table_unref);
  g_clear_error (&self->refused);
  g_hash_table_unref (self->waiting);
  g_object_unref (self->keyring);
  g_free (self->environment_id);
  g_free (self->environment_name);
  g_free (self->lock_path);
  G_OBJECT_CLASS (pr_secrets_parent_class)->finalize (object);
}

static void
pr_secrets_class_init (PrSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_secrets_finalize;
}

static void
pr_secrets_init (PrSecrets *self)
{
  self->waiting =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * pr_secrets_new:
 * @keyring: where they are
 * @environment_id: whose
 * @environment_name: for the labels in keyring applications
 * @lock_path: a file that all processes with this environment lock
 *
 * Returns: (transfer full): the secrets of an environment
 */
PrSecrets *
pr_secrets_new (PrKeyring *keyring,
                const char *environment_id,
                const char *environment_name,
                const char *lock_path)
{
  PrSecrets *self = g_object_new (PR_TYPE_SECRETS, NULL);

  self->keyring = g_object_ref (keyring);
  self->environment_id = g_strdup (environment_id);
  self->environment_name = g_strdup (environment_name);
  self->lock_path = g_strdup (lock_path);
  return self;
}
