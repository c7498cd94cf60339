/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Apply Default Email Settings: shows the settings to verify, and tests and enables afterwards
 * unless somebody says otherwise. Main thread. */

#include "pr-mailbox-dialogs.h"

#include "pr-switch-row.h"
#include "pr-window.h"
#include "pr-words.h"

#include <glib/gi18n.h>

typedef struct
{
  PrCommandDialog *dialog; /* borrowed */
  PrPage *page;
  PrSelection *selection;
  PrSwitchRow *test_row; /* borrowed */
  guint n;
} PrDefaultsDialog;

static void
defaults_dialog_free (gpointer data)
{
  PrDefaultsDialog *self = data;

  g_object_unref (self->page);
  pr_selection_free (self->selection);
  g_free (self);
}

static void
start_test (PrDefaultsDialog *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self->page), PR_TYPE_WINDOW);
  g_autofree char *title =
      g_strdup_printf (ngettext ("Testing %u mailbox", "Testing %u mailboxes", self->n), self->n);

  if (window != NULL)
    pr_window_start_job (PR_WINDOW (window), title, self->selection, &pr_test_options_default);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCommandDialog) dialog = user_data;
  PrDefaultsDialog *self = g_object_get_data (G_OBJECT (dialog), "pr-dialog");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error);
  if (!pr_command_dialog_end (dialog, error))
    return;
  text = g_strdup_printf (ngettext ("Default email settings applied to %u mailbox",
                                    "Default email settings applied to %u mailboxes", n),
                          n);
  pr_page_toast (self->page, text);
  pr_page_data_changed (self->page);
  if (pr_switch_row_get_active (self->test_row))
    start_test (self);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
on_go (PrDefaultsDialog *self)
{
  PrEnvironment *environment = pr_page_get_environment (self->page);
  g_autofree char *text = g_strdup_printf (
      ngettext ("Changing %u mailbox…", "Changing %u mailboxes…", self->n), self->n);

  if (environment != NULL)
    pr_environment_command_mailboxes_async (
        environment, self->selection, PR_MAILBOX_COMMAND_APPLY_DEFAULTS,
        pr_command_dialog_begin (self->dialog, text), on_done, g_object_ref (self->dialog));
}

static void
add_fact (AdwPreferencesGroup *group, const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_preferences_group_add (group, row);
}

static void
add_settings (AdwPreferencesGroup *group, PrEnvironment *environment)
{
  PrEmailSettings *settings = pr_environment_get_settings (environment);
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (environment, pr_email_settings_get (settings, PROFILE_ID));

  add_fact (group, _ ("Server profile"),
            profile != NULL ? pr_server_profile_get_text (profile, NAME)
                            : _ ("None is the default: each mailbox keeps the one that it has"));
  add_fact (group, _ ("Incoming email"),
            pr_word_of (PR_TYPE_SYNC_METHOD, (int) pr_email_settings_get (settings, INCOMING)));
  add_fact (group, _ ("Outgoing email"),
            pr_word_of (PR_TYPE_SYNC_METHOD, (int) pr_email_settings_get (settings, OUTGOING)));
  add_fact (group, _ ("Appointments, contacts, and tasks"),
            pr_word_of (PR_TYPE_SYNC_METHOD, PR_SYNC_METHOD_NONE));
}

/**
 * pr_defaults_dialog_open:
 * @page: the page that asks
 * @selection: which mailboxes
 * @n: how many
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrCommandDialog *
pr_defaults_dialog_open (PrPage *page, PrSelection *selection, guint n)
{
  g_autofree char *label =
      g_strdup_printf (ngettext ("_Apply to %u Mailbox", "_Apply to %u Mailboxes", n), n);
  PrCommandDialog *dialog =
      pr_command_dialog_new (GTK_WIDGET (page), _ ("Apply Default Email Settings"), label);
  PrDefaultsDialog *self = g_new0 (PrDefaultsDialog, 1);
  AdwPreferencesGroup *group;

  self->dialog = dialog;
  self->page = g_object_ref (page);
  self->selection = pr_selection_copy (selection);
  self->n = n;
  g_object_set_data_full (G_OBJECT (dialog), "pr-dialog", self, defaults_dialog_free);
  group = pr_command_dialog_add_group (
      dialog, _ ("These Settings"),
      _ ("They are set on the page “Email Settings”. A forward mailbox only receives, whatever "
         "stands here."));
  add_settings (group, pr_page_get_environment (page));
  group = pr_command_dialog_add_group (dialog, NULL, NULL);
  self->test_row =
      g_object_new (PR_TYPE_SWITCH_ROW, "title", _ ("Test and enable afterwards"), "subtitle",
                    _ ("Each mailbox sends a message to itself"), "active", TRUE, NULL);
  adw_preferences_group_add (group, GTK_WIDGET (self->test_row));
  g_signal_connect_swapped (dialog, "go", G_CALLBACK (on_go), self);
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}
