/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfileForm: the registration with a sign-in service. Client secret and key are never shown;
 * what is given waits in memory until the profile is saved, and goes into the keyring then. The
 * rules are those of pr-oauth-services.c. Main thread. */

#include "pr-profile-form-private.h"

#include "pr-css.h"
#include "pr-dialog.h"
#include "pr-environment-sign-in-info.h"
#include "pr-environment-sign-in.h"
#include "pr-file-picker.h"
#include "pr-oauth-assistant.h"
#include "pr-oauth-services.h"
#include "pr-page.h"
#include "pr-password-dialog.h"
#include "pr-report-oauth.h"
#include "pr-secret-file.h"
#include "pr-service-account.h"

#include <glib/gi18n.h>

/**
 * pr_profile_form_check:
 * @self: the form of a profile
 *
 * Returns: (transfer full) (element-type GError): all that keeps the profile from being saved
 */
GPtrArray *
pr_profile_form_check (PrProfileForm *self)
{
  GPtrArray *errors = pr_environment_check_profile (self->environment, self->profile);
  const char *client_id = pr_server_profile_get_text (self->profile, OAUTH_CLIENT_ID);
  g_autoptr (PrOauthProvider) provider = NULL;
  GError *error = NULL;

  if (!pr_server_profile_uses (self->profile, PR_AUTHENTICATION_OAUTH))
    return errors;
  provider = pr_oauth_services_find (self->profile, &error);
  if (provider != NULL && *client_id != '\0')
    pr_oauth_services_check_client (provider, client_id, &error);
  if (error != NULL)
    g_ptr_array_add (errors, error);
  return errors;
}

/* --- Rules ------------------------------------------------------------------------------------ */

static void
note (PrProfileForm *self, const char *field, PrNote kind, const char *text)
{
  pr_form_set_note (self->form, field, kind, text);
}

static void
show (PrProfileForm *self, const char *field, gboolean visible)
{
  gtk_widget_set_visible (pr_form_get_row (self->form, field), visible);
}

/* A row for something secret: what is said, and whether it is an error. */
static void
show_secret_row (AdwActionRow *row, const char *text, gboolean refused)
{
  adw_action_row_set_subtitle (row, text);
  pr_css_set_wrong (row, refused);
}

static gboolean
is_secret_set (PrProfileForm *self)
{
  if (self->oauth_change != PR_OAUTH_CHANGE_NONE)
    return self->oauth_secret != NULL;
  return pr_server_profile_get (self->profile, OAUTH_SECRET_SET) != 0
         && !pr_profile_form_leaves_secret (self);
}

static char *
describe_client_secret (PrProfileForm *self, const PrOauthProvider *provider)
{
  if (pr_server_profile_uses_service_account (self->profile))
    return g_strdup (_ ("Not used: the service account signs in."));
  if (self->oauth_change == PR_OAUTH_CHANGE_SECRET)
    return g_strdup (_ ("Will be set on save"));
  if (self->oauth_change == PR_OAUTH_CHANGE_REMOVE)
    return g_strdup (_ ("Will be removed on save"));
  if (provider != NULL && provider->secret_rule == PR_OAUTH_SECRET_REFUSED)
    return is_secret_set (self)
               ? g_strdup_printf (_ ("Is set, but %s wants none from desktop applications"),
                                  provider->name)
               : g_strdup_printf (_ ("%s wants none from desktop applications."), provider->name);
  if (is_secret_set (self))
    return g_strdup (_ ("Is set"));
  if (provider != NULL && provider->secret_rule == PR_OAUTH_SECRET_NEEDED)
    return g_strdup_printf (_ ("Not set: %s wants one"), provider->name);
  return g_strdup (_ ("Not set; not every provider has one"));
}

static void
update_client_secret (PrProfileForm *self, const PrOauthProvider *provider)
{
  g_autofree char *text = describe_client_secret (self, provider);
  gboolean service = pr_server_profile_uses_service_account (self->profile);
  gboolean set = !service && is_secret_set (self);
  gboolean unwanted = provider != NULL && provider->secret_rule == PR_OAUTH_SECRET_REFUSED;

  gtk_widget_set_sensitive (GTK_WIDGET (self->client_secret_row), !service && (!unwanted || set));
  gtk_widget_set_visible (GTK_WIDGET (self->client_secret_button), !unwanted);
  gtk_button_set_label (self->client_secret_button, set ? _ ("Change…") : _ ("Set…"));
  gtk_widget_set_visible (GTK_WIDGET (self->remove_secret_button), set);
  show_secret_row (self->client_secret_row,
                   self->secret_refused != NULL ? self->secret_refused : text,
                   self->secret_refused != NULL);
}

static void
update_service_account (PrProfileForm *self, const PrOauthProvider *provider)
{
  gboolean service = pr_server_profile_uses_service_account (self->profile);
  gboolean offered = provider != NULL && provider->service_accounts;
  g_autofree char *text = NULL;

  if (self->oauth_change == PR_OAUTH_CHANGE_KEY)
    text = g_strdup (_ ("Will be set on save. Then delete the file: the key is in the keyring."));
  else if (service && is_secret_set (self))
    text = g_strdup (_ ("Is set: it signs in to every mailbox, nobody has to do it"));
  else if (service)
    text = g_strdup (_ ("Not set: the service account needs its key"));
  else if (offered)
    text = g_strdup (_ ("None. With Google Workspace one key can sign in to every mailbox: the "
                        "assistant says how."));
  else
    text = g_strdup_printf (_ ("%s has no service accounts that may read mail."),
                            provider != NULL ? provider->name : _ ("The provider"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->service_account_row), offered || service);
  gtk_widget_set_visible (GTK_WIDGET (self->remove_key_button), service);
  show_secret_row (self->service_account_row, self->key_refused != NULL ? self->key_refused : text,
                   self->key_refused != NULL);
}

static void
update_service (PrProfileForm *self, const PrOauthProvider *provider)
{
  gboolean own = provider == NULL || g_str_equal (provider->id, PR_OAUTH_SERVICE_OTHER);
  gboolean microsoft = provider != NULL && provider->any_tenant;
  gboolean has_issuer = *pr_server_profile_get_text (self->profile, OAUTH_ISSUER) != '\0';
  g_autofree char *scope = NULL;
  g_autofree char *found = NULL;

  if (provider != NULL && *pr_server_profile_get_text (self->profile, OAUTH_PROVIDER) == '\0')
    found = g_strdup_printf (_ ("This is %s."), provider->name);
  note (self, "oauth-provider", PR_NOTE_INFORMATION, found);
  show (self, "oauth-tenant", microsoft);
  show (self, "oauth-issuer", own);
  show (self, "oauth-authorization-url", own);
  show (self, "oauth-token-url", own);
  gtk_widget_set_sensitive (pr_form_get_row (self->form, "oauth-scope"), own);
  if (!own)
    scope = g_strdup_printf (_ ("%s needs this, and nothing else is asked for: %s"), provider->name,
                             provider->scope);
  note (self, "oauth-scope", PR_NOTE_INFORMATION, scope);
  if (self->discovering)
    note (self, "oauth-issuer", PR_NOTE_INFORMATION, _ ("Asking the issuer…"));
  else if (self->discovery_note != NULL)
    note (self, "oauth-issuer", self->discovery_failed ? PR_NOTE_WARNING : PR_NOTE_INFORMATION,
          self->discovery_note);
  else if (has_issuer)
    note (self, "oauth-issuer", PR_NOTE_INFORMATION,
          _ ("The addresses below can be left empty: the issuer tells them."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.discover",
                                 own && has_issuer && !self->discovering);
}

/**
 * pr_profile_form_update_oauth:
 * @self: the form of a profile
 *
 * Shows what holds for the registration as it stands.
 */
void
pr_profile_form_update_oauth (PrProfileForm *self)
{
  gboolean oauth = pr_server_profile_uses (self->profile, PR_AUTHENTICATION_OAUTH);
  g_autoptr (PrOauthProvider) provider =
      oauth ? pr_oauth_services_find (self->profile, NULL) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->oauth_group), oauth);
  if (!oauth)
    return;
  update_service (self, provider);
  update_client_secret (self, provider);
  update_service_account (self, provider);
  if (pr_server_profile_uses_service_account (self->profile))
    note (self, "oauth-client-id", PR_NOTE_INFORMATION, _ ("The address of the service account."));
  else if (pr_profile_form_leaves_secret (self))
    note (self, "oauth-client-id", PR_NOTE_WARNING,
          _ ("What the keyring has belongs to another client id: it is removed on save."));
}

/* --- What is given ---------------------------------------------------------------------------- */

static void
set_change (PrProfileForm *self, PrOauthChange change, PrSecret *secret)
{
  g_clear_pointer (&self->oauth_secret, pr_secret_unref);
  g_clear_pointer (&self->secret_refused, g_free);
  g_clear_pointer (&self->key_refused, g_free);
  self->oauth_change = change;
  self->oauth_secret = secret != NULL ? pr_secret_ref (secret) : NULL;
}

/**
 * pr_profile_form_forget_oauth:
 * @self: the form of a profile
 *
 * Forgets what was given and not saved.
 */
void
pr_profile_form_forget_oauth (PrProfileForm *self)
{
  set_change (self, PR_OAUTH_CHANGE_NONE, NULL);
  g_clear_pointer (&self->discovery_note, g_free);
  self->discovering = self->discovery_failed = FALSE;
}

/* Whether the keyring would keep what belongs to something else than the client id now. */
gboolean
pr_profile_form_leaves_secret (PrProfileForm *self)
{
  return self->oauth_change == PR_OAUTH_CHANGE_NONE
         && pr_server_profile_get (self->profile, OAUTH_SECRET_SET) != 0
         && g_strcmp0 (self->client_id_before,
                       pr_server_profile_get_text (self->profile, OAUTH_CLIENT_ID))
                != 0;
}

/**
 * pr_profile_form_take_client:
 * @self: the form of a profile
 * @id: a client id
 * @secret: (nullable): what belongs to it
 *
 * Fills in a client, as the assistant got it.
 */
void
pr_profile_form_take_client (PrProfileForm *self, const char *id, PrSecret *secret)
{
  g_return_if_fail (PR_IS_PROFILE_FORM (self));

  if (self->profile == NULL)
    return;
  g_object_set (self->profile, "oauth-client-id", id, NULL);
  if (secret != NULL)
    set_change (self, PR_OAUTH_CHANGE_SECRET, secret);
  else
    set_change (self, PR_OAUTH_CHANGE_NONE, NULL);
  pr_form_set_dirty (self->form);
  pr_profile_form_update_rules (self);
}

/**
 * pr_profile_form_take_key:
 * @self: the form of a profile
 * @key: the key file of a service account
 *
 * Fills in a service account, or says at its field why that is none.
 */
void
pr_profile_form_take_key (PrProfileForm *self, PrSecret *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrServiceAccount) account = NULL;

  g_return_if_fail (PR_IS_PROFILE_FORM (self));

  if (self->profile == NULL)
    return;
  account = pr_oauth_services_read_key_file (key, &error);
  if (account == NULL)
    {
      g_free (self->key_refused);
      self->key_refused = g_strdup (error->message);
    }
  else
    {
      g_object_set (self->profile, "oauth-client-id", pr_service_account_get_email (account), NULL);
      set_change (self, PR_OAUTH_CHANGE_KEY, key);
      pr_form_set_dirty (self->form);
    }
  pr_profile_form_update_rules (self);
}

static void
on_secret (PrSecret *secret, gpointer user_data)
{
  PrProfileForm *self = user_data;
  g_autoptr (PrOauthProvider) provider = NULL;
  g_autoptr (GError) error = NULL;

  if (self->profile == NULL)
    return;
  provider = pr_oauth_services_find (self->profile, NULL);
  if (provider != NULL && !pr_oauth_services_check_secret (provider, secret, &error))
    {
      g_free (self->secret_refused);
      self->secret_refused = g_strdup (error->message);
    }
  else
    set_change (self, PR_OAUTH_CHANGE_SECRET, secret);
  pr_profile_form_update_rules (self);
}

static void
on_set_secret (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_password_dialog_ask (widget, _ ("Client Secret"),
                          _ ("As the provider’s console shows it, for the client id of this "
                             "profile"),
                          on_secret, g_object_ref (widget), g_object_unref);
}

static void
on_remove_secret (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);
  gboolean stored = pr_server_profile_get (self->profile, OAUTH_SECRET_SET) != 0;

  if (g_str_equal (name, "form.remove-service-account"))
    g_object_set (self->profile, "oauth-client-id", "", NULL);
  set_change (self, stored ? PR_OAUTH_CHANGE_REMOVE : PR_OAUTH_CHANGE_NONE, NULL);
  pr_form_set_dirty (self->form);
  pr_profile_form_update_rules (self);
}

static void
on_key_loaded (PrSecret *secret, const GError *error, gpointer owner)
{
  PrProfileForm *self = owner;

  if (self->profile == NULL)
    return;
  if (secret != NULL)
    {
      pr_profile_form_take_key (self, secret);
      return;
    }
  g_free (self->key_refused);
  self->key_refused = g_strdup (error->message);
  pr_profile_form_update_rules (self);
}

static void
on_key_chosen (GFile *file, gpointer user_data)
{
  pr_secret_file_load (file, on_key_loaded, user_data);
}

static void
on_set_key (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("JSON files"));
  gtk_file_filter_add_mime_type (filter, "application/json");
  gtk_file_filter_add_suffix (filter, "json");
  pr_file_picker_open (widget, _ ("Key of the Service Account"), filter, on_key_chosen, widget);
}

/* --- Assistant -------------------------------------------------------------------------------- */

static void
on_assistant_done (PrProfileForm *self, PrOauthAssistant *assistant)
{
  g_assert (PR_IS_PROFILE_FORM (self));

  if (pr_oauth_assistant_get_key (assistant) != NULL)
    pr_profile_form_take_key (self, pr_oauth_assistant_get_key (assistant));
  else if (pr_oauth_assistant_get_client_id (assistant) != NULL)
    pr_profile_form_take_client (self, pr_oauth_assistant_get_client_id (assistant),
                                 pr_oauth_assistant_get_client_secret (assistant));
}

static void
on_assistant (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthProvider) provider = pr_oauth_services_find (self->profile, &error);
  PrOauthAssistant *assistant;

  if (provider == NULL)
    {
      pr_dialog_tell (widget, _ ("Which Sign-in Service?"), error->message);
      return;
    }
  assistant = pr_oauth_assistant_open (widget, provider);
  g_signal_connect_object (assistant, "done", G_CALLBACK (on_assistant_done), self,
                           G_CONNECT_SWAPPED);
}

/* --- Discovery -------------------------------------------------------------------------------- */

static char *
describe_service (const PrOauthProvider *provider)
{
  const char *yes = _ ("yes"), *no = _ ("no");

  return g_strdup_printf (
      _ ("Found. Sign-in at %s, tokens at %s. Sign-in on another device: %s. Sign-out at the "
         "provider: %s. Says who signed in: %s."),
      provider->authorization_url, provider->token_url, provider->device_url != NULL ? yes : no,
      provider->revocation_url != NULL ? yes : no, *provider->account_claims != NULL ? yes : no);
}

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrProfileForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthProvider) provider =
      pr_environment_discover_oauth_finish (PR_ENVIRONMENT (source), result, &error);

  if (self->profile == NULL || !self->discovering
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->discovering = FALSE;
  g_free (self->discovery_note);
  self->discovery_failed = provider == NULL;
  self->discovery_note = provider != NULL
                             ? describe_service (provider)
                             : pr_report_oauth_describe_discovery (error, self->profile);
  pr_profile_form_update_rules (self);
}

static void
on_discover (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);
  g_autoptr (PrRecord) asked = pr_record_duplicate (PR_RECORD (self->profile));

  /* What the issuer says shall be seen, not what was entered. */
  g_object_set (asked, "oauth-authorization-url", "", "oauth-token-url", "", "oauth-provider",
                PR_OAUTH_SERVICE_OTHER, NULL);
  if (*pr_server_profile_get_text (asked, OAUTH_SCOPE) == '\0')
    g_object_set (asked, "oauth-scope", "openid", NULL);
  self->discovering = TRUE;
  pr_environment_discover_oauth_async (self->environment, PR_SERVER_PROFILE (asked),
                                       self->cancellable, on_discovered, g_object_ref (self));
  pr_profile_form_update_rules (self);
}

/* Of another issuer nothing is known. */
void
pr_profile_form_forget_discovery (PrProfileForm *self)
{
  const char *issuer = pr_server_profile_get_text (self->profile, OAUTH_ISSUER);

  if (g_strcmp0 (issuer, self->issuer_before) == 0)
    return;
  g_free (self->issuer_before);
  self->issuer_before = g_strdup (issuer);
  g_clear_pointer (&self->discovery_note, g_free);
  self->discovering = FALSE;
}

/* --- Saving ----------------------------------------------------------------------------------- */

/**
 * pr_profile_form_store_oauth:
 * @self: the form of a profile, which has just been saved
 * @callback: called when the keyring has it; pr_environment_set_oauth_client_finish()
 *
 * Returns: whether there was something to store
 */
gboolean
pr_profile_form_store_oauth (PrProfileForm *self, GAsyncReadyCallback callback)
{
  gboolean leaves = pr_profile_form_leaves_secret (self);
  PrOauthChange change = leaves ? PR_OAUTH_CHANGE_REMOVE : self->oauth_change;
  g_autoptr (PrSecret) secret = g_steal_pointer (&self->oauth_secret);

  self->oauth_change = PR_OAUTH_CHANGE_NONE;
  g_free (self->client_id_before);
  self->client_id_before = g_strdup (pr_server_profile_get_text (self->profile, OAUTH_CLIENT_ID));
  if (change == PR_OAUTH_CHANGE_NONE
      || !pr_server_profile_uses (self->profile, PR_AUTHENTICATION_OAUTH))
    return FALSE;
  if (change == PR_OAUTH_CHANGE_KEY)
    pr_environment_set_service_account_async (self->environment, self->profile, secret, NULL,
                                              callback, g_object_ref (self));
  else
    pr_environment_set_oauth_client_async (self->environment, self->profile, NULL, secret, NULL,
                                           callback, g_object_ref (self));
  return TRUE;
}

void
pr_profile_form_class_install_oauth (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, oauth_group);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, client_secret_row);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, client_secret_button);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, remove_secret_button);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, service_account_row);
  gtk_widget_class_bind_template_child (widget_class, PrProfileForm, remove_key_button);
  gtk_widget_class_install_action (widget_class, "form.set-client-secret", NULL, on_set_secret);
  gtk_widget_class_install_action (widget_class, "form.remove-client-secret", NULL,
                                   on_remove_secret);
  gtk_widget_class_install_action (widget_class, "form.set-service-account", NULL, on_set_key);
  gtk_widget_class_install_action (widget_class, "form.remove-service-account", NULL,
                                   on_remove_secret);
  gtk_widget_class_install_action (widget_class, "form.discover", NULL, on_discover);
  gtk_widget_class_install_action (widget_class, "form.assistant", NULL, on_assistant);
}
