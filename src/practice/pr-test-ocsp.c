/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an authority says to "is this certificate still valid?", for a server to staple to its
 * handshake. Written by hand, because GnuTLS reads such answers and makes none. Any thread.
 * RFC 6960 section 4.2.1 (OCSP response), X.690 (DER). */

#include "pr-test-ocsp.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#define SEQUENCE 0x30
#define INTEGER 0x02
#define BIT_STRING 0x03
#define OCTET_STRING 0x04
#define ENUMERATED 0x0a
#define GENERALIZED_TIME 0x18
#define TAG(n) ((guint8) (0x80 + (n)))         /* [n], of something simple */
#define CONSTRUCTED(n) ((guint8) (0xa0 + (n))) /* [n], around something */

#define SHA1_ALGORITHM "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"
#define ECDSA_SHA256_ALGORITHM "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define BASIC_RESPONSE_OID "\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01"

#define SHA1_LENGTH 20
#define P256_POINT 65

static void
must (int result, const char *what)
{
  if (result < 0)
    g_error ("OCSP response: %s: %s", what, gnutls_strerror (result));
}

static void
append (GByteArray *der, const void *bytes, gsize n)
{
  g_byte_array_append (der, bytes, (guint) n);
}

/* Tag, length and value. */
static void
append_value (GByteArray *der, guint8 tag, const void *value, gsize n)
{
  guint8 head[] = { tag, 0x82, (guint8) (n >> 8), (guint8) n };

  if (n < 128)
    {
      head[1] = (guint8) n;
      append (der, head, 2);
    }
  else
    append (der, head, sizeof head);
  append (der, value, n);
}

/* The same around what @inner holds, which is taken. */
static void
append_inner (GByteArray *der, guint8 tag, GByteArray *inner)
{
  append_value (der, tag, inner->data, inner->len);
  g_byte_array_unref (inner);
}

static void
append_time (GByteArray *der, gint64 seconds_from_now)
{
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (g_get_real_time () / G_USEC_PER_SEC + seconds_from_now);
  g_autofree char *text = g_date_time_format (time, "%Y%m%d%H%M%SZ");

  append_value (der, GENERALIZED_TIME, text, strlen (text));
}

/* SHA-1 of the issuer's public key: the bits in it, without the algorithm. Those of a P-256 key are
 * the last thing in its DER form. */
static void
get_key_hash (const PrTestCertificate *issuer, guint8 hash[SHA1_LENGTH])
{
  gnutls_pubkey_t key;
  gnutls_datum_t der;

  must (gnutls_pubkey_init (&key), "key");
  must (gnutls_pubkey_import_x509 (key, issuer->certificate, 0), "key");
  must (gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der), "key");
  g_assert (der.size > P256_POINT);
  must (gnutls_hash_fast (GNUTLS_DIG_SHA1, der.data + der.size - P256_POINT, P256_POINT, hash),
        "hash");
  gnutls_free (der.data);
  gnutls_pubkey_deinit (key);
}

static void
append_certificate_id (GByteArray *der,
                       const PrTestCertificate *certificate,
                       const PrTestCertificate *issuer)
{
  GByteArray *id = g_byte_array_new ();
  gnutls_datum_t name;
  guint8 hash[SHA1_LENGTH], serial[32];
  size_t n = sizeof serial;

  append (id, SHA1_ALGORITHM, sizeof SHA1_ALGORITHM - 1);
  must (gnutls_x509_crt_get_raw_dn (issuer->certificate, &name), "name");
  must (gnutls_hash_fast (GNUTLS_DIG_SHA1, name.data, name.size, hash), "hash");
  gnutls_free (name.data);
  append_value (id, OCTET_STRING, hash, sizeof hash);
  get_key_hash (issuer, hash);
  append_value (id, OCTET_STRING, hash, sizeof hash);
  must (gnutls_x509_crt_get_serial (certificate->certificate, serial, &n), "serial");
  append_value (id, INTEGER, serial, n);
  append_inner (der, SEQUENCE, id);
}

static GByteArray *
make_data (const PrTestCertificate *certificate, const PrTestCertificate *issuer, gboolean revoked)
{
  GByteArray *data = g_byte_array_new (), *responder = g_byte_array_new ();
  GByteArray *single = g_byte_array_new (), *list = g_byte_array_new ();
  GByteArray *status = g_byte_array_new (), *next = g_byte_array_new ();
  gnutls_datum_t name;

  must (gnutls_x509_crt_get_raw_dn (issuer->certificate, &name), "name");
  append (responder, name.data, name.size);
  gnutls_free (name.data);
  append_inner (data, CONSTRUCTED (1), responder);
  append_time (data, -60);

  append_certificate_id (single, certificate, issuer);
  if (revoked)
    append_time (status, -3600);
  append_inner (single, revoked ? CONSTRUCTED (1) : TAG (0), status);
  append_time (single, -60);
  append_time (next, 24 * 3600);
  append_inner (single, CONSTRUCTED (0), next);
  append_inner (list, SEQUENCE, single);
  append_inner (data, SEQUENCE, list);
  return data;
}

/* ResponseData, and the issuer's signature. */
static GByteArray *
sign (GByteArray *data, const PrTestCertificate *issuer)
{
  GByteArray *response = g_byte_array_new (), *bits = g_byte_array_new ();
  GByteArray *signed_data = g_byte_array_new ();
  gnutls_privkey_t key;
  gnutls_datum_t text, signature;

  append_inner (signed_data, SEQUENCE, data);
  text = (gnutls_datum_t){ signed_data->data, signed_data->len };
  must (gnutls_privkey_init (&key), "key");
  must (gnutls_privkey_import_x509 (key, issuer->key, 0), "key");
  must (gnutls_privkey_sign_data (key, GNUTLS_DIG_SHA256, 0, &text, &signature), "signature");
  append (response, signed_data->data, signed_data->len);
  append (response, ECDSA_SHA256_ALGORITHM, sizeof ECDSA_SHA256_ALGORITHM - 1);
  append (bits, "", 1); /* no unused bits */
  append (bits, signature.data, signature.size);
  append_inner (response, BIT_STRING, bits);
  gnutls_free (signature.data);
  gnutls_privkey_deinit (key);
  g_byte_array_unref (signed_data);
  return response;
}

/**
 * pr_test_ocsp_new:
 * @certificate: which one it is about
 * @issuer: who issued it, with an ECDSA key, and signs this, too
 * @revoked: whether it was taken back an hour ago
 *
 * Returns: (transfer full): an OCSP response in DER form, good for a day
 */
GBytes *
pr_test_ocsp_new (const PrTestCertificate *certificate,
                  const PrTestCertificate *issuer,
                  gboolean revoked)
{
  GByteArray *basic = g_byte_array_new (), *bytes = g_byte_array_new ();
  GByteArray *outer = g_byte_array_new (), *all = g_byte_array_new ();
  GByteArray *whole = g_byte_array_new ();

  append_inner (basic, SEQUENCE, sign (make_data (certificate, issuer, revoked), issuer));
  append (bytes, BASIC_RESPONSE_OID, sizeof BASIC_RESPONSE_OID - 1);
  append_inner (bytes, OCTET_STRING, basic);
  append_inner (outer, SEQUENCE, bytes);
  append_value (all, ENUMERATED, "", 1); /* successful */
  append_inner (all, CONSTRUCTED (0), outer);
  append_inner (whole, SEQUENCE, all);
  return g_byte_array_free_to_bytes (whole);
}
