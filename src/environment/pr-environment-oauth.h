/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment-private.h"
#include "pr-oauth-tokens.h"

G_BEGIN_DECLS

/* What the commands of an environment share about OAuth; not for the window or the command line. */

void pr_environment_oauth_free (PrEnvironmentOauth *oauth);
PrOauthTokens *pr_environment_get_tokens (PrEnvironment *self);
void pr_environment_forget_clients (PrEnvironment *self);

void pr_environment_make_client_async (PrEnvironment *self,
                                       PrServerProfile *profile,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
PrOauthClient *
pr_environment_make_client_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

void pr_environment_fetch_token_async (PrEnvironment *self,
                                       PrServerProfile *profile,
                                       PrMailbox *mailbox,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
PrSecret *
pr_environment_fetch_token_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_refuse_token (PrEnvironment *self,
                                  PrServerProfile *profile,
                                  PrMailbox *mailbox,
                                  PrSecret *token);

void pr_environment_set_token_flags_async (PrEnvironment *self,
                                           PrMailbox *mailbox,
                                           gboolean value,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean
pr_environment_set_token_flags_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

void pr_environment_list_signed_in_async (PrEnvironment *self,
                                          PrSelection *selection,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *
pr_environment_list_signed_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_revoke_async (PrEnvironment *self,
                                  GPtrArray *mailboxes,
                                  gboolean are_gone,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_environment_revoke_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_END_DECLS
