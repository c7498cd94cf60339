/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-client.h"

G_BEGIN_DECLS

char *pr_oauth_id_token_read (PrSecret *id_token,
                              const PrOauthProvider *provider,
                              const char *client_id,
                              const char *nonce,
                              GError **error);

void pr_oauth_account_find_async (PrOauthClient *client,
                                  const PrOauthGrant *grant,
                                  const char *nonce,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
char *pr_oauth_account_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
