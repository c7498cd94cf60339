/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is looked at before a sign-in counts: that mail was granted (people can untick it), that
 * it will last (a refresh token came along), and that the right account signed in. Main thread. */

#include "pr-oauth-account.h"
#include "pr-oauth-sign-in-private.h"

#include "pr-text.h"

typedef struct
{
  PrOauthClient *client;
  char *account;
  char *alias;
  PrOauthGrant *grant;
} PrCheckWork;

static void
check_work_free (gpointer data)
{
  PrCheckWork *work = data;

  pr_oauth_client_unref (work->client);
  g_free (work->account);
  g_free (work->alias);
  pr_oauth_grant_free (work->grant);
  g_free (work);
}

static gboolean
is_wanted (PrCheckWork *work, const char *account)
{
  PrOauthProvider *provider = work->client->provider;

  return pr_oauth_provider_is_same_account (provider, work->account, account)
         || (work->alias != NULL
             && pr_oauth_provider_is_same_account (provider, work->alias, account));
}

static void
on_account (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrCheckWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *account = pr_oauth_account_find_finish (result, &error);
  g_autofree char *shown = NULL;

  if (error == NULL && account == NULL && work->client->provider->account_claims[0] != NULL)
    error = pr_oauth_error_new (PR_CODE_OAUTH_WRONG_ACCOUNT, PR_OAUTH_REASON_ACCOUNT_UNKNOWN,
                                "the provider does not say who signed in");
  if (error == NULL && account != NULL && !is_wanted (work, account))
    {
      shown = pr_text_for_display (account, -1, 254);
      error = pr_oauth_error_new (PR_CODE_OAUTH_WRONG_ACCOUNT, PR_OAUTH_REASON_OTHER_ACCOUNT, "%s",
                                  shown);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           pr_oauth_client_make_token (work->client, work->grant, NULL,
                                                       account != NULL ? account : ""),
                           (GDestroyNotify) pr_oauth_token_unref);
}

/**
 * pr_oauth_check_grant_async:
 * @plan: the sign-in
 * @grant: (transfer full): what it gave
 * @nonce: (nullable): of the sign-in
 * @cancellable: (nullable): cancels
 * @callback: called with the token
 * @user_data: for @callback
 */
void
pr_oauth_check_grant_async (const PrOauthSignInPlan *plan,
                            PrOauthGrant *grant,
                            const char *nonce,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrCheckWork *work = g_new0 (PrCheckWork, 1);
  g_autofree char *missing =
      pr_oauth_provider_find_missing_scope (plan->client->provider, grant->scope);

  g_task_set_name (task, "pr_oauth_check_grant");
  work->client = pr_oauth_client_ref (plan->client);
  work->account = g_strdup (plan->account);
  work->alias = g_strdup (plan->alias);
  work->grant = grant;
  g_task_set_task_data (task, work, check_work_free);
  if (missing != NULL)
    g_task_return_error (task, pr_oauth_error_new (PR_CODE_OAUTH_SCOPE_MISSING,
                                                   PR_OAUTH_REASON_NOT_TICKED, "%s", missing));
  else if (grant->refresh == NULL)
    g_task_return_error (task, pr_oauth_error_new (PR_CODE_OAUTH_SIGN_IN_NEEDED,
                                                   PR_OAUTH_REASON_NO_REFRESH_TOKEN,
                                                   "no refresh token was given"));
  else
    pr_oauth_account_find_async (plan->client, grant, nonce, cancellable, on_account,
                                 g_steal_pointer (&task));
}

/**
 * pr_oauth_check_grant_finish:
 * @result: what the callback got
 * @error: set if the sign-in does not count
 *
 * Returns: (transfer full) (nullable): what is to be kept
 */
PrOauthToken *
pr_oauth_check_grant_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
