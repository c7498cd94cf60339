/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthAssistant: what is brought back from the console: a client id with its secret, typed,
 * pasted, or as the file that the console gives, and the key of a service account. Each is looked
 * at as it comes, and what it seems to be instead is said. Main thread. */

#include "pr-oauth-assistant-private.h"

#include "pr-css.h"
#include "pr-error.h"
#include "pr-file-picker.h"
#include "pr-oauth-services.h"
#include "pr-secret-file.h"

#include <glib/gi18n.h>
#include <string.h>

/* --- What is said about it -------------------------------------------------------------------- */

static void
say (PrOauthAssistant *self, const char *text, gboolean failure)
{
  gtk_widget_set_visible (self->note_box, text != NULL);
  gtk_label_set_label (self->note_label, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->note_icon, failure ? "postroom-failure-symbolic"
                                                         : "postroom-success-symbolic");
  gtk_widget_remove_css_class (self->note_box, failure ? "status-success" : "status-failure");
  gtk_widget_add_css_class (self->note_box, failure ? "status-failure" : "status-success");
}

static gboolean
needs_secret (PrOauthAssistant *self)
{
  return self->provider->secret_rule == PR_OAUTH_SECRET_NEEDED;
}

static gboolean
is_complete (PrOauthAssistant *self)
{
  if (self->kind == PR_OAUTH_GUIDE_SERVICE_ACCOUNT)
    return self->key != NULL;
  return self->client_id != NULL && (self->client_secret != NULL || !needs_secret (self));
}

/* What the profile cannot be filled in without; %NULL: nothing. */
const char *
pr_oauth_assistant_get_missing (PrOauthAssistant *self)
{
  if (is_complete (self))
    return NULL;
  return self->kind == PR_OAUTH_GUIDE_SERVICE_ACCOUNT
             ? _ ("The key is still missing: go back to the step where it is made.")
             : _ ("The client is still missing: go back to the step where it is made.");
}

static char *
describe_state (PrOauthAssistant *self)
{
  if (self->kind == PR_OAUTH_GUIDE_SERVICE_ACCOUNT)
    return self->account != NULL
               ? g_strdup_printf (_ ("This is the key of %s. Delete the file when the profile is "
                                     "saved: the key will be in the keyring."),
                                  pr_service_account_get_email (self->account))
               : NULL;
  if (self->client_id == NULL)
    return NULL;
  if (self->client_secret != NULL)
    return g_strdup (_ ("Client id and client secret look right."));
  return g_strdup (needs_secret (self) ? _ ("The client id looks right. Its secret is needed, too.")
                                       : _ ("The client id looks right."));
}

static void
say_state (PrOauthAssistant *self)
{
  gboolean at_end = self->page == (int) self->steps->len - 1;
  g_autofree char *state = describe_state (self);

  if (pr_oauth_assistant_get_input (self) != PR_OAUTH_GUIDE_INPUT_NONE)
    say (self, state, FALSE);
  else if (at_end && is_complete (self))
    say (self, _ ("All is there that the profile needs."), FALSE);
  else if (at_end)
    say (self, pr_oauth_assistant_get_missing (self), TRUE);
  else
    say (self, NULL, FALSE);
}

/* Shows the fields of this step, and what is known. */
void
pr_oauth_assistant_show_input (PrOauthAssistant *self)
{
  PrOauthGuideInput input = pr_oauth_assistant_get_input (self);
  gboolean google = g_str_equal (self->provider->id, "google");

  gtk_widget_set_visible (GTK_WIDGET (self->client_group), input == PR_OAUTH_GUIDE_INPUT_CLIENT);
  gtk_widget_set_visible (GTK_WIDGET (self->secret_row),
                          self->provider->secret_rule != PR_OAUTH_SECRET_REFUSED);
  gtk_widget_set_visible (GTK_WIDGET (self->file_button),
                          input == PR_OAUTH_GUIDE_INPUT_KEY
                              || (input == PR_OAUTH_GUIDE_INPUT_CLIENT && google));
  gtk_button_set_label (self->file_button, input == PR_OAUTH_GUIDE_INPUT_KEY
                                               ? _ ("Choose the Key File…")
                                               : _ ("Choose the JSON File…"));
  say_state (self);
}

/* --- A client --------------------------------------------------------------------------------- */

static void
refuse (PrOauthAssistant *self, const GError *error)
{
  const char *field = pr_error_get_field (error);

  pr_css_set_wrong (self->id_row, g_strcmp0 (field, "oauth-client-id") == 0);
  pr_css_set_wrong (self->secret_row, g_strcmp0 (field, "oauth-client-secret") == 0);
  say (self, error->message, TRUE);
}

static void
set_text (PrOauthAssistant *self, gpointer row, const char *text)
{
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  self->filling = FALSE;
}

/* What stands in the fields. */
static void
look_at_fields (PrOauthAssistant *self)
{
  g_autofree char *id = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->id_row))));
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->secret_row)));
  g_autoptr (PrSecret) secret = *text != '\0' ? pr_secret_new (text, -1) : NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->client_secret, pr_secret_unref);
  if (*id != '\0' && !pr_oauth_services_check_client (self->provider, id, &error))
    refuse (self, error);
  else if (!pr_oauth_services_check_secret (self->provider, secret, &error))
    refuse (self, error);
  else
    {
      pr_css_set_wrong (self->id_row, FALSE);
      pr_css_set_wrong (self->secret_row, FALSE);
      self->client_id = *id != '\0' ? g_steal_pointer (&id) : NULL;
      self->client_secret = g_steal_pointer (&secret);
      pr_oauth_assistant_update (self);
    }
  explicit_bzero (text, strlen (text));
}

static void
take_client_file (PrOauthAssistant *self, PrSecret *file)
{
  g_auto (PrOauthClientParts) parts = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  if (!pr_oauth_services_read_client_file (self->provider, file, &parts, &error))
    {
      refuse (self, error);
      return;
    }
  set_text (self, self->id_row, parts.id);
  set_text (self, self->secret_row, parts.secret != NULL ? pr_secret_peek (parts.secret) : "");
  look_at_fields (self);
}

/* Somebody may paste the whole file. */
static void
on_id_changed (PrOauthAssistant *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->id_row));
  g_autoptr (PrSecret) file = NULL;

  g_assert (PR_IS_OAUTH_ASSISTANT (self));

  if (self->filling)
    return;
  while (g_ascii_isspace (*text))
    text++;
  if (*text != '{')
    {
      look_at_fields (self);
      return;
    }
  file = pr_secret_new (text, -1);
  set_text (self, self->id_row, "");
  take_client_file (self, file);
}

static void
on_secret_changed (PrOauthAssistant *self)
{
  g_assert (PR_IS_OAUTH_ASSISTANT (self));

  if (!self->filling)
    look_at_fields (self);
}

/* --- A key ------------------------------------------------------------------------------------ */

static void
take_key_file (PrOauthAssistant *self, PrSecret *file)
{
  g_autoptr (GError) error = NULL;
  PrServiceAccount *account = pr_oauth_services_read_key_file (file, &error);

  if (account == NULL)
    {
      say (self, error->message, TRUE);
      return;
    }
  g_clear_pointer (&self->account, pr_service_account_unref);
  g_clear_pointer (&self->key, pr_secret_unref);
  self->account = account;
  self->key = pr_secret_ref (file);
  pr_oauth_assistant_update (self);
}

/* --- Files ------------------------------------------------------------------------------------ */

static void
on_loaded (PrSecret *secret, const GError *error, gpointer owner)
{
  PrOauthAssistant *self = owner;

  if (error != NULL)
    say (self, error->message, TRUE);
  else if (pr_oauth_assistant_get_input (self) == PR_OAUTH_GUIDE_INPUT_KEY)
    take_key_file (self, secret);
  else if (pr_oauth_assistant_get_input (self) == PR_OAUTH_GUIDE_INPUT_CLIENT)
    take_client_file (self, secret);
}

static void
on_chosen (GFile *file, gpointer user_data)
{
  pr_oauth_assistant_take_file (user_data, file);
}

static void
on_choose_file (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("JSON files"));
  gtk_file_filter_add_mime_type (filter, "application/json");
  gtk_file_filter_add_suffix (filter, "json");
  pr_file_picker_open (widget, _ ("File from the Console"), filter, on_chosen, widget);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  PrOauthAssistant *self = user_data;

  if (pr_oauth_assistant_get_input (self) == PR_OAUTH_GUIDE_INPUT_NONE
      || !G_VALUE_HOLDS (value, G_TYPE_FILE))
    return FALSE;
  pr_oauth_assistant_take_file (self, g_value_get_object (value));
  return TRUE;
}

void
pr_oauth_assistant_class_install_input (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, client_group);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, id_row);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, secret_row);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, file_button);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, note_box);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, note_icon);
  gtk_widget_class_bind_template_child (widget_class, PrOauthAssistant, note_label);
  gtk_widget_class_bind_template_callback (widget_class, on_id_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_secret_changed);
  gtk_widget_class_install_action (widget_class, "assistant.choose-file", NULL, on_choose_file);
}

void
pr_oauth_assistant_init_input (PrOauthAssistant *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * pr_oauth_assistant_take_file:
 * @self: an assistant
 * @file: what the console gave
 *
 * Looks at @file, as if it was chosen or dropped.
 */
void
pr_oauth_assistant_take_file (PrOauthAssistant *self, GFile *file)
{
  g_return_if_fail (PR_IS_OAUTH_ASSISTANT (self));

  pr_secret_file_load (file, on_loaded, self);
}
