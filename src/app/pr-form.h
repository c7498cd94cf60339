/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-record.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrForm:
 *
 * Ties the rows of a form to the fields of a record, in both directions, and says at each field
 * what is wrong with it. A row belongs to the field whose name is its widget name, so a field is
 * added to a form by adding a row to its .ui file. Rows can be #AdwEntryRow, #PrTimeRow,
 * #PrTextRow, #PrSwitchRow and #PrChoiceRow.
 *
 * Signal: "changed" when somebody has edited a field.
 */
#define PR_TYPE_FORM (pr_form_get_type ())
G_DECLARE_FINAL_TYPE (PrForm, pr_form, PR, FORM, GObject)

/**
 * PrNote:
 * @PR_NOTE_NONE: nothing to say
 * @PR_NOTE_INFORMATION: why a field is as it is
 * @PR_NOTE_WARNING: allowed, but not without a word about it
 */
typedef enum
{
  PR_NOTE_NONE,
  PR_NOTE_INFORMATION,
  PR_NOTE_WARNING,
} PrNote;

PrForm *pr_form_new (GtkWidget *root, GType record_type);
void pr_form_set_record (PrForm *self, PrRecord *record);
PrRecord *pr_form_get_record (PrForm *self);
gboolean pr_form_is_dirty (PrForm *self);
void pr_form_set_dirty (PrForm *self);

GtkWidget *pr_form_get_row (PrForm *self, const char *field);
void pr_form_set_note (PrForm *self, const char *field, PrNote kind, const char *text);
void pr_form_clear_notes (PrForm *self);
GPtrArray *pr_form_set_errors (PrForm *self, GPtrArray *errors, gboolean all);
gboolean pr_form_has_input_errors (PrForm *self);
const char *pr_form_get_error (PrForm *self, const char *field);
void pr_form_focus_first_error (PrForm *self);
const char *pr_form_get_obstacle (gboolean writable, gboolean saving, gboolean changed);

G_END_DECLS
