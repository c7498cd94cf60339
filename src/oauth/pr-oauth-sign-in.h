/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-client.h"

G_BEGIN_DECLS

#define PR_OAUTH_SIGN_IN_TIMEOUT_S 600 /* people look for passwords and telephones */

/**
 * PrOauthSignInPlan:
 * @client: under which registration
 * @account: whose sign-in is wanted; the provider proposes it
 * @alias: (nullable): another address that may sign in instead
 * @timeout_s: how long to wait for the person
 *
 * One sign-in of one person.
 */
typedef struct
{
  PrOauthClient *client;
  const char *account;
  const char *alias;
  guint timeout_s;
} PrOauthSignInPlan;

/**
 * PrOauthOpenFunc:
 * @url: what to open in the person's own browser
 * @user_data: of the sign-in
 */
typedef void (*PrOauthOpenFunc) (const char *url, gpointer user_data);

/**
 * PrOauthShowFunc:
 * @url: what the person opens in any browser, on any computer
 * @code: what to type there
 * @expires_s: within which time
 * @user_data: of the sign-in
 */
typedef void (*PrOauthShowFunc) (const char *url,
                                 const char *code,
                                 guint expires_s,
                                 gpointer user_data);

void pr_oauth_sign_in_async (const PrOauthSignInPlan *plan,
                             PrOauthOpenFunc open,
                             gpointer open_data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void pr_oauth_device_sign_in_async (const PrOauthSignInPlan *plan,
                                    PrOauthShowFunc show,
                                    gpointer show_data,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
PrOauthToken *pr_oauth_sign_in_finish (GAsyncResult *result, GError **error);

G_END_DECLS
