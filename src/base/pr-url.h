/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PR_URL_MAX_LENGTH 2000

char *pr_check_url (const char *value);
gboolean pr_url_is_safe (const char *url);
char *pr_url_get_host (const char *url);

G_END_DECLS
