/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSettingsPage: the defaults of new mailboxes, the two gates, alerts, policies, and the limits
 * of tests. Main thread. */

#include "pr-settings-page.h"

#include "pr-choice-row.h"
#include "pr-form.h"
#include "pr-menu-button.h"
#include "pr-shortcuts.h"
#include "pr-sidebar-button.h"
#include "pr-switch-row.h"

#include <glib/gi18n.h>

struct _PrSettingsPage
{
  PrPage parent_instance;

  /* Template children */
  AdwPreferencesPage *form_page;
  PrChoiceRow *profile_row;
  GtkActionBar *bar;

  /* Owned */
  PrForm *form;

  gboolean tried;
  gboolean saving;
};

G_DEFINE_FINAL_TYPE (PrSettingsPage, pr_settings_page, PR_TYPE_PAGE)

static PrEmailSettings *
get_settings (PrSettingsPage *self)
{
  return PR_EMAIL_SETTINGS (pr_form_get_record (self->form));
}

/* What the settings as they stand come to, at the field that it comes from. */
static void
update_notes (PrSettingsPage *self)
{
  PrEmailSettings *settings = get_settings (self);
  gboolean list = pr_email_settings_get (settings, PORT_POLICY) == PR_PORT_POLICY_LIST;
  g_autofree char *ports = pr_email_settings_describe_ports (settings);
  g_autofree char *allowed = g_strdup_printf (_ ("Allowed: %s"), ports);

  pr_form_clear_notes (self->form);
  gtk_widget_set_sensitive (pr_form_get_row (self->form, "ports"), list);
  if (!list)
    pr_form_set_note (self->form, "ports", PR_NOTE_INFORMATION,
                      _ ("Used only with “These ports”."));
  if (pr_email_settings_get (settings, PORT_POLICY) == PR_PORT_POLICY_US_GOVERNMENT)
    pr_form_set_note (self->form, "port-policy", PR_NOTE_INFORMATION, allowed);
  if (pr_email_settings_get (settings, ALLOW_UNENCRYPTED))
    pr_form_set_note (self->form, "allow-unencrypted", PR_NOTE_WARNING,
                      _ ("Passwords and messages can be read on the way."));
  if (!pr_email_settings_get (settings, APPROVED_USERS_ONLY))
    pr_form_set_note (self->form, "approved-users-only", PR_NOTE_WARNING,
                      _ ("Anybody’s address can be set up without approval."));
  if (!pr_email_settings_get (settings, APPROVED_QUEUES_ONLY))
    pr_form_set_note (self->form, "approved-queues-only", PR_NOTE_WARNING,
                      _ ("Any queue’s address can be set up without approval."));
}

static gboolean
update_errors (PrSettingsPage *self)
{
  g_autoptr (GPtrArray) errors = pr_record_check (pr_form_get_record (self->form), NULL);
  g_autoptr (GPtrArray) others = pr_form_set_errors (self->form, errors, self->tried);

  return errors->len > 0 || pr_form_has_input_errors (self->form);
}

static void
update (PrSettingsPage *self)
{
  update_notes (self);
  update_errors (self);
  pr_page_update_actions (PR_PAGE (self));
}

static void
on_changed (PrSettingsPage *self)
{
  g_assert (PR_IS_SETTINGS_PAGE (self));

  update (self);
}

/* Shows the settings as they are stored. */
static void
load (PrSettingsPage *self)
{
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));
  g_autoptr (PrRecord) copy =
      pr_record_duplicate (PR_RECORD (pr_environment_get_settings (environment)));

  self->tried = FALSE;
  pr_form_set_record (self->form, copy);
  update (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrSettingsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean saved = pr_environment_save_settings_finish (PR_ENVIRONMENT (source), result, &error);

  self->saving = FALSE;
  if (PR_ENVIRONMENT (source) != pr_page_get_environment (PR_PAGE (self)))
    return;
  if (saved)
    {
      load (self);
      pr_page_toast (PR_PAGE (self), _ ("Email settings were saved"));
    }
  else
    pr_page_show_error (PR_PAGE (self), _ ("The Email Settings Were Not Saved"), error);
  pr_page_update_actions (PR_PAGE (self));
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrSettingsPage *self = PR_SETTINGS_PAGE (widget);

  self->tried = TRUE;
  if (update_errors (self))
    {
      pr_page_toast (PR_PAGE (self), _ ("Not saved: some fields need another value"));
      pr_form_focus_first_error (self->form);
      return;
    }
  self->saving = TRUE;
  pr_page_update_actions (PR_PAGE (self));
  pr_environment_save_settings_async (pr_page_get_environment (PR_PAGE (self)), get_settings (self),
                                      NULL, on_saved, g_object_ref (self));
}

static void
on_discard (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load (PR_SETTINGS_PAGE (widget));
}

static void
pr_settings_page_refresh (PrPage *page)
{
  PrSettingsPage *self = PR_SETTINGS_PAGE (page);

  /* What is being typed is not thrown away; whether somebody else was faster is seen on save. */
  if (!pr_form_is_dirty (self->form) && !self->saving)
    load (self);
}

static void
pr_settings_page_environment_changed (PrPage *page, PrEnvironment *environment)
{
  PrSettingsPage *self = PR_SETTINGS_PAGE (page);

  self->saving = FALSE;
  pr_form_set_record (self->form, NULL);
  pr_choice_row_set_profiles (
      self->profile_row, environment != NULL ? pr_environment_get_profiles (environment) : NULL);
  if (environment != NULL)
    load (self);
}

static gboolean
pr_settings_page_has_changes (PrPage *page)
{
  return pr_form_is_dirty (PR_SETTINGS_PAGE (page)->form);
}

static void
pr_settings_page_update_actions (PrPage *page)
{
  PrSettingsPage *self = PR_SETTINGS_PAGE (page);
  gboolean can_edit = pr_page_is_writable (page) && !self->saving;
  gboolean dirty = pr_form_is_dirty (self->form);

  gtk_widget_set_sensitive (GTK_WIDGET (self->form_page), can_edit);
  gtk_action_bar_set_revealed (self->bar, dirty);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "settings.save", can_edit && dirty);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "settings.discard", can_edit && dirty);
}

static void
pr_settings_page_dispose (GObject *object)
{
  g_clear_object (&PR_SETTINGS_PAGE (object)->form);
  G_OBJECT_CLASS (pr_settings_page_parent_class)->dispose (object);
}

static void
pr_settings_page_class_init (PrSettingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_settings_page_dispose;
  PR_PAGE_CLASS (klass)->environment_changed = pr_settings_page_environment_changed;
  PR_PAGE_CLASS (klass)->refresh = pr_settings_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_settings_page_update_actions;
  PR_PAGE_CLASS (klass)->has_changes = pr_settings_page_has_changes;

  g_type_ensure (PR_TYPE_CHOICE_ROW);
  g_type_ensure (PR_TYPE_MENU_BUTTON);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (PR_TYPE_SWITCH_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PrSettingsPage, form_page);
  gtk_widget_class_bind_template_child (widget_class, PrSettingsPage, profile_row);
  gtk_widget_class_bind_template_child (widget_class, PrSettingsPage, bar);
  gtk_widget_class_install_action (widget_class, "settings.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "settings.discard", NULL, on_discard);
}

static const PrShortcut shortcuts[] = {
  { "<Control>s", "settings.save" },
};

static void
pr_settings_page_init (PrSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_shortcuts_add (GTK_WIDGET (self), shortcuts, G_N_ELEMENTS (shortcuts));
  self->form = pr_form_new (GTK_WIDGET (self->form_page), PR_TYPE_EMAIL_SETTINGS);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
}
