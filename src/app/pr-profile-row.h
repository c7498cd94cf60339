/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrProfileRow:
 *
 * One server profile in the list: its servers, how many mailboxes use it and how they are, and
 * its commands.
 */
#define PR_TYPE_PROFILE_ROW (pr_profile_row_get_type ())
G_DECLARE_FINAL_TYPE (PrProfileRow, pr_profile_row, PR, PROFILE_ROW, AdwActionRow)

PrProfileRow *pr_profile_row_new (PrServerProfile *profile, gboolean writable);
PrServerProfile *pr_profile_row_get_profile (PrProfileRow *self);
void pr_profile_row_set_counts (PrProfileRow *self, const PrOverviewCounts *counts);

G_END_DECLS
