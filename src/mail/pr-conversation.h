/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-channel.h"
#include "pr-report.h"
#include "pr-resolver.h"
#include "pr-test-plan.h"

G_BEGIN_DECLS

/**
 * PrMailContext:
 * @resolver: names looked up in this run
 * @tls: authorities loaded for this run
 *
 * What the conversations of one run share. Any thread.
 */
typedef struct
{
  gatomicrefcount refs;
  PrResolver *resolver;
  PrTlsContext *tls;
} PrMailContext;

PrMailContext *pr_mail_context_new (void);
PrMailContext *pr_mail_context_ref (PrMailContext *self);
void pr_mail_context_unref (PrMailContext *self);

/**
 * PrProgressFunc:
 * @step: the step that begins
 * @data: what was given with the function
 *
 * Called in the worker's thread.
 */
typedef void (*PrProgressFunc) (PrStep step, gpointer data);

PrReport *pr_conversation_run (PrTestPlan *plan,
                               PrMailContext *context,
                               GCancellable *cancellable,
                               PrProgressFunc progress,
                               gpointer progress_data);
PrReport *
pr_conversation_run_on_channel (PrTestPlan *plan, PrChannel *channel, GCancellable *cancellable);
PrReport *pr_report_new_for_plan (const PrTestPlan *plan);
PrReport *pr_report_new_not_run (const PrTestPlan *plan, PrOutcome outcome, PrCode code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrMailContext, pr_mail_context_unref)

G_END_DECLS
