/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Throw-away certificates of every kind that a client has to accept or refuse: one row a kind.
 * Any thread. RFC 5280 (X.509), RFC 7633 (must-staple). */

#include "pr-test-certificate.h"

#include <gio/gio.h>
#include <gnutls/crypto.h>
#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define N_MANY_NAMES 1000
#define N_TOO_MANY_NAMES 10000

#define GOOD_NAMES                                                                                 \
  {                                                                                                \
    "localhost", "127.0.0.1", "::1", "mail.practice.example", "xn--bcher-kva.example", NULL        \
  }

/* A server's certificate, by the word for it. */
static const PrTestRecipe recipes[] = {
  { "good", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, 0 },
  { "good-chain", "localhost", GOOD_NAMES, PR_TEST_ISSUER_INTERMEDIATE, 0 },
  { "good-rsa", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_RSA },
  { "with-root", "localhost", GOOD_NAMES, PR_TEST_ISSUER_INTERMEDIATE, PR_TEST_SEND_ROOT },
  { "disordered-chain", "localhost", GOOD_NAMES, PR_TEST_ISSUER_INTERMEDIATE,
    PR_TEST_SEND_ROOT | PR_TEST_SEND_DISORDERED },
  { "many-names", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_MANY_NAMES },
  { "too-many-names", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_TOO_MANY_NAMES },
  { "wildcard-ok", "*.practice.example", { "*.practice.example" }, PR_TEST_ISSUER_ROOT, 0 },
  { "no-san", "localhost", { NULL }, PR_TEST_ISSUER_ROOT, 0 },
  /* For the names under which the answers of large providers are known. */
  { "provider",
    "provider.practice.example",
    { "*.gmail.com", "*.office365.com", "*.mail.yahoo.com", "*.gmx.net", "*.zoho.eu" },
    PR_TEST_ISSUER_ROOT,
    0 },

  { "ends-soon", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_ENDS_SOON },
  { "expired", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_EXPIRED },
  { "not-yet-valid", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_FUTURE },
  { "wrong-host",
    "other.example",
    { "other.example", "mx.other.example" },
    PR_TEST_ISSUER_ROOT,
    0 },
  { "wrong-host-right-cn", "localhost", { "other.example" }, PR_TEST_ISSUER_ROOT, 0 },
  { "expired-wrong-host",
    "other.example",
    { "other.example" },
    PR_TEST_ISSUER_ROOT,
    PR_TEST_EXPIRED },
  { "self-signed", "localhost", GOOD_NAMES, PR_TEST_ISSUER_SELF, 0 },
  { "unknown-ca", "localhost", GOOD_NAMES, PR_TEST_ISSUER_UNKNOWN, PR_TEST_SEND_ROOT },
  { "unknown-ca-alone", "localhost", GOOD_NAMES, PR_TEST_ISSUER_UNKNOWN, 0 },
  { "incomplete-chain", "localhost", GOOD_NAMES, PR_TEST_ISSUER_INTERMEDIATE,
    PR_TEST_AIA | PR_TEST_SEND_NO_ISSUER },
  { "expired-intermediate", "localhost", GOOD_NAMES, PR_TEST_ISSUER_EXPIRED, 0 },
  { "weak-rsa-1024", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_RSA_1024 },
  { "sha1-signed", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_SHA1 },
  { "wildcard-two-deep",
    "*.*.practice.example",
    { "*.*.practice.example", "*.example" },
    PR_TEST_ISSUER_ROOT,
    0 },
  { "wildcard-partial",
    "m*l.practice.example",
    { "m*l.practice.example", "ma*.practice.example" },
    PR_TEST_ISSUER_ROOT,
    0 },
  { "ip-without-san", "127.0.0.1", { "localhost" }, PR_TEST_ISSUER_ROOT, 0 },
  { "ip-as-name", "localhost", { "localhost", "dns:127.0.0.1" }, PR_TEST_ISSUER_ROOT, 0 },
  { "no-server-purpose", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_CLIENT_PURPOSE },
  { "nul-in-name", "other.example", { NULL }, PR_TEST_ISSUER_ROOT, PR_TEST_NUL },
  { "name-constraint", "localhost", GOOD_NAMES, PR_TEST_ISSUER_CONSTRAINED, 0 },
  { "v1-ca", "localhost", GOOD_NAMES, PR_TEST_ISSUER_V1, 0 },
  { "leaf-as-ca", "localhost", GOOD_NAMES, PR_TEST_ISSUER_LEAF, 0 },
  { "unknown-critical", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_UNKNOWN_CRITICAL },
  { "must-staple", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_MUST_STAPLE },
  { "must-staple-stapled", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT,
    PR_TEST_MUST_STAPLE | PR_TEST_STAPLED },
  { "stapled", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_STAPLED },
  { "revoked", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_REVOKED },
  { "md5-signed", "localhost", GOOD_NAMES, PR_TEST_ISSUER_RSA, PR_TEST_MD5 },
  { "wrong-usage", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, PR_TEST_WRONG_USAGE },
  { "another", "localhost", GOOD_NAMES, PR_TEST_ISSUER_ROOT, 0 },
  { "another-self-signed", "localhost", GOOD_NAMES, PR_TEST_ISSUER_SELF, 0 },
};

static const PrTestRecipe issuers[PR_TEST_N_ISSUERS] = {
  [PR_TEST_ISSUER_ROOT] = { NULL, "Practice Root", { NULL }, PR_TEST_ISSUER_SELF, PR_TEST_CA },
  [PR_TEST_ISSUER_INTERMEDIATE] = { NULL,
                                    "Practice Intermediate",
                                    { NULL },
                                    PR_TEST_ISSUER_ROOT,
                                    PR_TEST_CA },
  [PR_TEST_ISSUER_EXPIRED] = { NULL,
                               "Practice Expired Intermediate",
                               { NULL },
                               PR_TEST_ISSUER_ROOT,
                               PR_TEST_CA | PR_TEST_EXPIRED },
  [PR_TEST_ISSUER_CONSTRAINED] = { NULL,
                                   "Practice Constrained Intermediate",
                                   { NULL },
                                   PR_TEST_ISSUER_ROOT,
                                   PR_TEST_CA | PR_TEST_CONSTRAINED },
  [PR_TEST_ISSUER_V1] = { NULL, "Practice Version 1", { NULL }, PR_TEST_ISSUER_ROOT, PR_TEST_V1 },
  [PR_TEST_ISSUER_LEAF] = { NULL,
                            "leaf.practice.example",
                            { "leaf.practice.example" },
                            PR_TEST_ISSUER_ROOT,
                            0 },
  [PR_TEST_ISSUER_RSA] = { NULL,
                           "Practice RSA Intermediate",
                           { NULL },
                           PR_TEST_ISSUER_ROOT,
                           PR_TEST_CA | PR_TEST_RSA },
  [PR_TEST_ISSUER_UNKNOWN] = { NULL, "Unknown Root", { NULL }, PR_TEST_ISSUER_SELF, PR_TEST_CA },
};

/**
 * pr_test_certificate_list_kinds:
 *
 * Returns: (transfer none) (array zero-terminated=1): the word for each kind
 */
const char *const *
pr_test_certificate_list_kinds (void)
{
  static const char *kinds[G_N_ELEMENTS (recipes) + 1];
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
        kinds[i] = recipes[i].kind;
      g_once_init_leave (&once, 1);
    }
  return kinds;
}

/**
 * pr_test_recipe_find:
 * @kind: the word for it
 *
 * Returns: (transfer none) (nullable): what it is made of
 */
const PrTestRecipe *
pr_test_recipe_find (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
    if (g_str_equal (recipes[i].kind, kind))
      return &recipes[i];
  return NULL;
}

/**
 * pr_test_recipe_get_issuer:
 * @issuer: any but %PR_TEST_ISSUER_SELF
 *
 * Returns: (transfer none): what it is made of
 */
const PrTestRecipe *
pr_test_recipe_get_issuer (PrTestIssuer issuer)
{
  g_return_val_if_fail (issuer > PR_TEST_ISSUER_SELF && issuer < PR_TEST_N_ISSUERS, NULL);

  return &issuers[issuer];
}

/* GnuTLS has no memory, or the recipe is wrong: both are beyond any remedy here. */
static void
must (int result, const char *what)
{
  if (result < 0)
    g_error ("test certificate: %s: %s", what, gnutls_strerror (result));
}

static gnutls_x509_privkey_t
make_key (PrTestFlags flags)
{
  gnutls_x509_privkey_t key;

  must (gnutls_x509_privkey_init (&key), "key");
  if ((flags & PR_TEST_RSA_1024) != 0)
    must (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, 1024, 0), "RSA key");
  else if ((flags & PR_TEST_RSA) != 0)
    must (gnutls_x509_privkey_generate (key, GNUTLS_PK_RSA, 2048, 0), "RSA key");
  else
    must (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                        GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
          "ECDSA key");
  return key;
}

static void
set_serial (gnutls_x509_crt_t certificate)
{
  guint8 serial[16];

  must (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), "random bytes");
  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and always 16 octets */
  must (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), "serial");
}

static void
set_dates (gnutls_x509_crt_t certificate, PrTestFlags flags)
{
  time_t now = (time_t) (g_get_real_time () / G_USEC_PER_SEC);
  time_t from = now - HOUR, to = now + 90 * DAY;

  if ((flags & PR_TEST_EXPIRED) != 0)
    {
      from = now - 90 * DAY;
      to = now - DAY;
    }
  if ((flags & PR_TEST_ENDS_SOON) != 0)
    to = now + 5 * DAY;
  if ((flags & PR_TEST_FUTURE) != 0)
    from = now + DAY;
  must (gnutls_x509_crt_set_activation_time (certificate, from), "date");
  must (gnutls_x509_crt_set_expiration_time (certificate, to), "date");
}

/* One GeneralName (RFC 5280 section 4.2.1.6): [2] a DNS name, [7] an IP address. */
static void
append_name (GByteArray *names, const char *name, gsize n)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);
  guint8 tag = address != NULL ? 0x87 : 0x82;
  guint8 length;

  /* "dns:" stands in front of what looks like an address, but is to be a name. */
  if (g_str_has_prefix (name, "dns:"))
    {
      name += 4;
      n -= 4;
    }
  length = (guint8) (address != NULL ? g_inet_address_get_native_size (address) : n);
  g_byte_array_append (names, &tag, 1);
  g_byte_array_append (names, &length, 1);
  g_byte_array_append (
      names, address != NULL ? g_inet_address_to_bytes (address) : (const guint8 *) name, length);
}

/* Written by hand: GnuTLS makes no NUL in a name, and is slow with thousands of them. */
static void
add_names (gnutls_x509_crt_t certificate, const PrTestRecipe *recipe)
{
  static const char with_nul[] = "localhost\0.other.example";
  g_autoptr (GByteArray) names = g_byte_array_new ();
  guint8 head[] = { 0x30, 0x83, 0, 0, 0 };
  guint many = (recipe->flags & PR_TEST_MANY_NAMES) != 0       ? N_MANY_NAMES
               : (recipe->flags & PR_TEST_TOO_MANY_NAMES) != 0 ? N_TOO_MANY_NAMES
                                                               : 0;

  for (guint i = 0; recipe->names[i] != NULL; i++)
    append_name (names, recipe->names[i], strlen (recipe->names[i]));
  for (guint i = 0; i < many; i++)
    {
      g_autofree char *name = g_strdup_printf ("host-%05u.practice.example", i);

      append_name (names, name, strlen (name));
    }
  if ((recipe->flags & PR_TEST_NUL) != 0)
    append_name (names, with_nul, sizeof with_nul - 1);
  if (names->len == 0)
    return;
  head[2] = (guint8) (names->len >> 16);
  head[3] = (guint8) (names->len >> 8);
  head[4] = (guint8) names->len;
  g_byte_array_prepend (names, head, sizeof head);
  must (gnutls_x509_crt_set_extension_by_oid (certificate, "2.5.29.17", names->data, names->len, 0),
        "names");
}

static void
set_key_identifiers (gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer)
{
  guint8 id[64];
  size_t n = sizeof id;

  must (gnutls_x509_crt_get_key_id (certificate, 0, id, &n), "key identifier");
  must (gnutls_x509_crt_set_subject_key_id (certificate, id, n), "key identifier");
  n = sizeof id;
  must (gnutls_x509_crt_get_key_id (issuer, 0, id, &n), "key identifier");
  must (gnutls_x509_crt_set_authority_key_id (certificate, id, n), "key identifier");
}

static void
set_name_constraint (gnutls_x509_crt_t certificate)
{
  gnutls_x509_name_constraints_t constraints;
  unsigned char allowed[] = "constrained.example";
  gnutls_datum_t datum = { allowed, sizeof allowed - 1 };

  must (gnutls_x509_name_constraints_init (&constraints), "name constraints");
  must (gnutls_x509_name_constraints_add_permitted (constraints, GNUTLS_SAN_DNSNAME, &datum),
        "name constraints");
  must (gnutls_x509_crt_set_name_constraints (certificate, constraints, 1), "name constraints");
  gnutls_x509_name_constraints_deinit (constraints);
}

static void
set_usage (gnutls_x509_crt_t certificate, PrTestFlags flags)
{
  gboolean ca = (flags & PR_TEST_CA) != 0;
  const char *purpose =
      (flags & PR_TEST_CLIENT_PURPOSE) != 0 ? GNUTLS_KP_TLS_WWW_CLIENT : GNUTLS_KP_TLS_WWW_SERVER;
  gboolean signs = ca || (flags & PR_TEST_WRONG_USAGE) != 0;

  must (gnutls_x509_crt_set_basic_constraints (certificate, ca, -1), "basic constraints");
  must (gnutls_x509_crt_set_key_usage (certificate,
                                       signs ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                                             : GNUTLS_KEY_DIGITAL_SIGNATURE),
        "key usage");
  if (!ca)
    must (gnutls_x509_crt_set_key_purpose_oid (certificate, purpose, 0), "key purpose");
}

static void
set_extensions (gnutls_x509_crt_t certificate, const PrTestRecipe *recipe, gnutls_x509_crt_t issuer)
{
  static const char location[] = "http://ca.practice.example/intermediate.cer";
  gnutls_datum_t datum = { (unsigned char *) location, sizeof location - 1 };

  set_usage (certificate, recipe->flags);
  set_key_identifiers (certificate, issuer);
  add_names (certificate, recipe);
  if ((recipe->flags & PR_TEST_AIA) != 0)
    must (gnutls_x509_crt_set_authority_info_access (certificate, GNUTLS_IA_CAISSUERS_URI, &datum),
          "authority information access");
  if ((recipe->flags & PR_TEST_CONSTRAINED) != 0)
    set_name_constraint (certificate);
  if ((recipe->flags & PR_TEST_MUST_STAPLE) != 0)
    /* TLS features: SEQUENCE { status_request (5) } */
    must (gnutls_x509_crt_set_extension_by_oid (certificate, "1.3.6.1.5.5.7.1.24",
                                                "\x30\x03\x02\x01\x05", 5, 0),
          "TLS features");
  /* An OID for documentation (RFC 5612), with an ASN.1 NULL in it. */
  if ((recipe->flags & PR_TEST_UNKNOWN_CRITICAL) != 0)
    must (
        gnutls_x509_crt_set_extension_by_oid (certificate, "1.3.6.1.4.1.32473.1", "\x05\x00", 2, 1),
        "unknown extension");
}

/**
 * pr_test_certificate_new:
 * @recipe: what it is made of
 * @issuer: (nullable): who signs it; %NULL: it signs itself
 *
 * Returns: (transfer full): a certificate with a new key
 */
PrTestCertificate *
pr_test_certificate_new (const PrTestRecipe *recipe, const PrTestCertificate *issuer)
{
  PrTestCertificate *self = g_new0 (PrTestCertificate, 1);
  gboolean v1 = (recipe->flags & PR_TEST_V1) != 0;
  gnutls_digest_algorithm_t digest = (recipe->flags & PR_TEST_SHA1) != 0  ? GNUTLS_DIG_SHA1
                                     : (recipe->flags & PR_TEST_MD5) != 0 ? GNUTLS_DIG_MD5
                                                                          : GNUTLS_DIG_SHA256;

  if (issuer == NULL)
    issuer = self;
  self->key = make_key (recipe->flags);
  must (gnutls_x509_crt_init (&self->certificate), "certificate");
  must (gnutls_x509_crt_set_version (self->certificate, v1 ? 1 : 3), "version");
  must (gnutls_x509_crt_set_key (self->certificate, self->key), "key");
  must (gnutls_x509_crt_set_dn_by_oid (self->certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                                       recipe->common_name,
                                       (unsigned) strlen (recipe->common_name)),
        "subject");
  set_serial (self->certificate);
  set_dates (self->certificate, recipe->flags);
  if (!v1)
    set_extensions (self->certificate, recipe, issuer->certificate);
  must (gnutls_x509_crt_sign2 (self->certificate, issuer->certificate, issuer->key, digest, 0),
        "signature");
  return self;
}

/**
 * pr_test_certificate_free:
 * @self: (transfer full): a certificate
 */
void
pr_test_certificate_free (PrTestCertificate *self)
{
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}
