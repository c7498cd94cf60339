/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-server-profile.h"

G_BEGIN_DECLS

gboolean pr_providers_apply_type (PrServerProfile *profile, PrServerType type);
gboolean pr_providers_apply_address (PrServerProfile *profile, const char *address);
char **pr_providers_list_notes (const char *host, PrDirection direction, char **name);

G_END_DECLS
