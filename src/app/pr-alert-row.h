/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrAlertRow:
 *
 * One alert: what happened, to whom, what to do, with a button that does it, and the technical
 * details behind a disclosure.
 *
 * Signals: "fix", "dismiss", "link" (URI).
 */
#define PR_TYPE_ALERT_ROW (pr_alert_row_get_type ())
G_DECLARE_FINAL_TYPE (PrAlertRow, pr_alert_row, PR, ALERT_ROW, GtkListBoxRow)

PrAlertRow *pr_alert_row_new (PrEnvironment *environment, PrAlert *alert);
void pr_alert_row_set_alert (PrAlertRow *self, PrAlert *alert);
PrAlert *pr_alert_row_get_alert (PrAlertRow *self);
void pr_alert_row_set_expanded (PrAlertRow *self, gboolean expanded);

G_END_DECLS
