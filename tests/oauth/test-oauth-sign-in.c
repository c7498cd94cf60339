/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole sign-in, with this test in the place of the browser and of the provider: what the
 * browser is sent away with, and each way in which what comes back does not count. */

#include "oauth-endpoint.h"
#include "oauth-wait.h"
#include "pr-oauth-encoding.h"
#include "pr-oauth-sign-in.h"

#include <libsoup/soup.h>
#include <string.h>

#define TOKENS(rest)                                                                               \
  "{\"access_token\":\"a1\",\"token_type\":\"Bearer\",\"expires_in\":3600,"                        \
  "\"refresh_token\":\"r1\"" rest "}"

typedef struct
{
  TestEndpoint *endpoint;
  PrOauthProvider *provider;
  PrOauthClient *client;
  SoupSession *browser;
  GCancellable *cancellable;
  TestWait wait;
  char *url;         /* (nullable): what was to be opened */
  GHashTable *query; /* of it */
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->endpoint = test_endpoint_new ();
  fixture->provider = test_endpoint_make_provider (fixture->endpoint);
  fixture->client = test_endpoint_make_client (fixture->endpoint, fixture->provider);
  fixture->browser = soup_session_new ();
  fixture->cancellable = g_cancellable_new ();
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  test_wait_clear (&fixture->wait);
  g_object_unref (fixture->browser);
  g_object_unref (fixture->cancellable);
  pr_oauth_client_unref (fixture->client);
  pr_oauth_provider_unref (fixture->provider);
  test_endpoint_free (fixture->endpoint);
  g_free (fixture->url);
  g_clear_pointer (&fixture->query, g_hash_table_unref);
}

static void
on_open (const char *url, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);

  g_assert_null (fixture->url);
  fixture->url = g_strdup (url);
  fixture->query = soup_form_decode (g_uri_get_query (uri));
}

static void
start (Fixture *fixture, const char *alias, guint timeout_s)
{
  PrOauthSignInPlan plan = { fixture->client, "anna@example.org", alias, timeout_s };

  pr_oauth_sign_in_async (&plan, on_open, fixture, fixture->cancellable, test_wait_ready,
                          &fixture->wait);
}

static const char *
get (Fixture *fixture, const char *name)
{
  return g_hash_table_lookup (fixture->query, name);
}

static void
on_come_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  g_assert_nonnull (page);
}

/* The browser comes back with @answer, such as "code=c". */
static void
come_back (Fixture *fixture, const char *answer)
{
  g_autofree char *url = g_strdup_printf ("%s?%s&state=%s", get (fixture, "redirect_uri"), answer,
                                          get (fixture, "state"));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  soup_session_send_and_read_async (fixture->browser, message, G_PRIORITY_DEFAULT, NULL,
                                    on_come_back, NULL);
}

static PrOauthToken *
finish (Fixture *fixture, GError **error)
{
  return pr_oauth_sign_in_finish (test_wait_for (&fixture->wait), error);
}

static void
check_failure (Fixture *fixture, PrCode code, PrOauthReason reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (finish (fixture, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PR_OAUTH_ERROR, (int) code);
  g_assert_cmpstr (pr_oauth_reason_to_word (pr_oauth_error_get_reason (error)), ==,
                   pr_oauth_reason_to_word (reason));
  g_assert_null (strstr (error->message, "c0de"));
}

/* --- The way there ---------------------------------------------------------------------------- */

static void
test_url (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->provider->authorization_url);
  fixture->provider->authorization_url = g_strdup ("https://accounts.example/auth?x=1");
  g_free (fixture->provider->scope);
  fixture->provider->scope = g_strdup ("openid https://mail.example/");
  fixture->provider->parameters = g_strsplit ("access_type offline prompt consent", " ", -1);
  start (fixture, NULL, 60);
  g_assert_true (g_str_has_prefix (fixture->url, "https://accounts.example/auth?x=1&"));
  g_assert_cmpstr (get (fixture, "response_type"), ==, "code");
  g_assert_cmpstr (get (fixture, "client_id"), ==, "me");
  g_assert_cmpstr (get (fixture, "scope"), ==, "openid https://mail.example/");
  g_assert_cmpstr (get (fixture, "login_hint"), ==, "anna@example.org");
  g_assert_cmpstr (get (fixture, "code_challenge_method"), ==, "S256");
  g_assert_cmpuint (strlen (get (fixture, "code_challenge")), ==, 43);
  g_assert_cmpuint (strlen (get (fixture, "state")), ==, 43);
  g_assert_cmpuint (strlen (get (fixture, "nonce")), ==, 43);
  g_assert_cmpstr (get (fixture, "state"), !=, get (fixture, "nonce"));
  g_assert_cmpstr (get (fixture, "access_type"), ==, "offline");
  g_assert_cmpstr (get (fixture, "prompt"), ==, "consent");
  g_assert_true (g_str_has_prefix (get (fixture, "redirect_uri"), "http://127.0.0.1:"));
  g_assert_null (get (fixture, "code_verifier"));
  g_assert_null (strstr (fixture->url, " "));
  g_cancellable_cancel (fixture->cancellable);
  check_failure (fixture, PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE);
}

static void
test_unsafe_url (Fixture *fixture, gconstpointer data)
{
  static const char *const unsafe[] = { "http://accounts.example/", "file:///etc/passwd",
                                        "javascript:alert(1)", "x-app://run", "" };

  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    {
      g_free (fixture->provider->authorization_url);
      fixture->provider->authorization_url = g_strdup (unsafe[i]);
      start (fixture, NULL, 60);
      check_failure (fixture, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE);
      g_assert_null (fixture->url);
      test_wait_clear (&fixture->wait);
    }
}

/* --- And back --------------------------------------------------------------------------------- */

static void
test_success (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthToken) token = NULL;
  g_autofree char *verifier = NULL;
  g_autofree char *challenge = NULL;
  g_autofree char *code = NULL;
  g_autofree char *redirect = NULL;
  g_autoptr (PrSecret) secret = NULL;

  start (fixture, NULL, 60);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (",\"scope\":\"mail\""));
  come_back (fixture, "code=c0de%2F1");
  token = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (token->access), ==, "a1");
  g_assert_cmpstr (pr_secret_peek (token->refresh), ==, "r1");
  g_assert_cmpstr (token->client_id, ==, "me");
  g_assert_cmpint (token->signed_in_at, >, 0);

  /* Only the one who began it can end it: RFC 7636 section 4.6. */
  verifier = test_endpoint_get_field (fixture->endpoint, 0, "code_verifier");
  secret = pr_secret_new (verifier, -1);
  challenge = pr_pkce_get_challenge (secret);
  g_assert_cmpstr (challenge, ==, get (fixture, "code_challenge"));
  code = test_endpoint_get_field (fixture->endpoint, 0, "code");
  g_assert_cmpstr (code, ==, "c0de/1");
  redirect = test_endpoint_get_field (fixture->endpoint, 0, "redirect_uri");
  g_assert_cmpstr (redirect, ==, get (fixture, "redirect_uri"));
}

typedef struct
{
  const char *answer;
  PrCode code;
  PrOauthReason reason;
} BrowserCase;

static const BrowserCase browser_cases[] = {
  { "error=access_denied", PR_CODE_OAUTH_ACCESS_DENIED, PR_OAUTH_REASON_DECLINED },
  { "error=access_denied&error_description=consent_required", PR_CODE_OAUTH_ACCESS_DENIED,
    PR_OAUTH_REASON_DECLINED },
  { "error=admin_policy_enforced", PR_CODE_OAUTH_ADMIN_BLOCKED, PR_OAUTH_REASON_ADMIN_POLICY },
  { "error=org_internal", PR_CODE_OAUTH_ADMIN_BLOCKED, PR_OAUTH_REASON_ORGANISATION_ONLY },
  { "error=invalid_scope", PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_SCOPE_REFUSED },
  { "error=unauthorized_client", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_GRANT_NOT_ALLOWED },
  { "error=server_error", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER },
  { "error=temporarily_unavailable", PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER },
  { "error=%3Cscript%3E", PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED },
};

static void
test_browser_error (Fixture *fixture, gconstpointer data)
{
  const BrowserCase *c = data;

  start (fixture, NULL, 60);
  come_back (fixture, c->answer);
  check_failure (fixture, c->code, c->reason);
  g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, 0);
}

static void
test_code_refused (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, 60);
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_CODE_REFUSED);
}

static void
test_not_ticked (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, 60);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (",\"scope\":\"openid email\""));
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_NOT_TICKED);
}

static void
test_no_refresh_token (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, 60);
  test_endpoint_add_json (fixture->endpoint, 200,
                          "{\"access_token\":\"a1\",\"token_type\":\"Bearer\"}");
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_OAUTH_REASON_NO_REFRESH_TOKEN);
}

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, 1);
  check_failure (fixture, PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE);
}

/* The person has done everything; it is the provider that keeps us waiting. */
static void
test_cancel_late (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, 60);
  test_endpoint_set_delay (fixture->endpoint, 3000);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (""));
  come_back (fixture, "code=c0de");
  test_run_for (200);
  g_assert_null (fixture->wait.result);
  g_cancellable_cancel (fixture->cancellable);
  check_failure (fixture, PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE);
  test_run_for (3000);
}

/* --- Issuer (RFC 9207) ------------------------------------------------------------------------ */

typedef struct
{
  gboolean announced;
  const char *answer;
  gboolean good;
} IssuerCase;

static const IssuerCase issuer_cases[] = {
  { TRUE, "code=c0de&iss=https%3A%2F%2Fgood.example", TRUE },
  { TRUE, "code=c0de&iss=https%3A%2F%2Fevil.example", FALSE },
  { TRUE, "code=c0de&iss=https%3A%2F%2Fgood.example%2F", FALSE },
  { TRUE, "code=c0de", FALSE },
  { FALSE, "code=c0de", TRUE },
  { FALSE, "code=c0de&iss=https%3A%2F%2Fevil.example", FALSE },
  { TRUE, "error=access_denied&iss=https%3A%2F%2Fevil.example", FALSE },
};

static void
test_issuer (Fixture *fixture, gconstpointer data)
{
  const IssuerCase *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthToken) token = NULL;

  fixture->provider->issuer = g_strdup ("https://good.example");
  fixture->provider->announces_issuer = c->announced;
  start (fixture, NULL, 60);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (""));
  come_back (fixture, c->answer);
  if (!c->good)
    {
      check_failure (fixture, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_ISSUER_MISMATCH);
      g_assert_cmpuint (test_endpoint_get_n (fixture->endpoint), ==, 0);
      return;
    }
  token = finish (fixture, &error);
  g_assert_no_error (error);
}

/* --- Whose account ---------------------------------------------------------------------------- */

static void
answer_with_id (Fixture *fixture, const char *email, const char *nonce)
{
  g_autofree char *claims = g_strdup_printf (
      "{\"iss\":\"https://good.example\",\"aud\":\"me\",\"nonce\":\"%s\",\"email\":\"%s\"}", nonce,
      email);
  g_autofree char *body = pr_base64url_encode (claims, strlen (claims));
  g_autofree char *tokens = g_strdup_printf (
      "{\"access_token\":\"a1\",\"token_type\":\"Bearer\",\"refresh_token\":\"r1\","
      "\"id_token\":\"e30.%s.c2ln\"}",
      body);

  test_endpoint_add_json (fixture->endpoint, 200, tokens);
}

static void
start_with_id (Fixture *fixture, const char *alias)
{
  fixture->provider->issuer = g_strdup ("https://good.example");
  g_free (fixture->provider->scope);
  fixture->provider->scope = g_strdup ("openid email mail");
  g_strfreev (fixture->provider->account_claims);
  fixture->provider->account_claims = g_strsplit ("email", " ", -1);
  start (fixture, alias, 60);
}

static void
check_account (Fixture *fixture, const char *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthToken) token = finish (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token->account, ==, account);
}

static void
test_right_account (Fixture *fixture, gconstpointer data)
{
  start_with_id (fixture, NULL);
  answer_with_id (fixture, "Anna@Example.org", get (fixture, "nonce"));
  come_back (fixture, "code=c0de");
  check_account (fixture, "Anna@Example.org");
}

static void
test_alias (Fixture *fixture, gconstpointer data)
{
  start_with_id (fixture, "support@example.org");
  answer_with_id (fixture, "support@example.org", get (fixture, "nonce"));
  come_back (fixture, "code=c0de");
  check_account (fixture, "support@example.org");
}

static void
test_wrong_account (Fixture *fixture, gconstpointer data)
{
  start_with_id (fixture, NULL);
  answer_with_id (fixture, "bob@example.org", get (fixture, "nonce"));
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_WRONG_ACCOUNT, PR_OAUTH_REASON_OTHER_ACCOUNT);
}

static void
test_wrong_nonce (Fixture *fixture, gconstpointer data)
{
  start_with_id (fixture, NULL);
  answer_with_id (fixture, "anna@example.org", "another");
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER);
}

static void
test_unknown_account (Fixture *fixture, gconstpointer data)
{
  start_with_id (fixture, NULL);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (""));
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_WRONG_ACCOUNT, PR_OAUTH_REASON_ACCOUNT_UNKNOWN);
}

static void
test_userinfo (Fixture *fixture, gconstpointer data)
{
  fixture->provider->userinfo_url = test_endpoint_get_url (fixture->endpoint, "/me");
  start_with_id (fixture, NULL);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (""));
  test_endpoint_add_json (fixture->endpoint, 200,
                          "{\"sub\":\"1\",\"email\":\"anna@example.org\",\"email_verified\":true}");
  come_back (fixture, "code=c0de");
  check_account (fixture, "anna@example.org");
  g_assert_cmpstr (test_endpoint_get_path (fixture->endpoint, 1), ==, "/me");
  g_assert_cmpstr (test_endpoint_get_authorization (fixture->endpoint, 1), ==, "Bearer a1");
}

static void
test_userinfo_wrong (Fixture *fixture, gconstpointer data)
{
  fixture->provider->userinfo_url = test_endpoint_get_url (fixture->endpoint, "/me");
  start_with_id (fixture, NULL);
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS (""));
  test_endpoint_add_json (fixture->endpoint, 200, "{\"email\":\"bob@example.org\"}");
  come_back (fixture, "code=c0de");
  check_failure (fixture, PR_CODE_OAUTH_WRONG_ACCOUNT, PR_OAUTH_REASON_OTHER_ACCOUNT);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/oauth/sign-in/url", test_url);
  ADD ("/oauth/sign-in/unsafe-url", test_unsafe_url);
  ADD ("/oauth/sign-in/success", test_success);
  for (guint i = 0; i < G_N_ELEMENTS (browser_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/oauth/sign-in/browser/%u", i);

      g_test_add (path, Fixture, &browser_cases[i], fixture_set_up, test_browser_error,
                  fixture_tear_down);
    }
  ADD ("/oauth/sign-in/code-refused", test_code_refused);
  ADD ("/oauth/sign-in/not-ticked", test_not_ticked);
  ADD ("/oauth/sign-in/no-refresh-token", test_no_refresh_token);
  ADD ("/oauth/sign-in/timeout", test_timeout);
  ADD ("/oauth/sign-in/cancel-late", test_cancel_late);
  for (guint i = 0; i < G_N_ELEMENTS (issuer_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/oauth/sign-in/issuer/%u", i);

      g_test_add (path, Fixture, &issuer_cases[i], fixture_set_up, test_issuer, fixture_tear_down);
    }
  ADD ("/oauth/sign-in/right-account", test_right_account);
  ADD ("/oauth/sign-in/alias", test_alias);
  ADD ("/oauth/sign-in/wrong-account", test_wrong_account);
  ADD ("/oauth/sign-in/wrong-nonce", test_wrong_nonce);
  ADD ("/oauth/sign-in/unknown-account", test_unknown_account);
  ADD ("/oauth/sign-in/userinfo", test_userinfo);
  ADD ("/oauth/sign-in/userinfo-wrong", test_userinfo_wrong);
  return g_test_run ();
}
