/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailbox: the table of a mailbox's fields, its rules, and what a change of one field does to
 * the others. Main thread. */

#include "pr-mailbox.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PrMailbox
{
  PrRecord parent_instance;
};

G_DEFINE_FINAL_TYPE (PrMailbox, pr_mailbox, PR_TYPE_RECORD)

#define EDIT PR_FIELD_EDITABLE
#define USERNAME_MAX 250
#define TEXT(NAME, LABEL, FLAGS, MAX, CHECK)                                                       \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_TEXT, FLAGS, 0, MAX, 0, NULL, CHECK                                      \
  }
#define ENUM(NAME, LABEL, FLAGS, INITIAL, TYPE)                                                    \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_ENUM, FLAGS, 0, 0, INITIAL, TYPE, NULL                                   \
  }
#define BOOLEAN(NAME, LABEL, FLAGS, INITIAL)                                                       \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_BOOLEAN, FLAGS, 0, 1, INITIAL, NULL, NULL                                \
  }
#define COUNT(NAME, LABEL)                                                                         \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_INTEGER, 0, 0, 1000, 0, NULL, NULL                                       \
  }
#define TIME(NAME, LABEL)                                                                          \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_TIME, 0, 0, 0, 0, NULL, NULL                                             \
  }

static const PrField fields[PR_MAILBOX_N_FIELDS] = {
  [PR_MAILBOX_NAME] = { "name", N_ ("Name"), PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED, 1, 200, 0,
                        NULL, NULL },
  [PR_MAILBOX_KIND] =
      ENUM ("kind", N_ ("Kind"), EDIT, PR_MAILBOX_KIND_USER, pr_mailbox_kind_get_type),
  [PR_MAILBOX_ADDRESS] = { "address", N_ ("Email address"), PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED,
                           3, PR_ADDRESS_MAX_LENGTH, 0, NULL, pr_check_address },
  [PR_MAILBOX_OWNER] = TEXT ("owner", N_ ("Owner"), EDIT, 200, NULL),
  [PR_MAILBOX_PROFILE_ID] = { "profile-id", N_ ("Server profile"), PR_FIELD_REFERENCE, EDIT, 0, 0,
                              0, NULL, NULL },
  [PR_MAILBOX_INCOMING] = ENUM ("incoming",
                                N_ ("Incoming email"),
                                EDIT,
                                PR_SYNC_METHOD_SERVER_SIDE,
                                pr_sync_method_get_type),
  [PR_MAILBOX_OUTGOING] = ENUM ("outgoing",
                                N_ ("Outgoing email"),
                                EDIT,
                                PR_SYNC_METHOD_SERVER_SIDE,
                                pr_sync_method_get_type),
  [PR_MAILBOX_ACT] = ENUM ("act",
                           N_ ("Appointments, contacts, and tasks"),
                           EDIT,
                           PR_SYNC_METHOD_NONE,
                           pr_sync_method_get_type),
  [PR_MAILBOX_ALLOW_CREDENTIALS] = BOOLEAN ("allow-credentials",
                                            N_ ("Allow to use credentials for email processing"),
                                            EDIT,
                                            FALSE),
  [PR_MAILBOX_USERNAME] =
      TEXT ("username", N_ ("User name"), EDIT, USERNAME_MAX, pr_check_credential),
  [PR_MAILBOX_PASSWORD_SET] = BOOLEAN ("password-set", N_ ("Password set"), 0, FALSE),
  [PR_MAILBOX_TOKEN_SET] = BOOLEAN ("token-set", N_ ("Signed in"), 0, FALSE),
  [PR_MAILBOX_DELETE_AFTER] =
      BOOLEAN ("delete-after", N_ ("Delete emails after processing"), EDIT, FALSE),
  [PR_MAILBOX_APPROVAL] =
      ENUM ("approval", N_ ("Email address status"), 0, PR_APPROVAL_PENDING, pr_approval_get_type),
  [PR_MAILBOX_INCOMING_STATUS] = ENUM ("incoming-status",
                                       N_ ("Incoming email status"),
                                       0,
                                       PR_TEST_STATUS_NOT_RUN,
                                       pr_test_status_get_type),
  [PR_MAILBOX_OUTGOING_STATUS] = ENUM ("outgoing-status",
                                       N_ ("Outgoing email status"),
                                       0,
                                       PR_TEST_STATUS_NOT_RUN,
                                       pr_test_status_get_type),
  [PR_MAILBOX_ACT_STATUS] = ENUM ("act-status",
                                  N_ ("Appointments, contacts, and tasks status"),
                                  0,
                                  PR_TEST_STATUS_NOT_RUN,
                                  pr_test_status_get_type),
  [PR_MAILBOX_RUN_STATE] =
      ENUM ("run-state", N_ ("Test run status"), 0, PR_RUN_STATE_IDLE, pr_run_state_get_type),
  [PR_MAILBOX_INCOMING_ENABLED] =
      BOOLEAN ("incoming-enabled", N_ ("Enabled for incoming"), 0, FALSE),
  [PR_MAILBOX_OUTGOING_ENABLED] =
      BOOLEAN ("outgoing-enabled", N_ ("Enabled for outgoing"), 0, FALSE),
  [PR_MAILBOX_INCOMING_CODE] = TEXT ("incoming-code", N_ ("Incoming error"), 0, 100, NULL),
  [PR_MAILBOX_OUTGOING_CODE] = TEXT ("outgoing-code", N_ ("Outgoing error"), 0, 100, NULL),
  [PR_MAILBOX_INCOMING_RETRY] = COUNT ("incoming-retry", N_ ("Incoming retries")),
  [PR_MAILBOX_OUTGOING_RETRY] = COUNT ("outgoing-retry", N_ ("Outgoing retries")),
  [PR_MAILBOX_INCOMING_RETRY_AT] = TIME ("incoming-retry-at", N_ ("Next incoming try")),
  [PR_MAILBOX_OUTGOING_RETRY_AT] = TIME ("outgoing-retry-at", N_ ("Next outgoing try")),
  [PR_MAILBOX_TESTED_AT] = TIME ("tested-at", N_ ("Last tested on")),
  [PR_MAILBOX_ACTIVE] = BOOLEAN ("active", N_ ("Active"), EDIT, TRUE),
  [PR_MAILBOX_PROFILE_NAME] =
      TEXT ("profile-name", N_ ("Server profile"), PR_FIELD_DERIVED, 100, NULL),
  [PR_MAILBOX_SERIAL] = { "serial", N_ ("Serial"), PR_FIELD_INTEGER, PR_FIELD_DERIVED, 0,
                          G_MAXINT32, 0, NULL, NULL },
};

static void
add (GPtrArray *errors, const char *field, const char *message)
{
  g_ptr_array_add (errors, pr_error_new (PR_ERROR_INVALID_VALUE, field, "%s", message));
}

static void
pr_mailbox_check_rules (PrRecord *record, gpointer context, GPtrArray *errors)
{
  PrMailbox *self = PR_MAILBOX (record);
  gboolean forward = pr_mailbox_get (self, KIND) == PR_MAILBOX_KIND_FORWARD;

  if (pr_mailbox_get (self, OUTGOING) == PR_SYNC_METHOD_FORWARD)
    add (errors, "outgoing",
         _ ("Outgoing email: “forward” is not accepted. Accepted: none, server-side."));
  else if (forward && pr_mailbox_get (self, OUTGOING) != PR_SYNC_METHOD_NONE)
    add (errors, "outgoing",
         _ ("Outgoing email: “server-side” is not accepted, a forward mailbox only receives. "
            "Accepted: none."));
  if (pr_mailbox_get (self, ACT) != PR_SYNC_METHOD_NONE)
    g_ptr_array_add (
        errors,
        pr_error_new (PR_ERROR_INVALID_VALUE, "act",
                      _ ("Appointments, contacts, and tasks: “%s” is not accepted, POP3/SMTP "
                         "and Gmail profiles carry email only. Accepted: none."),
                      pr_enum_to_nick (PR_TYPE_SYNC_METHOD, (int) pr_mailbox_get (self, ACT))));
  if (pr_mailbox_get (self, DELETE_AFTER) && pr_mailbox_get (self, KIND) == PR_MAILBOX_KIND_USER)
    add (errors, "delete-after",
         _ ("Delete emails after processing: “yes” is not accepted, only queues and forward "
            "mailboxes may. Accepted: no."));
}

static void
pr_mailbox_class_init (PrMailboxClass *klass)
{
  PR_RECORD_CLASS (klass)->check_rules = pr_mailbox_check_rules;
  pr_record_class_set_fields (PR_RECORD_CLASS (klass), fields, PR_MAILBOX_N_FIELDS);
}

static void
pr_mailbox_init (PrMailbox *self)
{
}

/**
 * pr_mailbox_new:
 * @address: its email address
 *
 * Returns: (transfer full): a user's mailbox, pending approval, not tested
 */
PrMailbox *
pr_mailbox_new (const char *address)
{
  return g_object_new (PR_TYPE_MAILBOX, "address", address, NULL);
}

static guint
side (PrDirection direction, guint incoming, guint outgoing)
{
  return direction == PR_DIRECTION_INCOMING ? incoming : outgoing;
}

PrSyncMethod
pr_mailbox_get_method (PrMailbox *self, PrDirection direction)
{
  return (PrSyncMethod) pr_record_get_number (
      PR_RECORD (self), side (direction, PR_MAILBOX_INCOMING, PR_MAILBOX_OUTGOING));
}

/**
 * pr_mailbox_is_forwarded:
 * @self: a mailbox
 * @direction: which way
 *
 * Returns: whether its mail comes through a forward mailbox: then nobody logs in to fetch it here,
 *   and there is nothing to test in this direction. A forward mailbox itself is fetched
 */
gboolean
pr_mailbox_is_forwarded (PrMailbox *self, PrDirection direction)
{
  return pr_mailbox_get_method (self, direction) == PR_SYNC_METHOD_FORWARD
         && pr_mailbox_get (self, KIND) != PR_MAILBOX_KIND_FORWARD;
}

PrTestStatus
pr_mailbox_get_status (PrMailbox *self, PrDirection direction)
{
  return (PrTestStatus) pr_record_get_number (
      PR_RECORD (self), side (direction, PR_MAILBOX_INCOMING_STATUS, PR_MAILBOX_OUTGOING_STATUS));
}

gboolean
pr_mailbox_is_enabled (PrMailbox *self, PrDirection direction)
{
  return pr_record_get_number (PR_RECORD (self), side (direction, PR_MAILBOX_INCOMING_ENABLED,
                                                       PR_MAILBOX_OUTGOING_ENABLED))
         != 0;
}

const char *
pr_mailbox_get_code (PrMailbox *self, PrDirection direction)
{
  return pr_record_get_text (PR_RECORD (self),
                             side (direction, PR_MAILBOX_INCOMING_CODE, PR_MAILBOX_OUTGOING_CODE));
}

guint
pr_mailbox_get_retry (PrMailbox *self, PrDirection direction)
{
  return (guint) pr_record_get_number (
      PR_RECORD (self), side (direction, PR_MAILBOX_INCOMING_RETRY, PR_MAILBOX_OUTGOING_RETRY));
}

/**
 * pr_mailbox_get_retry_at:
 * @self: a mailbox
 * @direction: which of its directions
 *
 * Returns: when it is tried again, microseconds since 1970; 0: not
 */
gint64
pr_mailbox_get_retry_at (PrMailbox *self, PrDirection direction)
{
  return pr_record_get_number (PR_RECORD (self), side (direction, PR_MAILBOX_INCOMING_RETRY_AT,
                                                       PR_MAILBOX_OUTGOING_RETRY_AT));
}

/**
 * pr_mailbox_set_result:
 * @self: a mailbox
 * @direction: which of its directions
 * @status: how the test ended
 * @enabled: whether mail is processed from now on
 * @code: word of the error, "" for none
 */
void
pr_mailbox_set_result (PrMailbox *self,
                       PrDirection direction,
                       PrTestStatus status,
                       gboolean enabled,
                       const char *code)
{
  PrRecord *record = PR_RECORD (self);

  pr_record_set_number (
      record, side (direction, PR_MAILBOX_INCOMING_STATUS, PR_MAILBOX_OUTGOING_STATUS), status);
  pr_record_set_number (
      record, side (direction, PR_MAILBOX_INCOMING_ENABLED, PR_MAILBOX_OUTGOING_ENABLED), enabled);
  pr_record_set_text (record, side (direction, PR_MAILBOX_INCOMING_CODE, PR_MAILBOX_OUTGOING_CODE),
                      code);
}

/**
 * pr_mailbox_set_retry:
 * @self: a mailbox
 * @direction: which of its directions
 * @retry: how often it was tried again; 0 resets
 * @at: when it is tried again, microseconds since 1970; 0: not
 */
void
pr_mailbox_set_retry (PrMailbox *self, PrDirection direction, guint retry, gint64 at)
{
  PrRecord *record = PR_RECORD (self);

  pr_record_set_number (
      record, side (direction, PR_MAILBOX_INCOMING_RETRY, PR_MAILBOX_OUTGOING_RETRY), retry);
  pr_record_set_number (
      record, side (direction, PR_MAILBOX_INCOMING_RETRY_AT, PR_MAILBOX_OUTGOING_RETRY_AT), at);
}

/**
 * pr_mailbox_fill_in:
 * @self: a mailbox that is about to be saved
 *
 * Gives empty fields their defaults: name from the address, owner from the name, user name from
 * the address.
 */
void
pr_mailbox_fill_in (PrMailbox *self)
{
  PrRecord *record = PR_RECORD (self);
  const char *address = pr_mailbox_get_text (self, ADDRESS);
  const char *at = strrchr (address, '@');

  /* Of what is no address all is taken, so that the address is what is complained of. */
  if (*pr_mailbox_get_text (self, NAME) == '\0')
    {
      g_autofree char *local = at != NULL && at > address
                                   ? g_strndup (address, (gsize) (at - address))
                                   : g_strdup (address);
      const char *owner = pr_mailbox_get_text (self, OWNER);

      pr_record_set_text (record, PR_MAILBOX_NAME, *owner != '\0' ? owner : local);
    }
  if (*pr_mailbox_get_text (self, OWNER) == '\0')
    pr_record_set_text (record, PR_MAILBOX_OWNER, pr_mailbox_get_text (self, NAME));
  /* An address may be longer than a user name: then somebody has to say it. */
  if (*pr_mailbox_get_text (self, USERNAME) == '\0' && g_utf8_strlen (address, -1) <= USERNAME_MAX)
    pr_record_set_text (record, PR_MAILBOX_USERNAME, address);
}

/**
 * pr_mailbox_apply_settings:
 * @self: a mailbox
 * @settings: the environment's
 *
 * Gives it the default profile and synchronization methods. A forward mailbox only receives.
 */
void
pr_mailbox_apply_settings (PrMailbox *self, PrEmailSettings *settings)
{
  PrRecord *record = PR_RECORD (self);
  gboolean forward = pr_mailbox_get (self, KIND) == PR_MAILBOX_KIND_FORWARD;

  pr_record_set_number (record, PR_MAILBOX_PROFILE_ID,
                        pr_email_settings_get (settings, PROFILE_ID));
  pr_record_set_number (record, PR_MAILBOX_INCOMING, pr_email_settings_get (settings, INCOMING));
  pr_record_set_number (record, PR_MAILBOX_OUTGOING,
                        forward ? PR_SYNC_METHOD_NONE : pr_email_settings_get (settings, OUTGOING));
  pr_record_set_number (record, PR_MAILBOX_ACT, PR_SYNC_METHOD_NONE);
}

/**
 * pr_mailbox_needs_approval:
 * @self: a mailbox
 * @settings: the environment's
 *
 * Returns: whether the gate for its kind is on and its address is not approved
 */
gboolean
pr_mailbox_needs_approval (PrMailbox *self, PrEmailSettings *settings)
{
  gboolean user = pr_mailbox_get (self, KIND) == PR_MAILBOX_KIND_USER;
  gboolean gate = user ? pr_email_settings_get (settings, APPROVED_USERS_ONLY) != 0
                       : pr_email_settings_get (settings, APPROVED_QUEUES_ONLY) != 0;

  return gate && pr_mailbox_get (self, APPROVAL) != PR_APPROVAL_APPROVED;
}
