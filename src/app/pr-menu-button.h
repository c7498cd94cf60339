/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrMenuButton:
 *
 * The primary menu, in the header bar of every page.
 */
#define PR_TYPE_MENU_BUTTON (pr_menu_button_get_type ())
G_DECLARE_FINAL_TYPE (PrMenuButton, pr_menu_button, PR, MENU_BUTTON, AdwBin)

void pr_menu_button_attach (GtkMenuButton *button, GMenuModel *model);

G_END_DECLS
