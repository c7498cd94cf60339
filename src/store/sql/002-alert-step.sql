-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 2.
--
-- Where in a test an alert's failure stood: a later test that gets past that step disproves it.
-- "" for what no test disproves by itself.

ALTER TABLE alerts ADD COLUMN step TEXT NOT NULL DEFAULT '';
UPDATE alerts SET step = 'precheck' WHERE severity = 'error';
