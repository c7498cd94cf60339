/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script.h"

G_BEGIN_DECLS

/**
 * PrScriptServer:
 *
 * A server on this computer's loopback that says what a script says, to the first client that
 * comes. Its methods are for one thread; what it does, it does in threads of its own.
 */
typedef struct _PrScriptServer PrScriptServer;

PrScriptServer *pr_script_server_new (const PrScript *script, GError **error);
PrScriptServer *pr_script_server_new_on_port (const PrScript *script, guint16 port, GError **error);
void pr_script_server_free (PrScriptServer *self);

guint16 pr_script_server_get_port (const PrScriptServer *self);
void pr_script_server_hold_before (PrScriptServer *self, guint index);
gboolean pr_script_server_start (PrScriptServer *self, GError **error);
gboolean pr_script_server_wait_held (PrScriptServer *self, gint64 until);
void pr_script_server_stop (PrScriptServer *self);
gboolean pr_script_server_finish (PrScriptServer *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrScriptServer, pr_script_server_free)

G_END_DECLS
