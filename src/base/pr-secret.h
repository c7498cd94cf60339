/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrSecret:
 *
 * A password, a token, a key. It lives in memory of its own that is not swapped out nor written
 * into core dumps where the system allows that, and is wiped when the last reference goes. It
 * has no conversion to a string for people: nothing can print it by mistake.
 */
typedef struct _PrSecret PrSecret;

PrSecret *pr_secret_new (const char *text, gssize length);
PrSecret *pr_secret_ref (PrSecret *self);
void pr_secret_unref (PrSecret *self);
const char *pr_secret_peek (const PrSecret *self);
gsize pr_secret_get_length (const PrSecret *self);
gboolean pr_secret_equal (const PrSecret *a, const PrSecret *b);

void pr_wipe (void *memory, gsize length);
void pr_wipe_free (char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSecret, pr_secret_unref)

G_END_DECLS
