/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Key files of service accounts, as a provider's console gives them, with the key of
 * test-rsa-key.h. */

#include "oauth-key.h"

#include "test-rsa-key.h"

#include <gnutls/x509.h>
#include <string.h>

static void
read_hex (const char *hex, gnutls_datum_t *number)
{
  gnutls_datum_t text = { (unsigned char *) hex, (unsigned int) strlen (hex) };

  g_assert_cmpint (gnutls_hex_decode2 (&text, number), ==, 0);
}

/* The key in PEM form. */
char *
test_key_get_pem (void)
{
  static const char *const hex[] = { TEST_RSA_MODULUS, "010001", TEST_RSA_PRIVATE_EXPONENT,
                                     TEST_RSA_PRIME_1, TEST_RSA_PRIME_2 };
  gnutls_datum_t numbers[G_N_ELEMENTS (hex)], out;
  gnutls_x509_privkey_t key;
  char *pem;

  for (guint i = 0; i < G_N_ELEMENTS (hex); i++)
    read_hex (hex[i], &numbers[i]);
  gnutls_x509_privkey_init (&key);
  g_assert_cmpint (gnutls_x509_privkey_import_rsa_raw2 (key, &numbers[0], &numbers[1], &numbers[2],
                                                        &numbers[3], &numbers[4], NULL, NULL, NULL),
                   ==, 0);
  g_assert_cmpint (
      gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &out),
      ==, 0);
  pem = g_strndup ((char *) out.data, out.size);
  gnutls_free (out.data);
  gnutls_x509_privkey_deinit (key);
  for (guint i = 0; i < G_N_ELEMENTS (hex); i++)
    gnutls_free (numbers[i].data);
  return pem;
}

PrSecret *
test_key_make_file (const char *type, const char *email, const char *pem)
{
  g_autoptr (GString) escaped = g_string_new (pem);
  g_autofree char *text = NULL;

  g_string_replace (escaped, "\n", "\\n", 0);
  text = g_strdup_printf (
      "{\"type\":\"%s\",\"private_key_id\":\"0123456789abcdef\",\"private_key\":\"%s\","
      "\"client_email\":\"%s\",\"client_id\":\"104200000000000000001\","
      "\"token_uri\":\"https://attacker.example/token\"}\n",
      type, escaped->str, email);
  return pr_secret_new (text, -1);
}
