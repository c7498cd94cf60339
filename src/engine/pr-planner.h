/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox.h"
#include "pr-test-plan.h"

G_BEGIN_DECLS

/**
 * PrTestOptions:
 * @incoming: test that direction
 * @outgoing: test that direction
 * @submit: what the outgoing test does after the log-in
 * @verify_s: how long to look whether the message that was sent arrives; 0: do not look
 * @max_conversations: at one time; 0: what the settings say
 * @due: microseconds since 1970: only directions whose next try is due then; 0: all
 *
 * What the admin chose for one job.
 */
typedef struct
{
  gboolean incoming;
  gboolean outgoing;
  PrSubmit submit;
  guint verify_s;
  guint max_conversations;
  gint64 due;
} PrTestOptions;

#define PR_VERIFY_DEFAULT_S 60
#define PR_VERIFY_MAX_S 3600

extern const PrTestOptions pr_test_options_default;

PrTestPlan *pr_planner_make (const char *environment,
                             PrServerProfile *profile,
                             PrMailbox *mailbox,
                             PrEmailSettings *settings,
                             PrDirection direction,
                             const PrTestOptions *options,
                             PrSecret *secret);

G_END_DECLS
