/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Turns: where many conversations run, of those that have something to compute as many do it at
 * one time as there are processors; the others stand in line. Without it a thousand workers that
 * all have got an answer are a thousand threads that want a processor, and whoever draws the window
 * waits behind them, or for one that was stopped while it held a lock. No conversation keeps its
 * turn while it waits for somebody. Who stands in line also leaves the processors to the window and
 * to what draws it, which has a higher priority from then on. Up to %PR_TURN_FREE conversations
 * nobody stands in line: the kernel shares out as well, and a line costs each answer a wait more.
 * Worker threads. */

/* The usual limit of a job. */
#define PR_TURN_FREE 64

void pr_turn_take (void);
void pr_turn_give (void);
void pr_turn_pause (void);
void pr_turn_resume (void);
int pr_turn_poll (GPollFD *fds, guint n_fds, int timeout_ms);
guint pr_turn_get_n (void);

G_END_DECLS
