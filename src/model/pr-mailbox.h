/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-server-profile.h"

G_BEGIN_DECLS

/**
 * PrMailbox:
 *
 * One address of a user or a queue, with its own credentials, delivery methods, approval and
 * status. The password is not in it: only whether it is set.
 */
#define PR_TYPE_MAILBOX (pr_mailbox_get_type ())
G_DECLARE_FINAL_TYPE (PrMailbox, pr_mailbox, PR, MAILBOX, PrRecord)

/**
 * PrMailboxField:
 * @PR_MAILBOX_INCOMING_CODE: word of the last error of that direction, "" after a success
 * @PR_MAILBOX_INCOMING_RETRY: how often a temporary error was tried again
 * @PR_MAILBOX_INCOMING_RETRY_AT: when it is tried again; 0: not
 * @PR_MAILBOX_PROFILE_NAME: looked up
 * @PR_MAILBOX_SERIAL: grows with whatever makes an older test result worthless
 *
 * The rows of the table, in order.
 */
typedef enum
{
  PR_MAILBOX_NAME,
  PR_MAILBOX_KIND,
  PR_MAILBOX_ADDRESS,
  PR_MAILBOX_OWNER,
  PR_MAILBOX_PROFILE_ID,
  PR_MAILBOX_INCOMING,
  PR_MAILBOX_OUTGOING,
  PR_MAILBOX_ACT,
  PR_MAILBOX_ALLOW_CREDENTIALS,
  PR_MAILBOX_USERNAME,
  PR_MAILBOX_PASSWORD_SET,
  PR_MAILBOX_TOKEN_SET,
  PR_MAILBOX_DELETE_AFTER,
  PR_MAILBOX_APPROVAL,
  PR_MAILBOX_INCOMING_STATUS,
  PR_MAILBOX_OUTGOING_STATUS,
  PR_MAILBOX_ACT_STATUS,
  PR_MAILBOX_RUN_STATE,
  PR_MAILBOX_INCOMING_ENABLED,
  PR_MAILBOX_OUTGOING_ENABLED,
  PR_MAILBOX_INCOMING_CODE,
  PR_MAILBOX_OUTGOING_CODE,
  PR_MAILBOX_INCOMING_RETRY,
  PR_MAILBOX_OUTGOING_RETRY,
  PR_MAILBOX_INCOMING_RETRY_AT,
  PR_MAILBOX_OUTGOING_RETRY_AT,
  PR_MAILBOX_TESTED_AT,
  PR_MAILBOX_ACTIVE,
  PR_MAILBOX_PROFILE_NAME,
  PR_MAILBOX_SERIAL,
  PR_MAILBOX_N_FIELDS,
} PrMailboxField;

PrMailbox *pr_mailbox_new (const char *address);

#define pr_mailbox_get(self, FIELD) pr_record_get_number (PR_RECORD (self), PR_MAILBOX_##FIELD)
#define pr_mailbox_get_text(self, FIELD) pr_record_get_text (PR_RECORD (self), PR_MAILBOX_##FIELD)

PrSyncMethod pr_mailbox_get_method (PrMailbox *self, PrDirection direction);
gboolean pr_mailbox_is_forwarded (PrMailbox *self, PrDirection direction);
PrTestStatus pr_mailbox_get_status (PrMailbox *self, PrDirection direction);
gboolean pr_mailbox_is_enabled (PrMailbox *self, PrDirection direction);
const char *pr_mailbox_get_code (PrMailbox *self, PrDirection direction);
guint pr_mailbox_get_retry (PrMailbox *self, PrDirection direction);
gint64 pr_mailbox_get_retry_at (PrMailbox *self, PrDirection direction);

void pr_mailbox_set_result (PrMailbox *self,
                            PrDirection direction,
                            PrTestStatus status,
                            gboolean enabled,
                            const char *code);
void pr_mailbox_set_retry (PrMailbox *self, PrDirection direction, guint retry, gint64 at);

void pr_mailbox_fill_in (PrMailbox *self);
void pr_mailbox_apply_settings (PrMailbox *self, PrEmailSettings *settings);
gboolean pr_mailbox_needs_approval (PrMailbox *self, PrEmailSettings *settings);

G_END_DECLS
