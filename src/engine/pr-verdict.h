/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox.h"
#include "pr-report.h"

G_BEGIN_DECLS

/**
 * PrVerdict:
 * @status: of the direction
 * @enabled: whether mail is processed from now on
 * @retry: how often a temporary error was tried again
 * @retry_at: when it is tried again, microseconds since 1970; 0: not
 *
 * What a report means for the mailbox.
 */
typedef struct
{
  PrTestStatus status;
  gboolean enabled;
  guint retry;
  gint64 retry_at;
} PrVerdict;

/**
 * PrAlertSubject:
 * @is_profile: the alert is about the profile, once for all of its mailboxes; else about the
 *   mailbox
 * @is_both: one alert for both directions, because one fault explains both
 *
 * What the alert of a failure is about.
 */
typedef struct
{
  gboolean is_profile;
  gboolean is_both;
} PrAlertSubject;

PrAlertSubject pr_verdict_get_subject (const PrReport *report);
gboolean pr_verdict_decide (const PrReport *report,
                            gboolean was_enabled,
                            guint retries_before,
                            PrEmailSettings *settings,
                            gint64 now,
                            PrVerdict *verdict);

G_END_DECLS
