/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a report to the mailbox's status: permanent errors disable a direction at once, transient
 * ones are tried again as often as the settings say, then count as permanent. Any thread; asks
 * no clock. */

#include "pr-verdict.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)

/**
 * pr_verdict_decide:
 * @report: how the test went
 * @was_enabled: whether the direction was enabled before
 * @retries_before: how often this error was tried again already
 * @settings: how often and how far apart
 * @now: microseconds since 1970
 * @verdict: (out): what it means
 *
 * Returns: %FALSE if the report changes nothing, because the test was cancelled or skipped
 */
gboolean
pr_verdict_decide (const PrReport *report,
                   gboolean was_enabled,
                   guint retries_before,
                   PrEmailSettings *settings,
                   gint64 now,
                   PrVerdict *verdict)
{
  guint limit = (guint) pr_email_settings_get (settings, RETRY_COUNT);
  gint64 interval = pr_email_settings_get (settings, RETRY_MINUTES) * MINUTE_US;

  if (report->outcome == PR_OUTCOME_CANCELLED || report->outcome == PR_OUTCOME_SKIPPED)
    return FALSE;

  *verdict = (PrVerdict){ PR_TEST_STATUS_FAILURE, FALSE, 0, 0 };
  if (report->outcome == PR_OUTCOME_SUCCESS)
    {
      verdict->status = PR_TEST_STATUS_SUCCESS;
      verdict->enabled = TRUE;
    }
  else if (report->permanence == PR_PERMANENCE_TRANSIENT && retries_before < limit)
    {
      /* What worked until now stays enabled while the trouble may still pass. */
      verdict->enabled = was_enabled;
      verdict->retry = retries_before + 1;
      /* An announced wait is obeyed where it is the longer one. */
      verdict->retry_at = now + MAX (interval, (gint64) report->wait_s * G_USEC_PER_SEC);
    }
  return TRUE;
}

/* Faults that have nothing to do with one of the two servers. */
static gboolean
is_of_both (PrCode code)
{
  switch (code)
    {
      case PR_CODE_MAILBOX_INACTIVE:
      case PR_CODE_MAILBOX_NO_PROFILE:
      case PR_CODE_MAILBOX_DIRECTION_NONE:
      case PR_CODE_MAILBOX_ADDRESS_INVALID:
      case PR_CODE_ADDRESS_NOT_APPROVED:
      case PR_CODE_PROFILE_INACTIVE:
      case PR_CODE_CREDENTIALS_NOT_ALLOWED:
      case PR_CODE_CREDENTIALS_MISSING:
      case PR_CODE_KEYRING_LOCKED:
      case PR_CODE_KEYRING_UNAVAILABLE:
      case PR_CODE_NETWORK_UNREACHABLE:
      case PR_CODE_AUTHENTICATION_REJECTED:
      case PR_CODE_AUTHENTICATION_APP_PASSWORD:
      case PR_CODE_AUTHENTICATION_WEB_LOGIN:
      case PR_CODE_ACCOUNT_LOCKED:
      case PR_CODE_OAUTH_SIGN_IN_NEEDED:
      case PR_CODE_OAUTH_TOKEN_REVOKED:
      case PR_CODE_OAUTH_ACCESS_DENIED:
      case PR_CODE_OAUTH_ADMIN_BLOCKED:
      case PR_CODE_OAUTH_CLIENT_INVALID:
      case PR_CODE_OAUTH_SCOPE_MISSING:
      case PR_CODE_OAUTH_WRONG_ACCOUNT:
      case PR_CODE_OAUTH_SERVER_ERROR:
        return TRUE;
      default:
        return FALSE;
    }
}

/**
 * pr_verdict_get_subject:
 * @report: a failure
 *
 * One fault is one alert: what hits all mailboxes of a profile alike is told once, and what
 * stops both directions is not told twice.
 *
 * Returns: what its alert is about
 */
PrAlertSubject
pr_verdict_get_subject (const PrReport *report)
{
  PrAlertSubject subject = { FALSE, is_of_both (report->code) };

  switch (report->scope)
    {
      case PR_SCOPE_PROFILE:
      case PR_SCOPE_NETWORK:
      case PR_SCOPE_LOCAL:
        subject.is_profile = TRUE;
        break;
      case PR_SCOPE_NONE:
      case PR_SCOPE_MAILBOX:
      case PR_SCOPE_MESSAGE:
        break;
    }
  return subject;
}
