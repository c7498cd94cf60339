/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

void bench_window_grid (guint n_rows);
void bench_window_not_approved (void);
void bench_window_silent (void);
void bench_window_practice (void);
void bench_window_serve (void);

G_END_DECLS
