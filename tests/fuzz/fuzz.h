/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What every target has: the entry that libFuzzer calls, and so does fuzz-driver.c; and where
 * mutation begins. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
GPtrArray *fuzz_list_seeds (void);

/* fuzz-seeds.c */
GPtrArray *fuzz_seeds_new (void);
void fuzz_seeds_add (GPtrArray *seeds, const char *text, gssize n);
void fuzz_seeds_add_scripts (GPtrArray *seeds, const char *folder, const char *prefix);

/* Between what a server says before and after the client speaks. */
#define FUZZ_TURN '\x1e'

G_END_DECLS
