/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script.h"

#include "pr-script-link.h"

G_BEGIN_DECLS

gboolean pr_script_sasl_run (const PrScript *script,
                             const PrScriptLine *line,
                             PrScriptLink *link,
                             GError **error);

G_END_DECLS
