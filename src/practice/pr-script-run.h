/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script.h"

#include "pr-script-link.h"

G_BEGIN_DECLS

/**
 * PrScriptReached:
 * @index: the instruction that is about to be carried out
 * @data: what was given with the function
 *
 * Returns: %FALSE to do nothing more on this connection, whatever the client does
 */
typedef gboolean (*PrScriptReached) (guint index, gpointer data);

gboolean pr_script_run (const PrScript *script,
                        PrScriptLink *link,
                        PrScriptReached reached,
                        gpointer data,
                        GError **error);

G_END_DECLS
