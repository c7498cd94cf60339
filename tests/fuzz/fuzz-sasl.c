/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SASL challenges of every mechanism: from any bytes at all. The first byte of the input says which
 * mechanism; then come the challenges, in turns, as they would be behind their base64 ("=" at the
 * beginning: as they are, to get at the base64 too). "@" stands for the client's own nonce. */

#include "fuzz.h"

#include "pr-sasl-private.h"

#include <string.h>

static const PrSaslChoice choices[] = {
  { PR_MECHANISM_PLAIN, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_LOGIN, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_CRAM_MD5, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_DIGEST_MD5, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_SCRAM_SHA_1, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_NOT_OFFERED },
  { PR_MECHANISM_SCRAM_SHA_256, PR_SASL_BINDING_USED },
  { PR_MECHANISM_NTLM, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_XOAUTH2, PR_SASL_BINDING_NONE },
  { PR_MECHANISM_OAUTHBEARER, PR_SASL_BINDING_NONE },
};

/* Many rounds are allowed, and take their time; here they would be all that happens. */
static void
shorten (GString *challenge)
{
  char *count = strstr (challenge->str, "i=");

  if (count != NULL && strspn (count + 2, "0123456789") > 4)
    memset (count + 2, 'x', 1);
}

static char *
make_challenge (const guint8 *data, gsize size, const char *nonce)
{
  GString *text;
  char *encoded;

  if (size > 0 && data[0] == '=')
    return g_strndup ((const char *) data + 1, size - 1);
  text = g_string_new_len ((const char *) data, (gssize) size);
  if (nonce != NULL && strlen (text->str) == text->len)
    {
      g_string_replace (text, "@", nonce, 0);
      shorten (text);
    }
  encoded = g_base64_encode ((const guchar *) text->str, text->len);
  g_string_free (text, TRUE);
  return encoded;
}

/* SCRAM's own, out of its first message. */
static char *
get_nonce (const char *first)
{
  gsize n;
  g_autofree char *text = (char *) g_base64_decode (first, &n);
  const char *at = g_strstr_len (text, (gssize) n, ",r=");

  return at != NULL ? g_strndup (at + 3, (gsize) (text + n - at - 3)) : NULL;
}

static void
talk (PrSasl *sasl, const guint8 *data, gsize size)
{
  g_autofree char *nonce = NULL;
  g_autoptr (GError) error = NULL;

  if (pr_sasl_is_client_first (sasl))
    {
      g_autofree char *first = NULL;

      g_assert_true (pr_sasl_step (sasl, NULL, &first, &error));
      nonce = get_nonce (first);
    }
  for (guint i = 0; i < 8; i++)
    {
      const guint8 *turn = size > 0 ? memchr (data, FUZZ_TURN, size) : NULL;
      gsize n = turn != NULL ? (gsize) (turn - data) : size;
      g_autofree char *challenge = make_challenge (data, n, nonce);
      g_autofree char *response = NULL;

      if (!pr_sasl_step (sasl, challenge, &response, &error))
        {
          g_assert_cmpint (error->domain, ==, PR_DIAGNOSIS);
          g_assert_cmpint (error->code, !=, PR_CODE_INTERNAL_ERROR);
          return;
        }
      g_assert_cmpuint (strspn (response, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789+/="),
                        ==, strlen (response));
      if (turn == NULL)
        return;
      data = turn + 1;
      size -= n + 1;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const PrSaslChoice *choice = &choices[size > 0 ? data[0] % G_N_ELEMENTS (choices) : 0];
  PrTlsBinding binding = { "tls-exporter", "channel", 7 };
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_SMTP, "mail.example.org", 465);
  g_autoptr (PrSasl) sasl = NULL;

  plan->username = g_strdup ("user@example.org");
  plan->secret = pr_secret_new ("pencil", -1);
  sasl = pr_sasl_new (choice, plan, &binding, NULL, NULL);
  g_assert_nonnull (sasl);
  talk (sasl, data + MIN (size, 1), size - MIN (size, 1));
  (void) pr_sasl_check_finished (sasl, NULL);
  return 0;
}

GPtrArray *
fuzz_list_seeds (void)
{
  static const char *const challenges[] = {
    "Username:\x1ePassword:",
    "<1896.697170952@postoffice.example.org>",
    "realm=\"example.org\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth,auth-int\",charset=utf-8,"
    "algorithm=md5-sess\x1erspauth=ea40f60335c427b5527b84dbabcdfffd",
    "r=@3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096\x1ev=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    "r=@x,s=QSXCR+Q6sek8bf92,i=4096\x1e"
    "e=invalid-proof",
    "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}\x1e",
    "=VXNlcm5hbWU6\x1e=",
    "=not base64",
    "",
  };
  static const char ntlm[] =
      "NTLMSSP\0\x02\0\0\0\x0c\0\x0c\0\x38\0\0\0\x33\x82\x8a\xe2\x01\x23\x45\x67\x89\xab\xcd\xef"
      "\0\0\0\0\0\0\0\0\x24\0\x24\0\x44\0\0\0\x06\0\x70\x17\0\0\0\x0fS\0e\0r\0v\0e\0r\0"
      "\x02\0\x0c\0"
      "D\0o\0m\0a\0i\0n\0\x01\0\x0c\0S\0e\0r\0v\0e\0r\0\0\0\0\0";
  GPtrArray *seeds = fuzz_seeds_new ();

  for (guint mechanism = 0; mechanism < G_N_ELEMENTS (choices); mechanism++)
    for (guint i = 0; i <= G_N_ELEMENTS (challenges); i++)
      {
        g_autoptr (GByteArray) seed = g_byte_array_new ();
        guint8 first = (guint8) (mechanism + 10);
        const char *text = i < G_N_ELEMENTS (challenges) ? challenges[i] : ntlm;
        gsize n = i < G_N_ELEMENTS (challenges) ? strlen (text) : sizeof ntlm - 1;

        g_byte_array_append (seed, &first, 1);
        g_byte_array_append (seed, (const guint8 *) text, (guint) n);
        fuzz_seeds_add (seeds, (const char *) seed->data, (gssize) seed->len);
      }
  return seeds;
}
