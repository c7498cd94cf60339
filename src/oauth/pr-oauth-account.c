/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who signed in: from the id token (OpenID Connect Core section 3.1.3.7), else from the userinfo
 * endpoint (section 5.3). An id token that comes from the token endpoint itself, over verified
 * TLS, needs no check of its signature; that it is for us, and for this sign-in, does. Main
 * thread. */

#include "pr-oauth-account.h"

#include "pr-json.h"
#include "pr-oauth-encoding.h"
#include "pr-validate.h"

#include <string.h>

#define TENANT "{tenantid}"

static gboolean
set_bad (GError **error, const char *what)
{
  pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER, "%s", what);
  return FALSE;
}

/* --- Id token --------------------------------------------------------------------------------- */

/* The middle one of the three parts. */
static PrJson *
read_claims (PrSecret *id_token)
{
  const char *text = pr_secret_peek (id_token);
  const char *first = strchr (text, '.');
  const char *second = first != NULL ? strchr (first + 1, '.') : NULL;
  PrJson *json;
  guint8 *bytes;
  gsize n;

  if (second == NULL || strchr (second + 1, '.') != NULL)
    return NULL;
  bytes = pr_base64url_decode (first + 1, second - first - 1, &n);
  if (bytes == NULL)
    return NULL;
  json = pr_json_parse ((const char *) bytes, n, NULL);
  pr_wipe (bytes, n);
  g_free (bytes);
  return json;
}

static gboolean
is_issuer (const PrJson *claims, const PrOauthProvider *provider)
{
  const char *issuer = pr_json_find_text (claims, "iss");
  const char *tenant = pr_json_find_text (claims, "tid");
  g_autoptr (GString) expected = NULL;

  if (provider->issuer == NULL)
    return TRUE;
  expected = g_string_new (provider->issuer);
  if (provider->any_tenant)
    {
      if (tenant == NULL || strpbrk (tenant, "/?#{}") != NULL)
        return FALSE;
      g_string_replace (expected, TENANT, tenant, 1);
    }
  return g_strcmp0 (issuer, expected->str) == 0;
}

static gboolean
is_audience (const PrJson *claims, const char *client_id)
{
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (claims), "aud");

  if (value == NULL)
    return FALSE;
  if (pr_json_value_get_kind (value) == PR_JSON_STRING)
    return g_str_equal (pr_json_value_get_text (value), client_id);
  for (value = pr_json_value_get_first (value); value != NULL;
       value = pr_json_value_get_next (value))
    if (g_strcmp0 (pr_json_value_get_text (value), client_id) == 0)
      return TRUE;
  return FALSE;
}

/* The first claim that is an address. One that the provider has not verified is no proof. */
static char *
read_account (const PrJson *json, const PrOauthProvider *provider)
{
  const PrJsonValue *verified = pr_json_value_find (pr_json_get_root (json), "email_verified");

  for (guint i = 0; provider->account_claims[i] != NULL; i++)
    {
      const char *claim = provider->account_claims[i];
      const char *account = pr_json_find_text (json, claim);

      if (g_str_equal (claim, "email") && verified != NULL && !pr_json_value_is_true (verified)
          && g_strcmp0 (pr_json_value_get_text (verified), "true") != 0)
        continue;
      if (account != NULL && pr_address_split (account, NULL, NULL))
        return g_strdup (account);
    }
  return NULL;
}

/**
 * pr_oauth_id_token_read:
 * @id_token: of a token answer
 * @provider: whose
 * @client_id: for whom it must be
 * @nonce: of the sign-in that it must belong to
 * @error: set if it is for somebody else, or malformed
 *
 * Returns: (transfer full) (nullable): who signed in; %NULL without @error if it does not say
 */
char *
pr_oauth_id_token_read (PrSecret *id_token,
                        const PrOauthProvider *provider,
                        const char *client_id,
                        const char *nonce,
                        GError **error)
{
  g_autoptr (PrJson) claims = read_claims (id_token);

  if (claims == NULL)
    set_bad (error, "the id token is malformed");
  else if (!is_issuer (claims, provider))
    pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_ISSUER_MISMATCH,
                        "the id token is of another issuer");
  else if (!is_audience (claims, client_id))
    set_bad (error, "the id token is for another client");
  else if (nonce != NULL && !pr_text_equal_secretly (pr_json_find_text (claims, "nonce"), nonce))
    set_bad (error, "the id token is of another sign-in");
  else
    return read_account (claims, provider);
  return NULL;
}

/* --- Userinfo --------------------------------------------------------------------------------- */

static void
on_userinfo (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOauthProvider *provider = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  g_autoptr (PrJson) json = NULL;

  if (answer != NULL)
    error = pr_oauth_answer_check_status (answer);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (answer->status == 200 && answer->is_json)
    json = pr_json_parse (pr_secret_peek (answer->body), pr_secret_get_length (answer->body), NULL);
  g_task_return_pointer (task, json != NULL ? read_account (json, provider) : NULL, g_free);
}

/**
 * pr_oauth_account_find_async:
 * @client: who asked for @grant
 * @grant: what a sign-in gave
 * @nonce: (nullable): of that sign-in
 * @cancellable: (nullable): cancels
 * @callback: called with the account
 * @user_data: for @callback
 */
void
pr_oauth_account_find_async (PrOauthClient *client,
                             const PrOauthGrant *grant,
                             const char *nonce,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrOauthProvider *provider = client->provider;
  GError *error = NULL;
  char *account = NULL;
  char *authorization;

  g_task_set_name (task, "pr_oauth_account_find");
  g_task_set_task_data (task, pr_oauth_provider_ref (provider),
                        (GDestroyNotify) pr_oauth_provider_unref);
  if (grant->id_token != NULL && provider->account_claims[0] != NULL)
    account = pr_oauth_id_token_read (grant->id_token, provider, client->id, nonce, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (account != NULL || provider->userinfo_url == NULL || provider->account_claims[0] == NULL)
    g_task_return_pointer (task, account, g_free);
  else
    {
      authorization = g_strconcat ("Bearer ", pr_secret_peek (grant->access), NULL);
      pr_oauth_http_send_async (client->http, provider->userinfo_url, authorization, NULL,
                                cancellable, on_userinfo, g_steal_pointer (&task));
      pr_wipe_free (authorization);
    }
}

/**
 * pr_oauth_account_find_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): who signed in; %NULL without @error if the provider does
 *   not say
 */
char *
pr_oauth_account_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
