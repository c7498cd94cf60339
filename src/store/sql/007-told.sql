-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 7.
--
-- An alert says who was told: the owner of the mailbox, that of the server profile, and (where the
-- email settings want it) the owners of the mailboxes that the profile's fault hits.

ALTER TABLE alerts ADD COLUMN also_owner TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN tells_mailboxes INTEGER NOT NULL DEFAULT 0
  CHECK (tells_mailboxes IN (0, 1));
UPDATE alerts
   SET also_owner = ifnull ((SELECT owner_name FROM profiles WHERE id = alerts.profile_id), '')
 WHERE mailbox_id IS NOT NULL AND severity <> 'information';

-- What was tested is no longer what is set, for every mailbox of a profile: tests that run are out
-- of date. With "same settings" the outgoing side logs in as the incoming one.
CREATE TRIGGER profiles_incoming_changed
AFTER UPDATE ON profiles
WHEN (OLD.incoming_location, OLD.incoming_port, OLD.incoming_security, OLD.incoming_authentication,
      OLD.incoming_username, OLD.incoming_mechanism, OLD.ca_certificate, OLD.incoming_pin,
      OLD.oauth_client_id, OLD.oauth_provider, OLD.oauth_tenant, OLD.oauth_issuer,
      OLD.oauth_authorization_url, OLD.oauth_token_url, OLD.oauth_scope)
  IS NOT
     (NEW.incoming_location, NEW.incoming_port, NEW.incoming_security, NEW.incoming_authentication,
      NEW.incoming_username, NEW.incoming_mechanism, NEW.ca_certificate, NEW.incoming_pin,
      NEW.oauth_client_id, NEW.oauth_provider, NEW.oauth_tenant, NEW.oauth_issuer,
      NEW.oauth_authorization_url, NEW.oauth_token_url, NEW.oauth_scope)
BEGIN
  UPDATE mailboxes
     SET serial = serial + 1, incoming_status = 'not-run', incoming_enabled = 0,
         incoming_code = '', incoming_retry = 0, incoming_retry_at = 0,
         run_state = CASE WHEN outgoing_retry_at <> 0 THEN 'retry' ELSE 'idle' END
   WHERE profile_id = NEW.id;
END;

CREATE TRIGGER profiles_outgoing_changed
AFTER UPDATE ON profiles
WHEN (OLD.outgoing_location, OLD.outgoing_port, OLD.outgoing_security, OLD.outgoing_mechanism,
      iif (OLD.same_settings, OLD.incoming_authentication, OLD.outgoing_authentication),
      iif (OLD.same_settings, OLD.incoming_username, OLD.outgoing_username),
      OLD.ca_certificate, OLD.outgoing_pin,
      OLD.oauth_client_id, OLD.oauth_provider, OLD.oauth_tenant, OLD.oauth_issuer,
      OLD.oauth_authorization_url, OLD.oauth_token_url, OLD.oauth_scope)
  IS NOT
     (NEW.outgoing_location, NEW.outgoing_port, NEW.outgoing_security, NEW.outgoing_mechanism,
      iif (NEW.same_settings, NEW.incoming_authentication, NEW.outgoing_authentication),
      iif (NEW.same_settings, NEW.incoming_username, NEW.outgoing_username),
      NEW.ca_certificate, NEW.outgoing_pin,
      NEW.oauth_client_id, NEW.oauth_provider, NEW.oauth_tenant, NEW.oauth_issuer,
      NEW.oauth_authorization_url, NEW.oauth_token_url, NEW.oauth_scope)
BEGIN
  UPDATE mailboxes
     SET serial = serial + 1, outgoing_status = 'not-run', outgoing_enabled = 0,
         outgoing_code = '', outgoing_retry = 0, outgoing_retry_at = 0,
         run_state = CASE WHEN incoming_retry_at <> 0 THEN 'retry' ELSE 'idle' END
   WHERE profile_id = NEW.id;
END;
