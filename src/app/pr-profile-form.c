/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfileForm: one server profile, from the first letter to saved. Passwords that are typed
 * before the profile is stored wait in memory and are put into the keyring after it. Its rules
 * are in pr-profile-form-rules.c. Main thread. */

#include "pr-profile-form-private.h"

#include "pr-accessible.h"
#include "pr-ca-row.h"
#include "pr-choice-row.h"
#include "pr-connection-test.h"
#include "pr-dialog.h"
#include "pr-environment-sign-in.h"
#include "pr-page.h"
#include "pr-password-dialog.h"
#include "pr-providers.h"
#include "pr-service-row.h"
#include "pr-shortcuts.h"
#include "pr-sidebar-button.h"
#include "pr-switch-row.h"
#include "pr-text-row.h"
#include "pr-time-row.h"

#include <glib/gi18n.h>

enum
{
  SIGNAL_CLOSED,
  SIGNAL_TEST_MAILBOXES,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrProfileForm, pr_profile_form, ADW_TYPE_BIN)

static PrPage *
get_page (PrProfileForm *self)
{
  return PR_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_PAGE));
}

static gboolean
is_stored (PrProfileForm *self)
{
  return self->profile != NULL && pr_record_get_id (PR_RECORD (self->profile)) != 0;
}

static gboolean
is_dirty (PrProfileForm *self)
{
  return pr_form_is_dirty (self->form) || self->secrets[PR_DIRECTION_INCOMING] != NULL
         || self->secrets[PR_DIRECTION_OUTGOING] != NULL
         || self->oauth_change != PR_OAUTH_CHANGE_NONE;
}

/* Whether a profile is being edited, and not saved. */
gboolean
pr_profile_form_is_dirty (PrProfileForm *self)
{
  return self->profile != NULL && is_dirty (self);
}

void
pr_profile_form_update_actions (PrProfileForm *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean open = self->profile != NULL;
  gboolean writable = open && !pr_environment_is_read_only (self->environment);
  gboolean can_edit = writable && !self->saving;

  gtk_widget_set_sensitive (GTK_WIDGET (self->page), can_edit);
  pr_accessible_set_obstacle (
      self, "form.save", self->save_button,
      pr_form_get_obstacle (writable, self->saving, open && is_dirty (self)));
  gtk_widget_action_set_enabled (widget, "form.test", open && !self->saving);
  pr_accessible_set_obstacle (self, "form.test-mailboxes", self->test_mailboxes_button,
                              !is_stored (self)
                                  ? _ ("Possible when the profile is saved")
                                  : pr_form_get_obstacle (writable, self->saving, TRUE));
  gtk_widget_action_set_enabled (widget, "form.set-incoming-password", can_edit);
  gtk_widget_action_set_enabled (widget, "form.set-outgoing-password", can_edit);
}

/* --- Editing ---------------------------------------------------------------------------------- */

static void
on_changed (PrProfileForm *self)
{
  PrServerType type = (PrServerType) pr_server_profile_get (self->profile, SERVER_TYPE);

  g_assert (PR_IS_PROFILE_FORM (self));

  if (type != self->type_before)
    {
      self->type_before = type;
      pr_providers_apply_type (self->profile, type);
    }
  pr_profile_form_forget_discovery (self);
  pr_profile_form_update_rules (self);
}

static void
close_form (PrProfileForm *self)
{
  pr_profile_form_close (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
on_discard_answer (const char *response, gpointer user_data)
{
  if (g_str_equal (response, "discard"))
    close_form (user_data);
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);

  if (self->profile == NULL)
    return;
  if (is_dirty (self))
    pr_dialog_ask (widget, _ ("Discard Changes?"),
                   _ ("What was changed in this profile was not saved."), "discard", _ ("_Discard"),
                   ADW_RESPONSE_DESTRUCTIVE, on_discard_answer, g_object_ref (self),
                   g_object_unref);
  else
    close_form (self);
}

/* --- Secrets ---------------------------------------------------------------------------------- */

static void
take_secret (PrProfileForm *self, PrDirection direction, PrSecret *secret)
{
  g_clear_pointer (&self->secrets[direction], pr_secret_unref);
  self->secrets[direction] = pr_secret_ref (secret);
  pr_profile_form_update_rules (self);
}

static void
on_incoming_password (PrSecret *secret, gpointer user_data)
{
  take_secret (user_data, PR_DIRECTION_INCOMING, secret);
}

static void
on_outgoing_password (PrSecret *secret, gpointer user_data)
{
  take_secret (user_data, PR_DIRECTION_OUTGOING, secret);
}

static void
on_set_password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);
  gboolean incoming = g_str_equal (name, "form.set-incoming-password");
  PrDirection direction = incoming ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING;
  const char *username = pr_server_profile_get_username (self->profile, direction);
  g_autofree char *body =
      *username != '\0'
          ? g_strdup_printf (_ ("The password of “%s” on %s"), username,
                             pr_server_profile_get_location (self->profile, direction))
          : g_strdup (_ ("The password of this profile"));

  pr_password_dialog_ask (widget, _ ("Set Password"), body,
                          incoming ? on_incoming_password : on_outgoing_password,
                          g_object_ref (self), g_object_unref);
}

/* --- Saving ----------------------------------------------------------------------------------- */

static void store_next_secret (PrProfileForm *self);

static void
end_saving (PrProfileForm *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  self->saving = FALSE;
  if (self->profile == NULL)
    return;
  name = g_strdup (pr_server_profile_get_text (self->profile, NAME));
  text = g_strdup_printf (_ ("“%s” was saved"), name);
  pr_page_toast (get_page (self), text);
  close_form (self);
}

static void
on_secret_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrProfileForm) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_set_profile_password_finish (PR_ENVIRONMENT (source), result, &error))
    {
      store_next_secret (self);
      return;
    }
  self->saving = FALSE;
  pr_page_show_error (get_page (self), _ ("The Profile Was Saved Without Its Password"), error);
  pr_profile_form_update_actions (self);
}

/* One after the other: each writes to the keyring. */
static void
store_next_secret (PrProfileForm *self)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (self->secrets[direction] != NULL)
      {
        g_autoptr (PrSecret) secret = g_steal_pointer (&self->secrets[direction]);

        if (pr_server_profile_get_authentication (self->profile, direction)
                != PR_AUTHENTICATION_PROFILE
            || pr_server_profile_get_credentials_direction (self->profile, direction) != direction)
          continue;
        pr_environment_set_profile_password_async (self->environment, self->profile, direction,
                                                   secret, NULL, on_secret_stored,
                                                   g_object_ref (self));
        return;
      }
  end_saving (self);
}

static void
on_oauth_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrProfileForm) self = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_environment_set_oauth_client_finish (PR_ENVIRONMENT (source), result, &error))
    {
      store_next_secret (self);
      return;
    }
  self->saving = FALSE;
  pr_page_show_error (get_page (self), _ ("The Profile Was Saved Without Its OAuth Client"), error);
  pr_profile_form_update_actions (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrProfileForm) self = user_data;
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GPtrArray) others = NULL;
  GError *error = NULL;
  gboolean saved = pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error);

  /* Nobody is there any more who could be told. */
  if (self->profile == NULL)
    {
      g_clear_error (&error);
      return;
    }
  if (saved)
    {
      if (!pr_profile_form_store_oauth (self, on_oauth_stored))
        store_next_secret (self);
      return;
    }
  self->saving = FALSE;
  g_ptr_array_add (errors, error);
  others = pr_form_set_errors (self->form, errors, TRUE);
  if (others->len > 0)
    pr_page_show_error (get_page (self), _ ("The Profile Was Not Saved"), error);
  pr_profile_form_update_actions (self);
  pr_form_focus_first_error (self->form);
}

static gboolean
has_errors (PrProfileForm *self)
{
  g_autoptr (GPtrArray) errors = pr_profile_form_check (self);

  return errors->len > 0 || pr_form_has_input_errors (self->form);
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);

  self->tried = TRUE;
  pr_profile_form_update_rules (self);
  if (has_errors (self))
    {
      pr_page_toast (get_page (self), _ ("Not saved: some fields need another value"));
      pr_form_focus_first_error (self->form);
      return;
    }
  self->saving = TRUE;
  pr_profile_form_update_actions (self);
  pr_environment_save_profile_async (self->environment, self->profile, self->cancellable, on_saved,
                                     g_object_ref (self));
}

/* --- Testing ---------------------------------------------------------------------------------- */

static void
on_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);

  self->tried = TRUE;
  pr_profile_form_update_rules (self);
  if (has_errors (self))
    {
      pr_page_toast (get_page (self), _ ("Not tested: some fields need another value"));
      pr_form_focus_first_error (self->form);
      return;
    }
  pr_connection_test_run (widget, self->environment, self->profile, self->secrets);
}

static void
on_test_mailboxes (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);

  g_signal_emit (self, signals[SIGNAL_TEST_MAILBOXES], 0, self->profile);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_profile_form_dispose (GObject *object)
{
  PrProfileForm *self = PR_PROFILE_FORM (object);

  if (self->form != NULL)
    pr_profile_form_close (self);
  g_clear_object (&self->form);
  G_OBJECT_CLASS (pr_profile_form_parent_class)->dispose (object);
}

static void
pr_profile_form_class_init (PrProfileFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_profile_form_dispose;

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_TEST_MAILBOXES] =
      g_signal_new ("test-mailboxes", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, PR_TYPE_SERVER_PROFILE);

  g_type_ensure (PR_TYPE_CA_ROW);
  g_type_ensure (PR_TYPE_CHOICE_ROW);
  g_type_ensure (PR_TYPE_SERVICE_ROW);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (PR_TYPE_SWITCH_ROW);
  g_type_ensure (PR_TYPE_TEXT_ROW);
  g_type_ensure (PR_TYPE_TIME_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-profile-form.ui");
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, title);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, page);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, save_button);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, test_mailboxes_button);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, incoming_password_row);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, outgoing_password_row);
  gtk_widget_class_install_action (widget_class, "form.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "form.test", NULL, on_test);
  gtk_widget_class_install_action (widget_class, "form.test-mailboxes", NULL, on_test_mailboxes);
  gtk_widget_class_install_action (widget_class, "form.set-incoming-password", NULL,
                                   on_set_password);
  gtk_widget_class_install_action (widget_class, "form.set-outgoing-password", NULL,
                                   on_set_password);
  pr_profile_form_class_install_oauth (widget_class);
  pr_profile_form_class_install_pins (widget_class);
}

static const PrShortcut shortcuts[] = {
  { "<Control>s", "form.save" },
  { "F5", "form.test" },
  { "Escape", "form.back" },
};

static void
pr_profile_form_init (PrProfileForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_shortcuts_add (GTK_WIDGET (self), shortcuts, G_N_ELEMENTS (shortcuts));
  self->form = pr_form_new (GTK_WIDGET (self->page), PR_TYPE_SERVER_PROFILE);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  pr_profile_form_update_actions (self);
}

/**
 * pr_profile_form_edit:
 * @self: a form
 * @environment: where @profile is, or will be
 * @profile: a stored profile, or one that is to be stored; it is not changed
 *
 * Opens @profile for editing.
 */
void
pr_profile_form_edit (PrProfileForm *self, PrEnvironment *environment, PrServerProfile *profile)
{
  const char *title;

  g_return_if_fail (PR_IS_PROFILE_FORM (self));

  pr_profile_form_close (self);
  self->environment = g_object_ref (environment);
  self->profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  self->type_before = (PrServerType) pr_server_profile_get (self->profile, SERVER_TYPE);
  self->client_id_before = g_strdup (pr_server_profile_get_text (profile, OAUTH_CLIENT_ID));
  self->issuer_before = g_strdup (pr_server_profile_get_text (profile, OAUTH_ISSUER));
  self->cancellable = g_cancellable_new ();
  title = is_stored (self) ? pr_server_profile_get_text (self->profile, NAME)
                           : _ ("New Server Profile");
  adw_window_title_set_title (self->title, title);
  pr_accessible_name_stack_child (GTK_WIDGET (self), title);
  pr_form_set_record (self->form, PR_RECORD (self->profile));
  if (!is_stored (self))
    pr_form_set_dirty (self->form);
  pr_profile_form_update_rules (self);
  gtk_widget_child_focus (pr_form_get_row (self->form, "name"), GTK_DIR_TAB_FORWARD);
  /* A name that is there is not replaced by the first letter that somebody types. */
  if (is_stored (self))
    gtk_editable_set_position (GTK_EDITABLE (pr_form_get_row (self->form, "name")), -1);
}

/**
 * pr_profile_form_close:
 * @self: a form
 *
 * Forgets what was typed.
 */
void
pr_profile_form_close (PrProfileForm *self)
{
  g_return_if_fail (PR_IS_PROFILE_FORM (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    g_clear_pointer (&self->secrets[direction], pr_secret_unref);
  pr_profile_form_forget_oauth (self);
  g_clear_pointer (&self->client_id_before, g_free);
  g_clear_pointer (&self->issuer_before, g_free);
  pr_form_set_record (self->form, NULL);
  g_clear_object (&self->profile);
  g_clear_object (&self->environment);
  self->tried = FALSE;
  self->saving = FALSE;
}
