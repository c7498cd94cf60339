/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-sign-in.h"

G_BEGIN_DECLS

void pr_oauth_check_grant_async (const PrOauthSignInPlan *plan,
                                 PrOauthGrant *grant,
                                 const char *nonce,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PrOauthToken *pr_oauth_check_grant_finish (GAsyncResult *result, GError **error);

G_END_DECLS
