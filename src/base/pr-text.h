/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pr_text_for_display (const char *bytes, gssize length, gsize max_bytes);
char *pr_text_casefold (const char *text);
char *pr_text_fold (const char *text);
char *pr_time_to_text (gint64 unix_us);
gboolean pr_time_from_text (const char *text, gint64 *unix_us);
gboolean pr_text_to_int (const char *text, gint64 min, gint64 max, gint64 *value);

G_END_DECLS
