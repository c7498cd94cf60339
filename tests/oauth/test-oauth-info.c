/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be told of sign-ins without making one: who and since when, whose turn it is, and what a
 * service says about itself when somebody asks. */

#include "../environment/env-fixture.h"
#include "oauth-endpoint.h"
#include "pr-environment-oauth.h"
#include "pr-environment-sign-in-info.h"
#include "pr-token-keeper.h"

typedef struct
{
  PrEnvFixture env;
  TestEndpoint *endpoint;
  PrServerProfile *profile;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *issuer = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&fixture->env);
  fixture->endpoint = test_endpoint_new ();
  issuer = test_endpoint_get_url (fixture->endpoint, "");
  fixture->profile = env_new_profile ("Ours");
  env_set (fixture->profile, "incoming-authentication", "oauth");
  env_set (fixture->profile, "oauth-client-id", "me");
  env_set (fixture->profile, "oauth-issuer", issuer);
  env_set (fixture->profile, "oauth-scope", "mail");
  env_save_profile (&fixture->env, fixture->profile, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->profile);
  env_fixture_clear (&fixture->env);
  test_endpoint_free (fixture->endpoint);
}

static PrMailbox *
add_mailbox (Fixture *fixture, const char *address, const char *username)
{
  PrMailbox *mailbox = pr_environment_new_mailbox (fixture->env.environment, address);
  g_autoptr (GError) error = NULL;

  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (fixture->profile)));
  if (username != NULL)
    env_set (mailbox, "username", username);
  env_save_mailbox (&fixture->env, mailbox, &error);
  g_assert_no_error (error);
  return mailbox;
}

/* As a sign-in leaves it. */
static void
put_token (Fixture *fixture, PrMailbox *mailbox, const char *client_id, gint64 until)
{
  PrEnvironment *environment = fixture->env.environment;
  g_autoptr (PrOauthToken) token = pr_oauth_token_new ();
  g_autofree char *key = pr_token_keeper_get_key (mailbox);
  g_auto (PrEnvWait) wait = { NULL }, wait_flag = { NULL };
  g_autoptr (GError) error = NULL;

  token->account = (g_free (token->account), g_strdup ("anna@example.org"));
  token->client_id = (g_free (token->client_id), g_strdup (client_id));
  token->scope = (g_free (token->scope), g_strdup ("mail"));
  token->refresh = pr_secret_new ("c4nary-refresh", -1);
  token->refresh_until = until;
  token->signed_in_at = 1000000;
  token->refreshed_at = 2000000;
  pr_oauth_tokens_put_async (pr_environment_get_tokens (environment), key, token, env_ready, &wait);
  pr_oauth_tokens_put_finish (pr_environment_get_tokens (environment), env_wait (&wait), &error);
  g_assert_no_error (error);
  pr_environment_set_token_flags_async (environment, mailbox, TRUE, env_ready, &wait_flag);
  pr_environment_set_token_flags_finish (environment, env_wait (&wait_flag), &error);
  g_assert_no_error (error);
}

static PrSignInInfo *
load (Fixture *fixture, PrMailbox *mailbox)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrSignInInfo *info;

  pr_environment_load_sign_in_async (fixture->env.environment, mailbox, NULL, env_ready, &wait);
  info = pr_environment_load_sign_in_finish (fixture->env.environment, env_wait (&wait), &error);
  g_assert_no_error (error);
  return info;
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (PrMailbox) other = add_mailbox (fixture, "bert@example.org", NULL);
  g_autoptr (PrSignInInfo) info = NULL;
  g_autoptr (PrSignInInfo) other_info = NULL;

  g_assert_null (load (fixture, mailbox));
  put_token (fixture, mailbox, "me", 3000000);
  put_token (fixture, other, "somebody else", 0);
  info = load (fixture, mailbox);
  g_assert_cmpstr (info->account, ==, "anna@example.org");
  g_assert_cmpstr (info->scope, ==, "mail");
  g_assert_cmpint (info->signed_in_at, ==, 1000000);
  g_assert_cmpint (info->refreshed_at, ==, 2000000);
  g_assert_cmpint (info->ends_at, ==, 3000000);
  g_assert_true (info->lasts);
  g_assert_false (info->other_client);
  other_info = load (fixture, other);
  g_assert_true (other_info->other_client);
  g_assert_cmpint (other_info->ends_at, ==, 0);
}

/* Of mailboxes that share an account there is one; whoever is signed in is not asked again. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  g_autoptr (PrMailbox) other = add_mailbox (fixture, "bert@example.org", NULL);
  g_autoptr (PrMailbox) shared = add_mailbox (fixture, "info@example.org", "carl@example.org");
  g_autoptr (PrMailbox) again = add_mailbox (fixture, "post@example.org", "carl@example.org");
  PrEnvironment *environment = fixture->env.environment;
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  put_token (fixture, mailbox, "me", 0);
  for (gboolean only_needed = FALSE; only_needed <= TRUE; only_needed++)
    {
      g_auto (PrEnvWait) wait = { NULL };
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (GError) error = NULL;

      pr_environment_list_sign_ins_async (environment, all, only_needed, NULL, env_ready, &wait);
      list = pr_environment_list_sign_ins_finish (environment, env_wait (&wait), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (list->len, ==, only_needed ? 2 : 3);
    }
}

static PrOauthProvider *
discover (Fixture *fixture, PrServerProfile *profile, const char *device, GError **error)
{
  g_autofree char *base = test_endpoint_get_url (fixture->endpoint, "");
  g_autofree char *text = g_strdup_printf ("{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/"
                                           "auth\",\"token_endpoint\":\"%s/token\"%s}",
                                           base, base, base, device);
  g_auto (PrEnvWait) wait = { NULL };

  test_endpoint_add_json (fixture->endpoint, 200, text);
  pr_environment_discover_oauth_async (fixture->env.environment, profile, NULL, env_ready, &wait);
  return pr_environment_discover_oauth_finish (fixture->env.environment, env_wait (&wait), error);
}

/* An issuer is asked when somebody wants it, whatever was known before; then it is known. */
static void
test_discover (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrMailbox) mailbox = add_mailbox (fixture, "anna@example.org", NULL);
  PrEnvironment *environment = fixture->env.environment;
  g_autofree char *token_url = test_endpoint_get_url (fixture->endpoint, "/token");
  g_autoptr (PrServerProfile) none = env_new_profile ("None");
  g_autoptr (PrOauthProvider) first = NULL;
  g_autoptr (PrOauthProvider) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (pr_environment_offers_device (environment, mailbox));
  first = discover (fixture, fixture->profile, "", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->token_url, ==, token_url);
  g_assert_false (pr_environment_offers_device (environment, mailbox));
  second =
      discover (fixture, fixture->profile,
                ",\"device_authorization_endpoint\":\"https://id.example.org/device\"", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, 2);
  g_assert_true (pr_environment_offers_device (environment, mailbox));

  env_set (none, "oauth-provider", "google");
  g_assert_null (discover (fixture, none, "", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, 2);
}

static void
test_codes (void)
{
  g_assert_true (pr_code_wants_sign_in (PR_CODE_OAUTH_SIGN_IN_NEEDED));
  g_assert_true (pr_code_wants_sign_in (PR_CODE_OAUTH_TOKEN_REVOKED));
  g_assert_false (pr_code_wants_sign_in (PR_CODE_OAUTH_CLIENT_INVALID));
  g_assert_false (pr_code_wants_sign_in (PR_CODE_AUTHENTICATION_REJECTED));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/oauth/info/load", test_load);
  ADD ("/oauth/info/list", test_list);
  ADD ("/oauth/info/discover", test_discover);
  g_test_add_func ("/oauth/info/codes", test_codes);
  return g_test_run ();
}
