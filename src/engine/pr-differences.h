/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-facts.h"
#include "pr-report.h"

G_BEGIN_DECLS

/* A certificate that ends sooner than the first is a warning, sooner than the second an error. */
#define PR_CERTIFICATE_WARNING_DAYS 30
#define PR_CERTIFICATE_ERROR_DAYS 7

/**
 * PrWarnings:
 * @raised: bits of #PrWarning: what this test found
 * @disproved: bits of #PrWarning: what this test found to be no longer so
 * @certificate_severity: of %PR_WARNING_CERTIFICATE_ENDS
 *
 * What a test says about its server besides success and failure. All are about the server, hence
 * about everybody on the profile.
 */
typedef struct
{
  guint raised;
  guint disproved;
  PrSeverity certificate_severity;
} PrWarnings;

void pr_differences_find (const PrFacts *facts, PrReport *report, gint64 now, PrWarnings *warnings);
PrFacts *
pr_differences_learn (const PrFacts *facts, const PrReport *report, gint64 mailbox_id, gint64 now);

G_END_DECLS
