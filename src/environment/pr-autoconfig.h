/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-types.h"

G_BEGIN_DECLS

/**
 * PrFoundServer:
 * @host: (nullable): %NULL: none was found
 *
 * Where a domain says that its mail is.
 */
typedef struct
{
  char *host;
  guint16 port;
  PrSecurity security;
} PrFoundServer;

/**
 * PrAutoconfig:
 * @servers: by #PrDirection
 * @is_local_part: the user name is what stands before the @
 * @has_other: it names incoming servers, but none that speaks POP3
 *
 * What an autoconfig file says.
 */
typedef struct
{
  PrFoundServer servers[2];
  gboolean is_local_part;
  gboolean has_other;
} PrAutoconfig;

PrAutoconfig *pr_autoconfig_parse (const char *text, gsize length, const char *domain);
void pr_autoconfig_free (PrAutoconfig *self);
void pr_found_server_clear (PrFoundServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrAutoconfig, pr_autoconfig_free)

G_END_DECLS
