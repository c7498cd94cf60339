/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sign-in in the person's own browser: authorization code with PKCE and a loopback redirect
 * (RFC 8252, RFC 7636, RFC 6749 section 4.1, RFC 9207, RFC 9700). The password is between the
 * person and the provider; what comes back is good for nobody but this attempt. Main thread. */

#include "pr-oauth-sign-in-private.h"

#include "pr-loopback-listener.h"
#include "pr-oauth-encoding.h"
#include "pr-text.h"
#include "pr-url.h"

#include <string.h>

typedef struct
{
  PrOauthClient *client;
  char *account;
  char *alias;
  char *nonce; /* (nullable) */
  PrSecret *verifier;
  PrLoopbackListener *listener;
} PrSignInWork;

static void
sign_in_work_free (gpointer data)
{
  PrSignInWork *work = data;

  pr_oauth_client_unref (work->client);
  g_free (work->account);
  g_free (work->alias);
  g_free (work->nonce);
  g_clear_pointer (&work->verifier, pr_secret_unref);
  g_clear_object (&work->listener);
  g_free (work);
}

static gboolean
has_scope (const PrOauthProvider *provider, const char *scope)
{
  g_auto (GStrv) scopes = g_strsplit (provider->scope, " ", -1);

  return g_strv_contains ((const char *const *) scopes, scope);
}

/* RFC 6749 section 4.1.1. Everything is escaped; what the provider's address has already, stays. */
static char *
make_url (PrSignInWork *work, const char *state)
{
  PrOauthProvider *provider = work->client->provider;
  g_autofree char *challenge = pr_pkce_get_challenge (work->verifier);
  GString *url = g_string_new (provider->authorization_url);

  if (strchr (url->str, '?') == NULL)
    g_string_append_c (url, '?');
  pr_oauth_form_append (url, "response_type", "code");
  pr_oauth_form_append (url, "client_id", work->client->id);
  pr_oauth_form_append (url, "redirect_uri", pr_loopback_listener_get_uri (work->listener));
  pr_oauth_form_append (url, "scope", provider->scope);
  pr_oauth_form_append (url, "state", state);
  pr_oauth_form_append (url, "code_challenge", challenge);
  pr_oauth_form_append (url, "code_challenge_method", "S256");
  pr_oauth_form_append (url, "nonce", work->nonce);
  pr_oauth_form_append (url, "login_hint", work->account);
  for (guint i = 0; provider->parameters != NULL && provider->parameters[i] != NULL
                    && provider->parameters[i + 1] != NULL;
       i += 2)
    pr_oauth_form_append (url, provider->parameters[i], provider->parameters[i + 1]);
  return g_string_free (url, FALSE);
}

/* --- What comes back -------------------------------------------------------------------------- */

static void
on_grant_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrOauthToken *token = pr_oauth_check_grant_finish (result, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify) pr_oauth_token_unref);
  else
    g_task_return_error (task, error);
}

static void
on_redeemed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);
  PrOauthSignInPlan plan = { work->client, work->account, work->alias, 0 };
  GError *error = NULL;
  PrOauthGrant *grant = pr_oauth_client_grant_finish (result, &error);

  if (grant == NULL)
    g_task_return_error (task, error);
  else
    pr_oauth_check_grant_async (&plan, grant, work->nonce, g_task_get_cancellable (task),
                                on_grant_checked, g_object_ref (task));
}

/* RFC 9207 section 2.4: lest an answer of one provider is taken to another. */
static gboolean
check_issuer (const PrOauthProvider *provider, const PrLoopbackAnswer *answer, GError **error)
{
  gboolean same = g_strcmp0 (answer->issuer, provider->issuer) == 0;

  if (provider->issuer == NULL || provider->any_tenant)
    return TRUE;
  if (same || (answer->issuer == NULL && !provider->announces_issuer))
    return TRUE;
  pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_ISSUER_MISMATCH,
                      answer->issuer != NULL ? "the browser came back from another issuer"
                                             : "the answer names no issuer");
  return FALSE;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrLoopbackAnswer) answer =
      pr_loopback_listener_wait_finish (PR_LOOPBACK_LISTENER (source), result, &error);
  g_autofree char *word = NULL;

  if (answer != NULL && check_issuer (work->client->provider, answer, &error)
      && answer->error != NULL)
    {
      word = pr_text_for_display (answer->error, -1, 64);
      error = pr_oauth_error_from_word (word, PR_OAUTH_STAGE_BROWSER, "browser");
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    pr_oauth_client_redeem_async (work->client, answer->code, work->verifier,
                                  pr_loopback_listener_get_uri (work->listener),
                                  g_task_get_cancellable (task), on_redeemed, g_object_ref (task));
}

static gboolean
prepare (PrSignInWork *work, const char *state, GError **error)
{
  PrOauthProvider *provider = work->client->provider;

  if (!pr_oauth_client_check (work->client, error))
    return FALSE;
  /* What opens a browser is checked, whoever made it up. */
  if (!pr_url_is_safe (provider->authorization_url))
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE,
                          "%s has no address to sign in", provider->name);
      return FALSE;
    }
  work->listener =
      pr_loopback_listener_new (provider->redirect_host, provider->redirect_path, state, error);
  if (work->listener == NULL)
    return FALSE;
  work->verifier = pr_pkce_new_verifier ();
  if (has_scope (provider, "openid"))
    work->nonce = pr_random_token ();
  return TRUE;
}

/**
 * pr_oauth_sign_in_async:
 * @plan: who is to sign in, and where; copied
 * @open: called once, with what to open in the browser
 * @open_data: for @open
 * @cancellable: (nullable): ends the wait for the person
 * @callback: called with the token
 * @user_data: for @callback
 */
void
pr_oauth_sign_in_async (const PrOauthSignInPlan *plan,
                        PrOauthOpenFunc open,
                        gpointer open_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrSignInWork *work = g_new0 (PrSignInWork, 1);
  g_autofree char *state = pr_random_token ();
  g_autofree char *url = NULL;
  GError *error = NULL;

  g_task_set_name (task, "pr_oauth_sign_in");
  /* Being cancelled is a diagnosis here, not an accident. */
  g_task_set_check_cancellable (task, FALSE);
  work->client = pr_oauth_client_ref (plan->client);
  work->account = g_strdup (plan->account);
  work->alias = g_strdup (plan->alias);
  g_task_set_task_data (task, work, sign_in_work_free);
  if (!prepare (work, state, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  url = make_url (work, state);
  pr_loopback_listener_wait_async (work->listener, plan->timeout_s, cancellable, on_answer,
                                   g_steal_pointer (&task));
  open (url, open_data);
}

/**
 * pr_oauth_sign_in_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the token
 */
PrOauthToken *
pr_oauth_sign_in_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PrOauthToken *token = g_task_propagate_pointer (G_TASK (result), &local_error);

  if (token != NULL)
    return token;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pr_oauth_set_error (error, PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE, "cancelled");
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
