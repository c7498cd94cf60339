/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthTokens: what a new sign-in brings is put into the storage, and what is signed out is
 * taken from it, under the same lock as a refresh. Main thread. */

#include "pr-oauth-tokens-private.h"

typedef struct
{
  char *key;
  PrOauthToken *token; /* (nullable): put: the new one; take: the old one */
  gboolean take;
  PrOauthStorage *storage;
  int lock;
} PrPutWork;

static void
put_work_free (gpointer data)
{
  PrPutWork *work = data;

  if (work->lock >= 0)
    PR_OAUTH_STORAGE_GET_IFACE (work->storage)->unlock (work->storage, work->lock);
  g_object_unref (work->storage);
  g_clear_pointer (&work->token, pr_oauth_token_unref);
  g_free (work->key);
  g_free (work);
}

static void
on_put_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPutWork *work = g_task_get_task_data (task);
  PrAccount *account = pr_oauth_tokens_get_account (g_task_get_source_object (task), work->key);
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;

  if (!PR_OAUTH_STORAGE_GET_IFACE (storage)->store_finish (storage, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  pr_oauth_account_forget_failure (account);
  account->unsaved = FALSE;
  pr_oauth_account_set_token (account, work->take ? NULL : work->token);
  g_task_return_pointer (task, work->token != NULL ? pr_oauth_token_ref (work->token) : NULL,
                         (GDestroyNotify) pr_oauth_token_unref);
}

static void
on_take_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPutWork *work = g_task_get_task_data (task);
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;
  g_autoptr (PrSecret) text =
      PR_OAUTH_STORAGE_GET_IFACE (storage)->lookup_finish (storage, result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->token = text != NULL ? pr_oauth_token_parse (text) : NULL;
  PR_OAUTH_STORAGE_GET_IFACE (storage)->store_async (storage, work->key, NULL, on_put_stored,
                                                     g_steal_pointer (&task));
}

static void
on_put_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrPutWork *work = g_task_get_task_data (task);
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  PrOauthStorageInterface *iface = PR_OAUTH_STORAGE_GET_IFACE (storage);
  g_autoptr (PrSecret) text = NULL;
  GError *error = NULL;

  work->lock = iface->lock_finish (storage, result, &error);
  if (work->lock < 0)
    g_task_return_error (task, error);
  else if (work->take)
    iface->lookup_async (storage, work->key, on_take_found, g_steal_pointer (&task));
  else
    {
      text = pr_oauth_token_format (work->token);
      iface->store_async (storage, work->key, text, on_put_stored, g_steal_pointer (&task));
    }
}

static void
put (PrOauthTokens *self,
     const char *key,
     PrOauthToken *token,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  PrPutWork *work = g_new0 (PrPutWork, 1);

  g_task_set_name (task, "pr_oauth_tokens_put");
  work->key = g_strdup (key);
  work->token = token != NULL ? pr_oauth_token_ref (token) : NULL;
  work->take = token == NULL;
  work->storage = g_object_ref (self->storage);
  work->lock = -1;
  g_task_set_task_data (task, work, put_work_free);
  PR_OAUTH_STORAGE_GET_IFACE (self->storage)->lock_async (self->storage, key, on_put_locked, task);
}

/**
 * pr_oauth_tokens_put_async:
 * @self: tokens
 * @key: of an account
 * @token: of a new sign-in
 * @callback: called when it is stored
 * @user_data: for @callback
 */
void
pr_oauth_tokens_put_async (PrOauthTokens *self,
                           const char *key,
                           PrOauthToken *token,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (PR_IS_OAUTH_TOKENS (self));
  g_return_if_fail (token != NULL);

  put (self, key, token, callback, user_data);
}

gboolean
pr_oauth_tokens_put_finish (PrOauthTokens *self, GAsyncResult *result, GError **error)
{
  g_autoptr (PrOauthToken) token = pr_oauth_tokens_take_finish (self, result, error);

  return token != NULL;
}

/**
 * pr_oauth_tokens_take_async:
 * @self: tokens
 * @key: of an account
 * @callback: called when nothing is stored any more
 * @user_data: for @callback
 */
void
pr_oauth_tokens_take_async (PrOauthTokens *self,
                            const char *key,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (PR_IS_OAUTH_TOKENS (self));

  put (self, key, NULL, callback, user_data);
}

/**
 * pr_oauth_tokens_take_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): what was stored; %NULL without @error: nothing
 */
PrOauthToken *
pr_oauth_tokens_take_finish (PrOauthTokens *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Only looking ----------------------------------------------------------------------------- */

static void
on_peeked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;
  g_autoptr (PrSecret) text =
      PR_OAUTH_STORAGE_GET_IFACE (storage)->lookup_finish (storage, result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, text != NULL ? pr_oauth_token_parse (text) : NULL,
                           (GDestroyNotify) pr_oauth_token_unref);
}

/**
 * pr_oauth_tokens_peek_async:
 * @self: tokens
 * @key: of an account
 * @cancellable: (nullable): ends the wait
 * @callback: called with what is stored
 * @user_data: for @callback
 *
 * For looking at when and as whom somebody signed in. Nothing is refreshed, and no lock is taken.
 */
void
pr_oauth_tokens_peek_async (PrOauthTokens *self,
                            const char *key,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "pr_oauth_tokens_peek");
  PR_OAUTH_STORAGE_GET_IFACE (self->storage)->lookup_async (self->storage, key, on_peeked, task);
}

/**
 * pr_oauth_tokens_peek_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: set by the storage
 *
 * Returns: (transfer full) (nullable): the sign-in; %NULL without @error: there is none
 */
PrOauthToken *
pr_oauth_tokens_peek_finish (PrOauthTokens *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
