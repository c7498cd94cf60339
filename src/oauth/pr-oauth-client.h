/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-grant.h"
#include "pr-service-account.h"

G_BEGIN_DECLS

/**
 * PrOauthClient:
 * @http: by which it asks
 * @provider: whom it asks
 * @id: of the admin's registration with @provider
 * @secret: (nullable): that belongs to @id
 * @service_account: (nullable): that signs in for every mailbox, instead of people
 *
 * A registration with a provider, and the requests that are made under it. Immutable. Main
 * thread.
 */
typedef struct
{
  gatomicrefcount refs;

  PrOauthHttp *http;
  PrOauthProvider *provider;
  char *id;
  PrSecret *secret;
  PrServiceAccount *service_account;
} PrOauthClient;

PrOauthClient *pr_oauth_client_new (PrOauthHttp *http,
                                    PrOauthProvider *provider,
                                    const char *id,
                                    PrSecret *secret,
                                    PrServiceAccount *service_account);
PrOauthClient *pr_oauth_client_ref (PrOauthClient *self);
void pr_oauth_client_unref (PrOauthClient *self);
gboolean pr_oauth_client_check (const PrOauthClient *self, GError **error);

GString *pr_oauth_client_new_form (const PrOauthClient *self);
char *pr_oauth_client_get_authorization (const PrOauthClient *self);

void pr_oauth_client_redeem_async (PrOauthClient *self,
                                   PrSecret *code,
                                   PrSecret *verifier,
                                   const char *redirect_uri,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void pr_oauth_client_refresh_async (PrOauthClient *self,
                                    PrSecret *refresh,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void pr_oauth_client_assert_async (PrOauthClient *self,
                                   const char *subject,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
PrOauthGrant *pr_oauth_client_grant_finish (GAsyncResult *result, GError **error);
void pr_oauth_client_revoke_async (PrOauthClient *self,
                                   PrOauthToken *token,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pr_oauth_client_revoke_finish (GAsyncResult *result, GError **error);

PrOauthToken *pr_oauth_client_make_token (const PrOauthClient *self,
                                          const PrOauthGrant *grant,
                                          const PrOauthToken *before,
                                          const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOauthClient, pr_oauth_client_unref)

G_END_DECLS
