/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrCommandDialog:
 *
 * A dialog that first shows what a command will do, then does it: with “Cancel” while it runs, and
 * with the reason where it could not be done.
 *
 * Signal: "go" when somebody wants it done.
 */
#define PR_TYPE_COMMAND_DIALOG (pr_command_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrCommandDialog, pr_command_dialog, PR, COMMAND_DIALOG, AdwWindow)

PrCommandDialog *pr_command_dialog_new (GtkWidget *parent, const char *title, const char *label);
AdwPreferencesGroup *
pr_command_dialog_add_group (PrCommandDialog *self, const char *title, const char *description);
void pr_command_dialog_set_label (PrCommandDialog *self, const char *label);
void pr_command_dialog_set_missing (PrCommandDialog *self, const char *missing);
void pr_command_dialog_say (PrCommandDialog *self, const char *message);
GCancellable *pr_command_dialog_begin (PrCommandDialog *self, const char *text);
gboolean pr_command_dialog_end (PrCommandDialog *self, const GError *error);
void pr_command_dialog_go (PrCommandDialog *self);

G_END_DECLS
