/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The other ways to a token: a code that is typed on another device, a service account, and the
 * addresses that are discovered. */

#include "oauth-endpoint.h"
#include "oauth-key.h"
#include "oauth-wait.h"
#include "pr-oauth-discovery.h"
#include "pr-oauth-encoding.h"
#include "pr-oauth-sign-in.h"

#include <string.h>

#define TOKENS                                                                                     \
  "{\"access_token\":\"a1\",\"token_type\":\"Bearer\",\"refresh_token\":\"r1\","                   \
  "\"expires_in\":3600}"
#define CODE(rest)                                                                                 \
  "{\"device_code\":\"d3vice\",\"user_code\":\"WDJB-MJHT\",\"interval\":1,"                        \
  "\"verification_uri\":\"https://login.example/device\"" rest "}"

typedef struct
{
  TestEndpoint *endpoint;
  PrOauthProvider *provider;
  PrOauthClient *client;
  GCancellable *cancellable;
  TestWait wait;
  char *shown; /* (nullable): address and code */
  guint expires_s;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->endpoint = test_endpoint_new ();
  fixture->provider = test_endpoint_make_provider (fixture->endpoint);
  fixture->client = test_endpoint_make_client (fixture->endpoint, fixture->provider);
  fixture->cancellable = g_cancellable_new ();
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  test_wait_clear (&fixture->wait);
  g_object_unref (fixture->cancellable);
  pr_oauth_client_unref (fixture->client);
  pr_oauth_provider_unref (fixture->provider);
  test_endpoint_free (fixture->endpoint);
  g_free (fixture->shown);
}

static void
check_error (const GError *error, PrCode code, PrOauthReason reason)
{
  g_test_message ("%s", error->message);
  g_assert_error (error, PR_OAUTH_ERROR, (int) code);
  g_assert_cmpstr (pr_oauth_reason_to_word (pr_oauth_error_get_reason (error)), ==,
                   pr_oauth_reason_to_word (reason));
}

/* --- Device (RFC 8628) ------------------------------------------------------------------------ */

static void
on_show (const char *url, const char *code, guint expires_s, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->shown);
  fixture->shown = g_strdup_printf ("%s %s", url, code);
  fixture->expires_s = expires_s;
}

static PrOauthToken *
sign_in (Fixture *fixture, guint timeout_s, GError **error)
{
  PrOauthSignInPlan plan = { fixture->client, "anna@example.org", NULL, timeout_s };

  test_wait_clear (&fixture->wait);
  pr_oauth_device_sign_in_async (&plan, on_show, fixture, fixture->cancellable, test_wait_ready,
                                 &fixture->wait);
  return pr_oauth_sign_in_finish (test_wait_for (&fixture->wait), error);
}

static void
check_failure (Fixture *fixture, guint timeout_s, PrCode code, PrOauthReason reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sign_in (fixture, timeout_s, &error));
  check_error (error, code, reason);
}

static void
test_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthToken) token = NULL;
  g_autofree char *scope = NULL;
  g_autofree char *code = NULL;

  test_endpoint_add_json (fixture->endpoint, 200, CODE (",\"expires_in\":900"));
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"authorization_pending\"}");
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS);
  token = sign_in (fixture, 600, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (token->refresh), ==, "r1");
  g_assert_cmpstr (fixture->shown, ==, "https://login.example/device WDJB-MJHT");
  g_assert_cmpuint (fixture->expires_s, ==, 600);
  scope = test_endpoint_get_field (fixture->endpoint, 0, "scope");
  g_assert_cmpstr (scope, ==, "mail");
  code = test_endpoint_get_field (fixture->endpoint, 2, "device_code");
  g_assert_cmpstr (code, ==, "d3vice");
}

/* "slow_down" adds five seconds, and trouble of the server passes. */
static void
test_device_slow (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthToken) token = NULL;
  gint64 start = g_get_monotonic_time ();

  test_endpoint_add_json (fixture->endpoint, 200, CODE (",\"expires_in\":900"));
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"slow_down\"}");
  test_endpoint_add_json (fixture->endpoint, 200, TOKENS);
  token = sign_in (fixture, 600, NULL);
  g_assert_nonnull (token);
  g_assert_cmpint (g_get_monotonic_time () - start, >, 6 * G_USEC_PER_SEC);
}

static void
test_device_expires (Fixture *fixture, gconstpointer data)
{
  test_endpoint_add_json (fixture->endpoint, 200, CODE (",\"expires_in\":2"));
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"authorization_pending\"}");
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"authorization_pending\"}");
  check_failure (fixture, 600, PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE);
}

static void
test_device_refused (Fixture *fixture, gconstpointer data)
{
  test_endpoint_add_json (fixture->endpoint, 200, CODE (""));
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"access_denied\"}");
  check_failure (fixture, 60, PR_CODE_OAUTH_ACCESS_DENIED, PR_OAUTH_REASON_DECLINED);
  g_clear_pointer (&fixture->shown, g_free);
  test_endpoint_add_json (fixture->endpoint, 200, CODE (""));
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"expired_token\"}");
  check_failure (fixture, 60, PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE);
}

static void
test_device_bad (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {
    "{}",
    "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"http://login.example/\"}",
    "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"javascript:x\"}",
    "{\"device_code\":\"d\",\"user_code\":\"u\\nv\",\"verification_uri\":\"https://l.example/\"}",
    "{\"user_code\":\"u\",\"verification_uri\":\"https://l.example/\"}",
    "<html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      test_endpoint_add_json (fixture->endpoint, 200, bad[i]);
      check_failure (fixture, 60, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER);
      g_assert_null (fixture->shown);
    }
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"unauthorized_client\"}");
  check_failure (fixture, 60, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_GRANT_NOT_ALLOWED);
  g_clear_pointer (&fixture->provider->device_url, g_free);
  check_failure (fixture, 60, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_DEVICE_NOT_OFFERED);
}

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_device_cancel (Fixture *fixture, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();

  test_endpoint_add_json (fixture->endpoint, 200,
                          "{\"device_code\":\"d\",\"user_code\":\"u\",\"interval\":60,"
                          "\"verification_uri\":\"https://l.example/\"}");
  g_timeout_add (200, cancel, fixture->cancellable);
  check_failure (fixture, 600, PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

/* --- Service account (RFC 7523) --------------------------------------------------------------- */

static PrOauthClient *
make_service_client (Fixture *fixture)
{
  g_autofree char *pem = test_key_get_pem ();
  g_autoptr (PrSecret) file =
      test_key_make_file ("service_account", "p@t.iam.gserviceaccount.com", pem);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrServiceAccount) account = pr_service_account_parse (file, &error);
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);

  g_assert_no_error (error);
  fixture->provider->service_accounts = TRUE;
  return pr_oauth_client_new (http, fixture->provider, "p@t.iam.gserviceaccount.com", NULL,
                              account);
}

static PrOauthGrant *
assert_for (PrOauthClient *client, const char *subject, GError **error)
{
  g_auto (TestWait) wait = { NULL };

  pr_oauth_client_assert_async (client, subject, NULL, test_wait_ready, &wait);
  return pr_oauth_client_grant_finish (test_wait_for (&wait), error);
}

static void
test_service_account (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthClient) client = make_service_client (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthGrant) grant = NULL;
  g_autofree char *assertion = NULL;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *claims = NULL;
  gsize n;

  test_endpoint_add_json (fixture->endpoint, 200, TOKENS);
  grant = assert_for (client, "anna@example.org", &error);
  g_assert_no_error (error);
  type = test_endpoint_get_field (fixture->endpoint, 0, "grant_type");
  g_assert_cmpstr (type, ==, "urn:ietf:params:oauth:grant-type:jwt-bearer");
  id = test_endpoint_get_field (fixture->endpoint, 0, "client_id");
  g_assert_null (id);
  assertion = test_endpoint_get_field (fixture->endpoint, 0, "assertion");
  parts = g_strsplit (assertion, ".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  claims = (char *) pr_base64url_decode (parts[1], -1, &n);
  g_assert_nonnull (strstr (claims, "\"sub\":\"anna@example.org\""));
  g_assert_nonnull (strstr (claims, "\"scope\":\"mail\""));
  g_assert_nonnull (strstr (claims, fixture->provider->token_url));
}

static void
check_assertion_failure (Fixture *fixture, PrOauthClient *client, PrCode code, PrOauthReason reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (assert_for (client, "anna@example.org", &error));
  check_error (error, code, reason);
}

static void
test_service_account_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PrOauthClient) client = make_service_client (fixture);
  TestReply slow = { 400, TEST_JSON, "{\"error\":\"invalid_grant\"}", "Date",
                     "Wed, 21 Oct 2015 07:28:00 GMT" };

  test_endpoint_add_json (fixture->endpoint, 401, "{\"error\":\"unauthorized_client\"}");
  check_assertion_failure (fixture, client, PR_CODE_OAUTH_CLIENT_INVALID,
                           PR_OAUTH_REASON_DELEGATION_MISSING);
  test_endpoint_add_json (fixture->endpoint, 400, "{\"error\":\"invalid_grant\"}");
  check_assertion_failure (fixture, client, PR_CODE_OAUTH_ACCESS_DENIED,
                           PR_OAUTH_REASON_SUBJECT_UNKNOWN);
  test_endpoint_add_json (fixture->endpoint, 401, "{\"error\":\"invalid_client\"}");
  check_assertion_failure (fixture, client, PR_CODE_OAUTH_CLIENT_INVALID,
                           PR_OAUTH_REASON_KEY_INVALID);
  /* The same words, from a server whose clock says something else. */
  test_endpoint_add (fixture->endpoint, &slow);
  check_assertion_failure (fixture, client, PR_CODE_OAUTH_CLIENT_INVALID,
                           PR_OAUTH_REASON_CLOCK_SKEW);
  fixture->provider->service_accounts = FALSE;
  check_assertion_failure (fixture, client, PR_CODE_OAUTH_CLIENT_INVALID,
                           PR_OAUTH_REASON_GRANT_NOT_ALLOWED);
}

/* --- Discovery -------------------------------------------------------------------------------- */

static PrOauthProvider *
discover (Fixture *fixture, GError **error)
{
  g_autoptr (PrOauthProvider) preset = pr_oauth_provider_new ("other", "Other");
  g_auto (TestWait) wait = { NULL };

  preset->issuer = test_endpoint_get_url (fixture->endpoint, "");
  pr_oauth_discover_async (fixture->client->http, preset, NULL, test_wait_ready, &wait);
  return pr_oauth_discover_finish (test_wait_for (&wait), error);
}

static void
add_document (Fixture *fixture)
{
  g_autofree char *issuer = test_endpoint_get_url (fixture->endpoint, "");
  g_autofree char *text = g_strdup_printf ("{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\","
                                           "\"authorization_endpoint\":\"%s/auth\"}",
                                           issuer, issuer, issuer);

  test_endpoint_add_json (fixture->endpoint, 200, text);
}

static void
test_discover (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthProvider) provider = NULL;

  add_document (fixture);
  provider = discover (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (provider->token_url, "/token"));
  g_assert_cmpstr (test_endpoint_get_path (fixture->endpoint, 0), ==,
                   "/.well-known/oauth-authorization-server");
}

static void
test_discover_openid (Fixture *fixture, gconstpointer data)
{
  TestReply nothing = { 404, "text/html", "<h1>404", NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthProvider) provider = NULL;

  test_endpoint_add (fixture->endpoint, &nothing);
  add_document (fixture);
  provider = discover (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (provider->authorization_url, "/auth"));
  g_assert_cmpstr (test_endpoint_get_path (fixture->endpoint, 1), ==,
                   "/.well-known/openid-configuration");
}

static void
test_discover_fails (Fixture *fixture, gconstpointer data)
{
  TestReply nothing = { 404, "text/html", "<h1>404", NULL, NULL };
  TestReply away = { 302, NULL, NULL, "Location", "https://evil.example/" };
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) redirected = NULL;
  g_autoptr (GError) other = NULL;

  test_endpoint_add (fixture->endpoint, &nothing);
  test_endpoint_add (fixture->endpoint, &nothing);
  g_assert_null (discover (fixture, &none));
  check_error (none, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE);
  test_endpoint_add (fixture->endpoint, &away);
  g_assert_null (discover (fixture, &redirected));
  check_error (redirected, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_REDIRECTED);
  test_endpoint_add_json (fixture->endpoint, 200, "{\"issuer\":\"https://evil.example\"}");
  g_assert_null (discover (fixture, &other));
  check_error (other, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_ISSUER_MISMATCH);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/oauth/device/success", test_device);
  ADD ("/oauth/device/slow-down", test_device_slow);
  ADD ("/oauth/device/expires", test_device_expires);
  ADD ("/oauth/device/refused", test_device_refused);
  ADD ("/oauth/device/bad", test_device_bad);
  ADD ("/oauth/device/cancel", test_device_cancel);
  ADD ("/oauth/service-account/success", test_service_account);
  ADD ("/oauth/service-account/refused", test_service_account_refused);
  ADD ("/oauth/discover/success", test_discover);
  ADD ("/oauth/discover/openid", test_discover_openid);
  ADD ("/oauth/discover/fails", test_discover_fails);
  return g_test_run ();
}
