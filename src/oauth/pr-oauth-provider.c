/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthProvider: what is particular about a sign-in service, as data. Any thread. */

#include "pr-oauth-provider.h"

#include "pr-validate.h"

#include <string.h>

/**
 * pr_oauth_provider_new:
 * @id: its word
 * @name: what people call it
 *
 * Returns: (transfer full): a provider without addresses
 */
PrOauthProvider *
pr_oauth_provider_new (const char *id, const char *name)
{
  PrOauthProvider *self = g_new0 (PrOauthProvider, 1);

  g_atomic_ref_count_init (&self->refs);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->scope = g_strdup ("");
  self->mail_scope = g_strdup ("");
  self->account_claims = g_new0 (char *, 1);
  self->redirect_host = g_strdup ("127.0.0.1");
  return self;
}

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

/**
 * pr_oauth_provider_copy:
 * @self: a provider
 *
 * Returns: (transfer full): the same, to be changed
 */
PrOauthProvider *
pr_oauth_provider_copy (const PrOauthProvider *self)
{
  PrOauthProvider *copy = pr_oauth_provider_new (self->id, self->name);

  set_text (&copy->issuer, self->issuer);
  set_text (&copy->authorization_url, self->authorization_url);
  set_text (&copy->token_url, self->token_url);
  set_text (&copy->revocation_url, self->revocation_url);
  set_text (&copy->device_url, self->device_url);
  set_text (&copy->userinfo_url, self->userinfo_url);
  set_text (&copy->scope, self->scope);
  set_text (&copy->mail_scope, self->mail_scope);
  set_text (&copy->redirect_host, self->redirect_host);
  set_text (&copy->redirect_path, self->redirect_path);
  set_text (&copy->client_id_suffix, self->client_id_suffix);
  copy->parameters = g_strdupv (self->parameters);
  g_strfreev (copy->account_claims);
  copy->account_claims = g_strdupv (self->account_claims);
  copy->same_domains = g_strdupv (self->same_domains);
  copy->any_tenant = self->any_tenant;
  copy->secret_rule = self->secret_rule;
  copy->basic = self->basic;
  copy->announces_issuer = self->announces_issuer;
  copy->service_accounts = self->service_accounts;
  copy->client_id_uuid = self->client_id_uuid;
  copy->ignores_dots = self->ignores_dots;
  copy->testing_days = self->testing_days;
  copy->unused_days = self->unused_days;
  return copy;
}

PrOauthProvider *
pr_oauth_provider_ref (PrOauthProvider *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_oauth_provider_unref (PrOauthProvider *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->issuer);
  g_free (self->authorization_url);
  g_free (self->token_url);
  g_free (self->revocation_url);
  g_free (self->device_url);
  g_free (self->userinfo_url);
  g_free (self->scope);
  g_free (self->mail_scope);
  g_strfreev (self->parameters);
  g_strfreev (self->account_claims);
  g_free (self->redirect_host);
  g_free (self->redirect_path);
  g_free (self->client_id_suffix);
  g_strfreev (self->same_domains);
  g_free (self);
}

/**
 * pr_oauth_provider_get_redirect_value:
 * @self: a provider
 *
 * Returns: (transfer full): the redirect address that a registration with this provider must
 *   name; the port is never part of it (RFC 8252 section 7.3)
 */
char *
pr_oauth_provider_get_redirect_value (const PrOauthProvider *self)
{
  return g_strdup_printf ("http://%s%s", self->redirect_host,
                          self->redirect_path != NULL ? self->redirect_path : "");
}

/* Where two addresses of this provider's are the same account, their keys are equal. */
static char *
get_account_key (const PrOauthProvider *self, const char *address)
{
  g_autofree char *key = pr_address_to_key (address);
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;
  g_autoptr (GString) plain = NULL;

  if (self->same_domains == NULL || !pr_address_split (key, &local, &domain)
      || !g_strv_contains ((const char *const *) self->same_domains, domain))
    return g_steal_pointer (&key);
  plain = g_string_new (local);
  if (self->ignores_dots)
    g_string_replace (plain, ".", "", 0);
  return g_strdup_printf ("%s@%s", plain->str, self->same_domains[0]);
}

/**
 * pr_oauth_provider_is_same_account:
 * @self: a provider
 * @address: whose account is wanted
 * @account: who signed in
 *
 * Returns: whether both are the same account
 */
gboolean
pr_oauth_provider_is_same_account (const PrOauthProvider *self,
                                   const char *address,
                                   const char *account)
{
  g_autofree char *wanted = get_account_key (self, address);
  g_autofree char *found = get_account_key (self, account);

  return g_str_equal (wanted, found);
}

/* Some providers answer in lower case. */
static gboolean
has_scope (char **scopes, const char *scope)
{
  for (guint i = 0; scopes[i] != NULL; i++)
    if (g_ascii_strcasecmp (scopes[i], scope) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pr_oauth_provider_find_missing_scope:
 * @self: a provider
 * @granted: (nullable): the scope of a token answer; %NULL: exactly what was asked for (RFC 6749
 *   section 5.1)
 *
 * Returns: (transfer full) (nullable): the first scope that mail needs and @granted lacks
 */
char *
pr_oauth_provider_find_missing_scope (const PrOauthProvider *self, const char *granted)
{
  g_auto (GStrv) needed = g_strsplit (self->mail_scope, " ", -1);
  g_auto (GStrv) have = NULL;

  if (granted == NULL)
    return NULL;
  have = g_strsplit (granted, " ", -1);
  for (guint i = 0; needed[i] != NULL; i++)
    if (*needed[i] != '\0' && !has_scope (have, needed[i]))
      return g_strdup (needed[i]);
  return NULL;
}
