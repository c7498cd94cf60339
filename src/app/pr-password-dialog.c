/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPasswordDialog: the only place where a secret is typed. GtkPasswordEntry keeps it in memory
 * that is not swapped out (GtkPasswordEntryBuffer) and wipes it; nothing here makes a copy but
 * the PrSecret. Main thread. */

#include "pr-password-dialog.h"

#include "pr-accessible.h"

#include <glib/gi18n.h>

struct _PrPasswordDialog
{
  AdwWindow parent_instance;

  /* Template children */
  GtkLabel *body_label;
  GtkPasswordEntry *entry;
  GtkLabel *note_label;

  /* Owned */
  PrPasswordAnswer answer;
  gpointer user_data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (PrPasswordDialog, pr_password_dialog, ADW_TYPE_WINDOW)

static void
on_changed (PrPasswordDialog *self)
{
  g_assert (PR_IS_PASSWORD_DIALOG (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "password.set",
                                 *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0');
}

static void
on_set (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrPasswordDialog *self = PR_PASSWORD_DIALOG (widget);
  g_autoptr (PrSecret) secret =
      pr_secret_new (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  if (self->answer != NULL)
    self->answer (secret, self->user_data);
  gtk_window_close (GTK_WINDOW (self));
}

static void
pr_password_dialog_dispose (GObject *object)
{
  PrPasswordDialog *self = PR_PASSWORD_DIALOG (object);

  if (self->destroy != NULL)
    g_clear_pointer (&self->user_data, self->destroy);
  self->answer = NULL;
  G_OBJECT_CLASS (pr_password_dialog_parent_class)->dispose (object);
}

static void
pr_password_dialog_class_init (PrPasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_password_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, body_label);
  gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, PrPasswordDialog, note_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_install_action (widget_class, "password.set", NULL, on_set);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_password_dialog_init (PrPasswordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  on_changed (self);
}

/**
 * pr_password_dialog_ask:
 * @parent: any widget in the window that asks
 * @title: such as "Set Password", in title case
 * @body: whose password it is
 * @answer: called with the password
 * @user_data: (transfer full): for @answer
 * @destroy: (nullable): frees @user_data
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrPasswordDialog *
pr_password_dialog_ask (GtkWidget *parent,
                        const char *title,
                        const char *body,
                        PrPasswordAnswer answer,
                        gpointer user_data,
                        GDestroyNotify destroy)
{
  PrPasswordDialog *self = g_object_new (PR_TYPE_PASSWORD_DIALOG, "title", title, "transient-for",
                                         gtk_widget_get_root (parent), NULL);

  self->answer = answer;
  self->user_data = user_data;
  self->destroy = destroy;
  gtk_label_set_label (self->body_label, body);
  /* Not on “Cancel”, which comes first. */
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

/**
 * pr_password_dialog_set_note:
 * @self: a dialog
 * @text: where the password is kept, if that is not the keyring
 */
void
pr_password_dialog_set_note (PrPasswordDialog *self, const char *text)
{
  g_return_if_fail (PR_IS_PASSWORD_DIALOG (self));

  gtk_label_set_label (self->note_label, text);
}
