/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrChoiceRow:
 *
 * A row with a choice among values that each have a number: those of an enumeration, or the ids
 * of records.
 */
#define PR_TYPE_CHOICE_ROW (pr_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (PrChoiceRow, pr_choice_row, PR, CHOICE_ROW, AdwComboRow)

void pr_choice_row_set_enum (PrChoiceRow *self, GType type);
void pr_choice_row_set_profiles (PrChoiceRow *self, GListModel *profiles);
void pr_choice_row_clear (PrChoiceRow *self);
void pr_choice_row_add (PrChoiceRow *self, gint64 value, const char *label);
gint64 pr_choice_row_get_value (PrChoiceRow *self);
void pr_choice_row_set_value (PrChoiceRow *self, gint64 value);

G_END_DECLS
