/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-client.h"
#include "pr-oauth-storage.h"

G_BEGIN_DECLS

/**
 * PrOauthTokens:
 *
 * Access tokens of all accounts of an environment: as they were stored, or refreshed, one refresh
 * at a time for each account, however many ask.
 */
#define PR_TYPE_OAUTH_TOKENS (pr_oauth_tokens_get_type ())
G_DECLARE_FINAL_TYPE (PrOauthTokens, pr_oauth_tokens, PR, OAUTH_TOKENS, GObject)

PrOauthTokens *pr_oauth_tokens_new (PrOauthStorage *storage);
void pr_oauth_tokens_set_clock (PrOauthTokens *self, gint64 (*get_time) (void));

void pr_oauth_tokens_get_async (PrOauthTokens *self,
                                const char *key,
                                const char *subject,
                                PrOauthClient *client,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
PrSecret *pr_oauth_tokens_get_finish (PrOauthTokens *self, GAsyncResult *result, GError **error);

void pr_oauth_tokens_put_async (PrOauthTokens *self,
                                const char *key,
                                PrOauthToken *token,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pr_oauth_tokens_put_finish (PrOauthTokens *self, GAsyncResult *result, GError **error);

void pr_oauth_tokens_take_async (PrOauthTokens *self,
                                 const char *key,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PrOauthToken *
pr_oauth_tokens_take_finish (PrOauthTokens *self, GAsyncResult *result, GError **error);

void pr_oauth_tokens_peek_async (PrOauthTokens *self,
                                 const char *key,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PrOauthToken *
pr_oauth_tokens_peek_finish (PrOauthTokens *self, GAsyncResult *result, GError **error);

void pr_oauth_tokens_refuse (PrOauthTokens *self, const char *key, PrSecret *access);
gboolean pr_oauth_tokens_is_busy (PrOauthTokens *self);

G_END_DECLS
