/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrFacts: what is known of a server from a mailbox's last test. Any thread. */

#include "pr-facts.h"

/**
 * pr_facts_new:
 * @mailbox_id: whose
 * @direction: which server of it
 * @server: host, port and encryption
 *
 * Returns: (transfer full): facts that nothing is known of
 */
PrFacts *
pr_facts_new (gint64 mailbox_id, PrDirection direction, const char *server)
{
  PrFacts *self = g_new0 (PrFacts, 1);

  self->mailbox_id = mailbox_id;
  self->direction = direction;
  self->server = g_strdup (server);
  return self;
}

/**
 * pr_facts_free:
 * @self: (transfer full): facts
 */
void
pr_facts_free (PrFacts *self)
{
  g_free (self->server);
  g_free (self->capabilities);
  g_free (self->mechanisms);
  g_free (self->mechanism);
  g_free (self->expected_mechanism);
  g_free (self->tls_version);
  g_free (self->expected_tls);
  g_free (self->certificate);
  g_free (self->issuer);
  g_free (self);
}
