/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pr_message_new_test (const char *address, const char *id, gint64 now);

G_END_DECLS
