/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-mailbox.h"

G_BEGIN_DECLS

PrCode pr_precheck_mailbox (PrMailbox *mailbox,
                            PrServerProfile *profile,
                            PrEmailSettings *settings,
                            PrDirection direction,
                            gboolean read_only,
                            GHashTable *known);
GHashTable *pr_precheck_memory_new (void);
PrCode
pr_precheck_profile (PrServerProfile *profile, PrEmailSettings *settings, PrDirection direction);

G_END_DECLS
