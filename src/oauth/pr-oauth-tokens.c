/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthTokens: from an account to an access token. Whoever asks for the same account at the same
 * time waits for the same answer; another process is kept out by the storage's lock, and what it
 * stored is looked at before anything is asked for. A refresh token that was replaced is stored
 * before the access token that came with it is given to anybody: the other order could lose it
 * (RFC 6749 section 6, RFC 9700 section 4.14). Main thread. */

#include "pr-oauth-tokens-private.h"

#include "pr-oauth-clock.h"

#define FAILURE_S 30 /* how long a refusal is not asked for again */
#define TROUBLE_S 5  /* the same for trouble that may pass, unless the server says more */
#define TOUCH_US G_TIME_SPAN_DAY /* how old "last used" may get before it is stored again */

G_DEFINE_FINAL_TYPE (PrOauthTokens, pr_oauth_tokens, G_TYPE_OBJECT)

static void
waiter_free (gpointer data)
{
  PrWaiter *waiter = data;

  if (waiter->cancel != NULL)
    g_source_destroy (waiter->cancel);
  g_clear_pointer (&waiter->cancel, g_source_unref);
  g_object_unref (waiter->task);
  g_free (waiter);
}

void
pr_oauth_account_forget_failure (PrAccount *account)
{
  g_clear_error (&account->failure);
  g_clear_pointer (&account->failure_client, pr_oauth_client_unref);
}

static void
account_free (gpointer data)
{
  PrAccount *account = data;

  pr_oauth_account_forget_failure (account);
  g_clear_error (&account->verdict);
  g_clear_pointer (&account->token, pr_oauth_token_unref);
  g_clear_pointer (&account->refused, pr_secret_unref);
  g_clear_pointer (&account->client, pr_oauth_client_unref);
  g_ptr_array_unref (account->waiting);
  g_free (account->subject);
  g_free (account->key);
  g_free (account);
}

PrAccount *
pr_oauth_tokens_get_account (PrOauthTokens *self, const char *key)
{
  PrAccount *account = g_hash_table_lookup (self->accounts, key);

  if (account != NULL)
    return account;
  account = g_new0 (PrAccount, 1);
  account->tokens = self;
  account->key = g_strdup (key);
  account->waiting = g_ptr_array_new_with_free_func (waiter_free);
  account->lock = -1;
  g_hash_table_insert (self->accounts, account->key, account);
  return account;
}

void
pr_oauth_account_set_token (PrAccount *account, PrOauthToken *token)
{
  if (token != NULL)
    pr_oauth_token_ref (token);
  g_clear_pointer (&account->token, pr_oauth_token_unref);
  account->token = token;
}

static gboolean
is_usable (PrAccount *account)
{
  PrOauthToken *token = account->token;

  return token != NULL && !account->unsaved
         && pr_oauth_token_is_fresh (token, account->tokens->get_time ())
         && !(account->refused != NULL && pr_secret_equal (account->refused, token->access));
}

/* --- The end of a search ---------------------------------------------------------------------- */

static gboolean
is_same_client (const PrOauthClient *a, const PrOauthClient *b)
{
  return g_strcmp0 (a->id, b->id) == 0 && pr_secret_equal (a->secret, b->secret)
         && a->service_account == b->service_account
         && g_strcmp0 (a->provider->token_url, b->provider->token_url) == 0;
}

/* A provider that says no, or "not now", is not asked by each of a thousand mailboxes in turn. */
static void
remember_failure (PrAccount *account, const GError *error)
{
  gint64 wait_s = FAILURE_S;

  pr_oauth_account_forget_failure (account);
  if (error->domain != PR_OAUTH_ERROR || error->code == PR_CODE_OAUTH_SIGN_IN_NEEDED)
    return;
  if (error->code == PR_CODE_OAUTH_SERVER_ERROR)
    wait_s = MAX (TROUBLE_S, (gint64) pr_oauth_error_get_wait (error));
  account->failure = g_error_copy (error);
  account->failure_until = account->tokens->get_time () + wait_s * G_USEC_PER_SEC;
  account->failure_client = pr_oauth_client_ref (account->client);
}

/* Returns: (transfer full) (nullable): a failure that still holds, with the rest of its wait. */
static GError *
recall_failure (PrAccount *account, const PrOauthClient *client)
{
  gint64 rest = account->failure_until - account->tokens->get_time ();
  GError *error;

  if (account->failure == NULL || rest <= 0 || !is_same_client (account->failure_client, client))
    return NULL;
  error = g_error_copy (account->failure);
  if (pr_oauth_error_get_wait (error) > 0)
    pr_oauth_error_set_wait (error, (guint) ((rest + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
  return error;
}

/* Answers all who wait. Takes @error; without one the token is good. */
static void
finish (PrAccount *account, GError *error)
{
  g_autoptr (PrOauthTokens) self = g_object_ref (account->tokens);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&account->waiting);
  g_autoptr (GError) local_error = error;

  account->waiting = g_ptr_array_new_with_free_func (waiter_free);
  if (error != NULL)
    remember_failure (account, error);
  else
    pr_oauth_account_forget_failure (account);
  if (account->lock >= 0)
    PR_OAUTH_STORAGE_GET_IFACE (self->storage)->unlock (self->storage, account->lock);
  account->lock = -1;
  g_clear_pointer (&account->client, pr_oauth_client_unref);
  g_clear_pointer (&account->subject, g_free);
  account->busy = FALSE;
  self->n_busy--;
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = ((PrWaiter *) g_ptr_array_index (waiting, i))->task;

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_pointer (task, pr_secret_ref (account->token->access),
                               (GDestroyNotify) pr_secret_unref);
    }
  /* What the search held. */
  g_object_unref (self);
}

/* --- Storing ---------------------------------------------------------------------------------- */

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrAccount *account = user_data;
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;

  if (PR_OAUTH_STORAGE_GET_IFACE (storage)->store_finish (storage, result, &error))
    account->unsaved = FALSE;
  finish (account, error != NULL ? error : g_steal_pointer (&account->verdict));
}

static void
store (PrAccount *account)
{
  PrOauthStorage *storage = account->tokens->storage;
  g_autoptr (PrSecret) text = pr_oauth_token_format (account->token);

  account->unsaved = TRUE;
  PR_OAUTH_STORAGE_GET_IFACE (storage)->store_async (storage, account->key, text, on_stored,
                                                     account);
}

/* --- Asking ----------------------------------------------------------------------------------- */

static gboolean
is_changed (const PrOauthToken *before, const PrOauthToken *after)
{
  return !pr_secret_equal (before->refresh, after->refresh)
         || !g_str_equal (before->scope, after->scope)
         || before->refresh_until != after->refresh_until
         || after->refreshed_at - before->refreshed_at >= TOUCH_US;
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrAccount *account = user_data;
  g_autoptr (PrOauthToken) before = pr_oauth_token_ref (account->token);
  g_autoptr (PrOauthToken) after = NULL;
  g_autofree char *missing = NULL;
  GError *error = NULL;
  g_autoptr (PrOauthGrant) grant = pr_oauth_client_grant_finish (result, &error);

  if (grant == NULL)
    {
      pr_oauth_error_explain (&error, account->client->provider, before, g_get_real_time ());
      finish (account, error);
      return;
    }
  after = pr_oauth_client_make_token (account->client, grant, before, NULL);
  /* In memory "last used" stays what is stored, so that it is stored again after a day. */
  if (!is_changed (before, after))
    after->refreshed_at = before->refreshed_at;
  pr_oauth_account_set_token (account, after);
  missing = pr_oauth_provider_find_missing_scope (account->client->provider, grant->scope);
  if (missing != NULL)
    error =
        pr_oauth_error_new (PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_NOT_TICKED, "%s", missing);
  if (!is_changed (before, after))
    {
      finish (account, error);
      return;
    }
  g_clear_error (&account->verdict);
  account->verdict = error;
  store (account);
}

static void
on_asserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrAccount *account = user_data;
  GError *error = NULL;
  g_autoptr (PrOauthGrant) grant = pr_oauth_client_grant_finish (result, &error);
  g_autoptr (PrOauthToken) token = NULL;

  if (grant != NULL)
    {
      token = pr_oauth_client_make_token (account->client, grant, NULL, account->subject);
      pr_oauth_account_set_token (account, token);
    }
  finish (account, error);
}

/* Which of what is stored and what is in memory is the newer one. */
static void
choose_token (PrAccount *account, PrOauthToken *stored)
{
  PrOauthToken *known = account->token;

  if (known == NULL || !g_str_equal (known->client_id, stored->client_id)
      || (!account->unsaved && !pr_secret_equal (known->refresh, stored->refresh))
      || known->signed_in_at < stored->signed_in_at)
    {
      account->unsaved = FALSE;
      pr_oauth_account_set_token (account, stored);
    }
}

static GError *
check_stored (PrAccount *account, PrOauthToken *stored)
{
  if (stored == NULL)
    return pr_oauth_error_new (PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NONE,
                               "not in the keyring");
  if (!g_str_equal (stored->client_id, account->client->id))
    return pr_oauth_error_new (PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_CLIENT_CHANGED,
                               "signed in under another client id");
  if (stored->refresh == NULL)
    return pr_oauth_error_new (PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NO_REFRESH_TOKEN,
                               "no refresh token is stored");
  return NULL;
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrAccount *account = user_data;
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;
  g_autoptr (PrSecret) text =
      PR_OAUTH_STORAGE_GET_IFACE (storage)->lookup_finish (storage, result, &error);
  g_autoptr (PrOauthToken) stored = text != NULL ? pr_oauth_token_parse (text) : NULL;

  if (error == NULL)
    error = check_stored (account, stored);
  if (error != NULL)
    {
      finish (account, error);
      return;
    }
  choose_token (account, stored);
  if (account->unsaved)
    store (account);
  else if (is_usable (account))
    finish (account, NULL);
  else
    pr_oauth_client_refresh_async (account->client, account->token->refresh, NULL, on_refreshed,
                                   account);
}

static void
on_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrAccount *account = user_data;
  PrOauthStorage *storage = PR_OAUTH_STORAGE (source);
  GError *error = NULL;

  account->lock = PR_OAUTH_STORAGE_GET_IFACE (storage)->lock_finish (storage, result, &error);
  if (account->lock < 0)
    finish (account, error);
  else
    PR_OAUTH_STORAGE_GET_IFACE (storage)->lookup_async (storage, account->key, on_found, account);
}

static void
search (PrAccount *account, PrOauthClient *client, const char *subject)
{
  PrOauthTokens *self = account->tokens;
  PrOauthStorage *storage = self->storage;

  account->busy = TRUE;
  account->client = pr_oauth_client_ref (client);
  account->subject = g_strdup (subject);
  self->n_busy++;
  /* Until finish(): a search is never given up, for it may hold a new refresh token. */
  g_object_ref (self);
  if (client->service_account != NULL)
    pr_oauth_client_assert_async (client, subject, NULL, on_asserted, account);
  else
    PR_OAUTH_STORAGE_GET_IFACE (storage)->lock_async (storage, account->key, on_locked, account);
}

static gboolean
on_waiter_cancelled (GCancellable *cancellable, gpointer user_data)
{
  PrWaiter *waiter = user_data;
  PrAccount *account = g_task_get_task_data (waiter->task);

  g_task_return_error_if_cancelled (waiter->task);
  g_ptr_array_remove_fast (account->waiting, waiter);
  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
wait_for (PrAccount *account, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  PrWaiter *waiter = g_new0 (PrWaiter, 1);

  g_task_set_task_data (task, account, NULL);
  waiter->task = task;
  if (cancellable != NULL)
    {
      waiter->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancel, G_SOURCE_FUNC (on_waiter_cancelled), waiter, NULL);
      g_source_attach (waiter->cancel, g_task_get_context (task));
    }
  g_ptr_array_add (account->waiting, waiter);
}

/**
 * pr_oauth_tokens_get_async:
 * @self: tokens
 * @key: of an account
 * @subject: the address that a service account acts for
 * @client: under which registration
 * @cancellable: (nullable): ends the caller's wait; the search itself goes on
 * @callback: called with an access token that does not end just now
 * @user_data: for @callback
 */
void
pr_oauth_tokens_get_async (PrOauthTokens *self,
                           const char *key,
                           const char *subject,
                           PrOauthClient *client,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrAccount *account;
  GError *error;

  g_return_if_fail (PR_IS_OAUTH_TOKENS (self));

  g_task_set_name (task, "pr_oauth_tokens_get");
  account = pr_oauth_tokens_get_account (self, key);
  error = recall_failure (account, client);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (is_usable (account) && g_str_equal (account->token->client_id, client->id))
    g_task_return_pointer (task, pr_secret_ref (account->token->access),
                           (GDestroyNotify) pr_secret_unref);
  else
    {
      wait_for (account, g_steal_pointer (&task));
      if (!account->busy)
        search (account, client, subject);
    }
}

/**
 * pr_oauth_tokens_get_finish:
 * @self: tokens
 * @result: what the callback got
 * @error: set to a #PR_OAUTH_ERROR, or to what the storage said
 *
 * Returns: (transfer full) (nullable): an access token
 */
PrSecret *
pr_oauth_tokens_get_finish (PrOauthTokens *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_oauth_tokens_refuse:
 * @self: tokens
 * @key: of an account
 * @access: what pr_oauth_tokens_get_finish() gave
 *
 * A mail server did not take @access: next time it is refreshed, whatever its age.
 */
void
pr_oauth_tokens_refuse (PrOauthTokens *self, const char *key, PrSecret *access)
{
  PrAccount *account = pr_oauth_tokens_get_account (self, key);

  g_clear_pointer (&account->refused, pr_secret_unref);
  account->refused = pr_secret_ref (access);
}

/**
 * pr_oauth_tokens_is_busy:
 * @self: tokens
 *
 * Returns: whether a search goes on, which must not be cut off: a new refresh token may be on its
 *   way to the storage
 */
gboolean
pr_oauth_tokens_is_busy (PrOauthTokens *self)
{
  return self->n_busy > 0;
}

/* --- Object ----------------------------------------------------------------------------------- */

static void
pr_oauth_tokens_finalize (GObject *object)
{
  PrOauthTokens *self = PR_OAUTH_TOKENS (object);

  g_hash_table_unref (self->accounts);
  g_object_unref (self->storage);
  G_OBJECT_CLASS (pr_oauth_tokens_parent_class)->finalize (object);
}

static void
pr_oauth_tokens_class_init (PrOauthTokensClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_oauth_tokens_finalize;
}

static void
pr_oauth_tokens_init (PrOauthTokens *self)
{
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, account_free);
  self->get_time = pr_oauth_clock_get_time;
}

/**
 * pr_oauth_tokens_new:
 * @storage: where they are kept
 *
 * Returns: (transfer full): the tokens of an environment
 */
PrOauthTokens *
pr_oauth_tokens_new (PrOauthStorage *storage)
{
  PrOauthTokens *self = g_object_new (PR_TYPE_OAUTH_TOKENS, NULL);

  self->storage = g_object_ref (storage);
  return self;
}

/**
 * pr_oauth_tokens_set_clock:
 * @self: tokens
 * @get_time: a clock in microseconds that only goes forward, such as a test's own
 */
void
pr_oauth_tokens_set_clock (PrOauthTokens *self, gint64 (*get_time) (void))
{
  self->get_time = get_time;
}
