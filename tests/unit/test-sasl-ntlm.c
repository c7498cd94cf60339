/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NTLM version 2 and the MD4 below it: the published examples, and what a server may not say. Rule
 * A09. */

#include "pr-md4.h"

#include "pr-sasl-private.h"

#include <string.h>

/* RFC 1320 appendix A.5. */
static void
test_md4 (void)
{
  static const char *const rows[][2] = {
    { "", "31d6cfe0d16ae931b73c59d7e0c089c0" },
    { "a", "bde52cb31de33e46245e05fbdbd6fb24" },
    { "abc", "a448017aaf21d8525fc10ae87aa6729d" },
    { "message digest", "d9130a8164549fe818874806e1c7014b" },
    { "abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9" },
    { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "043f8582f241db351ce627e153e7f0e4" },
    { "1234567890123456789012345678901234567890123456789012345678901234567890123456789"
      "0",
      "e33b4ddc9c38f2199c3e7b164fcc0536" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) hex = g_string_new (NULL);
      guint8 digest[PR_MD4_LENGTH];

      pr_md4 ((const guint8 *) rows[i][0], strlen (rows[i][0]), digest);
      for (guint k = 0; k < sizeof digest; k++)
        g_string_append_printf (hex, "%02x", digest[k]);
      g_assert_cmpstr (hex->str, ==, rows[i][1]);
    }
}

static PrSasl *
make_sasl (const char *user, const char *password)
{
  PrSaslChoice choice = { PR_MECHANISM_NTLM, PR_SASL_BINDING_NONE };
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_SMTP, "mail.example", 465);
  g_autoptr (GError) error = NULL;
  PrSasl *sasl;

  plan->username = g_strdup (user);
  plan->secret = pr_secret_new (password, -1);
  sasl = pr_sasl_new (&choice, plan, NULL, NULL, &error);
  g_assert_no_error (error);
  return sasl;
}

static GByteArray *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex += hex[0] == ' ' ? 1 : 2)
    if (*hex != ' ')
      {
        guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) * 16 + g_ascii_xdigit_value (hex[1]));

        g_byte_array_append (bytes, &byte, 1);
      }
  return bytes;
}

static char *
to_hex (const guint8 *bytes, gsize n)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

/* MS-NLMP section 4.2.4.3: the challenge of the example. */
#define CHALLENGE                                                                                  \
  "4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 "         \
  "2400240044000000 060070170000000f "                                                             \
  "530065007200760065007200 "                                                                      \
  "02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000"

static char *
answer (PrSasl *sasl, const guint8 *challenge, gsize n, GError **error)
{
  g_autofree char *encoded = g_base64_encode (challenge, n);
  char *response = NULL;

  return pr_sasl_step (sasl, encoded, &response, error) ? response : NULL;
}

static guint
get_16 (const guint8 *p)
{
  return p[0] | (guint) p[1] << 8;
}

/* The field at @at of a message of type 3. */
static char *
get_field (const guint8 *message, gsize n, gsize at)
{
  gsize length = get_16 (message + at), offset = get_16 (message + at + 4);

  g_assert_cmpuint (offset + length, <=, n);
  return to_hex (message + offset, length);
}

/* MS-NLMP section 4.2.4.2. */
static void
test_example (void)
{
  static const guint8 random[8] = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa };
  g_autoptr (PrSasl) sasl = make_sasl ("Domain\\User", "Password");
  g_autoptr (GByteArray) challenge = from_hex (CHALLENGE);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *response = NULL;
  g_autofree guint8 *message = NULL;
  g_autofree char *lm = NULL, *nt = NULL, *domain = NULL, *user = NULL;
  gsize n;

  pr_sasl_ntlm_set_random (sasl, random, 0);
  g_assert_true (pr_sasl_is_client_first (sasl));
  g_assert_false (pr_sasl_sends_initial (sasl));
  g_assert_true (pr_sasl_step (sasl, NULL, &first, &error));
  g_assert_cmpstr (first, ==, "TlRMTVNTUAABAAAABYIIAAAAAAAAAAAAAAAAAAAAAAA=");
  response = answer (sasl, challenge->data, challenge->len, &error);
  g_assert_no_error (error);
  g_assert_true (pr_sasl_check_finished (sasl, &error));
  message = g_base64_decode (response, &n);

  lm = get_field (message, n, 12);
  nt = get_field (message, n, 20);
  domain = get_field (message, n, 28);
  user = get_field (message, n, 36);
  g_assert_cmpstr (lm, ==, "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
  g_assert_cmpstr (
      nt, ==,
      "68cd0ab851e51c96aabc927bebef6a1c"
      "01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000"
      "02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000");
  g_assert_cmpstr (domain, ==, "44006f006d00610069006e00");
  g_assert_cmpstr (user, ==, "5500730065007200");
}

/* A server with a clock wants a code over all three messages, and no LM answer at all. */
static void
test_code (void)
{
  static const char time[] = "07000800 0102030405060708 ";
  g_autoptr (PrSasl) sasl = make_sasl ("user@domain.example", "Grüße €");
  g_autofree char *text =
      g_strconcat ("4e544c4d53535000 02000000 0000000030000000 05828ae2 0123456789abcdef "
                   "0000000000000000 1000100030000000 ",
                   time, "00000000", NULL);
  g_autoptr (GByteArray) challenge = from_hex (text);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *response = NULL, *code = NULL, *lm = NULL, *nt = NULL;
  g_autofree char *domain = NULL;
  g_autofree guint8 *message = NULL;
  gsize n;

  g_assert_true (pr_sasl_step (sasl, NULL, &first, &error));
  response = answer (sasl, challenge->data, challenge->len, &error);
  g_assert_no_error (error);
  message = g_base64_decode (response, &n);
  lm = get_field (message, n, 12);
  nt = get_field (message, n, 20);
  domain = get_field (message, n, 28);
  code = to_hex (message + 72, 16);
  g_assert_cmpstr (lm, ==, "000000000000000000000000000000000000000000000000");
  g_assert_nonnull (strstr (nt, "0102030405060708"));
  g_assert_nonnull (strstr (nt, "060004000200000000000000"));
  g_assert_cmpstr (code, !=, "00000000000000000000000000000000");
  g_assert_cmpstr (domain, ==, "");
}

/* Every way in which a challenge can point outside itself. */
static void
test_hostile (void)
{
  static const char *const rows[] = {
    "",
    "4e544c4d53535000",
    "4e544c4d5353500002000000",
    /* type 1, type 3, another signature */
    "4e544c4d53535000 01000000 0000000030000000 01000000 0123456789abcdef 0000000000000000",
    "4e544c4d53535000 03000000 0000000030000000 01000000 0123456789abcdef 0000000000000000",
    "4e544c4d53535001 02000000 0000000030000000 01000000 0123456789abcdef 0000000000000000",
    /* no Unicode */
    "4e544c4d53535000 02000000 0000000030000000 02020000 0123456789abcdef 0000000000000000",
    /* the name of the target: behind the end, longer than the message, all of 32 bits */
    "4e544c4d53535000 02000000 0200020027000000 01000000 0123456789abcdef 0000000000000000",
    "4e544c4d53535000 02000000 ffffffff20000000 01000000 0123456789abcdef 0000000000000000",
    "4e544c4d53535000 02000000 02000200ffffffff 01000000 0123456789abcdef 0000000000000000",
    /* target information: not in it, of 0xffff bytes, cut, without an end, a time of 4 bytes */
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000",
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000 "
    "ffffffff30000000",
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000 "
    "0800080030000000 0200ffff00000000",
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000 "
    "0400040030000000 02000000",
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000 "
    "0c000c0030000000 0700040001020304 00000000",
    "4e544c4d53535000 02000000 0000000030000000 01008000 0123456789abcdef 0000000000000000 "
    "0300030030000000 020000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrSasl) sasl = make_sasl ("user", "password");
      g_autoptr (GByteArray) challenge = from_hex (rows[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *first = NULL;
      g_autofree char *response = NULL;

      g_assert_true (pr_sasl_step (sasl, NULL, &first, NULL));
      response = answer (sasl, challenge->data, challenge->len, &error);
      if (response != NULL)
        g_error ("row %u is accepted", i);
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR);
      g_assert_false (pr_sasl_check_finished (sasl, NULL));
    }
}

/* Each single byte of a good challenge spoilt in each way, and each length of it: an answer or an
 * error, and no byte read that is not there (which the sanitizers see). */
static void
test_mutations (void)
{
  g_autoptr (GByteArray) good = from_hex (CHALLENGE);

  for (guint at = 0; at < good->len; at++)
    for (guint value = 0; value < 256; value += 51)
      {
        g_autoptr (PrSasl) sasl = make_sasl ("user", "password");
        g_autofree guint8 *bad = g_memdup2 (good->data, good->len);
        g_autofree char *first = NULL, *whole = NULL, *cut = NULL;

        bad[at] = (guint8) value;
        g_assert_true (pr_sasl_step (sasl, NULL, &first, NULL));
        cut = answer (sasl, bad, at, NULL);
        if (cut == NULL)
          whole = answer (sasl, bad, good->len, NULL);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sasl/ntlm/md4", test_md4);
  g_test_add_func ("/sasl/ntlm/example", test_example);
  g_test_add_func ("/sasl/ntlm/code", test_code);
  g_test_add_func ("/sasl/ntlm/hostile", test_hostile);
  g_test_add_func ("/sasl/ntlm/mutations", test_mutations);
  return g_test_run ();
}
