/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a profile to the client that asks its sign-in service, and from a mailbox to an access
 * token. What had to be looked up (the client secret in the keyring, the addresses behind an
 * issuer) is kept for a while, for a test of thousands. Main thread. */

#include "pr-environment-oauth.h"

#include "pr-environment-sign-in-info.h"
#include "pr-environment-sign-in.h"
#include "pr-oauth-clock.h"
#include "pr-oauth-discovery.h"
#include "pr-oauth-services.h"
#include "pr-token-keeper.h"

#include <glib/gi18n-lib.h>

#define CLIENT_LIFE_US (5 * G_USEC_PER_SEC) /* another process may change the secret */
#define DISCOVERY_LIFE_US G_TIME_SPAN_DAY

typedef struct
{
  PrOauthClient *client;
  gint64 version; /* of the profile */
  gint64 until;
} PrKnownClient;

typedef struct
{
  PrOauthProvider *provider;
  gint64 until;
} PrKnownProvider;

struct _PrEnvironmentOauth
{
  PrOauthTokens *tokens;
  GHashTable *https;     /* certificate authorities in PEM form → PrOauthHttp */
  GHashTable *providers; /* what a profile says → PrKnownProvider */
  GHashTable *clients;   /* id of a profile → PrKnownClient */
};

static void
known_client_free (gpointer data)
{
  PrKnownClient *known = data;

  pr_oauth_client_unref (known->client);
  g_free (known);
}

static void
known_provider_free (gpointer data)
{
  PrKnownProvider *known = data;

  pr_oauth_provider_unref (known->provider);
  g_free (known);
}

void
pr_environment_oauth_free (PrEnvironmentOauth *oauth)
{
  g_object_unref (oauth->tokens);
  g_hash_table_unref (oauth->https);
  g_hash_table_unref (oauth->providers);
  g_hash_table_unref (oauth->clients);
  g_free (oauth);
}

static PrEnvironmentOauth *
get_oauth (PrEnvironment *self)
{
  PrEnvironmentOauth *oauth = self->oauth;
  g_autoptr (PrOauthStorage) keeper = NULL;

  if (oauth != NULL)
    return oauth;
  oauth = self->oauth = g_new0 (PrEnvironmentOauth, 1);
  keeper = pr_token_keeper_new (self->secrets, self->folder);
  oauth->tokens = pr_oauth_tokens_new (keeper);
  oauth->https = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  oauth->providers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_provider_free);
  oauth->clients = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, known_client_free);
  return oauth;
}

PrOauthTokens *
pr_environment_get_tokens (PrEnvironment *self)
{
  return get_oauth (self)->tokens;
}

/**
 * pr_environment_is_refreshing:
 * @self: an environment
 *
 * Returns: whether a token is being refreshed: a program that ends now could lose a sign-in
 */
gboolean
pr_environment_is_refreshing (PrEnvironment *self)
{
  return self->oauth != NULL && pr_oauth_tokens_is_busy (self->oauth->tokens);
}

/* After a client secret or a key has changed. */
void
pr_environment_forget_clients (PrEnvironment *self)
{
  if (self->oauth != NULL)
    g_hash_table_remove_all (self->oauth->clients);
}

/* --- Client ----------------------------------------------------------------------------------- */

typedef struct
{
  PrServerProfile *profile;
  PrOauthHttp *http;
  PrOauthProvider *provider;
  char *provider_key;
  gboolean only_provider; /* no client is asked for */
} PrClientWork;

static void
client_work_free (gpointer data)
{
  PrClientWork *work = data;

  g_object_unref (work->profile);
  g_clear_object (&work->http);
  g_clear_pointer (&work->provider, pr_oauth_provider_unref);
  g_free (work->provider_key);
  g_free (work);
}

static PrOauthHttp *
get_http (PrEnvironment *self, PrServerProfile *profile)
{
  GHashTable *https = get_oauth (self)->https;
  const char *pem = pr_server_profile_get_text (profile, CA_CERTIFICATE);
  PrOauthHttp *http = g_hash_table_lookup (https, pem);

  if (http == NULL)
    {
      http = pr_oauth_http_new (pem);
      g_hash_table_insert (https, g_strdup (pem), http);
    }
  return g_object_ref (http);
}

static PrOauthClient *
recall_client (PrEnvironment *self, PrServerProfile *profile)
{
  gint64 id = pr_record_get_id (PR_RECORD (profile));
  PrKnownClient *known = g_hash_table_lookup (get_oauth (self)->clients, &id);

  if (known == NULL || known->version != pr_record_get_version (PR_RECORD (profile))
      || pr_oauth_clock_get_time () >= known->until)
    return NULL;
  return pr_oauth_client_ref (known->client);
}

static void
return_client (GTask *task, PrSecret *secret)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrClientWork *work = g_task_get_task_data (task);
  const char *id = pr_server_profile_get_text (work->profile, OAUTH_CLIENT_ID);
  gint64 profile_id = pr_record_get_id (PR_RECORD (work->profile));
  g_autoptr (PrServiceAccount) account = NULL;
  PrKnownClient *known;
  GError *error = NULL;

  if (pr_server_profile_uses_service_account (work->profile))
    {
      if (secret == NULL)
        error = pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_SECRET_MISSING,
                                    "the key is not in the keyring");
      else
        account = pr_service_account_parse (secret, &error);
      secret = NULL;
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  known = g_new0 (PrKnownClient, 1);
  known->client = pr_oauth_client_new (work->http, work->provider, id, secret, account);
  known->version = pr_record_get_version (PR_RECORD (work->profile));
  known->until = pr_oauth_clock_get_time () + CLIENT_LIFE_US;
  g_task_return_pointer (task, pr_oauth_client_ref (known->client),
                         (GDestroyNotify) pr_oauth_client_unref);
  g_hash_table_replace (get_oauth (self)->clients, g_memdup2 (&profile_id, sizeof profile_id),
                        known);
}

static void
on_client_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PrSecret) secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    return_client (task, secret);
}

static void
look_up_secret (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrClientWork *work = g_task_get_task_data (task);
  PrSecretKind kind = pr_server_profile_uses_service_account (work->profile)
                          ? PR_SECRET_SERVICE_ACCOUNT
                          : PR_SECRET_OAUTH_CLIENT;

  if (!pr_server_profile_get (work->profile, OAUTH_SECRET_SET))
    return_client (task, NULL);
  else
    pr_secrets_lookup_async (self->secrets, kind, pr_record_get_id (PR_RECORD (work->profile)), "",
                             g_task_get_cancellable (task), on_client_secret, g_object_ref (task));
}

static void
remember_provider (PrEnvironment *self, const char *key, PrOauthProvider *provider)
{
  PrKnownProvider *known = g_new0 (PrKnownProvider, 1);

  known->provider = pr_oauth_provider_ref (provider);
  known->until = pr_oauth_clock_get_time () + DISCOVERY_LIFE_US;
  g_hash_table_replace (get_oauth (self)->providers, g_strdup (key), known);
}

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrClientWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  PrOauthProvider *provider = pr_oauth_discover_finish (result, &error);

  if (provider == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  pr_oauth_provider_unref (work->provider);
  work->provider = provider;
  remember_provider (self, work->provider_key, provider);
  if (work->only_provider)
    g_task_return_pointer (task, pr_oauth_provider_ref (provider),
                           (GDestroyNotify) pr_oauth_provider_unref);
  else
    look_up_secret (task);
}

static char *
make_provider_key (PrServerProfile *profile, const PrOauthProvider *provider)
{
  return g_strjoin ("\n", provider->id, provider->issuer != NULL ? provider->issuer : "",
                    pr_server_profile_get_text (profile, OAUTH_AUTHORIZATION_URL),
                    pr_server_profile_get_text (profile, OAUTH_TOKEN_URL),
                    pr_server_profile_get_text (profile, OAUTH_SCOPE),
                    pr_server_profile_get_text (profile, CA_CERTIFICATE), NULL);
}

static PrKnownProvider *
recall_provider (PrEnvironment *self, const char *key)
{
  PrKnownProvider *known = g_hash_table_lookup (get_oauth (self)->providers, key);

  return known != NULL && pr_oauth_clock_get_time () < known->until ? known : NULL;
}

/**
 * pr_environment_find_provider:
 * @self: an environment
 * @profile: a profile, stored or as it stands in a form
 * @error: set if it has no sign-in service, or not all of one
 *
 * Returns: (transfer full) (nullable): the service that it signs in with, with what was
 *   discovered about it lately
 */
PrOauthProvider *
pr_environment_find_provider (PrEnvironment *self, PrServerProfile *profile, GError **error)
{
  PrOauthProvider *provider = pr_oauth_services_find (profile, error);
  g_autofree char *key = provider != NULL ? make_provider_key (profile, provider) : NULL;
  PrKnownProvider *known = key != NULL ? recall_provider (self, key) : NULL;

  if (known == NULL)
    return provider;
  pr_oauth_provider_unref (provider);
  return pr_oauth_provider_ref (known->provider);
}

/**
 * pr_environment_make_client_async:
 * @self: an environment
 * @profile: a stored profile with OAuth
 * @cancellable: (nullable): cancels
 * @callback: called with the client
 * @user_data: for @callback
 */
void
pr_environment_make_client_async (PrEnvironment *self,
                                  PrServerProfile *profile,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrOauthClient *known = recall_client (self, profile);
  PrKnownProvider *known_provider;
  PrClientWork *work;
  g_autoptr (GError) error = NULL;

  g_task_set_name (task, "pr_environment_make_client");
  if (known != NULL)
    {
      g_task_return_pointer (task, known, (GDestroyNotify) pr_oauth_client_unref);
      return;
    }
  work = g_new0 (PrClientWork, 1);
  work->profile = g_object_ref (profile);
  g_task_set_task_data (task, work, client_work_free);
  work->provider = pr_oauth_services_find (profile, &error);
  if (work->provider == NULL)
    {
      g_task_return_error (task,
                           pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID,
                                               PR_OAUTH_REASON_NO_SERVICE, "%s", error->message));
      return;
    }
  work->http = get_http (self, profile);
  work->provider_key = make_provider_key (profile, work->provider);
  known_provider = recall_provider (self, work->provider_key);
  if (known_provider != NULL)
    {
      pr_oauth_provider_unref (work->provider);
      work->provider = pr_oauth_provider_ref (known_provider->provider);
    }
  if (work->provider->authorization_url != NULL && work->provider->token_url != NULL)
    look_up_secret (task);
  else
    pr_oauth_discover_async (work->http, work->provider, cancellable, on_discovered,
                             g_steal_pointer (&task));
}

PrOauthClient *
pr_environment_make_client_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_environment_discover_oauth_async:
 * @self: an environment
 * @profile: a profile as it stands in a form, with an issuer
 * @cancellable: (nullable): cancels
 * @callback: called with what the issuer says about itself
 * @user_data: for @callback
 *
 * RFC 8414. What was found before is not believed: somebody has asked.
 */
void
pr_environment_discover_oauth_async (PrEnvironment *self,
                                     PrServerProfile *profile,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrClientWork *work = g_new0 (PrClientWork, 1);
  GError *error = NULL;

  g_task_set_name (task, "pr_environment_discover_oauth");
  work->profile = g_object_ref (profile);
  work->only_provider = TRUE;
  g_task_set_task_data (task, work, client_work_free);
  work->provider = pr_oauth_services_find (profile, &error);
  if (error == NULL && *pr_server_profile_get_text (profile, OAUTH_ISSUER) == '\0')
    error = pr_error_new (PR_ERROR_INVALID_VALUE, "oauth-issuer",
                          _ ("Without an issuer there is nothing to find addresses with."));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->http = get_http (self, profile);
  work->provider_key = make_provider_key (profile, work->provider);
  pr_oauth_discover_async (work->http, work->provider, cancellable, on_discovered,
                           g_steal_pointer (&task));
}

/**
 * pr_environment_discover_oauth_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set to a #PR_OAUTH_ERROR, or a #PR_ERROR
 *
 * Returns: (transfer full) (nullable): the sign-in service with its addresses
 */
PrOauthProvider *
pr_environment_discover_oauth_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Token ------------------------------------------------------------------------------------ */

static char *
get_key (PrServerProfile *profile, PrMailbox *mailbox)
{
  if (pr_server_profile_uses_service_account (profile))
    return g_strdup_printf ("service/%" G_GINT64_FORMAT "/%s",
                            pr_record_get_id (PR_RECORD (profile)),
                            pr_token_keeper_get_account (mailbox));
  return pr_token_keeper_get_key (mailbox);
}

static void
on_token (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrSecret *token = pr_oauth_tokens_get_finish (PR_OAUTH_TOKENS (source), result, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify) pr_secret_unref);
  else
    g_task_return_error (task, error);
}

typedef struct
{
  char *key;
  char *account;
} PrFetchWork;

static void
fetch_work_free (gpointer data)
{
  PrFetchWork *work = data;

  g_free (work->key);
  g_free (work->account);
  g_free (work);
}

static void
on_client (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrFetchWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthClient) client = pr_environment_make_client_finish (self, result, &error);

  if (client == NULL)
    g_task_return_error (task, error);
  else
    pr_oauth_tokens_get_async (get_oauth (self)->tokens, work->key, work->account, client,
                               g_task_get_cancellable (task), on_token, g_object_ref (task));
}

/**
 * pr_environment_fetch_token_async:
 * @self: an environment
 * @profile: the mailbox's profile
 * @mailbox: a stored mailbox
 * @cancellable: (nullable): ends the wait
 * @callback: called with an access token that can be used now
 * @user_data: for @callback
 */
void
pr_environment_fetch_token_async (PrEnvironment *self,
                                  PrServerProfile *profile,
                                  PrMailbox *mailbox,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PrFetchWork *work = g_new0 (PrFetchWork, 1);

  g_task_set_name (task, "pr_environment_fetch_token");
  work->key = get_key (profile, mailbox);
  work->account = g_strdup (pr_token_keeper_get_account (mailbox));
  g_task_set_task_data (task, work, fetch_work_free);
  pr_environment_make_client_async (self, profile, cancellable, on_client, task);
}

/**
 * pr_environment_fetch_token_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set to a #PR_OAUTH_ERROR, or a #PR_ERROR of the keyring
 *
 * Returns: (transfer full) (nullable): the access token
 */
PrSecret *
pr_environment_fetch_token_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_environment_refuse_token:
 * @self: an environment
 * @profile: the mailbox's profile
 * @mailbox: a stored mailbox
 * @token: what was fetched for it
 *
 * The mail server did not take @token: the next one is a new one.
 */
void
pr_environment_refuse_token (PrEnvironment *self,
                             PrServerProfile *profile,
                             PrMailbox *mailbox,
                             PrSecret *token)
{
  g_autofree char *key = get_key (profile, mailbox);

  pr_oauth_tokens_refuse (get_oauth (self)->tokens, key, token);
}
