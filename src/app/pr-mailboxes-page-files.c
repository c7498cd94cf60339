/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxesPage: mailboxes from a file and into a file. Main thread. */

#include "pr-mailboxes-page-private.h"

#include "pr-file-picker.h"
#include "pr-import.h"
#include "pr-mailbox-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#define FILE_DATA "pr-export-file"

/* --- Import ----------------------------------------------------------------------------------- */

static void
on_import_chosen (GFile *file, gpointer user_data)
{
  pr_import_dialog_open (PR_PAGE (user_data), file);
}

void
pr_mailboxes_page_import (PrMailboxesPage *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("CSV files"));
  gtk_file_filter_add_mime_type (filter, "text/csv");
  gtk_file_filter_add_suffix (filter, "csv");
  pr_file_picker_open (GTK_WIDGET (self), _ ("Import from CSV"), filter, on_import_chosen, self);
}

/* --- Export ----------------------------------------------------------------------------------- */

typedef struct
{
  PrMailboxesPage *page;
  GFile *file;
} PrExport;

static void
export_free (PrExport *export)
{
  g_object_unref (export->page);
  g_object_unref (export->file);
  g_free (export);
}

static void
end_export (PrExport *export, const GError *error)
{
  PrMailboxesPage *self = export->page;
  g_autofree char *name = g_file_get_basename (export->file);
  g_autofree char *text = g_strdup_printf (_ ("Saved as “%s”"), name);

  pr_busy_bar_end (self->busy_bar);
  pr_mailboxes_page_set_actions (self);
  if (error == NULL)
    pr_page_toast (PR_PAGE (self), text);
  else
    pr_page_show_error (PR_PAGE (self), _ ("The File Was Not Saved"), error);
  export_free (export);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  end_export (user_data, error);
}

static void
write_file (PrExport *export, GBytes *bytes)
{
  g_file_replace_contents_bytes_async (export->file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_REPLACE_DESTINATION, NULL, on_written, export);
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrExport *export = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pr_environment_export_finish (PR_ENVIRONMENT (source), result, &error);

  if (bytes != NULL)
    write_file (export, bytes);
  else
    end_export (export, error);
}

static PrExport *
export_new (PrMailboxesPage *self, GFile *file)
{
  PrExport *export = g_new0 (PrExport, 1);

  export->page = g_object_ref (self);
  export->file = g_object_ref (file);
  return export;
}

/**
 * pr_mailboxes_page_export_to:
 * @self: the page
 * @selection: which mailboxes
 * @file: where
 *
 * Writes a CSV file without secrets.
 */
void
pr_mailboxes_page_export_to (PrMailboxesPage *self, PrSelection *selection, GFile *file)
{
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  if (environment == NULL || pr_busy_bar_is_busy (self->busy_bar))
    return;
  pr_environment_export_async (environment, selection,
                               pr_busy_bar_begin (self->busy_bar, _ ("Exporting…")), on_exported,
                               export_new (self, file));
  pr_mailboxes_page_set_actions (self);
}

static void
on_export_chosen (GFile *file, gpointer user_data)
{
  PrMailboxesPage *self = user_data;

  pr_mailboxes_page_export_to (self, g_object_get_data (G_OBJECT (self), FILE_DATA), file);
}

/* @selection (transfer full): what is exported once a file was chosen. */
void
pr_mailboxes_page_export (PrMailboxesPage *self, PrSelection *selection)
{
  g_object_set_data_full (G_OBJECT (self), FILE_DATA, selection,
                          (GDestroyNotify) pr_selection_free);
  pr_file_picker_save (GTK_WIDGET (self), _ ("Export to CSV"), _ ("mailboxes.csv"),
                       on_export_chosen, self);
}

/* --- A template ------------------------------------------------------------------------------- */

static void
on_template_chosen (GFile *file, gpointer user_data)
{
  PrMailboxesPage *self = user_data;
  char *text = pr_import_make_template ();
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  if (pr_busy_bar_is_busy (self->busy_bar))
    return;
  pr_busy_bar_begin (self->busy_bar, _ ("Exporting…"));
  write_file (export_new (self, file), bytes);
}

void
pr_mailboxes_page_save_template (PrMailboxesPage *self)
{
  pr_file_picker_save (GTK_WIDGET (self), _ ("Save an Empty List"), _ ("mailboxes-template.csv"),
                       on_template_chosen, self);
}
