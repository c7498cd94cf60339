-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Schema version 10.
--
-- The results by the hour and the certificates of step 5 are written by whoever stores results
-- (pr-store-results.c), who knows what is in them and has many at a time: these triggers read each
-- report as JSON again, and counted each result by itself.
DROP TRIGGER mailboxes_incoming_tested;
DROP TRIGGER mailboxes_outgoing_tested;
DROP TRIGGER reports_inserted;
DROP TRIGGER reports_updated;
