-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 8.
--
-- The keyring is no part of a transaction. Before a mailbox's secrets are changed it is noted here,
-- and struck out by the transaction that follows: what is found here when nobody is at it is from a
-- program that was ended in between, and the keyring has to be asked. There may be no such mailbox,
-- not yet or not any more.
CREATE TABLE unsettled (
  mailbox_id INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TRIGGER mailboxes_deleted_unsettled
AFTER DELETE ON mailboxes
WHEN OLD.password_set OR OLD.token_set
BEGIN
  INSERT OR IGNORE INTO unsettled (mailbox_id) VALUES (OLD.id);
END;
