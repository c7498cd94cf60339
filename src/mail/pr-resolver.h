/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-wait.h"

#include <sys/socket.h>

G_BEGIN_DECLS

/**
 * PrAddress:
 * @text: the address for people, such as "2001:db8::5"
 *
 * One address of a server.
 */
typedef struct
{
  struct sockaddr_storage sockaddr;
  socklen_t length;
  char *text;
} PrAddress;

/**
 * PrResolver:
 *
 * Looks names up, each one once: made for one run, which may ask for the same server thousands
 * of times.
 */
typedef struct _PrResolver PrResolver;

PrResolver *pr_resolver_new (void);
PrResolver *pr_resolver_ref (PrResolver *self);
void pr_resolver_unref (PrResolver *self);
void pr_resolver_add_static (PrResolver *self, const char *host, const char *const *addresses);
GPtrArray *pr_resolver_lookup (PrResolver *self, const char *host, PrWait *wait, GError **error);

GPtrArray *pr_address_array_new (void);
gboolean pr_address_array_add_text (GPtrArray *addresses, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrResolver, pr_resolver_unref)

G_END_DECLS
