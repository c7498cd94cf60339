/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-server-profile.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean pr_providers_apply_type (PrServerProfile *profile, PrServerType type);
const char *pr_providers_find_oauth (PrServerProfile *profile);
JsonObject *pr_providers_get_root (void);
gboolean pr_providers_apply_address (PrServerProfile *profile, const char *address);
char **pr_providers_list_notes (const char *host, PrDirection direction, char **name);

G_END_DECLS
