/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-email-settings.h"
#include "pr-test-plan.h"

G_BEGIN_DECLS

/**
 * PrAnalysis:
 *
 * What somebody wants to know about any POP3 or SMTP server, as a form: nothing of it is stored.
 * Its rules take the #PrEmailSettings whose policies hold as context.
 */
#define PR_TYPE_ANALYSIS (pr_analysis_get_type ())
G_DECLARE_FINAL_TYPE (PrAnalysis, pr_analysis, PR, ANALYSIS, PrRecord)

/**
 * PrAnalysisField:
 * @PR_ANALYSIS_PORT: 0: the one that belongs to protocol and security
 * @PR_ANALYSIS_USERNAME: "": the conversation ends after the capabilities
 * @PR_ANALYSIS_ADDRESS: sender and recipient of an outgoing test
 *
 * The rows of the table, in order.
 */
typedef enum
{
  PR_ANALYSIS_PROTOCOL,
  PR_ANALYSIS_HOST,
  PR_ANALYSIS_SECURITY,
  PR_ANALYSIS_PORT,
  PR_ANALYSIS_MECHANISM,
  PR_ANALYSIS_USERNAME,
  PR_ANALYSIS_ADDRESS,
  PR_ANALYSIS_SUBMIT,
  PR_ANALYSIS_MIN_TLS,
  PR_ANALYSIS_TIMEOUT,
  PR_ANALYSIS_CA_CERTIFICATE,
  PR_ANALYSIS_N_FIELDS,
} PrAnalysisField;

PrAnalysis *pr_analysis_new (void);

#define pr_analysis_get(self, FIELD) pr_record_get_number (PR_RECORD (self), PR_ANALYSIS_##FIELD)
#define pr_analysis_get_text(self, FIELD) pr_record_get_text (PR_RECORD (self), PR_ANALYSIS_##FIELD)

guint16 pr_analysis_get_port (PrAnalysis *self);
gboolean pr_analysis_needs_secret (PrAnalysis *self);
PrTestPlan *pr_analysis_make_plan (PrAnalysis *self, PrEmailSettings *settings, PrSecret *secret);

G_END_DECLS
