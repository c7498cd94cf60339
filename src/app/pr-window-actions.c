/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: its actions, and the one function that says which of them can be used. Main
 * thread. */

#include "pr-window-private.h"

#include "pr-alerts-page.h"
#include "pr-environment-list.h"
#include "pr-environments-dialog.h"
#include "pr-mailboxes-page.h"
#include "pr-panes.h"
#include "pr-preferences.h"

#include <glib/gi18n.h>

static void
on_show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrWindow *self = PR_WINDOW (widget);

  pr_window_show_page (self, g_variant_get_string (parameter, NULL));
  pr_panes_focus_content (self->split);
}

static void
on_switch_environment (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrWindow *self = PR_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  /* What is shown already needs no test to be stopped. */
  if (self->environment != NULL && g_str_equal (id, pr_environment_get_id (self->environment)))
    return;
  if (!pr_window_ask_to_discard (self, "win.switch-environment", id)
      && !pr_window_ask_to_stop (self, "win.switch-environment", id))
    pr_window_open_environment (self, id);
}

static void
on_show_mailboxes (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrWindow *self = PR_WINDOW (widget);
  const char *nick, *code;
  gint64 profile_id;
  int view = PR_VIEW_ALL;

  g_variant_get (parameter, "(&sx&s)", &nick, &profile_id, &code);
  if (!pr_enum_from_nick (PR_TYPE_VIEW, nick, &view))
    return;
  pr_window_show_page (self, "mailboxes");
  pr_mailboxes_page_show (PR_MAILBOXES_PAGE (pr_window_get_page (self, "mailboxes")), (PrView) view,
                          profile_id, *code != '\0' ? code : NULL);
}

static void
on_show_profile (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrWindow *self = PR_WINDOW (widget);

  pr_window_show_page (self, "profiles");
  gtk_widget_activate_action_variant (GTK_WIDGET (pr_window_get_page (self, "profiles")),
                                      "profile.edit", parameter);
}

static void
on_show_profile_alerts (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrWindow *self = PR_WINDOW (widget);

  pr_window_show_page (self, "alerts");
  pr_alerts_page_show (PR_ALERTS_PAGE (pr_window_get_page (self, "alerts")), 0,
                       g_variant_get_int64 (parameter), NULL);
}

static void
on_reload (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_data_changed (PR_WINDOW (widget));
}

static void
on_environments (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_environments_dialog_show (PR_WINDOW (widget));
}

static void
on_preferences (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_preferences_show (PR_WINDOW (widget));
}

static void
on_practice (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!pr_window_ask_to_discard (PR_WINDOW (widget), "win.practice", NULL)
      && !pr_window_ask_to_stop (PR_WINDOW (widget), "win.practice", NULL))
    pr_window_open_practice (PR_WINDOW (widget));
}

static void
on_leave_practice (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!pr_window_ask_to_stop (PR_WINDOW (widget), "win.leave-practice", NULL))
    pr_window_leave_practice (PR_WINDOW (widget));
}

static void
on_retry (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *wanted = g_strdup (PR_WINDOW (widget)->wanted_environment);

  pr_window_open_environment (PR_WINDOW (widget), wanted);
}

static void
on_secrets_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_clear_left_secrets_finish (PR_ENVIRONMENT (source), result, &error))
    pr_window_toast (self, _ ("The passwords were removed from the keyring"));
  else
    pr_window_show_error (self, _ ("The Passwords Could Not Be Removed"), error);
  pr_window_update_banner (self);
}

static void
on_clear_secrets (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_environment_clear_left_secrets_async (PR_WINDOW (widget)->environment, NULL,
                                           on_secrets_cleared, g_object_ref (widget));
}

static void
on_close_now (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_close_now (PR_WINDOW (widget));
}

static void
on_show_job (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_show_job (PR_WINDOW (widget));
}

static void
on_cancel_job (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_job_cancel (pr_window_get_job (PR_WINDOW (widget)));
}

static void
on_close_job (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_close_job (PR_WINDOW (widget));
}

/* GTK would make it with the window, and it has more widgets than most pages. */
static void
on_show_help_overlay (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkApplicationWindow *self = GTK_APPLICATION_WINDOW (widget);

  if (gtk_application_window_get_help_overlay (self) == NULL)
    {
      g_autoptr (GtkBuilder) builder =
          gtk_builder_new_from_resource ("/io/github/postroom/Postroom/ui/help-overlay.ui");

      gtk_application_window_set_help_overlay (
          self, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (self)));
}

static void
on_next_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_panes_move_focus (PR_WINDOW (widget)->split, GTK_DIR_TAB_FORWARD);
}

static void
on_previous_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_panes_move_focus (PR_WINDOW (widget)->split, GTK_DIR_TAB_BACKWARD);
}

void
pr_window_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", on_show_page);
  gtk_widget_class_install_property_action (widget_class, "win.toggle-sidebar", "show-sidebar");
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, on_next_pane);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, on_previous_pane);
  gtk_widget_class_install_action (widget_class, "win.switch-environment", "s",
                                   on_switch_environment);
  gtk_widget_class_install_action (widget_class, "win.show-mailboxes", "(sxs)", on_show_mailboxes);
  gtk_widget_class_install_action (widget_class, "win.show-profile", "x", on_show_profile);
  gtk_widget_class_install_action (widget_class, "win.show-profile-alerts", "x",
                                   on_show_profile_alerts);
  gtk_widget_class_install_action (widget_class, "win.reload", NULL, on_reload);
  gtk_widget_class_install_action (widget_class, "win.environments", NULL, on_environments);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, on_preferences);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL,
                                   on_show_help_overlay);
  gtk_widget_class_install_action (widget_class, "win.practice", NULL, on_practice);
  gtk_widget_class_install_action (widget_class, "win.leave-practice", NULL, on_leave_practice);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, on_retry);
  gtk_widget_class_install_action (widget_class, "win.clear-secrets", NULL, on_clear_secrets);
  gtk_widget_class_install_action (widget_class, "win.close-now", NULL, on_close_now);
  gtk_widget_class_install_action (widget_class, "win.show-job", NULL, on_show_job);
  gtk_widget_class_install_action (widget_class, "win.cancel-job", NULL, on_cancel_job);
  gtk_widget_class_install_action (widget_class, "win.close-job", NULL, on_close_job);
}

/**
 * pr_window_update_actions:
 * @self: a window
 *
 * Sets the sensitivity of every action of the window and of the page that is shown.
 */
void
pr_window_update_actions (PrWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  PrWindowJob *job;
  gboolean running, open, practice, closing;

  g_return_if_fail (PR_IS_WINDOW (self));

  job = pr_window_get_job (self);
  running = pr_window_is_testing (self);
  open = self->environment != NULL;
  practice = pr_window_is_practice (self);
  closing = self->closing_source != 0;
  if (self->sidebar != NULL)
    gtk_widget_set_sensitive (GTK_WIDGET (self->sidebar), open);
  gtk_widget_action_set_enabled (widget, "win.show-page", open);
  gtk_widget_action_set_enabled (widget, "win.show-mailboxes", open);
  gtk_widget_action_set_enabled (widget, "win.show-profile", open);
  gtk_widget_action_set_enabled (widget, "win.show-profile-alerts", open);
  gtk_widget_action_set_enabled (widget, "win.reload", open);
  gtk_widget_action_set_enabled (widget, "win.show-job", job != NULL);
  gtk_widget_action_set_enabled (widget, "win.cancel-job", running);
  gtk_widget_action_set_enabled (widget, "win.close-job", job != NULL && !running);
  gtk_widget_action_set_enabled (widget, "win.switch-environment", !closing);
  gtk_widget_action_set_enabled (widget, "win.environments", !closing);
  gtk_widget_action_set_enabled (widget, "win.practice", open && !practice && !closing);
  gtk_widget_action_set_enabled (widget, "win.leave-practice", practice && !closing);
  gtk_widget_action_set_enabled (widget, "win.clear-secrets", open && !closing);
  if (self->pages != NULL && gtk_stack_get_visible_child (self->pages) != NULL)
    pr_page_update_actions (pr_window_get_visible_page (self));
}

/* --- The menu of environments ----------------------------------------------------------------- */

static void
on_environments_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrWindow) self = user_data;
  g_autoptr (GPtrArray) list = pr_environment_list_finish (result, NULL);

  if (list == NULL || self->environment_menu == NULL)
    return;
  g_menu_remove_all (self->environment_menu);
  for (guint i = 0; i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);
      g_autoptr (GMenuItem) item = NULL;

      if (info->error != NULL)
        continue;
      item = g_menu_item_new (info->name, NULL);
      g_menu_item_set_action_and_target (item, "win.switch-environment", "s", info->id);
      g_menu_append_item (self->environment_menu, item);
    }
}

/**
 * pr_window_update_environments:
 * @self: a window
 *
 * Reads again which environments there are, for the menu in the sidebar.
 */
void
pr_window_update_environments (PrWindow *self)
{
  PrApplication *application = PR_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  g_return_if_fail (PR_IS_WINDOW (self));

  pr_environment_list_async (pr_application_get_data_dir (application), NULL,
                             on_environments_listed, g_object_ref (self));
}

typedef struct
{
  PrWindow *window;
  GError *error;
} PrFallBack;

static void
on_listed_for_first (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrFallBack *fall_back = user_data;
  g_autoptr (PrWindow) self = fall_back->window;
  g_autoptr (GError) error = fall_back->error;
  g_autoptr (GPtrArray) list = pr_environment_list_finish (result, NULL);

  g_free (fall_back);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);

      if (info->error == NULL)
        {
          g_autofree char *id = g_strdup (info->id);

          pr_window_open_environment (self, id);
          return;
        }
    }
  /* None at all is a first start. */
  if (self->wanted_environment != NULL && list != NULL && list->len == 0)
    pr_window_open_environment (self, NULL);
  else
    pr_window_show_failure (self, error);
}

/* What was shown last is gone: any other environment will do. @error is said if there is none. */
void
pr_window_open_first (PrWindow *self, const GError *error)
{
  PrApplication *application = PR_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  PrFallBack *fall_back = g_new0 (PrFallBack, 1);

  fall_back->window = g_object_ref (self);
  fall_back->error = g_error_copy (error);
  pr_environment_list_async (pr_application_get_data_dir (application), NULL, on_listed_for_first,
                             fall_back);
}
