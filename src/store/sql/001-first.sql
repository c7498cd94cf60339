-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 1.
--
-- Times are microseconds since 1970 UTC, 0 for never. Words of enumerations are the nicks of
-- src/base/pr-types.h. Nothing secret is ever in this file: only whether a secret is set.

CREATE TABLE environment (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL CHECK (length (name) BETWEEN 1 AND 100),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE profiles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL CHECK (length (name) BETWEEN 1 AND 100),
  name_key TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  server_type TEXT NOT NULL CHECK (server_type IN ('gmail', 'pop3-smtp')),
  owner_name TEXT NOT NULL,
  owner_email TEXT NOT NULL,
  incoming_location TEXT NOT NULL CHECK (length (incoming_location) BETWEEN 1 AND 2084),
  outgoing_location TEXT NOT NULL CHECK (length (outgoing_location) BETWEEN 1 AND 2084),
  incoming_port INTEGER NOT NULL CHECK (incoming_port BETWEEN 1 AND 65535),
  outgoing_port INTEGER NOT NULL CHECK (outgoing_port BETWEEN 1 AND 65535),
  incoming_security TEXT NOT NULL CHECK (incoming_security IN ('ssl', 'starttls', 'none')),
  outgoing_security TEXT NOT NULL CHECK (outgoing_security IN ('ssl', 'starttls', 'none')),
  same_settings INTEGER NOT NULL CHECK (same_settings IN (0, 1)),
  incoming_authentication TEXT NOT NULL,
  outgoing_authentication TEXT NOT NULL,
  incoming_username TEXT NOT NULL,
  outgoing_username TEXT NOT NULL,
  incoming_password_set INTEGER NOT NULL DEFAULT 0 CHECK (incoming_password_set IN (0, 1)),
  outgoing_password_set INTEGER NOT NULL DEFAULT 0 CHECK (outgoing_password_set IN (0, 1)),
  oauth_client_id TEXT NOT NULL,
  oauth_secret_set INTEGER NOT NULL DEFAULT 0 CHECK (oauth_secret_set IN (0, 1)),
  incoming_mechanism TEXT NOT NULL,
  outgoing_mechanism TEXT NOT NULL,
  process_from INTEGER NOT NULL,
  polling_interval INTEGER NOT NULL CHECK (polling_interval BETWEEN 0 AND 1440),
  max_connections INTEGER NOT NULL CHECK (max_connections BETWEEN 1 AND 300),
  timeout INTEGER NOT NULL CHECK (timeout BETWEEN 1 AND 100),
  ca_certificate TEXT NOT NULL,
  incoming_pin TEXT NOT NULL,
  outgoing_pin TEXT NOT NULL,
  incoming_pin_reason TEXT NOT NULL,
  outgoing_pin_reason TEXT NOT NULL,
  incoming_pinned_at INTEGER NOT NULL DEFAULT 0,
  outgoing_pinned_at INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

-- One row. The default profile stands here, so that there is never more than one.
CREATE TABLE email_settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL DEFAULT 1,
  profile_id INTEGER REFERENCES profiles (id) ON DELETE SET NULL,
  incoming TEXT NOT NULL CHECK (incoming IN ('none', 'server-side', 'forward')),
  outgoing TEXT NOT NULL CHECK (outgoing IN ('none', 'server-side')),
  act TEXT NOT NULL CHECK (act IN ('none', 'server-side')),
  approved_users_only INTEGER NOT NULL CHECK (approved_users_only IN (0, 1)),
  approved_queues_only INTEGER NOT NULL CHECK (approved_queues_only IN (0, 1)),
  alert_errors INTEGER NOT NULL CHECK (alert_errors IN (0, 1)),
  alert_warnings INTEGER NOT NULL CHECK (alert_warnings IN (0, 1)),
  alert_information INTEGER NOT NULL CHECK (alert_information IN (0, 1)),
  notify_owner INTEGER NOT NULL CHECK (notify_owner IN (0, 1)),
  keep_alerts_days INTEGER NOT NULL CHECK (keep_alerts_days BETWEEN 1 AND 3650),
  allow_unencrypted INTEGER NOT NULL CHECK (allow_unencrypted IN (0, 1)),
  allow_insecure_credentials INTEGER NOT NULL CHECK (allow_insecure_credentials IN (0, 1)),
  min_tls TEXT NOT NULL CHECK (min_tls IN ('1.2', '1.3')),
  port_policy TEXT NOT NULL CHECK (port_policy IN ('any', 'list', 'us-government')),
  ports TEXT NOT NULL,
  retry_count INTEGER NOT NULL CHECK (retry_count BETWEEN 0 AND 100),
  retry_minutes INTEGER NOT NULL CHECK (retry_minutes BETWEEN 1 AND 1440),
  max_conversations INTEGER NOT NULL CHECK (max_conversations BETWEEN 1 AND 1000)
) STRICT;

CREATE TABLE mailboxes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  -- Grows with whatever makes an older test result worthless.
  serial INTEGER NOT NULL DEFAULT 1,
  name TEXT NOT NULL CHECK (length (name) BETWEEN 1 AND 200),
  kind TEXT NOT NULL CHECK (kind IN ('user', 'queue', 'forward')),
  address TEXT NOT NULL CHECK (length (address) BETWEEN 3 AND 254),
  address_key TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  profile_id INTEGER REFERENCES profiles (id) ON DELETE RESTRICT,
  incoming TEXT NOT NULL CHECK (incoming IN ('none', 'server-side', 'forward')),
  outgoing TEXT NOT NULL CHECK (outgoing IN ('none', 'server-side')),
  act TEXT NOT NULL CHECK (act = 'none'),
  allow_credentials INTEGER NOT NULL CHECK (allow_credentials IN (0, 1)),
  username TEXT NOT NULL,
  password_set INTEGER NOT NULL DEFAULT 0 CHECK (password_set IN (0, 1)),
  token_set INTEGER NOT NULL DEFAULT 0 CHECK (token_set IN (0, 1)),
  delete_after INTEGER NOT NULL CHECK (delete_after IN (0, 1)),
  approval TEXT NOT NULL DEFAULT 'pending'
    CHECK (approval IN ('empty', 'approved', 'pending', 'rejected')),
  incoming_status TEXT NOT NULL DEFAULT 'not-run'
    CHECK (incoming_status IN ('not-run', 'success', 'failure')),
  outgoing_status TEXT NOT NULL DEFAULT 'not-run'
    CHECK (outgoing_status IN ('not-run', 'success', 'failure')),
  act_status TEXT NOT NULL DEFAULT 'not-run'
    CHECK (act_status IN ('not-run', 'success', 'failure')),
  -- "queued" and "running" are never stored: they end with the process that tests.
  run_state TEXT NOT NULL DEFAULT 'idle' CHECK (run_state IN ('idle', 'retry', 'cancelled')),
  incoming_enabled INTEGER NOT NULL DEFAULT 0 CHECK (incoming_enabled IN (0, 1)),
  outgoing_enabled INTEGER NOT NULL DEFAULT 0 CHECK (outgoing_enabled IN (0, 1)),
  incoming_code TEXT NOT NULL DEFAULT '',
  outgoing_code TEXT NOT NULL DEFAULT '',
  incoming_retry INTEGER NOT NULL DEFAULT 0,
  outgoing_retry INTEGER NOT NULL DEFAULT 0,
  incoming_retry_at INTEGER NOT NULL DEFAULT 0,
  outgoing_retry_at INTEGER NOT NULL DEFAULT 0,
  tested_at INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  CHECK (kind <> 'forward' OR outgoing = 'none'),
  CHECK (kind <> 'user' OR delete_after = 0)
) STRICT;

CREATE INDEX mailboxes_by_profile ON mailboxes (profile_id);
CREATE INDEX mailboxes_by_name ON mailboxes (name COLLATE NOCASE);
CREATE INDEX mailboxes_by_retry ON mailboxes (incoming_retry_at, outgoing_retry_at)
  WHERE incoming_retry_at <> 0 OR outgoing_retry_at <> 0;

-- What was tested is no longer what is set: rules of the table, whoever writes.
CREATE TRIGGER mailboxes_address_changed
AFTER UPDATE OF address ON mailboxes WHEN OLD.address_key <> NEW.address_key
BEGIN
  UPDATE mailboxes
     SET approval = 'pending',
         username = CASE WHEN NEW.username = OLD.address THEN NEW.address ELSE NEW.username END
   WHERE id = NEW.id;
END;

CREATE TRIGGER mailboxes_incoming_changed
AFTER UPDATE OF address, profile_id, username, kind, incoming ON mailboxes
WHEN OLD.address_key <> NEW.address_key OR OLD.profile_id IS NOT NEW.profile_id
  OR OLD.username <> NEW.username OR OLD.kind <> NEW.kind OR OLD.incoming <> NEW.incoming
BEGIN
  UPDATE mailboxes
     SET serial = serial + 1, run_state = 'idle', incoming_status = 'not-run',
         incoming_enabled = 0, incoming_code = '', incoming_retry = 0, incoming_retry_at = 0
   WHERE id = NEW.id;
END;

CREATE TRIGGER mailboxes_outgoing_changed
AFTER UPDATE OF address, profile_id, username, kind, outgoing ON mailboxes
WHEN OLD.address_key <> NEW.address_key OR OLD.profile_id IS NOT NEW.profile_id
  OR OLD.username <> NEW.username OR OLD.kind <> NEW.kind OR OLD.outgoing <> NEW.outgoing
BEGIN
  UPDATE mailboxes
     SET serial = serial + 1, run_state = 'idle', outgoing_status = 'not-run',
         outgoing_enabled = 0, outgoing_code = '', outgoing_retry = 0, outgoing_retry_at = 0
   WHERE id = NEW.id;
END;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'information')),
  code TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('', 'incoming', 'outgoing')),
  mailbox_id INTEGER REFERENCES mailboxes (id) ON DELETE CASCADE,
  profile_id INTEGER REFERENCES profiles (id) ON DELETE CASCADE,
  for_owner TEXT NOT NULL,
  facts TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'dismissed')),
  unread INTEGER NOT NULL DEFAULT 1 CHECK (unread IN (0, 1)),
  count INTEGER NOT NULL DEFAULT 1 CHECK (count >= 1),
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  closed_at INTEGER NOT NULL DEFAULT 0,
  CHECK (mailbox_id IS NOT NULL OR profile_id IS NOT NULL)
) STRICT;

-- One fault, one alert.
CREATE UNIQUE INDEX alerts_open
  ON alerts (ifnull (mailbox_id, 0), ifnull (profile_id, 0), direction, code)
  WHERE state = 'open';
CREATE INDEX alerts_by_mailbox ON alerts (mailbox_id);
CREATE INDEX alerts_by_profile ON alerts (profile_id);
CREATE INDEX alerts_by_time ON alerts (last_seen);

-- The last report of each direction of each mailbox.
CREATE TABLE reports (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  direction TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
  finished_at INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, direction)
) STRICT, WITHOUT ROWID;
