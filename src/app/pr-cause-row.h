/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrCauseRow:
 *
 * Why mailboxes fail, and how many of them; a click shows these.
 */
#define PR_TYPE_CAUSE_ROW (pr_cause_row_get_type ())
G_DECLARE_FINAL_TYPE (PrCauseRow, pr_cause_row, PR, CAUSE_ROW, AdwActionRow)

PrCauseRow *pr_cause_row_new (void);
void pr_cause_row_set (PrCauseRow *self, const PrOverviewCause *cause, guint n_failing);

G_END_DECLS
