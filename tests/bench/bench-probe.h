/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the main loop does not look for what happens. The time between two polls is a turn:
 * nothing is drawn and no key is taken meanwhile. Of each turn three times are kept: by the clock
 * on the wall; without what this thread waited for a processor, which others were using; and what
 * it computed itself. The middle one is what counts: it has computing and waiting for files, locks
 * and answers in it, and is not another program's fault. */

void bench_probe_start (void);
void bench_probe_begin (void);
void bench_probe_end (const char *what);
guint bench_probe_get_n_over (void);

G_END_DECLS
