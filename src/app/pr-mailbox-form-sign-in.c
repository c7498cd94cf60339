/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxForm: signing in to the mailbox with OAuth, out again, and what is known of the sign-in.
 * The details are in the keyring: they are only looked at when somebody asks, for a locked keyring
 * asks for its password. Main thread. */

#include "pr-mailbox-form-private.h"

#include "pr-dialog.h"
#include "pr-environment-sign-in-info.h"
#include "pr-environment-sign-in.h"
#include "pr-page.h"
#include "pr-providers.h"
#include "pr-sign-in-dialog.h"
#include "pr-words.h"

#include <glib/gi18n.h>

static PrPage *
get_page (PrMailboxForm *self)
{
  return PR_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_PAGE));
}

/* --- Details ---------------------------------------------------------------------------------- */

static char *
describe_info (const PrSignInInfo *info)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *since = pr_word_of_time (info->signed_in_at);
  g_autofree char *renewed = pr_word_of_time (info->refreshed_at);
  g_autofree char *ends = pr_word_of_time (info->ends_at);

  if (info->other_client)
    g_string_append_printf (text, "%s\n",
                            _ ("Made under another client id than the profile has now: sign in "
                               "again."));
  if (*info->account != '\0')
    g_string_append_printf (text, _ ("Signed in as %s"), info->account);
  else
    g_string_append (text, _ ("Signed in; the provider does not say as whom"));
  if (*since != '\0')
    g_string_append_printf (text, _ ("\nSince: %s"), since);
  if (*renewed != '\0')
    g_string_append_printf (text, _ ("\nLast found good: %s"), renewed);
  if (!info->lasts)
    g_string_append_printf (text, "\n%s", _ ("Ends within the hour: it cannot be renewed"));
  else if (*ends != '\0')
    g_string_append_printf (text, _ ("\nEnds: %s"), ends);
  else
    g_string_append_printf (text, "\n%s", _ ("Is renewed by itself as long as it is used"));
  if (*info->scope != '\0')
    g_string_append_printf (text, _ ("\nAllows: %s"), info->scope);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct
{
  PrMailboxForm *form;
  gint64 id;
} PrInfoLoad;

static void
on_info (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrInfoLoad *load = user_data;
  g_autoptr (PrMailboxForm) self = load->form;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSignInInfo) info =
      pr_environment_load_sign_in_finish (PR_ENVIRONMENT (source), result, &error);

  /* A late answer never lands in a newer question. */
  if (self->id != load->id || self->environment != (PrEnvironment *) source)
    return;
  g_free (self->sign_in_details);
  if (error != NULL)
    self->sign_in_details = g_strdup (error->message);
  else if (info == NULL)
    self->sign_in_details =
        g_strdup (_ ("The sign-in is no longer in the keyring: sign in again."));
  else
    self->sign_in_details = describe_info (info);
  pr_mailbox_form_update_rules (self);
}

static void
load_details (PrMailboxForm *self)
{
  PrInfoLoad *load = g_new0 (PrInfoLoad, 1);

  load->form = g_object_ref (self);
  load->id = self->id;
  pr_environment_load_sign_in_async (self->environment, self->stored, self->cancellable, on_info,
                                     load);
}

static void
on_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  load_details (PR_MAILBOX_FORM (widget));
}

/* --- In and out ------------------------------------------------------------------------------- */

static void
on_signed_in (PrMailboxForm *self)
{
  g_assert (PR_IS_MAILBOX_FORM (self));

  if (self->id == 0 || self->stored == NULL)
    return;
  /* It was just written, so the keyring is unlocked. */
  load_details (self);
  pr_mailbox_form_reload (self);
}

static void
on_sign_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrMailboxForm *self = PR_MAILBOX_FORM (widget);
  g_autoptr (PrSelection) selection = pr_selection_new_ids (&self->id, 1);
  PrSignInDialog *dialog = pr_sign_in_dialog_open (widget, self->environment, selection, FALSE);

  g_signal_connect_object (dialog, "signed-in", G_CALLBACK (on_signed_in), self, G_CONNECT_SWAPPED);
}

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrMailboxForm) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n;

  if (get_page (self) == NULL)
    return;
  if (pr_environment_sign_out_finish (PR_ENVIRONMENT (source), result, &n, &error))
    pr_page_toast (get_page (self), _ ("Signed out"));
  else
    pr_page_show_error (get_page (self), _ ("Signing Out Failed"), error);
  g_clear_pointer (&self->sign_in_details, g_free);
  pr_mailbox_form_reload (self);
}

static void
on_sign_out_answer (const char *response, gpointer user_data)
{
  PrMailboxForm *self = user_data;
  g_autoptr (PrSelection) selection = NULL;

  if (!g_str_equal (response, "sign-out") || self->id == 0)
    return;
  selection = pr_selection_new_ids (&self->id, 1);
  pr_environment_sign_out_async (self->environment, selection, NULL, on_signed_out,
                                 g_object_ref (self));
}

static void
on_sign_out (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_dialog_ask (widget, _ ("Sign Out?"),
                 _ ("Its email is no longer processed until somebody signs in again. Mailboxes "
                    "that share the account are signed out with it. The provider is asked to "
                    "forget the sign-in where it can be asked."),
                 "sign-out", _ ("Sign _Out"), ADW_RESPONSE_DESTRUCTIVE, on_sign_out_answer,
                 g_object_ref (widget), g_object_unref);
}

/* --- The rows --------------------------------------------------------------------------------- */

/* “Sign in to Gmail”: by the name under which people know the mail, not the sign-in service. */
static char *
get_title (PrMailboxForm *self, PrServerProfile *profile)
{
  g_autofree char *name = NULL;
  g_auto (GStrv) notes =
      pr_providers_list_notes (pr_server_profile_get_location (profile, PR_DIRECTION_INCOMING),
                               PR_DIRECTION_INCOMING, &name);

  if (notes == NULL || name == NULL)
    {
      g_free (name);
      name = pr_environment_name_service (self->environment, self->mailbox);
    }
  /* Translators: the name of a provider, such as Gmail */
  return name != NULL ? g_strdup_printf (_ ("Sign in to %s…"), name) : g_strdup (_ ("Sign in…"));
}

/**
 * pr_mailbox_form_update_sign_in:
 * @self: the form of a mailbox
 * @profile: (nullable): its server profile, as it stands in the form
 *
 * Shows whether somebody is signed in, and who has to.
 */
void
pr_mailbox_form_update_sign_in (PrMailboxForm *self, PrServerProfile *profile)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean oauth = profile != NULL && pr_server_profile_uses (profile, PR_AUTHENTICATION_OAUTH);
  gboolean service = oauth && pr_server_profile_uses_service_account (profile);
  gboolean set = self->stored != NULL && pr_mailbox_get (self->stored, TOKEN_SET);
  gboolean can = FALSE;
  gboolean needed;
  g_autofree char *title = oauth ? get_title (self, profile) : NULL;
  g_autoptr (GError) error = NULL;
  const char *state = set ? _ ("Signed in") : _ ("Not signed in");
  const char *why = "";

  if (!set)
    g_clear_pointer (&self->sign_in_details, g_free);
  if (self->stored != NULL)
    can = pr_environment_can_sign_in (self->environment, self->stored, &error);
  if (service)
    state = _ ("The service account of the profile signs in: nobody has to do it");
  else if (set && self->sign_in_details != NULL)
    state = self->sign_in_details;
  if (self->id == 0 || (error == NULL && !can))
    why = _ ("Save the mailbox first.");
  else if (error != NULL)
    why = error->message;
  needed = can && pr_environment_needs_sign_in (self->environment, self->stored);
  gtk_label_set_label (self->sign_in_label,
                       set ? _ ("Somebody has to sign in to this mailbox again: its tests fail.")
                           : _ ("Nobody has signed in to this mailbox yet: its tests fail."));
  gtk_revealer_set_reveal_child (self->sign_in_revealer, oauth && needed);
  gtk_widget_set_visible (GTK_WIDGET (self->token_row), oauth);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_in_row), oauth && !service);
  gtk_widget_set_visible (GTK_WIDGET (self->sign_out_row), oauth && set);
  gtk_widget_set_visible (GTK_WIDGET (self->details_button),
                          oauth && set && !service && self->sign_in_details == NULL);
  adw_action_row_set_subtitle (self->token_row, state);
  adw_action_row_set_subtitle (self->sign_in_row, why);
  if (title != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->sign_in_row), title);
  gtk_widget_action_set_enabled (widget, "form.sign-in", oauth && can);
  gtk_widget_action_set_enabled (widget, "form.sign-out",
                                 set && !pr_environment_is_read_only (self->environment));
  gtk_widget_action_set_enabled (widget, "form.sign-in-details", set);
}

void
pr_mailbox_form_class_install_sign_in (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, token_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, sign_in_revealer);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, sign_in_label);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, details_button);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, sign_in_row);
  gtk_widget_class_bind_template_child (widget_class, PrMailboxForm, sign_out_row);
  gtk_widget_class_install_action (widget_class, "form.sign-in", NULL, on_sign_in);
  gtk_widget_class_install_action (widget_class, "form.sign-out", NULL, on_sign_out);
  gtk_widget_class_install_action (widget_class, "form.sign-in-details", NULL, on_details);
}
