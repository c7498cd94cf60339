/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrOverviewPage:
 *
 * The page “Overview”: what an admin asks first: what works, what does not and why, what waits.
 */
#define PR_TYPE_OVERVIEW_PAGE (pr_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (PrOverviewPage, pr_overview_page, PR, OVERVIEW_PAGE, PrPage)

G_END_DECLS
