/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrSwitchRow:
 *
 * A row with a switch: what AdwSwitchRow is from libadwaita 1.4 on.
 */
#define PR_TYPE_SWITCH_ROW (pr_switch_row_get_type ())
G_DECLARE_FINAL_TYPE (PrSwitchRow, pr_switch_row, PR, SWITCH_ROW, AdwActionRow)

gboolean pr_switch_row_get_active (PrSwitchRow *self);
void pr_switch_row_set_active (PrSwitchRow *self, gboolean active);

G_END_DECLS
