/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-mailbox.h"

G_BEGIN_DECLS

/**
 * PrProgressState:
 * @PR_PROGRESS_NONE: no job tests this direction
 *
 * Where one direction of a mailbox stands in a job.
 */
typedef enum
{
  PR_PROGRESS_NONE,
  PR_PROGRESS_QUEUED,
  PR_PROGRESS_RUNNING,
  PR_PROGRESS_SUCCESS,
  PR_PROGRESS_FAILURE,
  PR_PROGRESS_CANCELLED,
  PR_PROGRESS_SKIPPED,
} PrProgressState;

/**
 * PrTestProgress:
 * @state: #PrProgressState
 * @step: #PrStep that it is in, or where it failed
 * @passed: one bit a #PrStep: those that are over and went well
 * @code: #PrCode of the end
 *
 * Small, because a job keeps two of them for each of 100,000 mailboxes.
 */
typedef struct
{
  guint8 state;
  guint8 step;
  guint16 passed;
  guint16 code;
} PrTestProgress;

/**
 * PrMailboxRow:
 *
 * A place in a #PrMailboxList: known by its id at once, with its mailbox as soon as the store has
 * answered.
 */
#define PR_TYPE_MAILBOX_ROW (pr_mailbox_row_get_type ())
G_DECLARE_FINAL_TYPE (PrMailboxRow, pr_mailbox_row, PR, MAILBOX_ROW, GObject)

gint64 pr_mailbox_row_get_id (PrMailboxRow *self);
PrMailbox *pr_mailbox_row_get_mailbox (PrMailboxRow *self);
PrTestProgress pr_mailbox_row_get_progress (PrMailboxRow *self, PrDirection direction);

G_END_DECLS
