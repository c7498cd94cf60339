/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrEnvironmentsDialog: one row an environment, its name editable in place. An environment that
 * is not shown is opened for the moment that a command on it takes. Main thread. */

#include "pr-environments-dialog.h"

#include "pr-accessible.h"
#include "pr-dialog.h"
#include "pr-environment-list.h"
#include "pr-environment-manage.h"

#include <glib/gi18n.h>

struct _PrEnvironmentsDialog
{
  AdwWindow parent_instance;

  /* Template children */
  AdwEntryRow *new_row;
  GtkListBox *list;

  /* Borrowed */
  PrWindow *window;

  /* Owned */
  char *current; /* id of the one that the window shows */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (PrEnvironmentsDialog, pr_environments_dialog, ADW_TYPE_WINDOW)

/* A command on an environment that has to be opened first. */
typedef struct
{
  PrEnvironmentsDialog *self;
  char *name; /* (nullable): the new name; NULL: to be removed */
} PrEnvironmentCommand;

static void list_again (PrEnvironmentsDialog *self);

static void
command_free (PrEnvironmentCommand *command)
{
  g_object_unref (command->self);
  g_free (command->name);
  g_free (command);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrEnvironmentCommand, command_free)

static PrApplication *
get_application (PrEnvironmentsDialog *self)
{
  return PR_APPLICATION (gtk_window_get_application (GTK_WINDOW (self->window)));
}

static void
end_command (PrEnvironmentsDialog *self, const char *heading, const GError *error)
{
  self->busy = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), TRUE);
  if (self->window == NULL)
    return;
  if (error != NULL)
    pr_dialog_tell (GTK_WIDGET (self), heading, error->message);
  list_again (self);
  pr_window_update_environments (self->window);
}

static void
begin_command (PrEnvironmentsDialog *self)
{
  self->busy = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), FALSE);
}

/* --- Rename ----------------------------------------------------------------------------------- */

static void
on_renamed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrEnvironmentCommand) command = user_data;
  g_autoptr (GError) error = NULL;

  pr_environment_rename_finish (PR_ENVIRONMENT (source), result, &error);
  end_command (command->self, _ ("The Environment Was Not Renamed"), error);
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrEnvironmentCommand) command = user_data;
  g_autoptr (GError) error = NULL;

  pr_environment_remove_finish (PR_ENVIRONMENT (source), result, &error);
  end_command (command->self, _ ("The Environment Was Not Removed"), error);
}

static void
run_command (PrEnvironment *environment, PrEnvironmentCommand *command)
{
  if (command->name != NULL)
    pr_environment_rename_async (environment, command->name, NULL, on_renamed, command);
  else
    pr_environment_remove_async (environment, NULL, on_removed, command);
}

static void
on_opened_for_command (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrEnvironmentCommand) command = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrEnvironment) environment = pr_environment_open_finish (result, &error);

  if (environment == NULL)
    end_command (command->self, _ ("The Environment Could Not Be Opened"), error);
  else
    run_command (environment, g_steal_pointer (&command));
}

/* @name: (nullable): the new name; NULL removes it. */
static void
start_command (PrEnvironmentsDialog *self, const char *id, const char *name)
{
  PrEnvironmentCommand *command = g_new0 (PrEnvironmentCommand, 1);

  command->self = g_object_ref (self);
  command->name = g_strdup (name);
  begin_command (self);
  if (g_strcmp0 (id, self->current) == 0)
    run_command (pr_window_get_environment (self->window), command);
  else
    pr_environment_open_async (pr_application_get_data_dir (get_application (self)), id,
                               pr_application_get_keyring (get_application (self)), NULL,
                               on_opened_for_command, command);
}

static const char *
get_row_id (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "id");
}

static void
on_name_applied (PrEnvironmentsDialog *self, AdwEntryRow *row)
{
  g_assert (PR_IS_ENVIRONMENTS_DIALOG (self));

  start_command (self, get_row_id (GTK_WIDGET (row)), gtk_editable_get_text (GTK_EDITABLE (row)));
}

/* --- Remove ----------------------------------------------------------------------------------- */

typedef struct
{
  PrEnvironmentsDialog *self;
  char *id;
} PrRemoval;

static void
removal_free (gpointer data)
{
  PrRemoval *removal = data;

  g_object_unref (removal->self);
  g_free (removal->id);
  g_free (removal);
}

static void
on_remove_answer (const char *response, gpointer user_data)
{
  PrRemoval *removal = user_data;

  if (g_str_equal (response, "remove") && removal->self->window != NULL)
    start_command (removal->self, removal->id, NULL);
}

static void
on_remove (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PrEnvironmentsDialog *self = PR_ENVIRONMENTS_DIALOG (widget);
  g_autofree char *heading = NULL;
  PrRemoval *removal;
  const char *id, *name;

  g_variant_get (parameter, "(&s&s)", &id, &name);
  removal = g_new0 (PrRemoval, 1);
  removal->self = g_object_ref (self);
  removal->id = g_strdup (id);
  heading = g_strdup_printf (_ ("Remove “%s”?"), name);
  pr_dialog_ask (widget, heading,
                 _ ("Its profiles, settings, mailboxes and alerts, and its passwords in the "
                    "keyring, are gone for good."),
                 "remove", _ ("_Remove"), ADW_RESPONSE_DESTRUCTIVE, on_remove_answer, removal,
                 removal_free);
}

/* --- Add and switch --------------------------------------------------------------------------- */

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrEnvironmentsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrEnvironment) environment = pr_environment_add_finish (result, &error);

  if (environment != NULL && self->window != NULL)
    {
      /* Otherwise the empty row would still offer to be applied. */
      adw_entry_row_set_show_apply_button (self->new_row, FALSE);
      gtk_editable_set_text (GTK_EDITABLE (self->new_row), "");
      adw_entry_row_set_show_apply_button (self->new_row, TRUE);
    }
  end_command (self, _ ("The Environment Was Not Added"), error);
}

static void
on_new_applied (PrEnvironmentsDialog *self)
{
  g_assert (PR_IS_ENVIRONMENTS_DIALOG (self));

  if (self->busy)
    return;
  begin_command (self);
  pr_environment_add_async (pr_application_get_data_dir (get_application (self)),
                            gtk_editable_get_text (GTK_EDITABLE (self->new_row)),
                            pr_application_get_keyring (get_application (self)), NULL, on_added,
                            g_object_ref (self));
}

static void
on_switch (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PrEnvironmentsDialog *self = PR_ENVIRONMENTS_DIALOG (widget);

  /* It goes with this dialog. */
  g_autoptr (PrWindow) window = g_object_ref (self->window);
  g_autoptr (GVariant) id = g_variant_ref (parameter);

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action_variant (GTK_WIDGET (window), "win.switch-environment", id);
}

/* --- The list --------------------------------------------------------------------------------- */

static GtkWidget *
new_button (const char *icon, const char *label, const char *action, GVariant *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  pr_accessible_hide_classes (button);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static void
add_broken_row (PrEnvironmentsDialog *self, const PrEnvironmentInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("postroom-failure-symbolic");

  gtk_widget_add_css_class (icon, "status-failure");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Cannot be opened"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), info->error->message);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (self->list, row);
}

static void
add_row (PrEnvironmentsDialog *self, const PrEnvironmentInfo *info)
{
  GtkWidget *row = adw_entry_row_new ();
  gboolean current = g_strcmp0 (info->id, self->current) == 0;
  GtkWidget *remove =
      new_button ("user-trash-symbolic", _ ("Remove This Environment"), "environments.remove",
                  g_variant_new ("(ss)", info->id, info->name));

  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (info->id), g_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 current ? _ ("Name (shown now)") : _ ("Name"));
  gtk_editable_set_text (GTK_EDITABLE (row), info->name);
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  if (!current)
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row),
                              new_button ("go-next-symbolic", _ ("Switch to This Environment"),
                                          "environments.switch", g_variant_new_string (info->id)));
  if (current)
    {
      gtk_widget_set_sensitive (remove, FALSE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), NULL);
      gtk_widget_set_tooltip_text (remove, _ ("Switch to another environment to remove this one"));
    }
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), remove);
  g_signal_connect_object (row, "apply", G_CALLBACK (on_name_applied), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->list, row);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrEnvironmentsDialog) self = user_data;
  g_autoptr (GPtrArray) list = pr_environment_list_finish (result, NULL);
  GtkWidget *row;

  if (self->window == NULL || list == NULL)
    return;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);

      if (info->error != NULL)
        add_broken_row (self, info);
      else
        add_row (self, info);
    }
}

static void
list_again (PrEnvironmentsDialog *self)
{
  pr_environment_list_async (pr_application_get_data_dir (get_application (self)), NULL, on_listed,
                             g_object_ref (self));
}

static void
pr_environments_dialog_dispose (GObject *object)
{
  PrEnvironmentsDialog *self = PR_ENVIRONMENTS_DIALOG (object);

  self->window = NULL;
  g_clear_pointer (&self->current, g_free);
  G_OBJECT_CLASS (pr_environments_dialog_parent_class)->dispose (object);
}

static void
pr_environments_dialog_class_init (PrEnvironmentsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_environments_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-environments-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PrEnvironmentsDialog, new_row);
  gtk_widget_class_bind_template_child (widget_class, PrEnvironmentsDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, on_new_applied);
  gtk_widget_class_install_action (widget_class, "environments.switch", "s", on_switch);
  gtk_widget_class_install_action (widget_class, "environments.remove", "(ss)", on_remove);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_environments_dialog_init (PrEnvironmentsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pr_environments_dialog_show:
 * @window: the window, which shows one of the environments
 *
 * Returns: (transfer none): the dialog, which is shown
 */
PrEnvironmentsDialog *
pr_environments_dialog_show (PrWindow *window)
{
  PrEnvironment *environment = pr_window_get_environment (window);
  PrEnvironmentsDialog *self =
      g_object_new (PR_TYPE_ENVIRONMENTS_DIALOG, "transient-for", window, NULL);

  self->window = window;
  self->current = environment != NULL ? g_strdup (pr_environment_get_id (environment)) : NULL;
  list_again (self);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}
