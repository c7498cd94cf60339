/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PrOauthSecretRule:
 * @PR_OAUTH_SECRET_NEEDED: a client must have one, although a desktop program cannot keep it
 *   (RFC 8252 section 8.5)
 * @PR_OAUTH_SECRET_REFUSED: clients of desktop programs must have none
 *
 * Whether a provider gives desktop programs a client secret.
 */
typedef enum
{
  PR_OAUTH_SECRET_OPTIONAL,
  PR_OAUTH_SECRET_NEEDED,
  PR_OAUTH_SECRET_REFUSED,
} PrOauthSecretRule;

/**
 * PrOauthProvider:
 * @id: its word in data/providers.json, or "other"
 * @issuer: (nullable): RFC 8414 section 2
 * @any_tenant: @issuer has "{tenantid}" where an id token has the organisation's id
 * @authorization_url: (nullable): where the browser goes
 * @token_url: (nullable): where codes and refresh tokens become access tokens
 * @revocation_url: (nullable): RFC 7009
 * @device_url: (nullable): RFC 8628, only where it may be used for mail
 * @userinfo_url: (nullable): who signed in
 * @scope: what is asked for, separated by spaces
 * @mail_scope: those of @scope that a test cannot do without
 * @parameters: (nullable) (array zero-terminated=1): further names and values of the authorization
 *   request, in turn
 * @account_claims: (array zero-terminated=1): what an id token calls the account, best first;
 *   empty: who signed in is only shown by the log-in itself
 * @basic: the secret goes into the header (RFC 6749 section 2.3.1), not into the form
 * @announces_issuer: answers of the browser carry "iss" (RFC 9207)
 * @service_accounts: RFC 7523 with a key, for any mailbox of the organisation
 * @redirect_host: "127.0.0.1", or "localhost" where the provider insists
 * @redirect_path: (nullable): %NULL: a random one for each sign-in
 * @client_id_suffix: (nullable): that all client ids have
 * @client_id_uuid: client ids are UUIDs
 * @same_domains: (nullable) (array zero-terminated=1): names of one and the same domain
 * @ignores_dots: dots in the local part of addresses in @same_domains mean nothing
 * @testing_days: how long a sign-in lives while the registration is "in testing"; 0: no such thing
 * @unused_days: how long one lives that nobody uses; 0: not known
 *
 * A sign-in service: addresses, scopes, habits. Data; filled by whoever makes it, immutable then.
 */
typedef struct
{
  gatomicrefcount refs;

  char *id;
  char *name;
  char *issuer;
  gboolean any_tenant;
  char *authorization_url;
  char *token_url;
  char *revocation_url;
  char *device_url;
  char *userinfo_url;
  char *scope;
  char *mail_scope;
  char **parameters;
  char **account_claims;
  PrOauthSecretRule secret_rule;
  gboolean basic;
  gboolean announces_issuer;
  gboolean service_accounts;
  char *redirect_host;
  char *redirect_path;
  char *client_id_suffix;
  gboolean client_id_uuid;
  char **same_domains;
  gboolean ignores_dots;
  guint testing_days;
  guint unused_days;
} PrOauthProvider;

PrOauthProvider *pr_oauth_provider_new (const char *id, const char *name);
PrOauthProvider *pr_oauth_provider_copy (const PrOauthProvider *self);
PrOauthProvider *pr_oauth_provider_ref (PrOauthProvider *self);
void pr_oauth_provider_unref (PrOauthProvider *self);

char *pr_oauth_provider_get_redirect_value (const PrOauthProvider *self);
gboolean pr_oauth_provider_is_same_account (const PrOauthProvider *self,
                                            const char *address,
                                            const char *account);
char *pr_oauth_provider_find_missing_scope (const PrOauthProvider *self, const char *granted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOauthProvider, pr_oauth_provider_unref)

G_END_DECLS
