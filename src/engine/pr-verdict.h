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

gboolean pr_verdict_decide (const PrReport *report,
                            gboolean was_enabled,
                            guint retries_before,
                            PrEmailSettings *settings,
                            gint64 now,
                            PrVerdict *verdict);

G_END_DECLS
