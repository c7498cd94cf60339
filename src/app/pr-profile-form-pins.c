/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfileForm: pinned certificates, one for each server. Main thread. */

#include "pr-profile-form-private.h"

#include "pr-pin-dialog.h"
#include "pr-pin.h"
#include "pr-words.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *pin;
  const char *reason;
  const char *set;
  const char *remove;
} PrPinSide;

static const PrPinSide sides[PR_N_DIRECTIONS] = {
  { "incoming-pin", "incoming-pin-reason", "form.set-incoming-pin", "form.remove-incoming-pin" },
  { "outgoing-pin", "outgoing-pin-reason", "form.set-outgoing-pin", "form.remove-outgoing-pin" },
};

static char *
describe (PrServerProfile *profile, gboolean incoming)
{
  const char *pin = incoming ? pr_server_profile_get_text (profile, INCOMING_PIN)
                             : pr_server_profile_get_text (profile, OUTGOING_PIN);
  const char *reason = incoming ? pr_server_profile_get_text (profile, INCOMING_PIN_REASON)
                                : pr_server_profile_get_text (profile, OUTGOING_PIN_REASON);
  gint64 at = incoming ? pr_server_profile_get (profile, INCOMING_PINNED_AT)
                       : pr_server_profile_get (profile, OUTGOING_PINNED_AT);
  g_autofree char *fingerprint = *pin != '\0' ? pr_pin_format (pin) : NULL;
  g_autofree char *when = pr_word_of_time (at);

  if (fingerprint == NULL)
    return g_strdup (_ ("None: the certificate is verified"));
  return g_strdup_printf (_ ("Pinned, not verified: %s\nReason: %s\nSince: %s"), fingerprint,
                          *reason != '\0' ? reason : "—",
                          *when != '\0' ? when : _ ("will be pinned on save"));
}

/**
 * pr_profile_form_update_pins:
 * @self: the form of a profile
 *
 * Shows what is pinned, and whether something can be.
 */
void
pr_profile_form_update_pins (PrProfileForm *self)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      gboolean incoming = direction == PR_DIRECTION_INCOMING;
      gboolean plain =
          pr_server_profile_get_security (self->profile, direction) == PR_SECURITY_NONE;
      gboolean pinned = *(incoming ? pr_server_profile_get_text (self->profile, INCOMING_PIN)
                                   : pr_server_profile_get_text (self->profile, OUTGOING_PIN))
                        != '\0';
      g_autofree char *text = describe (self->profile, incoming);
      const char *why = NULL;

      if (*pr_server_profile_get_location (self->profile, direction) == '\0')
        why = _ ("Enter the server’s location first.");
      else if (plain)
        why = _ ("Without encryption the server shows no certificate.");
      adw_action_row_set_subtitle (self->pin_rows[direction], why != NULL && !pinned ? why : text);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), sides[direction].set, why == NULL);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), sides[direction].remove, pinned);
      gtk_widget_set_visible (self->remove_pin_buttons[direction], pinned);
    }
}

static void
set_pin (PrProfileForm *self, PrDirection direction, const char *pin, const char *reason)
{
  if (self->profile == NULL)
    return;
  pr_record_set_number (PR_RECORD (self->profile),
                        direction == PR_DIRECTION_INCOMING ? PR_PROFILE_INCOMING_PINNED_AT
                                                           : PR_PROFILE_OUTGOING_PINNED_AT,
                        0);
  g_object_set (self->profile, sides[direction].pin, pin, sides[direction].reason, reason, NULL);
  pr_form_set_dirty (self->form);
  pr_profile_form_update_rules (self);
}

static void
on_pinned (PrProfileForm *self, PrPinDialog *dialog)
{
  g_assert (PR_IS_PROFILE_FORM (self));

  set_pin (self, pr_pin_dialog_get_direction (dialog), pr_pin_dialog_get_pin (dialog),
           pr_pin_dialog_get_reason (dialog));
}

static PrDirection
get_direction (const char *action)
{
  return g_str_equal (action, sides[PR_DIRECTION_INCOMING].set)
                 || g_str_equal (action, sides[PR_DIRECTION_INCOMING].remove)
             ? PR_DIRECTION_INCOMING
             : PR_DIRECTION_OUTGOING;
}

static void
on_set_pin (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrProfileForm *self = PR_PROFILE_FORM (widget);
  PrPinDialog *dialog =
      pr_pin_dialog_open (widget, self->environment, self->profile, get_direction (name));

  g_signal_connect_object (dialog, "pinned", G_CALLBACK (on_pinned), self, G_CONNECT_SWAPPED);
}

static void
on_remove_pin (GtkWidget *widget, const char *name, GVariant *parameter)
{
  set_pin (PR_PROFILE_FORM (widget), get_direction (name), "", "");
}

void
pr_profile_form_class_install_pins (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child_full (
      widget_class, "incoming_pin_row", FALSE,
      G_STRUCT_OFFSET (PrProfileForm, pin_rows[PR_DIRECTION_INCOMING]));
  gtk_widget_class_bind_template_child_full (
      widget_class, "outgoing_pin_row", FALSE,
      G_STRUCT_OFFSET (PrProfileForm, pin_rows[PR_DIRECTION_OUTGOING]));
  gtk_widget_class_bind_template_child_full (
      widget_class, "remove_incoming_pin", FALSE,
      G_STRUCT_OFFSET (PrProfileForm, remove_pin_buttons[PR_DIRECTION_INCOMING]));
  gtk_widget_class_bind_template_child_full (
      widget_class, "remove_outgoing_pin", FALSE,
      G_STRUCT_OFFSET (PrProfileForm, remove_pin_buttons[PR_DIRECTION_OUTGOING]));
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      gtk_widget_class_install_action (widget_class, sides[direction].set, NULL, on_set_pin);
      gtk_widget_class_install_action (widget_class, sides[direction].remove, NULL, on_remove_pin);
    }
}
