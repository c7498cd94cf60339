-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 4.
--
-- What the last test of each direction of each mailbox that succeeded found out about its server:
-- the next one is compared with it. "server" is host, port and encryption; facts about another one
-- are worth nothing. Lists have one entry a line, sorted.

CREATE TABLE facts (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  direction TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
  server TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  capabilities TEXT NOT NULL,
  mechanisms TEXT NOT NULL,
  mechanism TEXT NOT NULL,
  tls_version TEXT NOT NULL,
  certificate TEXT NOT NULL,
  issuer TEXT NOT NULL,
  not_after INTEGER NOT NULL,
  usual_us INTEGER NOT NULL,
  n_seen INTEGER NOT NULL CHECK (n_seen >= 1),
  PRIMARY KEY (mailbox_id, direction)
) STRICT, WITHOUT ROWID;
