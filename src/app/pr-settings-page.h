/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrSettingsPage:
 *
 * The page “Email Settings”: the settings and policies of the environment.
 */
#define PR_TYPE_SETTINGS_PAGE (pr_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (PrSettingsPage, pr_settings_page, PR, SETTINGS_PAGE, PrPage)

G_END_DECLS
