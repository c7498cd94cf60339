/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrProgress:
 *
 * A cancellable that is told how far the work is. Any function that takes a #GCancellable can be
 * given one; those that work on many records tell it.
 *
 * Signal: "changed", in the main context it was made in, when there is something new: at most
 * twenty times a second.
 */
#define PR_TYPE_PROGRESS (pr_progress_get_type ())
G_DECLARE_FINAL_TYPE (PrProgress, pr_progress, PR, PROGRESS, GCancellable)

PrProgress *pr_progress_new (void);
gboolean pr_progress_get (PrProgress *self, guint *done, guint *total);

void pr_progress_begin (GCancellable *cancellable, guint total);
void pr_progress_advance (GCancellable *cancellable, guint n);

G_END_DECLS
