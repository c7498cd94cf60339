/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A keyring that ends with the process: for the practice environment, which must leave nothing
 * behind, and for tests. Main thread. */

#include "pr-keyring.h"

#define PR_TYPE_MEMORY_KEYRING (pr_memory_keyring_get_type ())
G_DECLARE_FINAL_TYPE (PrMemoryKeyring, pr_memory_keyring, PR, MEMORY_KEYRING, GObject)

struct _PrMemoryKeyring
{
  GObject parent_instance;
  GHashTable *secrets; /* name → PrSecret */
  int failure;         /* a PrError that everything ends in; -1: none */
};

static void pr_memory_keyring_keyring_init (PrKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrMemoryKeyring,
                               pr_memory_keyring,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_KEYRING,
                                                      pr_memory_keyring_keyring_init))

static char *
get_name (const PrKeyringItem *item)
{
  return g_strdup_printf ("%s/%s/%s/%s", item->environment,
                          pr_enum_to_nick (PR_TYPE_SECRET_KIND, (int) item->kind),
                          item->id != NULL ? item->id : "", item->direction);
}

/* Returns: a task; NULL if it has failed already, as it was told to. */
static GTask *
begin (PrMemoryKeyring *self,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  if (self->failure < 0)
    return g_steal_pointer (&task);
  g_task_return_error (task, pr_error_new ((PrError) self->failure, NULL, "told to fail"));
  return NULL;
}

static void
lookup_async (PrKeyring *keyring,
              const PrKeyringItem *item,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  PrMemoryKeyring *self = PR_MEMORY_KEYRING (keyring);
  g_autoptr (GTask) task = begin (self, cancellable, callback, user_data);
  g_autofree char *name = get_name (item);
  PrSecret *secret = g_hash_table_lookup (self->secrets, name);

  if (task != NULL)
    g_task_return_pointer (task, secret != NULL ? pr_secret_ref (secret) : NULL,
                           (GDestroyNotify) pr_secret_unref);
}

static PrSecret *
lookup_finish (PrKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             PrSecret *secret,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PrMemoryKeyring *self = PR_MEMORY_KEYRING (keyring);
  g_autoptr (GTask) task = begin (self, cancellable, callback, user_data);

  if (task == NULL)
    return;
  g_hash_table_replace (self->secrets, get_name (item), pr_secret_ref (secret));
  g_task_return_boolean (task, TRUE);
}

static gboolean
finish_boolean (PrKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_of_environment (gpointer key, gpointer value, gpointer user_data)
{
  return g_str_has_prefix (key, user_data);
}

static void
clear_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PrMemoryKeyring *self = PR_MEMORY_KEYRING (keyring);
  g_autoptr (GTask) task = begin (self, cancellable, callback, user_data);

  if (task == NULL)
    return;
  if (item->id == NULL)
    {
      g_autofree char *prefix = g_strconcat (item->environment, "/", NULL);

      g_hash_table_foreach_remove (self->secrets, is_of_environment, prefix);
    }
  else
    {
      g_autofree char *name = get_name (item);

      g_hash_table_remove (self->secrets, name);
    }
  g_task_return_boolean (task, TRUE);
}

static void
pr_memory_keyring_keyring_init (PrKeyringInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->store_async = store_async;
  iface->store_finish = finish_boolean;
  iface->clear_async = clear_async;
  iface->clear_finish = finish_boolean;
}

static void
pr_memory_keyring_finalize (GObject *object)
{
  g_hash_table_unref (PR_MEMORY_KEYRING (object)->secrets);
  G_OBJECT_CLASS (pr_memory_keyring_parent_class)->finalize (object);
}

static void
pr_memory_keyring_class_init (PrMemoryKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_memory_keyring_finalize;
}

static void
pr_memory_keyring_init (PrMemoryKeyring *self)
{
  self->secrets =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pr_secret_unref);
  self->failure = -1;
}

/**
 * pr_memory_keyring_new:
 *
 * Returns: (transfer full): an empty keyring
 */
PrKeyring *
pr_memory_keyring_new (void)
{
  return g_object_new (PR_TYPE_MEMORY_KEYRING, NULL);
}

/**
 * pr_memory_keyring_set_failure:
 * @self: what pr_memory_keyring_new() made
 * @error_code: a #PrError that every call ends in from now on; -1: none
 */
void
pr_memory_keyring_set_failure (PrKeyring *self, int error_code)
{
  PR_MEMORY_KEYRING (self)->failure = error_code;
}
