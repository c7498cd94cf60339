/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Choosing files: the only place that knows GtkFileChooserNative, which GTK 4.10 deprecates in
 * favour of GtkFileDialog. Main thread. */

#include "pr-file-picker.h"

#include <glib/gi18n.h>

typedef struct
{
  PrFileAnswer answer;
  GObject *owner; /* an object that is asked about */
} PrPicking;

static void
picking_free (gpointer data, GClosure *closure)
{
  PrPicking *picking = data;

  g_clear_object (&picking->owner);
  g_free (picking);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  PrPicking *picking = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    picking->answer (file, picking->owner);
  g_object_unref (dialog);
}

static void
pick (GtkFileChooserNative *dialog, PrFileAnswer answer, gpointer user_data)
{
  PrPicking *picking = g_new0 (PrPicking, 1);

  picking->answer = answer;
  picking->owner = g_object_ref (user_data);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), picking, picking_free, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * pr_file_picker_open:
 * @parent: any widget in the window that asks
 * @title: what is chosen, in title case
 * @filter: (nullable) (transfer none): which files are offered
 * @answer: called with the file
 * @user_data: (type GObject): for @answer; kept until the dialog is closed
 */
void
pr_file_picker_open (GtkWidget *parent,
                     const char *title,
                     GtkFileFilter *filter,
                     PrFileAnswer answer,
                     gpointer user_data)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (parent)),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  if (filter != NULL)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  pick (dialog, answer, user_data);
}

/**
 * pr_file_picker_save:
 * @parent: any widget in the window that asks
 * @title: what is saved, in title case
 * @name: file name that is proposed
 * @answer: called with the file
 * @user_data: (type GObject): for @answer; kept until the dialog is closed
 */
void
pr_file_picker_save (GtkWidget *parent,
                     const char *title,
                     const char *name,
                     PrFileAnswer answer,
                     gpointer user_data)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (parent)),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  pick (dialog, answer, user_data);
}
