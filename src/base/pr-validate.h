/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrCheck:
 * @value: what was typed
 *
 * Judges one value of a field.
 *
 * Returns: (transfer full) (nullable): what the field accepts, in words that can follow
 *   "Accepted: "; %NULL if @value is fine
 */
typedef char *(*PrCheck) (const char *value);

#define PR_HOST_MAX_LENGTH 2084   /* the limit of the field; DNS itself ends at 253 octets */
#define PR_ADDRESS_MAX_LENGTH 254 /* RFC 5321 section 4.5.3.1.3, less the angle brackets */

char *pr_check_host (const char *value);
char *pr_check_address (const char *value);
char *pr_check_line (const char *value);
char *pr_check_credential (const char *value);
char *pr_check_port_list (const char *value);

gboolean pr_host_is_ip (const char *host);
char *pr_host_to_ascii (const char *host);
char *pr_host_to_display (const char *host);

gboolean pr_address_split (const char *address, char **local, char **domain);
char *pr_address_to_key (const char *address);
gboolean pr_text_is_ascii (const char *text);
gboolean pr_text_has_controls (const char *text);
gboolean pr_port_list_contains (const char *list, guint port);

G_END_DECLS
