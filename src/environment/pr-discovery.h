/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-autoconfig.h"
#include "pr-server-profile.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrDiscoverySource:
 * @PR_DISCOVERY_PROVIDER: a well-known provider: nobody was asked
 * @PR_DISCOVERY_AUTOCONFIG: the domain's own autoconfig file
 * @PR_DISCOVERY_DNS: the domain's SRV records (RFC 6186)
 *
 * Who says where the mail of a domain is.
 */
typedef enum
{
  PR_DISCOVERY_PROVIDER,
  PR_DISCOVERY_AUTOCONFIG,
  PR_DISCOVERY_DNS,
} PrDiscoverySource;

/**
 * PrDiscovery:
 * @servers: by #PrDirection; one of the two may be missing
 * @sources: by #PrDirection
 * @is_foreign: a server is outside of the domain: a person has to confirm it before anything
 *   connects to it (RFC 6186 section 6)
 * @is_local_part: the user name is what stands before the @
 * @has_other: there are incoming servers, but none that speaks POP3
 *
 * The servers of an email address.
 */
typedef struct
{
  char *domain;
  PrFoundServer servers[2];
  PrDiscoverySource sources[2];
  gboolean is_foreign;
  gboolean is_local_part;
  gboolean has_other;
} PrDiscovery;

/**
 * PrDiscoverySettings:
 * @urls: (nullable): where autoconfig files are, "%s" standing for the domain, in the order of
 *   preference; ends with %NULL
 * @ca_pem: (nullable): certificates that are trusted besides the system's
 * @timeout_s: for everything together
 *
 * How to look; for tests.
 */
typedef struct
{
  const char *const *urls;
  const char *ca_pem;
  guint timeout_s;
} PrDiscoverySettings;

void pr_discovery_find_async (const char *address,
                              const PrDiscoverySettings *settings,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PrDiscovery *pr_discovery_find_finish (GAsyncResult *result, GError **error);
PrDiscovery *pr_discovery_new_known (const char *address);
void pr_discovery_free (PrDiscovery *self);
void pr_discovery_apply (const PrDiscovery *self, PrServerProfile *profile);
char *pr_discovery_describe (const PrDiscovery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDiscovery, pr_discovery_free)

G_END_DECLS
