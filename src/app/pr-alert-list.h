/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrAlertList:
 *
 * Alerts one below the other, the newest first, as many as somebody wants to read. It follows what
 * is written.
 *
 * Signal: "counted" when pr_alert_list_get_counts() has changed.
 */
#define PR_TYPE_ALERT_LIST (pr_alert_list_get_type ())
G_DECLARE_FINAL_TYPE (PrAlertList, pr_alert_list, PR, ALERT_LIST, AdwBin)

void
pr_alert_list_show (PrAlertList *self, PrEnvironment *environment, const PrAlertFilter *filter);
void pr_alert_list_refresh (PrAlertList *self);
const PrAlertFilter *pr_alert_list_get_filter (PrAlertList *self);
const PrAlertCounts *pr_alert_list_get_counts (PrAlertList *self);
gboolean pr_alert_list_is_loaded (PrAlertList *self);
const GError *pr_alert_list_get_error (PrAlertList *self);
GtkListBox *pr_alert_list_get_box (PrAlertList *self);

G_END_DECLS
