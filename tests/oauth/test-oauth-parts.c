/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parts of OAuth that need no network: vectors of the RFCs, assertions of a service account
 * against OpenSSL's, the texts that are kept, whose account is whose. */

#include "oauth-key.h"
#include "pr-oauth-account.h"
#include "pr-oauth-clock.h"
#include "pr-oauth-discovery.h"
#include "pr-oauth-encoding.h"
#include "pr-oauth-token.h"
#include "pr-service-account.h"
#include "test-rsa-key.h"

#include <string.h>

/* --- Encoding --------------------------------------------------------------------------------- */

/* RFC 7636 appendix B. */
static void
test_pkce_vector (void)
{
  g_autoptr (PrSecret) verifier = pr_secret_new ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", -1);
  g_autofree char *challenge = pr_pkce_get_challenge (verifier);

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/* RFC 7636 section 4.1: 43 to 128 unreserved characters. And never the same again. */
static void
test_pkce_verifier (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (PrSecret) verifier = pr_pkce_new_verifier ();
      const char *text = pr_secret_peek (verifier);

      g_assert_cmpuint (strlen (text), >=, 43);
      g_assert_cmpuint (strlen (text), <=, 128);
      for (const char *p = text; *p != '\0'; p++)
        g_assert_true (g_ascii_isalnum (*p) || strchr ("-._~", *p) != NULL);
      g_assert_true (g_hash_table_add (seen, g_strdup (text)));
    }
}

/* RFC 4648 section 10, and the two characters that make the difference. */
static void
test_base64url (void)
{
  static const char *const vectors[][2] = {
    { "", "" },
    { "f", "Zg" },
    { "fo", "Zm8" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg" },
    { "fooba", "Zm9vYmE" },
    { "foobar", "Zm9vYmFy" },
    { "\xff\xef\xbe", "_---" },
    { "\xfb\xff", "-_8" },
  };
  static const char *const wrong[] = { "Z",    "Zg==", "Zm8=",  "+/+/",
                                       "Zg\n", " Zg",  "Zm9vY", "\xc3\xa9" };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text = pr_base64url_encode (vectors[i][0], strlen (vectors[i][0]));
      gsize n;
      g_autofree guint8 *bytes = pr_base64url_decode (vectors[i][1], -1, &n);

      g_assert_cmpstr (text, ==, vectors[i][1]);
      g_assert_cmpmem (bytes, n, vectors[i][0], strlen (vectors[i][0]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gsize n;

      g_assert_null (pr_base64url_decode (wrong[i], -1, &n));
    }
}

static void
test_form (void)
{
  GString *form = pr_oauth_form_new ();
  g_autofree char *decoded = pr_oauth_form_decode ("a+b%26%3D%C3%A9", -1);

  pr_oauth_form_append (form, "name", "a b&=\xc3\xa9/~");
  pr_oauth_form_append (form, "nothing", NULL);
  pr_oauth_form_append (form, "empty", "");
  g_assert_cmpstr (form->str, ==, "name=a%20b%26%3D%C3%A9%2F~&empty=");
  g_assert_cmpstr (decoded, ==, "a b&=\xc3\xa9");
  g_assert_null (pr_oauth_form_decode ("%", -1));
  g_assert_null (pr_oauth_form_decode ("%4", -1));
  g_assert_null (pr_oauth_form_decode ("%zz", -1));
  g_assert_null (pr_oauth_form_decode ("a%00b", -1));
  g_assert_null (pr_oauth_form_decode ("a%0d%0ab", -1));
  g_assert_null (pr_oauth_form_decode ("%ff", -1));
  pr_oauth_form_free (form);
}

static void
test_equal_secretly (void)
{
  g_assert_true (pr_text_equal_secretly ("abc", "abc"));
  g_assert_false (pr_text_equal_secretly ("abd", "abc"));
  g_assert_false (pr_text_equal_secretly ("ab", "abc"));
  g_assert_false (pr_text_equal_secretly ("abcd", "abc"));
  g_assert_false (pr_text_equal_secretly ("", "abc"));
  g_assert_false (pr_text_equal_secretly (NULL, "abc"));
}

/* --- Service account -------------------------------------------------------------------------- */

#define EMAIL "postroom@postroom-tests.iam.gserviceaccount.com"

/* RSASSA-PKCS1-v1_5 has no randomness: ours must be OpenSSL's, byte for byte. */
static void
test_assertion (void)
{
  g_autofree char *pem = test_key_get_pem ();
  g_autoptr (PrSecret) file = test_key_make_file ("service_account", EMAIL, pem);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrServiceAccount) account = pr_service_account_parse (file, &error);
  g_autoptr (PrSecret) assertion = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (pr_service_account_get_email (account), ==, EMAIL);
  g_assert_cmpstr (pr_service_account_get_unique_id (account), ==, "104200000000000000001");
  assertion = pr_service_account_make_assertion (account, "https://accounts.example/token",
                                                 "anna\"o@example.org", "https://mail.example/",
                                                 1700000000, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (assertion), ==, TEST_ASSERTION);
}

static void
check_key_refused (PrSecret *file)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_service_account_parse (file, &error));
  g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_CLIENT_INVALID);
  g_assert_cmpint (pr_oauth_error_get_reason (error), ==, PR_OAUTH_REASON_KEY_INVALID);
  g_assert_null (strstr (error->message, "PRIVATE"));
}

static void
test_key_refused (void)
{
  g_autofree char *pem = test_key_get_pem ();
  g_autofree char *half = g_strndup (pem, strlen (pem) / 2);
  g_autofree char *huge_text = g_strnfill (PR_SERVICE_ACCOUNT_KEY_MAX + 1, ' ');
  PrSecret *files[] = {
    test_key_make_file ("authorized_user", EMAIL, pem),
    test_key_make_file ("service_account", "somebody@example.org", pem),
    test_key_make_file ("service_account", "gserviceaccount.com", pem),
    test_key_make_file ("service_account", EMAIL, half),
    test_key_make_file ("service_account", EMAIL, "no key"),
    pr_secret_new ("{\"type\":\"service_account\",\"client_email\":\"" EMAIL "\"}", -1),
    pr_secret_new ("", -1),
    pr_secret_new ("-----BEGIN PRIVATE KEY-----", -1),
    pr_secret_new (huge_text, -1),
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      check_key_refused (files[i]);
      pr_secret_unref (files[i]);
    }
}

/* --- What is kept ----------------------------------------------------------------------------- */

static void
test_token_text (void)
{
  g_autoptr (PrOauthToken) token = pr_oauth_token_new ();
  g_autoptr (PrSecret) text = NULL;
  g_autoptr (PrOauthToken) back = NULL;
  g_autoptr (PrSecret) later = NULL;
  g_autofree char *added = NULL;

  token->account = (g_free (token->account), g_strdup ("anna@example.org"));
  token->client_id = (g_free (token->client_id), g_strdup ("client 1"));
  token->scope = (g_free (token->scope), g_strdup ("a b"));
  token->boot = (g_free (token->boot), g_strdup (pr_oauth_clock_get_boot ()));
  token->access = pr_secret_new ("access", -1);
  token->access_until = 12345;
  token->refresh = pr_secret_new ("refresh", -1);
  token->refresh_until = 5;
  token->signed_in_at = 6;
  token->refreshed_at = 7;
  text = pr_oauth_token_format (token);
  back = pr_oauth_token_parse (text);
  g_assert_nonnull (back);
  g_assert_cmpstr (back->account, ==, "anna@example.org");
  g_assert_cmpstr (back->client_id, ==, "client 1");
  g_assert_cmpstr (back->scope, ==, "a b");
  g_assert_cmpstr (pr_secret_peek (back->access), ==, "access");
  g_assert_cmpstr (pr_secret_peek (back->refresh), ==, "refresh");
  g_assert_cmpint (back->access_until, ==, 12345);
  g_assert_cmpint (back->refresh_until, ==, 5);
  g_assert_cmpint (back->signed_in_at, ==, 6);
  g_assert_cmpint (back->refreshed_at, ==, 7);
  g_assert_true (pr_oauth_token_is_fresh (back, 12344));
  g_assert_false (pr_oauth_token_is_fresh (back, 12345));

  /* What a newer version adds is no reason to lose a sign-in. */
  added = g_strconcat (pr_secret_peek (text), "something new\n", NULL);
  later = pr_secret_new (added, -1);
  g_clear_pointer (&back, pr_oauth_token_unref);
  back = pr_oauth_token_parse (later);
  g_assert_cmpstr (back->account, ==, "anna@example.org");
}

/* A large access token is not worth its place in the keyring, unless it is all that there is. */
static void
test_token_large (void)
{
  g_autofree char *small = g_strnfill (PR_OAUTH_ACCESS_KEPT_MAX, 'a');
  g_autofree char *large = g_strnfill (PR_OAUTH_ACCESS_KEPT_MAX + 1, 'a');

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PrOauthToken) token = pr_oauth_token_new ();
      g_autoptr (PrOauthToken) back = NULL;
      g_autoptr (PrSecret) text = NULL;

      token->access = pr_secret_new (i == 0 ? small : large, -1);
      token->access_until = G_MAXINT64;
      g_free (token->boot);
      token->boot = g_strdup (pr_oauth_clock_get_boot ());
      token->refresh = i < 2 ? pr_secret_new ("refresh", -1) : NULL;
      text = pr_oauth_token_format (token);
      back = pr_oauth_token_parse (text);
      g_assert_cmpint (pr_oauth_token_is_fresh (back, 0), ==, i != 1);
      g_assert_cmpint (back->refresh != NULL, ==, i < 2);
    }
}

/* After a restart of the computer its clock begins anew: an old time says nothing. */
static void
test_token_other_boot (void)
{
  g_autoptr (PrOauthToken) token = pr_oauth_token_new ();

  token->access = pr_secret_new ("access", -1);
  token->access_until = G_MAXINT64;
  g_free (token->boot);
  token->boot = g_strdup ("another");
  g_assert_false (pr_oauth_token_is_fresh (token, 0));
}

static void
test_token_damaged (void)
{
  static const char *const wrong[] = { "",
                                       "postroom-token 2\n",
                                       "postroom-token 1",
                                       "postroom-token 1\nrefresh\n",
                                       "postroom-token 1\nsigned-in-at x\n",
                                       "postroom-token 1\nsigned-in-at -1\n" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PrSecret) text = pr_secret_new (wrong[i], -1);

      g_assert_null (pr_oauth_token_parse (text));
    }
}

static void
test_clock (void)
{
  gint64 before = pr_oauth_clock_get_time ();

  g_assert_cmpint (pr_oauth_clock_get_time (), >=, before);
  g_assert_cmpstr (pr_oauth_clock_get_boot (), ==, pr_oauth_clock_get_boot ());
  g_assert_cmpstr (pr_oauth_clock_get_boot (), !=, "");
}

/* --- Accounts --------------------------------------------------------------------------------- */

static void
test_same_account (void)
{
  g_autoptr (PrOauthProvider) plain = pr_oauth_provider_new ("plain", "Plain");
  g_autoptr (PrOauthProvider) dots = pr_oauth_provider_new ("dots", "Dots");

  dots->same_domains = g_strsplit ("gmail.com googlemail.com", " ", -1);
  dots->ignores_dots = TRUE;
  g_assert_true (pr_oauth_provider_is_same_account (plain, "Anna@Example.org", "anna@example.ORG"));
  g_assert_false (pr_oauth_provider_is_same_account (plain, "an.na@gmail.com", "anna@gmail.com"));
  g_assert_false (pr_oauth_provider_is_same_account (plain, "anna@example.org", "bob@example.org"));
  g_assert_false (pr_oauth_provider_is_same_account (plain, "anna@example.org", ""));
  g_assert_true (
      pr_oauth_provider_is_same_account (dots, "An.Na@gmail.com", "anna@googlemail.com"));
  g_assert_false (
      pr_oauth_provider_is_same_account (dots, "an.na@example.org", "anna@example.org"));
}

static void
test_missing_scope (void)
{
  g_autoptr (PrOauthProvider) provider = pr_oauth_provider_new ("p", "P");
  g_autofree char *missing = NULL;

  g_free (provider->mail_scope);
  provider->mail_scope = g_strdup ("https://mail.example/ send");
  g_assert_null (pr_oauth_provider_find_missing_scope (provider, NULL));
  g_assert_null (
      pr_oauth_provider_find_missing_scope (provider, "openid send email https://mail.example/"));
  missing = pr_oauth_provider_find_missing_scope (provider, "openid email https://mail.example/");
  g_assert_cmpstr (missing, ==, "send");
  g_clear_pointer (&missing, g_free);
  missing = pr_oauth_provider_find_missing_scope (provider, "send https://mail.example/read");
  g_assert_cmpstr (missing, ==, "https://mail.example/");
}

static PrSecret *
make_id_token (const char *claims)
{
  g_autofree char *header = pr_base64url_encode ("{\"alg\":\"RS256\"}", 15);
  g_autofree char *body = pr_base64url_encode (claims, strlen (claims));
  g_autofree char *text = g_strdup_printf ("%s.%s.c2ln", header, body);

  return pr_secret_new (text, -1);
}

static PrOauthProvider *
make_provider (void)
{
  PrOauthProvider *provider = pr_oauth_provider_new ("p", "P");

  provider->issuer = g_strdup ("https://accounts.example");
  g_strfreev (provider->account_claims);
  provider->account_claims = g_strsplit ("email preferred_username", " ", -1);
  return provider;
}

#define ID(rest) "{\"iss\":\"https://accounts.example\",\"aud\":\"me\",\"nonce\":\"n\"" rest "}"

static char *
read_id (const char *claims, gboolean *failed)
{
  g_autoptr (PrOauthProvider) provider = make_provider ();
  g_autoptr (PrSecret) token = make_id_token (claims);
  g_autoptr (GError) error = NULL;
  char *account = pr_oauth_id_token_read (token, provider, "me", "n", &error);

  *failed = error != NULL;
  return account;
}

static void
test_id_token (void)
{
  static const struct
  {
    const char *claims;
    const char *account; /* "!": refused */
  } cases[] = {
    { ID (",\"email\":\"anna@example.org\",\"email_verified\":true"), "anna@example.org" },
    { ID (",\"email\":\"anna@example.org\",\"email_verified\":\"true\""), "anna@example.org" },
    { ID (",\"email\":\"anna@example.org\""), "anna@example.org" },
    { ID (",\"email\":\"anna@example.org\",\"email_verified\":false"), NULL },
    { ID (",\"email\":\"no address\",\"preferred_username\":\"bob@example.org\""),
      "bob@example.org" },
    { ID (",\"sub\":\"1\""), NULL },
    { "{\"iss\":\"https://accounts.example\",\"aud\":[\"you\",\"me\"],\"nonce\":\"n\","
      "\"email\":\"a@example.org\"}",
      "a@example.org" },
    { "{\"iss\":\"https://accounts.example\",\"aud\":\"you\",\"nonce\":\"n\","
      "\"email\":\"a@example.org\"}",
      "!" },
    { "{\"iss\":\"https://accounts.example\",\"aud\":[\"you\"],\"nonce\":\"n\"}", "!" },
    { "{\"iss\":\"https://accounts.example\",\"nonce\":\"n\"}", "!" },
    { "{\"iss\":\"https://accounts.example/\",\"aud\":\"me\",\"nonce\":\"n\"}", "!" },
    { "{\"aud\":\"me\",\"nonce\":\"n\"}", "!" },
    { "{\"iss\":\"https://accounts.example\",\"aud\":\"me\",\"nonce\":\"m\"}", "!" },
    { "{\"iss\":\"https://accounts.example\",\"aud\":\"me\"}", "!" },
    { "no JSON", "!" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean failed;
      g_autofree char *account = read_id (cases[i].claims, &failed);

      g_test_message ("%s", cases[i].claims);
      g_assert_true (failed == (g_strcmp0 (cases[i].account, "!") == 0));
      if (!failed)
        g_assert_cmpstr (account, ==, cases[i].account);
    }
}

/* Microsoft: the issuer has the organisation's id in it. */
static void
test_id_token_tenant (void)
{
  g_autoptr (PrOauthProvider) provider = make_provider ();
  g_autoptr (PrSecret) good =
      make_id_token ("{\"iss\":\"https://login.example/T1/v2.0\",\"tid\":\"T1\",\"aud\":\"me\","
                     "\"preferred_username\":\"anna@example.org\"}");
  g_autoptr (PrSecret) other =
      make_id_token ("{\"iss\":\"https://login.example/T1/v2.0\",\"tid\":\"T2\",\"aud\":\"me\"}");
  g_autoptr (PrSecret) path =
      make_id_token ("{\"iss\":\"https://login.example/a/b/v2.0\",\"tid\":\"a/b\",\"aud\":\"me\"}");
  g_autoptr (GError) error = NULL;
  g_autofree char *account = NULL;

  g_free (provider->issuer);
  provider->issuer = g_strdup ("https://login.example/{tenantid}/v2.0");
  provider->any_tenant = TRUE;
  account = pr_oauth_id_token_read (good, provider, "me", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account, ==, "anna@example.org");
  g_assert_null (pr_oauth_id_token_read (other, provider, "me", NULL, &error));
  g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_CLIENT_INVALID);
  g_clear_error (&error);
  g_assert_null (pr_oauth_id_token_read (path, provider, "me", NULL, &error));
  g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_CLIENT_INVALID);
}

static void
test_id_token_malformed (void)
{
  static const char *const wrong[] = { "", "a", "a.b", "a.b.c.d", "a.!.c", "..", "e30.e30" };
  g_autoptr (PrOauthProvider) provider = make_provider ();

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PrSecret) token = pr_secret_new (wrong[i], -1);
      g_autoptr (GError) error = NULL;

      g_assert_null (pr_oauth_id_token_read (token, provider, "me", NULL, &error));
      g_assert_error (error, PR_OAUTH_ERROR, PR_CODE_OAUTH_SERVER_ERROR);
    }
}

/* --- Discovery -------------------------------------------------------------------------------- */

/* RFC 8414 section 3.1. */
static void
test_discovery_url (void)
{
  g_autofree char *a = pr_oauth_discovery_get_url ("https://example.com", FALSE);
  g_autofree char *b = pr_oauth_discovery_get_url ("https://example.com/issuer1", FALSE);
  g_autofree char *c = pr_oauth_discovery_get_url ("https://example.com/issuer1/", TRUE);

  g_assert_cmpstr (a, ==, "https://example.com/.well-known/oauth-authorization-server");
  g_assert_cmpstr (b, ==, "https://example.com/.well-known/oauth-authorization-server/issuer1");
  g_assert_cmpstr (c, ==, "https://example.com/issuer1/.well-known/openid-configuration");
  g_assert_null (pr_oauth_discovery_get_url ("http://example.com", FALSE));
  g_assert_null (pr_oauth_discovery_get_url ("https://example.com?x", FALSE));
  g_assert_null (pr_oauth_discovery_get_url ("", FALSE));
}

static PrOauthProvider *
discover (const char *text, PrOauthReason *reason)
{
  g_autoptr (PrOauthProvider) preset = make_provider ();
  g_autoptr (GError) error = NULL;
  PrOauthProvider *provider;

  preset->token_url = g_strdup ("https://preset.example/token");
  provider = pr_oauth_discovery_read (preset, text, strlen (text), &error);
  *reason = error != NULL ? pr_oauth_error_get_reason (error) : PR_OAUTH_REASON_NONE;
  return provider;
}

static void
test_discovery (void)
{
  PrOauthReason reason;
  g_autoptr (PrOauthProvider) provider = discover (
      "{\"issuer\":\"https://accounts.example\",\"authorization_endpoint\":\"https://a.example/a\","
      "\"token_endpoint\":\"https://other.example/token\",\"revocation_endpoint\":"
      "\"https://a.example/r\",\"authorization_response_iss_parameter_supported\":true,"
      "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}",
      &reason);

  g_assert_nonnull (provider);
  g_assert_cmpstr (provider->authorization_url, ==, "https://a.example/a");
  g_assert_cmpstr (provider->revocation_url, ==, "https://a.example/r");
  /* What a preset or the admin says wins. */
  g_assert_cmpstr (provider->token_url, ==, "https://preset.example/token");
  g_assert_true (provider->announces_issuer);
  g_assert_false (provider->basic);
  g_assert_null (provider->device_url);
}

/* Where a client secret goes, by the list of a document. */
static void
test_discovery_methods (void)
{
  static const struct
  {
    const char *list;
    gboolean basic;
  } cases[] = {
    { "", TRUE },
    { ",\"token_endpoint_auth_methods_supported\":[]", TRUE },
    { ",\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\"]", TRUE },
    { ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"none\"]", FALSE },
    { ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_basic\"]",
      TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PrOauthReason reason;
      g_autofree char *text =
          g_strdup_printf ("{\"issuer\":\"https://accounts.example\"%s}", cases[i].list);
      g_autoptr (PrOauthProvider) provider = discover (text, &reason);

      g_assert_nonnull (provider);
      g_assert_true (provider->basic == cases[i].basic);
    }
}

static void
test_discovery_refused (void)
{
  PrOauthReason reason;

  g_assert_null (discover ("{\"issuer\":\"https://accounts.example/\"}", &reason));
  g_assert_cmpint (reason, ==, PR_OAUTH_REASON_ISSUER_MISMATCH);
  g_assert_null (discover ("{}", &reason));
  g_assert_cmpint (reason, ==, PR_OAUTH_REASON_ISSUER_MISMATCH);
  g_assert_null (discover ("{\"issuer\":\"https://accounts.example\","
                           "\"authorization_endpoint\":\"file:///etc/passwd\"}",
                           &reason));
  g_assert_cmpint (reason, ==, PR_OAUTH_REASON_BAD_ANSWER);
  g_assert_null (discover ("{\"issuer\":\"https://accounts.example\","
                           "\"revocation_endpoint\":\"http://a.example/r\"}",
                           &reason));
  g_assert_cmpint (reason, ==, PR_OAUTH_REASON_BAD_ANSWER);
  g_assert_null (discover ("<html>", &reason));
  g_assert_cmpint (reason, ==, PR_OAUTH_REASON_BAD_ANSWER);
}

/* --- Errors ----------------------------------------------------------------------------------- */

static void
test_reasons (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error =
      pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_TOO_MANY, "%d", 429);
  g_autoptr (GError) copy = NULL;

  for (PrOauthReason reason = 0; reason < PR_N_OAUTH_REASONS; reason++)
    g_assert_true (g_hash_table_add (seen, (gpointer) pr_oauth_reason_to_word (reason)));
  pr_oauth_error_set_wait (error, 12);
  copy = g_error_copy (error);
  g_assert_error (copy, PR_OAUTH_ERROR, PR_CODE_OAUTH_SERVER_ERROR);
  g_assert_cmpint (pr_oauth_error_get_reason (copy), ==, PR_OAUTH_REASON_TOO_MANY);
  g_assert_cmpuint (pr_oauth_error_get_wait (copy), ==, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oauth/pkce/vector", test_pkce_vector);
  g_test_add_func ("/oauth/pkce/verifier", test_pkce_verifier);
  g_test_add_func ("/oauth/base64url", test_base64url);
  g_test_add_func ("/oauth/form", test_form);
  g_test_add_func ("/oauth/equal-secretly", test_equal_secretly);
  g_test_add_func ("/oauth/service-account/assertion", test_assertion);
  g_test_add_func ("/oauth/service-account/refused", test_key_refused);
  g_test_add_func ("/oauth/token/text", test_token_text);
  g_test_add_func ("/oauth/token/large", test_token_large);
  g_test_add_func ("/oauth/token/other-boot", test_token_other_boot);
  g_test_add_func ("/oauth/token/damaged", test_token_damaged);
  g_test_add_func ("/oauth/clock", test_clock);
  g_test_add_func ("/oauth/account/same", test_same_account);
  g_test_add_func ("/oauth/scope", test_missing_scope);
  g_test_add_func ("/oauth/id-token/claims", test_id_token);
  g_test_add_func ("/oauth/id-token/tenant", test_id_token_tenant);
  g_test_add_func ("/oauth/id-token/malformed", test_id_token_malformed);
  g_test_add_func ("/oauth/discovery/url", test_discovery_url);
  g_test_add_func ("/oauth/discovery/document", test_discovery);
  g_test_add_func ("/oauth/discovery/methods", test_discovery_methods);
  g_test_add_func ("/oauth/discovery/refused", test_discovery_refused);
  g_test_add_func ("/oauth/reasons", test_reasons);
  return g_test_run ();
}
