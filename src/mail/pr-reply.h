/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-types.h"

G_BEGIN_DECLS

/**
 * PrReplyStatus:
 * @PR_REPLY_OK: +OK, 2yz
 * @PR_REPLY_CONTINUE: "+ ", 3yz: the server waits for more
 * @PR_REPLY_TRANSIENT: 4yz
 * @PR_REPLY_ERROR: -ERR, 5yz
 */
typedef enum
{
  PR_REPLY_OK,
  PR_REPLY_CONTINUE,
  PR_REPLY_TRANSIENT,
  PR_REPLY_ERROR,
} PrReplyStatus;

/**
 * PrReply:
 * @code: SMTP: the three digits; POP3: 0
 * @response_code: (nullable): POP3: what stood in "[...]", upper case (RFC 2449 section 8)
 * @enhanced: SMTP: the numbers of the enhanced status (RFC 3463); all 0: there was none
 * @text: what follows the status on the first line, without codes
 * @raw: the whole answer as the server wrote it, lines joined by "\n"
 *
 * One answer of a server.
 */
typedef struct
{
  PrReplyStatus status;
  guint code;
  char *response_code;
  guint enhanced[3];
  char *text;
  GString *raw;
  GPtrArray *lines; /* of char *: SMTP: the text of each line, without the code */
} PrReply;

PrReply *pr_reply_new_pop3 (const char *line, gboolean in_auth);
PrReply *pr_reply_new_smtp (void);
gboolean pr_reply_add_smtp_line (PrReply *self, const char *line, gboolean *last);
void pr_reply_finish_smtp (PrReply *self);
gboolean pr_reply_has_response_code (const PrReply *self, const char *code);
void pr_reply_free (PrReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrReply, pr_reply_free)

G_END_DECLS
