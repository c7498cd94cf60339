-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 3: which sign-in service a profile uses, for those that are not well known.

ALTER TABLE profiles ADD COLUMN oauth_provider TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN oauth_tenant TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN oauth_issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN oauth_authorization_url TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN oauth_token_url TEXT NOT NULL DEFAULT '';
ALTER TABLE profiles ADD COLUMN oauth_scope TEXT NOT NULL DEFAULT '';
