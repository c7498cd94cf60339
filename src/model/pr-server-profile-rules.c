/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules between the fields of a profile: what can never be saved, what a policy forbids, and
 * what is allowed with a warning. Main thread. */

#include "pr-server-profile-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

char *
pr_check_pem (const char *value)
{
  if (strstr (value, "PRIVATE KEY-----") != NULL)
    return g_strdup (_ ("certificates only; a private key must never be given away"));
  if (strstr (value, "-----BEGIN CERTIFICATE-----") == NULL
      || strstr (value, "-----END CERTIFICATE-----") == NULL)
    return g_strdup (_ ("a certificate in PEM form, which begins with "
                        "“-----BEGIN CERTIFICATE-----”"));
  return NULL;
}

char *
pr_check_pin (const char *value)
{
  gsize n = strlen (value);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isdigit (value[i]) && !(value[i] >= 'a' && value[i] <= 'f'))
      n = 0;
  return n == 64 ? NULL : g_strdup (_ ("the SHA-256 of a certificate, 64 hexadecimal digits"));
}

static gboolean
has_only (const char *value, const char *others)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (others, *p) == NULL)
      return FALSE;
  return TRUE;
}

/* The id of a provider, and a tenant, which becomes a part of an address. */
char *
pr_check_oauth_word (const char *value)
{
  return has_only (value, "-.")
             ? NULL
             : g_strdup (_ ("letters, digits, hyphens and dots, without spaces"));
}

/* RFC 6749 appendix A.1, less the space. */
char *
pr_check_oauth_client_id (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p))
      return g_strdup (_ ("the client id as the provider shows it, without spaces"));
  return NULL;
}

/* RFC 6749 section 3.3. */
char *
pr_check_oauth_scope (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if ((!g_ascii_isgraph (*p) && *p != ' ') || *p == '"' || *p == '\\')
      return g_strdup (_ ("the names of scopes, separated by single spaces"));
  return NULL;
}

static const char *
name_of (PrDirection direction, const char *incoming, const char *outgoing)
{
  return direction == PR_DIRECTION_INCOMING ? incoming : outgoing;
}

static void
add (GPtrArray *errors, PrError code, const char *field, const char *message)
{
  g_ptr_array_add (errors, pr_error_new (code, field, "%s", message));
}

static void
check_authentication (PrServerProfile *self, PrDirection direction, GPtrArray *errors)
{
  const char *field = name_of (direction, "incoming-authentication", "outgoing-authentication");

  switch (pr_server_profile_get_authentication (self, direction))
    {
      case PR_AUTHENTICATION_ANONYMOUS:
        add (errors, PR_ERROR_INVALID_VALUE, field,
             _ ("Authenticate using: “without credentials (anonymous)” is not a valid setting: a "
                "mail server must know whose mailbox is meant. Accepted: user-or-queue, profile, "
                "oauth, windows."));
        break;
      case PR_AUTHENTICATION_WINDOWS:
        if (direction == PR_DIRECTION_INCOMING)
          add (errors, PR_ERROR_INVALID_VALUE, field,
               _ ("Authenticate using: “Windows integrated authentication” is for SMTP only. "
                  "Accepted for incoming: user-or-queue, profile, oauth."));
        break;
      case PR_AUTHENTICATION_OAUTH:
        if (*pr_server_profile_get_text (self, OAUTH_CLIENT_ID) == '\0')
          add (errors, PR_ERROR_INVALID_VALUE, "oauth-client-id",
               _ ("OAuth client id must not be empty while OAuth is used. Accepted: the client id "
                  "of your own registration with the provider."));
        break;
      case PR_AUTHENTICATION_USER_OR_QUEUE:
      case PR_AUTHENTICATION_PROFILE:
        break;
    }
}

/* A pin takes the place of verifying: somebody has to answer for it. */
static void
check_pin (PrServerProfile *self, PrDirection direction, GPtrArray *errors)
{
  gboolean incoming = direction == PR_DIRECTION_INCOMING;
  const char *pin = incoming ? pr_server_profile_get_text (self, INCOMING_PIN)
                             : pr_server_profile_get_text (self, OUTGOING_PIN);
  const char *reason = incoming ? pr_server_profile_get_text (self, INCOMING_PIN_REASON)
                                : pr_server_profile_get_text (self, OUTGOING_PIN_REASON);

  if (*pin != '\0' && *reason == '\0')
    add (errors, PR_ERROR_INVALID_VALUE,
         name_of (direction, "incoming-pin-reason", "outgoing-pin-reason"),
         _ ("Reason for the pin must not be empty while a certificate is pinned. Accepted: why "
            "nobody vouches for it, and who has compared the fingerprint."));
}

static void
check_username (PrServerProfile *self, PrDirection direction, GPtrArray *errors)
{
  gboolean by_profile =
      pr_server_profile_get_authentication (self, direction) == PR_AUTHENTICATION_PROFILE;
  const char *username = pr_server_profile_get_username (self, direction);
  const char *field = name_of (direction, "incoming-username", "outgoing-username");

  if (by_profile && *username == '\0')
    add (errors, PR_ERROR_INVALID_VALUE, field,
         _ ("User name must not be empty while the credentials are specified in the email server "
            "profile. Accepted: the name to log in with, at most 250 characters."));
  else if (!by_profile && *username != '\0')
    g_ptr_array_add (
        errors,
        pr_error_new (PR_ERROR_INVALID_VALUE, field,
                      _ ("User name: “%s” is not accepted, it is only used with “credentials "
                         "specified in email server profile”. Accepted here: nothing."),
                      username));
}

/* Returns: (nullable): why @mechanism does not fit, with a gap for its word. */
static const char *
judge_mechanism (PrMechanism mechanism, PrDirection direction, PrAuthentication authentication)
{
  gboolean token = mechanism == PR_MECHANISM_OAUTH || mechanism == PR_MECHANISM_XOAUTH2
                   || mechanism == PR_MECHANISM_OAUTHBEARER;

  if (mechanism == PR_MECHANISM_NONE)
    return _ ("Authentication protocol: “%s” is not accepted. Accepted: auto, or a protocol.");
  if (mechanism == PR_MECHANISM_AUTO)
    return NULL;
  if (direction == PR_DIRECTION_OUTGOING
      && (mechanism == PR_MECHANISM_USER || mechanism == PR_MECHANISM_APOP))
    return _ ("Outgoing authentication protocol: “%s” is not accepted, it exists in POP3 only. "
              "Accepted: auto, plain, login, cram-md5, digest-md5, scram-sha-1, scram-sha-256, "
              "ntlm, gssapi, oauth.");
  if (authentication == PR_AUTHENTICATION_WINDOWS && mechanism != PR_MECHANISM_GSSAPI
      && mechanism != PR_MECHANISM_NTLM)
    return _ ("Authentication protocol: “%s” does not fit “Windows integrated authentication”. "
              "Accepted: auto, gssapi, ntlm.");
  if (authentication == PR_AUTHENTICATION_OAUTH && !token)
    return _ ("Authentication protocol: “%s” does not fit “authenticate using: OAuth”. Accepted: "
              "auto, oauth, xoauth2, oauthbearer.");
  if (authentication != PR_AUTHENTICATION_OAUTH && token)
    return _ ("Authentication protocol: “%s” needs “authenticate using: OAuth”. Accepted: auto, or "
              "a protocol that uses a password.");
  return NULL;
}

static void
check_mechanism (PrServerProfile *self, PrDirection direction, GPtrArray *errors)
{
  PrMechanism mechanism = pr_server_profile_get_mechanism (self, direction);
  const char *format = judge_mechanism (mechanism, direction,
                                        pr_server_profile_get_authentication (self, direction));
  g_autofree char *message = NULL;
  g_auto (GStrv) parts = NULL;

  if (format == NULL)
    return;
  parts = g_strsplit (format, "%s", 2);
  message = g_strjoinv (pr_enum_to_nick (PR_TYPE_MECHANISM, (int) mechanism), parts);
  add (errors, PR_ERROR_INVALID_VALUE,
       name_of (direction, "incoming-mechanism", "outgoing-mechanism"), message);
}

static void
check_policies (PrServerProfile *self,
                PrDirection direction,
                PrEmailSettings *settings,
                GPtrArray *errors)
{
  guint port = pr_server_profile_get_port (self, direction);

  if (pr_server_profile_get_security (self, direction) == PR_SECURITY_NONE
      && !pr_email_settings_get (settings, ALLOW_UNENCRYPTED))
    add (errors, PR_ERROR_POLICY, name_of (direction, "incoming-security", "outgoing-security"),
         _ ("Use SSL: “none” is refused by the policy “allow connections without encryption”, "
            "which is off. Accepted: ssl, starttls."));
  if (!pr_email_settings_allows_port (settings, port))
    {
      g_autofree char *allowed = pr_email_settings_describe_ports (settings);

      g_ptr_array_add (
          errors,
          pr_error_new (PR_ERROR_POLICY, name_of (direction, "incoming-port", "outgoing-port"),
                        _ ("%s: “%u” is refused by the policy “outbound ports”. Accepted: %s."),
                        direction == PR_DIRECTION_INCOMING ? _ ("Incoming port")
                                                           : _ ("Outgoing port"),
                        port, allowed));
    }
}

/* A user name that stands where it may not be entered. */
static void
check_entry (PrServerProfile *self,
             PrDirection direction,
             PrEmailSettings *settings,
             GPtrArray *errors)
{
  GError *error = NULL;

  if (pr_server_profile_get_authentication (self, direction) == PR_AUTHENTICATION_PROFILE
      && *pr_server_profile_get_username (self, direction) != '\0'
      && !pr_server_profile_may_enter_credentials (self, direction, settings, &error))
    g_ptr_array_add (errors, error);
}

/* @context: (nullable): the PrEmailSettings whose policies hold. */
void
pr_server_profile_check_rules (PrRecord *record, gpointer context, GPtrArray *errors)
{
  PrServerProfile *self = PR_SERVER_PROFILE (record);

  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      gboolean copied = pr_server_profile_get_credentials_direction (self, direction) != direction;

      if (!copied)
        {
          check_authentication (self, direction, errors);
          check_username (self, direction, errors);
        }
      check_mechanism (self, direction, errors);
      check_pin (self, direction, errors);
      if (context != NULL)
        {
          check_policies (self, direction, context, errors);
          check_entry (self, direction, context, errors);
        }
    }
}

static void
field_warning_free (gpointer data)
{
  PrFieldWarning *warning = data;

  g_free (warning->text);
  g_free (warning);
}

static void
warn (GPtrArray *warnings, const char *field, const char *text)
{
  PrFieldWarning *warning = g_new0 (PrFieldWarning, 1);

  warning->field = field;
  warning->text = g_strdup (text);
  g_ptr_array_add (warnings, warning);
}

static gboolean
uses_account_passwords (PrServerProfile *self, PrDirection direction)
{
  return pr_server_profile_get (self, SERVER_TYPE) == PR_SERVER_TYPE_GMAIL
         && pr_server_profile_get_authentication (self, direction)
                == PR_AUTHENTICATION_USER_OR_QUEUE;
}

static void
warn_of_pins (PrServerProfile *self, GPtrArray *warnings)
{
  if (*pr_server_profile_get_text (self, INCOMING_PIN) != '\0')
    warn (warnings, "incoming-pin",
          _ ("The certificate of the incoming server is pinned, not verified."));
  if (*pr_server_profile_get_text (self, OUTGOING_PIN) != '\0')
    warn (warnings, "outgoing-pin",
          _ ("The certificate of the outgoing server is pinned, not verified."));
}

/**
 * pr_server_profile_list_warnings:
 * @self: a profile
 *
 * Returns: (transfer full) (element-type PrFieldWarning): what may be saved, but not without a
 *   word about it
 */
GPtrArray *
pr_server_profile_list_warnings (PrServerProfile *self)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (field_warning_free);
  gint64 from = pr_server_profile_get (self, PROCESS_FROM);

  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (pr_server_profile_get_credentials_direction (self, direction) == direction
        && uses_account_passwords (self, direction))
      warn (warnings, name_of (direction, "incoming-authentication", "outgoing-authentication"),
            _ ("Gmail stopped accepting account passwords on 30 May 2022. An app password or OAuth "
               "works."));
  if (from != 0 && from < g_get_real_time () - G_TIME_SPAN_DAY)
    warn (warnings, "process-from",
          _ ("“Process email from” lies in the past: earlier email will be pulled into all newly "
             "associated mailboxes."));
  if (pr_server_profile_get_security (self, PR_DIRECTION_INCOMING) == PR_SECURITY_NONE)
    warn (warnings, "incoming-security",
          _ ("The incoming connection is not encrypted: passwords and messages can be read on the "
             "way."));
  if (pr_server_profile_get_security (self, PR_DIRECTION_OUTGOING) == PR_SECURITY_NONE)
    warn (warnings, "outgoing-security",
          _ ("The outgoing connection is not encrypted: passwords and messages can be read on the "
             "way."));
  warn_of_pins (self, warnings);
  return warnings;
}

/**
 * pr_server_profile_may_enter_credentials:
 * @self: a profile
 * @direction: of which server
 * @settings: the environment's policies
 * @error: set to %PR_ERROR_POLICY
 *
 * Returns: %FALSE while that direction is not encrypted and the policy "allow credentials entry
 *   via non-secure channels" is off
 */
gboolean
pr_server_profile_may_enter_credentials (PrServerProfile *self,
                                         PrDirection direction,
                                         PrEmailSettings *settings,
                                         GError **error)
{
  if (pr_server_profile_get_security (self, direction) != PR_SECURITY_NONE
      || pr_email_settings_get (settings, ALLOW_INSECURE_CREDENTIALS))
    return TRUE;
  pr_set_error (error, PR_ERROR_POLICY,
                name_of (direction, "incoming-username", "outgoing-username"),
                _ ("Credentials cannot be entered while the connection of the profile “%s” is not "
                   "encrypted: the policy “allow credentials entry via non-secure channels” is "
                   "off."),
                pr_server_profile_get_text (self, NAME));
  return FALSE;
}
