/* SPDX-License-Identifier: GPL-3.0-or-later */

/* NTLM, version 2, the client's side. Here and not by GNU SASL, which speaks version 1 only: that
 * is refused by servers that are kept up to date, and shows an LM hash. Weak all the same, so only
 * somebody who chose it gets it (rule A09). Worker threads.
 *
 * Lengths and offsets in a challenge are the server's word, and clients that believed them have
 * read and written where they should not have (CVE-2012-3482, CVE-2018-16890, CVE-2019-3822): every
 * one of them is checked here.
 *
 * MS-NLMP: 2.2.1 (messages), 2.2.2.1 (AV_PAIR), 3.1.5.1.2 and 3.3.2 (what the client computes). */

#include "pr-sasl-private.h"

#include "pr-md4.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define UNICODE 0x00000001
#define REQUEST_TARGET 0x00000004
#define NTLM 0x00000200
#define ALWAYS_SIGN 0x00008000
#define EXTENDED_SESSION_SECURITY 0x00080000
#define TARGET_INFO 0x00800000

#define OUR_FLAGS (UNICODE | REQUEST_TARGET | NTLM | ALWAYS_SIGN | EXTENDED_SESSION_SECURITY)

/* Of AV_PAIR. */
#define AV_END 0
#define AV_FLAGS 6
#define AV_TIME 7
#define AV_FLAGS_HAS_MIC 2

#define CHALLENGE_MIN 32         /* up to and with the "reserved" bytes */
#define CHALLENGE_TARGET_INFO 48 /* with the place of the target information */
#define CHALLENGE_MAX 8192
#define RESPONSE_FIXED 88 /* with version and MIC */
#define MIC_OFFSET 72
#define MD5_LENGTH 16

/* 100 ns between 1601 and 1970. */
#define WINDOWS_EPOCH G_GUINT64_CONSTANT (116444736000000000)

typedef struct
{
  PrSasl parent;
  char *user;
  char *domain;
  char *password; /* a secret */
  guint8 client_challenge[8];
  guint64 now;           /* in 100 ns since 1601 */
  GByteArray *negotiate; /* the first message, NULL until it was said */
} PrNtlm;

/* What a challenge says. */
typedef struct
{
  const guint8 *bytes; /* borrowed: the whole message */
  gsize n;
  guint32 flags;
  const guint8 *nonce; /* 8 bytes */
  const guint8 *info;
  gsize info_length;
  const guint8 *time; /* 8 bytes; NULL if there is none */
} PrNtlmChallenge;

static guint
get_16 (const guint8 *p)
{
  return p[0] | (guint) p[1] << 8;
}

static guint32
get_32 (const guint8 *p)
{
  return get_16 (p) | (guint32) get_16 (p + 2) << 16;
}

/* The lowest byte first; what is longer than @value ends with zeros. */
static void
put (GByteArray *array, guint64 value, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++, value >>= 8)
    {
      guint8 byte = (guint8) value;

      g_byte_array_append (array, &byte, 1);
    }
}

static void
append (GByteArray *array, gconstpointer bytes, gsize n)
{
  if (n > 0)
    g_byte_array_append (array, bytes, (guint) n);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "no NTLM challenge: %s", what);
  return FALSE;
}

/* --- The challenge ---------------------------------------------------------------------------- */

/* Length, room and offset of one field of a message of @n bytes. */
static gboolean
take_field (const guint8 *bytes, gsize n, gsize at, const guint8 **data, gsize *length)
{
  gsize offset = get_32 (bytes + at + 4);

  *length = get_16 (bytes + at);
  *data = bytes + offset;
  return *length == 0 || (offset >= CHALLENGE_MIN && offset <= n && *length <= n - offset);
}

/* A list of type, length and value that ends with a type of its own. */
static gboolean
check_info (PrNtlmChallenge *challenge)
{
  gsize at = 0;

  while (challenge->info_length - at >= 4)
    {
      guint id = get_16 (challenge->info + at), length = get_16 (challenge->info + at + 2);

      if (id == AV_END)
        {
          challenge->info_length = at; /* ours is put behind what we add */
          return length == 0;
        }
      if (length > challenge->info_length - at - 4 || (id == AV_TIME && length != 8))
        return FALSE;
      if (id == AV_TIME)
        challenge->time = challenge->info + at + 4;
      at += 4 + length;
    }
  return challenge->info_length == 0;
}

static gboolean
parse_challenge (PrNtlmChallenge *challenge, const char *message, gsize n, GError **error)
{
  const guint8 *bytes = (const guint8 *) message, *target;
  gsize target_length;

  *challenge = (PrNtlmChallenge){ .bytes = bytes, .n = n };
  if (n < CHALLENGE_MIN || n > CHALLENGE_MAX || memcmp (message, "NTLMSSP", 8) != 0
      || get_32 (bytes + 8) != 2)
    return fail (error, "not a message of type 2");
  challenge->flags = get_32 (bytes + 20);
  challenge->nonce = bytes + 24;
  if ((challenge->flags & UNICODE) == 0)
    return fail (error, "the server knows no Unicode");
  if (!take_field (bytes, n, 12, &target, &target_length))
    return fail (error, "the name of the target is not in it");
  if ((challenge->flags & TARGET_INFO) == 0)
    return TRUE;
  if (n < CHALLENGE_TARGET_INFO
      || !take_field (bytes, n, 40, &challenge->info, &challenge->info_length)
      || !check_info (challenge))
    return fail (error, "the target information is not in it");
  return TRUE;
}

/* --- The answer ------------------------------------------------------------------------------- */

static gboolean
hmac_md5 (const guint8 *key, const GByteArray *text, guint8 result[MD5_LENGTH])
{
  return gnutls_hmac_fast (GNUTLS_MAC_MD5, key, MD5_LENGTH, text->data, text->len, result) >= 0;
}

/* UTF-16, little-endian, without an end. */
static void
append_utf16 (GByteArray *array, const char *text)
{
  glong n = 0;
  gunichar2 *wide = g_utf8_to_utf16 (text, -1, NULL, &n, NULL);

  for (glong i = 0; i < n; i++)
    put (array, wide[i], 2);
  if (wide != NULL)
    pr_wipe (wide, (gsize) n * sizeof *wide);
  g_free (wide);
}

/* NTOWFv2 of section 3.3.2: a key from password, user and domain. */
static gboolean
make_key (PrNtlm *self, guint8 key[MD5_LENGTH])
{
  g_autoptr (GByteArray) password = g_byte_array_sized_new (1024);
  g_autoptr (GByteArray) identity = g_byte_array_new ();
  g_autofree char *upper = g_utf8_strup (self->user, -1);
  guint8 hash[PR_MD4_LENGTH];
  gboolean ok;

  append_utf16 (password, self->password);
  pr_md4 (password->data, password->len, hash);
  append_utf16 (identity, upper);
  append_utf16 (identity, self->domain);
  ok = hmac_md5 (hash, identity, key);
  pr_wipe (password->data, password->len);
  pr_wipe (hash, sizeof hash);
  return ok;
}

/* What stands behind the proof: "temp" of section 3.3.2. */
static GByteArray *
make_blob (PrNtlm *self, const PrNtlmChallenge *challenge)
{
  GByteArray *blob = g_byte_array_new ();

  put (blob, 0x0101, 2);
  put (blob, 0, 6);
  if (challenge->time != NULL)
    append (blob, challenge->time, 8);
  else
    put (blob, self->now, 8);
  append (blob, self->client_challenge, sizeof self->client_challenge);
  put (blob, 0, 4);
  append (blob, challenge->info, challenge->info_length);
  /* With a time comes the demand for a code over all messages (section 3.1.5.1.2). */
  if (challenge->time != NULL)
    {
      put (blob, AV_FLAGS, 2);
      put (blob, 4, 2);
      put (blob, AV_FLAGS_HAS_MIC, 4);
    }
  put (blob, AV_END, 4);
  put (blob, 0, 4);
  return blob;
}

/* HMAC over the server's challenge and @what, in front of @what. */
static gboolean
append_proof (GByteArray *array,
              const guint8 *key,
              const PrNtlmChallenge *challenge,
              const GByteArray *what)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  guint8 proof[MD5_LENGTH];

  append (text, challenge->nonce, 8);
  append (text, what->data, what->len);
  if (!hmac_md5 (key, text, proof))
    return FALSE;
  append (array, proof, sizeof proof);
  append (array, what->data, what->len);
  return TRUE;
}

static void
put_field (GByteArray *message, gsize length, gsize *offset)
{
  put (message, length, 2);
  put (message, length, 2);
  put (message, *offset, 4);
  *offset += length;
}

/* AUTHENTICATE_MESSAGE of section 2.2.1.3, its code still all zeroes. */
static void
lay_out (PrNtlm *self,
         const PrNtlmChallenge *challenge,
         const GByteArray *lm,
         const GByteArray *nt,
         GByteArray *message)
{
  g_autoptr (GByteArray) domain = g_byte_array_new ();
  g_autoptr (GByteArray) user = g_byte_array_new ();
  gsize offset = RESPONSE_FIXED;

  append_utf16 (domain, self->domain);
  append_utf16 (user, self->user);
  append (message, "NTLMSSP", 8);
  put (message, 3, 4);
  offset += domain->len + user->len;
  put_field (message, lm->len, &offset);
  put_field (message, nt->len, &offset);
  offset = RESPONSE_FIXED;
  put_field (message, domain->len, &offset);
  put_field (message, user->len, &offset);
  put_field (message, 0, &offset); /* no name of this computer: nobody's business */
  put_field (message, 0, &offset); /* no session key: TLS protects what follows */
  put (message, challenge->flags & (OUR_FLAGS | TARGET_INFO), 4);
  put (message, 0, 8); /* version */
  put (message, 0, MD5_LENGTH);
  append (message, domain->data, domain->len);
  append (message, user->data, user->len);
  append (message, lm->data, lm->len);
  append (message, nt->data, nt->len);
}

/* A code over all three messages, by the session key (section 3.1.5.1.2). */
static gboolean
sign (PrNtlm *self,
      const PrNtlmChallenge *challenge,
      const guint8 *key,
      const GByteArray *nt,
      GByteArray *message)
{
  g_autoptr (GByteArray) proof = g_byte_array_new ();
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 session_key[MD5_LENGTH];
  gboolean ok;

  append (proof, nt->data, MD5_LENGTH);
  append (all, self->negotiate->data, self->negotiate->len);
  append (all, challenge->bytes, challenge->n);
  append (all, message->data, message->len);
  ok =
      hmac_md5 (key, proof, session_key) && hmac_md5 (session_key, all, message->data + MIC_OFFSET);
  pr_wipe (session_key, sizeof session_key);
  return ok;
}

static gboolean
answer (PrNtlm *self, const PrNtlmChallenge *challenge, GByteArray *output)
{
  g_autoptr (GByteArray) blob = make_blob (self, challenge);
  g_autoptr (GByteArray) nonce = g_byte_array_new ();
  g_autoptr (GByteArray) lm = g_byte_array_new ();
  g_autoptr (GByteArray) nt = g_byte_array_new ();
  guint8 key[MD5_LENGTH];
  gboolean ok = make_key (self, key);

  append (nonce, self->client_challenge, sizeof self->client_challenge);
  ok = ok && append_proof (nt, key, challenge, blob);
  /* LMv2; nothing at all where the server has a clock (section 3.1.5.1.2). */
  if (challenge->time != NULL)
    put (lm, 0, 8), put (lm, 0, 8), put (lm, 0, 8);
  else
    ok = ok && append_proof (lm, key, challenge, nonce);
  if (ok)
    lay_out (self, challenge, lm, nt, output);
  ok = ok && (challenge->time == NULL || sign (self, challenge, key, nt, output));
  pr_wipe (key, sizeof key);
  return ok;
}

/* --- The exchange ----------------------------------------------------------------------------- */

/* NEGOTIATE_MESSAGE of section 2.2.1.1. */
static void
say_negotiate (PrNtlm *self, GByteArray *output)
{
  append (output, "NTLMSSP", 8);
  put (output, 1, 4);
  put (output, OUR_FLAGS, 4);
  put (output, 0, 8); /* domain: none */
  put (output, 0, 8); /* computer: none */
  self->negotiate = g_byte_array_new ();
  append (self->negotiate, output->data, output->len);
}

static gboolean
ntlm_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrNtlm *self = (PrNtlm *) sasl;
  PrNtlmChallenge parsed;

  if (challenge == NULL)
    {
      say_negotiate (self, output);
      return TRUE;
    }
  if (self->parent.finished)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  if (!parse_challenge (&parsed, challenge, n, error))
    return FALSE;
  if (!answer (self, &parsed, output))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR,
                           "GnuTLS has no MD5 on this system");
      return FALSE;
    }
  self->parent.finished = TRUE;
  return TRUE;
}

static void
ntlm_free (PrSasl *sasl)
{
  PrNtlm *self = (PrNtlm *) sasl;

  g_clear_pointer (&self->password, pr_wipe_free);
  g_clear_pointer (&self->negotiate, g_byte_array_unref);
  g_free (self->user);
  g_free (self->domain);
  g_free (self);
}

/* The client has the first word, but it waits to be asked: the answer to a bare "AUTH NTLM" tells
 * whether the server knows it at all (rule P17; MS-SMTPNTLM section 3.1.4, MS-POP3 section 3.1.5).
 */
static const PrSaslOps ntlm_ops = {
  .client_first = TRUE,
  .initial = FALSE,
  .step = ntlm_step,
  .free = ntlm_free,
};

/* "DOMAIN\user"; anything else, "user@domain" among it, is one name in the server's own domain. */
static void
take_identity (PrNtlm *self, const char *username)
{
  const char *backslash = strchr (username, '\\');

  self->domain =
      backslash != NULL ? g_strndup (username, (gsize) (backslash - username)) : g_strdup ("");
  self->user = g_strdup (backslash != NULL ? backslash + 1 : username);
}

PrSasl *
pr_sasl_ntlm_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error)
{
  PrNtlm *self;

  if (!g_utf8_validate (plan->username, -1, NULL)
      || !g_utf8_validate (pr_secret_peek (plan->secret), -1, NULL))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING,
                           "user name or password is no UTF-8");
      return NULL;
    }
  self = g_new0 (PrNtlm, 1);
  self->parent.ops = &ntlm_ops;
  self->parent.choice = *choice;
  self->password = g_strdup (pr_secret_peek (plan->secret));
  self->now = (guint64) g_get_real_time () * 10 + WINDOWS_EPOCH;
  take_identity (self, plan->username);
  if (gnutls_rnd (GNUTLS_RND_NONCE, self->client_challenge, sizeof self->client_challenge) < 0)
    g_error ("no random numbers");
  return &self->parent;
}

/* For tests: the random bytes and the time of a published example. */
void
pr_sasl_ntlm_set_random (PrSasl *self, const guint8 client_challenge[8], guint64 now)
{
  PrNtlm *ntlm = (PrNtlm *) self;

  g_return_if_fail (self->ops == &ntlm_ops);

  memcpy (ntlm->client_challenge, client_challenge, sizeof ntlm->client_challenge);
  ntlm->now = now;
}
