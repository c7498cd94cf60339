/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrBanner:
 *
 * A line below the header bar of each page that says what holds for the whole window: what
 * pr_window_set_banner() was given.
 */
#define PR_TYPE_BANNER (pr_banner_get_type ())
G_DECLARE_FINAL_TYPE (PrBanner, pr_banner, PR, BANNER, AdwBin)

G_END_DECLS
