/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sign-in services of data/providers.json, and which one a profile uses: the one that it
 * names, the one that belongs to its servers, or one of its own. Main thread. */

#include "pr-oauth-services.h"

#include "pr-json.h"
#include "pr-providers.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define SECRET_MAX 1024 /* characters: the limit of the field */

/* --- From the data ---------------------------------------------------------------------------- */

static JsonArray *
get_services (void)
{
  return json_object_get_array_member (pr_providers_get_root (), "oauth");
}

static JsonObject *
find_service (const char *id)
{
  JsonArray *services = get_services ();

  for (guint i = 0; i < json_array_get_length (services); i++)
    {
      JsonObject *service = json_array_get_object_element (services, i);

      if (g_str_equal (json_object_get_string_member (service, "id"), id))
        return service;
    }
  return NULL;
}

/**
 * pr_oauth_services_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids of all services, "other" last
 */
const char *const *
pr_oauth_services_list (void)
{
  static const char **ids = NULL;
  JsonArray *services = get_services ();
  guint n = json_array_get_length (services);

  if (ids != NULL)
    return ids;
  ids = g_new0 (const char *, n + 2);
  for (guint i = 0; i < n; i++)
    ids[i] = json_object_get_string_member (json_array_get_object_element (services, i), "id");
  ids[n] = PR_OAUTH_SERVICE_OTHER;
  return ids;
}

static void
set_text (char **field, JsonObject *service, const char *name, const char *tenant)
{
  const char *text = json_object_get_string_member_with_default (service, name, NULL);
  g_autoptr (GString) filled = NULL;

  if (text == NULL)
    return;
  filled = g_string_new (text);
  g_string_replace (filled, "{tenant}", tenant, 0);
  g_free (*field);
  *field = g_strdup (filled->str);
}

static void
set_list (char ***field, JsonObject *service, const char *name)
{
  JsonArray *array;
  GPtrArray *list;

  if (!json_object_has_member (service, name))
    return;
  array = json_object_get_array_member (service, name);
  list = g_ptr_array_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (list, g_strdup (json_array_get_string_element (array, i)));
  g_ptr_array_add (list, NULL);
  g_strfreev (*field);
  *field = (char **) g_ptr_array_free (list, FALSE);
}

static gboolean
get_flag (JsonObject *service, const char *name)
{
  return json_object_get_boolean_member_with_default (service, name, FALSE);
}

static PrOauthSecretRule
get_secret_rule (JsonObject *service)
{
  const char *word = json_object_get_string_member_with_default (service, "secret", "optional");

  if (g_str_equal (word, "needed"))
    return PR_OAUTH_SECRET_NEEDED;
  return g_str_equal (word, "refused") ? PR_OAUTH_SECRET_REFUSED : PR_OAUTH_SECRET_OPTIONAL;
}

static PrOauthProvider *
make_provider (JsonObject *service, const char *tenant)
{
  PrOauthProvider *provider =
      pr_oauth_provider_new (json_object_get_string_member (service, "id"),
                             json_object_get_string_member (service, "name"));

  if (tenant == NULL || *tenant == '\0')
    tenant = json_object_get_string_member_with_default (service, "tenant", "");
  set_text (&provider->issuer, service, "issuer", tenant);
  set_text (&provider->authorization_url, service, "authorization_url", tenant);
  set_text (&provider->token_url, service, "token_url", tenant);
  set_text (&provider->revocation_url, service, "revocation_url", tenant);
  set_text (&provider->device_url, service, "device_url", tenant);
  set_text (&provider->userinfo_url, service, "userinfo_url", tenant);
  set_text (&provider->scope, service, "scope", tenant);
  set_text (&provider->mail_scope, service, "mail_scope", tenant);
  set_text (&provider->redirect_host, service, "redirect_host", tenant);
  set_text (&provider->redirect_path, service, "redirect_path", tenant);
  set_text (&provider->client_id_suffix, service, "client_id_suffix", tenant);
  set_list (&provider->parameters, service, "parameters");
  set_list (&provider->account_claims, service, "account_claims");
  set_list (&provider->same_domains, service, "same_domains");
  provider->secret_rule = get_secret_rule (service);
  provider->any_tenant = get_flag (service, "any_tenant");
  provider->basic = get_flag (service, "basic");
  provider->announces_issuer = get_flag (service, "announces_issuer");
  provider->service_accounts = get_flag (service, "service_accounts");
  provider->client_id_uuid = get_flag (service, "client_id_uuid");
  provider->ignores_dots = get_flag (service, "ignores_dots");
  provider->testing_days =
      (guint) json_object_get_int_member_with_default (service, "testing_days", 0);
  provider->unused_days =
      (guint) json_object_get_int_member_with_default (service, "unused_days", 0);
  return provider;
}

/**
 * pr_oauth_services_get:
 * @id: of a service
 * @tenant: (nullable): the organisation, where the service's addresses have it
 *
 * Returns: (transfer full) (nullable): the service; %NULL for "other" and for what is not known
 */
PrOauthProvider *
pr_oauth_services_get (const char *id, const char *tenant)
{
  JsonObject *service = find_service (id);

  return service != NULL ? make_provider (service, tenant) : NULL;
}

/* --- For a profile ---------------------------------------------------------------------------- */

static void
take_field (char **field, const char *text)
{
  if (*text == '\0')
    return;
  g_free (*field);
  *field = g_strdup (text);
}

static gboolean
has_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

/* Scopes of OpenID Connect say who signs in, not what may be done with mail. */
static char *
get_mail_scope (const char *scope)
{
  static const char *const others[] = { "openid", "email", "profile", "offline_access", "", NULL };
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);
  GString *mail = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (!g_strv_contains (others, words[i]))
      g_string_append_printf (mail, "%s%s", mail->len > 0 ? " " : "", words[i]);
  return g_string_free (mail, FALSE);
}

static PrOauthProvider *
make_own (PrServerProfile *profile)
{
  PrOauthProvider *provider = pr_oauth_provider_new (PR_OAUTH_SERVICE_OTHER, _ ("your provider"));
  const char *scope = pr_server_profile_get_text (profile, OAUTH_SCOPE);

  take_field (&provider->issuer, pr_server_profile_get_text (profile, OAUTH_ISSUER));
  take_field (&provider->authorization_url,
              pr_server_profile_get_text (profile, OAUTH_AUTHORIZATION_URL));
  take_field (&provider->token_url, pr_server_profile_get_text (profile, OAUTH_TOKEN_URL));
  take_field (&provider->scope, scope);
  g_free (provider->mail_scope);
  provider->mail_scope = get_mail_scope (scope);
  provider->redirect_path = g_strdup ("/callback");
  if (has_word (scope, "openid"))
    {
      g_strfreev (provider->account_claims);
      provider->account_claims = g_strsplit ("email preferred_username", " ", -1);
    }
  /* OpenID Connect Core section 11: otherwise it is not given. */
  if (has_word (scope, "offline_access"))
    provider->parameters = g_strsplit ("prompt consent", " ", -1);
  return provider;
}

/**
 * pr_oauth_services_find:
 * @profile: a profile
 * @error: set to %PR_ERROR_INVALID_VALUE if it has none, or not all of one
 *
 * Returns: (transfer full) (nullable): the service that it signs in with; where its addresses are
 *   missing but an issuer is there, they have to be discovered
 */
PrOauthProvider *
pr_oauth_services_find (PrServerProfile *profile, GError **error)
{
  const char *id = pr_server_profile_get_text (profile, OAUTH_PROVIDER);
  const char *issuer = pr_server_profile_get_text (profile, OAUTH_ISSUER);
  gboolean own =
      g_str_equal (id, PR_OAUTH_SERVICE_OTHER)
      || (*id == '\0'
          && (*issuer != '\0' || *pr_server_profile_get_text (profile, OAUTH_TOKEN_URL)));
  PrOauthProvider *provider = NULL;

  if (own && *pr_server_profile_get_text (profile, OAUTH_SCOPE) == '\0')
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-scope",
                    _ ("OAuth scope must not be empty with a sign-in service of your own. "
                       "Accepted: what your provider calls access to mail."));
      return NULL;
    }
  if (own && *issuer == '\0'
      && (!*pr_server_profile_get_text (profile, OAUTH_AUTHORIZATION_URL)
          || !*pr_server_profile_get_text (profile, OAUTH_TOKEN_URL)))
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-issuer",
                    _ ("A sign-in service of your own needs an OAuth issuer, or both addresses. "
                       "Accepted: addresses that begin with “https://”."));
      return NULL;
    }
  if (own)
    return make_own (profile);
  if (*id == '\0')
    id = pr_providers_find_oauth (profile);
  if (id != NULL)
    provider = pr_oauth_services_get (id, pr_server_profile_get_text (profile, OAUTH_TENANT));
  if (provider == NULL)
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-provider",
                  _ ("There is no known sign-in service for the servers of this profile. Accepted "
                     "as OAuth provider: google, microsoft, fastmail, other."));
  return provider;
}

/* --- What was pasted -------------------------------------------------------------------------- */

void
pr_oauth_client_parts_clear (PrOauthClientParts *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->secret, pr_secret_unref);
}

static gboolean
set_refused (GError **error, const char *field, const char *message)
{
  pr_set_error (error, PR_ERROR_INVALID_VALUE, field, "%s", message);
  return FALSE;
}

/**
 * pr_oauth_services_check_client:
 * @provider: a service
 * @id: what was pasted as client id
 * @error: set to what it seems to be instead
 *
 * Returns: whether it can be a client id of @provider's
 */
gboolean
pr_oauth_services_check_client (const PrOauthProvider *provider, const char *id, GError **error)
{
  if (*id == '\0' || strpbrk (id, " \t\r\n") != NULL)
    return set_refused (error, "oauth-client-id",
                        _ ("OAuth client id: it is empty or has spaces in it. Accepted: the client "
                           "id as the provider shows it."));
  if (provider->client_id_suffix != NULL && !g_str_has_suffix (id, provider->client_id_suffix))
    {
      if (provider->service_accounts && g_str_has_suffix (id, ".gserviceaccount.com"))
        return TRUE;
      if (g_str_has_prefix (id, "GOCSPX-"))
        return set_refused (error, "oauth-client-id",
                            _ ("OAuth client id: this is the client secret. Accepted: the client "
                               "id, which ends in “.apps.googleusercontent.com”."));
      if (strchr (id, '@') != NULL)
        return set_refused (error, "oauth-client-id",
                            _ ("OAuth client id: this is an email address. Accepted: the client "
                               "id, which ends in “.apps.googleusercontent.com”."));
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-client-id",
                    _ ("OAuth client id: this is none of %s’s. Accepted: one that ends in “%s”."),
                    provider->name, provider->client_id_suffix);
      return FALSE;
    }
  if (provider->client_id_uuid && !g_uuid_string_is_valid (id))
    return set_refused (error, "oauth-client-id",
                        _ ("OAuth client id: this is not the “Application (client) ID”. Accepted: "
                           "36 letters, digits and hyphens, such as "
                           "“00000000-0000-0000-0000-000000000000”."));
  return TRUE;
}

/**
 * pr_oauth_services_check_secret:
 * @provider: a service
 * @secret: (nullable): what was pasted as client secret
 * @error: set to why it cannot be one
 *
 * Returns: whether it can be a client secret of @provider's
 */
gboolean
pr_oauth_services_check_secret (const PrOauthProvider *provider, PrSecret *secret, GError **error)
{
  const char *text = secret != NULL ? pr_secret_peek (secret) : NULL;

  if (secret == NULL)
    return TRUE;
  if (provider->secret_rule == PR_OAUTH_SECRET_REFUSED)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-client-secret",
                    _ ("OAuth client secret: %s wants none from desktop applications. Accepted: "
                       "nothing."),
                    provider->name);
      return FALSE;
    }
  /* The value itself must not be repeated. */
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      text = "";
  if (*text != '\0' && pr_secret_get_length (secret) <= SECRET_MAX)
    return TRUE;
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-client-secret",
                _ ("OAuth client secret: what was given is not accepted. Accepted: 1 to %d "
                   "characters without spaces, as the provider shows it."),
                SECRET_MAX);
  return FALSE;
}

/**
 * pr_oauth_services_read_key_file:
 * @file: what was given as the key of a service account
 * @error: set to why it is none
 *
 * Returns: (transfer full) (nullable): the service account
 */
PrServiceAccount *
pr_oauth_services_read_key_file (PrSecret *file, GError **error)
{
  g_autoptr (GError) reason = NULL;
  PrServiceAccount *account = pr_service_account_parse (file, &reason);

  if (account == NULL)
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "service-account",
                  _ ("Key of the service account: it is not accepted (%s). Accepted: the JSON file "
                     "that the provider’s console makes for a new key."),
                  reason->message);
  return account;
}

/* Google's console lets a client be downloaded: {"installed": {...}}; "web" is the wrong kind. */
static const PrJsonValue *
find_client (const PrJson *json, GError **error)
{
  const PrJsonValue *root = json != NULL ? pr_json_get_root (json) : NULL;
  const PrJsonValue *client = pr_json_value_find (root, "installed");

  if (client != NULL)
    return client;
  if (pr_json_value_find (root, "web") != NULL)
    set_refused (error, "oauth-client-id",
                 _ ("This client is for a web application. Accepted: one of the type “Desktop "
                    "app”."));
  else if (json != NULL && g_strcmp0 (pr_json_find_text (json, "type"), "service_account") == 0)
    set_refused (error, "oauth-client-id",
                 _ ("This is the key of a service account, not a client. Give it as the key of a "
                    "service account."));
  else
    set_refused (error, "oauth-client-id",
                 _ ("This is not the file of a client. Accepted: the JSON file that “Download "
                    "JSON” gives for a client of the type “Desktop app”."));
  return NULL;
}

/**
 * pr_oauth_services_read_client_file:
 * @provider: a service
 * @file: what the provider's console gave as a file
 * @parts: (out): what is in it
 * @error: set to what it seems to be instead
 *
 * Returns: whether it is the file of a client that can be used
 */
gboolean
pr_oauth_services_read_client_file (const PrOauthProvider *provider,
                                    PrSecret *file,
                                    PrOauthClientParts *parts,
                                    GError **error)
{
  g_autoptr (PrJson) json =
      pr_json_parse (pr_secret_peek (file), pr_secret_get_length (file), NULL);
  const PrJsonValue *client = find_client (json, error);
  const char *id, *secret;

  if (client == NULL)
    return FALSE;
  id = pr_json_value_get_text (pr_json_value_find (client, "client_id"));
  secret = pr_json_value_get_text (pr_json_value_find (client, "client_secret"));
  if (!pr_oauth_services_check_client (provider, id != NULL ? id : "", error))
    return FALSE;
  parts->id = g_strdup (id);
  parts->secret = secret != NULL ? pr_secret_new (secret, -1) : NULL;
  return TRUE;
}
