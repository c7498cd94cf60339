/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrBusyBar:
 *
 * A line that says what a command is doing and how far it is, with “Cancel”, for those that take
 * longer than a second.
 */
#define PR_TYPE_BUSY_BAR (pr_busy_bar_get_type ())
G_DECLARE_FINAL_TYPE (PrBusyBar, pr_busy_bar, PR, BUSY_BAR, AdwBin)

GCancellable *pr_busy_bar_begin (PrBusyBar *self, const char *text);
void pr_busy_bar_end (PrBusyBar *self);
gboolean pr_busy_bar_is_busy (PrBusyBar *self);

G_END_DECLS
