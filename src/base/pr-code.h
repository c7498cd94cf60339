/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-types.h"

G_BEGIN_DECLS

/* Every failure ends in one of these codes. The words are stable: scripts, alerts and monitoring
 * depend on them. One row: enumerator, word, permanence and scope that hold unless what the
 * server said narrows them. */
#define PR_CODES(X)                                                                                \
  X (OK, "ok", NONE, NONE)                                                                         \
  X (CANCELLED, "cancelled", NONE, LOCAL)                                                          \
  X (DATABASE_READ_ONLY, "database-read-only", PERMANENT, LOCAL)                                   \
  X (MAILBOX_INACTIVE, "mailbox-inactive", PERMANENT, MAILBOX)                                     \
  X (MAILBOX_NO_PROFILE, "mailbox-no-profile", PERMANENT, MAILBOX)                                 \
  X (MAILBOX_DIRECTION_NONE, "mailbox-direction-none", PERMANENT, MAILBOX)                         \
  X (MAILBOX_ADDRESS_INVALID, "mailbox-address-invalid", PERMANENT, MAILBOX)                       \
  X (ADDRESS_NOT_APPROVED, "address-not-approved", PERMANENT, MAILBOX)                             \
  X (PROFILE_INACTIVE, "profile-inactive", PERMANENT, PROFILE)                                     \
  X (PROFILE_INVALID, "profile-invalid", PERMANENT, PROFILE)                                       \
  X (POLICY_ENCRYPTION, "policy-encryption", PERMANENT, PROFILE)                                   \
  X (POLICY_PORT, "policy-port", PERMANENT, PROFILE)                                               \
  X (POLICY_TLS_VERSION, "policy-tls-version", PERMANENT, PROFILE)                                 \
  X (CREDENTIALS_NOT_ALLOWED, "credentials-not-allowed", PERMANENT, MAILBOX)                       \
  X (CREDENTIALS_MISSING, "credentials-missing", PERMANENT, MAILBOX)                               \
  X (KEYRING_LOCKED, "keyring-locked", TRANSIENT, LOCAL)                                           \
  X (KEYRING_UNAVAILABLE, "keyring-unavailable", PERMANENT, LOCAL)                                 \
  X (DNS_NOT_FOUND, "dns-not-found", PERMANENT, PROFILE)                                           \
  X (DNS_FAILURE, "dns-failure", TRANSIENT, NETWORK)                                               \
  X (NETWORK_UNREACHABLE, "network-unreachable", TRANSIENT, NETWORK)                               \
  X (CONNECTION_REFUSED, "connection-refused", TRANSIENT, PROFILE)                                 \
  X (CONNECTION_TIMEOUT, "connection-timeout", TRANSIENT, NETWORK)                                 \
  X (CONNECTION_LOST, "connection-lost", TRANSIENT, NETWORK)                                       \
  X (RESPONSE_TIMEOUT, "response-timeout", TRANSIENT, NETWORK)                                     \
  X (WRONG_PROTOCOL, "wrong-protocol", PERMANENT, PROFILE)                                         \
  X (TLS_EXPECTED, "tls-expected", PERMANENT, PROFILE)                                             \
  X (PLAIN_EXPECTED, "plain-expected", PERMANENT, PROFILE)                                         \
  X (STARTTLS_UNAVAILABLE, "starttls-unavailable", PERMANENT, PROFILE)                             \
  X (STARTTLS_INJECTION, "starttls-injection", PERMANENT, PROFILE)                                 \
  X (TLS_VERSION, "tls-version", PERMANENT, PROFILE)                                               \
  X (TLS_HANDSHAKE, "tls-handshake", PERMANENT, PROFILE)                                           \
  X (CERTIFICATE_UNTRUSTED, "certificate-untrusted", PERMANENT, PROFILE)                           \
  X (CERTIFICATE_SELF_SIGNED, "certificate-self-signed", PERMANENT, PROFILE)                       \
  X (CERTIFICATE_WRONG_HOST, "certificate-wrong-host", PERMANENT, PROFILE)                         \
  X (CERTIFICATE_EXPIRED, "certificate-expired", PERMANENT, PROFILE)                               \
  X (CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid", PERMANENT, PROFILE)                   \
  X (CERTIFICATE_REVOKED, "certificate-revoked", PERMANENT, PROFILE)                               \
  X (CERTIFICATE_WEAK, "certificate-weak", PERMANENT, PROFILE)                                     \
  X (CERTIFICATE_INCOMPLETE_CHAIN, "certificate-incomplete-chain", PERMANENT, PROFILE)             \
  X (CERTIFICATE_PIN_CHANGED, "certificate-pin-changed", PERMANENT, PROFILE)                       \
  X (GREETING_REJECTED, "greeting-rejected", PERMANENT, PROFILE)                                   \
  X (PROTOCOL_ERROR, "protocol-error", PERMANENT, PROFILE)                                         \
  X (CAPABILITY_MISSING, "capability-missing", PERMANENT, PROFILE)                                 \
  X (MECHANISM_UNAVAILABLE, "mechanism-unavailable", PERMANENT, PROFILE)                           \
  X (AUTHENTICATION_REJECTED, "authentication-rejected", PERMANENT, MAILBOX)                       \
  X (AUTHENTICATION_APP_PASSWORD, "authentication-app-password", PERMANENT, MAILBOX)               \
  X (AUTHENTICATION_OAUTH_REQUIRED, "authentication-oauth-required", PERMANENT, PROFILE)           \
  X (AUTHENTICATION_WEB_LOGIN, "authentication-web-login", PERMANENT, MAILBOX)                     \
  X (AUTHENTICATION_DISABLED, "authentication-disabled", PERMANENT, PROFILE)                       \
  X (AUTHENTICATION_TEMPORARY, "authentication-temporary", TRANSIENT, PROFILE)                     \
  X (RATE_LIMITED, "rate-limited", TRANSIENT, MAILBOX)                                             \
  X (ACCOUNT_LOCKED, "account-locked", PERMANENT, MAILBOX)                                         \
  X (POP_DISABLED, "pop-disabled", PERMANENT, MAILBOX)                                             \
  X (MAILBOX_IN_USE, "mailbox-in-use", TRANSIENT, MAILBOX)                                         \
  X (MAILBOX_UNAVAILABLE, "mailbox-unavailable", TRANSIENT, MAILBOX)                               \
  X (SENDER_REJECTED, "sender-rejected", PERMANENT, MAILBOX)                                       \
  X (RECIPIENT_REJECTED, "recipient-rejected", PERMANENT, MAILBOX)                                 \
  X (RELAY_DENIED, "relay-denied", PERMANENT, MAILBOX)                                             \
  X (MESSAGE_REJECTED, "message-rejected", PERMANENT, MESSAGE)                                     \
  X (MESSAGE_TOO_LARGE, "message-too-large", PERMANENT, MESSAGE)                                   \
  X (QUOTA_EXCEEDED, "quota-exceeded", TRANSIENT, MAILBOX)                                         \
  X (DELIVERY_NOT_SEEN, "delivery-not-seen", TRANSIENT, MAILBOX)                                   \
  X (SERVER_ERROR, "server-error", PERMANENT, PROFILE)                                             \
  X (OAUTH_SIGN_IN_NEEDED, "oauth-sign-in-needed", PERMANENT, MAILBOX)                             \
  X (OAUTH_TOKEN_REVOKED, "oauth-token-revoked", PERMANENT, MAILBOX)                               \
  X (OAUTH_ACCESS_DENIED, "oauth-access-denied", PERMANENT, MAILBOX)                               \
  X (OAUTH_ADMIN_BLOCKED, "oauth-admin-blocked", PERMANENT, PROFILE)                               \
  X (OAUTH_CLIENT_INVALID, "oauth-client-invalid", PERMANENT, PROFILE)                             \
  X (OAUTH_SCOPE_MISSING, "oauth-scope-missing", PERMANENT, MAILBOX)                               \
  X (OAUTH_WRONG_ACCOUNT, "oauth-wrong-account", PERMANENT, MAILBOX)                               \
  X (OAUTH_SERVER_ERROR, "oauth-server-error", TRANSIENT, PROFILE)                                 \
  X (OAUTH_CANCELLED, "oauth-cancelled", PERMANENT, LOCAL)                                         \
  X (OAUTH_TIMEOUT, "oauth-timeout", PERMANENT, LOCAL)                                             \
  X (INTERNAL_ERROR, "internal-error", TRANSIENT, LOCAL)

/**
 * PrCode:
 *
 * A diagnosis.
 */
typedef enum
{
#define PR_CODE_ENUMERATOR(name, word, permanence, scope) PR_CODE_##name,
  PR_CODES (PR_CODE_ENUMERATOR)
#undef PR_CODE_ENUMERATOR
      PR_N_CODES,
} PrCode;

const char *pr_code_to_word (PrCode code);
gboolean pr_code_from_word (const char *word, PrCode *code);
PrPermanence pr_code_get_permanence (PrCode code);
PrScope pr_code_get_scope (PrCode code);

/**
 * PR_DIAGNOSIS:
 *
 * Error domain of a conversation with a server: the code is a #PrCode, the message holds facts
 * (what was expected and what came), never a sentence for people.
 */
#define PR_DIAGNOSIS (pr_diagnosis_quark ())
GQuark pr_diagnosis_quark (void);

G_END_DECLS
