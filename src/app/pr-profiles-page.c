/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfilesPage: the server profiles with what can be done to each. Main thread. */

#include "pr-profiles-page.h"

#include "pr-connection-test.h"
#include "pr-dialog.h"
#include "pr-menu-button.h"
#include "pr-new-profile-dialog.h"
#include "pr-profile-form.h"
#include "pr-profile-row.h"
#include "pr-shortcuts.h"
#include "pr-sidebar-button.h"
#include "pr-window.h"

#include <glib/gi18n.h>

struct _PrProfilesPage
{
  PrPage parent_instance;

  /* Template children */
  GtkStack *stack;
  GtkStack *states;
  GtkListBox *list;
  PrProfileForm *form;
};

G_DEFINE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR_TYPE_PAGE)

static PrEnvironment *
get_environment (PrProfilesPage *self)
{
  return pr_page_get_environment (PR_PAGE (self));
}

static PrServerProfile *
find_profile (PrProfilesPage *self, GVariant *parameter)
{
  if (get_environment (self) == NULL)
    return NULL;
  return pr_environment_find_profile_by_id (get_environment (self),
                                            g_variant_get_int64 (parameter));
}

/* --- The list --------------------------------------------------------------------------------- */

static void
update_row (PrProfilesPage *self, PrProfileRow *row)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);
  const PrOverview *overview = window != NULL ? pr_window_get_overview (PR_WINDOW (window)) : NULL;
  gint64 id = pr_record_get_id (PR_RECORD (pr_profile_row_get_profile (row)));

  if (overview != NULL)
    pr_profile_row_set_counts (row, g_hash_table_lookup (overview->profiles, &id));
}

static void
update_rows (PrProfilesPage *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    update_row (self, PR_PROFILE_ROW (row));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  PrProfilesPage *self = user_data;
  PrProfileRow *row = pr_profile_row_new (item, pr_page_is_writable (PR_PAGE (self)));

  update_row (self, row);
  return GTK_WIDGET (row);
}

static void
on_profiles_changed (PrProfilesPage *self)
{
  PrEnvironment *environment = get_environment (self);
  guint n = environment != NULL
                ? g_list_model_get_n_items (pr_environment_get_profiles (environment))
                : 0;

  g_assert (PR_IS_PROFILES_PAGE (self));

  gtk_stack_set_visible_child_name (self->states, n > 0 ? "list" : "empty");
}

static void
edit (PrProfilesPage *self, PrServerProfile *profile)
{
  /* Shown first: what cannot be seen cannot have the focus. */
  gtk_stack_set_visible_child_name (self->stack, "form");
  pr_profile_form_edit (self->form, get_environment (self), profile);
}

static void
on_row_activated (PrProfilesPage *self, PrProfileRow *row)
{
  g_assert (PR_IS_PROFILES_PAGE (self));

  edit (self, pr_profile_row_get_profile (row));
}

static void
on_form_closed (PrProfilesPage *self)
{
  g_assert (PR_IS_PROFILES_PAGE (self));

  gtk_stack_set_visible_child_name (self->stack, "list");
}

/* --- Commands --------------------------------------------------------------------------------- */

static void
on_chosen (PrProfilesPage *self, PrServerProfile *profile)
{
  g_assert (PR_IS_PROFILES_PAGE (self));

  if (get_environment (self) != NULL)
    edit (self, profile);
}

static void
on_assistant (PrProfilesPage *self)
{
  g_assert (PR_IS_PROFILES_PAGE (self));

  gtk_widget_activate_action (GTK_WIDGET (self->form), "form.assistant", NULL);
}

static void
on_new (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrNewProfileDialog *dialog = pr_new_profile_dialog_new (widget);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "assistant", G_CALLBACK (on_assistant), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_edit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (PrServerProfile) profile = find_profile (PR_PROFILES_PAGE (widget), parameter);

  if (profile != NULL)
    edit (PR_PROFILES_PAGE (widget), profile);
}

static void
on_duplicate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfilesPage *self = PR_PROFILES_PAGE (widget);
  g_autoptr (PrServerProfile) profile = find_profile (self, parameter);
  g_autoptr (PrServerProfile) copy = NULL;

  if (profile == NULL)
    return;
  copy = pr_environment_duplicate_profile (get_environment (self), profile);
  edit (self, copy);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrPage) page = user_data;
  g_autoptr (GError) error = NULL;

  if (!pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error))
    pr_page_show_error (page, _ ("The Profile Was Not Changed"), error);
}

static void
set_flag (PrProfilesPage *self, GVariant *parameter, const char *field, gboolean value)
{
  g_autoptr (PrServerProfile) profile = find_profile (self, parameter);
  g_autoptr (PrServerProfile) copy = NULL;

  if (profile == NULL)
    return;
  copy = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  g_object_set (copy, field, value, NULL);
  pr_environment_save_profile_async (get_environment (self), copy, NULL, on_changed,
                                     g_object_ref (self));
}

static void
on_set_default (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_flag (PR_PROFILES_PAGE (widget), parameter, "is-default", TRUE);
}

static void
on_set_active (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfilesPage *self = PR_PROFILES_PAGE (widget);
  gboolean activate = g_str_equal (name, "profile.activate");
  g_autoptr (PrServerProfile) profile = find_profile (self, parameter);
  g_autofree char *text = NULL;

  if (profile == NULL)
    return;
  set_flag (self, parameter, "active", activate);
  text = g_strdup_printf (activate ? _ ("“%s” is active") : _ ("“%s” is inactive"),
                          pr_server_profile_get_text (profile, NAME));
  pr_page_toast_with_button (PR_PAGE (self), text, _ ("_Undo"),
                             activate ? "profile.deactivate" : "profile.activate", parameter);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrPage) page = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_delete_profile_finish (PR_ENVIRONMENT (source), result, &error))
    pr_page_toast (page, _ ("The profile was deleted"));
  else
    pr_page_show_error (page, _ ("The Profile Was Not Deleted"), error);
}

typedef struct
{
  PrProfilesPage *page;
  PrServerProfile *profile;
} PrDeletion;

static void
deletion_free (gpointer data)
{
  PrDeletion *deletion = data;

  g_object_unref (deletion->page);
  g_object_unref (deletion->profile);
  g_free (deletion);
}

static void
on_delete_answer (const char *response, gpointer user_data)
{
  PrDeletion *deletion = user_data;

  if (g_str_equal (response, "delete") && get_environment (deletion->page) != NULL)
    pr_environment_delete_profile_async (get_environment (deletion->page), deletion->profile, NULL,
                                         on_deleted, g_object_ref (deletion->page));
}

static void
on_delete (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfilesPage *self = PR_PROFILES_PAGE (widget);
  PrServerProfile *profile = find_profile (self, parameter);
  g_autofree char *heading = NULL;
  PrDeletion *deletion;

  if (profile == NULL)
    return;
  deletion = g_new0 (PrDeletion, 1);
  deletion->page = g_object_ref (self);
  deletion->profile = profile;
  heading = g_strdup_printf (_ ("Delete “%s”?"), pr_server_profile_get_text (profile, NAME));
  pr_dialog_ask (widget, heading,
                 _ ("Its passwords are removed from the keyring, too. A profile that mailboxes use "
                    "cannot be deleted."),
                 "delete", _ ("_Delete"), ADW_RESPONSE_DESTRUCTIVE, on_delete_answer, deletion,
                 deletion_free);
}

/* --- Tests ------------------------------------------------------------------------------------ */

static void
on_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (PrServerProfile) profile = find_profile (PR_PROFILES_PAGE (widget), parameter);

  if (profile != NULL)
    pr_connection_test_run (widget, get_environment (PR_PROFILES_PAGE (widget)), profile, NULL);
}

static void
test_mailboxes (PrProfilesPage *self, PrServerProfile *profile)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);
  g_autoptr (PrSelection) selection = pr_selection_new_view (PR_VIEW_ACTIVE);
  g_autofree char *title =
      g_strdup_printf (_ ("Mailboxes of “%s”"), pr_server_profile_get_text (profile, NAME));

  pr_selection_set_profile (selection, pr_record_get_id (PR_RECORD (profile)));
  if (pr_window_start_job (PR_WINDOW (window), title, selection, &pr_test_options_default) == NULL)
    pr_page_toast (PR_PAGE (self), _ ("Another test is still running"));
}

static void
on_test_mailboxes (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (PrServerProfile) profile = find_profile (PR_PROFILES_PAGE (widget), parameter);

  if (profile != NULL)
    test_mailboxes (PR_PROFILES_PAGE (widget), profile);
}

static void
on_form_test_mailboxes (PrProfilesPage *self, PrServerProfile *profile)
{
  g_assert (PR_IS_PROFILES_PAGE (self));

  test_mailboxes (self, profile);
}

static void
on_show_mailboxes (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.show-mailboxes", "(sxs)", "all",
                              g_variant_get_int64 (parameter), "");
}

/* --- The page --------------------------------------------------------------------------------- */

static void
pr_profiles_page_overview_changed (PrPage *page, const PrOverview *overview, const GError *error)
{
  update_rows (PR_PROFILES_PAGE (page));
}

static void
pr_profiles_page_environment_changed (PrPage *page, PrEnvironment *environment)
{
  PrProfilesPage *self = PR_PROFILES_PAGE (page);

  pr_profile_form_close (self->form);
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  if (environment != NULL)
    {
      GListModel *profiles = pr_environment_get_profiles (environment);

      gtk_list_box_bind_model (self->list, profiles, create_row, self, NULL);
      g_signal_connect_object (profiles, "items-changed", G_CALLBACK (on_profiles_changed), self,
                               G_CONNECT_SWAPPED);
    }
  on_profiles_changed (self);
}

static gboolean
pr_profiles_page_has_changes (PrPage *page)
{
  return pr_profile_form_is_dirty (PR_PROFILES_PAGE (page)->form);
}

static void
pr_profiles_page_update_actions (PrPage *page)
{
  static const char *const writing[] = { "profile.new",      "profile.duplicate",
                                         "profile.delete",   "profile.set-default",
                                         "profile.activate", "profile.deactivate" };
  GtkWidget *widget = GTK_WIDGET (page);
  gboolean writable = pr_page_is_writable (page);
  GtkWidget *window = gtk_widget_get_ancestor (widget, PR_TYPE_WINDOW);
  gboolean testing = window != NULL && pr_window_is_testing (PR_WINDOW (window));

  for (guint i = 0; i < G_N_ELEMENTS (writing); i++)
    gtk_widget_action_set_enabled (widget, writing[i], writable);
  gtk_widget_action_set_enabled (widget, "profile.test-mailboxes", writable && !testing);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "profile.edit", on_edit },
    { "profile.duplicate", on_duplicate },
    { "profile.delete", on_delete },
    { "profile.set-default", on_set_default },
    { "profile.activate", on_set_active },
    { "profile.deactivate", on_set_active },
    { "profile.test", on_test },
    { "profile.test-mailboxes", on_test_mailboxes },
    { "profile.show-mailboxes", on_show_mailboxes },
  };

  gtk_widget_class_install_action (widget_class, "profile.new", NULL, on_new);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, "x", actions[i].activate);
}

static void
pr_profiles_page_class_init (PrProfilesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->environment_changed = pr_profiles_page_environment_changed;
  PR_PAGE_CLASS (klass)->overview_changed = pr_profiles_page_overview_changed;
  PR_PAGE_CLASS (klass)->update_actions = pr_profiles_page_update_actions;
  PR_PAGE_CLASS (klass)->has_changes = pr_profiles_page_has_changes;

  g_type_ensure (PR_TYPE_MENU_BUTTON);
  g_type_ensure (PR_TYPE_PROFILE_FORM);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-profiles-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PrProfilesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PrProfilesPage, states);
  gtk_widget_class_bind_template_child (widget_class, PrProfilesPage, list);
  gtk_widget_class_bind_template_child (widget_class, PrProfilesPage, form);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_form_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_form_test_mailboxes);
  install_actions (widget_class);
}

static const PrShortcut shortcuts[] = {
  { "<Control>n", "profile.new" },
};

static void
pr_profiles_page_init (PrProfilesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_shortcuts_add (GTK_WIDGET (self), shortcuts, G_N_ELEMENTS (shortcuts));
}
