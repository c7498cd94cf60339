/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As a locked keyring with its prompt open: what is asked for is not answered before the prompt is
 * closed. Main thread. */

#include "silent-keyring.h"

struct _PrSilentKeyring
{
  GObject parent_instance;
  GPtrArray *open; /* of GTask: what was asked for */
  guint n_asked;
};

static void pr_silent_keyring_keyring_init (PrKeyringInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PrSilentKeyring,
                               pr_silent_keyring,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_KEYRING,
                                                      pr_silent_keyring_keyring_init))

static void
lookup_async (PrKeyring *keyring,
              const PrKeyringItem *item,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  PrSilentKeyring *self = PR_SILENT_KEYRING (keyring);

  self->n_asked++;
  g_ptr_array_add (self->open, g_task_new (self, cancellable, callback, user_data));
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
  g_autoptr (GTask) task = g_task_new (keyring, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static void
clear_async (PrKeyring *keyring,
             const PrKeyringItem *item,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (keyring, cancellable, callback, user_data);

  g_task_return_boolean (task, TRUE);
}

static gboolean
finish_boolean (PrKeyring *keyring, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
pr_silent_keyring_keyring_init (PrKeyringInterface *iface)
{
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->store_async = store_async;
  iface->store_finish = finish_boolean;
  iface->clear_async = clear_async;
  iface->clear_finish = finish_boolean;
}

static void
pr_silent_keyring_finalize (GObject *object)
{
  g_ptr_array_unref (PR_SILENT_KEYRING (object)->open);
  G_OBJECT_CLASS (pr_silent_keyring_parent_class)->finalize (object);
}

static void
pr_silent_keyring_class_init (PrSilentKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_silent_keyring_finalize;
}

static void
pr_silent_keyring_init (PrSilentKeyring *self)
{
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
}

PrKeyring *
pr_silent_keyring_new (void)
{
  return g_object_new (PR_TYPE_SILENT_KEYRING, NULL);
}

/* How often somebody was asked for a secret. */
guint
pr_silent_keyring_get_n_asked (PrKeyring *keyring)
{
  return PR_SILENT_KEYRING (keyring)->n_asked;
}

/* The person closes the prompt: now all that was asked for is answered. */
void
pr_silent_keyring_refuse (PrKeyring *keyring)
{
  PrSilentKeyring *self = PR_SILENT_KEYRING (keyring);

  for (guint i = 0; i < self->open->len; i++)
    g_task_return_error (g_ptr_array_index (self->open, i),
                         pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL, "the prompt was closed"));
  g_ptr_array_set_size (self->open, 0);
}
