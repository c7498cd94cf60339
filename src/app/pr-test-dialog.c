/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test with Options: which directions, and how far the outgoing test goes. Main thread. */

#include "pr-mailbox-dialogs.h"

#include "pr-choice-row.h"
#include "pr-switch-row.h"
#include "pr-window.h"

#include <glib/gi18n.h>

typedef struct
{
  PrCommandDialog *dialog; /* borrowed */
  PrPage *page;
  PrSelection *selection;
  guint n;

  /* Borrowed */
  PrSwitchRow *incoming_row;
  PrSwitchRow *outgoing_row;
  PrChoiceRow *submit_row;
  PrSwitchRow *verify_row;
} PrTestDialog;

static void
test_dialog_free (gpointer data)
{
  PrTestDialog *self = data;

  g_object_unref (self->page);
  pr_selection_free (self->selection);
  g_free (self);
}

static void
on_changed (PrTestDialog *self)
{
  gboolean outgoing = pr_switch_row_get_active (self->outgoing_row);
  gboolean incoming = pr_switch_row_get_active (self->incoming_row);
  gboolean sends = outgoing && pr_choice_row_get_value (self->submit_row) == PR_SUBMIT_MESSAGE;

  gtk_widget_set_sensitive (GTK_WIDGET (self->submit_row), outgoing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->verify_row), sends);
  pr_command_dialog_set_missing (
      self->dialog,
      incoming || outgoing ? NULL : _ ("Neither incoming nor outgoing email is chosen"));
}

static void
on_go (PrTestDialog *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self->page), PR_TYPE_WINDOW);
  PrTestOptions options = pr_test_options_default;
  g_autofree char *title =
      g_strdup_printf (ngettext ("Testing %u mailbox", "Testing %u mailboxes", self->n), self->n);

  options.incoming = pr_switch_row_get_active (self->incoming_row);
  options.outgoing = pr_switch_row_get_active (self->outgoing_row);
  options.submit = (PrSubmit) pr_choice_row_get_value (self->submit_row);
  if (options.submit == PR_SUBMIT_MESSAGE && pr_switch_row_get_active (self->verify_row))
    options.verify_s = PR_VERIFY_DEFAULT_S;
  if (window != NULL)
    pr_window_start_job (PR_WINDOW (window), title, self->selection, &options);
  gtk_window_destroy (GTK_WINDOW (self->dialog));
}

static PrSwitchRow *
add_switch (PrTestDialog *self,
            AdwPreferencesGroup *group,
            const char *title,
            const char *subtitle,
            gboolean active)
{
  PrSwitchRow *row = g_object_new (PR_TYPE_SWITCH_ROW, "title", title, "active", active, NULL);

  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, GTK_WIDGET (row));
  g_signal_connect_swapped (row, "notify::active", G_CALLBACK (on_changed), self);
  return row;
}

/**
 * pr_test_dialog_open:
 * @page: the page that asks
 * @selection: which mailboxes
 * @n: how many
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrCommandDialog *
pr_test_dialog_open (PrPage *page, PrSelection *selection, guint n)
{
  g_autofree char *label =
      g_strdup_printf (ngettext ("_Test %u Mailbox", "_Test %u Mailboxes", n), n);
  PrCommandDialog *dialog =
      pr_command_dialog_new (GTK_WIDGET (page), _ ("Test with Options"), label);
  PrTestDialog *self = g_new0 (PrTestDialog, 1);
  AdwPreferencesGroup *group = pr_command_dialog_add_group (dialog, NULL, NULL);

  self->dialog = dialog;
  self->page = g_object_ref (page);
  self->selection = pr_selection_copy (selection);
  self->n = n;
  g_object_set_data_full (G_OBJECT (dialog), "pr-dialog", self, test_dialog_free);
  self->incoming_row = add_switch (self, group, _ ("Test incoming email"), NULL, TRUE);
  self->outgoing_row = add_switch (self, group, _ ("Test outgoing email"), NULL, TRUE);
  self->submit_row = g_object_new (PR_TYPE_CHOICE_ROW, "title", _ ("The outgoing test"),
                                   "use-subtitle", TRUE, NULL);
  pr_choice_row_add (self->submit_row, PR_SUBMIT_MESSAGE,
                     _ ("Sends a message from the mailbox to itself"));
  pr_choice_row_add (self->submit_row, PR_SUBMIT_ENVELOPE,
                     _ ("Connects, logs in and names sender and recipient; sends nothing"));
  pr_choice_row_add (self->submit_row, PR_SUBMIT_NONE, _ ("Connects and logs in only"));
  pr_choice_row_set_value (self->submit_row, PR_SUBMIT_MESSAGE);
  g_signal_connect_swapped (self->submit_row, "notify::value", G_CALLBACK (on_changed), self);
  adw_preferences_group_add (group, GTK_WIDGET (self->submit_row));
  self->verify_row = add_switch (self, group, _ ("Verify delivery"),
                                 _ ("Looks for up to a minute whether the message arrives"), FALSE);
  g_signal_connect_swapped (dialog, "go", G_CALLBACK (on_go), self);
  on_changed (self);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}
