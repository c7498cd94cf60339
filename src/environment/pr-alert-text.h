/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert.h"
#include "pr-report.h"

G_BEGIN_DECLS

PrReport *pr_alert_text_get_report (PrAlert *alert);
char *pr_alert_text_get_summary (PrAlert *alert);
char *pr_alert_text_get_remedy (PrAlert *alert);
char *pr_alert_text_get_told (PrAlert *alert);

G_END_DECLS
