/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-oauth-error.h"
#include "pr-oauth-provider.h"

G_BEGIN_DECLS

/**
 * PrSignInInfo:
 * @account: who signed in; "" where the provider does not say
 * @scope: what was granted; "" where the provider did not say
 * @signed_in_at: when somebody signed in, microseconds since 1970
 * @refreshed_at: when it was last found good
 * @ends_at: when it ends by itself; 0: not known, or never while it is used
 * @lasts: it can be renewed; else it ends within the hour
 * @other_client: it was made under another client id than the profile's, so it is not used
 *
 * What can be told of a sign-in: nothing of it is secret.
 */
typedef struct
{
  char *account;
  char *scope;
  gint64 signed_in_at;
  gint64 refreshed_at;
  gint64 ends_at;
  gboolean lasts;
  gboolean other_client;
} PrSignInInfo;

void pr_sign_in_info_free (PrSignInInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSignInInfo, pr_sign_in_info_free)

void pr_environment_load_sign_in_async (PrEnvironment *self,
                                        PrMailbox *mailbox,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
PrSignInInfo *
pr_environment_load_sign_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

void pr_environment_list_sign_ins_async (PrEnvironment *self,
                                         PrSelection *selection,
                                         gboolean only_needed,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *
pr_environment_list_sign_ins_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

char *pr_environment_name_service (PrEnvironment *self, PrMailbox *mailbox);
gboolean pr_environment_offers_device (PrEnvironment *self, PrMailbox *mailbox);
gboolean pr_code_wants_sign_in (PrCode code);
gboolean pr_sign_in_error_is_of_profile (const GError *error);

PrOauthProvider *
pr_environment_find_provider (PrEnvironment *self, PrServerProfile *profile, GError **error);
void pr_environment_discover_oauth_async (PrEnvironment *self,
                                          PrServerProfile *profile,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
PrOauthProvider *
pr_environment_discover_oauth_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_END_DECLS
