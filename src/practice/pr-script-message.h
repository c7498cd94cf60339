/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script-text.h"

G_BEGIN_DECLS

gboolean pr_script_message_find_end (const guint8 *bytes, gsize n, gsize *length);
gboolean pr_script_message_check (const guint8 *bytes,
                                  gsize n,
                                  const char *address,
                                  gsize announced,
                                  gint64 now,
                                  GError **error);

G_END_DECLS
