/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What tests leave behind: all of it or nothing, one alert for one fault, and only about the
 * mailbox as it is now. */

#include "store-fixture.h"

#include "pr-database-private.h"
#include "pr-store-private.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1769860800000000)

static const PrAlertFilter open_ones = { .severity = -1 };
static const PrAlertFilter history = { .severity = -1, .history = TRUE };

/* Two profiles with two mailboxes each: ids 1, 2 and 3, 4. */
static void
prepare (PrStoreFixture *fixture)
{
  static const char *const addresses[] = { "a@example.org", "b@example.org", "c@example.org",
                                           "d@example.org" };

  store_fixture_init (fixture);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PrServerProfile) profile =
          store_add_profile (fixture->store, i == 0 ? "First" : "Second");
    }
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (PrMailbox) mailbox =
          store_add_mailbox (fixture->store, addresses[i], "profile-id", i < 2 ? "1" : "2", NULL);
    }
}

static PrStoredResult *
make_result (gint64 mailbox_id, PrDirection direction, const char *code)
{
  PrStoredResult *result = pr_stored_result_new ();

  result->mailbox_id = mailbox_id;
  result->profile_id = mailbox_id <= 2 ? 1 : 2;
  result->serial = 1;
  result->direction = direction;
  result->status = *code == '\0' ? PR_TEST_STATUS_SUCCESS : PR_TEST_STATUS_FAILURE;
  result->enabled = *code == '\0';
  result->all_passed = *code == '\0';
  result->code = g_strdup (code);
  result->finished_at = NOW;
  result->report = g_strdup ("{\"schema\":1}");
  return result;
}

/* @mailbox_id: 0 for one about the profile. */
static void
add_alert (PrStoredResult *result, gint64 mailbox_id, const char *code, const char *step)
{
  g_autoptr (PrAlert) alert = g_object_new (
      PR_TYPE_ALERT, "severity",
      g_str_equal (code, "ok") ? PR_SEVERITY_INFORMATION : PR_SEVERITY_ERROR, "code", code,
      "direction", pr_enum_to_nick (PR_TYPE_DIRECTION, (int) result->direction), "mailbox-id",
      mailbox_id, "profile-id", result->profile_id, "for-owner", "Olivia", "facts", "{}", "step",
      step, "first-seen", result->finished_at, "last-seen", result->finished_at, NULL);

  g_ptr_array_add (result->alerts, pr_record_dup_values (PR_RECORD (alert)));
}

static void
save (PrStoreFixture *fixture, PrStoredResult *result)
{
  g_autoptr (GError) error = NULL;

  store_save_result (fixture->store, result, &error);
  g_assert_no_error (error);
}

static void
fail (PrStoreFixture *fixture, gint64 mailbox_id, PrDirection direction, const char *code)
{
  PrStoredResult *result = make_result (mailbox_id, direction, code);

  add_alert (result, mailbox_id, code, "authenticate");
  save (fixture, result);
}

/* "code/count/state" of each, the newest last. */
static char *
list_alerts (PrStoreFixture *fixture)
{
  return files_query (fixture->path,
                      "SELECT group_concat (code || '/' || count || '/' || state, ' ')"
                      " FROM (SELECT * FROM alerts ORDER BY id)");
}

static void
assert_alerts (PrStoreFixture *fixture, const char *expected)
{
  g_autofree char *alerts = list_alerts (fixture);

  g_assert_cmpstr (alerts, ==, expected);
}

static void
test_fields (void)
{
  g_auto (PrStoreFixture) fixture;
  PrStoredResult *result;
  g_autofree char *row = NULL, *others = NULL, *report = NULL, *none = NULL;

  prepare (&fixture);
  save (&fixture, make_result (1, PR_DIRECTION_INCOMING, ""));
  result = make_result (1, PR_DIRECTION_OUTGOING, "connection-timeout");
  result->retry = 3;
  result->retry_at = NOW + 5;
  result->finished_at = NOW + 1;
  save (&fixture, result);
  row = files_query (fixture.path, "SELECT incoming_status, incoming_enabled, incoming_code,"
                                   " incoming_retry, incoming_retry_at, outgoing_status,"
                                   " outgoing_enabled, outgoing_code, outgoing_retry,"
                                   " outgoing_retry_at - tested_at, run_state"
                                   " FROM mailboxes WHERE id = 1");
  g_assert_cmpstr (row, ==, "success|1||0|0|failure|0|connection-timeout|3|4|retry");
  others = files_query (fixture.path, "SELECT count (*) FROM mailboxes WHERE tested_at <> 0");
  g_assert_cmpstr (others, ==, "1");
  report = store_load_report (fixture.store, 1, PR_DIRECTION_OUTGOING);
  g_assert_cmpstr (report, ==, "{\"schema\":1}");
  none = store_load_report (fixture.store, 2, PR_DIRECTION_OUTGOING);
  g_assert_cmpstr (none, ==, "");
}

/* The retry of one direction is not forgotten when the other one ends. */
static void
test_run_state (void)
{
  static const struct
  {
    gint64 incoming, outgoing;
    const char *state;
  } rows[] = {
    { 0, 0, "idle" },
    { NOW, 0, "retry" },
    { 0, NOW, "retry" },
    { NOW, NOW, "retry" },
  };
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint order = 0; order < 2; order++)
      {
        PrStoredResult *results[2];
        g_autofree char *state = NULL;

        results[0] = make_result (1, PR_DIRECTION_INCOMING, "connection-lost");
        results[1] = make_result (1, PR_DIRECTION_OUTGOING, "connection-lost");
        results[0]->retry_at = rows[i].incoming;
        results[1]->retry_at = rows[i].outgoing;
        save (&fixture, results[order]);
        save (&fixture, results[1 - order]);
        state = files_query (fixture.path, "SELECT run_state FROM mailboxes WHERE id = 1");
        g_assert_cmpstr (state, ==, rows[i].state);
      }
}

/* Edited while it was tested: what was found out is about something else. */
static void
test_out_of_date (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) mailbox = NULL;
  PrStoredResult *result;
  g_autoptr (GError) error = NULL;
  g_autofree char *row = NULL, *report = NULL;
  guint n;

  prepare (&fixture);
  mailbox = store_find_mailbox (fixture.store, "a@example.org");
  record_set (mailbox, "address", "new@example.org");
  g_assert_true (store_save_mailbox (fixture.store, mailbox, &error));
  result = make_result (1, PR_DIRECTION_INCOMING, "authentication-rejected");
  add_alert (result, 1, "authentication-rejected", "authenticate");
  save (&fixture, result);
  row = files_query (fixture.path, "SELECT incoming_status, tested_at FROM mailboxes WHERE id = 1");
  g_assert_cmpstr (row, ==, "not-run|0");
  report = store_load_report (fixture.store, 1, PR_DIRECTION_INCOMING);
  g_assert_cmpstr (report, ==, "");
  assert_alerts (&fixture, "NULL");

  /* The same for one that is gone. */
  g_assert_true (store_delete (fixture.store, pr_selection_new_all (), &n, &error));
  result = make_result (2, PR_DIRECTION_INCOMING, "authentication-rejected");
  add_alert (result, 2, "authentication-rejected", "authenticate");
  save (&fixture, result);
  assert_alerts (&fixture, "NULL");
}

/* What each direction of each mailbox says: "incoming/outgoing" and who is waiting for a retry. */
static char *
get_statuses (PrStoreFixture *fixture)
{
  return files_query (fixture->path,
                      "SELECT group_concat (incoming_status || '/' || outgoing_status || '/'"
                      " || incoming_enabled || outgoing_enabled || '/' || run_state, ' ')"
                      " FROM (SELECT * FROM mailboxes ORDER BY id)");
}

static void
succeed (PrStoreFixture *fixture, gint64 mailbox_id)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      PrStoredResult *result = make_result (mailbox_id, direction, "");
      g_autofree char *sql =
          g_strdup_printf ("SELECT serial FROM mailboxes WHERE id = %d", (int) mailbox_id);
      g_autofree char *serial = files_query (fixture->path, sql);

      result->serial = g_ascii_strtoll (serial, NULL, 10);
      save (fixture, result);
    }
}

#define GOOD "success/success/11/idle"
#define NO_IN "not-run/success/01/idle"
#define NO_OUT "success/not-run/10/idle"
#define NOTHING "not-run/not-run/00/idle"

/* A profile that is edited: what was found out with the old settings says nothing about the new
 * ones, in the direction that they are about; a name or a limit changes nothing. */
static void
test_profile_edited (void)
{
  static const struct
  {
    const char *field, *value;
    const char *expected;
  } rows[] = {
    { "name", "Another", GOOD },
    { "description", "another", GOOD },
    { "owner-name", "Olivia", GOOD },
    { "timeout", "7", GOOD },
    { "polling-interval", "7", GOOD },
    { "max-connections", "7", GOOD },
    { "active", "no", GOOD },
    { "incoming-location", "pop.example.net", NO_IN },
    { "incoming-port", "110", NO_IN },
    { "incoming-security", "starttls", NO_IN },
    { "incoming-mechanism", "plain", NO_IN },
    { "outgoing-location", "smtp.example.net", NO_OUT },
    { "outgoing-port", "25", NO_OUT },
    { "outgoing-security", "none", NO_OUT },
    { "outgoing-mechanism", "plain", NO_OUT },
    /* The outgoing side logs in as the incoming one. */
    { "incoming-authentication", "profile", NOTHING },
    { "incoming-username", "somebody", NOTHING },
    { "ca-certificate", "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n", NOTHING },
    { "oauth-client-id", "another", NOTHING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (PrStoreFixture) fixture;
      g_autoptr (PrServerProfile) profile = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *found = NULL;
      g_autofree char *expected =
          g_strdup_printf ("%s %s " GOOD " " GOOD, rows[i].expected, rows[i].expected);

      prepare (&fixture);
      for (gint64 id = 1; id <= 4; id++)
        succeed (&fixture, id);
      profile = store_find_profile (fixture.store, "First");
      record_set (profile, rows[i].field, rows[i].value);
      store_save_profile (fixture.store, profile, &error);
      g_assert_no_error (error);
      found = get_statuses (&fixture);
      if (!g_str_equal (found, expected))
        g_error ("%s: %s, not %s", rows[i].field, found, expected);
    }
}

/* Results that arrive afterwards are of the old settings, or of the old password. */
static void
test_profile_edited_meanwhile (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *edited = NULL;

  prepare (&fixture);
  profile = store_find_profile (fixture.store, "First");
  record_set (profile, "incoming-port", "110");
  g_assert_true (store_save_profile (fixture.store, profile, &error));
  g_assert_true (store_set_profile_flag (fixture.store, 2, PR_PROFILE_INCOMING_PASSWORD_SET, TRUE));
  for (gint64 id = 1; id <= 4; id++)
    fail (&fixture, id, PR_DIRECTION_INCOMING, "connection-refused");
  edited = get_statuses (&fixture);
  g_assert_cmpstr (edited, ==, NOTHING " " NOTHING " " NOTHING " " NOTHING);
  assert_alerts (&fixture, "NULL");
}

/* One direction that waits for its next try goes on waiting when the other one is edited. */
static void
test_profile_edited_retry (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *row = NULL;

  prepare (&fixture);
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      PrStoredResult *result = make_result (1, direction, "connection-lost");

      result->retry = 3;
      result->retry_at = NOW + 5;
      save (&fixture, result);
    }
  profile = store_find_profile (fixture.store, "First");
  record_set (profile, "incoming-port", "110");
  g_assert_true (store_save_profile (fixture.store, profile, &error));
  row = files_query (fixture.path, "SELECT incoming_retry, incoming_retry_at, outgoing_retry,"
                                   " run_state FROM mailboxes WHERE id = 1");
  g_assert_cmpstr (row, ==, "0|0|3|retry");
}

/* One that cannot be written takes the whole result along. */
static void
test_all_or_nothing (void)
{
  g_auto (PrStoreFixture) fixture;
  PrStoredResult *result;
  g_autoptr (GError) error = NULL;
  g_autofree char *row = NULL, *report = NULL;

  prepare (&fixture);
  result = make_result (1, PR_DIRECTION_INCOMING, "authentication-rejected");
  add_alert (result, 1, "authentication-rejected", "authenticate");
  add_alert (result, 4711, "authentication-rejected", "authenticate"); /* of no mailbox */
  g_assert_false (store_save_result (fixture.store, result, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  row = files_query (fixture.path, "SELECT incoming_status, tested_at FROM mailboxes WHERE id = 1");
  g_assert_cmpstr (row, ==, "not-run|0");
  report = store_load_report (fixture.store, 1, PR_DIRECTION_INCOMING);
  g_assert_cmpstr (report, ==, "");
  assert_alerts (&fixture, "NULL");
}

/* --- Alerts ----------------------------------------------------------------------------------- */

static void
test_one_fault_one_alert (void)
{
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (guint i = 0; i < 3; i++)
    fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  assert_alerts (&fixture, "account-locked/3/open");
  /* Another direction, another mailbox, another code: another fault. */
  fail (&fixture, 1, PR_DIRECTION_OUTGOING, "account-locked");
  fail (&fixture, 2, PR_DIRECTION_INCOMING, "account-locked");
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "pop-disabled");
  assert_alerts (&fixture, "account-locked/3/open account-locked/1/open account-locked/1/open"
                           " pop-disabled/1/open");
}

/* Mailboxes that meet the same fault of their profile share its alert. */
static void
test_profile_fault (void)
{
  g_auto (PrStoreFixture) fixture;

  prepare (&fixture);
  for (gint64 id = 1; id <= 4; id++)
    {
      PrStoredResult *result = make_result (id, PR_DIRECTION_INCOMING, "certificate-expired");

      add_alert (result, 0, "certificate-expired", "certificate");
      save (&fixture, result);
    }
  assert_alerts (&fixture, "certificate-expired/2/open certificate-expired/2/open");
}

static void
test_success_closes (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autofree char *closed = NULL;

  prepare (&fixture);
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  fail (&fixture, 1, PR_DIRECTION_OUTGOING, "relay-denied");
  fail (&fixture, 2, PR_DIRECTION_INCOMING, "account-locked");
  save (&fixture, make_result (1, PR_DIRECTION_INCOMING, ""));
  assert_alerts (&fixture, "account-locked/1/closed relay-denied/1/open account-locked/1/open");
  closed = files_query (fixture.path, "SELECT closed_at, unread FROM alerts WHERE id = 1");
  g_assert_cmpstr (closed, ==, "1769860800000000|0");
  /* The same again is a new one; the history stays. */
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  assert_alerts (&fixture, "account-locked/1/closed relay-denied/1/open account-locked/1/open"
                           " account-locked/1/open");
}

/* Approved, and now the password is missing: the first alert is no longer true. What is wrong with
 * the profile stays, whatever is found at the mailbox before it is looked at. */
static void
test_another_precheck (void)
{
  static const char *const codes[] = { "address-not-approved", "credentials-missing",
                                       "mailbox-inactive" };
  g_auto (PrStoreFixture) fixture;
  PrStoredResult *result;

  prepare (&fixture);
  result = make_result (1, PR_DIRECTION_INCOMING, "profile-inactive");
  add_alert (result, 0, "profile-inactive", "precheck");
  save (&fixture, result);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      result = make_result (1, PR_DIRECTION_INCOMING, codes[i]);
      add_alert (result, 1, codes[i], "precheck");
      save (&fixture, result);
    }
  assert_alerts (&fixture, "profile-inactive/1/open address-not-approved/1/closed"
                           " credentials-missing/1/closed mailbox-inactive/1/open");
}

/* --- The wall --------------------------------------------------------------------------------- */

static guint
count (PrStoreFixture *fixture, const PrAlertFilter *filter)
{
  g_autoptr (GPtrArray) list = store_list_alerts (fixture->store, filter);

  return list->len;
}

static void
test_wall (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (GPtrArray) list = NULL;
  PrStoredResult *result;
  static const struct
  {
    PrAlertFilter filter;
    guint expected;
  } rows[] = {
    { { .severity = -1 }, 4 },
    { { .severity = PR_SEVERITY_ERROR }, 3 },
    { { .severity = PR_SEVERITY_INFORMATION }, 1 },
    { { .severity = PR_SEVERITY_WARNING }, 0 },
    { { .severity = -1, .profile_id = 1 }, 3 },
    { { .severity = -1, .profile_id = 2 }, 1 },
    { { .severity = -1, .mailbox_id = 2 }, 1 },
    { { .severity = -1, .mailbox_id = 4 }, 0 },
    { { .severity = -1, .owner = "Olivia" }, 4 },
    { { .severity = -1, .owner = "olivia" }, 0 },
    { { .severity = -1, .text = "B@EXAMPLE" }, 1 },
    { { .severity = -1, .text = "second" }, 1 },
    { { .severity = -1, .text = "locked" }, 1 },
    { { .severity = -1, .text = "%" }, 0 },
    { { .severity = -1, .text = "' OR 1=1 --" }, 0 },
    { { .severity = PR_SEVERITY_ERROR, .profile_id = 1, .text = "denied" }, 1 },
  };

  prepare (&fixture);
  g_assert_cmpuint (count (&fixture, &open_ones), ==, 0);
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  fail (&fixture, 2, PR_DIRECTION_OUTGOING, "relay-denied");
  result = make_result (3, PR_DIRECTION_INCOMING, "certificate-expired");
  add_alert (result, 0, "certificate-expired", "certificate");
  result->finished_at = NOW + 9;
  save (&fixture, result);
  result = make_result (1, PR_DIRECTION_OUTGOING, "");
  add_alert (result, 1, "ok", "");
  save (&fixture, result);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (count (&fixture, &rows[i].filter) != rows[i].expected)
      g_error ("filter %u gives %u alerts, not %u", i, count (&fixture, &rows[i].filter),
               rows[i].expected);

  /* Looked up: whose it is. */
  list = store_list_alerts (fixture.store, &open_ones);
  for (guint i = 0; i < list->len; i++)
    {
      PrAlert *alert = g_ptr_array_index (list, i);
      const char *address = pr_alert_get_text (alert, MAILBOX_ADDRESS);

      g_assert_cmpstr (pr_alert_get_text (alert, PROFILE_NAME), ==,
                       pr_alert_get (alert, PROFILE_ID) == 1 ? "First" : "Second");
      g_assert_cmpint (*address != '\0', ==, pr_alert_get (alert, MAILBOX_ID) != 0);
      g_assert_true (pr_alert_get (alert, UNREAD));
    }
}

/* The wall of a mailbox shows the fault of its profile that it has met itself. */
static void
test_wall_of_mailbox (void)
{
  g_auto (PrStoreFixture) fixture;
  PrAlertFilter first = { .severity = -1, .mailbox_id = 1 };
  PrAlertFilter second = { .severity = -1, .mailbox_id = 2 };
  PrStoredResult *result;

  prepare (&fixture);
  result = make_result (1, PR_DIRECTION_INCOMING, "certificate-expired");
  add_alert (result, 0, "certificate-expired", "certificate");
  save (&fixture, result);
  g_assert_cmpuint (count (&fixture, &first), ==, 1);
  g_assert_cmpuint (count (&fixture, &second), ==, 0);
}

static void
test_dismiss (void)
{
  g_auto (PrStoreFixture) fixture;
  PrAlertFilter profile = { .severity = -1, .profile_id = 1 };
  g_autoptr (GPtrArray) list = NULL;
  gint64 id;

  prepare (&fixture);
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  fail (&fixture, 2, PR_DIRECTION_INCOMING, "account-locked");
  fail (&fixture, 3, PR_DIRECTION_INCOMING, "account-locked");
  list = store_list_alerts (fixture.store, &open_ones);
  id = pr_record_get_id (g_ptr_array_index (list, 0));
  g_assert_cmpuint (store_dismiss_alerts (fixture.store, &open_ones, id), ==, 1);
  g_assert_cmpuint (store_dismiss_alerts (fixture.store, &open_ones, id), ==, 0);
  g_assert_cmpuint (store_dismiss_alerts (fixture.store, &open_ones, 4711), ==, 0);
  g_assert_cmpuint (store_dismiss_alerts (fixture.store, &profile, 0), ==, 2);
  g_assert_cmpuint (count (&fixture, &open_ones), ==, 0);
  g_assert_cmpuint (count (&fixture, &history), ==, 3);
  /* Closed and dismissed ones cannot be dismissed (again). */
  g_assert_cmpuint (store_dismiss_alerts (fixture.store, &history, 0), ==, 0);
  /* It is met once more: that is news. */
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  g_assert_cmpuint (count (&fixture, &open_ones), ==, 1);
}

/* A mailbox takes its alerts and reports along; a profile its own. */
static void
test_deleted_with_it (void)
{
  g_auto (PrStoreFixture) fixture;
  static const gint64 one[] = { 1 };
  PrStoredResult *result;
  g_autoptr (GError) error = NULL;
  g_autofree char *reports = NULL;
  guint n;

  prepare (&fixture);
  fail (&fixture, 1, PR_DIRECTION_INCOMING, "account-locked");
  result = make_result (2, PR_DIRECTION_INCOMING, "certificate-expired");
  add_alert (result, 0, "certificate-expired", "certificate");
  save (&fixture, result);
  g_assert_true (store_delete (fixture.store, pr_selection_new_ids (one, 1), &n, &error));
  assert_alerts (&fixture, "certificate-expired/1/open");
  reports = files_query (fixture.path, "SELECT group_concat (mailbox_id) FROM reports");
  g_assert_cmpstr (reports, ==, "2");
  g_assert_true (store_delete (fixture.store, pr_selection_new_all (), &n, &error));
  assert_alerts (&fixture, "certificate-expired/1/open");
  g_assert_true (store_delete_profile (fixture.store, 1, &error));
  assert_alerts (&fixture, "NULL");
}

static int
count_step (void *data)
{
  (*(guint *) data)++;
  return 0;
}

/* Steps of SQLite's machine for what a good result of mailbox 1 closes. */
static guint
count_steps (PrStoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDatabase) database = pr_database_open (fixture->path, PR_DATABASE_NONE, &error);
  PrStoredResult *result = make_result (1, PR_DIRECTION_INCOMING, "");
  guint n = 0;

  g_assert_no_error (error);
  g_ptr_array_add (result->disproved, g_strdup ("encryption-lost"));
  /* Once before, so that the statements are prepared. */
  g_assert_true (pr_alerts_close (database, result, &error));
  sqlite3_progress_handler (database->handle, 1, count_step, &n);
  g_assert_true (pr_alerts_close (database, result, &error));
  sqlite3_progress_handler (database->handle, 0, NULL, NULL);
  pr_stored_result_free (result);
  return n;
}

/* A job of 10,000 mailboxes must not read 10,000 alerts for each of them. @data: whether there is
 * something open that may have to be closed. */
static void
test_others_cost_nothing (gconstpointer data)
{
  g_auto (PrStoreFixture) fixture;
  guint few, many;

  prepare (&fixture);
  if (GPOINTER_TO_INT (data))
    fail (&fixture, 1, PR_DIRECTION_OUTGOING, "connection-lost");
  few = count_steps (&fixture);
  files_run_sql (
      fixture.path,
      "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 2010)"
      "INSERT INTO mailboxes (id, name, kind, address, address_key, owner, profile_id, incoming,"
      " outgoing, act, allow_credentials, username, delete_after, active)"
      " SELECT i, 'Name', 'user', i || '@example.org', i || '@example.org', 'Owner', 1,"
      " 'server-side', 'server-side', 'none', 1, 'name', 0, 1 FROM n;"
      "INSERT INTO alerts (severity, code, direction, mailbox_id, profile_id, for_owner, facts,"
      " first_seen, last_seen) SELECT 'information', 'ok', '', id, 1, '', '{}', 1, 1"
      " FROM mailboxes WHERE id >= 10");
  many = count_steps (&fixture);
  g_assert_cmpuint (many, <, few + 50);
}

static PrStoredResult *
make_shown (gint64 mailbox_id, const char *code, gint64 finished_at, guint16 port, gint64 not_after)
{
  PrStoredResult *result = make_result (mailbox_id, PR_DIRECTION_INCOMING, code);

  result->finished_at = finished_at;
  result->host = g_strdup ("mail.example.org");
  result->port = port;
  result->not_after = not_after;
  return result;
}

/* In one transaction: the hours that results are of, and what each profile's server showed last. */
static void
test_common (void)
{
  g_auto (PrStoreFixture) fixture;
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *hours = NULL, *certificates = NULL;
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_stored_result_free);
  gint64 hour = 3600 * (gint64) G_USEC_PER_SEC;
  PrStoredResult *late;

  prepare (&fixture);
  g_ptr_array_add (results, make_shown (1, "", NOW, 995, NOW));
  g_ptr_array_add (results, make_shown (2, "connection-lost", NOW + 1, 995, NOW));
  g_ptr_array_add (results, make_shown (3, "", NOW + hour, 995, NOW + hour));
  g_ptr_array_add (results, make_shown (4, "", NOW + hour + 1, 995, 0));
  g_ptr_array_add (results, make_shown (1, "", NOW + 2, 1995, NOW + hour));
  /* About a mailbox as it was: it counts nowhere. */
  late = make_shown (2, "", NOW + 3, 1, NOW + 7 * hour);
  late->serial = 7;
  g_ptr_array_add (results, late);
  pr_store_save_results_async (fixture.store, results, NULL, store_ready, &wait);
  g_assert_true (pr_store_save_result_finish (fixture.store, store_wait (&wait), &error));
  g_assert_no_error (error);

  hours = files_query (fixture.path, "SELECT group_concat (success || '+' || failure, ' ')"
                                     " FROM (SELECT * FROM test_hours ORDER BY hour)");
  g_assert_cmpstr (hours, ==, "2+1 2+0");
  certificates =
      files_query (fixture.path, "SELECT group_concat (profile_id || ' ' || direction || ' ' ||"
                                 " host || ':' || port || ' ' || not_after, ', ')"
                                 " FROM (SELECT * FROM certificates ORDER BY profile_id)");
  g_assert_cmpstr (certificates, ==,
                   "1 incoming mail.example.org:1995 2026-01-31T13:00:00.000Z,"
                   " 2 incoming mail.example.org:995 2026-01-31T13:00:00.000Z");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/results/fields", test_fields);
  g_test_add_func ("/store/results/run-state", test_run_state);
  g_test_add_func ("/store/results/out-of-date", test_out_of_date);
  g_test_add_func ("/store/results/profile-edited", test_profile_edited);
  g_test_add_func ("/store/results/profile-edited/meanwhile", test_profile_edited_meanwhile);
  g_test_add_func ("/store/results/profile-edited/retry", test_profile_edited_retry);
  g_test_add_func ("/store/results/all-or-nothing", test_all_or_nothing);
  g_test_add_func ("/store/results/one-fault-one-alert", test_one_fault_one_alert);
  g_test_add_func ("/store/results/profile-fault", test_profile_fault);
  g_test_add_func ("/store/results/success-closes", test_success_closes);
  g_test_add_func ("/store/results/another-precheck", test_another_precheck);
  g_test_add_func ("/store/results/wall", test_wall);
  g_test_add_func ("/store/results/wall-of-mailbox", test_wall_of_mailbox);
  g_test_add_func ("/store/results/dismiss", test_dismiss);
  g_test_add_func ("/store/results/deleted-with-it", test_deleted_with_it);
  g_test_add_func ("/store/results/common", test_common);
  g_test_add_data_func ("/store/results/others-cost-nothing/all-works", GINT_TO_POINTER (FALSE),
                        test_others_cost_nothing);
  g_test_add_data_func ("/store/results/others-cost-nothing/one-failed", GINT_TO_POINTER (TRUE),
                        test_others_cost_nothing);
  return g_test_run ();
}
