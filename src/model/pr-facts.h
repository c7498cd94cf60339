/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-types.h"

G_BEGIN_DECLS

/**
 * PrFacts:
 * @server: host, port and encryption: facts hold for one server only
 * @seen_at: when it last succeeded, microseconds since 1970
 * @capabilities: what the server offers, one a line, sorted
 * @mechanisms: ways to log in that it offers, one a line, sorted
 * @mechanism: (nullable): the one that was used
 * @expected_mechanism: (nullable): the one that was used before it was gone; else the same
 * @tls_version: (nullable): such as "TLS 1.3"
 * @expected_tls: (nullable): the newest that there was
 * @certificate: (nullable): SHA-256 of the server's certificate
 * @issuer: (nullable): who issued it
 * @not_after: until when it is valid, microseconds since 1970; 0: there is none
 * @usual_us: how long the test takes as a rule
 * @n_seen: how many tests that is known from
 *
 * What the last test of one direction of one mailbox that succeeded found: the next one is
 * compared with it.
 */
typedef struct
{
  gint64 mailbox_id;
  PrDirection direction;
  char *server;
  gint64 seen_at;
  char *capabilities;
  char *mechanisms;
  char *mechanism;
  char *expected_mechanism;
  char *tls_version;
  char *expected_tls;
  char *certificate;
  char *issuer;
  gint64 not_after;
  gint64 usual_us;
  guint n_seen;
} PrFacts;

PrFacts *pr_facts_new (gint64 mailbox_id, PrDirection direction, const char *server);
void pr_facts_free (PrFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrFacts, pr_facts_free)

G_END_DECLS
