/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrCommandDialog: what the dialogs of commands on many mailboxes share. Main thread. */

#include "pr-command-dialog.h"

#include "pr-accessible.h"
#include "pr-busy-bar.h"

#include <glib/gi18n.h>

struct _PrCommandDialog
{
  AdwWindow parent_instance;

  /* Template children */
  GtkButton *go_button;
  GtkRevealer *message_revealer;
  GtkLabel *message_label;
  AdwPreferencesPage *page;
  PrBusyBar *busy_bar;

  const char *missing; /* (nullable) (unowned): why there is nothing to do */
};

G_DEFINE_FINAL_TYPE (PrCommandDialog, pr_command_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_GO,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GCancellable *
get_cancellable (PrCommandDialog *self)
{
  return g_object_get_data (G_OBJECT (self), "pr-cancellable");
}

static void
update (PrCommandDialog *self)
{
  gboolean busy = pr_busy_bar_is_busy (self->busy_bar);

  gtk_widget_set_sensitive (GTK_WIDGET (self->page), !busy);
  pr_accessible_set_obstacle (self, "dialog.go", self->go_button,
                              busy ? _ ("It is being done") : self->missing);
}

static void
on_go (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_GO], 0);
}

/* While something runs it is that which is cancelled; the dialog stays, so that it can say so. */
static void
on_cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrCommandDialog *self = PR_COMMAND_DIALOG (widget);

  if (pr_busy_bar_is_busy (self->busy_bar))
    g_cancellable_cancel (get_cancellable (self));
  else
    gtk_window_close (GTK_WINDOW (self));
}

static gboolean
pr_command_dialog_close_request (GtkWindow *window)
{
  PrCommandDialog *self = PR_COMMAND_DIALOG (window);

  if (pr_busy_bar_is_busy (self->busy_bar))
    {
      g_cancellable_cancel (get_cancellable (self));
      return TRUE;
    }
  return GTK_WINDOW_CLASS (pr_command_dialog_parent_class)->close_request (window);
}

static void
pr_command_dialog_class_init (PrCommandDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  GTK_WINDOW_CLASS (klass)->close_request = pr_command_dialog_close_request;

  signals[SIGNAL_GO] = g_signal_new ("go", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PR_TYPE_BUSY_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-command-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PrCommandDialog, go_button);
  gtk_widget_class_bind_template_child (widget_class, PrCommandDialog, message_revealer);
  gtk_widget_class_bind_template_child (widget_class, PrCommandDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, PrCommandDialog, page);
  gtk_widget_class_bind_template_child (widget_class, PrCommandDialog, busy_bar);
  gtk_widget_class_install_action (widget_class, "dialog.go", NULL, on_go);
  gtk_widget_class_install_action (widget_class, "dialog.cancel", NULL, on_cancel);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "dialog.cancel", NULL);
}

static void
pr_command_dialog_init (PrCommandDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  update (self);
}

/**
 * pr_command_dialog_new:
 * @parent: any widget in the window that asks
 * @title: of the dialog, in title case
 * @label: of the button that does it, with a mnemonic
 *
 * Returns: (transfer none): an empty dialog, not shown yet
 */
PrCommandDialog *
pr_command_dialog_new (GtkWidget *parent, const char *title, const char *label)
{
  PrCommandDialog *self = g_object_new (PR_TYPE_COMMAND_DIALOG, "title", title, "transient-for",
                                        gtk_widget_get_root (parent), NULL);

  pr_command_dialog_set_label (self, label);
  return self;
}

/**
 * pr_command_dialog_add_group:
 * @self: a dialog
 * @title: (nullable): of the group
 * @description: (nullable): below the title
 *
 * Returns: (transfer none): an empty group of rows
 */
AdwPreferencesGroup *
pr_command_dialog_add_group (PrCommandDialog *self, const char *title, const char *description)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  g_return_val_if_fail (PR_IS_COMMAND_DIALOG (self), NULL);

  if (title != NULL)
    adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
  pr_accessible_hide_classes (GTK_WIDGET (group));
  adw_preferences_page_add (self->page, group);
  return group;
}

void
pr_command_dialog_set_label (PrCommandDialog *self, const char *label)
{
  g_return_if_fail (PR_IS_COMMAND_DIALOG (self));

  gtk_button_set_label (self->go_button, label);
}

/**
 * pr_command_dialog_set_missing:
 * @self: a dialog
 * @missing: (nullable): why there is nothing to do; must stay; %NULL: there is something
 */
void
pr_command_dialog_set_missing (PrCommandDialog *self, const char *missing)
{
  g_return_if_fail (PR_IS_COMMAND_DIALOG (self));

  self->missing = missing;
  update (self);
}

/**
 * pr_command_dialog_say:
 * @self: a dialog
 * @message: (nullable): what has to be said, such as why it could not be done
 */
void
pr_command_dialog_say (PrCommandDialog *self, const char *message)
{
  g_return_if_fail (PR_IS_COMMAND_DIALOG (self));

  if (message != NULL)
    gtk_label_set_label (self->message_label, message);
  gtk_revealer_set_reveal_child (self->message_revealer, message != NULL);
}

/**
 * pr_command_dialog_begin:
 * @self: a dialog
 * @text: what is being done
 *
 * Returns: (transfer none): cancelled when somebody says so
 */
GCancellable *
pr_command_dialog_begin (PrCommandDialog *self, const char *text)
{
  GCancellable *cancellable;

  g_return_val_if_fail (PR_IS_COMMAND_DIALOG (self), NULL);

  pr_command_dialog_say (self, NULL);
  cancellable = pr_busy_bar_begin (self->busy_bar, text);
  g_object_set_data_full (G_OBJECT (self), "pr-cancellable", g_object_ref (cancellable),
                          g_object_unref);
  update (self);
  return cancellable;
}

/**
 * pr_command_dialog_end:
 * @self: a dialog
 * @error: (nullable): why it could not be done: it is shown, and the dialog stays
 *
 * Returns: whether it was done
 */
gboolean
pr_command_dialog_end (PrCommandDialog *self, const GError *error)
{
  g_return_val_if_fail (PR_IS_COMMAND_DIALOG (self), FALSE);

  pr_busy_bar_end (self->busy_bar);
  update (self);
  if (error == NULL)
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pr_command_dialog_say (self, _ ("Cancelled: nothing was changed."));
  else
    pr_command_dialog_say (self, error->message);
  return FALSE;
}

/* What a click on the button does; for tests. */
void
pr_command_dialog_go (PrCommandDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.go", NULL);
}
