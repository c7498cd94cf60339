/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PrReportJsonFlags:
 * @PR_REPORT_JSON_TRANSCRIPT: with the transcript
 * @PR_REPORT_JSON_FACTS: only what a sentence is made from: without steps, capabilities and
 *   transcript
 */
typedef enum
{
  PR_REPORT_JSON_NONE = 0,
  PR_REPORT_JSON_TRANSCRIPT = 1 << 0,
  PR_REPORT_JSON_FACTS = 1 << 1,
} PrReportJsonFlags;

JsonNode *pr_report_to_json (const PrReport *report, PrReportJsonFlags flags);
char *pr_report_to_json_text (const PrReport *report, PrReportJsonFlags flags);
PrReport *pr_report_from_json_text (const char *text);

G_END_DECLS
