/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desktop's keyring through libsecret: the Secret Service, or in a Flatpak a file that the
 * Secret portal's key seals. Main thread. */

#include "pr-keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#define PR_TYPE_SECRET_KEYRING (pr_secret_keyring_get_type ())
G_DECLARE_FINAL_TYPE (PrSecretKeyring, pr_secret_keyring, PR, SECRET_KEYRING, GObject)

struct _PrSecretKeyring
{
  GObject parent_instance;
};

static void pr_secret_keyring_keyring_init (PrKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrSecretKeyring,
                               pr_secret_keyring,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_KEYRING,
                                                      pr_secret_keyring_keyring_init))

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

static gboolean
is_unavailable (const GError *error)
{
  /* No bus at all: GIO says "not found", or plainly "failed" where it would have to start one. */
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_EXEC_FAILED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gboolean
is_locked (const GError *error)
{
  return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED);
}

/* Tells apart what an admin has to do: unlock, install, or look at the words. @cancellable says
 * whether it was us who gave up, or the person at the prompt. */
static GError *
translate (GError *error, GCancellable *cancellable)
{
  g_autoptr (GError) owned = error;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && g_cancellable_is_cancelled (cancellable))
    return g_steal_pointer (&owned);
  if (is_locked (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL,
                         _ ("The keyring is locked and was not unlocked. Unlock it and try "
                            "again."));
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return pr_error_new (PR_ERROR_KEYRING_UNAVAILABLE, NULL,
                         _ ("No keyring has been set up yet. Open “Passwords and Keys” and make "
                            "a keyring named “Login”, then try again."));
  if (is_unavailable (error))
    return pr_error_new (PR_ERROR_KEYRING_UNAVAILABLE, NULL,
                         _ ("There is no keyring on this computer (%s). Install and start a "
                            "Secret Service, such as the package “gnome-keyring”."),
                         error->message);
  return pr_error_new (PR_ERROR_KEYRING, NULL, _ ("The keyring refused: %s."), error->message);
}

/* --- Look-up ---------------------------------------------------------------------------------- */

static gboolean
has_locked_item (GList *found)
{
  for (GList *l = found; l != NULL; l = l->next)
    if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
      return TRUE;
  return FALSE;
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GList *found = secret_password_search_finish (result, &error);

  if (error != NULL)
    g_task_return_error (task, translate (error, g_task_get_cancellable (task)));
  else if (has_locked_item (found))
    g_task_return_error (task, pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL,
                                             _ ("The keyring is locked and was not unlocked. "
                                                "Unlock it and try again.")));
  else
    g_task_return_pointer (task, NULL, NULL);
  g_list_free_full (found, g_object_unref);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GHashTable *attributes = g_task_get_task_data (task);
  GError *error = NULL;
  char *text = secret_password_lookup_nonpageable_finish (result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, translate (error, cancellable));
      return;
    }
  if (text != NULL)
    {
      g_task_return_pointer (task, pr_secret_new (text, -1), (GDestroyNotify) pr_secret_unref);
      secret_password_free (text);
      return;
    }
  /* libsecret answers the same for "no such item" and "locked": a search without unlocking tells
   * which it is. */
  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL, cancellable, on_searched,
                           g_steal_pointer (&task));
}

static void
lookup_async (PrKeyring *keyring,
              const PrKeyringItem *item,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  GHashTable *attributes = get_attributes (item);

  g_task_set_task_data (task, attributes, (GDestroyNotify) g_hash_table_unref);
  secret_password_lookupv (&schema, attributes, cancellable, on_looked_up, task);
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
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, translate (error, g_task_get_cancellable (task)));
}

static void
store_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             PrSecret *secret,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  g_autoptr (GHashTable) attributes = get_attributes (item);

  secret_password_storev (&schema, attributes, SECRET_COLLECTION_DEFAULT, item->label,
                          pr_secret_peek (secret), cancellable, on_stored, task);
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
    g_task_return_error (task, translate (error, g_task_get_cancellable (task)));
  else
    g_task_return_boolean (task, TRUE);
}

static void
clear_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (keyring, cancellable, callback, user_data);
  g_autoptr (GHashTable) attributes = get_attributes (item);

  secret_password_clearv (&schema, attributes, cancellable, on_cleared, task);
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
