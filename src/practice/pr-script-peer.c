/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of SASL mechanisms: GNU SASL where it has one, with what a client can be bound
 * to; access tokens by hand. Belongs to one thread.
 *
 * RFC 5802 (SCRAM), RFC 5929 and RFC 9266 (channel binding), RFC 7628 (OAUTHBEARER). */

#include "pr-script-peer.h"

#include <gsasl.h>
#include <string.h>

gboolean
pr_script_peer_has (const PrScriptPeer *self, const char *option)
{
  return pr_script_line_get_option (self->line, option) != NULL;
}

/* Whether the client is meant not to get in. */
gboolean
pr_script_peer_must_refuse (const PrScriptPeer *self)
{
  return pr_script_peer_has (self, "wrong-password") || pr_script_peer_has (self, "other-channel");
}

void
pr_script_peer_free (PrScriptPeer *self)
{
  self->ops->free (self);
}

/* --- By GNU SASL ------------------------------------------------------------------------------ */

typedef struct
{
  PrScriptPeer parent;
  Gsasl *library;
  Gsasl_session *session;
} PrLibraryPeer;

static gboolean
is_same_user (const PrScriptPeer *self, const char *name)
{
  char *prepared = NULL;
  gboolean same;

  if (name == NULL || gsasl_saslprep (self->script->user, 0, &prepared, NULL) != GSASL_OK)
    return FALSE;
  same = g_str_equal (prepared, name);
  gsasl_free (prepared);
  return same;
}

/* What both ends of the channel see. With "other-channel" somebody is between them. */
static int
set_binding (const PrScriptPeer *self, Gsasl_session *session, Gsasl_property property)
{
  const char *wanted = property == GSASL_CB_TLS_EXPORTER ? "tls-exporter" : "tls-unique";
  const char *type = NULL;
  g_autoptr (GBytes) data = NULL;
  g_autofree char *encoded = NULL;

  if (!g_str_has_suffix (self->line->words[0], "-PLUS"))
    return GSASL_NO_CALLBACK;
  data = pr_script_link_get_binding (self->link, &type);
  if (data == NULL || !g_str_equal (type, wanted))
    return GSASL_NO_CALLBACK;
  encoded = g_base64_encode (g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  return gsasl_property_set (session, property,
                             pr_script_peer_has (self, "other-channel") ? "b3RoZXI=" : encoded);
}

static int
check_simple (const PrScriptPeer *self, Gsasl_session *session, const char *password)
{
  const char *authzid = gsasl_property_fast (session, GSASL_AUTHZID);

  /* Where the client named no other identity, GNU SASL names its own here. */
  if ((authzid == NULL || *authzid == '\0' || is_same_user (self, authzid))
      && g_strcmp0 (gsasl_property_fast (session, GSASL_PASSWORD), password) == 0
      && is_same_user (self, gsasl_property_fast (session, GSASL_AUTHID)))
    return GSASL_OK;
  return GSASL_AUTHENTICATION_ERROR;
}

/* The library asks for the password, or whether user name and password are right. */
static int
callback (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  const PrScriptPeer *self = gsasl_callback_hook_get (library);
  gboolean other = pr_script_peer_has (self, "wrong-password");
  const char *password = other ? "another password" : self->script->password;

  switch (property)
    {
      case GSASL_PASSWORD:
        return is_same_user (self, gsasl_property_fast (session, GSASL_AUTHID))
                   ? gsasl_property_set (session, GSASL_PASSWORD, password)
                   : GSASL_AUTHENTICATION_ERROR;
      case GSASL_VALIDATE_SIMPLE:
        return check_simple (self, session, password);
      case GSASL_CB_TLS_EXPORTER:
      case GSASL_CB_TLS_UNIQUE:
        return set_binding (self, session, property);
      default:
        return GSASL_NO_CALLBACK;
    }
}

static PrScriptVerdict
library_step (PrScriptPeer *peer, const GString *input, GString *output, GError **error)
{
  PrLibraryPeer *self = (PrLibraryPeer *) peer;
  char *bytes = NULL;
  size_t n = 0;
  int result = gsasl_step (self->session, input != NULL ? input->str : NULL,
                           input != NULL ? input->len : 0, &bytes, &n);

  if (n > 0)
    g_string_append_len (output, bytes, (gssize) n);
  gsasl_free (bytes);
  if (result == GSASL_OK)
    return PR_SCRIPT_GOOD;
  if (result == GSASL_NEEDS_MORE)
    return PR_SCRIPT_MORE;
  if (!pr_script_peer_must_refuse (peer))
    g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                 "the client's log-in is wrong: %s", gsasl_strerror (result));
  return PR_SCRIPT_BAD;
}

static void
library_free (PrScriptPeer *peer)
{
  PrLibraryPeer *self = (PrLibraryPeer *) peer;

  if (self->session != NULL)
    gsasl_finish (self->session);
  if (self->library != NULL)
    gsasl_done (self->library);
  g_free (self);
}

static const PrScriptPeerOps library_ops = { FALSE, library_step, library_free };
static const PrScriptPeerOps library_first_ops = { TRUE, library_step, library_free };

PrScriptPeer *
pr_script_peer_new_library (const PrScriptPeer *base, GError **error)
{
  PrLibraryPeer *self = g_new0 (PrLibraryPeer, 1);
  g_autoptr (PrScriptPeer) peer = &self->parent;
  const char *name = base->line->words[0];
  const char *iterations = pr_script_line_get_option (base->line, "iterations");
  int result;

  self->parent = *base;
  self->parent.ops = g_str_equal (name, "PLAIN") || g_str_has_prefix (name, "SCRAM-")
                         ? &library_first_ops
                         : &library_ops;
  result = gsasl_init (&self->library);
  if (result == GSASL_OK)
    {
      gsasl_callback_hook_set (self->library, self);
      gsasl_callback_set (self->library, callback);
      result = gsasl_server_start (self->library, name, &self->session);
    }
  if (result == GSASL_OK && iterations != NULL)
    result = gsasl_property_set (self->session, GSASL_SCRAM_ITER, iterations);
  if (result == GSASL_OK)
    return g_steal_pointer (&peer);
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "GNU SASL: %s",
               gsasl_strerror (result));
  return NULL;
}

/* --- Access tokens ---------------------------------------------------------------------------- */

typedef struct
{
  PrScriptPeer parent;
  gboolean explained;
} PrBearerPeer;

static GString *
make_bearer_message (const PrScriptPeer *self)
{
  const PrScript *script = self->script;
  GString *message = g_string_new (NULL);
  GString *user;

  if (g_str_equal (self->line->words[0], "XOAUTH2"))
    {
      g_string_printf (message, "user=%s\001auth=Bearer %s\001\001", script->user,
                       script->password);
      return message;
    }
  user = g_string_new (script->user);
  g_string_replace (user, "=", "=3D", 0);
  g_string_replace (user, ",", "=2C", 0);
  g_string_printf (message, "n,a=%s,\001host=%s\001port=%u\001auth=Bearer %s\001\001", user->str,
                   script->host, pr_script_link_get_port (self->link), script->password);
  g_string_free (user, TRUE);
  return message;
}

/* RFC 7628 section 3.2.3: a single 0x01; an empty line for XOAUTH2. */
static PrScriptVerdict
check_apology (const PrScriptPeer *self, const GString *input, GError **error)
{
  const char *wanted = g_str_equal (self->line->words[0], "XOAUTH2") ? "" : "\001";

  if (!g_str_equal (input->str, wanted))
    g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                 "the explanation is not answered as it should be: “%s”", input->str);
  return PR_SCRIPT_BAD;
}

static PrScriptVerdict
bearer_step (PrScriptPeer *peer, const GString *input, GString *output, GError **error)
{
  PrBearerPeer *self = (PrBearerPeer *) peer;
  const char *explanation = pr_script_line_get_option (peer->line, "error");
  g_autoptr (GString) wanted = NULL;

  if (self->explained)
    return check_apology (peer, input, error);
  wanted = make_bearer_message (peer);
  if (!g_string_equal (wanted, input))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "“%s” is expected, got “%s”",
                   wanted->str, input->str);
      return PR_SCRIPT_BAD;
    }
  if (explanation == NULL)
    return pr_script_peer_has (peer, "wrong-password") ? PR_SCRIPT_BAD : PR_SCRIPT_GOOD;
  g_string_append (output, explanation);
  self->explained = TRUE;
  return PR_SCRIPT_MORE;
}

static void
bearer_free (PrScriptPeer *peer)
{
  g_free (peer);
}

PrScriptPeer *
pr_script_peer_new_bearer (const PrScriptPeer *base)
{
  static const PrScriptPeerOps ops = { TRUE, bearer_step, bearer_free };
  PrBearerPeer *self = g_new0 (PrBearerPeer, 1);

  self->parent = *base;
  self->parent.ops = &ops;
  return &self->parent;
}

/**
 * pr_script_peer_new:
 * @script: whose user name and password are right
 * @line: the instruction: mechanism and tricks
 * @link: the connection
 * @error: set to %PR_SCRIPT_ERROR_SYSTEM
 *
 * Returns: (transfer full) (nullable): the server's side of the mechanism
 */
PrScriptPeer *
pr_script_peer_new (const PrScript *script,
                    const PrScriptLine *line,
                    PrScriptLink *link,
                    GError **error)
{
  PrScriptPeer base = { NULL, script, line, link };

  if (g_str_equal (line->words[0], "NTLM"))
    return pr_script_peer_new_ntlm (&base);
  if (g_str_equal (line->words[0], "XOAUTH2") || g_str_equal (line->words[0], "OAUTHBEARER"))
    return pr_script_peer_new_bearer (&base);
  return pr_script_peer_new_library (&base, error);
}
