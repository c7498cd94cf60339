/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client's side of SASL: the vectors of the RFCs, exchanges with GNU SASL's own server in the
 * same process, the choice of a mechanism, and what is no base64. Rules A01-A06, A14, P15. */

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

/* --- Vectors ---------------------------------------------------------------------------------- */

/* RFC 4616 section 4. */
static void
test_plain (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, "tim", "tanstaaftanstaaf");
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_PLAIN, plan, &error);
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
  g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_LOGIN, plan, &error);
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
  g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_CRAM_MD5, plan, &error);
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
  g_autoptr (PrSasl) sasl = pr_sasl_new (mechanism, plan, &error);
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
  static const PrMechanism mechanisms[] = { PR_MECHANISM_PLAIN, PR_MECHANISM_LOGIN,
                                            PR_MECHANISM_CRAM_MD5, PR_MECHANISM_SCRAM_SHA_1,
                                            PR_MECHANISM_SCRAM_SHA_256 };

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    {
      check_exchange (mechanisms[i], "user@practice.example", "pencil", "pencil");
      check_exchange (mechanisms[i], "jürgen", "Grüße, \"=,\" €", "Grüße, \"=,\" €");
      check_exchange (mechanisms[i], "user", "pencil", "Pencil");
    }
}

/* The first message of a SCRAM server: @form with our own nonce in place of "@". */
static char *
make_server_first (const char *initial, const char *form)
{
  gsize n;
  g_autofree char *bare = (char *) g_base64_decode (initial, &n);
  g_autofree char *text = g_strndup (bare, n);
  const char *nonce = strstr (text, "r=");
  g_autoptr (GString) message = g_string_new (form);

  g_assert_nonnull (nonce);
  g_string_replace (message, "@", nonce + 2, 0);
  return g_base64_encode ((guint8 *) message->str, message->len);
}

/* What a server of SCRAM may not say first. Rule A06. */
static void
test_scram_challenges (void)
{
  static const struct
  {
    const char *form;
    gboolean good;
  } rows[] = {
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4096", TRUE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=500000", TRUE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4095", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=500001", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=99999999999999999999", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=-4096", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4096x", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92", FALSE },
    { "r=x@,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "r=,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "s=QSXCR+Q6sek8bf92,i=4096,r=@abc", FALSE },
    { "nonsense", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_SMTP, "user", "pencil");
      g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_SCRAM_SHA_256, plan, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *initial = NULL, *challenge = NULL, *response = NULL;

      g_assert_true (pr_sasl_step (sasl, NULL, &initial, NULL));
      challenge = make_server_first (initial, rows[i].form);
      if (pr_sasl_step (sasl, challenge, &response, &error) != rows[i].good)
        g_error ("“%s”: %s", rows[i].form, error != NULL ? error->message : "accepted");
      if (!rows[i].good)
        g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
      g_assert_false (pr_sasl_check_finished (sasl, NULL));
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
      g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_LOGIN, plan, NULL);
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
      g_autoptr (PrSasl) sasl = pr_sasl_new (PR_MECHANISM_LOGIN, plan, NULL);
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

      g_assert_null (pr_sasl_new (PR_MECHANISM_PLAIN, user, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING);
      g_assert_null (strstr (error->message, bad[i]));
      g_clear_error (&error);
      g_assert_null (pr_sasl_new (PR_MECHANISM_PLAIN, password, &error));
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING);
      g_assert_null (strstr (error->message, bad[i]));
    }
}

static void
test_not_built_in (void)
{
  g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, "u", "p");
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_sasl_new (PR_MECHANISM_XOAUTH2, plan, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE);
}

/* --- The choice ------------------------------------------------------------------------------- */

typedef struct
{
  PrMechanism wanted;
  const char *offered; /* NULL: no list at all */
  gboolean user;
  PrMechanism chosen; /* NONE: refused */
} PrChoiceRow;

static const PrChoiceRow choices[] = {
  { PR_MECHANISM_AUTO, "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256", TRUE, PR_MECHANISM_SCRAM_SHA_256 },
  { PR_MECHANISM_AUTO, "PLAIN LOGIN SCRAM-SHA-1", TRUE, PR_MECHANISM_SCRAM_SHA_1 },
  { PR_MECHANISM_AUTO, "LOGIN PLAIN", TRUE, PR_MECHANISM_PLAIN },
  { PR_MECHANISM_AUTO, "login", TRUE, PR_MECHANISM_LOGIN },
  { PR_MECHANISM_AUTO, "CRAM-MD5 DIGEST-MD5 NTLM GSSAPI", TRUE, PR_MECHANISM_USER },
  { PR_MECHANISM_AUTO, "CRAM-MD5 DIGEST-MD5 NTLM GSSAPI", FALSE, PR_MECHANISM_NONE },
  { PR_MECHANISM_AUTO, "SCRAM-SHA-256-PLUS PLAINER XPLAIN", FALSE, PR_MECHANISM_NONE },
  { PR_MECHANISM_AUTO, "", FALSE, PR_MECHANISM_NONE },
  { PR_MECHANISM_AUTO, NULL, FALSE, PR_MECHANISM_NONE },
  { PR_MECHANISM_AUTO, NULL, TRUE, PR_MECHANISM_USER },
  { PR_MECHANISM_LOGIN, "PLAIN LOGIN SCRAM-SHA-256", TRUE, PR_MECHANISM_LOGIN },
  { PR_MECHANISM_LOGIN, "PLAIN SCRAM-SHA-256", TRUE, PR_MECHANISM_NONE },
  { PR_MECHANISM_CRAM_MD5, "PLAIN cram-md5", TRUE, PR_MECHANISM_CRAM_MD5 },
  { PR_MECHANISM_SCRAM_SHA_256, "PLAIN", TRUE, PR_MECHANISM_NONE },
  { PR_MECHANISM_USER, "PLAIN", TRUE, PR_MECHANISM_USER },
  { PR_MECHANISM_USER, "PLAIN", FALSE, PR_MECHANISM_NONE },
  { PR_MECHANISM_OAUTH, "PLAIN", TRUE, PR_MECHANISM_NONE },
};

static void
test_choice (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      const PrChoiceRow *row = &choices[i];
      g_autoptr (PrTestPlan) plan = make_plan (PR_PROTOCOL_POP3, "u", "p");
      g_auto (GStrv) offered = row->offered != NULL ? g_strsplit (row->offered, " ", -1) : NULL;
      g_autoptr (GError) error = NULL;
      PrMechanism chosen;

      plan->mechanism = row->wanted;
      chosen = pr_sasl_choose (plan, offered, row->user, &error);
      if (chosen != row->chosen)
        g_error ("row %u: chose %s", i, pr_enum_to_nick (PR_TYPE_MECHANISM, (int) chosen));
      if (chosen != PR_MECHANISM_NONE)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE);
      if (row->offered != NULL)
        g_assert_nonnull (strstr (error->message, row->offered));
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
  g_test_add_func ("/sasl/scram-challenges", test_scram_challenges);
  g_test_add_func ("/sasl/base64", test_base64);
  g_test_add_func ("/sasl/prepared", test_prepared);
  g_test_add_func ("/sasl/unsendable", test_unsendable);
  g_test_add_func ("/sasl/not-built-in", test_not_built_in);
  g_test_add_func ("/sasl/choice", test_choice);
  return g_test_run ();
}
