/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrAlertsPage:
 *
 * The page “Alerts”: the alerts wall.
 */
#define PR_TYPE_ALERTS_PAGE (pr_alerts_page_get_type ())
G_DECLARE_FINAL_TYPE (PrAlertsPage, pr_alerts_page, PR, ALERTS_PAGE, PrPage)

void
pr_alerts_page_show (PrAlertsPage *self, gint64 mailbox_id, gint64 profile_id, const char *owner);

G_END_DECLS
