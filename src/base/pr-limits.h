/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void pr_limits_prepare_process (void);
void pr_limits_give_back_memory (void);
guint pr_limits_get_max_conversations (void);

G_END_DECLS
