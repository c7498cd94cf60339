/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Import from CSV: the file is read and checked; what would be added and what is wrong is shown;
 * only then anything is written. Main thread. */

#include "pr-mailbox-dialogs.h"

#include "pr-import.h"

#include <glib/gi18n.h>

#define MAX_SHOWN 50                 /* rows of each kind: the rest is counted */
#define MAX_FILE (256 * 1024 * 1024) /* bytes: more than anybody's mailboxes */

typedef struct
{
  PrCommandDialog *dialog; /* borrowed */
  PrPage *page;
  PrImport *import; /* (nullable) */
} PrImportDialog;

static void
import_dialog_free (gpointer data)
{
  PrImportDialog *self = data;

  g_object_unref (self->page);
  g_clear_pointer (&self->import, pr_import_free);
  g_free (self);
}

static PrImportDialog *
get_dialog (PrCommandDialog *dialog)
{
  return g_object_get_data (G_OBJECT (dialog), "pr-dialog");
}

/* --- What would be imported ------------------------------------------------------------------- */

static void
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle, const char *icon)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon != NULL)
    adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon);
  adw_preferences_group_add (group, row);
}

static void
add_more (AdwPreferencesGroup *group, guint n)
{
  g_autofree char *text = NULL;

  if (n <= MAX_SHOWN)
    return;
  text = g_strdup_printf (ngettext ("And %u more", "And %u more", n - MAX_SHOWN), n - MAX_SHOWN);
  add_row (group, text, "", NULL);
}

static void
show_problems (PrImportDialog *self)
{
  GPtrArray *problems = pr_import_get_problems (self->import);
  AdwPreferencesGroup *group;
  g_autofree char *title = NULL;

  if (problems->len == 0)
    return;
  title = g_strdup_printf (
      ngettext ("%u Row Cannot Be Imported", "%u Rows Cannot Be Imported", problems->len),
      problems->len);
  group = pr_command_dialog_add_group (self->dialog, title,
                                       _ ("Correct them in the file and import it once more, or "
                                          "import only the others."));
  for (guint i = 0; i < MIN (problems->len, MAX_SHOWN); i++)
    {
      const PrImportProblem *problem = g_ptr_array_index (problems, i);
      g_autofree char *where =
          problem->column != NULL
              ? g_strdup_printf (_ ("Line %u, column “%s”"), problem->line, problem->column)
              : g_strdup_printf (_ ("Line %u"), problem->line);

      add_row (group, where, problem->message, "postroom-failure-symbolic");
    }
  add_more (group, problems->len);
}

static void
show_mailboxes (PrImportDialog *self)
{
  g_autoptr (GPtrArray) mailboxes = pr_import_list_mailboxes (self->import, MAX_SHOWN);
  guint n = pr_import_get_n_mailboxes (self->import);
  guint n_passwords = pr_import_get_n_passwords (self->import);
  AdwPreferencesGroup *group;
  g_autofree char *title = NULL;
  g_autofree char *passwords = NULL;

  if (n == 0)
    return;
  title = g_strdup_printf (ngettext ("%u Mailbox to Add", "%u Mailboxes to Add", n), n);
  if (n_passwords > 0)
    passwords = g_strdup_printf (ngettext ("%u password goes into the system keyring.",
                                           "%u passwords go into the system keyring.", n_passwords),
                                 n_passwords);
  group = pr_command_dialog_add_group (self->dialog, title, passwords);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      add_row (group, pr_mailbox_get_text (mailbox, ADDRESS), pr_mailbox_get_text (mailbox, NAME),
               NULL);
    }
  add_more (group, n);
}

static void
show_import (PrImportDialog *self)
{
  guint n = pr_import_get_n_mailboxes (self->import);
  g_autofree char *label =
      g_strdup_printf (ngettext ("_Import %u Mailbox", "_Import %u Mailboxes", n), n);

  pr_command_dialog_set_label (self->dialog, label);
  show_problems (self);
  show_mailboxes (self);
  pr_command_dialog_set_missing (self->dialog,
                                 n > 0 ? NULL : _ ("No mailbox in the file can be imported"));
  if (n == 0 && pr_import_get_problems (self->import)->len == 0)
    pr_command_dialog_say (self->dialog, _ ("There is no mailbox in the file."));
}

/* --- Importing -------------------------------------------------------------------------------- */

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCommandDialog) dialog = user_data;
  PrImportDialog *self = get_dialog (dialog);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  pr_environment_run_import_finish (PR_ENVIRONMENT (source), result, &n, &error);
  if (!pr_command_dialog_end (dialog, error))
    return;
  text = g_strdup_printf (ngettext ("%u mailbox imported", "%u mailboxes imported", n), n);
  pr_page_toast (self->page, text);
  pr_page_data_changed (self->page);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
on_go (PrImportDialog *self)
{
  PrEnvironment *environment = pr_page_get_environment (self->page);

  if (environment != NULL && self->import != NULL)
    pr_environment_run_import_async (environment, self->import,
                                     pr_command_dialog_begin (self->dialog, _ ("Importing…")),
                                     on_imported, g_object_ref (self->dialog));
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCommandDialog) dialog = user_data;
  PrImportDialog *self = get_dialog (dialog);
  g_autoptr (GError) error = NULL;

  self->import = pr_environment_read_import_finish (PR_ENVIRONMENT (source), result, &error);
  if (pr_command_dialog_end (dialog, error))
    show_import (self);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrCommandDialog) dialog = user_data;
  PrImportDialog *self = get_dialog (dialog);
  PrEnvironment *environment = pr_page_get_environment (self->page);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (bytes != NULL && g_bytes_get_size (bytes) > MAX_FILE)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The file is too large."));
  if (!pr_command_dialog_end (dialog, error) || environment == NULL)
    return;
  pr_environment_read_import_async (environment, bytes,
                                    pr_command_dialog_begin (dialog, _ ("Reading the file…")),
                                    on_read, g_object_ref (dialog));
}

/**
 * pr_import_dialog_open:
 * @page: the page that asks
 * @file: a CSV file
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrCommandDialog *
pr_import_dialog_open (PrPage *page, GFile *file)
{
  PrCommandDialog *dialog =
      pr_command_dialog_new (GTK_WIDGET (page), _ ("Import from CSV"), _ ("_Import"));
  PrImportDialog *self = g_new0 (PrImportDialog, 1);

  self->dialog = dialog;
  self->page = g_object_ref (page);
  g_object_set_data_full (G_OBJECT (dialog), "pr-dialog", self, import_dialog_free);
  g_signal_connect_swapped (dialog, "go", G_CALLBACK (on_go), self);
  pr_command_dialog_set_missing (dialog, _ ("The file was not read yet"));
  g_file_load_bytes_async (file, pr_command_dialog_begin (dialog, _ ("Reading the file…")),
                           on_loaded, g_object_ref (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
  return dialog;
}
