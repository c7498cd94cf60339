/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrWait:
 *
 * The clocks and the cancellation of one conversation: every place that can block waits here.
 * Belongs to one worker.
 */
typedef struct
{
  GCancellable *cancellable; /* borrowed, nullable */
  GPollFD cancel_fd;
  gboolean has_cancel_fd;
  gint64 total_deadline; /* monotonic microseconds */
  gint64 deadline;       /* of the answer that is waited for; never later than the above */
  guint round_trips;
  gboolean owes_answer; /* something was sent since the last wait for the server */
} PrWait;

void pr_wait_init (PrWait *self, GCancellable *cancellable, guint total_timeout_s);
void pr_wait_clear (PrWait *self);
void pr_wait_start (PrWait *self, guint timeout_ms);
gboolean pr_wait_check (PrWait *self, PrCode late, GError **error);
gboolean
pr_wait_fds (PrWait *self, GPollFD *fds, guint n_fds, gint64 until, PrCode late, GError **error);
gboolean pr_wait_fd (PrWait *self, int fd, gushort events, PrCode late, GError **error);
void pr_wait_note_sent (PrWait *self);
void pr_wait_note_waited (PrWait *self);

G_END_DECLS
