/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The addresses of a sign-in service from its issuer (RFC 8414; OpenID Connect Discovery for those
 * that have only that). The document must be the issuer's, byte for byte, and what a preset or the
 * admin says wins over it. Main thread. */

#include "pr-oauth-discovery.h"

#include "pr-json.h"
#include "pr-oauth-grant.h"
#include "pr-url.h"

#include <string.h>

#define METHODS "token_endpoint_auth_methods_supported"

/**
 * pr_oauth_discovery_get_url:
 * @issuer: an issuer
 * @openid: by OpenID Connect Discovery section 4, else by RFC 8414 section 3.1
 *
 * Returns: (transfer full) (nullable): where its document is
 */
char *
pr_oauth_discovery_get_url (const char *issuer, gboolean openid)
{
  gsize n = strlen (issuer);
  g_autofree char *trimmed = g_strndup (issuer, n > 0 && issuer[n - 1] == '/' ? n - 1 : n);
  const char *host = strstr (trimmed, "://");
  const char *path;

  if (!pr_url_is_safe (issuer) || strchr (issuer, '?') != NULL || host == NULL)
    return NULL;
  if (openid)
    return g_strconcat (trimmed, "/.well-known/openid-configuration", NULL);
  path = strchr (host + 3, '/');
  if (path == NULL)
    return g_strconcat (trimmed, "/.well-known/oauth-authorization-server", NULL);
  return g_strdup_printf ("%.*s/.well-known/oauth-authorization-server%s", (int) (path - trimmed),
                          trimmed, path);
}

static gboolean
take_url (const PrJson *json, const char *name, char **field, GError **error)
{
  const char *url = pr_json_find_text (json, name);

  if (*field != NULL || url == NULL)
    return TRUE;
  if (!pr_url_is_safe (url))
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER,
                          "“%s” is no https address", name);
      return FALSE;
    }
  *field = g_strdup (url);
  return TRUE;
}

static gboolean
has_text (const PrJson *json, const char *name, const char *text)
{
  const PrJsonValue *value = pr_json_value_find (pr_json_get_root (json), name);

  for (value = value != NULL ? pr_json_value_get_first (value) : NULL; value != NULL;
       value = pr_json_value_get_next (value))
    if (g_strcmp0 (pr_json_value_get_text (value), text) == 0)
      return TRUE;
  return FALSE;
}

/* A secret goes into the header, also without a list (RFC 8414 section 2), unless the service wants
 * it in the form alone (RFC 6749 section 2.3.1). */
static void
take_habits (PrOauthProvider *provider, const PrJson *json)
{
  const PrJsonValue *root = pr_json_get_root (json);

  provider->announces_issuer = pr_json_value_is_true (
      pr_json_value_find (root, "authorization_response_iss_parameter_supported"));
  provider->basic = has_text (json, METHODS, "client_secret_basic")
                    || !has_text (json, METHODS, "client_secret_post");
}

/**
 * pr_oauth_discovery_read:
 * @preset: what is known; its issuer is whose document it must be
 * @text: the document
 * @length: bytes of it
 * @error: set if it cannot be relied on
 *
 * Returns: (transfer full) (nullable): @preset, with what it lacked
 */
PrOauthProvider *
pr_oauth_discovery_read (const PrOauthProvider *preset,
                         const char *text,
                         gsize length,
                         GError **error)
{
  g_autoptr (PrOauthProvider) provider = pr_oauth_provider_copy (preset);
  char *reason = NULL;
  g_autoptr (PrJson) json = pr_json_parse (text, length, &reason);

  if (json == NULL)
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER,
                          "discovery: %s", reason);
      return NULL;
    }
  if (g_strcmp0 (pr_json_find_text (json, "issuer"), preset->issuer) != 0)
    {
      pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_ISSUER_MISMATCH,
                          "the document is of another issuer");
      return NULL;
    }
  take_habits (provider, json);
  if (!take_url (json, "authorization_endpoint", &provider->authorization_url, error)
      || !take_url (json, "token_endpoint", &provider->token_url, error)
      || !take_url (json, "revocation_endpoint", &provider->revocation_url, error)
      || !take_url (json, "userinfo_endpoint", &provider->userinfo_url, error)
      || !take_url (json, "device_authorization_endpoint", &provider->device_url, error))
    return NULL;
  return g_steal_pointer (&provider);
}

/* --- Fetching --------------------------------------------------------------------------------- */

typedef struct
{
  PrOauthHttp *http;
  PrOauthProvider *preset;
  gboolean openid;
} PrDiscoveryWork;

static void fetch (GTask *task);

static void
discovery_work_free (gpointer data)
{
  PrDiscoveryWork *work = data;

  g_object_unref (work->http);
  pr_oauth_provider_unref (work->preset);
  g_free (work);
}

static void
on_document (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDiscoveryWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthAnswer) answer =
      pr_oauth_http_send_finish (PR_OAUTH_HTTP (source), result, &error);
  PrOauthProvider *provider = NULL;

  if (answer != NULL)
    error = pr_oauth_answer_check_status (answer);
  if (error == NULL && !work->openid && (answer->status != 200 || !answer->is_json))
    {
      work->openid = TRUE;
      fetch (task);
      return;
    }
  if (error == NULL && (answer->status != 200 || !answer->is_json))
    error = pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE,
                                "HTTP %u: the issuer has no document", answer->status);
  if (error == NULL)
    provider = pr_oauth_discovery_read (work->preset, pr_secret_peek (answer->body),
                                        pr_secret_get_length (answer->body), &error);
  if (provider != NULL)
    g_task_return_pointer (task, provider, (GDestroyNotify) pr_oauth_provider_unref);
  else
    g_task_return_error (task, error);
}

static void
fetch (GTask *task)
{
  PrDiscoveryWork *work = g_task_get_task_data (task);
  g_autofree char *url = pr_oauth_discovery_get_url (work->preset->issuer, work->openid);

  pr_oauth_http_send_async (work->http, url, NULL, NULL, g_task_get_cancellable (task), on_document,
                            g_object_ref (task));
}

/**
 * pr_oauth_discover_async:
 * @http: by which to ask
 * @preset: a provider with an issuer
 * @cancellable: (nullable): cancels
 * @callback: called with the whole provider
 * @user_data: for @callback
 */
void
pr_oauth_discover_async (PrOauthHttp *http,
                         PrOauthProvider *preset,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrDiscoveryWork *work = g_new0 (PrDiscoveryWork, 1);

  g_return_if_fail (preset->issuer != NULL);

  g_task_set_name (task, "pr_oauth_discover");
  work->http = g_object_ref (http);
  work->preset = pr_oauth_provider_ref (preset);
  g_task_set_task_data (task, work, discovery_work_free);
  fetch (task);
}

/**
 * pr_oauth_discover_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the whole provider
 */
PrOauthProvider *
pr_oauth_discover_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
