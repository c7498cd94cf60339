/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SCRAM, the client's side. Here and not by GNU SASL, because that cannot say (version 2.2) that a
 * client could bind to the channel and was not offered it, which is how a server notices that
 * somebody on the way removed its offer. Worker threads.
 *
 * RFC 5802 (SCRAM), RFC 7677 (SHA-256), RFC 5929 section 3 and RFC 9266 (channel binding), rules
 * A06 and A07. */

#include "pr-sasl-private.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* The server says how many rounds the client has to compute. RFC 7677 section 4 wants at least
 * 4096; half a million take about a second here, and no server asks for more (rule A06). */
#define MIN_ITERATIONS 4096
#define MAX_ITERATIONS 500000

#define NONCE_BYTES 18
#define MAX_HASH 32 /* SHA-256 */

typedef enum
{
  SCRAM_FIRST,
  SCRAM_PROOF,
  SCRAM_VERDICT,
  SCRAM_OVER,
} PrScramState;

typedef struct
{
  PrSasl parent;
  PrScramState state;
  gnutls_mac_algorithm_t mac;
  guint hash_length;

  char *username; /* prepared and escaped */
  char *password; /* prepared; a secret */
  char *nonce;
  char *header;    /* "n,," and the like */
  GBytes *binding; /* NULL unless it is used */
  char *bare;      /* the first message without header */
  guint8 server_signature[MAX_HASH];
} PrScram;

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, what);
  return FALSE;
}

static void
append (GByteArray *output, const char *text)
{
  g_byte_array_append (output, (const guint8 *) text, (guint) strlen (text));
}

static gboolean
say_first (PrScram *self, GByteArray *output)
{
  self->bare = g_strconcat ("n=", self->username, ",r=", self->nonce, NULL);
  append (output, self->header);
  append (output, self->bare);
  self->state = SCRAM_PROOF;
  return TRUE;
}

/* The first message of the server (RFC 5802 section 7): "r=NONCE,s=SALT,i=COUNT", and maybe more
 * that has no meaning for us. "m=" would be a meaning that must not be ignored. */
typedef struct
{
  const char *nonce;
  guchar *salt;
  gsize salt_length;
  guint64 iterations;
} PrScramChallenge;

static gboolean
check_iterations (const char *text, guint64 *iterations, GError **error)
{
  gboolean digits = strspn (text, "0123456789") == strlen (text) && strlen (text) < 20;

  if (g_ascii_string_to_unsigned (text, 10, MIN_ITERATIONS, MAX_ITERATIONS, iterations, NULL))
    return TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
               "the server asks for %s iterations; %d to %d are accepted",
               digits && *text != '\0' ? text : "?", MIN_ITERATIONS, MAX_ITERATIONS);
  return FALSE;
}

static gboolean
is_base64 (const char *text)
{
  gsize n = strlen (text);
  gsize body = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  return n > 0 && n % 4 == 0 && n - body <= 2 && strspn (text + body, "=") == n - body;
}

static gboolean
parse_challenge (PrScram *self, char **parts, PrScramChallenge *challenge, GError **error)
{
  gsize n = strlen (self->nonce);

  if (g_strv_length (parts) < 3 || !g_str_has_prefix (parts[0], "r=")
      || !g_str_has_prefix (parts[1], "s=") || !g_str_has_prefix (parts[2], "i="))
    return fail (error, "not the first message of a SCRAM server");
  challenge->nonce = parts[0] + 2;
  if (strncmp (challenge->nonce, self->nonce, n) != 0 || challenge->nonce[n] == '\0')
    return fail (error, "the server's nonce does not continue ours");
  if (!is_base64 (parts[1] + 2))
    return fail (error, "the server's salt is not base64");
  if (!check_iterations (parts[2] + 2, &challenge->iterations, error))
    return FALSE;
  challenge->salt = g_base64_decode (parts[1] + 2, &challenge->salt_length);
  return TRUE;
}

/* "c=": the header, and with a binding what we see of the channel (RFC 5802 section 7). */
static char *
encode_channel (PrScram *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize n;
  const guint8 *data;

  append (bytes, self->header);
  if (self->binding != NULL)
    {
      data = g_bytes_get_data (self->binding, &n);
      g_byte_array_append (bytes, data, (guint) n);
    }
  return g_base64_encode (bytes->data, bytes->len);
}

static int
hmac (PrScram *self, const guint8 *key, const char *text, guint8 *result)
{
  return gnutls_hmac_fast (self->mac, key, self->hash_length, text, strlen (text), result);
}

/* RFC 5802 section 3. Sets the proof, and what the server's signature has to be. */
static gboolean
compute (PrScram *self, const PrScramChallenge *challenge, const char *message, guint8 *proof)
{
  guint8 salted[MAX_HASH], client_key[MAX_HASH], stored_key[MAX_HASH], server_key[MAX_HASH];
  guint8 signature[MAX_HASH];
  gnutls_datum_t password = { (guint8 *) self->password, (unsigned) strlen (self->password) };
  gnutls_datum_t salt = { challenge->salt, (unsigned) challenge->salt_length };
  gboolean ok;

  ok = gnutls_pbkdf2 (self->mac, &password, &salt, (unsigned) challenge->iterations, salted,
                      self->hash_length)
           >= 0
       && hmac (self, salted, "Client Key", client_key) >= 0
       && gnutls_hash_fast ((gnutls_digest_algorithm_t) self->mac, client_key, self->hash_length,
                            stored_key)
              >= 0
       && hmac (self, stored_key, message, signature) >= 0
       && hmac (self, salted, "Server Key", server_key) >= 0
       && hmac (self, server_key, message, self->server_signature) >= 0;
  for (guint i = 0; ok && i < self->hash_length; i++)
    proof[i] = client_key[i] ^ signature[i];
  pr_wipe (salted, sizeof salted);
  pr_wipe (client_key, sizeof client_key);
  pr_wipe (stored_key, sizeof stored_key);
  pr_wipe (server_key, sizeof server_key);
  return ok;
}

static gboolean
say_proof (PrScram *self, const char *first, GByteArray *output, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (first, ",", -1);
  PrScramChallenge challenge = { NULL };
  g_autofree guchar *salt = NULL;
  g_autofree char *channel = NULL, *without_proof = NULL, *message = NULL, *encoded = NULL;
  guint8 proof[MAX_HASH];

  if (!parse_challenge (self, parts, &challenge, error))
    return FALSE;
  salt = challenge.salt;
  channel = encode_channel (self);
  without_proof = g_strconcat ("c=", channel, ",r=", challenge.nonce, NULL);
  message = g_strconcat (self->bare, ",", first, ",", without_proof, NULL);
  if (!compute (self, &challenge, message, proof))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "GnuTLS: no SCRAM keys");
      return FALSE;
    }
  encoded = g_base64_encode (proof, self->hash_length);
  append (output, without_proof);
  append (output, ",p=");
  append (output, encoded);
  self->state = SCRAM_VERDICT;
  return TRUE;
}

/* RFC 5802 section 7: "e=" in the last message of the server is its refusal, not a fault. */
static PrCode
refusal_to_code (const char *reason)
{
  static const struct
  {
    const char *reason;
    PrCode code;
  } rows[] = {
    { "invalid-proof", PR_CODE_AUTHENTICATION_REJECTED },
    { "unknown-user", PR_CODE_AUTHENTICATION_REJECTED },
    { "invalid-username-encoding", PR_CODE_AUTHENTICATION_REJECTED },
    /* The server sees another channel than we do, or offered what never reached us. */
    { "channel-bindings-dont-match", PR_CODE_PROTOCOL_ERROR },
    { "server-does-support-channel-binding", PR_CODE_PROTOCOL_ERROR },
    { "channel-binding-not-supported", PR_CODE_MECHANISM_UNAVAILABLE },
    { "unsupported-channel-binding-type", PR_CODE_MECHANISM_UNAVAILABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].reason, reason))
      return rows[i].code;
  return PR_CODE_SERVER_ERROR;
}

static gboolean
fail_refused (const char *reason, GError **error)
{
  PrCode code = refusal_to_code (reason);

  for (const char *p = reason; *p != '\0'; p++)
    if (!(g_ascii_isalnum (*p) || *p == '-') || p - reason > 64)
      reason = "?";
  g_set_error (error, PR_DIAGNOSIS, (int) code, "the server says: %s", reason);
  return FALSE;
}

/* The server proves that it knows the password, too. */
static gboolean
check_signature (PrScram *self, const char *last, GError **error)
{
  gsize n = strcspn (last, ","), length;
  g_autofree char *text = g_strndup (last, n);
  g_autofree guchar *signature = NULL;

  if (!g_str_has_prefix (text, "v=") || !is_base64 (text + 2))
    return fail (error, "not the last message of a SCRAM server");
  signature = g_base64_decode (text + 2, &length);
  if (length != self->hash_length
      || gnutls_memcmp (signature, self->server_signature, self->hash_length) != 0)
    return fail (error, "the server's own proof is wrong: it does not know the password");
  self->state = SCRAM_OVER;
  self->parent.finished = TRUE;
  return TRUE;
}

static gboolean
scram_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrScram *self = (PrScram *) sasl;

  if (challenge == NULL)
    return say_first (self, output);
  if (strlen (challenge) != n)
    return fail (error, "a NUL byte in a SCRAM message");
  if (self->state != SCRAM_OVER && g_str_has_prefix (challenge, "e="))
    return fail_refused (challenge + 2, error);
  switch (self->state)
    {
      case SCRAM_PROOF:
        return say_proof (self, challenge, output, error);
      case SCRAM_VERDICT:
        return check_signature (self, challenge, error);
      case SCRAM_FIRST:
      case SCRAM_OVER:
        break;
    }
  return fail (error, "a challenge after the end of the exchange");
}

static void
scram_free (PrSasl *sasl)
{
  PrScram *self = (PrScram *) sasl;

  g_clear_pointer (&self->password, pr_wipe_free);
  g_clear_pointer (&self->binding, g_bytes_unref);
  g_free (self->username);
  g_free (self->nonce);
  g_free (self->header);
  g_free (self->bare);
  g_free (self);
}

static const PrSaslOps scram_ops = {
  .client_first = TRUE,
  .initial = TRUE,
  .step = scram_step,
  .free = scram_free,
};

/* RFC 5802 section 5.1: "," and "=" have a meaning of their own. */
static char *
escape_username (const char *prepared)
{
  GString *text = g_string_new (prepared);

  g_string_replace (text, "=", "=3D", 0);
  g_string_replace (text, ",", "=2C", 0);
  return g_string_free (text, FALSE);
}

static char *
make_nonce (void)
{
  guint8 bytes[NONCE_BYTES];

  if (gnutls_rnd (GNUTLS_RND_NONCE, bytes, sizeof bytes) < 0)
    g_error ("no random numbers");
  return g_base64_encode (bytes, sizeof bytes);
}

static char *
make_header (const PrSaslChoice *choice, const PrTlsBinding *binding)
{
  switch (choice->binding)
    {
      case PR_SASL_BINDING_USED:
        return g_strconcat ("p=", binding->type, ",,", NULL);
      case PR_SASL_BINDING_NOT_OFFERED:
        return g_strdup ("y,,");
      case PR_SASL_BINDING_NONE:
        break;
    }
  return g_strdup ("n,,");
}

PrSasl *
pr_sasl_scram_new (const PrSaslChoice *choice,
                   const PrTestPlan *plan,
                   const PrTlsBinding *binding,
                   GError **error)
{
  g_autoptr (PrSasl) sasl = NULL;
  PrScram *self;
  char *username;

  g_return_val_if_fail (
      choice->binding != PR_SASL_BINDING_USED || (binding != NULL && binding->type != NULL), NULL);

  self = g_new0 (PrScram, 1);
  sasl = &self->parent;
  self->parent.ops = &scram_ops;
  self->parent.choice = *choice;
  self->mac = choice->mechanism == PR_MECHANISM_SCRAM_SHA_1 ? GNUTLS_MAC_SHA1 : GNUTLS_MAC_SHA256;
  self->hash_length = gnutls_hmac_get_len (self->mac);
  self->header = make_header (choice, binding);
  if (choice->binding == PR_SASL_BINDING_USED)
    self->binding = g_bytes_new (binding->data, binding->length);
  self->nonce = make_nonce ();
  username = pr_sasl_prepare (plan->username, "user name", error);
  if (username == NULL)
    return NULL;
  self->username = escape_username (username);
  pr_wipe_free (username);
  self->password = pr_sasl_prepare (pr_secret_peek (plan->secret), "password", error);
  if (self->password == NULL)
    return NULL;
  return g_steal_pointer (&sasl);
}

/* For tests: the nonce of a published example. */
void
pr_sasl_scram_set_nonce (PrSasl *self, const char *nonce)
{
  g_return_if_fail (self->ops == &scram_ops);

  g_free (((PrScram *) self)->nonce);
  ((PrScram *) self)->nonce = g_strdup (nonce);
}
