/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A doorbell: how many threads call one main context. g_source_set_ready_time() takes the lock of
 * the context and writes to its descriptor while it holds it. The main thread, woken by that, gets
 * the processor of whoever wrote, wants the lock, and has to wait until a thread of lower priority
 * is served again: up to 160 ms where a thousand of them run. Here a timer of the kernel
 * (timerfd_create(2)) wakes the main thread, and nobody holds anything. */

#include "pr-doorbell.h"

#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Whether the main thread was called already. */
typedef enum
{
  PR_RING_NO,
  PR_RING_SOON,
  PR_RING_NOW,
} PrRing;

typedef struct
{
  GSource source;
  int fd; /* -1: there was none left, then it goes by the context's lock */
  gpointer tag;
  gint64 delay_us;
  int state; /* atomic: PrRing */
} PrDoorbell;

/* Any thread. */
static void
set_timer (PrDoorbell *bell, gint64 delay_us)
{
  struct itimerspec spec = { 0 };

  if (bell->fd == -1)
    {
      g_source_set_ready_time (&bell->source, g_get_monotonic_time () + delay_us);
      return;
    }
  spec.it_value.tv_sec = delay_us / G_USEC_PER_SEC;
  spec.it_value.tv_nsec = delay_us % G_USEC_PER_SEC * 1000;
  if (delay_us == 0)
    spec.it_value.tv_nsec = 1; /* 0 would mean never */
  timerfd_settime (bell->fd, 0, &spec, NULL);
}

static gboolean
check (GSource *source)
{
  PrDoorbell *bell = (PrDoorbell *) source;

  return bell->fd != -1 && g_source_query_unix_fd (source, bell->tag) != 0;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  PrDoorbell *bell = (PrDoorbell *) source;
  guint64 n;

  /* In this order: whoever rings from here on sees that it must call again. */
  if (bell->fd == -1)
    g_source_set_ready_time (source, -1);
  else if (read (bell->fd, &n, sizeof n) < 0)
    g_debug ("The doorbell was set anew meanwhile");
  g_atomic_int_set (&bell->state, PR_RING_NO);
  return callback (user_data);
}

static void
finalize (GSource *source)
{
  PrDoorbell *bell = (PrDoorbell *) source;

  if (bell->fd != -1)
    close (bell->fd);
}

static GSourceFuncs doorbell_funcs = { .check = check, .dispatch = dispatch, .finalize = finalize };

/**
 * pr_doorbell_new:
 * @delay_ms: how long pr_doorbell_ring_soon() may wait for more, in milliseconds
 *
 * A source whose callback runs once for however many rings came before it. What a thread wrote
 * before it rang is seen by the callback.
 *
 * Returns: (transfer full): a source that is not attached yet
 */
GSource *
pr_doorbell_new (guint delay_ms)
{
  GSource *source = g_source_new (&doorbell_funcs, sizeof (PrDoorbell));
  PrDoorbell *bell = (PrDoorbell *) source;

  bell->delay_us = (gint64) delay_ms * 1000;
  bell->fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (bell->fd != -1)
    bell->tag = g_source_add_unix_fd (source, bell->fd, G_IO_IN);
  return source;
}

/**
 * pr_doorbell_ring:
 * @bell: a doorbell
 *
 * The callback is to run in the next turn of its context. Any thread.
 */
void
pr_doorbell_ring (GSource *bell)
{
  PrDoorbell *self = (PrDoorbell *) bell;

  if (g_atomic_int_exchange (&self->state, PR_RING_NOW) != PR_RING_NOW)
    set_timer (self, 0);
}

/**
 * pr_doorbell_ring_soon:
 * @bell: a doorbell
 *
 * The callback is to run when the delay is over, if not before. Any thread.
 */
void
pr_doorbell_ring_soon (GSource *bell)
{
  PrDoorbell *self = (PrDoorbell *) bell;

  if (!g_atomic_int_compare_and_exchange (&self->state, PR_RING_NO, PR_RING_SOON))
    return;
  set_timer (self, self->delay_us);
  /* Somebody who rang between these two lines was overtaken. */
  if (g_atomic_int_get (&self->state) == PR_RING_NOW)
    set_timer (self, 0);
}
