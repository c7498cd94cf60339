/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of NTLM version 2, made from what MS-NLMP says of servers (3.2.5.1 and 3.3.2):
 * it challenges, and checks every part of the answer. Belongs to one thread. */

#include "pr-script-peer.h"

#include "pr-md4.h"

#include <string.h>

#define MD5_LENGTH 16
#define RESPONSE_MIN 88
#define MIC_OFFSET 72
#define SERVER_CHALLENGE "\x01\x23\x45\x67\x89\xab\xcd\xef"

typedef struct
{
  PrScriptPeer parent;
  GString *negotiate; /* the client's first message */
  GString *challenge; /* ours */
} PrNtlmPeer;

static PrScriptVerdict
complain (GError **error, const char *what)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "NTLM: %s", what);
  return PR_SCRIPT_BAD;
}

static guint
get_16 (const char *p)
{
  return (guint8) p[0] | (guint) (guint8) p[1] << 8;
}

/* --- The challenge ---------------------------------------------------------------------------- */

static void
append_pair (GString *info, guint8 id, const char *value, gsize n)
{
  g_string_append_c (info, (char) id);
  g_string_append_c (info, '\0');
  g_string_append_c (info, (char) n);
  g_string_append_c (info, '\0');
  g_string_append_len (info, value, (gssize) n);
}

/* CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2): no target name, target information with the name of a domain
 * and, with "clock", a time. */
static GString *
make_challenge (const PrScriptPeer *self)
{
  static const char head[] =
      "NTLMSSP\0\x02\0\0\0\0\0\0\0\x30\0\0\0\x05\x82\x88\0" SERVER_CHALLENGE "\0\0\0\0\0\0\0\0";
  GString *message = g_string_new_len (head, 40);
  GString *info = g_string_new (NULL);

  append_pair (info, 2, "L\0A\0B\0", 6);
  if (pr_script_peer_has (self, "clock"))
    append_pair (info, 7, "\x00\x80\x3e\xd5\xde\xb1\x9d\x01", 8);
  append_pair (info, 0, "", 0);
  for (guint i = 0; i < 2; i++)
    {
      g_string_append_c (message, (char) info->len);
      g_string_append_c (message, '\0');
    }
  g_string_append_len (message, "\x30\0\0\0", 4);
  g_string_append_len (message, info->str, (gssize) info->len);
  g_string_free (info, TRUE);
  return message;
}

/* --- The answer ------------------------------------------------------------------------------- */

static void
append_wide (GByteArray *array, const char *text)
{
  glong n = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (text, -1, NULL, &n, NULL);

  for (glong i = 0; i < n; i++)
    {
      guint8 bytes[2] = { (guint8) wide[i], (guint8) (wide[i] >> 8) };

      g_byte_array_append (array, bytes, 2);
    }
}

static void
sign (const guint8 *key, const void *text, gsize n, const void *more, gsize n_more, guint8 *result)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_MD5, key, MD5_LENGTH);
  gsize length = MD5_LENGTH;

  g_hmac_update (hmac, text, (gssize) n);
  if (n_more > 0)
    g_hmac_update (hmac, more, (gssize) n_more);
  g_hmac_get_digest (hmac, result, &length);
  g_hmac_unref (hmac);
}

/* NTOWFv2 for the user of the script: in no domain, or as "DOMAIN\user". */
static void
make_key (const PrScriptPeer *self, guint8 key[MD5_LENGTH])
{
  const char *password =
      pr_script_peer_has (self, "wrong-password") ? "another" : self->script->password;
  const char *backslash = strchr (self->script->user, '\\');
  const char *user = backslash != NULL ? backslash + 1 : self->script->user;
  g_autofree char *domain =
      backslash != NULL ? g_strndup (self->script->user, (gsize) (backslash - self->script->user))
                        : g_strdup ("");
  g_autofree char *upper = g_utf8_strup (user, -1);
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GByteArray) identity = g_byte_array_new ();
  guint8 hash[PR_MD4_LENGTH];

  append_wide (text, password);
  pr_md4 (text->data, text->len, hash);
  append_wide (identity, upper);
  append_wide (identity, domain);
  sign (hash, identity->data, identity->len, NULL, 0, key);
}

/* One field of a message. */
static const char *
get_field (const GString *message, gsize at, gsize *n)
{
  gsize offset = get_16 (message->str + at + 4);

  *n = get_16 (message->str + at);
  return offset + *n <= message->len ? message->str + offset : NULL;
}

/* The code over all three messages, which belongs to a challenge with a time. */
static gboolean
check_code (PrNtlmPeer *self, const GString *message, const guint8 *key, const char *proof)
{
  g_autoptr (GString) all = g_string_new_len (self->negotiate->str, (gssize) self->negotiate->len);
  guint8 session[MD5_LENGTH], code[MD5_LENGTH];
  gsize at;

  g_string_append_len (all, self->challenge->str, (gssize) self->challenge->len);
  at = all->len;
  g_string_append_len (all, message->str, (gssize) message->len);
  memset (all->str + at + MIC_OFFSET, 0, MD5_LENGTH);
  sign (key, proof, MD5_LENGTH, NULL, 0, session);
  sign (session, all->str, all->len, NULL, 0, code);
  return memcmp (code, message->str + MIC_OFFSET, MD5_LENGTH) == 0;
}

static PrScriptVerdict
check_answer (PrNtlmPeer *self, const GString *message, GError **error)
{
  gboolean clock = pr_script_peer_has (&self->parent, "clock");
  guint8 key[MD5_LENGTH], proof[MD5_LENGTH];
  const char *nt, *lm;
  gsize n, n_lm;

  if (message->len < RESPONSE_MIN || memcmp (message->str, "NTLMSSP\0\x03\0\0", 12) != 0)
    return complain (error, "not a message of type 3");
  lm = get_field (message, 12, &n_lm);
  nt = get_field (message, 20, &n);
  if (lm == NULL || nt == NULL || n_lm != 24 || n < MD5_LENGTH + 28)
    return complain (error, "not an answer of version 2");
  make_key (&self->parent, key);
  sign (key, SERVER_CHALLENGE, 8, nt + MD5_LENGTH, n - MD5_LENGTH, proof);
  if (memcmp (proof, nt, MD5_LENGTH) != 0)
    return pr_script_peer_must_refuse (&self->parent) ? PR_SCRIPT_BAD
                                                      : complain (error, "the proof is wrong");
  if (clock)
    return check_code (self, message, key, nt) ? PR_SCRIPT_GOOD
                                               : complain (error, "the code is wrong");
  sign (key, SERVER_CHALLENGE, 8, lm + MD5_LENGTH, 8, proof);
  return memcmp (proof, lm, MD5_LENGTH) == 0 ? PR_SCRIPT_GOOD
                                             : complain (error, "the LM answer is wrong");
}

static PrScriptVerdict
ntlm_step (PrScriptPeer *peer, const GString *input, GString *output, GError **error)
{
  PrNtlmPeer *self = (PrNtlmPeer *) peer;

  if (self->challenge != NULL)
    return check_answer (self, input, error);
  if (input->len < 16 || memcmp (input->str, "NTLMSSP\0\x01\0\0", 12) != 0)
    return complain (error, "not a message of type 1");
  self->negotiate = g_string_new_len (input->str, (gssize) input->len);
  self->challenge = make_challenge (peer);
  g_string_append_len (output, self->challenge->str, (gssize) self->challenge->len);
  return PR_SCRIPT_MORE;
}

static void
ntlm_free (PrScriptPeer *peer)
{
  PrNtlmPeer *self = (PrNtlmPeer *) peer;

  if (self->negotiate != NULL)
    g_string_free (self->negotiate, TRUE);
  if (self->challenge != NULL)
    g_string_free (self->challenge, TRUE);
  g_free (self);
}

PrScriptPeer *
pr_script_peer_new_ntlm (const PrScriptPeer *base)
{
  static const PrScriptPeerOps ops = { TRUE, ntlm_step, ntlm_free };
  PrNtlmPeer *self = g_new0 (PrNtlmPeer, 1);

  self->parent = *base;
  self->parent.ops = &ops;
  return &self->parent;
}
