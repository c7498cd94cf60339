/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script-text.h"

G_BEGIN_DECLS

/**
 * PrScriptVerb:
 * @PR_SCRIPT_SAY: "S: text", "S- text": sends bytes in one write
 * @PR_SCRIPT_HEAR: "C: text": the client must send exactly this line
 * @PR_SCRIPT_HEAR_LIKE: "C~ glob": the client must send a line that matches
 * @PR_SCRIPT_HEAR_MESSAGE: "M": the client must send a good message and the lone dot
 * @PR_SCRIPT_HEAR_HELLO: "hello": the client must send a TLS ClientHello, which is not answered
 * @PR_SCRIPT_TLS: "tls KIND": the server's side of a TLS handshake
 * @PR_SCRIPT_SASL: "sasl MECHANISM": the server's side of a SASL exchange
 * @PR_SCRIPT_SLEEP: "sleep MS"
 * @PR_SCRIPT_QUIET: "quiet MS": the same, and the client must not say a word
 * @PR_SCRIPT_DRIP: "drip MS text": one byte each so many milliseconds
 * @PR_SCRIPT_FLOOD: "flood N text": the line so many times; "pour N text": without line ends
 * @PR_SCRIPT_HANG: "hang": silence until the client goes, which must be silent too
 * @PR_SCRIPT_CLOSE: "close": nothing more will be said (close_notify and FIN)
 * @PR_SCRIPT_CUT: "cut": the same without close_notify
 * @PR_SCRIPT_ABORT: "abort": the connection is reset
 *
 * What one line of a script makes the server do.
 */
typedef enum
{
  PR_SCRIPT_SAY,
  PR_SCRIPT_HEAR,
  PR_SCRIPT_HEAR_LIKE,
  PR_SCRIPT_HEAR_MESSAGE,
  PR_SCRIPT_HEAR_HELLO,
  PR_SCRIPT_TLS,
  PR_SCRIPT_SASL,
  PR_SCRIPT_SLEEP,
  PR_SCRIPT_QUIET,
  PR_SCRIPT_DRIP,
  PR_SCRIPT_FLOOD,
  PR_SCRIPT_HANG,
  PR_SCRIPT_CLOSE,
  PR_SCRIPT_CUT,
  PR_SCRIPT_ABORT,
} PrScriptVerb;

/**
 * PrScriptLine:
 * @number: of the line in its file, from 1
 * @source: the line as it stands there
 * @bytes: (nullable): what is sent, or must come, line ends included
 * @amount: milliseconds, or how many times
 * @words: (nullable): of "tls" and "sasl": the kind or mechanism, then the options
 *
 * One instruction of a script.
 */
typedef struct
{
  PrScriptVerb verb;
  guint number;
  char *source;
  GString *bytes;
  guint amount;
  char **words;
} PrScriptLine;

PrScriptLine *
pr_script_line_new (const char *source, guint number, const PrScriptWords *words, GError **error);
void pr_script_line_free (PrScriptLine *self);
const char *pr_script_line_get_option (const PrScriptLine *self, const char *name);
gboolean pr_script_line_needs_client (const PrScriptLine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrScriptLine, pr_script_line_free)

G_END_DECLS
