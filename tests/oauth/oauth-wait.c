/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bounded waits for the tests of OAuth, and a count of what is open. Main thread. */

#include "oauth-wait.h"

#define PATIENCE_US (30 * G_USEC_PER_SEC)

void
test_wait_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TestWait *self = user_data;

  g_assert_null (self->result);
  self->result = g_object_ref (result);
}

static gboolean
is_ready (gpointer data)
{
  return ((TestWait *) data)->result != NULL;
}

GAsyncResult *
test_wait_for (TestWait *self)
{
  test_wait_until (is_ready, self);
  return self->result;
}

void
test_wait_clear (TestWait *self)
{
  g_clear_object (&self->result);
}

static gboolean
wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @is_done says so; fails after half a minute. */
void
test_wait_until (gboolean (*is_done) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  guint waker = g_timeout_add (100, wake, NULL);

  while (!is_done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (waker);
}

static gboolean
is_over (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

/* Runs the main loop for a while. */
void
test_run_for (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;
  guint timer = g_timeout_add (MAX (ms / 4, 1), wake, NULL);

  while (!is_over (&end))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
}

/* How many descriptors this process has open. */
guint
test_count_descriptors (void)
{
  GDir *folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;
  g_dir_close (folder);
  return n;
}
