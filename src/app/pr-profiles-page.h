/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrProfilesPage:
 *
 * The page “Server Profiles”: the list of server profiles, and the form of one. Its actions take
 * the id of a profile: "profile.edit", "profile.duplicate", "profile.delete",
 * "profile.set-default", "profile.activate", "profile.deactivate", "profile.test",
 * "profile.test-mailboxes", "profile.show-mailboxes"; "profile.new" takes none.
 */
#define PR_TYPE_PROFILES_PAGE (pr_profiles_page_get_type ())
G_DECLARE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR, PROFILES_PAGE, PrPage)

G_END_DECLS
