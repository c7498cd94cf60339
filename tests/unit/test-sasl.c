/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's side of SASL: the vectors of the RFCs, exchanges with GNU SASL's own server in the
 * same process, and what is no base64. Rules A03-A06, A14, P15. */

#include "pr-sasl.h"

#include <gsasl.h>
#include <string.h>

static PrTestPlan *
make_plan (PrProtocol protocol, const char *user, const char *password)
{
  PrTestPlan *plan = pr_test_plan_new (protocol, "mail.practice.example", 995);

  plan->username = g_strdup (user);
  if (password != NULL)
    plan->secret = pr_secret_new (password, -1);
  return plan;
}

static PrSasl *
make_sasl (PrMechanism mechanism, const PrTestPlan *plan, GError **error)
{
  PrSaslChoice choice = { mechanism, PR_SASL_BINDING_NONE };

  return pr_sasl_new (&choice, plan, NULL, NULL, error);
}

/* --- Vectors ---------------------------------------------------------------------------------- */

/* RFC 4616 section 4. */
static void
test_plain (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_PLAIN, plan, &error);
  g_autofree char *response = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (pr_sasl_get_name (sasl), ==, "PLAIN");
  g_assert_true (pr_sasl_is_client_first (sasl));
  g_assert_true (pr_sasl_step (sasl, NULL, &response, &error));
  g_assert_cmpstr (response, ==, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
  g_assert_true (pr_sasl_check_finished (sasl, &error));
}

/* draft-murchison-sasl-login: whatever the prompts say. */
static void
test_login (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_SMTP, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_LOGIN, plan, &error);
  g_autofree char *user = NULL, *password = NULL, *more = NULL;

  g_assert_no_error (error);
  g_assert_false (pr_sasl_is_client_first (sasl));
  g_assert_true (pr_sasl_step (sasl, "VXNlcm5hbWU6", &user, &error));
  g_assert_cmpstr (user, ==, "dGlt");
  g_assert_false (pr_sasl_check_finished (sasl, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
  g_clear_error (&error);
  g_assert_true (pr_sasl_step (sasl, "", &password, &error));
  g_assert_cmpstr (password, ==, "dGFuc3RhYWZ0YW5zdGFhZg==");
  g_assert_true (pr_sasl_check_finished (sasl, &error));
  g_assert_false (pr_sasl_step (sasl, "", &more, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
}

/* RFC 2195 section 2. */
static void
test_cram_md5 (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_SMTP, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_CRAM_MD5, plan, &error);
  g_autofree char *response = NULL;

  g_assert_no_error (error);
  g_assert_false (pr_sasl_is_client_first (sasl));
  g_assert_true (pr_sasl_step (sasl, "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
                               &response, &error));
  g_assert_cmpstr (response, ==, "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
}

/* --- Against GNU SASL's own server ------------------------------------------------------------ */

typedef struct
{
  Gsasl *library;
  Gsasl_session *session;
} PrPeer;

static int
peer_callback (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  const char *password = gsasl_callback_hook_get (library);

  if (property == GSASL_PASSWORD)
    return gsasl_property_set (session, GSASL_PASSWORD, password);
  if (property == GSASL_VALIDATE_SIMPLE)
    return g_strcmp0 (gsasl_property_fast (session, GSASL_PASSWORD), password) == 0
               ? GSASL_OK
               : GSASL_AUTHENTICATION_ERROR;
  return GSASL_NO_CALLBACK;
}

static void
peer_init (PrPeer *peer, PrMechanism mechanism, const char *password)
{
  g_assert_cmpint (gsasl_init (&peer->library), ==, GSASL_OK);
  gsasl_callback_hook_set (peer->library, (void *) password);
  gsasl_callback_set (peer->library, peer_callback);
  g_assert_cmpint (
      gsasl_server_start (peer->library, pr_mechanism_to_name (mechanism), &peer->session), ==,
      GSASL_OK);
}

static void
peer_clear (PrPeer *peer)
{
  gsasl_finish (peer->session);
  gsasl_done (peer->library);
}

/* Lets both talk to the end. Returns: what the server says at last. */
static int
talk (PrSasl *sasl, PrPeer *peer, GError **error)
{
  g_autofree char *response = NULL;
  int result;

  if (pr_sasl_is_client_first (sasl) && !pr_sasl_step (sasl, NULL, &response, error))
    return GSASL_AUTHENTICATION_ERROR;
  do
    {
      char *challenge = NULL;
      gboolean ok;

      result = gsasl_step64 (peer->session, response, &challenge);
      g_clear_pointer (&response, g_free);
      if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
        return result;
      if (result == GSASL_NEEDS_MORE || (challenge != NULL && *challenge != '\0'))
        {
          ok = pr_sasl_step (sasl, challenge != NULL ? challenge : "", &response, error);
          gsasl_free (challenge);
          if (!ok)
            return GSASL_AUTHENTICATION_ERROR;
        }
      else
        gsasl_free (challenge);
    }
  while (result == GSASL_NEEDS_MORE);
  return result;
}

static void
check_exchange (PrMechanism mechanism, const char *user, const char *ours, const char *theirs)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_SMTP, user, ours);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSasl) sasl = make_sasl (mechanism, plan, &error);
  gboolean good = g_str_equal (ours, theirs);
  PrPeer peer;
  int result;

  g_assert_no_error (error);
  peer_init (&peer, mechanism, theirs);
  result = talk (sasl, &peer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result, ==, good ? GSASL_OK : GSASL_AUTHENTICATION_ERROR);
  if (good)
    {
      g_assert_true (pr_sasl_check_finished (sasl, &error));
      g_assert_cmpstr (gsasl_property_fast (peer.session, GSASL_AUTHID), ==, user);
    }
  peer_clear (&peer);
}

static void
test_exchanges (void)
{
  static const PrMechanism mechanisms[] = { PR_MECHANISM_PLAIN,       PR_MECHANISM_LOGIN,
                                            PR_MECHANISM_CRAM_MD5,    PR_MECHANISM_DIGEST_MD5,
                                            PR_MECHANISM_SCRAM_SHA_1, PR_MECHANISM_SCRAM_SHA_256 };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      check_exchange (mechanisms[i], "user@practice.example", "pencil", "pencil");
      check_exchange (mechanisms[i], "jürgen", "Grüße, \"=,\" €", "Grüße, \"=,\" €");
      check_exchange (mechanisms[i], "user", "pencil", "Pencil");
    }
}

/* --- What is no base64 ------------------------------------------------------------------------ */

static void
test_base64 (void)
{
  static const char *const bad[] = { "A",
                                     "AA",
                                     "AAA",
                                     "AAAAA",
                                     "A===",
                                     "====",
                                     "AA=A",
                                     "=AAA",
                                     "AAA!",
                                     "AA AA===",
                                     "QUJD\tRA==",
                                     "-_-_",
                                     "QUJDRA=",
                                     "QUJDRA===",
                                     "QQ==QQ==",
                                     " QUJD",
                                     "QUJD ",
                                     "Username:",
                                     "\xc3\xa4\xc3\xa4" };
  static const char *const good[] = { "", "QQ==", "QUI=", "QUJD", "+/+/" };

  for (guint i = 0; i < G_N_ELEMENTS (bad) + G_N_ELEMENTS (good); i++)
    {
      gboolean is_bad = i < G_N_ELEMENTS (bad);
      const char *challenge = is_bad ? bad[i] : good[i - G_N_ELEMENTS (bad)];
      g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, "user", "pencil");
      g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_LOGIN, plan, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *response = NULL;

      if (pr_sasl_step (sasl, challenge, &response, &error) == is_bad)
        g_error ("“%s” is taken for the other", challenge);
      if (is_bad)
        g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
    }
}

/* --- Names and passwords ---------------------------------------------------------------------- */

static void
test_prepared (void)
{
  /* RFC 4013 section 3: soft hyphen goes, the others are compatibility forms. */
  static const char *const rows[][2] = { { "I\u00adX", "IX" },
                                         { "user", "user" },
                                         { "USER", "USER" },
                                         { "\u00aa", "a" },
                                         { "\u2168", "IX" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, rows[i][0], "p");
      g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_LOGIN, plan, NULL);
      g_autofree char *response = NULL;
      g_autofree char *expected = g_base64_encode ((guint8 *) rows[i][1], strlen (rows[i][1]));

      g_assert_true (pr_sasl_step (sasl, "", &response, NULL));
      g_assert_cmpstr (response, ==, expected);
    }
}

static void
test_unsendable (void)
{
  /* RFC 4013 section 2: control characters, a mix of directions, a bidirectional control, a line
   * separator, private use. */
  static const char *const bad[] = { "us\x07"
                                     "er",
                                     "\u06271", "us\u202eer", "us\u2028er", "us\ue000er" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (PrTestPlan) user = make_plan (PR_PROTOCOL_POP3, bad[i], "p");
      g_autoptr (PrTestPlan) password = make_plan (PR_PROTOCOL_POP3, "u", bad[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (make_sasl (PR_MECHANISM_PLAIN, user, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING);
      g_assert_null (strstr (error->message, bad[i]));
      g_clear_error (&error);
      g_assert_null (make_sasl (PR_MECHANISM_PLAIN, password, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING);
      g_assert_null (strstr (error->message, bad[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/plain", test_plain);
  g_test_add_func ("/sasl/login", test_login);
  g_test_add_func ("/sasl/cram-md5", test_cram_md5);
  g_test_add_func ("/sasl/exchanges", test_exchanges);
  g_test_add_func ("/sasl/base64", test_base64);
  g_test_add_func ("/sasl/prepared", test_prepared);
  g_test_add_func ("/sasl/unsendable", test_unsendable);
  return g_test_run ();
}
