/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

#include "pr-script.h"

G_BEGIN_DECLS

void check_invariants (const PrReport *report, const PrScript *script, GString *problems);
void check_expectations (const PrReport *report,
                         const PrScript *script,
                         guint16 port,
                         GString *problems);

G_END_DECLS
