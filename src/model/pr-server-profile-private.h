/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-server-profile.h"
#include "pr-url.h"

G_BEGIN_DECLS

char *pr_check_pem (const char *value);
char *pr_check_pin (const char *value);
char *pr_check_oauth_word (const char *value);
char *pr_check_oauth_client_id (const char *value);
char *pr_check_oauth_scope (const char *value);
void pr_server_profile_check_rules (PrRecord *record, gpointer context, GPtrArray *errors);

G_END_DECLS
