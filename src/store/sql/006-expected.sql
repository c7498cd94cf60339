-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 6.
--
-- What is expected of a server although the last test did without: a warning about its loss stays
-- until it is there again.

ALTER TABLE facts ADD COLUMN expected_mechanism TEXT NOT NULL DEFAULT '';
ALTER TABLE facts ADD COLUMN expected_tls TEXT NOT NULL DEFAULT '';
UPDATE facts SET expected_mechanism = mechanism, expected_tls = tls_version;
