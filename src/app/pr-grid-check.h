/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrGridCheck:
 *
 * The check box of a row: another way to select it, without the Ctrl key.
 */
#define PR_TYPE_GRID_CHECK (pr_grid_check_get_type ())
G_DECLARE_FINAL_TYPE (PrGridCheck, pr_grid_check, PR, GRID_CHECK, AdwBin)

GtkWidget *pr_grid_check_new (GtkListItem *item);

G_END_DECLS
