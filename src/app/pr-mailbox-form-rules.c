/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxForm: each rule is shown where it bites. The rules are the model's; here is only which
 * row says it, and why a row cannot be used. Main thread. */

#include "pr-mailbox-form-private.h"

#include "pr-accessible.h"
#include "pr-words.h"

#include <glib/gi18n.h>

static void
note (PrMailboxForm *self, const char *field, PrNote kind, const char *text)
{
  pr_form_set_note (self->form, field, kind, text);
}

/* A row that cannot be used says why. */
static void
lock_field (PrMailboxForm *self, const char *field, const char *why)
{
  gtk_widget_set_sensitive (pr_form_get_row (self->form, field), why == NULL);
  note (self, field, PR_NOTE_INFORMATION, why);
}

static PrServerProfile *
find_profile (PrMailboxForm *self)
{
  return pr_environment_find_profile_by_id (self->environment,
                                            pr_mailbox_get (self->mailbox, PROFILE_ID));
}

/* --- Kind and methods ------------------------------------------------------------------------- */

static void
update_methods (PrMailboxForm *self)
{
  gboolean forward = pr_mailbox_get (self->mailbox, KIND) == PR_MAILBOX_KIND_FORWARD;
  gboolean user = pr_mailbox_get (self->mailbox, KIND) == PR_MAILBOX_KIND_USER;

  if (forward && pr_mailbox_get (self->mailbox, OUTGOING) != PR_SYNC_METHOD_NONE)
    g_object_set (self->mailbox, "outgoing", PR_SYNC_METHOD_NONE, NULL);
  if (user && pr_mailbox_get (self->mailbox, DELETE_AFTER) != 0)
    g_object_set (self->mailbox, "delete-after", FALSE, NULL);
  lock_field (self, "outgoing", forward ? _ ("A forward mailbox only receives.") : NULL);
  lock_field (self, "delete-after",
              user ? _ ("Only the emails of queues and forward mailboxes can be deleted.") : NULL);
  lock_field (self, "act",
              _ ("POP3/SMTP and Gmail profiles carry email only, no appointments, contacts and "
                 "tasks."));
}

static void
update_profile (PrMailboxForm *self, PrServerProfile *profile)
{
  if (g_list_model_get_n_items (pr_environment_get_profiles (self->environment)) == 0)
    note (self, "profile-id", PR_NOTE_WARNING,
          _ ("There is no server profile yet. Make one on the page “Server Profiles” first."));
  else if (profile == NULL)
    note (self, "profile-id", PR_NOTE_WARNING,
          _ ("Without a server profile the mailbox cannot be tested."));
  else if (!pr_server_profile_get (profile, ACTIVE))
    note (self, "profile-id", PR_NOTE_WARNING,
          _ ("This server profile is inactive: the tests of its mailboxes fail."));
  else
    note (self, "profile-id", PR_NOTE_NONE, NULL);
}

/* --- Address ---------------------------------------------------------------------------------- */

static void
update_address (PrMailboxForm *self)
{
  gboolean changed = self->stored != NULL
                     && g_strcmp0 (pr_mailbox_get_text (self->stored, ADDRESS),
                                   pr_mailbox_get_text (self->mailbox, ADDRESS))
                            != 0;

  note (self, "address", PR_NOTE_WARNING,
        changed ? _ ("Another address has to be approved and tested anew: the approval goes back "
                     "to “Pending approval”, the statuses to “Not run”.")
                : NULL);
}

/* --- Credentials ------------------------------------------------------------------------------ */

/* Why this mailbox needs no user name and password of its own; NULL: it does. */
static char *
get_credentials_obstacle (PrMailboxForm *self, PrServerProfile *profile)
{
  g_autoptr (GError) error = NULL;

  if (profile == NULL)
    return NULL;
  if (!pr_server_profile_uses (profile, PR_AUTHENTICATION_USER_OR_QUEUE))
    return g_strdup_printf (
        _ ("The server profile “%s” does not use credentials of the mailbox: "
           "%s."),
        pr_server_profile_get_text (profile, NAME),
        pr_word_of (PR_TYPE_AUTHENTICATION,
                    (int) pr_server_profile_get_authentication (profile, PR_DIRECTION_INCOMING)));
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (pr_mailbox_get_method (self->mailbox, direction) != PR_SYNC_METHOD_NONE
        && pr_server_profile_get_authentication (profile, direction)
               == PR_AUTHENTICATION_USER_OR_QUEUE
        && !pr_server_profile_may_enter_credentials (
            profile, direction, pr_environment_get_settings (self->environment), &error))
      return g_strdup (error->message);
  return NULL;
}

static void
update_credentials (PrMailboxForm *self, PrServerProfile *profile)
{
  g_autofree char *obstacle = get_credentials_obstacle (self, profile);
  gboolean allowed = pr_mailbox_get (self->mailbox, ALLOW_CREDENTIALS) != 0;
  gboolean oauth = profile != NULL && pr_server_profile_uses (profile, PR_AUTHENTICATION_OAUTH);
  const char *state = _ ("Not set");

  if (self->secret != NULL)
    state = _ ("Will be set on save");
  else if (pr_mailbox_get (self->mailbox, PASSWORD_SET))
    state = _ ("Is set");
  lock_field (self, "username", oauth ? NULL : obstacle);
  note (self, "allow-credentials", PR_NOTE_WARNING,
        !allowed && obstacle == NULL && profile != NULL
            ? _ ("The server profile logs in with the credentials of the mailbox: as long as this "
                 "is off its tests fail.")
            : NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_row), obstacle == NULL);
  pr_accessible_explain (self->password_row, obstacle);
  adw_action_row_set_subtitle (self->password_row, state);
}

/* --- All -------------------------------------------------------------------------------------- */

static void
show_errors (PrMailboxForm *self)
{
  g_autoptr (PrRecord) filled = pr_record_duplicate (PR_RECORD (self->mailbox));
  g_autoptr (GPtrArray) errors = NULL;
  g_autoptr (GPtrArray) others = NULL;

  /* What is empty gets its default on save, so it is no mistake. */
  pr_mailbox_fill_in (PR_MAILBOX (filled));
  errors = pr_record_check (filled, NULL);
  others = pr_form_set_errors (self->form, errors, self->tried);
}

/* Shows at each field what is to be said about it now. */
void
pr_mailbox_form_update_rules (PrMailboxForm *self)
{
  g_autoptr (PrServerProfile) profile = find_profile (self);

  update_methods (self);
  update_profile (self, profile);
  update_address (self);
  update_credentials (self, profile);
  pr_mailbox_form_update_sign_in (self, profile);
  show_errors (self);
  pr_mailbox_form_update_actions (self);
}
