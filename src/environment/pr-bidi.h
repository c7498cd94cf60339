/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void pr_bidi_set_isolating (gboolean isolating);
char *pr_bidi_isolate (const char *text);
char *pr_bidi_isolate_take (char *text);
const char *pr_bidi_skip_mark (const char *text);

G_END_DECLS
