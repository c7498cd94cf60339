/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrStepRow:
 *
 * One step of a test in a list: an icon and a word for how it went, what was found, how long it
 * took.
 */
#define PR_TYPE_STEP_ROW (pr_step_row_get_type ())
G_DECLARE_FINAL_TYPE (PrStepRow, pr_step_row, PR, STEP_ROW, AdwActionRow)

PrStepRow *pr_step_row_new (const PrReportStep *step);
PrStepRow *pr_step_row_new_running (PrStep step);
void pr_step_row_set_passed (PrStepRow *self);
PrStep pr_step_row_get_step (PrStepRow *self);

const char *pr_outcome_get_icon_name (PrOutcome outcome);
const char *pr_outcome_get_css_class (PrOutcome outcome);
const char *pr_outcome_get_label (PrOutcome outcome);

G_END_DECLS
