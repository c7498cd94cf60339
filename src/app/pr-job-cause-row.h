/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-cause.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrJobCauseRow:
 *
 * One cause of failures in a job: how many mailboxes it hit, the button that mends it, and behind
 * the disclosure what the server said and the mailboxes. The cause must live as long as the row.
 *
 * Signal: "fix".
 */
#define PR_TYPE_JOB_CAUSE_ROW (pr_job_cause_row_get_type ())
G_DECLARE_FINAL_TYPE (PrJobCauseRow, pr_job_cause_row, PR, JOB_CAUSE_ROW, AdwExpanderRow)

GtkWidget *pr_job_cause_row_new (PrEnvironment *environment, PrCause *cause);
PrCause *pr_job_cause_row_get_cause (PrJobCauseRow *self);
void pr_job_cause_row_update (PrJobCauseRow *self, gboolean can_fix);

G_END_DECLS
