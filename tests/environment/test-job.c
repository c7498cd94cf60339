/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable with servers that say exactly what a script says: what is stored of a success and
 * of each kind of failure, what is not touched, and that nothing is sent where nothing may be. */

#include "env-fixture.h"

#include "pr-report-json.h"
#include "pr-script-server.h"
#include "pr-test-authority.h"

#include <string.h>

#define ADDRESS PR_SCRIPT_USER
#define PASSWORD PR_SCRIPT_PASSWORD

static const char pop3_good[] = "protocol: pop3\nsecurity: ssl\ncites: P14\nexpect: ok\n---\n"
                                "tls good\n"
                                "S: +OK ready\n"
                                "C: CAPA\n"
                                "S: +OK|SASL PLAIN|.\n"
                                "C: AUTH PLAIN {plain}\n"
                                "S: +OK\n"
                                "C: STAT\n"
                                "S: +OK 3 4711\n"
                                "C: QUIT\n"
                                "S: +OK bye\n";
static const char pop3_refused[] = "protocol: pop3\nsecurity: ssl\ncites: P14\n"
                                   "expect: authentication-rejected at authenticate\n---\n"
                                   "tls good\n"
                                   "S: +OK ready\n"
                                   "C: CAPA\n"
                                   "S: +OK|SASL PLAIN|.\n"
                                   "C: AUTH PLAIN {plain}\n"
                                   "S: -ERR [AUTH] no such user or wrong password\n"
                                   "C: QUIT\n"
                                   "S: +OK bye\n";
static const char pop3_busy[] = "protocol: pop3\nsecurity: ssl\ncites: P14\n"
                                "expect: mailbox-in-use at authenticate\n---\n"
                                "tls good\n"
                                "S: +OK ready\n"
                                "C: CAPA\n"
                                "S: +OK|SASL PLAIN|RESP-CODES|.\n"
                                "C: AUTH PLAIN {plain}\n"
                                "S: -ERR [IN-USE] somebody has it\n"
                                "C: QUIT\n"
                                "S: +OK bye\n";
static const char pop3_silent[] = "protocol: pop3\nsecurity: ssl\ncites: P14\nexpect: ok\n---\n"
                                  "tls good\n"
                                  "hang\n";
static const char pop3_capabilities[] =
    "protocol: pop3\nsecurity: ssl\ncites: P14\nexpect: ok\n---\n"
    "tls good\n"
    "S: +OK ready\n"
    "C: CAPA\n"
    "S: +OK|SASL PLAIN|.\n"
    "C: QUIT\n"
    "S: +OK bye\n";
static const char smtp_good[] = "protocol: smtp\nsecurity: ssl\ncites: S02\nsubmit: message\n"
                                "expect: ok\n---\n"
                                "tls good\n"
                                "S: 220 practice ESMTP\n"
                                "C: EHLO [127.0.0.1]\n"
                                "S: 250-practice|250 AUTH PLAIN\n"
                                "C: AUTH PLAIN {plain}\n"
                                "S: 235 ok\n"
                                "C: MAIL FROM:<{address}>\n"
                                "S: 250 ok\n"
                                "C: RCPT TO:<{address}>\n"
                                "S: 250 ok\n"
                                "C: DATA\n"
                                "S: 354 go on\n"
                                "M\n"
                                "S: 250 taken\n"
                                "C: QUIT\n"
                                "S: 221 bye\n";
static const char smtp_capabilities[] =
    "protocol: smtp\nsecurity: ssl\ncites: S02\nexpect: ok\n---\n"
    "tls good\n"
    "S: 220 practice ESMTP\n"
    "C: EHLO [127.0.0.1]\n"
    "S: 250-practice|250 AUTH PLAIN\n"
    "C: QUIT\n"
    "S: 221 bye\n";

/* --- An environment with a mailbox on scripted servers ---------------------------------------- */

typedef struct
{
  PrEnvFixture env;
  PrScript *scripts[PR_N_DIRECTIONS];
  PrScriptServer *servers[PR_N_DIRECTIONS]; /* nullable */
  PrServerProfile *profile;
  PrMailbox *mailbox;

  GString *seen; /* what the job told */
  PrTestSummary summary;
  GPtrArray *reports;
} Fixture;

static void
start_server (Fixture *self, PrDirection direction, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;

  if (text == NULL)
    return;
  self->scripts[direction] = pr_script_new_from_text (text, "inline", &error);
  g_assert_no_error (error);
  self->servers[direction] = pr_script_server_new (self->scripts[direction], &error);
  g_assert_no_error (error);
  g_assert_true (pr_script_server_start (self->servers[direction], &error));
  port = g_strdup_printf ("%u", pr_script_server_get_port (self->servers[direction]));
  env_set (self->profile, direction == PR_DIRECTION_INCOMING ? "incoming-port" : "outgoing-port",
           port);
}

/* @incoming, @outgoing: (nullable): scripts; without one nothing listens. */
static void
fixture_init (Fixture *self, const char *incoming, const char *outgoing)
{
  g_autoptr (GError) error = NULL;

  *self = (Fixture){ .seen = NULL };
  self->seen = g_string_new (NULL);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  env_fixture_init (&self->env);
  self->profile = env_new_profile ("Scripted");
  env_set (self->profile, "incoming-location", "localhost");
  env_set (self->profile, "outgoing-location", "localhost");
  env_set (self->profile, "incoming-port", "1");
  env_set (self->profile, "outgoing-port", "1");
  env_set (self->profile, "timeout", "5");
  env_set (self->profile, "owner-name", "Olivia");
  env_set (self->profile, "is-default", "yes");
  env_set (self->profile, "ca-certificate",
           pr_test_authority_get_ca_pem (pr_test_authority_get_default ()));
  start_server (self, PR_DIRECTION_INCOMING, incoming);
  start_server (self, PR_DIRECTION_OUTGOING, outgoing);
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
  self->mailbox =
      env_add_mailbox (&self->env, ADDRESS, "owner", "Paula", "allow-credentials", "yes", NULL);
  env_set_mailbox_password (&self->env, self->mailbox, PASSWORD, &error);
  g_assert_no_error (error);
  env_command (&self->env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE, &(guint){ 0 },
               &error);
  g_assert_no_error (error);
}

/* The servers were told exactly what their scripts say, and not a byte more. */
static void
check_servers (Fixture *self)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_autoptr (GError) error = NULL;

      if (self->servers[direction] == NULL)
        continue;
      pr_script_server_finish (self->servers[direction], &error);
      g_assert_no_error (error);
    }
}

static void
fixture_clear (Fixture *self)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      if (self->servers[direction] != NULL)
        pr_script_server_stop (self->servers[direction]);
      g_clear_pointer (&self->servers[direction], pr_script_server_free);
      g_clear_pointer (&self->scripts[direction], pr_script_free);
    }
  g_object_unref (self->profile);
  g_object_unref (self->mailbox);
  g_string_free (self->seen, TRUE);
  g_ptr_array_unref (self->reports);
  env_fixture_clear (&self->env);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
on_started (PrEnvironment *environment, guint n_tests, gpointer user_data)
{
  Fixture *self = user_data;

  g_string_append_printf (self->seen, "started:%u ", n_tests);
}

static void
on_progress (PrEnvironment *environment,
             gint64 mailbox_id,
             PrDirection direction,
             PrStep step,
             gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpint (mailbox_id, ==, pr_record_get_id (PR_RECORD (self->mailbox)));
  g_string_append_printf (self->seen, "%s/%s ", direction == PR_DIRECTION_INCOMING ? "in" : "out",
                          pr_enum_to_nick (PR_TYPE_STEP, (int) step));
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpint (mailbox_id, ==, pr_record_get_id (PR_RECORD (self->mailbox)));
  g_ptr_array_add (self->reports, pr_report_ref (report));
}

static void
run (Fixture *self, const PrTestOptions *options, GCancellable *cancellable)
{
  const PrTestEvents events = {
    .started = on_started,
    .progress = on_progress,
    .report = on_report,
  };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_environment_test_async (self->env.environment, all,
                             options != NULL ? options : &pr_test_options_default, &events, self,
                             cancellable, env_ready, &wait);
  pr_environment_test_finish (self->env.environment, env_wait (&wait), &self->summary, &error);
  g_assert_no_error (error);
}

/* "code" of each direction's report, "-" for none. */
static void
assert_codes (Fixture *self, const char *incoming, const char *outgoing)
{
  const char *codes[PR_N_DIRECTIONS] = { "-", "-" };

  for (guint i = 0; i < self->reports->len; i++)
    {
      const PrReport *report = g_ptr_array_index (self->reports, i);

      g_assert_cmpstr (codes[report->direction], ==, "-");
      codes[report->direction] =
          report->outcome == PR_OUTCOME_SKIPPED ? "skipped" : pr_code_to_word (report->code);
    }
  g_assert_cmpstr (codes[PR_DIRECTION_INCOMING], ==, incoming);
  g_assert_cmpstr (codes[PR_DIRECTION_OUTGOING], ==, outgoing);
}

/* What the row says of a direction: "status enabled code". */
static void
assert_row (Fixture *self, PrDirection direction, const char *expected)
{
  g_autoptr (PrMailbox) mailbox = env_find_mailbox (&self->env, ADDRESS);
  g_autofree char *found = g_strdup_printf (
      "%s %d %s",
      pr_enum_to_nick (PR_TYPE_TEST_STATUS, (int) pr_mailbox_get_status (mailbox, direction)),
      pr_mailbox_is_enabled (mailbox, direction), pr_mailbox_get_code (mailbox, direction));

  g_assert_cmpstr (found, ==, expected);
}

/* "severity code owner" of each alert that is open, the newest first. */
static void
assert_alerts (Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) alerts = env_list_alerts (&self->env, NULL);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < alerts->len; i++)
    {
      PrAlert *alert = g_ptr_array_index (alerts, i);

      g_string_append_printf (
          found, "%s%s %s %s", i > 0 ? ", " : "",
          pr_enum_to_nick (PR_TYPE_SEVERITY, (int) pr_alert_get (alert, SEVERITY)),
          pr_alert_get_text (alert, CODE), pr_alert_get_text (alert, FOR_OWNER));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static PrReport *
load_report (Fixture *self, PrDirection direction)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrReport *report;

  pr_environment_load_report_async (self->env.environment,
                                    pr_record_get_id (PR_RECORD (self->mailbox)), direction, NULL,
                                    env_ready, &wait);
  report = pr_environment_load_report_finish (self->env.environment, env_wait (&wait), &error);
  g_assert_no_error (error);
  return report;
}

/* --- Tests ------------------------------------------------------------------------------------ */

static void
test_success (void)
{
  g_auto (Fixture) self;
  gint64 before = g_get_real_time ();
  g_autoptr (PrMailbox) mailbox = NULL;

  fixture_init (&self, pop3_good, smtp_good);
  run (&self, NULL, NULL);
  check_servers (&self);
  assert_codes (&self, "ok", "ok");
  g_assert_cmpuint (self.summary.n_success, ==, 2);
  g_assert_cmpuint (self.summary.n_failure, ==, 0);
  assert_row (&self, PR_DIRECTION_INCOMING, "success 1 ");
  assert_row (&self, PR_DIRECTION_OUTGOING, "success 1 ");
  assert_alerts (&self, "information ok Paula");
  mailbox = env_find_mailbox (&self.env, ADDRESS);
  g_assert_cmpint (pr_mailbox_get (mailbox, TESTED_AT), >=, before);
  g_assert_cmpint (pr_mailbox_get (mailbox, RUN_STATE), ==, PR_RUN_STATE_IDLE);

  /* It was told while it ran, step by step. */
  g_assert_true (g_str_has_prefix (self.seen->str, "started:2 "));
  g_assert_nonnull (strstr (self.seen->str, "in/authenticate "));
  g_assert_nonnull (strstr (self.seen->str, "in/mailbox "));
  g_assert_nonnull (strstr (self.seen->str, "out/submit "));
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_autoptr (PrReport) report = load_report (&self, direction);
      const PrReport *told;
      g_autofree char *text = NULL;

      g_assert_cmpint (report->code, ==, PR_CODE_OK);
      g_assert_cmpstr (report->mailbox, ==, ADDRESS);
      g_assert_cmpstr (report->profile, ==, "Scripted");
      g_assert_cmpstr (report->environment, ==, "Default");
      g_assert_cmpstr (report->mechanism, ==, "PLAIN");
      g_assert_cmpuint (report->transcript->len, ==, 0); /* that of a success is not kept */
      told = g_ptr_array_index (self.reports, direction);
      g_assert_cmpuint (told->transcript->len, >, 4);
      text = pr_report_to_json_text (told, PR_REPORT_JSON_TRANSCRIPT);
      g_assert_null (strstr (text, PASSWORD));
      g_assert_null (strstr (text, "c4nary"));
      if (direction == PR_DIRECTION_INCOMING)
        g_assert_cmpuint (report->n_messages, ==, 3);
    }
}

/* A permanent failure disables at once, is told to the mailbox's owner, and is not tried again;
 * the other direction has its own fate. */
static void
test_refused_password (void)
{
  g_auto (Fixture) self;
  g_autoptr (PrReport) report = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *text = NULL;

  fixture_init (&self, pop3_refused, smtp_good);
  run (&self, NULL, NULL);
  check_servers (&self);
  assert_codes (&self, "authentication-rejected", "ok");
  assert_row (&self, PR_DIRECTION_INCOMING, "failure 0 authentication-rejected");
  assert_row (&self, PR_DIRECTION_OUTGOING, "success 1 ");
  assert_alerts (&self, "error authentication-rejected Paula");
  mailbox = env_find_mailbox (&self.env, ADDRESS);
  g_assert_cmpint (pr_mailbox_get_retry_at (mailbox, PR_DIRECTION_INCOMING), ==, 0);
  report = load_report (&self, PR_DIRECTION_INCOMING);
  g_assert_cmpstr (report->server_reply, ==, "-ERR [AUTH] no such user or wrong password");
  g_assert_cmpuint (report->transcript->len, >, 4); /* that of a failure is */
  text = pr_report_to_json_text (report, PR_REPORT_JSON_TRANSCRIPT);
  g_assert_null (strstr (text, "c4nary"));
}

/* A transient one is tried again in five minutes; what was enabled stays so. */
static void
test_transient (void)
{
  g_auto (Fixture) self;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *path = NULL;
  gint64 before, at;

  fixture_init (&self, pop3_busy, NULL);
  path = g_build_filename (pr_environment_get_folder (self.env.environment), "postroom.db", NULL);
  env_run_sql (path, "UPDATE mailboxes SET incoming_enabled = 1, incoming_status = 'success'");
  before = g_get_real_time ();
  run (&self, &(PrTestOptions){ .incoming = TRUE }, NULL);
  check_servers (&self);
  assert_codes (&self, "mailbox-in-use", "-");
  assert_row (&self, PR_DIRECTION_INCOMING, "failure 1 mailbox-in-use");
  assert_row (&self, PR_DIRECTION_OUTGOING, "not-run 0 ");
  mailbox = env_find_mailbox (&self.env, ADDRESS);
  at = pr_mailbox_get_retry_at (mailbox, PR_DIRECTION_INCOMING);
  g_assert_cmpint (at, >=, before + 5 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (at, <=, g_get_real_time () + 5 * G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (pr_mailbox_get_retry (mailbox, PR_DIRECTION_INCOMING), ==, 1);
  g_assert_cmpint (pr_mailbox_get (mailbox, RUN_STATE), ==, PR_RUN_STATE_RETRY);
}

/* A success takes back the failure before it, with its alert. */
static void
test_mended (void)
{
  g_auto (Fixture) self;
  static const PrAlertFilter history = { .severity = -1, .history = TRUE };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrServerProfile) profile = NULL;

  fixture_init (&self, pop3_refused, smtp_good);
  run (&self, NULL, NULL);
  check_servers (&self);
  assert_alerts (&self, "error authentication-rejected Paula");
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_clear_pointer (&self.servers[direction], pr_script_server_free);
      g_clear_pointer (&self.scripts[direction], pr_script_free);
    }
  g_ptr_array_set_size (self.reports, 0);
  profile = self.profile;
  self.profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  start_server (&self, PR_DIRECTION_INCOMING, pop3_good);
  start_server (&self, PR_DIRECTION_OUTGOING, smtp_good);
  env_save_profile (&self.env, self.profile, &error);
  g_assert_no_error (error);
  run (&self, NULL, NULL);
  check_servers (&self);
  assert_codes (&self, "ok", "ok");
  assert_row (&self, PR_DIRECTION_INCOMING, "success 1 ");
  assert_alerts (&self, "information ok Paula");
  all = env_list_alerts (&self.env, &history);
  g_assert_cmpuint (all->len, ==, 2);
}

/* --- Without a packet ------------------------------------------------------------------------- */

/* Each reason by its code, with an alert and no connection: nothing listens on port 1. */
static void
test_prechecks (void)
{
  static const struct
  {
    const char *sql, *code;
    const char *severity_and_owner;
  } rows[] = {
    { "UPDATE mailboxes SET active = 0", "mailbox-inactive", "Paula" },
    { "UPDATE mailboxes SET profile_id = NULL", "mailbox-no-profile", "Paula" },
    { "UPDATE mailboxes SET approval = 'pending'", "address-not-approved", "Paula" },
    { "UPDATE mailboxes SET allow_credentials = 0", "credentials-not-allowed", "Paula" },
    { "UPDATE mailboxes SET password_set = 0", "credentials-missing", "Paula" },
    { "UPDATE profiles SET active = 0", "profile-inactive", "Olivia" },
    { "UPDATE email_settings SET port_policy = 'us-government'", "policy-port", "Olivia" },
    { "UPDATE profiles SET incoming_security = 'none', outgoing_security = 'none'",
      "policy-encryption", "Olivia" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) self;
      g_autoptr (GPtrArray) alerts = NULL;
      g_autofree char *path = NULL;

      fixture_init (&self, NULL, NULL);
      path =
          g_build_filename (pr_environment_get_folder (self.env.environment), "postroom.db", NULL);
      env_run_sql (path, rows[i].sql);
      run (&self, NULL, NULL);
      assert_codes (&self, rows[i].code, rows[i].code);
      g_assert_cmpuint (self.summary.n_failure, ==, 2);
      alerts = env_list_alerts (&self.env, NULL);
      g_assert_cmpuint (alerts->len, >=, 1);
      for (guint a = 0; a < alerts->len; a++)
        {
          g_assert_cmpstr (pr_alert_get_text (g_ptr_array_index (alerts, a), CODE), ==,
                           rows[i].code);
          g_assert_cmpstr (pr_alert_get_text (g_ptr_array_index (alerts, a), FOR_OWNER), ==,
                           rows[i].severity_and_owner);
        }
    }
}

static void
test_keyring (void)
{
  static const struct
  {
    int failure;
    const char *code;
    gboolean again;
  } rows[] = {
    { PR_ERROR_KEYRING_LOCKED, "keyring-locked", TRUE },
    { PR_ERROR_KEYRING_UNAVAILABLE, "keyring-unavailable", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Fixture) self;
      g_autoptr (PrMailbox) mailbox = NULL;

      fixture_init (&self, NULL, NULL);
      pr_memory_keyring_set_failure (self.env.keyring, rows[i].failure);
      run (&self, NULL, NULL);
      assert_codes (&self, rows[i].code, rows[i].code);
      mailbox = env_find_mailbox (&self.env, ADDRESS);
      g_assert_cmpint (pr_mailbox_get_retry_at (mailbox, PR_DIRECTION_INCOMING) != 0, ==,
                       rows[i].again);
    }
}

/* The flag says that there is a password, and the keyring has none. */
static void
test_lost_password (void)
{
  g_auto (Fixture) self;
  PrKeyring *empty;

  fixture_init (&self, NULL, NULL);
  env_fixture_close (&self.env);
  empty = pr_memory_keyring_new ();
  g_set_object (&self.env.keyring, empty);
  g_object_unref (empty);
  env_fixture_open (&self.env);
  run (&self, NULL, NULL);
  assert_codes (&self, "credentials-missing", "credentials-missing");
}

static void
test_skipped (void)
{
  g_auto (Fixture) self;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self, pop3_good, NULL);
  mailbox = env_find_mailbox (&self.env, ADDRESS);
  env_set (mailbox, "outgoing", "none");
  g_assert_true (env_save_mailbox (&self.env, mailbox, &error));
  run (&self, NULL, NULL);
  check_servers (&self);
  assert_codes (&self, "ok", "skipped");
  g_assert_cmpuint (self.summary.n_skipped, ==, 1);
  assert_row (&self, PR_DIRECTION_OUTGOING, "not-run 0 ");
  assert_alerts (&self, "information ok Paula");
}

/* --- In the middle ---------------------------------------------------------------------------- */

static gboolean
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* Within a second, and the mailbox is as it was. */
static void
test_cancelled (void)
{
  g_auto (Fixture) self;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrReport) report = NULL;
  gint64 begin;

  fixture_init (&self, pop3_silent, NULL);
  g_timeout_add (300, cancel, cancellable);
  begin = g_get_monotonic_time ();
  run (&self, &(PrTestOptions){ .incoming = TRUE }, cancellable);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  assert_codes (&self, "cancelled", "-");
  g_assert_cmpuint (self.summary.n_cancelled, ==, 1);
  assert_row (&self, PR_DIRECTION_INCOMING, "not-run 0 ");
  assert_alerts (&self, "");
  report = load_report (&self, PR_DIRECTION_INCOMING);
  g_assert_null (report);
}

static gboolean
change_address (gpointer data)
{
  Fixture *self = data;
  g_autoptr (PrMailbox) mailbox = env_find_mailbox (&self->env, ADDRESS);
  g_autoptr (GError) error = NULL;

  env_set (mailbox, "username", "somebody-else");
  env_save_mailbox (&self->env, mailbox, &error);
  g_assert_no_error (error);
  pr_script_server_stop (self->servers[PR_DIRECTION_INCOMING]);
  return G_SOURCE_REMOVE;
}

/* Edited while it is being tested: the result is about something else, and nothing of it stays. */
static void
test_edited_meanwhile (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, pop3_silent, NULL);
  g_timeout_add (300, change_address, &self);
  run (&self, &(PrTestOptions){ .incoming = TRUE }, NULL);
  g_assert_cmpuint (self.reports->len, ==, 1);
  assert_row (&self, PR_DIRECTION_INCOMING, "not-run 0 ");
  assert_alerts (&self, "");
}

static gboolean
change_profile (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;

  env_set (self->profile, "incoming-location", "127.0.0.1");
  env_save_profile (&self->env, self->profile, &error);
  g_assert_no_error (error);
  pr_script_server_stop (self->servers[PR_DIRECTION_INCOMING]);
  return G_SOURCE_REMOVE;
}

/* The same where its server profile is edited. */
static void
test_profile_edited_meanwhile (void)
{
  g_auto (Fixture) self;

  fixture_init (&self, pop3_silent, NULL);
  g_timeout_add (300, change_profile, &self);
  run (&self, &(PrTestOptions){ .incoming = TRUE }, NULL);
  g_assert_cmpuint (self.reports->len, ==, 1);
  assert_row (&self, PR_DIRECTION_INCOMING, "not-run 0 ");
  assert_alerts (&self, "");
}

/* --- Test Connection -------------------------------------------------------------------------- */

/* Both servers as far as it goes without credentials; nothing is stored. */
static void
test_profile (void)
{
  g_auto (Fixture) self;
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GPtrArray) reports = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&self, pop3_capabilities, smtp_capabilities);
  pr_environment_test_profile_async (self.env.environment, self.profile, &pr_test_options_default,
                                     NULL, env_ready, &wait);
  reports = pr_environment_test_profile_finish (self.env.environment, env_wait (&wait), &error);
  g_assert_no_error (error);
  check_servers (&self);
  g_assert_cmpuint (reports->len, ==, 2);
  for (guint i = 0; i < reports->len; i++)
    {
      const PrReport *report = g_ptr_array_index (reports, i);

      g_assert_cmpint (report->code, ==, PR_CODE_OK);
      g_assert_null (report->mailbox);
      g_assert_cmpstr (report->profile, ==, "Scripted");
    }
  assert_row (&self, PR_DIRECTION_INCOMING, "not-run 0 ");
  assert_alerts (&self, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/success", test_success);
  g_test_add_func ("/job/refused-password", test_refused_password);
  g_test_add_func ("/job/transient", test_transient);
  g_test_add_func ("/job/mended", test_mended);
  g_test_add_func ("/job/prechecks", test_prechecks);
  g_test_add_func ("/job/keyring", test_keyring);
  g_test_add_func ("/job/lost-password", test_lost_password);
  g_test_add_func ("/job/skipped", test_skipped);
  g_test_add_func ("/job/cancelled", test_cancelled);
  g_test_add_func ("/job/edited-meanwhile", test_edited_meanwhile);
  g_test_add_func ("/job/profile-edited-meanwhile", test_profile_edited_meanwhile);
  g_test_add_func ("/job/profile", test_profile);
  return g_test_run ();
}
