/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrBanner:
 *
 * A line across the window that says what holds for everything below it.
 */
#define PR_TYPE_BANNER (pr_banner_get_type ())
G_DECLARE_FINAL_TYPE (PrBanner, pr_banner, PR, BANNER, AdwBin)

void pr_banner_show (PrBanner *self, const char *text, const char *label, const char *action);
void pr_banner_hide (PrBanner *self);

G_END_DECLS
