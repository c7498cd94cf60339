/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * PrRetryRunner:
 *
 * Tests again what failed for a while, when its time has come, for as long as it is started. The
 * schedule is in the database: it survives a restart, and other programs may have made it.
 */
#define PR_TYPE_RETRY_RUNNER (pr_retry_runner_get_type ())
G_DECLARE_FINAL_TYPE (PrRetryRunner, pr_retry_runner, PR, RETRY_RUNNER, GObject)

PrRetryRunner *pr_retry_runner_new (PrEnvironment *environment,
                                    const PrTestOptions *options,
                                    const PrTestEvents *events,
                                    gpointer events_data);
void pr_retry_runner_start (PrRetryRunner *self);
void pr_retry_runner_stop (PrRetryRunner *self);
gboolean pr_retry_runner_is_busy (PrRetryRunner *self);
gboolean pr_retry_runner_claim (PrRetryRunner *self, GError **error);

G_END_DECLS
