/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrPracticeFault:
 * @PR_PRACTICE_APP_PASSWORD: programs need a password of their own
 * @PR_PRACTICE_LOCKED: the account is locked
 * @PR_PRACTICE_POP_OFF: POP access is switched off
 * @PR_PRACTICE_IN_USE: somebody else has the mailbox open
 * @PR_PRACTICE_BACK_END: the mail store behind the server does not answer for now
 * @PR_PRACTICE_TOO_OFTEN: it logged in too often, and has to wait
 * @PR_PRACTICE_SUBMISSION_OFF: the provider's admin switched sending off
 * @PR_PRACTICE_SENDER: it may not send under its own address
 * @PR_PRACTICE_FULL: it has no room left
 *
 * What is wrong with a mailbox of the practice server, on purpose.
 */
typedef enum
{
  PR_PRACTICE_WORKS,
  PR_PRACTICE_APP_PASSWORD,
  PR_PRACTICE_LOCKED,
  PR_PRACTICE_POP_OFF,
  PR_PRACTICE_IN_USE,
  PR_PRACTICE_BACK_END,
  PR_PRACTICE_TOO_OFTEN,
  PR_PRACTICE_SUBMISSION_OFF,
  PR_PRACTICE_SENDER,
  PR_PRACTICE_FULL,
} PrPracticeFault;

/**
 * PrPracticePort:
 * @PR_PRACTICE_POP3S: POP3, TLS from the first byte
 * @PR_PRACTICE_SMTPS: SMTP, TLS from the first byte
 * @PR_PRACTICE_POP3S_EXPIRED: the same with a certificate that is out of date
 * @PR_PRACTICE_SMTPS_EXPIRED: the same with a certificate that is out of date
 *
 * The doors of the practice server.
 */
typedef enum
{
  PR_PRACTICE_POP3S,
  PR_PRACTICE_SMTPS,
  PR_PRACTICE_POP3S_EXPIRED,
  PR_PRACTICE_SMTPS_EXPIRED,
} PrPracticePort;
#define PR_PRACTICE_N_PORTS (PR_PRACTICE_SMTPS_EXPIRED + 1)

/**
 * PrPracticeServer:
 *
 * A small mail server to learn on: POP3 and SMTP on this computer's loopback, with a throw-away
 * certificate authority, mailboxes that work, and mailboxes that fail as real ones do. It keeps
 * everything in memory. Any thread; what it does, it does in threads of its own.
 */
typedef struct _PrPracticeServer PrPracticeServer;

PrPracticeServer *pr_practice_server_new (GError **error);
void pr_practice_server_free (PrPracticeServer *self);
guint16 pr_practice_server_get_port (PrPracticeServer *self, PrPracticePort port);
const char *pr_practice_server_get_ca_pem (PrPracticeServer *self);
void pr_practice_server_add_mailbox (PrPracticeServer *self,
                                     const char *address,
                                     const char *password,
                                     PrPracticeFault fault);
void pr_practice_server_set_delay (PrPracticeServer *self, guint ms);
void pr_practice_server_mend_mailbox (PrPracticeServer *self, const char *address);
guint pr_practice_server_get_n_messages (PrPracticeServer *self, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPracticeServer, pr_practice_server_free)

G_END_DECLS
