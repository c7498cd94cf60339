/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people call the values of enumerations, errors and times: in grids, forms and drop-downs.
 * The stable words of scripts and databases are the nicks of pr-types.h. Any thread. */

#include "pr-words.h"

#include "pr-bidi.h"
#include "pr-selection.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GType (*type) (void);
  int value;
  const char *context;
  const char *label;
} PrWord;

#define WORD(TYPE, VALUE, LABEL)                                                                   \
  {                                                                                                \
    TYPE, VALUE, NULL, LABEL                                                                       \
  }
#define WORD_IN(TYPE, VALUE, CONTEXT, LABEL)                                                       \
  {                                                                                                \
    TYPE, VALUE, CONTEXT, LABEL                                                                    \
  }

static const PrWord words[] = {
  WORD (pr_direction_get_type, PR_DIRECTION_INCOMING, N_ ("Incoming")),
  WORD (pr_direction_get_type, PR_DIRECTION_OUTGOING, N_ ("Outgoing")),

  WORD (pr_protocol_get_type, PR_PROTOCOL_POP3, N_ ("POP3 (incoming)")),
  WORD (pr_protocol_get_type, PR_PROTOCOL_SMTP, N_ ("SMTP (outgoing)")),

  WORD (pr_submit_get_type, PR_SUBMIT_NONE, N_ ("Log in only")),
  WORD (pr_submit_get_type, PR_SUBMIT_ENVELOPE, N_ ("Try sender and recipient, send nothing")),
  WORD (pr_submit_get_type, PR_SUBMIT_MESSAGE, N_ ("Send a message from the address to itself")),

  WORD (pr_security_get_type, PR_SECURITY_SSL, N_ ("SSL/TLS")),
  WORD (pr_security_get_type, PR_SECURITY_STARTTLS, N_ ("STARTTLS")),
  WORD_IN (pr_security_get_type, PR_SECURITY_NONE, "encryption", NC_ ("encryption", "None")),

  WORD (pr_authentication_get_type,
        PR_AUTHENTICATION_USER_OR_QUEUE,
        N_ ("Credentials specified by a user or queue")),
  WORD (pr_authentication_get_type,
        PR_AUTHENTICATION_PROFILE,
        N_ ("Credentials specified in email server profile")),
  WORD (pr_authentication_get_type, PR_AUTHENTICATION_OAUTH, N_ ("Gmail OAuth (OAuth 2.0)")),
  WORD (pr_authentication_get_type,
        PR_AUTHENTICATION_WINDOWS,
        N_ ("Windows integrated authentication")),
  WORD (pr_authentication_get_type,
        PR_AUTHENTICATION_ANONYMOUS,
        N_ ("Without credentials (anonymous)")),

  WORD (pr_server_type_get_type, PR_SERVER_TYPE_GMAIL, N_ ("Gmail")),
  WORD (pr_server_type_get_type, PR_SERVER_TYPE_POP3_SMTP, N_ ("POP3/SMTP Server")),

  WORD (pr_mailbox_kind_get_type, PR_MAILBOX_KIND_USER, N_ ("User")),
  WORD (pr_mailbox_kind_get_type, PR_MAILBOX_KIND_QUEUE, N_ ("Queue")),
  WORD (pr_mailbox_kind_get_type, PR_MAILBOX_KIND_FORWARD, N_ ("Forward mailbox")),

  WORD_IN (pr_sync_method_get_type, PR_SYNC_METHOD_NONE, "delivery", NC_ ("delivery", "None")),
  WORD (pr_sync_method_get_type,
        PR_SYNC_METHOD_SERVER_SIDE,
        N_ ("Server-Side Synchronization or Email Router")),
  WORD (pr_sync_method_get_type, PR_SYNC_METHOD_FORWARD, N_ ("Forward mailbox")),

  WORD (pr_approval_get_type, PR_APPROVAL_EMPTY, N_ ("Empty")),
  WORD (pr_approval_get_type, PR_APPROVAL_APPROVED, N_ ("Approved")),
  WORD (pr_approval_get_type, PR_APPROVAL_PENDING, N_ ("Pending approval")),
  WORD (pr_approval_get_type, PR_APPROVAL_REJECTED, N_ ("Rejected")),

  WORD (pr_test_status_get_type, PR_TEST_STATUS_NOT_RUN, N_ ("Not run")),
  WORD (pr_test_status_get_type, PR_TEST_STATUS_SUCCESS, N_ ("Success")),
  WORD (pr_test_status_get_type, PR_TEST_STATUS_FAILURE, N_ ("Failure")),

  WORD_IN (pr_run_state_get_type, PR_RUN_STATE_IDLE, "test", NC_ ("test", "Idle")),
  WORD_IN (pr_run_state_get_type, PR_RUN_STATE_QUEUED, "test", NC_ ("test", "Queued")),
  WORD_IN (pr_run_state_get_type, PR_RUN_STATE_RUNNING, "test", NC_ ("test", "Running")),
  WORD_IN (pr_run_state_get_type, PR_RUN_STATE_RETRY, "test", NC_ ("test", "Waiting to retry")),
  WORD_IN (pr_run_state_get_type, PR_RUN_STATE_CANCELLED, "test", NC_ ("test", "Cancelled")),

  WORD_IN (pr_outcome_get_type,
           PR_OUTCOME_SUCCESS,
           "outcome of a step",
           NC_ ("outcome of a step", "Passed")),
  WORD_IN (pr_outcome_get_type,
           PR_OUTCOME_FAILURE,
           "outcome of a step",
           NC_ ("outcome of a step", "Failed")),
  WORD_IN (pr_outcome_get_type,
           PR_OUTCOME_CANCELLED,
           "outcome of a step",
           NC_ ("outcome of a step", "Cancelled")),
  WORD_IN (pr_outcome_get_type,
           PR_OUTCOME_SKIPPED,
           "outcome of a step",
           NC_ ("outcome of a step", "Not run")),

  WORD (pr_severity_get_type, PR_SEVERITY_ERROR, N_ ("Error")),
  WORD (pr_severity_get_type, PR_SEVERITY_WARNING, N_ ("Warning")),
  WORD (pr_severity_get_type, PR_SEVERITY_INFORMATION, N_ ("Information")),

  WORD (pr_port_policy_get_type, PR_PORT_POLICY_ANY, N_ ("Any port")),
  WORD (pr_port_policy_get_type, PR_PORT_POLICY_LIST, N_ ("These ports")),
  WORD (pr_port_policy_get_type, PR_PORT_POLICY_US_GOVERNMENT, N_ ("US Government")),

  WORD (pr_tls_version_get_type, PR_TLS_VERSION_1_2, N_ ("TLS 1.2")),
  WORD (pr_tls_version_get_type, PR_TLS_VERSION_1_3, N_ ("TLS 1.3")),

  WORD (pr_view_get_type, PR_VIEW_ALL, N_ ("All Mailboxes")),
  WORD (pr_view_get_type, PR_VIEW_ACTIVE, N_ ("Active Mailboxes")),
  WORD (pr_view_get_type, PR_VIEW_INACTIVE, N_ ("Inactive Mailboxes")),
  WORD (pr_view_get_type, PR_VIEW_PENDING, N_ ("Pending Approval")),
  WORD (pr_view_get_type, PR_VIEW_NOT_TESTED, N_ ("Not Tested")),
  WORD (pr_view_get_type, PR_VIEW_FAILED, N_ ("Failed")),
  WORD (pr_view_get_type, PR_VIEW_ENABLED, N_ ("Enabled")),
  WORD (pr_view_get_type, PR_VIEW_FORWARD, N_ ("Forward Mailboxes")),
};

static const char *const codes[PR_N_CODES] = {
  [PR_CODE_OK] = N_ ("Works"),
  [PR_CODE_CANCELLED] = N_ ("Cancelled"),
  [PR_CODE_DATABASE_READ_ONLY] = N_ ("Environment is read only"),
  [PR_CODE_MAILBOX_INACTIVE] = N_ ("Mailbox is inactive"),
  [PR_CODE_MAILBOX_NO_PROFILE] = N_ ("No server profile"),
  [PR_CODE_MAILBOX_DIRECTION_NONE] = N_ ("Nothing set up"),
  [PR_CODE_MAILBOX_ADDRESS_INVALID] = N_ ("Email address is not valid"),
  [PR_CODE_ADDRESS_NOT_APPROVED] = N_ ("Email address is not approved"),
  [PR_CODE_PROFILE_INACTIVE] = N_ ("Server profile is inactive"),
  [PR_CODE_PROFILE_INVALID] = N_ ("Server profile is not complete"),
  [PR_CODE_POLICY_ENCRYPTION] = N_ ("Policy: no connection without encryption"),
  [PR_CODE_POLICY_PORT] = N_ ("Policy: port is not allowed"),
  [PR_CODE_POLICY_TLS_VERSION] = N_ ("Policy: TLS version is too old"),
  [PR_CODE_CREDENTIALS_NOT_ALLOWED] = N_ ("Use of credentials is not allowed"),
  [PR_CODE_CREDENTIALS_MISSING] = N_ ("User name or password is missing"),
  [PR_CODE_KEYRING_LOCKED] = N_ ("Keyring is locked"),
  [PR_CODE_KEYRING_UNAVAILABLE] = N_ ("No keyring"),
  [PR_CODE_DNS_NOT_FOUND] = N_ ("Server name does not exist"),
  [PR_CODE_DNS_FAILURE] = N_ ("Server name could not be looked up"),
  [PR_CODE_NETWORK_UNREACHABLE] = N_ ("Network cannot be reached"),
  [PR_CODE_CONNECTION_REFUSED] = N_ ("Connection refused"),
  [PR_CODE_CONNECTION_TIMEOUT] = N_ ("Nothing answers on the port"),
  [PR_CODE_CONNECTION_LOST] = N_ ("Connection lost"),
  [PR_CODE_RESPONSE_TIMEOUT] = N_ ("Server fell silent"),
  [PR_CODE_WRONG_PROTOCOL] = N_ ("Another kind of server answers"),
  [PR_CODE_TLS_EXPECTED] = N_ ("Port wants SSL/TLS"),
  [PR_CODE_PLAIN_EXPECTED] = N_ ("Port does not speak SSL/TLS"),
  [PR_CODE_STARTTLS_UNAVAILABLE] = N_ ("STARTTLS is not offered"),
  [PR_CODE_STARTTLS_INJECTION] = N_ ("Somebody interferes with STARTTLS"),
  [PR_CODE_TLS_VERSION] = N_ ("TLS version is too old"),
  [PR_CODE_TLS_HANDSHAKE] = N_ ("Encryption failed"),
  [PR_CODE_CERTIFICATE_UNTRUSTED] = N_ ("Certificate is not trusted"),
  [PR_CODE_CERTIFICATE_SELF_SIGNED] = N_ ("Certificate is self-signed"),
  [PR_CODE_CERTIFICATE_WRONG_HOST] = N_ ("Certificate is for another server"),
  [PR_CODE_CERTIFICATE_EXPIRED] = N_ ("Certificate has expired"),
  [PR_CODE_CERTIFICATE_NOT_YET_VALID] = N_ ("Certificate is not valid yet"),
  [PR_CODE_CERTIFICATE_REVOKED] = N_ ("Certificate was revoked"),
  [PR_CODE_CERTIFICATE_WEAK] = N_ ("Certificate is too weak"),
  [PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN] = N_ ("Certificate chain is not complete"),
  [PR_CODE_CERTIFICATE_PIN_CHANGED] = N_ ("Pinned certificate has changed"),
  [PR_CODE_GREETING_REJECTED] = N_ ("Server turns us away"),
  [PR_CODE_PROTOCOL_ERROR] = N_ ("Server does not keep to the protocol"),
  [PR_CODE_CAPABILITY_MISSING] = N_ ("Server lacks what the test needs"),
  [PR_CODE_MECHANISM_UNAVAILABLE] = N_ ("No common way to log in"),
  [PR_CODE_AUTHENTICATION_REJECTED] = N_ ("Wrong user name or password"),
  [PR_CODE_AUTHENTICATION_APP_PASSWORD] = N_ ("App password needed"),
  [PR_CODE_AUTHENTICATION_OAUTH_REQUIRED] = N_ ("Passwords are no longer accepted"),
  [PR_CODE_AUTHENTICATION_WEB_LOGIN] = N_ ("Sign-in by browser needed first"),
  [PR_CODE_AUTHENTICATION_DISABLED] = N_ ("Log-in is switched off"),
  [PR_CODE_AUTHENTICATION_TEMPORARY] = N_ ("Log-in does not work at the moment"),
  [PR_CODE_RATE_LIMITED] = N_ ("Too many log-ins"),
  [PR_CODE_ACCOUNT_LOCKED] = N_ ("Account is locked"),
  [PR_CODE_POP_DISABLED] = N_ ("POP is switched off"),
  [PR_CODE_MAILBOX_IN_USE] = N_ ("Mailbox is in use"),
  [PR_CODE_MAILBOX_UNAVAILABLE] = N_ ("Mailbox cannot be opened"),
  [PR_CODE_SENDER_REJECTED] = N_ ("Sender is not accepted"),
  [PR_CODE_RECIPIENT_REJECTED] = N_ ("Recipient is not accepted"),
  [PR_CODE_RELAY_DENIED] = N_ ("Relaying is denied"),
  [PR_CODE_MESSAGE_REJECTED] = N_ ("Message was refused"),
  [PR_CODE_MESSAGE_TOO_LARGE] = N_ ("Message is too large"),
  [PR_CODE_QUOTA_EXCEEDED] = N_ ("Mailbox full or limit reached"),
  [PR_CODE_DELIVERY_NOT_SEEN] = N_ ("Message did not arrive"),
  [PR_CODE_SERVER_ERROR] = N_ ("Error of the server"),
  [PR_CODE_OAUTH_SIGN_IN_NEEDED] = N_ ("Sign-in needed"),
  [PR_CODE_OAUTH_TOKEN_REVOKED] = N_ ("Sign-in has ended"),
  [PR_CODE_OAUTH_ACCESS_DENIED] = N_ ("Sign-in was declined"),
  [PR_CODE_OAUTH_ADMIN_BLOCKED] = N_ ("Sign-in is blocked by an administrator"),
  [PR_CODE_OAUTH_CLIENT_INVALID] = N_ ("OAuth client is not valid"),
  [PR_CODE_OAUTH_SCOPE_MISSING] = N_ ("Access to email was not granted"),
  [PR_CODE_OAUTH_WRONG_ACCOUNT] = N_ ("Signed in as somebody else"),
  [PR_CODE_OAUTH_SERVER_ERROR] = N_ ("Sign-in service has a problem"),
  [PR_CODE_OAUTH_CANCELLED] = N_ ("Sign-in was not finished"),
  [PR_CODE_OAUTH_TIMEOUT] = N_ ("Sign-in took too long"),
  [PR_CODE_INTERNAL_ERROR] = N_ ("Error of Postroom"),
};

/* Most mechanisms are called by their registered names. */
static const char *
get_mechanism (PrMechanism mechanism)
{
  switch (mechanism)
    {
      case PR_MECHANISM_AUTO:
        return _ ("Auto detect");
      case PR_MECHANISM_USER:
        return _ ("USER/PASS (POP3)");
      case PR_MECHANISM_APOP:
        return _ ("APOP (POP3)");
      case PR_MECHANISM_GSSAPI:
        return _ ("Negotiate (GSSAPI)");
      case PR_MECHANISM_OAUTH:
        return _ ("OAuth (OAUTHBEARER or XOAUTH2)");
      case PR_MECHANISM_NONE:
        return _ ("No log-in");
      case PR_MECHANISM_PLAIN:
      case PR_MECHANISM_LOGIN:
      case PR_MECHANISM_CRAM_MD5:
      case PR_MECHANISM_DIGEST_MD5:
      case PR_MECHANISM_SCRAM_SHA_1:
      case PR_MECHANISM_SCRAM_SHA_256:
      case PR_MECHANISM_NTLM:
      case PR_MECHANISM_XOAUTH2:
      case PR_MECHANISM_OAUTHBEARER:
        break;
    }
  return pr_mechanism_to_name (mechanism);
}

/**
 * pr_word_of:
 * @type: an enumeration of pr-types.h, or #PrView
 * @value: one of its values
 *
 * Returns: (transfer none): what people call it, translated
 */
const char *
pr_word_of (GType type, int value)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].value == value && words[i].type () == type)
      return words[i].context != NULL
                 ? g_dpgettext2 (GETTEXT_PACKAGE, words[i].context, words[i].label)
                 : _ (words[i].label);
  if (type == PR_TYPE_MECHANISM)
    return get_mechanism ((PrMechanism) value);
  /* Not for people: at least say something true. */
  return pr_enum_to_nick (type, value);
}

/**
 * pr_word_of_code:
 * @code: a diagnosis
 *
 * Returns: (transfer none): its cause in a few words, for a column, a bar or a heading; the
 *   sentences are made by pr-report-text.h
 */
const char *
pr_word_of_code (PrCode code)
{
  g_return_val_if_fail ((guint) code < PR_N_CODES, "");

  return _ (codes[code]);
}

/**
 * pr_word_of_time:
 * @time: microseconds since 1970; 0: never
 *
 * Returns: (transfer full): the local time as the reader writes it, "" for never
 */
char *
pr_word_of_time (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (time == 0)
    return g_strdup ("");
  utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  if (local == NULL)
    return g_strdup ("");
  now = g_date_time_new_now_local ();
  if (g_date_time_get_year (now) == g_date_time_get_year (local)
      && g_date_time_get_day_of_year (now) == g_date_time_get_day_of_year (local))
    /* Translators: a time of today, see g_date_time_format() */
    return pr_bidi_isolate_take (g_date_time_format (local, _ ("Today, %H:%M")));
  /* Translators: a day and a time, see g_date_time_format() */
  return pr_bidi_isolate_take (g_date_time_format (local, _ ("%x, %H:%M")));
}

/**
 * pr_word_of_field:
 * @record: a record
 * @field: one of its fields
 *
 * Returns: (transfer full): its value as people read it
 */
char *
pr_word_of_field (PrRecord *record, guint field)
{
  guint n_fields;
  const PrField *row = &pr_record_get_fields (record, &n_fields)[field];

  switch (row->kind)
    {
      case PR_FIELD_TEXT:
        return g_strdup (pr_record_get_text (record, field));
      case PR_FIELD_ENUM:
        return g_strdup (
            pr_word_of (row->enum_type (), (int) pr_record_get_number (record, field)));
      case PR_FIELD_BOOLEAN:
        return g_strdup (pr_record_get_number (record, field) != 0 ? _ ("Yes") : _ ("No"));
      case PR_FIELD_TIME:
        return pr_word_of_time (pr_record_get_number (record, field));
      case PR_FIELD_INTEGER:
      case PR_FIELD_REFERENCE:
        return g_strdup_printf ("%" G_GINT64_FORMAT, pr_record_get_number (record, field));
    }
  g_return_val_if_reached (g_strdup (""));
}

/**
 * pr_mark_of:
 * @outcome: how something ended
 *
 * Returns: a character for it, where there are no pictures
 */
const char *
pr_mark_of (PrOutcome outcome)
{
  switch (outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return "✔";
      case PR_OUTCOME_FAILURE:
        return "✖";
      case PR_OUTCOME_CANCELLED:
        return "◼";
      case PR_OUTCOME_SKIPPED:
        return "–";
    }
  g_return_val_if_reached ("?");
}
