/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrServerProfile: the table of a profile's fields, what an empty one becomes on save, and what
 * each side of it says when both share settings. Its rules are in pr-server-profile-rules.c.
 * Main thread. */

#include "pr-server-profile-private.h"

#include <glib/gi18n-lib.h>

struct _PrServerProfile
{
  PrRecord parent_instance;
};

G_DEFINE_FINAL_TYPE (PrServerProfile, pr_server_profile, PR_TYPE_RECORD)

#define EDIT PR_FIELD_EDITABLE
#define CA_MAX (64 * 1024)
#define TEXT(NAME, LABEL, MAX, CHECK)                                                              \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_TEXT, EDIT, 0, MAX, 0, NULL, CHECK                                       \
  }
#define ENUM(NAME, LABEL, INITIAL, TYPE)                                                           \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_ENUM, EDIT, 0, 0, INITIAL, TYPE, NULL                                    \
  }
#define BOOLEAN(NAME, LABEL, FLAGS, INITIAL)                                                       \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_BOOLEAN, FLAGS, 0, 1, INITIAL, NULL, NULL                                \
  }
#define INTEGER(NAME, LABEL, FLAGS, MIN, MAX, INITIAL)                                             \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_INTEGER, FLAGS, MIN, MAX, INITIAL, NULL, NULL                            \
  }
#define TIME(NAME, LABEL, FLAGS)                                                                   \
  {                                                                                                \
    NAME, LABEL, PR_FIELD_TIME, FLAGS, 0, 0, 0, NULL, NULL                                         \
  }

static const PrField fields[PR_PROFILE_N_FIELDS] = {
  [PR_PROFILE_NAME] = { "name", N_ ("Name"), PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED, 1, 100, 0,
                        NULL, NULL },
  [PR_PROFILE_DESCRIPTION] = { "description", N_ ("Description"), PR_FIELD_TEXT,
                               EDIT | PR_FIELD_MULTILINE, 0, 2000, 0, NULL, NULL },
  [PR_PROFILE_SERVER_TYPE] = ENUM ("server-type",
                                   N_ ("Email server type"),
                                   PR_SERVER_TYPE_POP3_SMTP,
                                   pr_server_type_get_type),
  [PR_PROFILE_OWNER_NAME] = TEXT ("owner-name", N_ ("Owner name"), 200, NULL),
  [PR_PROFILE_OWNER_EMAIL] = TEXT ("owner-email", N_ ("Owner email"), 254, pr_check_address),
  [PR_PROFILE_INCOMING_LOCATION] = { "incoming-location", N_ ("Incoming server location"),
                                     PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED, 1, PR_HOST_MAX_LENGTH,
                                     0, NULL, pr_check_host },
  [PR_PROFILE_OUTGOING_LOCATION] = { "outgoing-location", N_ ("Outgoing server location"),
                                     PR_FIELD_TEXT, EDIT | PR_FIELD_REQUIRED, 1, PR_HOST_MAX_LENGTH,
                                     0, NULL, pr_check_host },
  [PR_PROFILE_INCOMING_PORT] = INTEGER ("incoming-port", N_ ("Incoming port"), EDIT, 1, 65535, 0),
  [PR_PROFILE_OUTGOING_PORT] = INTEGER ("outgoing-port", N_ ("Outgoing port"), EDIT, 1, 65535, 0),
  [PR_PROFILE_INCOMING_SECURITY] = ENUM ("incoming-security",
                                         N_ ("Use SSL for incoming"),
                                         PR_SECURITY_SSL,
                                         pr_security_get_type),
  [PR_PROFILE_OUTGOING_SECURITY] = ENUM ("outgoing-security",
                                         N_ ("Use SSL for outgoing"),
                                         PR_SECURITY_SSL,
                                         pr_security_get_type),
  [PR_PROFILE_SAME_SETTINGS] =
      BOOLEAN ("same-settings", N_ ("Use same settings for outgoing"), EDIT, TRUE),
  [PR_PROFILE_INCOMING_AUTHENTICATION] = ENUM ("incoming-authentication",
                                               N_ ("Authenticate using (incoming)"),
                                               PR_AUTHENTICATION_USER_OR_QUEUE,
                                               pr_authentication_get_type),
  [PR_PROFILE_OUTGOING_AUTHENTICATION] = ENUM ("outgoing-authentication",
                                               N_ ("Authenticate using (outgoing)"),
                                               PR_AUTHENTICATION_USER_OR_QUEUE,
                                               pr_authentication_get_type),
  [PR_PROFILE_INCOMING_USERNAME] =
      TEXT ("incoming-username", N_ ("User name (incoming)"), 250, pr_check_credential),
  [PR_PROFILE_OUTGOING_USERNAME] =
      TEXT ("outgoing-username", N_ ("User name (outgoing)"), 250, pr_check_credential),
  [PR_PROFILE_INCOMING_PASSWORD_SET] =
      BOOLEAN ("incoming-password-set", N_ ("Password set (incoming)"), 0, FALSE),
  [PR_PROFILE_OUTGOING_PASSWORD_SET] =
      BOOLEAN ("outgoing-password-set", N_ ("Password set (outgoing)"), 0, FALSE),
  [PR_PROFILE_OAUTH_CLIENT_ID] =
      TEXT ("oauth-client-id", N_ ("OAuth client id"), 1024, pr_check_oauth_client_id),
  [PR_PROFILE_OAUTH_SECRET_SET] =
      BOOLEAN ("oauth-secret-set", N_ ("OAuth client secret set"), 0, FALSE),
  [PR_PROFILE_OAUTH_PROVIDER] =
      TEXT ("oauth-provider", N_ ("OAuth provider"), 40, pr_check_oauth_word),
  [PR_PROFILE_OAUTH_TENANT] = TEXT ("oauth-tenant", N_ ("OAuth tenant"), 253, pr_check_oauth_word),
  [PR_PROFILE_OAUTH_ISSUER] =
      TEXT ("oauth-issuer", N_ ("OAuth issuer"), PR_URL_MAX_LENGTH, pr_check_url),
  [PR_PROFILE_OAUTH_AUTHORIZATION_URL] = TEXT ("oauth-authorization-url",
                                               N_ ("OAuth authorization address"),
                                               PR_URL_MAX_LENGTH,
                                               pr_check_url),
  [PR_PROFILE_OAUTH_TOKEN_URL] =
      TEXT ("oauth-token-url", N_ ("OAuth token address"), PR_URL_MAX_LENGTH, pr_check_url),
  [PR_PROFILE_OAUTH_SCOPE] = TEXT ("oauth-scope", N_ ("OAuth scope"), 1000, pr_check_oauth_scope),
  [PR_PROFILE_INCOMING_MECHANISM] = ENUM ("incoming-mechanism",
                                          N_ ("Incoming authentication protocol"),
                                          PR_MECHANISM_AUTO,
                                          pr_mechanism_get_type),
  [PR_PROFILE_OUTGOING_MECHANISM] = ENUM ("outgoing-mechanism",
                                          N_ ("Outgoing authentication protocol"),
                                          PR_MECHANISM_AUTO,
                                          pr_mechanism_get_type),
  [PR_PROFILE_PROCESS_FROM] = TIME ("process-from", N_ ("Process email from"), EDIT),
  [PR_PROFILE_POLLING_INTERVAL] = INTEGER ("polling-interval",
                                           N_ ("Minimum polling interval"),
                                           EDIT | PR_FIELD_REQUIRED,
                                           0,
                                           1440,
                                           5),
  [PR_PROFILE_MAX_CONNECTIONS] = INTEGER ("max-connections",
                                          N_ ("Maximum concurrent connections"),
                                          EDIT | PR_FIELD_REQUIRED,
                                          1,
                                          300,
                                          10),
  [PR_PROFILE_TIMEOUT] =
      INTEGER ("timeout", N_ ("Connection timeout"), EDIT | PR_FIELD_REQUIRED, 1, 100, 30),
  [PR_PROFILE_CA_CERTIFICATE] = { "ca-certificate", N_ ("Trusted certificate authority"),
                                  PR_FIELD_TEXT, EDIT | PR_FIELD_MULTILINE, 0, CA_MAX, 0, NULL,
                                  pr_check_pem },
  [PR_PROFILE_INCOMING_PIN] =
      TEXT ("incoming-pin", N_ ("Pinned certificate (incoming)"), 64, pr_check_pin),
  [PR_PROFILE_OUTGOING_PIN] =
      TEXT ("outgoing-pin", N_ ("Pinned certificate (outgoing)"), 64, pr_check_pin),
  [PR_PROFILE_INCOMING_PIN_REASON] =
      TEXT ("incoming-pin-reason", N_ ("Reason for the pin (incoming)"), 500, NULL),
  [PR_PROFILE_OUTGOING_PIN_REASON] =
      TEXT ("outgoing-pin-reason", N_ ("Reason for the pin (outgoing)"), 500, NULL),
  [PR_PROFILE_INCOMING_PINNED_AT] = TIME ("incoming-pinned-at", N_ ("Pinned on (incoming)"), 0),
  [PR_PROFILE_OUTGOING_PINNED_AT] = TIME ("outgoing-pinned-at", N_ ("Pinned on (outgoing)"), 0),
  [PR_PROFILE_ACTIVE] = BOOLEAN ("active", N_ ("Active"), EDIT, TRUE),
  [PR_PROFILE_IS_DEFAULT] = BOOLEAN ("is-default",
                                     N_ ("Set as default profile for new mailboxes"),
                                     EDIT | PR_FIELD_DERIVED,
                                     FALSE),
};

static void
pr_server_profile_class_init (PrServerProfileClass *klass)
{
  PR_RECORD_CLASS (klass)->check_rules = pr_server_profile_check_rules;
  pr_record_class_set_fields (PR_RECORD_CLASS (klass), fields, PR_PROFILE_N_FIELDS);
}

static void
pr_server_profile_init (PrServerProfile *self)
{
}

/**
 * pr_server_profile_new:
 *
 * Returns: (transfer full): a POP3/SMTP profile as the form "new profile" opens: without name
 *   and servers, processing email from now on
 */
PrServerProfile *
pr_server_profile_new (void)
{
  PrServerProfile *self = g_object_new (PR_TYPE_SERVER_PROFILE, NULL);

  pr_record_set_number (PR_RECORD (self), PR_PROFILE_PROCESS_FROM, g_get_real_time ());
  return self;
}

static guint
side (PrDirection direction, guint incoming, guint outgoing)
{
  return direction == PR_DIRECTION_INCOMING ? incoming : outgoing;
}

const char *
pr_server_profile_get_location (PrServerProfile *self, PrDirection direction)
{
  return pr_record_get_text (PR_RECORD (self), side (direction, PR_PROFILE_INCOMING_LOCATION,
                                                     PR_PROFILE_OUTGOING_LOCATION));
}

/**
 * pr_server_profile_get_port:
 * @self: a profile
 * @direction: of which server
 *
 * Returns: the port that is set, else the one that belongs to the direction's security
 */
guint16
pr_server_profile_get_port (PrServerProfile *self, PrDirection direction)
{
  gint64 port = pr_record_get_number (
      PR_RECORD (self), side (direction, PR_PROFILE_INCOMING_PORT, PR_PROFILE_OUTGOING_PORT));

  if (port > 0 && port <= G_MAXUINT16)
    return (guint16) port;
  return pr_default_port (direction == PR_DIRECTION_INCOMING ? PR_PROTOCOL_POP3 : PR_PROTOCOL_SMTP,
                          pr_server_profile_get_security (self, direction));
}

PrSecurity
pr_server_profile_get_security (PrServerProfile *self, PrDirection direction)
{
  return (PrSecurity) pr_record_get_number (
      PR_RECORD (self),
      side (direction, PR_PROFILE_INCOMING_SECURITY, PR_PROFILE_OUTGOING_SECURITY));
}

/**
 * pr_server_profile_get_credentials_direction:
 * @self: a profile
 * @direction: of which server
 *
 * Returns: the side whose credential settings hold for @direction: with "use same settings for
 *   outgoing" that is always the incoming one
 */
PrDirection
pr_server_profile_get_credentials_direction (PrServerProfile *self, PrDirection direction)
{
  return pr_server_profile_get (self, SAME_SETTINGS) ? PR_DIRECTION_INCOMING : direction;
}

/**
 * pr_server_profile_get_authentication:
 * @self: a profile
 * @direction: of which server
 *
 * Returns: whose credentials are used there
 */
PrAuthentication
pr_server_profile_get_authentication (PrServerProfile *self, PrDirection direction)
{
  direction = pr_server_profile_get_credentials_direction (self, direction);
  return (PrAuthentication) pr_record_get_number (
      PR_RECORD (self),
      side (direction, PR_PROFILE_INCOMING_AUTHENTICATION, PR_PROFILE_OUTGOING_AUTHENTICATION));
}

PrMechanism
pr_server_profile_get_mechanism (PrServerProfile *self, PrDirection direction)
{
  return (PrMechanism) pr_record_get_number (
      PR_RECORD (self),
      side (direction, PR_PROFILE_INCOMING_MECHANISM, PR_PROFILE_OUTGOING_MECHANISM));
}

const char *
pr_server_profile_get_username (PrServerProfile *self, PrDirection direction)
{
  direction = pr_server_profile_get_credentials_direction (self, direction);
  return pr_record_get_text (PR_RECORD (self), side (direction, PR_PROFILE_INCOMING_USERNAME,
                                                     PR_PROFILE_OUTGOING_USERNAME));
}

/**
 * pr_server_profile_uses:
 * @self: a profile
 * @authentication: a way to log in
 *
 * Returns: whether one of its directions logs in that way
 */
gboolean
pr_server_profile_uses (PrServerProfile *self, PrAuthentication authentication)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (pr_server_profile_get_authentication (self, direction) == authentication)
      return TRUE;
  return FALSE;
}

/**
 * pr_server_profile_uses_service_account:
 * @self: a profile
 *
 * Returns: whether its client id is the address of a service account, which signs in for every
 *   mailbox by itself
 */
gboolean
pr_server_profile_uses_service_account (PrServerProfile *self)
{
  return g_str_has_suffix (pr_server_profile_get_text (self, OAUTH_CLIENT_ID),
                           ".gserviceaccount.com");
}

gboolean
pr_server_profile_is_password_set (PrServerProfile *self, PrDirection direction)
{
  direction = pr_server_profile_get_credentials_direction (self, direction);
  return pr_record_get_number (PR_RECORD (self), side (direction, PR_PROFILE_INCOMING_PASSWORD_SET,
                                                       PR_PROFILE_OUTGOING_PASSWORD_SET))
         != 0;
}

/**
 * pr_server_profile_fill_in:
 * @self: a profile that is about to be saved
 *
 * Gives empty ports the value that belongs to the direction's security. Without a pin there is no
 * reason for one.
 */
void
pr_server_profile_fill_in (PrServerProfile *self)
{
  pr_record_set_number (PR_RECORD (self), PR_PROFILE_INCOMING_PORT,
                        pr_server_profile_get_port (self, PR_DIRECTION_INCOMING));
  pr_record_set_number (PR_RECORD (self), PR_PROFILE_OUTGOING_PORT,
                        pr_server_profile_get_port (self, PR_DIRECTION_OUTGOING));
  if (*pr_server_profile_get_text (self, INCOMING_PIN) == '\0')
    pr_record_set_text (PR_RECORD (self), PR_PROFILE_INCOMING_PIN_REASON, "");
  if (*pr_server_profile_get_text (self, OUTGOING_PIN) == '\0')
    pr_record_set_text (PR_RECORD (self), PR_PROFILE_OUTGOING_PIN_REASON, "");
}
