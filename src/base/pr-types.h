/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The vocabulary that every room shares. Each enumeration is a registered type; the nick of a
 * value is its stable word in the database, in JSON, in CSV and on the command line. */

/**
 * PrDirection:
 * @PR_DIRECTION_INCOMING: mail that is fetched (POP3)
 * @PR_DIRECTION_OUTGOING: mail that is submitted (SMTP)
 *
 * Everything that can succeed or fail does so per direction.
 */
typedef enum
{
  PR_DIRECTION_INCOMING,
  PR_DIRECTION_OUTGOING,
} PrDirection;
#define PR_N_DIRECTIONS 2

/**
 * PrProtocol:
 * @PR_PROTOCOL_POP3: RFC 1939
 * @PR_PROTOCOL_SMTP: message submission, RFC 6409
 */
typedef enum
{
  PR_PROTOCOL_POP3,
  PR_PROTOCOL_SMTP,
} PrProtocol;

/**
 * PrSecurity:
 * @PR_SECURITY_SSL: TLS from the first byte (RFC 8314 section 3)
 * @PR_SECURITY_STARTTLS: plain greeting, then an upgrade that is required, never optional
 * @PR_SECURITY_NONE: no encryption
 */
typedef enum
{
  PR_SECURITY_SSL,
  PR_SECURITY_STARTTLS,
  PR_SECURITY_NONE,
} PrSecurity;

/**
 * PrAuthentication:
 *
 * Whose credentials a profile uses: its field "Authenticate using".
 */
typedef enum
{
  PR_AUTHENTICATION_USER_OR_QUEUE,
  PR_AUTHENTICATION_PROFILE,
  PR_AUTHENTICATION_OAUTH,
  PR_AUTHENTICATION_WINDOWS,
  PR_AUTHENTICATION_ANONYMOUS,
} PrAuthentication;

/**
 * PrMechanism:
 * @PR_MECHANISM_AUTO: the strongest that the server offers and the credentials allow
 * @PR_MECHANISM_USER: POP3 USER and PASS (RFC 1939 section 7)
 * @PR_MECHANISM_OAUTH: OAUTHBEARER, else XOAUTH2
 * @PR_MECHANISM_NONE: no log-in at all
 *
 * An authentication protocol; the others are the SASL mechanisms of their names.
 */
typedef enum
{
  PR_MECHANISM_AUTO,
  PR_MECHANISM_PLAIN,
  PR_MECHANISM_LOGIN,
  PR_MECHANISM_USER,
  PR_MECHANISM_APOP,
  PR_MECHANISM_CRAM_MD5,
  PR_MECHANISM_DIGEST_MD5,
  PR_MECHANISM_SCRAM_SHA_1,
  PR_MECHANISM_SCRAM_SHA_256,
  PR_MECHANISM_NTLM,
  PR_MECHANISM_GSSAPI,
  PR_MECHANISM_OAUTH,
  PR_MECHANISM_XOAUTH2,
  PR_MECHANISM_OAUTHBEARER,
  PR_MECHANISM_NONE,
} PrMechanism;

/**
 * PrTlsVersion:
 *
 * The lowest version of TLS that may be used. There is no value below 1.2 (RFC 8997).
 */
typedef enum
{
  PR_TLS_VERSION_1_2,
  PR_TLS_VERSION_1_3,
} PrTlsVersion;

/**
 * PrStep:
 *
 * The steps of a test, in their order for an implicit TLS connection. The nicks are stable.
 */
typedef enum
{
  PR_STEP_PRECHECK,
  PR_STEP_RESOLVE,
  PR_STEP_CONNECT,
  PR_STEP_TLS,
  PR_STEP_CERTIFICATE,
  PR_STEP_GREETING,
  PR_STEP_CAPABILITIES,
  PR_STEP_STARTTLS,
  PR_STEP_AUTHENTICATE,
  PR_STEP_MAILBOX,
  PR_STEP_SUBMIT,
  PR_STEP_DELIVERY,
  PR_STEP_SIGN_OUT,
} PrStep;
#define PR_N_STEPS (PR_STEP_SIGN_OUT + 1)

/**
 * PrOutcome:
 *
 * How a step or a whole test ended.
 */
typedef enum
{
  PR_OUTCOME_SUCCESS,
  PR_OUTCOME_FAILURE,
  PR_OUTCOME_CANCELLED,
  PR_OUTCOME_SKIPPED,
} PrOutcome;

/**
 * PrPermanence:
 * @PR_PERMANENCE_TRANSIENT: worth another try on the engine's schedule
 * @PR_PERMANENCE_PERMANENT: nothing changes until somebody changes something
 */
typedef enum
{
  PR_PERMANENCE_NONE,
  PR_PERMANENCE_TRANSIENT,
  PR_PERMANENCE_PERMANENT,
} PrPermanence;

/**
 * PrScope:
 *
 * Who is hit by a failure: this computer, the network, everybody on a profile, one mailbox, or
 * one message.
 */
typedef enum
{
  PR_SCOPE_NONE,
  PR_SCOPE_LOCAL,
  PR_SCOPE_NETWORK,
  PR_SCOPE_PROFILE,
  PR_SCOPE_MAILBOX,
  PR_SCOPE_MESSAGE,
} PrScope;

/**
 * PrSubmit:
 * @PR_SUBMIT_NONE: connect and authenticate only
 * @PR_SUBMIT_ENVELOPE: MAIL FROM and RCPT TO, then RSET; nothing is sent
 * @PR_SUBMIT_MESSAGE: a real message from the mailbox to itself
 */
typedef enum
{
  PR_SUBMIT_NONE,
  PR_SUBMIT_ENVELOPE,
  PR_SUBMIT_MESSAGE,
} PrSubmit;

typedef enum
{
  PR_SERVER_TYPE_GMAIL,
  PR_SERVER_TYPE_POP3_SMTP,
} PrServerType;

typedef enum
{
  PR_MAILBOX_KIND_USER,
  PR_MAILBOX_KIND_QUEUE,
  PR_MAILBOX_KIND_FORWARD,
} PrMailboxKind;

/**
 * PrSyncMethod:
 * @PR_SYNC_METHOD_SERVER_SIDE: "Server-Side Synchronization or Email Router"
 * @PR_SYNC_METHOD_FORWARD: "Forward mailbox", incoming only
 */
typedef enum
{
  PR_SYNC_METHOD_NONE,
  PR_SYNC_METHOD_SERVER_SIDE,
  PR_SYNC_METHOD_FORWARD,
} PrSyncMethod;

typedef enum
{
  PR_APPROVAL_EMPTY,
  PR_APPROVAL_APPROVED,
  PR_APPROVAL_PENDING,
  PR_APPROVAL_REJECTED,
} PrApproval;

typedef enum
{
  PR_TEST_STATUS_NOT_RUN,
  PR_TEST_STATUS_SUCCESS,
  PR_TEST_STATUS_FAILURE,
} PrTestStatus;

/**
 * PrRunState:
 *
 * What the engine is doing with a mailbox right now.
 */
typedef enum
{
  PR_RUN_STATE_IDLE,
  PR_RUN_STATE_QUEUED,
  PR_RUN_STATE_RUNNING,
  PR_RUN_STATE_RETRY,
  PR_RUN_STATE_CANCELLED,
} PrRunState;

typedef enum
{
  PR_SEVERITY_ERROR,
  PR_SEVERITY_WARNING,
  PR_SEVERITY_INFORMATION,
} PrSeverity;

/**
 * PrAlertState:
 * @PR_ALERT_STATE_CLOSED: a later test disproved it; kept as history
 * @PR_ALERT_STATE_DISMISSED: somebody took it off the wall
 */
typedef enum
{
  PR_ALERT_STATE_OPEN,
  PR_ALERT_STATE_CLOSED,
  PR_ALERT_STATE_DISMISSED,
} PrAlertState;

/**
 * PrPortPolicy:
 * @PR_PORT_POLICY_ANY: every port may be used
 * @PR_PORT_POLICY_LIST: only those of a list
 * @PR_PORT_POLICY_US_GOVERNMENT: 80, 443, 465 and 995
 */
typedef enum
{
  PR_PORT_POLICY_ANY,
  PR_PORT_POLICY_LIST,
  PR_PORT_POLICY_US_GOVERNMENT,
} PrPortPolicy;

/**
 * PrDifferenceKind:
 * @PR_DIFFERENCE_CERTIFICATE: the server shows another certificate
 * @PR_DIFFERENCE_ISSUER: another authority issued it
 * @PR_DIFFERENCE_TLS_VERSION: another version of TLS was agreed on; none, if there is no TLS
 * @PR_DIFFERENCE_MECHANISM: the log-in went another way
 * @PR_DIFFERENCE_MECHANISMS_GONE: ways to log in that are not offered any more
 * @PR_DIFFERENCE_MECHANISMS_NEW: ways to log in that were not offered
 * @PR_DIFFERENCE_CAPABILITIES_GONE: what the server does not offer any more
 * @PR_DIFFERENCE_CAPABILITIES_NEW: what the server did not offer
 * @PR_DIFFERENCE_DURATION: it took much longer than it usually does
 *
 * In what a test differs from the last one that succeeded.
 */
typedef enum
{
  PR_DIFFERENCE_CERTIFICATE,
  PR_DIFFERENCE_ISSUER,
  PR_DIFFERENCE_TLS_VERSION,
  PR_DIFFERENCE_MECHANISM,
  PR_DIFFERENCE_MECHANISMS_GONE,
  PR_DIFFERENCE_MECHANISMS_NEW,
  PR_DIFFERENCE_CAPABILITIES_GONE,
  PR_DIFFERENCE_CAPABILITIES_NEW,
  PR_DIFFERENCE_DURATION,
} PrDifferenceKind;
#define PR_N_DIFFERENCES (PR_DIFFERENCE_DURATION + 1)

/**
 * PrWarning:
 * @PR_WARNING_CERTIFICATE_ENDS: the server's certificate is valid for a few days only
 * @PR_WARNING_MECHANISM_GONE: the way in which the log-in went is not offered any more
 * @PR_WARNING_TLS_GONE: the server offered encryption, and does not any more
 * @PR_WARNING_TLS_LOWER: the server agreed on a lower version of TLS than it did
 *
 * What a test may find that is no failure yet. The nicks are codes of alerts.
 */
typedef enum
{
  PR_WARNING_CERTIFICATE_ENDS,
  PR_WARNING_MECHANISM_GONE,
  PR_WARNING_TLS_GONE,
  PR_WARNING_TLS_LOWER,
} PrWarning;
#define PR_N_WARNINGS (PR_WARNING_TLS_LOWER + 1)

#define PR_TYPE_DIRECTION (pr_direction_get_type ())
#define PR_TYPE_PROTOCOL (pr_protocol_get_type ())
#define PR_TYPE_SECURITY (pr_security_get_type ())
#define PR_TYPE_AUTHENTICATION (pr_authentication_get_type ())
#define PR_TYPE_MECHANISM (pr_mechanism_get_type ())
#define PR_TYPE_TLS_VERSION (pr_tls_version_get_type ())
#define PR_TYPE_STEP (pr_step_get_type ())
#define PR_TYPE_OUTCOME (pr_outcome_get_type ())
#define PR_TYPE_PERMANENCE (pr_permanence_get_type ())
#define PR_TYPE_SCOPE (pr_scope_get_type ())
#define PR_TYPE_SUBMIT (pr_submit_get_type ())
#define PR_TYPE_SERVER_TYPE (pr_server_type_get_type ())
#define PR_TYPE_MAILBOX_KIND (pr_mailbox_kind_get_type ())
#define PR_TYPE_SYNC_METHOD (pr_sync_method_get_type ())
#define PR_TYPE_APPROVAL (pr_approval_get_type ())
#define PR_TYPE_TEST_STATUS (pr_test_status_get_type ())
#define PR_TYPE_RUN_STATE (pr_run_state_get_type ())
#define PR_TYPE_SEVERITY (pr_severity_get_type ())
#define PR_TYPE_ALERT_STATE (pr_alert_state_get_type ())
#define PR_TYPE_PORT_POLICY (pr_port_policy_get_type ())
#define PR_TYPE_DIFFERENCE_KIND (pr_difference_kind_get_type ())
#define PR_TYPE_WARNING (pr_warning_get_type ())

GType pr_direction_get_type (void);
GType pr_protocol_get_type (void);
GType pr_security_get_type (void);
GType pr_authentication_get_type (void);
GType pr_mechanism_get_type (void);
GType pr_tls_version_get_type (void);
GType pr_step_get_type (void);
GType pr_outcome_get_type (void);
GType pr_permanence_get_type (void);
GType pr_scope_get_type (void);
GType pr_submit_get_type (void);
GType pr_server_type_get_type (void);
GType pr_mailbox_kind_get_type (void);
GType pr_sync_method_get_type (void);
GType pr_approval_get_type (void);
GType pr_test_status_get_type (void);
GType pr_run_state_get_type (void);
GType pr_severity_get_type (void);
GType pr_alert_state_get_type (void);
GType pr_port_policy_get_type (void);
GType pr_difference_kind_get_type (void);
GType pr_warning_get_type (void);

const char *pr_enum_to_nick (GType type, int value);
gboolean pr_enum_from_nick (GType type, const char *nick, int *value);
char *pr_enum_list_nicks (GType type);

const char *pr_mechanism_to_name (PrMechanism mechanism);
guint16 pr_default_port (PrProtocol protocol, PrSecurity security);

G_END_DECLS
