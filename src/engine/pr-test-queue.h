/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-test-workers.h"

G_BEGIN_DECLS

typedef struct _PrTestItem PrTestItem;

/**
 * PrTestQueue:
 *
 * Tests that wait for their turn, and the workers that run them. Fair between lanes (profiles),
 * within the limit of each group and of all together, and never two items of the same exclusive
 * key at one time. Main thread; it owns the workers.
 */
#define PR_TYPE_TEST_QUEUE (pr_test_queue_get_type ())
G_DECLARE_FINAL_TYPE (PrTestQueue, pr_test_queue, PR, TEST_QUEUE, GObject)

/**
 * PrTestQueueEvents:
 * @prepare: a slot is open for @item: fetch its secret, then call pr_test_queue_start() or
 *   pr_test_queue_finish(), now or later
 * @progress: (nullable): @item has come to @step
 * @finished: @item is over; @report says how. For an item that was cancelled or dropped before
 *   its turn @report is %NULL
 * @drained: (nullable): nothing waits and nothing runs any more
 * @one_step_from: 0: @progress is told of every step; or, where nobody watches, of one of each
 *   item, the first from this step on. Each that is told wakes the main thread
 *
 * What the queue tells its user, in the main thread.
 */
typedef struct
{
  void (*prepare) (PrTestQueue *queue, PrTestItem *item, gpointer user_data);
  void (*progress) (PrTestQueue *queue, PrTestItem *item, PrStep step, gpointer user_data);
  void (*finished) (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data);
  void (*drained) (PrTestQueue *queue, gpointer user_data);
  PrStep one_step_from;
} PrTestQueueEvents;

PrTestQueue *pr_test_queue_new (guint max_running,
                                PrRunner runner,
                                const PrTestQueueEvents *events,
                                gpointer user_data);
PrTestItem *pr_test_queue_add (PrTestQueue *self,
                               const char *lane,
                               const char *group,
                               guint group_limit,
                               const char *exclusive,
                               gpointer data);
void pr_test_item_add_exclusive (PrTestItem *item, const char *exclusive);
void pr_test_queue_set_width (PrTestQueue *self, const char *lane, guint width);
void pr_test_queue_drop_lane (PrTestQueue *self, const char *lane);
guint pr_test_queue_get_lane_waiting (PrTestQueue *self, const char *lane);
void pr_test_queue_run (PrTestQueue *self);
void pr_test_queue_start (PrTestQueue *self, PrTestItem *item, PrTestPlan *plan);
void pr_test_queue_finish (PrTestQueue *self, PrTestItem *item, PrReport *report);
void pr_test_queue_cancel (PrTestQueue *self);
guint pr_test_queue_get_n_waiting (PrTestQueue *self);
gpointer pr_test_item_get_data (PrTestItem *item);

G_END_DECLS
