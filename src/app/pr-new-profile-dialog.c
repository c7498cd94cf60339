/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrNewProfileDialog: the choice of a type, or settings by email address. Main thread. */

#include "pr-new-profile-dialog.h"

#include "pr-providers.h"
#include "pr-validate.h"

#include <glib/gi18n.h>

struct _PrNewProfileDialog
{
  AdwWindow parent_instance;

  /* Template children */
  AdwEntryRow *address_row;
  GtkLabel *address_note;
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
on_address (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrNewProfileDialog *self = PR_NEW_PROFILE_DIALOG (widget);
  PrServerProfile *profile = pr_server_profile_new ();
  g_autofree char *domain = NULL;

  pr_address_split (get_address (self), NULL, &domain);
  pr_providers_apply_address (profile, get_address (self));
  g_object_set (profile, "name", domain, NULL);
  choose (self, profile);
}

static void
on_address_changed (PrNewProfileDialog *self)
{
  const char *address = get_address (self);
  g_autofree char *accepted = pr_check_address (address);
  g_autoptr (PrServerProfile) probe = pr_server_profile_new ();
  gboolean known;

  g_assert (PR_IS_NEW_PROFILE_DIALOG (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new-profile.address", accepted == NULL);
  if (accepted != NULL)
    {
      gtk_label_set_label (self->address_note,
                           _ ("The servers of well-known providers are filled in."));
      return;
    }
  known = pr_providers_apply_address (probe, address);
  if (known)
    {
      g_autofree char *text = g_strdup_printf (
          _ ("Found: %s and %s"), pr_server_profile_get_location (probe, PR_DIRECTION_INCOMING),
          pr_server_profile_get_location (probe, PR_DIRECTION_OUTGOING));

      gtk_label_set_label (self->address_note, text);
    }
  else
    gtk_label_set_label (self->address_note,
                         _ ("This provider is not known: type its servers in the form."));
}

static void
on_address_entered (PrNewProfileDialog *self)
{
  g_assert (PR_IS_NEW_PROFILE_DIALOG (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "new-profile.address", NULL);
}

static void
pr_new_profile_dialog_class_init (PrNewProfileDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, PR_TYPE_SERVER_PROFILE);
  signals[SIGNAL_ASSISTANT] = g_signal_new ("assistant", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-new-profile-dialog.ui");
  gtk_widget_class_install_action (widget_class, "new-profile.gmail-oauth", NULL, on_gmail_oauth);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, PrNewProfileDialog, address_note);
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
  on_address_changed (self);
}

PrNewProfileDialog *
pr_new_profile_dialog_new (GtkWidget *parent)
{
  return g_object_new (PR_TYPE_NEW_PROFILE_DIALOG, "transient-for", gtk_widget_get_root (parent),
                       NULL);
}
