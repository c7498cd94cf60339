/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrAnalyzerPage:
 *
 * The page “Connectivity Analyzer”: tests any POP3 or SMTP server without storing anything.
 */
#define PR_TYPE_ANALYZER_PAGE (pr_analyzer_page_get_type ())
G_DECLARE_FINAL_TYPE (PrAnalyzerPage, pr_analyzer_page, PR, ANALYZER_PAGE, PrPage)

G_END_DECLS
