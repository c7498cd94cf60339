/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far it is, on standard error when that is a terminal: a bar, a count, the time left. Main
 * thread. */

#include "pr-ctl.h"

#include <glib/gi18n.h>
#include <unistd.h>

#define BAR_WIDTH 30

/* @begin: (inout): monotonic time, of when the first of @total began; set if it is 0. */
void
pr_ctl_show_bar (guint done, guint total, gint64 *begin)
{
  guint filled = total > 0 ? (guint) ((guint64) done * BAR_WIDTH / total) : 0;
  g_autofree char *bar = g_strnfill (filled, '#');
  g_autofree char *left = NULL;

  if (*begin == 0)
    *begin = g_get_monotonic_time ();
  if (done > 0 && done < total)
    {
      double rest = (double) (g_get_monotonic_time () - *begin) / done * (total - done);
      guint seconds = (guint) (rest / G_USEC_PER_SEC) + 1;

      left = g_strdup_printf (_ ("%u:%02u left"), seconds / 60, seconds % 60);
    }
  g_printerr ("\r[%-*s] %u / %u  %s\033[K", BAR_WIDTH, bar, done, total, left != NULL ? left : "");
}

void
pr_ctl_hide_bar (void)
{
  g_printerr ("\r\033[K");
}

static void
on_changed (PrCtl *self)
{
  guint done, total;

  if (!pr_progress_get (self->progress, &done, &total))
    return;
  /* Something new has begun, such as writing what was read. */
  if (done < self->bar_done)
    self->bar_begin = 0;
  self->bar_done = done;
  self->bar_shown = TRUE;
  pr_ctl_show_bar (done, total, &self->bar_begin);
}

/**
 * pr_ctl_begin_many:
 * @self: a call whose environment is open
 *
 * A command on many mailboxes begins.
 *
 * Returns: (transfer none): what it is to be given: Ctrl+C cancels it, its progress is shown
 */
GCancellable *
pr_ctl_begin_many (PrCtl *self)
{
  self->bar_begin = 0;
  self->bar_done = 0;
  if (self->progress_id == 0 && isatty (STDERR_FILENO))
    self->progress_id =
        g_signal_connect_swapped (self->progress, "changed", G_CALLBACK (on_changed), self);
  return self->cancellable;
}

/* It is over, and the line is free for what is to be said about it. */
void
pr_ctl_end_many (PrCtl *self)
{
  g_clear_signal_handler (&self->progress_id, self->progress);
  if (self->bar_shown)
    pr_ctl_hide_bar ();
  self->bar_shown = FALSE;
}

/* Says what went wrong with a command on many mailboxes. Takes @error. Returns: the exit status. */
int
pr_ctl_fail_many (GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return pr_ctl_fail (error);
  g_printerr ("postroomctl: %s\n", _ ("Cancelled: nothing was changed."));
  g_error_free (error);
  return PR_CTL_UNABLE;
}
