/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"

G_BEGIN_DECLS

/**
 * PrTestWorkers:
 *
 * The threads that run the tests of a queue, and the line in which they tell the main thread what
 * happens. Neither waits for the other. Main thread.
 */
typedef struct _PrTestWorkers PrTestWorkers;

/**
 * PrRunner:
 *
 * Runs one plan in a worker thread: pr_conversation_run(), or something else in tests.
 */
typedef PrReport *(*PrRunner) (PrTestPlan *plan,
                               PrMailContext *context,
                               GCancellable *cancellable,
                               PrProgressFunc progress,
                               gpointer progress_data);

/**
 * PrTestEvent:
 * @next: for the line
 * @item: what pr_test_workers_start() was given
 * @step: where it is
 * @report: (nullable): it is over; the last event of @item
 * @plan: (nullable): with @report: what was done, with its secret
 *
 * What a worker says.
 */
typedef struct _PrTestEvent PrTestEvent;
struct _PrTestEvent
{
  PrTestEvent *next;
  gpointer item;
  PrStep step;
  PrReport *report;
  PrTestPlan *plan;
};

PrTestWorkers *pr_test_workers_new (guint max, PrRunner runner, PrStep one_step_from);
void pr_test_workers_stop (PrTestWorkers *self);
void pr_test_workers_free (PrTestWorkers *self);
void pr_test_workers_listen (PrTestWorkers *self,
                             int priority,
                             GSourceFunc callback,
                             gpointer user_data);
void pr_test_workers_ring (PrTestWorkers *self);
void pr_test_workers_start (PrTestWorkers *self, gpointer item, PrTestPlan *plan);
void pr_test_workers_cancel (PrTestWorkers *self);
PrTestEvent *pr_test_workers_take_event (PrTestWorkers *self);
gboolean pr_test_workers_have_event (PrTestWorkers *self);
void pr_test_event_free (PrTestEvent *event);

G_END_DECLS
