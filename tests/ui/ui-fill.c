/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An environment with as many mailboxes as a test wants: some approved, some tested, some that
 * failed, of two profiles. */

#include "ui-fill.h"

#include "ui-threads.h"

#include "pr-report-json.h"

#include <sqlite3.h>

static const char profiles_sql[] =
    "INSERT OR IGNORE INTO profiles (name, name_key, description, server_type, owner_name,"
    " owner_email, incoming_location, outgoing_location, incoming_port, outgoing_port,"
    " incoming_security, outgoing_security, same_settings, incoming_authentication,"
    " outgoing_authentication, incoming_username, outgoing_username, oauth_client_id,"
    " incoming_mechanism, outgoing_mechanism, process_from, polling_interval, max_connections,"
    " timeout, ca_certificate, incoming_pin, outgoing_pin, incoming_pin_reason,"
    " outgoing_pin_reason, active)"
    " SELECT value, lower (value), '', 'pop3-smtp', 'Ada Admin', 'ada@example.org',"
    " 'mail.example.org', 'mail.example.org', 995, 465, 'ssl', 'ssl', 1, 'user-or-queue',"
    " 'user-or-queue', '', '', '', 'auto', 'auto', 0, 5, 10, 30, '', '', '', '', '', 1"
    " FROM json_each ('[\"Example mail\", \"Branch office\"]');";

static const char mailboxes_sql[] =
    "WITH RECURSIVE i (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < %u)"
    " INSERT INTO mailboxes (name, kind, address, address_key, owner, profile_id, incoming,"
    " outgoing, act, allow_credentials, username, delete_after, approval, active)"
    " SELECT json_extract ('[\"Support\",\"Sales\",\"Anna Arnold\",\"Bruno Berg\",\"Chloé Caron\","
    "\"Žofie Dvořák\",\"Invoices\"]', '$[' || (v %% 7) || ']') || ' ' || v,"
    " CASE v %% 7 WHEN 0 THEN 'queue' WHEN 1 THEN 'queue' ELSE 'user' END,"
    " 'box' || v || '@example.org', 'box' || v || '@example.org', 'Ada Admin', 1 + v %% 2,"
    " 'server-side', 'server-side', 'none', 1, 'box' || v || '@example.org', 0,"
    " CASE v %% 4 WHEN 0 THEN 'pending' ELSE 'approved' END, v %% 10 <> 0 FROM i;"
    "UPDATE mailboxes SET incoming_status = 'success', outgoing_status = 'success',"
    " incoming_enabled = 1, outgoing_enabled = 1, tested_at = 1700000000000000 + id * 60000000"
    " WHERE id %% 3 = 1;"
    "UPDATE mailboxes SET incoming_status = 'failure', outgoing_status = 'success',"
    " outgoing_enabled = 1, incoming_code = 'authentication-rejected',"
    " tested_at = 1700000000000000 + id * 60000000 WHERE id %% 9 = 2;";

void
ui_run_sql (PrEnvironment *environment, const char *data_dir, const char *sql)
{
  g_autofree char *path = g_build_filename (
      data_dir, "environments", pr_environment_get_id (environment), "postroom.db", NULL);
  sqlite3 *handle = NULL;
  char *message = NULL;

  ui_threads_allow (TRUE);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_busy_timeout (handle, 10000);
  sqlite3_exec (handle, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  ui_threads_allow (FALSE);
}

void
ui_fill_mailboxes (PrEnvironment *environment, const char *data_dir, guint n)
{
  g_autofree char *sql = g_strdup_printf (mailboxes_sql, n);

  ui_run_sql (environment, data_dir, profiles_sql);
  ui_run_sql (environment, data_dir, sql);
}

static PrReport *
make_report (PrCode code, gint64 mailbox_id)
{
  PrReport *report = pr_report_new ();

  report->environment = g_strdup ("Default");
  report->profile = g_strdup ("Example mail");
  report->mailbox = g_strdup_printf ("box%" G_GINT64_FORMAT "@example.org", MAX (mailbox_id, 1));
  report->protocol = PR_PROTOCOL_POP3;
  report->host = g_strdup ("mail.example.org");
  report->port = 995;
  report->outcome = code == PR_CODE_OK ? PR_OUTCOME_SUCCESS : PR_OUTCOME_FAILURE;
  report->code = code;
  report->permanence = pr_code_get_permanence (code);
  report->scope = pr_code_get_scope (code);
  report->server_reply = g_strdup ("-ERR [AUTH] Authentication failed.");
  report->started_at = g_get_real_time ();
  report->elapsed_us = 812400;
  pr_report_add_step (report, PR_STEP_RESOLVE, PR_OUTCOME_SUCCESS)->elapsed_us = 3100;
  pr_report_add_step (report, PR_STEP_CONNECT, PR_OUTCOME_SUCCESS)->elapsed_us = 12000;
  pr_report_add_step (report, PR_STEP_AUTHENTICATE, report->outcome)->elapsed_us = 210000;
  pr_report_add_line (report, 12000, TRUE, g_strdup ("+OK ready"));
  pr_report_add_line (report, 13000, FALSE, g_strdup ("AUTH PLAIN [hidden]"));
  return report;
}

static char *
quote (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "'", -1);
  g_autofree char *joined = g_strjoinv ("''", parts);

  return g_strdup_printf ("'%s'", joined);
}

/* An open alert about the incoming direction, and the report that it was raised for. */
void
ui_fill_alert (PrEnvironment *environment,
               const char *data_dir,
               PrCode code,
               PrSeverity severity,
               gint64 mailbox_id,
               gint64 profile_id)
{
  g_autoptr (PrReport) report = make_report (code, mailbox_id);
  g_autofree char *facts = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);
  g_autofree char *json = pr_report_to_json_text (report, PR_REPORT_JSON_TRANSCRIPT);
  g_autofree char *facts_sql = quote (facts);
  g_autofree char *json_sql = quote (json);
  g_autofree char *mailbox =
      mailbox_id != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, mailbox_id) : g_strdup ("NULL");
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO alerts (severity, code, direction, step, mailbox_id, profile_id, for_owner,"
      " facts, first_seen, last_seen) VALUES ('%s', '%s', 'incoming', '', %s, %" G_GINT64_FORMAT
      ", 'Ada Admin', %s, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ");"
      "INSERT OR REPLACE INTO reports (mailbox_id, direction, finished_at, json)"
      " SELECT id, 'incoming', 1, %s FROM mailboxes WHERE id = %s",
      pr_enum_to_nick (PR_TYPE_SEVERITY, (int) severity), pr_code_to_word (code), mailbox,
      profile_id, facts_sql, g_get_real_time (), g_get_real_time (), json_sql, mailbox);

  ui_run_sql (environment, data_dir, sql);
}
