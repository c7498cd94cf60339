/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrTextRow:
 *
 * A row for text of several lines.
 */
#define PR_TYPE_TEXT_ROW (pr_text_row_get_type ())
G_DECLARE_FINAL_TYPE (PrTextRow, pr_text_row, PR, TEXT_ROW, AdwPreferencesRow)

char *pr_text_row_dup_text (PrTextRow *self);
void pr_text_row_set_text (PrTextRow *self, const char *text);

G_END_DECLS
