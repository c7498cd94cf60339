/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfileForm: each rule is shown where it bites. The rules are the model's
 * (pr_environment_check_profile(), pr_server_profile_list_warnings()); here is only which row
 * says it. Main thread. */

#include "pr-profile-form-private.h"

#include "pr-accessible.h"
#include "pr-bidi.h"
#include "pr-validate.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *authentication;
  const char *username;
  const char *location;
  const char *port;
} PrSideFields;

static const PrSideFields sides[PR_N_DIRECTIONS] = {
  { "incoming-authentication", "incoming-username", "incoming-location", "incoming-port" },
  { "outgoing-authentication", "outgoing-username", "outgoing-location", "outgoing-port" },
};

static AdwActionRow *
get_password_row (PrProfileForm *self, PrDirection direction)
{
  return direction == PR_DIRECTION_INCOMING ? self->incoming_password_row
                                            : self->outgoing_password_row;
}

static void
note (PrProfileForm *self, const char *field, PrNote kind, const char *text)
{
  pr_form_set_note (self->form, field, kind, text);
}

static void
set_sensitive (PrProfileForm *self, const char *field, gboolean sensitive)
{
  gtk_widget_set_sensitive (pr_form_get_row (self->form, field), sensitive);
}

/* Why user name and password of @direction cannot be entered; NULL: they can. */
static char *
get_credentials_obstacle (PrProfileForm *self, PrDirection direction)
{
  g_autoptr (GError) error = NULL;

  if (pr_server_profile_get_authentication (self->profile, direction) != PR_AUTHENTICATION_PROFILE)
    return g_strdup (_ ("Used only with “Credentials specified in email server profile”."));
  if (!pr_server_profile_may_enter_credentials (
          self->profile, direction, pr_environment_get_settings (self->environment), &error))
    return g_strdup (error->message);
  return NULL;
}

static void
update_credentials (PrProfileForm *self, PrDirection direction)
{
  const PrSideFields *fields = &sides[direction];
  AdwActionRow *password_row = get_password_row (self, direction);
  gboolean own =
      pr_server_profile_get_credentials_direction (self->profile, direction) == direction;
  g_autofree char *obstacle = get_credentials_obstacle (self, direction);
  gboolean set = self->secrets[direction] != NULL
                 || pr_server_profile_is_password_set (self->profile, direction);

  gtk_widget_set_visible (pr_form_get_row (self->form, fields->authentication), own);
  gtk_widget_set_visible (pr_form_get_row (self->form, fields->username), own);
  gtk_widget_set_visible (GTK_WIDGET (password_row), own);
  set_sensitive (self, fields->username, obstacle == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (password_row), obstacle == NULL);
  pr_accessible_explain (password_row, obstacle);
  note (self, fields->username, PR_NOTE_INFORMATION, own ? obstacle : NULL);
  adw_action_row_set_subtitle (password_row, self->secrets[direction] != NULL
                                                 ? _ ("Will be set on save")
                                             : set ? _ ("Is set")
                                                   : _ ("Not set"));
  /* A name that is not used must not be stored. */
  if (own
      && pr_server_profile_get_authentication (self->profile, direction)
             != PR_AUTHENTICATION_PROFILE
      && *pr_server_profile_get_username (self->profile, direction) != '\0')
    g_object_set (self->profile, fields->username, "", NULL);
}

/* International names are shown both ways. */
static void
update_location (PrProfileForm *self, PrDirection direction)
{
  const char *host = pr_server_profile_get_location (self->profile, direction);
  g_autofree char *ascii = *host != '\0' ? pr_host_to_ascii (host) : NULL;
  g_autofree char *display = *host != '\0' ? pr_host_to_display (host) : NULL;
  g_autofree char *text = NULL;

  if (ascii != NULL && g_ascii_strcasecmp (ascii, host) != 0)
    {
      g_autofree char *wire = pr_bidi_isolate (ascii);

      text = g_strdup_printf (_ ("On the wire: %s"), wire);
    }
  else if (display != NULL && g_strcmp0 (display, host) != 0)
    text = g_strdup_printf (_ ("Shown as: %s"), display);
  note (self, sides[direction].location, PR_NOTE_INFORMATION, text);
}

static void
update_port (PrProfileForm *self, PrDirection direction)
{
  g_autofree char *text = NULL;
  gint64 port;

  g_object_get (self->profile, sides[direction].port, &port, NULL);
  if (port == 0)
    text = g_strdup_printf (_ ("Left empty it becomes %u on save."),
                            pr_server_profile_get_port (self->profile, direction));
  note (self, sides[direction].port, PR_NOTE_INFORMATION, text);
}

static void
update_warnings (PrProfileForm *self)
{
  g_autoptr (GPtrArray) warnings = pr_server_profile_list_warnings (self->profile);

  for (guint i = 0; i < warnings->len; i++)
    {
      PrFieldWarning *warning = g_ptr_array_index (warnings, i);

      if (pr_form_get_row (self->form, warning->field) != NULL)
        note (self, warning->field, PR_NOTE_WARNING, warning->text);
    }
}

static void
update_errors (PrProfileForm *self)
{
  g_autoptr (GPtrArray) errors = pr_profile_form_check (self);
  g_autoptr (GPtrArray) others = pr_form_set_errors (self->form, errors, self->tried);

  /* Every field that can be wrong has a row. */
  g_warn_if_fail (others->len == 0);
}

/**
 * pr_profile_form_update_rules:
 * @self: the form of a profile
 *
 * Shows what holds for the profile as it stands: which fields can be used and why not, notes,
 * warnings, and errors.
 */
void
pr_profile_form_update_rules (PrProfileForm *self)
{
  if (self->updating)
    return;
  self->updating = TRUE;
  pr_form_clear_notes (self->form);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      update_credentials (self, direction);
      update_location (self, direction);
      update_port (self, direction);
    }
  pr_profile_form_update_oauth (self);
  pr_profile_form_update_pins (self);
  update_warnings (self);
  update_errors (self);
  pr_profile_form_update_actions (self);
  self->updating = FALSE;
}
