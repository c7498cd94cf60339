/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrTabStop:
 *
 * A bin that is one stop on the way of the Tab key.
 */
#define PR_TYPE_TAB_STOP (pr_tab_stop_get_type ())
G_DECLARE_FINAL_TYPE (PrTabStop, pr_tab_stop, PR, TAB_STOP, AdwBin)

G_END_DECLS
