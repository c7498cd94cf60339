/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrSidebarButton:
 *
 * The button in a page's header bar that shows and hides the sidebar.
 */
#define PR_TYPE_SIDEBAR_BUTTON (pr_sidebar_button_get_type ())
G_DECLARE_FINAL_TYPE (PrSidebarButton, pr_sidebar_button, PR, SIDEBAR_BUTTON, AdwBin)

G_END_DECLS
