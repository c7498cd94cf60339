/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-provider.h"
#include "pr-secret.h"
#include "pr-server-profile.h"
#include "pr-service-account.h"

G_BEGIN_DECLS

#define PR_OAUTH_SERVICE_OTHER "other"

/**
 * PrOauthClientParts:
 * @id: client id
 * @secret: (nullable): client secret
 *
 * What a provider's console gives for a registration.
 */
typedef struct
{
  char *id;
  PrSecret *secret;
} PrOauthClientParts;

void pr_oauth_client_parts_clear (PrOauthClientParts *self);

const char *const *pr_oauth_services_list (void);
PrOauthProvider *pr_oauth_services_get (const char *id, const char *tenant);
PrOauthProvider *pr_oauth_services_find (PrServerProfile *profile, GError **error);
gboolean
pr_oauth_services_check_client (const PrOauthProvider *provider, const char *id, GError **error);
gboolean
pr_oauth_services_check_secret (const PrOauthProvider *provider, PrSecret *secret, GError **error);
PrServiceAccount *pr_oauth_services_read_key_file (PrSecret *file, GError **error);
gboolean pr_oauth_services_read_client_file (const PrOauthProvider *provider,
                                             PrSecret *file,
                                             PrOauthClientParts *parts,
                                             GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrOauthClientParts, pr_oauth_client_parts_clear)

G_END_DECLS
