/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthClient: the requests to a token endpoint (RFC 6749 sections 4.1.3 and 6, RFC 7636
 * section 4.5, RFC 7523 section 2.1) and to a revocation endpoint (RFC 7009). Main thread. */

#include "pr-oauth-client.h"

#include "pr-oauth-clock.h"
#include "pr-oauth-encoding.h"

#include <string.h>

#define GRANT_ASSERTION "urn:ietf:params:oauth:grant-type:jwt-bearer"

/**
 * pr_oauth_client_new:
 * @http: by which it asks
 * @provider: whom it asks
 * @id: of the registration
 * @secret: (nullable): its secret
 * @service_account: (nullable): instead of people
 *
 * Returns: (transfer full): a client
 */
PrOauthClient *
pr_oauth_client_new (PrOauthHttp *http,
                     PrOauthProvider *provider,
                     const char *id,
                     PrSecret *secret,
                     PrServiceAccount *service_account)
{
  PrOauthClient *self = g_new0 (PrOauthClient, 1);

  g_atomic_ref_count_init (&self->refs);
  self->http = g_object_ref (http);
  self->provider = pr_oauth_provider_ref (provider);
  self->id = g_strdup (id);
  self->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  self->service_account = service_account != NULL ? pr_service_account_ref (service_account) : NULL;
  return self;
}

PrOauthClient *
pr_oauth_client_ref (PrOauthClient *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_oauth_client_unref (PrOauthClient *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->http);
  pr_oauth_provider_unref (self->provider);
  g_free (self->id);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_clear_pointer (&self->service_account, pr_service_account_unref);
  g_free (self);
}

/**
 * pr_oauth_client_check:
 * @self: a client
 * @error: set to what it lacks
 *
 * Returns: whether it can ask for tokens
 */
gboolean
pr_oauth_client_check (const PrOauthClient *self, GError **error)
{
  PrOauthReason reason = PR_OAUTH_REASON_NONE;

  if (self->provider->token_url == NULL)
    reason = PR_OAUTH_REASON_NO_SERVICE;
  else if (self->service_account != NULL)
    reason = self->provider->service_accounts ? reason : PR_OAUTH_REASON_GRANT_NOT_ALLOWED;
  else if (self->provider->secret_rule == PR_OAUTH_SECRET_NEEDED && self->secret == NULL)
    reason = PR_OAUTH_REASON_SECRET_MISSING;
  if (reason == PR_OAUTH_REASON_NONE)
    return TRUE;
  pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, reason, "%s", self->provider->name);
  return FALSE;
}

/* --- Asking ----------------------------------------------------------------------------------- */

/**
 * pr_oauth_client_new_form:
 * @self: a client
 *
 * Returns: (transfer full): a form that says who asks (RFC 6749 section 2.3.1), unless the header
 *   of pr_oauth_client_get_authorization() does
 */
GString *
pr_oauth_client_new_form (const PrOauthClient *self)
{
  GString *form = pr_oauth_form_new ();

  if (self->service_account != NULL || (self->provider->basic && self->secret != NULL))
    return form;
  pr_oauth_form_append (form, "client_id", self->id);
  if (self->secret != NULL)
    pr_oauth_form_append (form, "client_secret", pr_secret_peek (self->secret));
  return form;
}

/**
 * pr_oauth_client_get_authorization:
 * @self: a client
 *
 * Returns: (transfer full) (nullable): the header that says who asks, where the provider wants it
 *   there; for pr_wipe_free()
 */
char *
pr_oauth_client_get_authorization (const PrOauthClient *self)
{
  GString *pair;
  char *encoded, *escaped, *header;

  if (!self->provider->basic || self->secret == NULL || self->service_account != NULL)
    return NULL;
  pair = pr_oauth_form_new ();
  escaped = g_uri_escape_string (self->id, NULL, FALSE);
  g_string_append (pair, escaped);
  g_free (escaped);
  g_string_append_c (pair, ':');
  escaped = g_uri_escape_string (pr_secret_peek (self->secret), NULL, FALSE);
  g_string_append (pair, escaped);
  pr_wipe_free (escaped);
  encoded = g_base64_encode ((const guint8 *) pair->str, pair->len);
  pr_oauth_form_free (pair);
  header = g_strconcat ("Basic ", encoded, NULL);
  pr_wipe_free (encoded);
  return header;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrOauthStage stage = (PrOauthStage) GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  PrOauthGrant *grant = answer != NULL ? pr_oauth_grant_read (answer, stage, &error) : NULL;

  if (grant != NULL)
    g_task_return_pointer (task, grant, (GDestroyNotify) pr_oauth_grant_free);
  else
    g_task_return_error (task, error);
}

/* Takes @form, and the reference to @task. */
static void
ask (PrOauthClient *self, PrOauthStage stage, GString *form, GTask *task)
{
  char *authorization = pr_oauth_client_get_authorization (self);

  g_task_set_task_data (task, GINT_TO_POINTER ((int) stage), NULL);
  pr_oauth_http_send_async (self->http, self->provider->token_url, authorization, form,
                            g_task_get_cancellable (task), on_answered, task);
  pr_wipe_free (authorization);
}

/* Returns: (nullable): a task; NULL if it has ended, because the client is not complete. */
static GTask *
begin (PrOauthClient *self,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_name (task, "pr_oauth_client");
  if (pr_oauth_client_check (self, &error))
    return g_steal_pointer (&task);
  g_task_return_error (task, error);
  return NULL;
}

/**
 * pr_oauth_client_redeem_async:
 * @self: a client
 * @code: what the browser brought
 * @verifier: the other half of the challenge that the browser took along
 * @redirect_uri: where the browser brought it
 * @cancellable: (nullable): cancels
 * @callback: called with the tokens
 * @user_data: for @callback
 */
void
pr_oauth_client_redeem_async (PrOauthClient *self,
                              PrSecret *code,
                              PrSecret *verifier,
                              const char *redirect_uri,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = begin (self, cancellable, callback, user_data);
  GString *form;

  if (task == NULL)
    return;
  form = pr_oauth_client_new_form (self);
  pr_oauth_form_append (form, "grant_type", "authorization_code");
  pr_oauth_form_append (form, "code", pr_secret_peek (code));
  pr_oauth_form_append (form, "code_verifier", pr_secret_peek (verifier));
  pr_oauth_form_append (form, "redirect_uri", redirect_uri);
  ask (self, PR_OAUTH_STAGE_CODE, form, task);
}

/**
 * pr_oauth_client_refresh_async:
 * @self: a client
 * @refresh: a refresh token
 * @cancellable: (nullable): cancels
 * @callback: called with the tokens
 * @user_data: for @callback
 */
void
pr_oauth_client_refresh_async (PrOauthClient *self,
                               PrSecret *refresh,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = begin (self, cancellable, callback, user_data);
  GString *form;

  if (task == NULL)
    return;
  form = pr_oauth_client_new_form (self);
  pr_oauth_form_append (form, "grant_type", "refresh_token");
  pr_oauth_form_append (form, "refresh_token", pr_secret_peek (refresh));
  ask (self, PR_OAUTH_STAGE_REFRESH, form, task);
}

/**
 * pr_oauth_client_assert_async:
 * @self: a client with a service account
 * @subject: the mailbox's address
 * @cancellable: (nullable): cancels
 * @callback: called with the token
 * @user_data: for @callback
 */
void
pr_oauth_client_assert_async (PrOauthClient *self,
                              const char *subject,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = begin (self, cancellable, callback, user_data);
  g_autoptr (PrSecret) assertion = NULL;
  GError *error = NULL;
  GString *form;

  if (task == NULL)
    return;
  assertion = pr_service_account_make_assertion (self->service_account, self->provider->token_url,
                                                 subject, self->provider->mail_scope,
                                                 g_get_real_time () / G_USEC_PER_SEC, &error);
  if (assertion == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  form = pr_oauth_form_new ();
  pr_oauth_form_append (form, "grant_type", GRANT_ASSERTION);
  pr_oauth_form_append (form, "assertion", pr_secret_peek (assertion));
  ask (self, PR_OAUTH_STAGE_ASSERTION, form, task);
}

/**
 * pr_oauth_client_grant_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): what the provider gave
 */
PrOauthGrant *
pr_oauth_client_grant_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Revoking --------------------------------------------------------------------------------- */

static void
on_revoked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  g_autofree char *word = NULL;

  if (answer != NULL)
    error = pr_oauth_answer_check_status (answer);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* What the provider does not know any more is as good as revoked (RFC 7009 section 2.2). */
  word = pr_oauth_answer_read_word (answer);
  if (answer->status == 200 || g_strcmp0 (word, "invalid_token") == 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, pr_oauth_error_from_word (word, PR_OAUTH_STAGE_REFRESH, "revoke"));
}

/**
 * pr_oauth_client_revoke_async:
 * @self: a client
 * @token: what is not wanted any more
 * @cancellable: (nullable): cancels
 * @callback: called when the provider has forgotten it
 * @user_data: for @callback
 *
 * Does nothing, successfully, where the provider has no such endpoint.
 */
void
pr_oauth_client_revoke_async (PrOauthClient *self,
                              PrOauthToken *token,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrSecret *secret = token->refresh != NULL ? token->refresh : token->access;
  char *authorization;
  GString *form;

  g_task_set_name (task, "pr_oauth_client_revoke");
  if (self->provider->revocation_url == NULL || secret == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  authorization = pr_oauth_client_get_authorization (self);
  form = pr_oauth_client_new_form (self);
  pr_oauth_form_append (form, "token", pr_secret_peek (secret));
  pr_oauth_form_append (form, "token_type_hint",
                        token->refresh != NULL ? "refresh_token" : "access_token");
  pr_oauth_http_send_async (self->http, self->provider->revocation_url, authorization, form,
                            cancellable, on_revoked, g_steal_pointer (&task));
  pr_wipe_free (authorization);
}

gboolean
pr_oauth_client_revoke_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Keeping ---------------------------------------------------------------------------------- */

/**
 * pr_oauth_client_make_token:
 * @self: who asked
 * @grant: what the provider gave
 * @before: (nullable): the token that was refreshed
 * @account: (nullable): who signed in; %NULL: as @before
 *
 * Returns: (transfer full): what is to be kept of it
 */
PrOauthToken *
pr_oauth_client_make_token (const PrOauthClient *self,
                            const PrOauthGrant *grant,
                            const PrOauthToken *before,
                            const char *account)
{
  PrOauthToken *token = before != NULL ? pr_oauth_token_copy (before) : pr_oauth_token_new ();
  gint64 life_s = grant->expires_s - pr_oauth_grant_get_margin (grant->expires_s);
  gint64 now = g_get_real_time ();

  if (account != NULL)
    {
      g_free (token->account);
      token->account = g_strdup (account);
    }
  g_free (token->client_id);
  token->client_id = g_strdup (self->id);
  if (grant->scope != NULL)
    {
      g_free (token->scope);
      token->scope = g_strdup (grant->scope);
    }
  g_clear_pointer (&token->access, pr_secret_unref);
  token->access = pr_secret_ref (grant->access);
  token->access_until = pr_oauth_clock_get_time () + life_s * G_USEC_PER_SEC;
  g_free (token->boot);
  token->boot = g_strdup (pr_oauth_clock_get_boot ());
  if (grant->refresh != NULL)
    {
      g_clear_pointer (&token->refresh, pr_secret_unref);
      token->refresh = pr_secret_ref (grant->refresh);
    }
  if (grant->refresh_expires_s > 0)
    token->refresh_until = now + grant->refresh_expires_s * G_USEC_PER_SEC;
  if (before == NULL)
    token->signed_in_at = now;
  token->refreshed_at = now;
  return token;
}
