/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whoever rings is heard, once for all who rang meanwhile, and waits for nobody: not for the lock
 * of the main context either. */

#include "pr-doorbell.h"

#include <gio/gio.h>
#include <sys/resource.h>

#define NEVER_MS 600000
#define LIMIT_S 60
#define N_THREADS 8
#define N_RINGS 2000

typedef struct
{
  GMainContext *context;
  GSource *bell;
  int n_heard;
  int n_told; /* atomic */
  int n_seen;
  gboolean rings_again;
} Door;

static gboolean
on_bell (gpointer data)
{
  Door *door = data;

  door->n_heard++;
  door->n_seen = g_atomic_int_get (&door->n_told);
  if (door->rings_again)
    pr_doorbell_ring (door->bell);
  door->rings_again = FALSE;
  return G_SOURCE_CONTINUE;
}

/* @bell: (transfer full) */
static void
door_init (Door *door, GSource *bell)
{
  *door = (Door){ .context = g_main_context_new (), .bell = bell };
  g_source_set_callback (door->bell, on_bell, door, NULL);
  g_source_attach (door->bell, door->context);
}

static void
door_clear (Door *door)
{
  g_source_destroy (door->bell);
  g_source_unref (door->bell);
  g_main_context_unref (door->context);
}

static void
turn (Door *door)
{
  while (g_main_context_iteration (door->context, FALSE))
    ;
}

static gboolean
on_limit (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Waits until @value, one of @door, is @n. */
static void
wait_until (Door *door, const int *value, int n)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (LIMIT_S);
  gboolean is_over = FALSE;

  g_source_set_callback (limit, on_limit, &is_over, NULL);
  g_source_attach (limit, door->context);
  while (*value < n && !is_over)
    g_main_context_iteration (door->context, TRUE);
  g_source_destroy (limit);
  g_assert_cmpint (*value, ==, n);
}

static void
wait_for (Door *door, int n)
{
  wait_until (door, &door->n_heard, n);
}

static void
test_once (void)
{
  Door door;

  door_init (&door, pr_doorbell_new (NEVER_MS));
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 0);
  for (guint i = 0; i < 3; i++)
    pr_doorbell_ring (door.bell);
  wait_for (&door, 1);
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 1);
  /* Who rings while the last one is being answered is heard, too. */
  door.rings_again = TRUE;
  pr_doorbell_ring (door.bell);
  wait_for (&door, 3);
  door_clear (&door);
}

static void
test_soon (void)
{
  Door door;

  /* Not before its time; but who comes now is not kept waiting. */
  door_init (&door, pr_doorbell_new (NEVER_MS));
  pr_doorbell_ring_soon (door.bell);
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 0);
  pr_doorbell_ring (door.bell);
  pr_doorbell_ring_soon (door.bell);
  wait_for (&door, 1);
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 1);
  door_clear (&door);

  door_init (&door, pr_doorbell_new (5));
  pr_doorbell_ring_soon (door.bell);
  wait_for (&door, 1);
  door_clear (&door);
}

static gpointer
ring_often (gpointer data)
{
  Door *door = data;

  for (guint i = 0; i < N_RINGS; i++)
    {
      g_atomic_int_inc (&door->n_told);
      if (i % 3 == 0)
        pr_doorbell_ring (door->bell);
      else
        pr_doorbell_ring_soon (door->bell);
    }
  return NULL;
}

/* What was told before a ring is seen, whoever rings at the same time. */
static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  Door door;

  door_init (&door, pr_doorbell_new (1));
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("ring", ring_often, &door);
  wait_until (&door, &door.n_seen, N_THREADS * N_RINGS);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  door_clear (&door);
}

/* --- The lock of the context ------------------------------------------------------------------ */

typedef struct
{
  Door door;
  GThread *ringer;
  GMutex mutex;
  GCond cond;
  gboolean may_ring;
  gboolean has_rung;
} Locked;

static gpointer
ring_when_locked (gpointer data)
{
  Locked *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->may_ring)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  pr_doorbell_ring_soon (self->door.bell);
  pr_doorbell_ring (self->door.bell);
  g_mutex_lock (&self->mutex);
  self->has_rung = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static gboolean
on_nothing (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
do_nothing (gpointer data)
{
}

/* GLib calls this with the context locked, as it asks what to call. */
static void
get_callback (gpointer data, GSource *source, GSourceFunc *callback, gpointer *user_data)
{
  Locked *self = data;
  gint64 end = g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC;

  g_mutex_lock (&self->mutex);
  self->may_ring = TRUE;
  g_cond_broadcast (&self->cond);
  while (!self->has_rung && g_cond_wait_until (&self->cond, &self->mutex, end))
    ;
  g_assert_true (self->has_rung);
  g_mutex_unlock (&self->mutex);
  *callback = on_nothing;
  *user_data = NULL;
}

static GSourceCallbackFuncs callback_funcs = { do_nothing, do_nothing, get_callback };

static void
test_locked (void)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Locked self = { .may_ring = FALSE };

  g_mutex_init (&self.mutex);
  g_cond_init (&self.cond);
  door_init (&self.door, pr_doorbell_new (NEVER_MS));
  self.ringer = g_thread_new ("ring", ring_when_locked, &self);
  g_source_set_callback_indirect (source, &self, &callback_funcs);
  g_source_attach (source, self.door.context);
  wait_for (&self.door, 1);
  g_assert_true (self.has_rung);
  g_thread_join (self.ringer);
  door_clear (&self.door);
  g_mutex_clear (&self.mutex);
  g_cond_clear (&self.cond);
}

/* No descriptor is left for it: it goes by the context then. */
static void
test_no_descriptor (void)
{
  struct rlimit before, none;
  GSource *bell;
  Door door;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  none = before;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  bell = pr_doorbell_new (5);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  door_init (&door, bell);
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 0);
  pr_doorbell_ring (door.bell);
  wait_for (&door, 1);
  turn (&door);
  g_assert_cmpint (door.n_heard, ==, 1);
  pr_doorbell_ring_soon (door.bell);
  wait_for (&door, 2);
  door_clear (&door);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doorbell/once", test_once);
  g_test_add_func ("/doorbell/soon", test_soon);
  g_test_add_func ("/doorbell/threads", test_threads);
  g_test_add_func ("/doorbell/locked", test_locked);
  g_test_add_func ("/doorbell/no-descriptor", test_no_descriptor);
  return g_test_run ();
}
