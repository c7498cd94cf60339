/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pages for secrets: locked into memory and left out of core dumps, both as far as the limits of
 * the process allow. Many short ones share pages that hold nothing else, so that 10,000 passwords
 * take 3 MiB of what may be locked, not 40. Any thread. */

gpointer pr_secret_pages_alloc (gsize size);
void pr_secret_pages_free (gpointer memory, gsize size);

G_END_DECLS
