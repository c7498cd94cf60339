/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrNewProfileDialog: the choice of a type, or settings by email address. What a domain says of
 * itself is shown before it is used. Main thread. */

#include "pr-new-profile-dialog.h"

#include "pr-accessible.h"
#include "pr-discovery.h"
#include "pr-live-text.h"
#include "pr-providers.h"
#include "pr-validate.h"

#include <glib/gi18n.h>

struct _PrNewProfileDialog
{
  AdwWindow parent_instance;

  /* Template children */
  AdwEntryRow *address_row;
  GtkLabel *address_note;
  GtkSpinner *spinner;
  GtkButton *continue_button;

  /* Owned */
  PrDiscovery *found;        /* (nullable): of the address that is typed */
  GCancellable *cancellable; /* (nullable): while its domain is being asked */
  gboolean was_asked;        /* the domain has answered, or has nothing to say */
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_ASSISTANT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrNewProfileDialog, pr_new_profile_dialog, ADW_TYPE_WINDOW)

static const char *
get_address (PrNewProfileDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->address_row));
}

/* Takes @profile. */
static void
choose (PrNewProfileDialog *self, PrServerProfile *profile)
{
  g_autoptr (PrServerProfile) chosen = profile;

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, chosen);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_type (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrServerProfile *profile = pr_server_profile_new ();
  int type = PR_SERVER_TYPE_POP3_SMTP;

  pr_enum_from_nick (PR_TYPE_SERVER_TYPE, g_variant_get_string (parameter, NULL), &type);
  g_object_set (profile, "server-type", type, NULL);
  if (pr_providers_apply_type (profile, (PrServerType) type))
    g_object_set (profile, "name", _ ("Gmail"), NULL);
  choose (PR_NEW_PROFILE_DIALOG (widget), profile);
}

static void
on_gmail_oauth (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrNewProfileDialog *self = PR_NEW_PROFILE_DIALOG (widget);
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();

  g_object_set (profile, "server-type", PR_SERVER_TYPE_GMAIL, NULL);
  pr_providers_apply_type (profile, PR_SERVER_TYPE_GMAIL);
  g_object_set (profile, "name", _ ("Gmail"), "incoming-authentication", PR_AUTHENTICATION_OAUTH,
                NULL);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, profile);
  g_signal_emit (self, signals[SIGNAL_ASSISTANT], 0);
  gtk_window_close (GTK_WINDOW (self));
}

/* The name of the domain is a good first name for its profile. */
static void
choose_found (PrNewProfileDialog *self)
{
  PrServerProfile *profile = pr_server_profile_new ();
  g_autofree char *domain = NULL;

  pr_address_split (get_address (self), NULL, &domain);
  if (!pr_providers_apply_address (profile, get_address (self)) && self->found != NULL)
    pr_discovery_apply (self->found, profile);
  g_object_set (profile, "name", domain, NULL);
  choose (self, profile);
}

static void
show_found (PrNewProfileDialog *self)
{
  g_autofree char *text = pr_discovery_describe (self->found);

  gtk_label_set_label (self->address_note, text);
}

/* Why the address cannot be used now; %NULL: it can. */
static void
set_obstacle (PrNewProfileDialog *self, const char *obstacle)
{
  pr_accessible_set_obstacle (self, "new-profile.address", self->continue_button, obstacle);
}

static void
end_search (PrNewProfileDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  gtk_widget_hide (GTK_WIDGET (self->spinner));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrNewProfileDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = pr_discovery_find_finish (result, &error);
  g_autofree char *text = NULL;

  /* Another address was typed, or the dialog is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  end_search (self);
  self->was_asked = TRUE;
  self->found = g_steal_pointer (&found);
  set_obstacle (self, NULL);
  if (self->found != NULL)
    show_found (self);
  else
    {
      text = g_strdup_printf (_ ("%s Type its servers in the form."), error->message);
      gtk_label_set_label (self->address_note, text);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->continue_button));
}

static void
search (PrNewProfileDialog *self)
{
  g_autofree char *domain = NULL;
  g_autofree char *text = NULL;

  pr_address_split (get_address (self), NULL, &domain);
  text = g_strdup_printf (_ ("Asking %s where its mail is…"), domain);
  gtk_label_set_label (self->address_note, text);
  set_obstacle (self, text);
  gtk_widget_show (GTK_WIDGET (self->spinner));
  gtk_spinner_start (self->spinner);
  self->cancellable = g_cancellable_new ();
  pr_discovery_find_async (get_address (self), NULL, self->cancellable, on_found,
                           g_object_ref (self));
}

/* Once to ask, once more to use what was found. */
static void
on_address (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrNewProfileDialog *self = PR_NEW_PROFILE_DIALOG (widget);

  if (self->found != NULL || self->was_asked)
    choose_found (self);
  else
    search (self);
}

static void
on_address_changed (PrNewProfileDialog *self)
{
  const char *address = get_address (self);
  g_autofree char *refused = pr_check_address (address);
  g_autofree char *obstacle = NULL;

  g_assert (PR_IS_NEW_PROFILE_DIALOG (self));

  end_search (self);
  self->was_asked = FALSE;
  g_clear_pointer (&self->found, pr_discovery_free);
  if (refused != NULL)
    /* Translators: %s is such as “an email address such as support@example.org” */
    obstacle = g_strdup_printf (_ ("Possible with %s"), refused);
  set_obstacle (self, obstacle);
  if (refused == NULL)
    self->found = pr_discovery_new_known (address);
  if (self->found != NULL)
    show_found (self);
  else
    gtk_label_set_label (self->address_note,
                         _ ("The servers of well-known providers are filled in. Any other domain "
                            "is asked for its servers; the address itself is not sent."));
}

static void
on_address_entered (PrNewProfileDialog *self)
{
  g_assert (PR_IS_NEW_PROFILE_DIALOG (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "new-profile.address", NULL);
}

static void
pr_new_profile_dialog_dispose (GObject *object)
{
  PrNewProfileDialog *self = PR_NEW_PROFILE_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->found, pr_discovery_free);
  G_OBJECT_CLASS (pr_new_profile_dialog_parent_class)->dispose (object);
}

static void
pr_new_profile_dialog_class_init (PrNewProfileDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_new_profile_dialog_dispose;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, PR_TYPE_SERVER_PROFILE);
  signals[SIGNAL_ASSISTANT] = g_signal_new ("assistant", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-new-profile-dialog.ui");
  gtk_widget_class_install_action (widget_class, "new-profile.gmail-oauth", NULL, on_gmail_oauth);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, address_note);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, continue_button);
  gtk_widget_class_bind_template_callback (widget_class, on_address_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_address_entered);
  gtk_widget_class_install_action (widget_class, "new-profile.type", "s", on_type);
  gtk_widget_class_install_action (widget_class, "new-profile.address", NULL, on_address);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_new_profile_dialog_init (PrNewProfileDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_live_text_follow (self->address_note);
  on_address_changed (self);
}

PrNewProfileDialog *
pr_new_profile_dialog_new (GtkWidget *parent)
{
  return g_object_new (PR_TYPE_NEW_PROFILE_DIALOG, "transient-for", gtk_widget_get_root (parent),
                       NULL);
}
