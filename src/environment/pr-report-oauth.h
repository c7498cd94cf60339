/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox.h"
#include "pr-report-sentences.h"
#include "pr-report.h"

G_BEGIN_DECLS

const PrSentence *pr_report_oauth_find (const char *remedy_id);
gboolean pr_report_oauth_take_error (PrReport *report, const GError *error);
char *pr_report_oauth_describe (const GError *error,
                                PrMailbox *mailbox,
                                PrServerProfile *profile,
                                char **remedy);
char *pr_report_oauth_describe_discovery (const GError *error, PrServerProfile *profile);

G_END_DECLS
