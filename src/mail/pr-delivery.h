/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-conversation.h"

G_BEGIN_DECLS

/**
 * PrDelivery:
 * @id: what stands before the "@" in the Message-ID of the message
 * @seen: (element-type utf8): identifiers (UIDL) of messages that are known to be others
 * @n_looked: how many messages were looked at
 * @found: whether it is there
 *
 * A message that is looked for in its mailbox, over several POP3 sessions, because each session
 * sees only what was there when it began (RFC 1939 section 8). Belongs to one worker.
 */
struct _PrDelivery
{
  const char *id;
  GHashTable *seen;
  guint n_looked;
  gboolean found;
};

void pr_delivery_wait (PrTestPlan *plan,
                       PrMailContext *context,
                       GCancellable *cancellable,
                       PrReport *report);

G_END_DECLS
