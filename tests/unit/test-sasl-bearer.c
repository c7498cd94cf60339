/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Access tokens: what is sent, and how servers say that they do not like it. Rules A10-A13. */

#include "pr-sasl.h"

#include "pr-bearer-refusal.h"

#include <string.h>

static PrSasl *
make_sasl (PrMechanism mechanism,
           PrProtocol protocol,
           const char *host,
           const char *user,
           const char *token)
{
  PrSaslChoice choice = { mechanism, PR_SASL_BINDING_NONE };
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (protocol, host, 587);
  g_autoptr (GError) error = NULL;
  PrSasl *sasl;

  plan->username = g_strdup (user);
  plan->secret = pr_secret_new (token, -1);
  sasl = pr_sasl_new (&choice, plan, NULL, NULL, &error);
  g_assert_no_error (error);
  return sasl;
}

static char *
get_first (PrSasl *sasl)
{
  g_autofree char *response = NULL;
  gsize n;

  g_assert_true (pr_sasl_is_client_first (sasl));
  g_assert_true (pr_sasl_sends_initial (sasl));
  g_assert_true (pr_sasl_step (sasl, NULL, &response, NULL));
  g_assert_true (pr_sasl_check_finished (sasl, NULL));
  return (char *) g_base64_decode (response, &n);
}

/* The example of Google's and Microsoft's pages, and of RFC 7628 section 4.1. */
static void
test_messages (void)
{
  g_autoptr (PrSasl) xoauth2 =
      make_sasl (PR_MECHANISM_XOAUTH2, PR_PROTOCOL_SMTP, "smtp.gmail.com", "someuser@example.com",
                 "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
  g_autoptr (PrSasl) bearer =
      make_sasl (PR_MECHANISM_OAUTHBEARER, PR_PROTOCOL_SMTP, "server.example.com",
                 "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
  g_autoptr (PrSasl) awkward =
      make_sasl (PR_MECHANISM_OAUTHBEARER, PR_PROTOCOL_POP3, "bücher.example", "u=s,er", "t");
  g_autofree char *first = get_first (xoauth2), *second = get_first (bearer);
  g_autofree char *third = get_first (awkward);

  g_assert_cmpstr (first, ==,
                   "user=someuser@example.com\001auth=Bearer "
                   "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\001\001");
  g_assert_cmpstr (second, ==,
                   "n,a=user@example.com,\001host=server.example.com\001port=587\001auth=Bearer "
                   "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\001\001");
  g_assert_cmpstr (third, ==,
                   "n,a=u=3Ds=2Cer,\001host=xn--bcher-kva.example\001port=587\001auth=Bearer "
                   "t\001\001");
}

/* Rules A10 and A11: one answer to the explanation, then only the server's last word counts. */
static void
test_explained (void)
{
  static const struct
  {
    PrMechanism mechanism;
    const char *answer;
  } rows[] = { { PR_MECHANISM_XOAUTH2, "" }, { PR_MECHANISM_OAUTHBEARER, "AQ==" } };
  static const char json[] =
      "{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}";
  g_autofree char *challenge = g_base64_encode ((const guchar *) json, strlen (json));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrSasl) sasl = make_sasl (rows[i].mechanism, PR_PROTOCOL_POP3, "h", "u", "token");
      g_autofree char *first = get_first (sasl), *response = NULL, *more = NULL;
      g_autoptr (GError) error = NULL;
      const char *detail;
      PrCode code;

      g_assert_false (pr_sasl_get_refusal (sasl, &code, &detail));
      g_assert_true (pr_sasl_step (sasl, challenge, &response, &error));
      g_assert_cmpstr (response, ==, rows[i].answer);
      g_assert_true (pr_sasl_get_refusal (sasl, &code, &detail));
      g_assert_cmpint (code, ==, PR_CODE_OAUTH_TOKEN_REVOKED);
      g_assert_cmpstr (detail, ==, "status 401, scope https://mail.google.com/");
      g_assert_false (pr_sasl_check_finished (sasl, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
      g_clear_error (&error);
      g_assert_false (pr_sasl_step (sasl, challenge, &more, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
    }
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *json;
    const char *text;
    gboolean scope;
  } rows[] = {
    { "{}", "", FALSE },
    { "{\"status\":\"invalid_token\",\"scope\":\"a b\"}", "status invalid_token, scope a b",
      FALSE },
    { "{\"status\":\"insufficient_scope\"}", "status insufficient_scope", TRUE },
    { "{ \"status\" : 400 , \"x\" : null }\r\n", "status 400", FALSE },
    { "{\"scope\":\"s\",\"status\":\"401\",\"status\":\"200\"}", "status 401, scope s", FALSE },
    { "{\"status\":\"a\\u0041\\n\\\"\\ud800\"}", "status aA\\x0a\"\357\277\275", FALSE },
    { "{\"status\":\"\\u0000\"}", "status \357\277\275", FALSE },
    /* never followed, never shown */
    { "{\"openid-configuration\":\"https://evil.example/\",\"status\":\"401\"}", "status 401",
      FALSE },
    { "{\"a\":[1,[2,{\"status\":\"no\"}]],\"b\":{\"status\":\"no\"},\"status\":\"yes\"}",
      "status yes", FALSE },
    { "{\"a\":[[[[1]]]],\"status\":\"too deep\"}", "", FALSE },
    /* what is no JSON object */
    { "", "", FALSE },
    { "{", "", FALSE },
    { "{\"status\":\"401\"", "", FALSE },
    { "{\"status\":\"401\"} x", "", FALSE },
    { "{\"status\"}", "", FALSE },
    { "{\"status\":\"401\",}", "", FALSE },
    { "[\"status\"]", "", FALSE },
    { "{\"status\":\"a\nb\"}", "", FALSE },
    { "{\"status\":\"a\\q\"}", "", FALSE },
    { "{\"status\":\"a\\u12\"}", "", FALSE },
    { "{\"status\":\"a\\", "", FALSE },
    { "nonsense", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrBearerRefusal refusal = { FALSE, NULL };

      pr_bearer_refusal_parse (&refusal, rows[i].json, strlen (rows[i].json));
      if (!g_str_equal (refusal.text, rows[i].text) || refusal.scope_missing != rows[i].scope)
        g_error ("%s: “%s” instead of “%s”", rows[i].json, refusal.text, rows[i].text);
      pr_bearer_refusal_clear (&refusal);
    }
}

/* Rule A12: nothing is read beyond its limit. */
static void
test_limits (void)
{
  g_autoptr (GString) json = g_string_new ("{\"status\":\"");
  PrBearerRefusal refusal = { FALSE, NULL };

  for (guint i = 0; i < 10000; i++)
    g_string_append_c (json, 'x');
  g_string_append (json, "\"}");
  pr_bearer_refusal_parse (&refusal, json->str, json->len);
  g_assert_cmpuint (strlen (refusal.text), <, 400);
  g_assert_true (g_str_has_prefix (refusal.text, "status xxx"));
  pr_bearer_refusal_clear (&refusal);
  for (guint i = 0; i < 70000; i++)
    g_string_append_c (json, ' ');
  pr_bearer_refusal_parse (&refusal, json->str, json->len);
  g_assert_cmpstr (refusal.text, ==, "");
  pr_bearer_refusal_clear (&refusal);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/bearer/messages", test_messages);
  g_test_add_func ("/sasl/bearer/explained", test_explained);
  g_test_add_func ("/sasl/bearer/refusals", test_refusals);
  g_test_add_func ("/sasl/bearer/limits", test_limits);
  return g_test_run ();
}
