/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script.h"

#include "pr-script-link.h"

G_BEGIN_DECLS

/**
 * PrScriptVerdict:
 * @PR_SCRIPT_MORE: the client has to say more
 * @PR_SCRIPT_GOOD: it is logged in, once it has heard the output, if there is any
 * @PR_SCRIPT_BAD: user name, password or proof are not right
 *
 * What came of one message of the client.
 */
typedef enum
{
  PR_SCRIPT_MORE,
  PR_SCRIPT_GOOD,
  PR_SCRIPT_BAD,
} PrScriptVerdict;

typedef struct _PrScriptPeer PrScriptPeer;

/**
 * PrScriptPeerOps:
 * @client_first: whether the first word is the client's
 * @step: takes a message (%NULL: there is none yet) and puts the next challenge into @output;
 *   @error is set when a message is bad that the script does not want to be bad
 * @free: frees the peer
 */
typedef struct
{
  gboolean client_first;
  PrScriptVerdict (*step) (PrScriptPeer *self,
                           const GString *input,
                           GString *output,
                           GError **error);
  void (*free) (PrScriptPeer *self);
} PrScriptPeerOps;

/**
 * PrScriptPeer:
 *
 * The server's side of one SASL mechanism, in bytes.
 */
struct _PrScriptPeer
{
  const PrScriptPeerOps *ops;
  const PrScript *script;   /* borrowed */
  const PrScriptLine *line; /* borrowed */
  PrScriptLink *link;       /* borrowed */
};

PrScriptPeer *pr_script_peer_new (const PrScript *script,
                                  const PrScriptLine *line,
                                  PrScriptLink *link,
                                  GError **error);
PrScriptPeer *pr_script_peer_new_library (const PrScriptPeer *base, GError **error);
PrScriptPeer *pr_script_peer_new_bearer (const PrScriptPeer *base);
PrScriptPeer *pr_script_peer_new_ntlm (const PrScriptPeer *base);
void pr_script_peer_free (PrScriptPeer *self);

gboolean pr_script_peer_has (const PrScriptPeer *self, const char *option);
gboolean pr_script_peer_must_refuse (const PrScriptPeer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrScriptPeer, pr_script_peer_free)

G_END_DECLS
