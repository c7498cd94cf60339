-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 5: what tests came to over time, for the overview.

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  success INTEGER NOT NULL,
  failure INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  not_run INTEGER NOT NULL
) STRICT;

-- Results per hour since 1970 UTC: hours, so that they can be put together to days anywhere.
CREATE TABLE test_hours (
  hour INTEGER NOT NULL PRIMARY KEY,
  success INTEGER NOT NULL DEFAULT 0,
  failure INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mailboxes_incoming_tested
AFTER UPDATE OF incoming_status ON mailboxes
WHEN NEW.incoming_status <> 'not-run' AND NEW.tested_at <> OLD.tested_at
BEGIN
  INSERT INTO test_hours (hour, success, failure)
  VALUES (NEW.tested_at / 3600000000, NEW.incoming_status = 'success',
          NEW.incoming_status = 'failure')
  ON CONFLICT (hour) DO UPDATE
     SET success = success + excluded.success, failure = failure + excluded.failure;
END;

CREATE TRIGGER mailboxes_outgoing_tested
AFTER UPDATE OF outgoing_status ON mailboxes
WHEN NEW.outgoing_status <> 'not-run' AND NEW.tested_at <> OLD.tested_at
BEGIN
  INSERT INTO test_hours (hour, success, failure)
  VALUES (NEW.tested_at / 3600000000, NEW.outgoing_status = 'success',
          NEW.outgoing_status = 'failure')
  ON CONFLICT (hour) DO UPDATE
     SET success = success + excluded.success, failure = failure + excluded.failure;
END;

-- The certificate that each server of a profile showed last.
CREATE TABLE certificates (
  profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  direction TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  not_after TEXT NOT NULL, -- ISO 8601 in UTC, as in the report
  PRIMARY KEY (profile_id, direction)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reports_inserted AFTER INSERT ON reports
BEGIN
  INSERT INTO certificates (profile_id, direction, host, port, not_after)
  SELECT m.profile_id, NEW.direction, json_extract (NEW.json, '$.host'),
         json_extract (NEW.json, '$.port'), json_extract (NEW.json, '$.certificate.not_after')
    FROM mailboxes AS m
   WHERE m.id = NEW.mailbox_id AND m.profile_id IS NOT NULL
     AND json_extract (NEW.json, '$.certificate.not_after') IS NOT NULL
  ON CONFLICT (profile_id, direction) DO UPDATE
     SET host = excluded.host, port = excluded.port, not_after = excluded.not_after
   WHERE not_after <> excluded.not_after OR host <> excluded.host OR port <> excluded.port;
END;

CREATE TRIGGER reports_updated AFTER UPDATE OF json ON reports
BEGIN
  INSERT INTO certificates (profile_id, direction, host, port, not_after)
  SELECT m.profile_id, NEW.direction, json_extract (NEW.json, '$.host'),
         json_extract (NEW.json, '$.port'), json_extract (NEW.json, '$.certificate.not_after')
    FROM mailboxes AS m
   WHERE m.id = NEW.mailbox_id AND m.profile_id IS NOT NULL
     AND json_extract (NEW.json, '$.certificate.not_after') IS NOT NULL
  ON CONFLICT (profile_id, direction) DO UPDATE
     SET host = excluded.host, port = excluded.port, not_after = excluded.not_after
   WHERE not_after <> excluded.not_after OR host <> excluded.host OR port <> excluded.port;
END;
