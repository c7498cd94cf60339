/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions to a person: the only place that knows AdwMessageDialog, which libadwaita 1.6
 * deprecates in favour of AdwAlertDialog. Main thread. */

#include "pr-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  PrDialogAnswer answer;
  gpointer user_data;
  GDestroyNotify destroy;
} PrQuestion;

static void
question_free (gpointer data, GClosure *closure)
{
  PrQuestion *question = data;

  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
on_response (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  PrQuestion *question = user_data;

  g_assert (ADW_IS_MESSAGE_DIALOG (dialog));

  if (question->answer != NULL)
    question->answer (response, question->user_data);
}

static AdwMessageDialog *
new_dialog (GtkWidget *parent, const char *heading, const char *body)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;

  return ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (root != NULL ? GTK_WINDOW (root) : NULL, heading, body));
}

/**
 * pr_dialog_ask:
 * @parent: any widget in the window that asks
 * @heading: the question, in title case
 * @body: (nullable): what happens
 * @response: id of the answer that goes on
 * @label: its label, with a mnemonic
 * @appearance: %ADW_RESPONSE_DESTRUCTIVE where something is lost
 * @answer: called once with the answer
 * @user_data: (transfer full): for @answer
 * @destroy: (nullable): frees @user_data
 *
 * Asks whether to go on; the other answer is “Cancel”.
 *
 * Returns: (transfer none): the dialog, which is shown
 */
GtkWindow *
pr_dialog_ask (GtkWidget *parent,
               const char *heading,
               const char *body,
               const char *response,
               const char *label,
               AdwResponseAppearance appearance,
               PrDialogAnswer answer,
               gpointer user_data,
               GDestroyNotify destroy)
{
  AdwMessageDialog *dialog = new_dialog (parent, heading, body);
  PrQuestion *question = g_new0 (PrQuestion, 1);

  question->answer = answer;
  question->user_data = user_data;
  question->destroy = destroy;
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (dialog, response, appearance);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (
      dialog, appearance == ADW_RESPONSE_DESTRUCTIVE ? "cancel" : response);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}

/**
 * pr_dialog_tell:
 * @parent: any widget in the window that tells
 * @heading: what happened
 * @body: (nullable): why, and what to do
 *
 * Returns: (transfer none): the dialog, which is shown
 */
GtkWindow *
pr_dialog_tell (GtkWidget *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = new_dialog (parent, heading, body);

  adw_message_dialog_add_response (dialog, "cancel", _ ("_Close"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (dialog, "cancel");
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WINDOW (dialog);
}

/**
 * pr_dialog_add_response:
 * @dialog: what pr_dialog_ask() or pr_dialog_tell() returned
 * @response: id of one more answer
 * @label: its label, with a mnemonic
 * @appearance: how it looks
 */
void
pr_dialog_add_response (GtkWindow *dialog,
                        const char *response,
                        const char *label,
                        AdwResponseAppearance appearance)
{
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), response, label);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response, appearance);
}

/* Shows @child below the text of @dialog. */
void
pr_dialog_set_child (GtkWindow *dialog, GtkWidget *child)
{
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), child);
}

/* What a click on an answer does; for tests. */
void
pr_dialog_respond (GtkWindow *dialog, const char *response)
{
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (dialog);
}
