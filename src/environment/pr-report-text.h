/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

G_BEGIN_DECLS

char *pr_report_text_get_summary (const PrReport *report);
char *pr_report_text_get_remedy (const PrReport *report);
char *pr_report_text_get_warning (const PrReport *report, PrWarning warning, char **remedy);
char *pr_report_text_get_notice (const PrReport *report, const PrNotice *notice, char **remedy);
char *pr_report_text_get_difference (const PrDifference *difference);
const char *pr_report_text_get_step (PrStep step);
const char *pr_report_text_get_security (PrSecurity security);

G_END_DECLS
