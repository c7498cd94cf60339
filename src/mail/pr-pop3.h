/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation-private.h"

G_BEGIN_DECLS

#define PR_POP3_COMMAND_MAX 255 /* octets with CRLF: RFC 2449 section 4 */

/* pr-pop3.c */
PrReply *pr_pop3_command (PrConversation *self, const char *line, GError **error);
PrReply *pr_pop3_read_reply (PrConversation *self, GError **error);
PrReply *pr_pop3_read_auth_reply (PrConversation *self, GError **error);

/* pr-pop3-login.c */
gboolean pr_pop3_authenticate (PrConversation *self, GError **error);
char *pr_pop3_find_stamp (const char *greeting);

G_END_DECLS
