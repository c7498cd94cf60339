/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-practice-server.h"
#include "pr-script-link.h"

G_BEGIN_DECLS

/* One client of the practice server, for pr-practice-pop3.c and -smtp.c. Belongs to one thread. */

/**
 * PrPracticeAccount:
 *
 * A mailbox. Everything but its address is read and written under the server's lock.
 */
typedef struct
{
  char *address;
  char *password;
  PrPracticeFault fault;
  GPtrArray *messages; /* of GBytes: whole, lines end in CRLF */
  gboolean is_open;    /* one POP3 session holds it (RFC 1939 section 8) */
} PrPracticeAccount;

typedef struct
{
  PrPracticeServer *server;
  PrScriptLink *link;
  gboolean is_pop3;
  PrPracticeAccount *account; /* (nullable): borrowed: who is logged in */
  gboolean has_thought;       /* about the line that is being answered */
} PrPracticeSession;

void pr_practice_lock (PrPracticeServer *self);
void pr_practice_unlock (PrPracticeServer *self);
guint pr_practice_get_delay (PrPracticeServer *self);
PrPracticeAccount *pr_practice_find (PrPracticeServer *self, const char *address);

gboolean pr_practice_say (PrPracticeSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *pr_practice_read (PrPracticeSession *self);
gboolean
pr_practice_check_password (PrPracticeSession *self, const char *user, const char *password);
gboolean pr_practice_sasl (PrPracticeSession *self, const char *mechanism, const char *initial);

void pr_practice_pop3 (PrPracticeSession *self);
void pr_practice_smtp (PrPracticeSession *self);

#define PR_PRACTICE_MECHANISMS "SCRAM-SHA-256 PLAIN LOGIN"

G_END_DECLS
