/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-record.h"

G_BEGIN_DECLS

/**
 * PrAlert:
 *
 * One line on the alerts wall. It holds facts, from which the sentence is made when it is shown.
 */
#define PR_TYPE_ALERT (pr_alert_get_type ())
G_DECLARE_FINAL_TYPE (PrAlert, pr_alert, PR, ALERT, PrRecord)

/**
 * PrAlertField:
 * @PR_ALERT_DIRECTION: "incoming", "outgoing", or "" where it is about both or neither
 * @PR_ALERT_STEP: #PrStep at which the test failed; "" where no test disproves it by itself
 * @PR_ALERT_FACTS: JSON: the report without its transcript
 * @PR_ALERT_COUNT: how often it was seen
 * @PR_ALERT_FOR_OWNER: who it is for: the owner of the mailbox or of the profile
 * @PR_ALERT_ALSO_OWNER: who is told as well: the owner of the profile, of what a mailbox has met
 * @PR_ALERT_TELLS_MAILBOXES: of a profile: the owners of its mailboxes are told as well
 *
 * The rows of the table, in order.
 */
typedef enum
{
  PR_ALERT_SEVERITY,
  PR_ALERT_CODE,
  PR_ALERT_DIRECTION,
  PR_ALERT_MAILBOX_ID,
  PR_ALERT_PROFILE_ID,
  PR_ALERT_FOR_OWNER,
  PR_ALERT_ALSO_OWNER,
  PR_ALERT_TELLS_MAILBOXES,
  PR_ALERT_STEP,
  PR_ALERT_FACTS,
  PR_ALERT_STATE,
  PR_ALERT_UNREAD,
  PR_ALERT_COUNT,
  PR_ALERT_FIRST_SEEN,
  PR_ALERT_LAST_SEEN,
  PR_ALERT_CLOSED_AT,
  PR_ALERT_MAILBOX_ADDRESS,
  PR_ALERT_PROFILE_NAME,
  PR_ALERT_N_FIELDS,
} PrAlertField;

PrAlert *pr_alert_new (void);
const PrField *pr_alert_get_field_table (guint *n_fields);

#define pr_alert_get(self, FIELD) pr_record_get_number (PR_RECORD (self), PR_ALERT_##FIELD)
#define pr_alert_get_text(self, FIELD) pr_record_get_text (PR_RECORD (self), PR_ALERT_##FIELD)

G_END_DECLS
