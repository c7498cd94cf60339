/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"

G_BEGIN_DECLS

/**
 * PrFakeStats:
 * @n_running: conversations that run now
 * @max_running: most that ever ran at one time
 * @n_started: conversations that ever began
 * @max_of_one_address: most that ever ran at one time with the same address in their plans
 *
 * What the workers saw, whatever the main thread believes.
 */
typedef struct
{
  guint n_running;
  guint max_running;
  guint n_started;
  guint max_of_one_address;
} PrFakeStats;

void fake_runner_reset (gboolean gate_open, guint n_steps);
void fake_runner_open_gate (void);
void fake_runner_let_through (guint n);
PrFakeStats fake_runner_get_stats (void);
guint fake_runner_get_n_running_on (const char *address);

PrReport *fake_runner_run (PrTestPlan *plan,
                           PrMailContext *context,
                           GCancellable *cancellable,
                           PrProgressFunc progress,
                           gpointer progress_data);

G_END_DECLS
