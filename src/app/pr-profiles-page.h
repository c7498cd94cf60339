/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrProfilesPage:
 *
 * The page “Server Profiles”: the list of server profiles, and the form of one.
 */
#define PR_TYPE_PROFILES_PAGE (pr_profiles_page_get_type ())
G_DECLARE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR, PROFILES_PAGE, PrPage)

G_END_DECLS
