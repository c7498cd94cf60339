-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 9.
--
-- The same as step 8 for the secrets of server profiles: their passwords, the client secret or the
-- key of a service account.
CREATE TABLE unsettled_profiles (
  profile_id INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TRIGGER profiles_deleted_unsettled
AFTER DELETE ON profiles
WHEN OLD.incoming_password_set OR OLD.outgoing_password_set OR OLD.oauth_secret_set
BEGIN
  INSERT OR IGNORE INTO unsettled_profiles (profile_id) VALUES (OLD.id);
END;
