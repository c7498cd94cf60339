/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A token endpoint that misbehaves in every way that we could think of: each ends in the right
 * diagnosis, within its bounds, and nothing that was answered stands in the message. */

#include "oauth-endpoint.h"
#include "oauth-wait.h"

#include <string.h>

#define OK(rest) "{\"access_token\":\"t0ken\",\"token_type\":\"Bearer\"" rest "}"
#define CANARY "c4n4ry-of-the-answer"

typedef struct
{
  const char *name;
  TestReply reply;
  PrCode code;
  PrOauthReason reason;
  guint wait_s;
} Case;

#define JSON(status, body)                                                                         \
  {                                                                                                \
    status, TEST_JSON, body, NULL, NULL                                                            \
  }
#define REFUSED(word)                                                                              \
  JSON (400, "{\"error\":\"" word "\",\"error_description\":\"temporarily_unavailable " CANARY     \
             "\",\"error_uri\":\"https://evil.example/\"}")
#define BAD PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_BAD_ANSWER, 0

static const Case cases[] = {
  /* Every error that is known, and what it means to a refresh. */
  { "invalid-grant", REFUSED ("invalid_grant"), PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE,
    0 },
  { "invalid-token", REFUSED ("invalid_token"), PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_NONE,
    0 },
  { "consent-required", REFUSED ("consent_required"), PR_CODE_OAUTH_TOKEN_REVOKED,
    PR_OAUTH_REASON_CONSENT_NEEDED, 0 },
  { "interaction-required", REFUSED ("interaction_required"), PR_CODE_OAUTH_TOKEN_REVOKED,
    PR_OAUTH_REASON_EXTRA_VERIFICATION, 0 },
  { "login-required", REFUSED ("login_required"), PR_CODE_OAUTH_TOKEN_REVOKED,
    PR_OAUTH_REASON_EXTRA_VERIFICATION, 0 },
  { "access-denied", REFUSED ("access_denied"), PR_CODE_OAUTH_ACCESS_DENIED,
    PR_OAUTH_REASON_DECLINED, 0 },
  { "admin-policy", REFUSED ("admin_policy_enforced"), PR_CODE_OAUTH_ADMIN_BLOCKED,
    PR_OAUTH_REASON_ADMIN_POLICY, 0 },
  { "org-internal", REFUSED ("org_internal"), PR_CODE_OAUTH_ADMIN_BLOCKED,
    PR_OAUTH_REASON_ORGANISATION_ONLY, 0 },
  { "invalid-client",
    { 401, TEST_JSON, "{\"error\":\"invalid_client\"}", "WWW-Authenticate", "Basic" },
    PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_CLIENT_REFUSED,
    0 },
  { "deleted-client", REFUSED ("deleted_client"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_CLIENT_DELETED, 0 },
  { "disabled-client", REFUSED ("disabled_client"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_CLIENT_DISABLED, 0 },
  { "unauthorized-client", REFUSED ("unauthorized_client"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_GRANT_NOT_ALLOWED, 0 },
  { "unsupported-grant-type", REFUSED ("unsupported_grant_type"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_GRANT_NOT_ALLOWED, 0 },
  { "redirect-uri-mismatch", REFUSED ("redirect_uri_mismatch"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_REDIRECT_MISMATCH, 0 },
  { "invalid-request", REFUSED ("invalid_request"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_REQUEST_REFUSED, 0 },
  { "invalid-scope", REFUSED ("invalid_scope"), PR_CODE_OAUTH_SCOPE_MISSING,
    PR_OAUTH_REASON_SCOPE_REFUSED, 0 },
  { "server-error", REFUSED ("server_error"), PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER,
    0 },
  { "temporarily-unavailable", REFUSED ("temporarily_unavailable"), PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER, 0 },
  { "unknown-error", REFUSED ("something_new"), PR_CODE_OAUTH_CLIENT_INVALID,
    PR_OAUTH_REASON_REQUEST_REFUSED, 0 },
  { "no-error", JSON (400, "{}"), PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED,
    0 },
  { "error-is-an-object", JSON (403, "{\"error\":{\"code\":403,\"message\":\"" CANARY "\"}}"),
    PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED, 0 },
  { "error-is-a-novel", JSON (400, "{\"error\":\"" CANARY CANARY CANARY CANARY "\"}"),
    PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_REQUEST_REFUSED, 0 },
  { "error-with-200", JSON (200, "{\"error\":\"invalid_grant\"}"), PR_CODE_OAUTH_TOKEN_REVOKED,
    PR_OAUTH_REASON_NONE, 0 },
  { "session-policy",
    JSON (400, "{\"error\":\"invalid_grant\",\"error_subtype\":\"invalid_rapt\"}"),
    PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_SESSION_POLICY, 0 },
  { "number-password", JSON (400, "{\"error\":\"invalid_grant\",\"error_codes\":[50173]}"),
    PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_PASSWORD_CHANGED, 0 },
  { "number-unused", JSON (400, "{\"error\":\"invalid_grant\",\"error_codes\":[1,700082]}"),
    PR_CODE_OAUTH_TOKEN_REVOKED, PR_OAUTH_REASON_UNUSED, 0 },
  { "number-secret", JSON (401, "{\"error\":\"invalid_client\",\"error_codes\":[7000218]}"),
    PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_SECRET_MISSING, 0 },
  /* A number sharpens, and never turns one diagnosis into another. */
  { "number-of-another-code", JSON (400, "{\"error\":\"invalid_scope\",\"error_codes\":\"x\"}"),
    PR_CODE_OAUTH_SCOPE_MISSING, PR_OAUTH_REASON_SCOPE_REFUSED, 0 },

  /* Trouble, and how long to wait. */
  { "429",
    { 429, NULL, NULL, NULL, NULL },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_TOO_MANY,
    0 },
  { "429-retry-after",
    { 429, TEST_JSON, "{\"error\":\"invalid_grant\"}", "Retry-After", "120" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_TOO_MANY,
    120 },
  { "503-retry-after",
    { 503, "text/html", "<h1>" CANARY, "Retry-After", "7" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER,
    7 },
  { "retry-after-for-ever",
    { 503, NULL, NULL, "Retry-After", "99999999999" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER,
    PR_OAUTH_WAIT_MAX_S },
  { "retry-after-nonsense",
    { 503, NULL, NULL, "Retry-After", "-5 soon" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER,
    0 },
  { "retry-after-past",
    { 503, NULL, NULL, "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER,
    0 },
  { "500", JSON (500, "{\"error\":\"invalid_grant\"}"), PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER, 0 },
  { "502",
    { 502, "text/html", "<html>" CANARY "</html>", NULL, NULL },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_SERVER,
    0 },

  /* Elsewhere, or something else. */
  { "redirect",
    { 302, NULL, NULL, "Location", "/elsewhere" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_REDIRECTED,
    0 },
  { "redirect-307",
    { 307, TEST_JSON, OK (""), "Location", "/elsewhere" },
    PR_CODE_OAUTH_SERVER_ERROR,
    PR_OAUTH_REASON_REDIRECTED,
    0 },
  { "html", { 200, "text/html", "<html><title>Log in to the network " CANARY, NULL, NULL }, BAD },
  { "json-as-html", { 200, "text/html", OK (""), NULL, NULL }, BAD },
  { "no-type", { 200, NULL, OK (""), NULL, NULL }, BAD },
  { "text-json", { 200, "text/json", OK (""), NULL, NULL }, BAD },
  { "404-html", { 404, "text/html", "<h1>Not found", NULL, NULL }, BAD },
  { "empty", { 200, TEST_JSON, "", NULL, NULL }, BAD },
  { "204", { 204, NULL, NULL, NULL, NULL }, BAD },
  { "array", JSON (200, "[" OK ("") "]"), BAD },
  { "cut-json", JSON (200, "{\"access_token\":\"t0ken\",\"token_type\":"), BAD },
  { "comment", JSON (200, "/* */" OK ("")), BAD },
  { "duplicate-token", JSON (200, OK (",\"access_token\":\"other\"")), BAD },
  { "duplicate-unknown", JSON (200, OK (",\"x\":1,\"x\":2")), BAD },
  { "form", { 200, "application/x-www-form-urlencoded", "access_token=t0ken", NULL, NULL }, BAD },

  /* Tokens that are none. */
  { "no-token", JSON (200, "{\"token_type\":\"Bearer\"}"), BAD },
  { "null-token", JSON (200, "{\"access_token\":null,\"token_type\":\"Bearer\"}"), BAD },
  { "empty-token", JSON (200, "{\"access_token\":\"\",\"token_type\":\"Bearer\"}"), BAD },
  { "number-token", JSON (200, "{\"access_token\":1,\"token_type\":\"Bearer\"}"), BAD },
  { "token-with-line", JSON (200, "{\"access_token\":\"a\\r\\nQUIT\",\"token_type\":\"Bearer\"}"),
    BAD },
  { "token-with-space", JSON (200, "{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}"), BAD },
  { "token-with-control", JSON (200, "{\"access_token\":\"a\\u0001b\",\"token_type\":\"Bearer\"}"),
    BAD },
  { "token-not-ascii", JSON (200, "{\"access_token\":\"\\u00e9\",\"token_type\":\"Bearer\"}"),
    BAD },
  { "bad-refresh-token", JSON (200, OK (",\"refresh_token\":[]")), BAD },
  { "no-type-of-token", JSON (200, "{\"access_token\":\"t0ken\"}"), BAD },
  { "mac-token", JSON (200, "{\"access_token\":\"t0ken\",\"token_type\":\"mac\"}"), BAD },
  { "dpop-token", JSON (200, "{\"access_token\":\"t0ken\",\"token_type\":\"DPoP\"}"), BAD },
  { "negative-life", JSON (200, OK (",\"expires_in\":-1")), BAD },
  { "endless-digits", JSON (200, OK (",\"expires_in\":99999999999999999999999")), BAD },
  { "life-in-words", JSON (200, OK (",\"expires_in\":\"soon\"")), BAD },
  { "scope-is-a-list", JSON (200, OK (",\"scope\":[\"mail\"]")), BAD },
};

static void
check_error (const GError *error, PrCode code, PrOauthReason reason)
{
  g_assert_error (error, PR_OAUTH_ERROR, (int) code);
  g_assert_cmpstr (pr_oauth_reason_to_word (pr_oauth_error_get_reason (error)), ==,
                   pr_oauth_reason_to_word (reason));
  g_assert_null (strstr (error->message, CANARY));
  g_assert_null (strstr (error->message, "t0ken"));
  g_assert_null (strstr (error->message, "r3fresh"));
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthClient) client = test_endpoint_make_client (endpoint, provider);
  g_autoptr (GError) error = NULL;
  PrOauthGrant *grant;

  test_endpoint_add (endpoint, &c->reply);
  grant = test_refresh (client, &error);
  g_assert_null (grant);
  check_error (error, c->code, c->reason);
  g_assert_cmpuint (pr_oauth_error_get_wait (error), ==, c->wait_s);
  /* Asked once, and nowhere else. */
  g_assert_cmpuint (test_endpoint_get_n (endpoint), ==, 1);
}

/* --- What is fine ----------------------------------------------------------------------------- */

static void
test_good (void)
{
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthClient) client = test_endpoint_make_client (endpoint, provider);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthGrant) grant = NULL;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_autofree char *token = NULL;
  TestReply reply = {
    200, "application/json; charset=UTF-8",
    "{\"access_token\":\"t0ken\",\"token_type\":\"bEARER\",\"expires_in\":\"3599\","
    "\"refresh_token\":\"n3w\",\"refresh_token_expires_in\":604799,"
    "\"scope\":\"mail\",\"id_token\":\"a.b.c\",\"unknown\":{\"x\":[1]}}",
    "Set-Cookie", "a=b"
  };

  test_endpoint_add (endpoint, &reply);
  grant = test_refresh (client, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (grant->access), ==, "t0ken");
  g_assert_cmpstr (pr_secret_peek (grant->refresh), ==, "n3w");
  g_assert_cmpstr (pr_secret_peek (grant->id_token), ==, "a.b.c");
  g_assert_cmpstr (grant->scope, ==, "mail");
  g_assert_cmpint (grant->expires_s, ==, 3599);
  g_assert_cmpint (grant->refresh_expires_s, ==, 604799);
  type = test_endpoint_get_field (endpoint, 0, "grant_type");
  id = test_endpoint_get_field (endpoint, 0, "client_id");
  token = test_endpoint_get_field (endpoint, 0, "refresh_token");
  g_assert_cmpstr (type, ==, "refresh_token");
  g_assert_cmpstr (id, ==, "me");
  g_assert_cmpstr (token, ==, "r3fresh");
  g_assert_null (test_endpoint_get_authorization (endpoint, 0));
}

static void
test_least (void)
{
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthClient) client = test_endpoint_make_client (endpoint, provider);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthGrant) grant = NULL;

  test_endpoint_add_json (endpoint, 200, OK (",\"refresh_token\":null,\"scope\":\"\""));
  grant = test_refresh (client, &error);
  g_assert_no_error (error);
  g_assert_null (grant->refresh);
  g_assert_null (grant->scope);
  g_assert_null (grant->id_token);
  g_assert_cmpint (grant->expires_s, >, 0);
}

/* RFC 6749 section 2.3.1: in the form, or in the header, and never in both. */
static void
test_client_secret (void)
{
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);
  g_autoptr (PrSecret) secret = pr_secret_new ("s3cret+/:", -1);
  g_autoptr (PrOauthClient) client = pr_oauth_client_new (http, provider, "m e", secret, NULL);
  g_autoptr (PrOauthGrant) first = NULL;
  g_autoptr (PrOauthGrant) second = NULL;
  g_autofree char *posted = NULL;
  g_autofree char *not_posted = NULL;

  test_endpoint_add_json (endpoint, 200, OK (""));
  first = test_refresh (client, NULL);
  g_assert_nonnull (first);
  posted = test_endpoint_get_field (endpoint, 0, "client_secret");
  g_assert_cmpstr (posted, ==, "s3cret+/:");
  g_assert_null (test_endpoint_get_authorization (endpoint, 0));

  provider->basic = TRUE;
  test_endpoint_add_json (endpoint, 200, OK (""));
  second = test_refresh (client, NULL);
  g_assert_nonnull (second);
  not_posted = test_endpoint_get_field (endpoint, 1, "client_secret");
  g_assert_null (not_posted);
  /* base64 of "m%20e:s3cret%2B%2F%3A" */
  g_assert_cmpstr (test_endpoint_get_authorization (endpoint, 1), ==,
                   "Basic bSUyMGU6czNjcmV0JTJCJTJGJTNB");
}

static void
test_incomplete (void)
{
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthClient) client = test_endpoint_make_client (endpoint, provider);
  g_autoptr (GError) no_secret = NULL;
  g_autoptr (GError) no_url = NULL;
  g_autoptr (GError) no_https = NULL;

  provider->secret_rule = PR_OAUTH_SECRET_NEEDED;
  g_assert_null (test_refresh (client, &no_secret));
  check_error (no_secret, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_SECRET_MISSING);
  provider->secret_rule = PR_OAUTH_SECRET_OPTIONAL;
  g_clear_pointer (&provider->token_url, g_free);
  g_assert_null (test_refresh (client, &no_url));
  check_error (no_url, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE);
  provider->token_url = g_strdup ("http://accounts.example/token");
  g_assert_null (test_refresh (client, &no_https));
  check_error (no_https, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_NO_SERVICE);
  g_assert_cmpuint (test_endpoint_get_n (endpoint), ==, 0);
}

/* --- Bytes that are no answer ----------------------------------------------------------------- */

typedef struct
{
  const char *name;
  TestRawKind kind;
  const char *bytes;
  PrOauthReason reason;
} RawCase;

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static const RawCase raw_cases[] = {
  { "closed", TEST_RAW_SEND, "", PR_OAUTH_REASON_BAD_ANSWER },
  { "reset", TEST_RAW_RESET, "", PR_OAUTH_REASON_BAD_ANSWER },
  { "cut-headers", TEST_RAW_SEND, "HTTP/1.1 200 OK\r\nContent-Ty", PR_OAUTH_REASON_BAD_ANSWER },
  { "cut-body", TEST_RAW_SEND, HEAD "Content-Length: 500\r\n\r\n{\"access_token\":\"t0ken\"",
    PR_OAUTH_REASON_BAD_ANSWER },
  { "cut-chunk", TEST_RAW_SEND,
    HEAD "Transfer-Encoding: chunked\r\n\r\n20\r\n{\"access_token\":", PR_OAUTH_REASON_BAD_ANSWER },
  { "until-close", TEST_RAW_SEND, HEAD "\r\n{\"access_token\":\"t0ken\",",
    PR_OAUTH_REASON_BAD_ANSWER },
  { "not-http", TEST_RAW_SEND, "* OK IMAP4rev1 ready\r\n", PR_OAUTH_REASON_BAD_ANSWER },
  { "silent", TEST_RAW_HOLD, "", PR_OAUTH_REASON_SILENT },
  { "silent-in-body", TEST_RAW_HOLD, HEAD "Content-Length: 500\r\n\r\n{", PR_OAUTH_REASON_SILENT },
  { "drip", TEST_RAW_DRIP, "", PR_OAUTH_REASON_SILENT },
  { "flood", TEST_RAW_FLOOD, HEAD "\r\n{\"x\":\"", PR_OAUTH_REASON_BAD_ANSWER },
  { "flood-of-headers", TEST_RAW_FLOOD, "HTTP/1.1 200 OK\r\nX: ", PR_OAUTH_REASON_BAD_ANSWER },
  { "gzip-bomb", TEST_RAW_SEND,
    HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x01",
    PR_OAUTH_REASON_BAD_ANSWER },
};

static void
test_raw_case (gconstpointer data)
{
  const RawCase *c = data;
  g_autoptr (TestRaw) raw = test_raw_new (c->kind, c->bytes);
  g_autoptr (PrOauthProvider) provider = pr_oauth_provider_new ("raw", "Raw");
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);
  g_autoptr (PrOauthClient) client = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  provider->token_url = test_raw_get_url (raw);
  pr_oauth_http_set_timeout (http, 2);
  client = pr_oauth_client_new (http, provider, "me", NULL, NULL);
  g_assert_null (test_refresh (client, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_SERVER_ERROR);
  /* A reset may come before or after what was read. */
  if (c->kind != TEST_RAW_RESET)
    check_error (error, PR_CODE_OAUTH_SERVER_ERROR, c->reason);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 8 * G_USEC_PER_SEC);
}

static void
test_refused (void)
{
  g_autoptr (TestRaw) raw = test_raw_new (TEST_RAW_SEND, "");
  g_autoptr (PrOauthProvider) provider = pr_oauth_provider_new ("raw", "Raw");
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);
  g_autoptr (PrOauthClient) client = NULL;
  g_autoptr (GError) error = NULL;

  provider->token_url = test_raw_get_url (raw);
  client = pr_oauth_client_new (http, provider, "me", NULL, NULL);
  g_clear_pointer (&raw, test_raw_free);
  g_assert_null (test_refresh (client, &error));
  check_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_UNREACHABLE);
}

static void
test_cancel (void)
{
  g_autoptr (TestRaw) raw = test_raw_new (TEST_RAW_HOLD, "");
  g_autoptr (PrOauthProvider) provider = pr_oauth_provider_new ("raw", "Raw");
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);
  g_autoptr (PrOauthClient) client = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrSecret) refresh = pr_secret_new ("r3fresh", -1);
  g_autoptr (GError) error = NULL;
  g_auto (TestWait) wait = { NULL };
  gint64 start = g_get_monotonic_time ();

  provider->token_url = test_raw_get_url (raw);
  client = pr_oauth_client_new (http, provider, "me", NULL, NULL);
  pr_oauth_client_refresh_async (client, refresh, cancellable, test_wait_ready, &wait);
  test_run_for (100);
  g_cancellable_cancel (cancellable);
  g_assert_null (pr_oauth_client_grant_finish (test_wait_for (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

/* --- TLS -------------------------------------------------------------------------------------- */

static PrOauthGrant *
refresh_by_tls (const char *kind, gboolean trusted, GError **error)
{
  g_autofree char *ca = NULL;
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new_tls (kind, &ca);
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (trusted ? ca : NULL);
  g_autoptr (PrOauthClient) client = pr_oauth_client_new (http, provider, "me", NULL, NULL);
  PrOauthGrant *grant;

  test_endpoint_add_json (endpoint, 200, OK (""));
  grant = test_refresh (client, error);
  /* Nothing secret went to somebody who could not say who it is. */
  g_assert_cmpuint (test_endpoint_get_n (endpoint), ==, grant != NULL ? 1 : 0);
  return grant;
}

static void
test_tls_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthGrant) grant = refresh_by_tls ("good", TRUE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (grant);
}

static void
test_tls_bad (void)
{
  static const char *const kinds[] = { "expired", "not-yet-valid", "wrong-host", "self-signed",
                                       "unknown-ca-alone" };
  g_autoptr (GError) not_trusted = NULL;

  g_assert_null (refresh_by_tls ("good", FALSE, &not_trusted));
  check_error (not_trusted, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_CERTIFICATE);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", kinds[i]);
      g_assert_null (refresh_by_tls (kinds[i], TRUE, &error));
      check_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_CERTIFICATE);
    }
}

/* --- Revocation ------------------------------------------------------------------------------- */

static gboolean
ask_to_revoke (TestEndpoint *endpoint, PrOauthProvider *provider, GError **error)
{
  g_autoptr (PrOauthClient) client = test_endpoint_make_client (endpoint, provider);
  g_autoptr (PrOauthToken) token = pr_oauth_token_new ();
  g_auto (TestWait) wait = { NULL };

  token->access = pr_secret_new ("t0ken", -1);
  token->refresh = pr_secret_new ("r3fresh", -1);
  pr_oauth_client_revoke_async (client, token, NULL, test_wait_ready, &wait);
  return pr_oauth_client_revoke_finish (test_wait_for (&wait), error);
}

static void
test_revoke (void)
{
  g_autoptr (TestEndpoint) endpoint = test_endpoint_new ();
  g_autoptr (PrOauthProvider) provider = test_endpoint_make_provider (endpoint);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  TestReply empty = { 200, NULL, NULL, NULL, NULL };

  test_endpoint_add (endpoint, &empty);
  g_assert_true (ask_to_revoke (endpoint, provider, &error));
  g_assert_cmpstr (test_endpoint_get_path (endpoint, 0), ==, "/revoke");
  token = test_endpoint_get_field (endpoint, 0, "token");
  g_assert_cmpstr (token, ==, "r3fresh");
  /* What is not known there is gone. */
  test_endpoint_add_json (endpoint, 400, "{\"error\":\"invalid_token\"}");
  g_assert_true (ask_to_revoke (endpoint, provider, &error));
  test_endpoint_add_json (endpoint, 503, "{}");
  g_assert_false (ask_to_revoke (endpoint, provider, &error));
  check_error (error, PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SERVER);
  /* Nobody to ask. */
  g_clear_pointer (&provider->revocation_url, g_free);
  g_clear_error (&error);
  g_assert_true (ask_to_revoke (endpoint, provider, &error));
  g_assert_cmpuint (test_endpoint_get_n (endpoint), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oauth/endpoint/good", test_good);
  g_test_add_func ("/oauth/endpoint/least", test_least);
  g_test_add_func ("/oauth/endpoint/client-secret", test_client_secret);
  g_test_add_func ("/oauth/endpoint/incomplete", test_incomplete);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/oauth/endpoint/bad/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (raw_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/oauth/endpoint/raw/", raw_cases[i].name, NULL);

      g_test_add_data_func (path, &raw_cases[i], test_raw_case);
    }
  g_test_add_func ("/oauth/endpoint/refused", test_refused);
  g_test_add_func ("/oauth/endpoint/cancel", test_cancel);
  g_test_add_func ("/oauth/endpoint/tls/good", test_tls_good);
  g_test_add_func ("/oauth/endpoint/tls/bad", test_tls_bad);
  g_test_add_func ("/oauth/endpoint/revoke", test_revoke);
  return g_test_run ();
}
