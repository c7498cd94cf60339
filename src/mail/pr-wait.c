/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWait: one poll() for everything that a worker waits for, so that each wait ends by itself:
 * by the answer, by its own deadline, by the deadline of the whole conversation, or within a
 * moment of g_cancellable_cancel(). Worker threads. */

#include "pr-wait.h"

#include "pr-turn.h"

#include <errno.h>
#include <string.h>

#define MAX_FDS 16

/**
 * pr_wait_init:
 * @self: uninitialized memory
 * @cancellable: (nullable): ends every wait; must outlive @self
 * @total_timeout_s: seconds for the whole conversation, from now on
 */
void
pr_wait_init (PrWait *self, GCancellable *cancellable, guint total_timeout_s)
{
  memset (self, 0, sizeof *self);
  self->cancellable = cancellable;
  self->has_cancel_fd =
      cancellable != NULL && g_cancellable_make_pollfd (cancellable, &self->cancel_fd);
  self->total_deadline = g_get_monotonic_time () + (gint64) total_timeout_s * G_USEC_PER_SEC;
  self->deadline = self->total_deadline;
}

/**
 * pr_wait_clear:
 * @self: what pr_wait_init() made
 */
void
pr_wait_clear (PrWait *self)
{
  if (self->has_cancel_fd)
    g_cancellable_release_fd (self->cancellable);
  self->has_cancel_fd = FALSE;
}

/**
 * pr_wait_start:
 * @self: the clocks
 * @timeout_ms: milliseconds that the next answer may take as a whole, however many waits that
 *   is: a server that sends one byte at a time gains nothing
 */
void
pr_wait_start (PrWait *self, guint timeout_ms)
{
  self->deadline = MIN (g_get_monotonic_time () + (gint64) timeout_ms * 1000, self->total_deadline);
}

/**
 * pr_wait_check:
 * @self: the clocks
 * @late: the code for a missed deadline
 * @error: set to @late or %PR_CODE_CANCELLED
 *
 * Returns: whether there is time left
 */
gboolean
pr_wait_check (PrWait *self, PrCode late, GError **error)
{
  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CANCELLED, "cancelled");
      return FALSE;
    }
  if (g_get_monotonic_time () >= self->deadline)
    {
      gboolean total = self->deadline == self->total_deadline;

      g_set_error (error, PR_DIAGNOSIS, (int) late, "%s",
                   total ? "the limit for the whole test was reached" : "no answer in time");
      return FALSE;
    }
  return TRUE;
}

/**
 * pr_wait_fds:
 * @self: the clocks
 * @fds: descriptors and the events that are waited for; their revents are set
 * @n_fds: how many, at most 15
 * @until: monotonic microseconds at which to come back even if nothing happened; 0: never
 * @late: the code for a missed deadline
 * @error: set to @late or %PR_CODE_CANCELLED
 *
 * Returns: %TRUE when a descriptor is ready or @until has come; %FALSE on error
 */
gboolean
pr_wait_fds (PrWait *self, GPollFD *fds, guint n_fds, gint64 until, PrCode late, GError **error)
{
  GPollFD all[MAX_FDS];
  guint n = n_fds;

  g_return_val_if_fail (n_fds < MAX_FDS, FALSE);

  memcpy (all, fds, n_fds * sizeof *fds);
  if (self->has_cancel_fd)
    all[n++] = self->cancel_fd;

  for (;;)
    {
      gint64 now, end = until != 0 ? MIN (until, self->deadline) : self->deadline;
      int ready;

      if (!pr_wait_check (self, late, error))
        return FALSE;
      now = g_get_monotonic_time ();
      /* Rounded up: waking a moment early would spin. */
      ready = pr_turn_poll (all, n, (int) MAX (0, (end - now + 999) / 1000));
      if (ready < 0 && errno != EINTR)
        {
          g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "poll: %s", g_strerror (errno));
          return FALSE;
        }
      if (ready <= 0)
        {
          if (until != 0 && g_get_monotonic_time () >= until)
            return TRUE;
          continue;
        }
      memcpy (fds, all, n_fds * sizeof *fds);
      for (guint i = 0; i < n_fds; i++)
        if (fds[i].revents != 0)
          return TRUE;
      /* Else it was the cancellation, which the check at the top tells. */
    }
}

/**
 * pr_wait_fd:
 * @self: the clocks
 * @fd: a descriptor
 * @events: %G_IO_IN or %G_IO_OUT
 * @late: the code for a missed deadline
 * @error: set to @late or %PR_CODE_CANCELLED
 *
 * Returns: whether @fd is ready (or broken, which the next read or write will tell)
 */
gboolean
pr_wait_fd (PrWait *self, int fd, gushort events, PrCode late, GError **error)
{
  GPollFD poll_fd = { fd, events, 0 };

  return pr_wait_fds (self, &poll_fd, 1, 0, late, error);
}

/**
 * pr_wait_note_sent:
 * @self: the clocks
 *
 * Something went to the server: the next wait for it is a round trip.
 */
void
pr_wait_note_sent (PrWait *self)
{
  self->owes_answer = TRUE;
}

/**
 * pr_wait_note_waited:
 * @self: the clocks
 *
 * The server is waited for: counts a round trip if something was sent since the last one.
 */
void
pr_wait_note_waited (PrWait *self)
{
  if (!self->owes_answer)
    return;
  self->owes_answer = FALSE;
  self->round_trips++;
}
