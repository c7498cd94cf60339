/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The registered enumerations of the shared vocabulary and their words. Any thread. */

#include "pr-types.h"

G_DEFINE_ENUM_TYPE (PrDirection,
                    pr_direction,
                    G_DEFINE_ENUM_VALUE (PR_DIRECTION_INCOMING, "incoming"),
                    G_DEFINE_ENUM_VALUE (PR_DIRECTION_OUTGOING, "outgoing"))

G_DEFINE_ENUM_TYPE (PrProtocol,
                    pr_protocol,
                    G_DEFINE_ENUM_VALUE (PR_PROTOCOL_POP3, "pop3"),
                    G_DEFINE_ENUM_VALUE (PR_PROTOCOL_SMTP, "smtp"))

G_DEFINE_ENUM_TYPE (PrSecurity,
                    pr_security,
                    G_DEFINE_ENUM_VALUE (PR_SECURITY_SSL, "ssl"),
                    G_DEFINE_ENUM_VALUE (PR_SECURITY_STARTTLS, "starttls"),
                    G_DEFINE_ENUM_VALUE (PR_SECURITY_NONE, "none"))

G_DEFINE_ENUM_TYPE (PrAuthentication,
                    pr_authentication,
                    G_DEFINE_ENUM_VALUE (PR_AUTHENTICATION_USER_OR_QUEUE, "user-or-queue"),
                    G_DEFINE_ENUM_VALUE (PR_AUTHENTICATION_PROFILE, "profile"),
                    G_DEFINE_ENUM_VALUE (PR_AUTHENTICATION_OAUTH, "oauth"),
                    G_DEFINE_ENUM_VALUE (PR_AUTHENTICATION_WINDOWS, "windows"),
                    G_DEFINE_ENUM_VALUE (PR_AUTHENTICATION_ANONYMOUS, "anonymous"))

G_DEFINE_ENUM_TYPE (PrMechanism,
                    pr_mechanism,
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_PLAIN, "plain"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_LOGIN, "login"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_USER, "user"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_APOP, "apop"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_CRAM_MD5, "cram-md5"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_DIGEST_MD5, "digest-md5"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_SCRAM_SHA_1, "scram-sha-1"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_SCRAM_SHA_256, "scram-sha-256"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_NTLM, "ntlm"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_GSSAPI, "gssapi"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_OAUTH, "oauth"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_XOAUTH2, "xoauth2"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_OAUTHBEARER, "oauthbearer"),
                    G_DEFINE_ENUM_VALUE (PR_MECHANISM_NONE, "none"))

G_DEFINE_ENUM_TYPE (PrTlsVersion,
                    pr_tls_version,
                    G_DEFINE_ENUM_VALUE (PR_TLS_VERSION_1_2, "1.2"),
                    G_DEFINE_ENUM_VALUE (PR_TLS_VERSION_1_3, "1.3"))

G_DEFINE_ENUM_TYPE (PrStep,
                    pr_step,
                    G_DEFINE_ENUM_VALUE (PR_STEP_PRECHECK, "precheck"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_RESOLVE, "resolve"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_CONNECT, "connect"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_TLS, "tls"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_CERTIFICATE, "certificate"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_GREETING, "greeting"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_CAPABILITIES, "capabilities"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_STARTTLS, "starttls"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_AUTHENTICATE, "authenticate"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_MAILBOX, "mailbox"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_SUBMIT, "submit"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_DELIVERY, "delivery"),
                    G_DEFINE_ENUM_VALUE (PR_STEP_SIGN_OUT, "sign-out"))

G_DEFINE_ENUM_TYPE (PrOutcome,
                    pr_outcome,
                    G_DEFINE_ENUM_VALUE (PR_OUTCOME_SUCCESS, "success"),
                    G_DEFINE_ENUM_VALUE (PR_OUTCOME_FAILURE, "failure"),
                    G_DEFINE_ENUM_VALUE (PR_OUTCOME_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (PR_OUTCOME_SKIPPED, "skipped"))

G_DEFINE_ENUM_TYPE (PrPermanence,
                    pr_permanence,
                    G_DEFINE_ENUM_VALUE (PR_PERMANENCE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PR_PERMANENCE_TRANSIENT, "transient"),
                    G_DEFINE_ENUM_VALUE (PR_PERMANENCE_PERMANENT, "permanent"))

G_DEFINE_ENUM_TYPE (PrScope,
                    pr_scope,
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_LOCAL, "local"),
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_NETWORK, "network"),
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_PROFILE, "profile"),
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_MAILBOX, "mailbox"),
                    G_DEFINE_ENUM_VALUE (PR_SCOPE_MESSAGE, "message"))

G_DEFINE_ENUM_TYPE (PrSubmit,
                    pr_submit,
                    G_DEFINE_ENUM_VALUE (PR_SUBMIT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PR_SUBMIT_ENVELOPE, "envelope"),
                    G_DEFINE_ENUM_VALUE (PR_SUBMIT_MESSAGE, "message"))

G_DEFINE_ENUM_TYPE (PrServerType,
                    pr_server_type,
                    G_DEFINE_ENUM_VALUE (PR_SERVER_TYPE_GMAIL, "gmail"),
                    G_DEFINE_ENUM_VALUE (PR_SERVER_TYPE_POP3_SMTP, "pop3-smtp"))

G_DEFINE_ENUM_TYPE (PrMailboxKind,
                    pr_mailbox_kind,
                    G_DEFINE_ENUM_VALUE (PR_MAILBOX_KIND_USER, "user"),
                    G_DEFINE_ENUM_VALUE (PR_MAILBOX_KIND_QUEUE, "queue"),
                    G_DEFINE_ENUM_VALUE (PR_MAILBOX_KIND_FORWARD, "forward"))

G_DEFINE_ENUM_TYPE (PrSyncMethod,
                    pr_sync_method,
                    G_DEFINE_ENUM_VALUE (PR_SYNC_METHOD_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PR_SYNC_METHOD_SERVER_SIDE, "server-side"),
                    G_DEFINE_ENUM_VALUE (PR_SYNC_METHOD_FORWARD, "forward"))

G_DEFINE_ENUM_TYPE (PrApproval,
                    pr_approval,
                    G_DEFINE_ENUM_VALUE (PR_APPROVAL_EMPTY, "empty"),
                    G_DEFINE_ENUM_VALUE (PR_APPROVAL_APPROVED, "approved"),
                    G_DEFINE_ENUM_VALUE (PR_APPROVAL_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (PR_APPROVAL_REJECTED, "rejected"))

G_DEFINE_ENUM_TYPE (PrTestStatus,
                    pr_test_status,
                    G_DEFINE_ENUM_VALUE (PR_TEST_STATUS_NOT_RUN, "not-run"),
                    G_DEFINE_ENUM_VALUE (PR_TEST_STATUS_SUCCESS, "success"),
                    G_DEFINE_ENUM_VALUE (PR_TEST_STATUS_FAILURE, "failure"))

G_DEFINE_ENUM_TYPE (PrRunState,
                    pr_run_state,
                    G_DEFINE_ENUM_VALUE (PR_RUN_STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (PR_RUN_STATE_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (PR_RUN_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (PR_RUN_STATE_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (PR_RUN_STATE_CANCELLED, "cancelled"))

G_DEFINE_ENUM_TYPE (PrSeverity,
                    pr_severity,
                    G_DEFINE_ENUM_VALUE (PR_SEVERITY_ERROR, "error"),
                    G_DEFINE_ENUM_VALUE (PR_SEVERITY_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (PR_SEVERITY_INFORMATION, "information"))

G_DEFINE_ENUM_TYPE (PrAlertState,
                    pr_alert_state,
                    G_DEFINE_ENUM_VALUE (PR_ALERT_STATE_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (PR_ALERT_STATE_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (PR_ALERT_STATE_DISMISSED, "dismissed"))

G_DEFINE_ENUM_TYPE (PrPortPolicy,
                    pr_port_policy,
                    G_DEFINE_ENUM_VALUE (PR_PORT_POLICY_ANY, "any"),
                    G_DEFINE_ENUM_VALUE (PR_PORT_POLICY_LIST, "list"),
                    G_DEFINE_ENUM_VALUE (PR_PORT_POLICY_US_GOVERNMENT, "us-government"))

G_DEFINE_ENUM_TYPE (PrDifferenceKind,
                    pr_difference_kind,
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_CERTIFICATE, "certificate"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_ISSUER, "issuer"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_TLS_VERSION, "tls-version"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_MECHANISM, "mechanism"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_MECHANISMS_GONE, "mechanisms-gone"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_MECHANISMS_NEW, "mechanisms-new"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_CAPABILITIES_GONE, "capabilities-gone"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_CAPABILITIES_NEW, "capabilities-new"),
                    G_DEFINE_ENUM_VALUE (PR_DIFFERENCE_DURATION, "duration"))

G_DEFINE_ENUM_TYPE (PrWarning,
                    pr_warning,
                    G_DEFINE_ENUM_VALUE (PR_WARNING_CERTIFICATE_ENDS, "certificate-ends-soon"),
                    G_DEFINE_ENUM_VALUE (PR_WARNING_MECHANISM_GONE, "expected-mechanism-gone"),
                    G_DEFINE_ENUM_VALUE (PR_WARNING_TLS_GONE, "expected-tls-gone"),
                    G_DEFINE_ENUM_VALUE (PR_WARNING_TLS_LOWER, "expected-tls-lower"))

/**
 * pr_enum_to_nick:
 * @type: a registered enumeration
 * @value: one of its values
 *
 * Returns: (transfer none): the stable word of @value, or "?" when it is none
 */
const char *
pr_enum_to_nick (GType type, int value)
{
  GEnumClass *klass = g_type_class_peek (type);
  const GEnumValue *found;

  /* The classes of static types are never unloaded: the first reference is kept. */
  if (klass == NULL)
    klass = g_type_class_ref (type);
  found = g_enum_get_value (klass, value);
  return found != NULL ? found->value_nick : "?";
}

/**
 * pr_enum_from_nick:
 * @type: a registered enumeration
 * @nick: a word
 * @value: (out): the value of that word
 *
 * Returns: %FALSE if @nick is no word of @type; @value is left alone
 */
gboolean
pr_enum_from_nick (GType type, const char *nick, int *value)
{
  GEnumClass *klass = g_type_class_ref (type);
  const GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;
  gboolean ok = found != NULL;

  if (ok)
    *value = found->value;
  g_type_class_unref (klass);
  return ok;
}

/**
 * pr_enum_list_nicks:
 * @type: a registered enumeration
 *
 * Returns: (transfer full): all words of @type, separated by ", ": for error messages and help
 */
char *
pr_enum_list_nicks (GType type)
{
  GEnumClass *klass = g_type_class_ref (type);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < klass->n_values; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", klass->values[i].value_nick);
  g_type_class_unref (klass);
  return g_string_free (text, FALSE);
}

/**
 * pr_mechanism_to_name:
 * @mechanism: an authentication protocol
 *
 * Returns: (transfer none) (nullable): its name on the wire and in reports, such as
 *   "SCRAM-SHA-256"; %NULL for those that name no single one
 */
const char *
pr_mechanism_to_name (PrMechanism mechanism)
{
  switch (mechanism)
    {
      case PR_MECHANISM_PLAIN:
        return "PLAIN";
      case PR_MECHANISM_LOGIN:
        return "LOGIN";
      case PR_MECHANISM_USER:
        return "USER/PASS";
      case PR_MECHANISM_APOP:
        return "APOP";
      case PR_MECHANISM_CRAM_MD5:
        return "CRAM-MD5";
      case PR_MECHANISM_DIGEST_MD5:
        return "DIGEST-MD5";
      case PR_MECHANISM_SCRAM_SHA_1:
        return "SCRAM-SHA-1";
      case PR_MECHANISM_SCRAM_SHA_256:
        return "SCRAM-SHA-256";
      case PR_MECHANISM_NTLM:
        return "NTLM";
      case PR_MECHANISM_GSSAPI:
        return "GSSAPI";
      case PR_MECHANISM_XOAUTH2:
        return "XOAUTH2";
      case PR_MECHANISM_OAUTHBEARER:
        return "OAUTHBEARER";
      case PR_MECHANISM_AUTO:
      case PR_MECHANISM_OAUTH:
      case PR_MECHANISM_NONE:
        return NULL;
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_default_port:
 * @protocol: POP3 or SMTP
 * @security: how the channel is protected
 *
 * Returns: the port that is filled in when none was chosen (RFC 8314 section 3, RFC 1939
 *   section 3, RFC 6409 section 3.1)
 */
guint16
pr_default_port (PrProtocol protocol, PrSecurity security)
{
  if (protocol == PR_PROTOCOL_POP3)
    return security == PR_SECURITY_SSL ? 995 : 110;
  switch (security)
    {
      case PR_SECURITY_SSL:
        return 465;
      case PR_SECURITY_STARTTLS:
        return 587;
      case PR_SECURITY_NONE:
        return 25;
    }
  g_return_val_if_reached (0);
}
