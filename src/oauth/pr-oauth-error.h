/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"

G_BEGIN_DECLS

/* Why, more exactly than the diagnosis code: each reason has a remedy of its own
 * (environment/pr-report-sentences.c). The words are stable. */
#define PR_OAUTH_REASONS(X)                                                                        \
  X (NONE, "")                                                                                     \
  /* oauth-sign-in-needed */                                                                       \
  X (CLIENT_CHANGED, "client-changed")                                                             \
  X (NO_REFRESH_TOKEN, "no-refresh-token")                                                         \
  /* oauth-token-revoked */                                                                        \
  X (TESTING_LIMIT, "testing-limit")                                                               \
  X (UNUSED, "unused")                                                                             \
  X (PASSWORD_CHANGED, "password-changed")                                                         \
  X (SESSION_POLICY, "session-policy")                                                             \
  X (CONSENT_NEEDED, "consent-needed")                                                             \
  X (EXTRA_VERIFICATION, "extra-verification")                                                     \
  X (CODE_REFUSED, "code-refused")                                                                 \
  /* oauth-access-denied */                                                                        \
  X (DECLINED, "declined")                                                                         \
  X (SUBJECT_UNKNOWN, "subject-unknown")                                                           \
  /* oauth-admin-blocked */                                                                        \
  X (ADMIN_POLICY, "admin-policy")                                                                 \
  X (ADMIN_CONSENT, "admin-consent")                                                               \
  X (ORGANISATION_ONLY, "organisation-only")                                                       \
  /* oauth-client-invalid */                                                                       \
  X (CLIENT_REFUSED, "client-refused")                                                             \
  X (CLIENT_DELETED, "client-deleted")                                                             \
  X (CLIENT_DISABLED, "client-disabled")                                                           \
  X (SECRET_MISSING, "secret-missing")                                                             \
  X (SECRET_UNWANTED, "secret-unwanted")                                                           \
  X (REDIRECT_MISMATCH, "redirect-mismatch")                                                       \
  X (GRANT_NOT_ALLOWED, "grant-not-allowed")                                                       \
  X (DELEGATION_MISSING, "delegation-missing")                                                     \
  X (ISSUER_MISMATCH, "issuer-mismatch")                                                           \
  X (CLOCK_SKEW, "clock-skew")                                                                     \
  X (KEY_INVALID, "key-invalid")                                                                   \
  X (REQUEST_REFUSED, "request-refused")                                                           \
  X (NO_SERVICE, "no-service")                                                                     \
  X (DEVICE_NOT_OFFERED, "device-not-offered")                                                     \
  /* oauth-scope-missing */                                                                        \
  X (NOT_TICKED, "not-ticked")                                                                     \
  X (SCOPE_REFUSED, "scope-refused")                                                               \
  /* oauth-wrong-account */                                                                        \
  X (OTHER_ACCOUNT, "other-account")                                                               \
  X (ACCOUNT_UNKNOWN, "account-unknown")                                                           \
  /* oauth-server-error */                                                                         \
  X (TOO_MANY, "too-many")                                                                         \
  X (SERVER, "server")                                                                             \
  X (BAD_ANSWER, "bad-answer")                                                                     \
  X (REDIRECTED, "redirected")                                                                     \
  X (UNREACHABLE, "unreachable")                                                                   \
  X (SILENT, "silent")                                                                             \
  X (CERTIFICATE, "certificate")

/**
 * PrOauthReason:
 *
 * Why a sign-in or a token failed, where its #PrCode has several causes.
 */
typedef enum
{
#define PR_OAUTH_REASON_ENUMERATOR(name, word) PR_OAUTH_REASON_##name,
  PR_OAUTH_REASONS (PR_OAUTH_REASON_ENUMERATOR)
#undef PR_OAUTH_REASON_ENUMERATOR
      PR_N_OAUTH_REASONS,
} PrOauthReason;

const char *pr_oauth_reason_to_word (PrOauthReason reason);

/**
 * PR_OAUTH_ERROR:
 *
 * Error domain of this room: the code is a #PrCode, the message holds facts (never a token, a
 * code, or what a server wrote for people), never a sentence.
 */
#define PR_OAUTH_ERROR (pr_oauth_error_quark ())
GQuark pr_oauth_error_quark (void);

GError *pr_oauth_error_new (PrCode code, PrOauthReason reason, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void pr_oauth_set_error (GError **error, PrCode code, PrOauthReason reason, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
PrOauthReason pr_oauth_error_get_reason (const GError *error);
guint pr_oauth_error_get_wait (const GError *error);
void pr_oauth_error_set_wait (GError *error, guint wait_s);

G_END_DECLS
