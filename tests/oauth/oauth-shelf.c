/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TestShelf: the storage of the tests. One letter a call: L lock, U unlock, F find, S store, R
 * remove, X a store that failed. */

#include "oauth-shelf.h"

#include "pr-error.h"

struct _TestShelf
{
  GObject parent_instance;
  GHashTable *secrets; /* key → PrSecret */
  GString *log;
  guint n_failing;
  guint n_locks;
};

static void test_shelf_storage_init (PrOauthStorageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestShelf,
                               test_shelf,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PR_TYPE_OAUTH_STORAGE,
                                                      test_shelf_storage_init))

static gboolean
answer (gpointer data)
{
  GTask *task = data;
  PrSecret *found = g_task_get_task_data (task);

  if (g_str_equal (g_task_get_name (task), "find"))
    g_task_return_pointer (task, found != NULL ? pr_secret_ref (found) : NULL,
                           (GDestroyNotify) pr_secret_unref);
  else if (g_str_equal (g_task_get_name (task), "lock"))
    g_task_return_int (task, 7);
  else if (g_str_equal (g_task_get_name (task), "fail"))
    g_task_return_error (task, pr_error_new (PR_ERROR_KEYRING_LOCKED, NULL, "told to fail"));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

/* Answers from the main loop a little later, as a keyring does. */
static void
answer_later (TestShelf *self,
              const char *name,
              PrSecret *found,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_name (task, name);
  if (found != NULL)
    g_task_set_task_data (task, pr_secret_ref (found), (GDestroyNotify) pr_secret_unref);
  g_timeout_add (5, answer, task);
}

static void
lock_async (PrOauthStorage *storage,
            const char *key,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  TestShelf *self = TEST_SHELF (storage);

  g_string_append_c (self->log, 'L');
  self->n_locks++;
  answer_later (self, "lock", NULL, callback, user_data);
}

static int
lock_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

static void
unlock (PrOauthStorage *storage, int lock)
{
  g_assert_cmpint (lock, ==, 7);
  TEST_SHELF (storage)->n_locks--;
  g_string_append_c (TEST_SHELF (storage)->log, 'U');
}

static void
lookup_async (PrOauthStorage *storage,
              const char *key,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  TestShelf *self = TEST_SHELF (storage);

  g_string_append_c (self->log, 'F');
  answer_later (self, "find", g_hash_table_lookup (self->secrets, key), callback, user_data);
}

static PrSecret *
lookup_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_async (PrOauthStorage *storage,
             const char *key,
             PrSecret *secret,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  TestShelf *self = TEST_SHELF (storage);

  if (self->n_failing > 0)
    {
      self->n_failing--;
      g_string_append_c (self->log, 'X');
      answer_later (self, "fail", NULL, callback, user_data);
      return;
    }
  g_string_append_c (self->log, secret != NULL ? 'S' : 'R');
  if (secret != NULL)
    g_hash_table_replace (self->secrets, g_strdup (key), pr_secret_ref (secret));
  else
    g_hash_table_remove (self->secrets, key);
  answer_later (self, "store", NULL, callback, user_data);
}

static gboolean
store_finish (PrOauthStorage *storage, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_shelf_storage_init (PrOauthStorageInterface *iface)
{
  iface->lock_async = lock_async;
  iface->lock_finish = lock_finish;
  iface->unlock = unlock;
  iface->lookup_async = lookup_async;
  iface->lookup_finish = lookup_finish;
  iface->store_async = store_async;
  iface->store_finish = store_finish;
}

static void
test_shelf_finalize (GObject *object)
{
  TestShelf *self = TEST_SHELF (object);

  g_hash_table_unref (self->secrets);
  g_string_free (self->log, TRUE);
  G_OBJECT_CLASS (test_shelf_parent_class)->finalize (object);
}

static void
test_shelf_class_init (TestShelfClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_shelf_finalize;
}

static void
test_shelf_init (TestShelf *self)
{
  self->secrets =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pr_secret_unref);
  self->log = g_string_new (NULL);
}

TestShelf *
test_shelf_new (void)
{
  return g_object_new (TEST_TYPE_SHELF, NULL);
}

void
test_shelf_put (TestShelf *self, const char *key, PrOauthToken *token)
{
  g_hash_table_replace (self->secrets, g_strdup (key), pr_oauth_token_format (token));
}

PrOauthToken *
test_shelf_get (TestShelf *self, const char *key)
{
  PrSecret *secret = g_hash_table_lookup (self->secrets, key);

  return secret != NULL ? pr_oauth_token_parse (secret) : NULL;
}

void
test_shelf_fail_stores (TestShelf *self, guint n)
{
  self->n_failing = n;
}

const char *
test_shelf_get_log (TestShelf *self)
{
  return self->log->str;
}

void
test_shelf_clear_log (TestShelf *self)
{
  g_string_truncate (self->log, 0);
}

gboolean
test_shelf_is_locked (TestShelf *self)
{
  return self->n_locks > 0;
}
