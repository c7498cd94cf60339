/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrCountButton:
 *
 * How many mailboxes are how; a click shows them.
 */
#define PR_TYPE_COUNT_BUTTON (pr_count_button_get_type ())
G_DECLARE_FINAL_TYPE (PrCountButton, pr_count_button, PR, COUNT_BUTTON, AdwBin)

void pr_count_button_set (PrCountButton *self, guint count, const char *label);

G_END_DECLS
