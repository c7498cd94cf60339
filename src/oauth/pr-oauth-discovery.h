/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-http.h"
#include "pr-oauth-provider.h"

G_BEGIN_DECLS

char *pr_oauth_discovery_get_url (const char *issuer, gboolean openid);
PrOauthProvider *pr_oauth_discovery_read (const PrOauthProvider *preset,
                                          const char *text,
                                          gsize length,
                                          GError **error);
void pr_oauth_discover_async (PrOauthHttp *http,
                              PrOauthProvider *preset,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PrOauthProvider *pr_oauth_discover_finish (GAsyncResult *result, GError **error);

G_END_DECLS
