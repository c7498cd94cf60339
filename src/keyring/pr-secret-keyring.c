/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desktop's keyring through libsecret: the Secret Service, or in a Flatpak a file that the
 * Secret portal's key seals. Main thread.
 *
 * A locked keyring asks its person for a password. However many secrets are wanted, there is one
 * dialog at a time: while it is open, or an item is being stored (which may open it, too), whoever
 * finds a locked item waits, and shares its outcome. Whoever is cancelled stops waiting; the dialog
 * stays. */

#include "pr-keyring.h"

#include "pr-answer.h"
#include "pr-secret-error.h"

#include <libsecret/secret.h>

#define PR_TYPE_SECRET_KEYRING (pr_secret_keyring_get_type ())
G_DECLARE_FINAL_TYPE (PrSecretKeyring, pr_secret_keyring, PR, SECRET_KEYRING, GObject)

struct _PrSecretKeyring
{
  GObject parent_instance;

  gboolean busy;  /* a dialog is open, or might be */
  GQueue waiting; /* of GTask, until it is not */
};

static void pr_secret_keyring_keyring_init (PrKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrSecretKeyring,
                               pr_secret_keyring,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_KEYRING,
                                                      pr_secret_keyring_keyring_init))

/* One look-up, store or removal: the data of its task. */
typedef struct
{
  GHashTable *attributes;
  void (*begin) (GTask *task);               /* also after a wait */
  void (*found) (GTask *task, GList *items); /* they are unlocked; not with a store */
  char *label;                               /* of a store */
  PrSecret *secret;
  gboolean quiet;
} PrAccess;

static const SecretSchema schema = {
  .name = "io.github.postroom.Postroom",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { "environment", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "id", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "direction", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static GHashTable *
get_attributes (const PrKeyringItem *item)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (attributes, (gpointer) "environment", g_strdup (item->environment));
  if (item->id == NULL)
    return attributes;
  g_hash_table_insert (attributes, (gpointer) "kind",
                       g_strdup (pr_enum_to_nick (PR_TYPE_SECRET_KIND, (int) item->kind)));
  g_hash_table_insert (attributes, (gpointer) "id", g_strdup (item->id));
  g_hash_table_insert (attributes, (gpointer) "direction", g_strdup (item->direction));
  return attributes;
}

static void
access_free (gpointer data)
{
  PrAccess *access = data;

  g_hash_table_unref (access->attributes);
  g_clear_pointer (&access->secret, pr_secret_unref);
  g_free (access->label);
  g_free (access);
}

static GTask *
new_task (PrKeyring *keyring,
          const PrKeyringItem *item,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  PrAccess *access = g_new0 (PrAccess, 1);

  access->attributes = get_attributes (item);
  access->quiet = item->quiet;
  g_task_set_task_data (task, access, access_free);
  return task;
}

/* --- One dialog at a time --------------------------------------------------------------------- */

/* The dialog is gone. @refused: without the password; that is the answer to all who waited for
 * it. */
static void
end_busy (PrSecretKeyring *self, gboolean refused)
{
  GQueue waiting = self->waiting;
  GTask *task;

  g_queue_init (&self->waiting);
  self->busy = FALSE;
  while ((task = g_queue_pop_head (&waiting)) != NULL)
    {
      PrAccess *access = g_task_get_task_data (task);

      if (refused)
        pr_answer_error (task, pr_secret_error_new_locked ());
      else if (!pr_answer_is_given (task))
        access->begin (task);
      g_object_unref (task);
    }
}

static gboolean
is_any_locked (GList *items)
{
  for (GList *l = items; l != NULL; l = l->next)
    if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
      return TRUE;
  return FALSE;
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSecretKeyring *self = g_task_get_source_object (task);
  PrAccess *access = g_task_get_task_data (task);
  g_autolist (GObject) items = NULL;
  GError *error = NULL;

  items = secret_password_search_finish (result, &error);
  end_busy (self, error == NULL && is_any_locked (items));
  if (error != NULL)
    pr_answer_error (task, pr_secret_error_translate (error));
  else if (is_any_locked (items))
    pr_answer_error (task, pr_secret_error_new_locked ());
  else if (!pr_answer_is_given (task))
    access->found (task, items);
}

static void
unlock (GTask *task)
{
  PrSecretKeyring *self = g_task_get_source_object (task);
  PrAccess *access = g_task_get_task_data (task);

  if (self->busy)
    {
      g_queue_push_tail (&self->waiting, g_object_ref (task));
      return;
    }
  self->busy = TRUE;
  secret_password_searchv (&schema, access->attributes, SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK,
                           NULL, on_unlocked, g_object_ref (task));
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrAccess *access = g_task_get_task_data (task);
  g_autolist (GObject) items = NULL;
  GError *error = NULL;

  items = secret_password_search_finish (result, &error);
  if (error != NULL)
    pr_answer_error (task, pr_secret_error_translate (error));
  else if (pr_answer_is_given (task))
    return;
  else if (is_any_locked (items) && access->quiet)
    pr_answer_error (task, pr_secret_error_new_locked ());
  else if (is_any_locked (items))
    unlock (task);
  else
    access->found (task, items);
}

/* Finds the items without unlocking anything. That tells "locked" from "no such item", for which a
 * look-up has the same answer. */
static void
search (GTask *task)
{
  PrAccess *access = g_task_get_task_data (task);

  secret_password_searchv (&schema, access->attributes, SECRET_SEARCH_ALL, NULL, on_searched,
                           g_object_ref (task));
}

/* --- Look-up ---------------------------------------------------------------------------------- */

static void
on_retrieved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  SecretValue *value =
      secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  const char *text;
  gsize length;

  if (error != NULL)
    pr_answer_error (task, pr_secret_error_translate (error));
  else if (value == NULL)
    pr_answer_pointer (task, NULL, NULL);
  else
    {
      text = secret_value_get (value, &length);
      pr_answer_pointer (task, pr_secret_new (text, (gssize) length),
                         (GDestroyNotify) pr_secret_unref);
    }
  g_clear_pointer (&value, secret_value_unref);
}

static void
retrieve (GTask *task, GList *items)
{
  if (items == NULL)
    pr_answer_pointer (task, NULL, NULL);
  else
    secret_retrievable_retrieve_secret (items->data, NULL, on_retrieved, g_object_ref (task));
}

static void
lookup_async (PrKeyring *keyring,
              const PrKeyringItem *item,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = new_task (keyring, item, cancellable, callback, user_data);
  PrAccess *access = g_task_get_task_data (task);

  access->begin = search;
  access->found = retrieve;
  pr_answer_watch (task);
  search (task);
}

static PrSecret *
lookup_finish (PrKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Store ------------------------------------------------------------------------------------ */

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSecretKeyring *self = g_task_get_source_object (task);
  GError *error = NULL;

  secret_password_store_finish (result, &error);
  if (error != NULL)
    error = pr_secret_error_translate (error);
  end_busy (self, g_error_matches (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED));
  if (error != NULL)
    pr_answer_error (task, error);
  else
    pr_answer_boolean (task, TRUE);
}

static void
store (GTask *task)
{
  PrSecretKeyring *self = g_task_get_source_object (task);
  PrAccess *access = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->busy)
    {
      g_queue_push_tail (&self->waiting, g_object_ref (task));
      return;
    }
  self->busy = TRUE;
  secret_password_storev (&schema, access->attributes, SECRET_COLLECTION_DEFAULT, access->label,
                          pr_secret_peek (access->secret), NULL, on_stored, g_object_ref (task));
}

static void
store_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             PrSecret *secret,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (GTask) task = new_task (keyring, item, cancellable, callback, user_data);
  PrAccess *access = g_task_get_task_data (task);

  access->begin = store;
  access->label = g_strdup (item->label);
  access->secret = pr_secret_ref (secret);
  store (task);
}

static gboolean
finish_boolean (PrKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Clear ------------------------------------------------------------------------------------ */

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    pr_answer_error (task, pr_secret_error_translate (error));
  else
    pr_answer_boolean (task, TRUE);
}

/* libsecret leaves out what is locked, and says nothing about it: here all is unlocked. */
static void
remove_items (GTask *task, GList *items)
{
  PrAccess *access = g_task_get_task_data (task);

  if (items == NULL)
    pr_answer_boolean (task, TRUE);
  else
    secret_password_clearv (&schema, access->attributes, NULL, on_cleared, g_object_ref (task));
}

static void
clear_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (GTask) task = new_task (keyring, item, cancellable, callback, user_data);
  PrAccess *access = g_task_get_task_data (task);

  access->begin = search;
  access->found = remove_items;
  pr_answer_watch (task);
  search (task);
}

static void
pr_secret_keyring_keyring_init (PrKeyringInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->store_async = store_async;
  iface->store_finish = finish_boolean;
  iface->clear_async = clear_async;
  iface->clear_finish = finish_boolean;
}

static void
pr_secret_keyring_class_init (PrSecretKeyringClass *klass)
{
}

static void
pr_secret_keyring_init (PrSecretKeyring *self)
{
  g_queue_init (&self->waiting);
}

/**
 * pr_secret_keyring_new:
 *
 * Returns: (transfer full): the keyring of the person who runs Postroom
 */
PrKeyring *
pr_secret_keyring_new (void)
{
  return g_object_new (PR_TYPE_SECRET_KEYRING, NULL);
}
