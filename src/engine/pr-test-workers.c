/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestWorkers: a pool of threads. The main thread must not wait for any of them: of a thousand
 * threads with a low priority one that holds a lock can be without a processor for long, and the
 * window would stand still with it. So the line of events and its doorbell have no lock, and the
 * pool, which has one and makes threads, is fed by a thread of its own.
 *
 * Main thread, but for what is marked otherwise. */

#include "pr-test-workers.h"

#include "pr-doorbell.h"

#define SOON_MS 20 /* what is no news of an end waits at most this long */

struct _PrTestWorkers
{
  PrRunner runner;
  PrStep one_step_from;

  /* Owned */
  PrMailContext *context;
  GCancellable *cancellable;
  GThreadPool *pool;
  GThread *starter;    /* (nullable) */
  GAsyncQueue *starts; /* of PrTask, for the starter; the pool itself: there is no more */
  GSource *bell;       /* from the first listener on */
  PrTestEvent *posted; /* atomic: from the workers, the newest one first */
  PrTestEvent *events; /* taken from there, the oldest one first */
};

typedef struct
{
  PrTestWorkers *workers; /* borrowed: they outlive their tasks */
  gpointer item;
  PrTestPlan *plan;
  gboolean is_told; /* of the one step that somebody asks for */
} PrTask;

/* --- Worker thread ---------------------------------------------------------------------------- */

/* An end opens a slot and is told at once; a step can wait, so that many are told in one go. */
static void
post (PrTask *task, PrStep step, PrReport *report)
{
  PrTestWorkers *self = task->workers;
  PrTestEvent *event = g_new (PrTestEvent, 1);

  event->item = task->item;
  event->step = step;
  event->report = report;
  event->plan = report != NULL ? task->plan : NULL;
  do
    event->next = g_atomic_pointer_get (&self->posted);
  while (!g_atomic_pointer_compare_and_exchange (&self->posted, event->next, event));
  if (report != NULL)
    pr_doorbell_ring (self->bell);
  else
    pr_doorbell_ring_soon (self->bell);
}

static void
on_step (PrStep step, gpointer data)
{
  PrTask *task = data;
  PrStep from = task->workers->one_step_from;

  if (from == 0 || (step >= from && !task->is_told))
    post (task, step, NULL);
  task->is_told |= step >= from;
}

static void
work (gpointer data, gpointer user_data)
{
  g_autofree PrTask *task = data;
  PrTestWorkers *self = user_data;
  PrReport *report = self->runner (task->plan, self->context, self->cancellable, on_step, task);

  /* Last of all: after this the item is the main thread's, and so is the plan again. Who frees
   * memory that another thread has allocated takes the lock by which that one allocates. */
  post (task, PR_STEP_SIGN_OUT, report);
}

/* --- Starter thread --------------------------------------------------------------------------- */

static void
push (PrTestWorkers *self, PrTask *task)
{
  g_autoptr (GError) error = NULL;

  g_thread_pool_push (self->pool, task, &error);
  if (error != NULL) /* the task is queued all the same and waits for a thread that exists */
    g_info ("no further worker: %s", error->message);
}

static gpointer
push_all (gpointer data)
{
  PrTestWorkers *self = data;
  gpointer task;

  while ((task = g_async_queue_pop (self->starts)) != self->pool)
    push (self, task);
  return NULL;
}

/* --- Main thread ------------------------------------------------------------------------------ */

/**
 * pr_test_workers_new:
 * @max: how many threads there may be
 * @runner: what a thread does
 * @one_step_from: 0: every step is told; otherwise one of each item, the first from this step on
 *
 * Returns: (transfer full): workers that have nothing to do
 */
PrTestWorkers *
pr_test_workers_new (guint max, PrRunner runner, PrStep one_step_from)
{
  PrTestWorkers *self = g_new0 (PrTestWorkers, 1);

  self->runner = runner;
  self->one_step_from = one_step_from;
  self->context = pr_mail_context_new ();
  self->cancellable = g_cancellable_new ();
  self->pool = g_thread_pool_new (work, self, (int) max, FALSE, NULL);
  self->starts = g_async_queue_new ();
  return self;
}

/**
 * pr_test_workers_stop:
 * @self: workers
 *
 * Nobody listens any more: ends what runs, and waits for it. Each item that was started has its
 * last event in the line then.
 */
void
pr_test_workers_stop (PrTestWorkers *self)
{
  if (self->pool == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  if (self->starter != NULL)
    {
      g_async_queue_push (self->starts, self->pool);
      g_clear_pointer (&self->starter, g_thread_join);
    }
  g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);
  if (self->bell != NULL)
    g_source_destroy (self->bell);
}

/**
 * pr_test_workers_free:
 * @self: (transfer full): workers
 *
 * After pr_test_workers_stop(), when the line of events is empty.
 */
void
pr_test_workers_free (PrTestWorkers *self)
{
  g_return_if_fail (self->pool == NULL && !pr_test_workers_have_event (self));

  g_clear_pointer (&self->bell, g_source_unref);
  g_async_queue_unref (self->starts);
  g_object_unref (self->cancellable);
  pr_mail_context_unref (self->context);
  g_free (self);
}

/**
 * pr_test_workers_listen:
 * @self: workers that have not been given anything to do
 * @priority: of the main loop
 * @callback: takes events, a part of them in one go
 * @user_data: for @callback
 *
 * @callback runs in the thread's default context when there are events, and after
 * pr_test_workers_ring().
 */
void
pr_test_workers_listen (PrTestWorkers *self, int priority, GSourceFunc callback, gpointer user_data)
{
  g_return_if_fail (self->bell == NULL);

  self->bell = pr_doorbell_new (SOON_MS);
  g_source_set_callback (self->bell, callback, user_data, NULL);
  g_source_set_priority (self->bell, priority);
  g_source_attach (self->bell, g_main_context_get_thread_default ());
}

/**
 * pr_test_workers_ring:
 * @self: workers that somebody listens to
 *
 * The callback is to run once more.
 */
void
pr_test_workers_ring (PrTestWorkers *self)
{
  pr_doorbell_ring (self->bell);
}

/**
 * pr_test_workers_start:
 * @self: workers that somebody listens to
 * @item: for the events
 * @plan: (transfer full): what to do
 */
void
pr_test_workers_start (PrTestWorkers *self, gpointer item, PrTestPlan *plan)
{
  PrTask *task = g_new0 (PrTask, 1);

  g_return_if_fail (self->bell != NULL && self->pool != NULL);

  task->workers = self;
  task->item = item;
  task->plan = plan;
  if (self->starter == NULL)
    self->starter = g_thread_try_new ("pr-starter", push_all, self, NULL);
  if (self->starter != NULL)
    g_async_queue_push (self->starts, task);
  else
    push (self, task);
}

/**
 * pr_test_workers_cancel:
 * @self: workers
 *
 * What runs ends within a moment, with a report.
 */
void
pr_test_workers_cancel (PrTestWorkers *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * pr_test_workers_take_event:
 * @self: workers
 *
 * Returns: (transfer full) (nullable): the oldest event; those of one item are in their order
 */
PrTestEvent *
pr_test_workers_take_event (PrTestWorkers *self)
{
  PrTestEvent *event = self->events;

  if (event == NULL)
    for (PrTestEvent *l = g_atomic_pointer_exchange (&self->posted, NULL), *next; l != NULL;
         l = next)
      {
        next = l->next;
        l->next = event;
        event = l;
      }
  self->events = event != NULL ? event->next : NULL;
  return event;
}

/**
 * pr_test_workers_have_event:
 * @self: workers
 *
 * Returns: whether there is an event to take
 */
gboolean
pr_test_workers_have_event (PrTestWorkers *self)
{
  return self->events != NULL || g_atomic_pointer_get (&self->posted) != NULL;
}

/**
 * pr_test_event_free:
 * @event: (transfer full): an event
 */
void
pr_test_event_free (PrTestEvent *event)
{
  g_clear_pointer (&event->report, pr_report_unref);
  g_clear_pointer (&event->plan, pr_test_plan_unref);
  g_free (event);
}
