/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SCRAM: the examples of the RFCs, what a server may not say, binding to the channel against GNU
 * SASL's own server, and the flag that unmasks a removed offer. Rules A06 and A07. */

#include "pr-sasl-private.h"

#include <gsasl.h>
#include <string.h>

static PrTestPlan *
make_plan (const char *user, const char *password)
{
  PrTestPlan *plan = pr_test_plan_new (PR_PROTOCOL_POP3, "mail.practice.example", 995);

  plan->username = g_strdup (user);
  plan->secret = pr_secret_new (password, -1);
  return plan;
}

static PrSasl *
make_sasl (PrMechanism mechanism,
           PrSaslBinding use,
           const PrTestPlan *plan,
           const PrTlsBinding *binding)
{
  PrSaslChoice choice = { mechanism, use };
  g_autoptr (GError) error = NULL;
  PrSasl *sasl = pr_sasl_new (&choice, plan, binding, NULL, &error);

  g_assert_no_error (error);
  return sasl;
}

/* Both sides of one message, in clear. NULL as @challenge: the first one. */
static char *
step (PrSasl *sasl, const char *challenge, GError **error)
{
  g_autofree char *encoded =
      challenge != NULL ? g_base64_encode ((const guchar *) challenge, strlen (challenge)) : NULL;
  g_autofree char *response = NULL;
  gsize n;

  if (!pr_sasl_step (sasl, encoded, &response, error))
    return NULL;
  return *response != '\0' ? (char *) g_base64_decode (response, &n) : g_strdup ("");
}

/* --- The examples of the RFCs ----------------------------------------------------------------- */

typedef struct
{
  PrMechanism mechanism;
  const char *nonce, *first, *server_first, *final, *server_final;
} PrExample;

static const PrExample examples[] = {
  /* RFC 5802 section 5 */
  { PR_MECHANISM_SCRAM_SHA_1, "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
  /* RFC 7677 section 3 */
  { PR_MECHANISM_SCRAM_SHA_256, "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
};

static void
test_examples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      const PrExample *row = &examples[i];
      g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
      g_autoptr (PrSasl) sasl = make_sasl (row->mechanism, PR_SASL_BINDING_NONE, plan, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *first = NULL, *final = NULL, *end = NULL, *more = NULL;

      pr_sasl_scram_set_nonce (sasl, row->nonce);
      first = step (sasl, NULL, &error);
      g_assert_cmpstr (first, ==, row->first);
      final = step (sasl, row->server_first, &error);
      g_assert_cmpstr (final, ==, row->final);
      g_assert_false (pr_sasl_check_finished (sasl, NULL));
      end = step (sasl, row->server_final, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (end, ==, "");
      g_assert_true (pr_sasl_check_finished (sasl, &error));
      more = step (sasl, row->server_final, &error);
      g_assert_null (more);
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
    }
}

/* --- What a server may not say ---------------------------------------------------------------- */

static void
test_challenges (void)
{
  static const struct
  {
    const char *form; /* "@" stands for our own nonce */
    gboolean good;
  } rows[] = {
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4096", TRUE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=500000", TRUE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4096,x=unknown", TRUE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4095", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=500001", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=99999999999999999999", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=-4096", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=4096x", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92,i=", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf92", FALSE },
    { "r=@abc,s=,i=4096", FALSE },
    { "r=@abc,s=QSXCR+Q6sek8bf9,i=4096", FALSE },
    { "r=@abc,s=Q===,i=4096", FALSE },
    { "r=@abc,s=QSXC R+Q6sek8bf92,i=4096", FALSE },
    { "r=@,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "r=x@,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "r=,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "s=QSXCR+Q6sek8bf92,i=4096,r=@abc", FALSE },
    { "m=must-know,r=@abc,s=QSXCR+Q6sek8bf92,i=4096", FALSE },
    { "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", FALSE },
    { "nonsense", FALSE },
    { ",,,", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
      g_autoptr (PrSasl) sasl =
          make_sasl (PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_NONE, plan, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) challenge = g_string_new (rows[i].form);
      g_autofree char *first = step (sasl, NULL, NULL), *response = NULL;

      g_string_replace (challenge, "@", strstr (first, ",r=") + 3, 0);
      response = step (sasl, challenge->str, &error);
      if ((response != NULL) != rows[i].good)
        g_error ("“%s”: %s", rows[i].form, error != NULL ? error->message : "accepted");
      if (!rows[i].good)
        g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
      g_assert_false (pr_sasl_check_finished (sasl, NULL));
    }
}

static void
test_verdicts (void)
{
  static const struct
  {
    const char *last;
    PrCode code;
  } rows[] = {
    { "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", PR_CODE_OK },
    { "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=more", PR_CODE_OK },
    { "v=smF9pqV8S7suAoZWja4dJRkFsKQ=", PR_CODE_PROTOCOL_ERROR },
    { "v=rmF9pqV8S7suAoZWja4dJRkFsA==", PR_CODE_PROTOCOL_ERROR },
    { "v=", PR_CODE_PROTOCOL_ERROR },
    { "v=!", PR_CODE_PROTOCOL_ERROR },
    { "", PR_CODE_PROTOCOL_ERROR },
    { "x", PR_CODE_PROTOCOL_ERROR },
    { "e=invalid-proof", PR_CODE_AUTHENTICATION_REJECTED },
    { "e=unknown-user", PR_CODE_AUTHENTICATION_REJECTED },
    { "e=other-error", PR_CODE_SERVER_ERROR },
    { "e=\x1b[31mred", PR_CODE_SERVER_ERROR },
    { "e=channel-bindings-dont-match", PR_CODE_PROTOCOL_ERROR },
    { "e=server-does-support-channel-binding", PR_CODE_PROTOCOL_ERROR },
    { "e=channel-binding-not-supported", PR_CODE_MECHANISM_UNAVAILABLE },
    { "e=unsupported-channel-binding-type", PR_CODE_MECHANISM_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
      g_autoptr (PrSasl) sasl =
          make_sasl (PR_MECHANISM_SCRAM_SHA_1, PR_SASL_BINDING_NONE, plan, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *first = NULL, *proof = NULL, *end = NULL;

      pr_sasl_scram_set_nonce (sasl, examples[0].nonce);
      first = step (sasl, NULL, NULL);
      proof = step (sasl, examples[0].server_first, NULL);
      end = step (sasl, rows[i].last, &error);
      g_assert_cmpint (error != NULL ? error->code : PR_CODE_OK, ==, rows[i].code);
      g_assert_cmpint (pr_sasl_check_finished (sasl, NULL), ==, rows[i].code == PR_CODE_OK);
      g_assert_true (error == NULL || strchr (error->message, '\x1b') == NULL);
    }
}

/* --- Binding ---------------------------------------------------------------------------------- */

typedef struct
{
  Gsasl *library;
  Gsasl_session *session;
  const char *type; /* of the channel, as the server sees it */
  const char *data; /* base64 */
} PrPeer;

static int
peer_callback (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  const PrPeer *peer = gsasl_callback_hook_get (library);

  if (property == GSASL_PASSWORD)
    return gsasl_property_set (session, property, "pencil");
  if ((property == GSASL_CB_TLS_EXPORTER && g_strcmp0 (peer->type, "tls-exporter") == 0)
      || (property == GSASL_CB_TLS_UNIQUE && g_strcmp0 (peer->type, "tls-unique") == 0))
    return gsasl_property_set (session, property, peer->data);
  return GSASL_NO_CALLBACK;
}

static int
talk (PrSasl *sasl, PrPeer *peer)
{
  g_autofree char *response = NULL;
  int result;

  g_assert_cmpint (gsasl_init (&peer->library), ==, GSASL_OK);
  gsasl_callback_hook_set (peer->library, peer);
  gsasl_callback_set (peer->library, peer_callback);
  g_assert_cmpint (gsasl_server_start (peer->library, pr_sasl_get_name (sasl), &peer->session), ==,
                   GSASL_OK);
  g_assert_true (pr_sasl_step (sasl, NULL, &response, NULL));
  do
    {
      char *challenge = NULL;

      result = gsasl_step64 (peer->session, response, &challenge);
      g_clear_pointer (&response, g_free);
      if ((result == GSASL_OK || result == GSASL_NEEDS_MORE)
          && !pr_sasl_step (sasl, challenge, &response, NULL))
        result = GSASL_AUTHENTICATION_ERROR;
      gsasl_free (challenge);
    }
  while (result == GSASL_NEEDS_MORE);
  gsasl_finish (peer->session);
  gsasl_done (peer->library);
  return result;
}

static void
test_binding (void)
{
  static const PrMechanism mechanisms[] = { PR_MECHANISM_SCRAM_SHA_1, PR_MECHANISM_SCRAM_SHA_256 };
  static const char *const types[] = { "tls-exporter", "tls-unique" };
  PrTlsBinding binding = { "tls-exporter", "what both ends see\0and more", 27 };
  g_autofree char *same = g_base64_encode (binding.data, binding.length);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
      g_autoptr (PrSasl) good = NULL, man_in_the_middle = NULL;
      PrPeer peer = { .type = types[i / 2], .data = same };
      PrPeer other = { .type = types[i / 2], .data = "QW5vdGhlciBjaGFubmVs" };

      binding.type = types[i / 2];
      good = make_sasl (mechanisms[i % 2], PR_SASL_BINDING_USED, plan, &binding);
      man_in_the_middle = make_sasl (mechanisms[i % 2], PR_SASL_BINDING_USED, plan, &binding);
      g_assert_cmpint (talk (good, &peer), ==, GSASL_OK);
      g_assert_true (pr_sasl_check_finished (good, NULL));
      g_assert_cmpint (talk (man_in_the_middle, &other), !=, GSASL_OK);
      g_assert_false (pr_sasl_check_finished (man_in_the_middle, NULL));
    }
}

/* RFC 5802 section 6: what stands at the beginning tells a server whether its offer came through.
 */
static void
test_flags (void)
{
  static const struct
  {
    PrSaslBinding use;
    const char *type;
    const char *name;
    const char *beginning;
  } rows[] = {
    { PR_SASL_BINDING_NONE, NULL, "SCRAM-SHA-256", "n,,n=u=3Ds=2Cer,r=" },
    { PR_SASL_BINDING_NOT_OFFERED, "tls-exporter", "SCRAM-SHA-256", "y,,n=u=3Ds=2Cer,r=" },
    { PR_SASL_BINDING_USED, "tls-exporter", "SCRAM-SHA-256-PLUS",
      "p=tls-exporter,,n=u=3Ds=2Cer,r=" },
    { PR_SASL_BINDING_USED, "tls-unique", "SCRAM-SHA-256-PLUS", "p=tls-unique,,n=u=3Ds=2Cer,r=" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrTlsBinding binding = { rows[i].type, "channel", 7 };
      g_autoptr (PrTestPlan) plan = make_plan ("u=s,er", "pencil");
      g_autoptr (PrSasl) sasl = make_sasl (PR_MECHANISM_SCRAM_SHA_256, rows[i].use, plan, &binding);
      g_autofree char *first = step (sasl, NULL, NULL);

      g_assert_cmpstr (pr_sasl_get_name (sasl), ==, rows[i].name);
      if (!g_str_has_prefix (first, rows[i].beginning))
        g_error ("“%s” does not begin with “%s”", first, rows[i].beginning);
    }
}

/* "y" is a part of what is signed, too: a server that knows better refuses. */
static void
test_removed_offer (void)
{
  static const char *const seen_by_server[] = { NULL, "tls-exporter" };

  for (guint i = 0; i < G_N_ELEMENTS (seen_by_server); i++)
    {
      g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
      g_autoptr (PrSasl) sasl =
          make_sasl (PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_NOT_OFFERED, plan, NULL);
      PrPeer peer = { .type = seen_by_server[i], .data = "Y2hhbm5lbA==" };
      int result = talk (sasl, &peer);

      g_assert_cmpint (result == GSASL_OK, ==, seen_by_server[i] == NULL);
    }
}

/* Two exchanges never begin the same. */
static void
test_nonces (void)
{
  g_autoptr (PrTestPlan) plan = make_plan ("user", "pencil");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (PrSasl) sasl =
          make_sasl (PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_NONE, plan, NULL);

      g_assert_true (g_hash_table_add (seen, step (sasl, NULL, NULL)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/scram/examples", test_examples);
  g_test_add_func ("/sasl/scram/challenges", test_challenges);
  g_test_add_func ("/sasl/scram/verdicts", test_verdicts);
  g_test_add_func ("/sasl/scram/binding", test_binding);
  g_test_add_func ("/sasl/scram/flags", test_flags);
  g_test_add_func ("/sasl/scram/removed-offer", test_removed_offer);
  g_test_add_func ("/sasl/scram/nonces", test_nonces);
  return g_test_run ();
}
