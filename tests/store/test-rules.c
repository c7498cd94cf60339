/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tables themselves see to, whoever writes: that a changed address is pending again, that
 * results of something else do not stay, that nothing is in them that cannot be. */

#include "store-fixture.h"

#include <string.h>

#define A "a@example.org"

/* As after an approval and two successful tests, with a retry that waits. */
#define TESTED                                                                                     \
  "UPDATE mailboxes SET approval = 'approved', incoming_status = 'success',"                       \
  " outgoing_status = 'failure', incoming_enabled = 1, outgoing_enabled = 1,"                      \
  " outgoing_code = 'connection-timeout', incoming_retry = 2, outgoing_retry = 3,"                 \
  " incoming_retry_at = 5, outgoing_retry_at = 6, run_state = 'retry', tested_at = 7"
#define STATE                                                                                      \
  "SELECT approval, incoming_status, outgoing_status, incoming_enabled, outgoing_enabled,"         \
  " incoming_code, outgoing_code, incoming_retry, outgoing_retry, incoming_retry_at,"              \
  " outgoing_retry_at FROM mailboxes WHERE id = 1"

#define KEPT "approved|success|failure|1|1||connection-timeout|2|3|5|6"
#define RESET "pending|not-run|not-run|0|0|||0|0|0|0"
#define RESET_BUT_APPROVED "approved|not-run|not-run|0|0|||0|0|0|0"
#define RESET_INCOMING "approved|not-run|failure|0|1||connection-timeout|0|3|0|6"
#define RESET_OUTGOING "approved|success|not-run|1|0|||2|0|5|0"

typedef struct
{
  const char *field;
  const char *value;
  const char *state;
  gboolean new_serial; /* a test that runs meanwhile will be about something else */
} PrEditRow;

static const PrEditRow edits[] = {
  { "address", "b@example.org", RESET, TRUE },
  { "address", "A@Example.ORG", KEPT, FALSE }, /* the same mailbox */
  { "profile-id", "2", RESET_BUT_APPROVED, TRUE },
  { "profile-id", "", RESET_BUT_APPROVED, TRUE },
  { "profile-id", "1", KEPT, FALSE },
  { "username", "other", RESET_BUT_APPROVED, TRUE },
  { "kind", "queue", RESET_BUT_APPROVED, TRUE },
  { "incoming", "forward", RESET_INCOMING, TRUE },
  { "incoming", "none", RESET_INCOMING, TRUE },
  { "outgoing", "none", RESET_OUTGOING, TRUE },
  { "name", "Another", KEPT, FALSE },
  { "owner", "Another", KEPT, FALSE },
  { "active", "no", KEPT, FALSE },
  { "allow-credentials", "yes", KEPT, FALSE },
};

static void
prepare (PrStoreFixture *fixture)
{
  g_autoptr (PrServerProfile) first = NULL, second = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;

  store_fixture_init (fixture);
  first = store_add_profile (fixture->store, "First");
  second = store_add_profile (fixture->store, "Second");
  mailbox = store_add_mailbox (fixture->store, A, "profile-id", "1", NULL);
  files_run_sql (fixture->path, TESTED);
}

static void
assert_state (PrStoreFixture *fixture, const PrEditRow *row, const char *serial_before)
{
  g_autofree char *state = files_query (fixture->path, STATE);
  g_autofree char *serial =
      files_query (fixture->path, "SELECT serial FROM mailboxes WHERE id = 1");

  g_assert_cmpstr (state, ==, row->state);
  if (row->new_serial)
    g_assert_cmpstr (serial, !=, serial_before);
  else
    g_assert_cmpstr (serial, ==, serial_before);
}

/* One mailbox edited in its form. */
static void
test_edit (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_auto (PrStoreFixture) fixture;
      g_autoptr (PrMailbox) mailbox = NULL, again = NULL;
      g_autofree char *serial = NULL, *saved = NULL, *read = NULL;
      g_autoptr (GError) error = NULL;
      const char *address = g_str_has_prefix (edits[i].value, "b@") ? edits[i].value : A;

      prepare (&fixture);
      serial = files_query (fixture.path, "SELECT serial FROM mailboxes WHERE id = 1");
      mailbox = store_find_mailbox (fixture.store, A);
      record_set (mailbox, edits[i].field, edits[i].value);
      store_save_mailbox (fixture.store, mailbox, &error);
      g_assert_no_error (error);
      assert_state (&fixture, &edits[i], serial);
      /* And the object that was saved says the same as the row. */
      again = store_find_mailbox (fixture.store, address);
      saved = record_dump (mailbox);
      read = record_dump (again);
      g_assert_cmpstr (saved, ==, read);
    }
}

/* The same by a command for many. */
static void
change_one (const PrEditRow *row)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) sample = pr_mailbox_new (A);
  g_autofree char *serial = NULL;
  g_autoptr (GError) error = NULL;
  PrChange change = { 0 };
  guint n;

  prepare (&fixture);
  serial = files_query (fixture.path, "SELECT serial FROM mailboxes WHERE id = 1");
  change.field = (PrMailboxField) pr_record_find_field (PR_RECORD (sample), row->field);
  pr_field_parse (&pr_record_get_fields (PR_RECORD (sample), &n)[change.field], row->value,
                  &change.text, &change.number, &error);
  g_assert_no_error (error);
  g_assert_true (store_change (fixture.store, pr_selection_new_all (), &change, 1, &n, &error));
  g_assert_cmpuint (n, ==, 1);
  assert_state (&fixture, row, serial);
  g_free (change.text);
}

static void
test_change (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    if (!g_str_equal (edits[i].field, "address"))
      change_one (&edits[i]);
}

/* The address is the user name until somebody says otherwise. */
static void
test_username_follows (void)
{
  static const struct
  {
    const char *username, *expected;
  } rows[] = {
    { "", "b@example.org" },
    { A, "b@example.org" },
    { "robot", "robot" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (PrStoreFixture) fixture;
      g_autoptr (PrMailbox) mailbox = NULL;
      g_autofree char *username = NULL, *again = NULL;
      g_autoptr (GError) error = NULL;

      store_fixture_init (&fixture);
      mailbox = store_add_mailbox (fixture.store, A, "username", rows[i].username, NULL);
      record_set (mailbox, "address", "b@example.org");
      g_assert_true (store_save_mailbox (fixture.store, mailbox, &error));
      username = store_get_field (fixture.store, "b@example.org", "username");
      g_assert_cmpstr (username, ==, rows[i].expected);
      /* Saving the same object once more does not bring the old name back. */
      files_run_sql (fixture.path, TESTED);
      record_set (mailbox, "owner", "someone");
      g_assert_true (store_save_mailbox (fixture.store, mailbox, &error));
      again =
          files_query (fixture.path, "SELECT username, approval, incoming_status FROM mailboxes");
      g_clear_pointer (&username, g_free);
      username = g_strconcat (rows[i].expected, "|approved|success", NULL);
      g_assert_cmpstr (again, ==, username);
    }
}

/* What an admin does not set is not written by a form, even if the object says otherwise. */
static void
test_form_writes_no_results (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) mailbox = NULL, copy = NULL;
  g_autoptr (PrServerProfile) profile = NULL, duplicate = NULL;
  g_autofree char *state = NULL, *copied = NULL, *set = NULL, *row = NULL, *object = NULL;
  g_autoptr (GError) error = NULL;

  prepare (&fixture);
  mailbox = store_find_mailbox (fixture.store, A);
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_APPROVAL, PR_APPROVAL_REJECTED);
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_INCOMING_ENABLED, FALSE);
  g_assert_true (store_save_mailbox (fixture.store, mailbox, &error));
  state = files_query (fixture.path, STATE);
  g_assert_cmpstr (state, ==, KEPT);

  /* A copy begins anew: it is not approved, and has no password. */
  g_assert_true (store_set_secret_flag (fixture.store, 1, PR_MAILBOX_PASSWORD_SET, TRUE));
  g_clear_object (&mailbox);
  mailbox = store_find_mailbox (fixture.store, A);
  copy = PR_MAILBOX (pr_record_duplicate (PR_RECORD (mailbox)));
  pr_record_set_id (PR_RECORD (copy), 0);
  record_set (copy, "address", "copy@example.org");
  g_assert_true (store_save_mailbox (fixture.store, copy, &error));
  copied = files_query (fixture.path, "SELECT approval, incoming_status, incoming_enabled,"
                                      " password_set, tested_at FROM mailboxes WHERE id = 2");
  g_assert_cmpstr (copied, ==, "pending|not-run|0|0|0");
  g_clear_object (&mailbox);
  mailbox = store_find_mailbox (fixture.store, "copy@example.org");
  row = record_dump (mailbox);
  object = record_dump (copy);
  g_assert_cmpstr (object, ==, row);

  g_assert_true (store_set_profile_flag (fixture.store, 1, PR_PROFILE_INCOMING_PASSWORD_SET, TRUE));
  profile = store_find_profile (fixture.store, "First");
  g_assert_true (pr_server_profile_get (profile, INCOMING_PASSWORD_SET));
  duplicate = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  pr_record_set_id (PR_RECORD (duplicate), 0);
  record_set (duplicate, "name", "First (copy)");
  g_assert_true (store_save_profile (fixture.store, duplicate, &error));
  g_assert_false (pr_server_profile_get (duplicate, INCOMING_PASSWORD_SET));
  set = files_query (fixture.path, "SELECT incoming_password_set FROM profiles ORDER BY id");
  g_assert_cmpstr (set, ==, "1\n0\n0");
}

/* A new password makes the result of a test that runs with the old one worthless. */
static void
test_secret_flags (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autofree char *before = NULL, *after = NULL, *cleared = NULL;

  prepare (&fixture);
  before = files_query (fixture.path, "SELECT password_set, token_set, serial FROM mailboxes");
  g_assert_cmpstr (before, ==, "0|0|1");
  g_assert_true (store_set_secret_flag (fixture.store, 1, PR_MAILBOX_PASSWORD_SET, TRUE));
  g_assert_true (store_set_secret_flag (fixture.store, 1, PR_MAILBOX_TOKEN_SET, TRUE));
  after = files_query (fixture.path, "SELECT password_set, token_set, serial FROM mailboxes");
  g_assert_cmpstr (after, ==, "1|1|3");
  g_assert_true (store_set_secret_flag (fixture.store, 1, PR_MAILBOX_PASSWORD_SET, FALSE));
  cleared = files_query (fixture.path, "SELECT password_set, token_set, serial FROM mailboxes");
  g_assert_cmpstr (cleared, ==, "0|1|4");
}

/* --- Unique ----------------------------------------------------------------------------------- */

static void
test_unique_address (void)
{
  static const char *const same[] = { A, "A@EXAMPLE.org", "a@Example.org" };
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) idn = NULL;

  prepare (&fixture);
  idn = store_add_mailbox (fixture.store, "x@bücher.example", NULL);
  for (guint i = 0; i <= G_N_ELEMENTS (same); i++)
    {
      const char *address = i < G_N_ELEMENTS (same) ? same[i] : "X@xn--bcher-kva.example";
      g_autoptr (PrMailbox) other = pr_mailbox_new (address);
      g_autoptr (GError) error = NULL;

      pr_mailbox_fill_in (other);
      g_assert_false (store_save_mailbox (fixture.store, other, &error));
      g_assert_error (error, PR_ERROR, PR_ERROR_DUPLICATE);
      g_assert_cmpstr (pr_error_get_field (error), ==, "address");
      g_assert_nonnull (strstr (error->message, address));
      g_assert_nonnull (strstr (error->message, "Accepted: "));
      g_assert_cmpint (pr_record_get_id (PR_RECORD (other)), ==, 0);
    }
}

static void
test_unique_name (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrServerProfile) other = pr_server_profile_new ();
  g_autoptr (PrServerProfile) second = NULL;
  g_autoptr (GError) error = NULL;

  prepare (&fixture);
  record_set (other, "name", "fIRST");
  record_set (other, "incoming-location", "x");
  record_set (other, "outgoing-location", "x");
  pr_server_profile_fill_in (other);
  g_assert_false (store_save_profile (fixture.store, other, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DUPLICATE);
  g_assert_cmpstr (pr_error_get_field (error), ==, "name");
  g_assert_nonnull (strstr (error->message, "“fIRST”"));
  g_clear_error (&error);
  second = store_find_profile (fixture.store, "Second");
  record_set (second, "name", "FIRST");
  g_assert_false (store_save_profile (fixture.store, second, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DUPLICATE);
  g_clear_error (&error);
  record_set (second, "name", "SECOND"); /* its own name in other letters */
  g_assert_true (store_save_profile (fixture.store, second, &error));
}

/* --- Deleting --------------------------------------------------------------------------------- */

static void
test_delete_profile (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) b = NULL, c = NULL;
  g_autoptr (PrServerProfile) second = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  prepare (&fixture);
  g_assert_false (store_delete_profile (fixture.store, 1, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_IN_USE);
  g_assert_nonnull (strstr (error->message, "1 mailbox uses it"));
  g_clear_error (&error);
  b = store_add_mailbox (fixture.store, "b@example.org", "profile-id", "1", "active", "no", NULL);
  c = store_add_mailbox (fixture.store, "c@example.org", "profile-id", "2", NULL);
  g_assert_false (store_delete_profile (fixture.store, 1, &error));
  g_assert_nonnull (strstr (error->message, "2 mailboxes use it"));
  g_clear_error (&error);

  second = store_find_profile (fixture.store, "Second");
  record_set (second, "is-default", "yes");
  g_assert_true (store_save_profile (fixture.store, second, &error));
  g_assert_true (store_delete (fixture.store, pr_selection_new_all (), &n, &error));
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (store_delete_profile (fixture.store, 1, &error));
  g_assert_true (store_delete_profile (fixture.store, 2, &error));
  settings = store_load_settings (fixture.store);
  g_assert_cmpint (pr_email_settings_get (settings, PROFILE_ID), ==, 0);
  g_assert_true (store_save_settings (fixture.store, settings, &error));
}

/* An id never comes back: a password that was left in the keyring is never somebody else's. */
static void
test_ids_are_new (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrMailbox) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  guint n;

  store_fixture_init (&fixture);
  first = store_add_mailbox (fixture.store, A, NULL);
  g_assert_true (store_delete (fixture.store, pr_selection_new_all (), &n, &error));
  second = store_add_mailbox (fixture.store, A, NULL);
  g_assert_cmpint (pr_record_get_id (PR_RECORD (second)), >, pr_record_get_id (PR_RECORD (first)));
}

/* --- What cannot be in a table ---------------------------------------------------------------- */

static void
test_constraints (void)
{
  static const char *const statements[] = {
    "UPDATE mailboxes SET kind = 'robot'",
    "UPDATE mailboxes SET run_state = 'running'",
    "UPDATE mailboxes SET run_state = 'queued'",
    "UPDATE mailboxes SET approval = 'maybe'",
    "UPDATE mailboxes SET incoming_status = 'ok'",
    "UPDATE mailboxes SET outgoing = 'forward'",
    "UPDATE mailboxes SET act = 'server-side'",
    "UPDATE mailboxes SET kind = 'forward'",
    "UPDATE mailboxes SET delete_after = 1",
    "UPDATE mailboxes SET active = 2",
    "UPDATE mailboxes SET active = 'yes'",
    "UPDATE mailboxes SET name = ''",
    "UPDATE mailboxes SET address = NULL",
    "UPDATE mailboxes SET profile_id = 99",
    "INSERT INTO email_settings SELECT 2, 1, NULL, incoming, outgoing, act, 1, 1, 1, 1, 1, 0, 30, "
    "0,"
    " 0, min_tls, port_policy, ports, 10, 5, 64 FROM email_settings",
    "UPDATE email_settings SET keep_alerts_days = 0",
    "UPDATE email_settings SET max_conversations = 1001",
    "UPDATE email_settings SET min_tls = '1.0'",
    "UPDATE profiles SET timeout = 0",
    "UPDATE profiles SET timeout = 101",
    "UPDATE profiles SET max_connections = 301",
    "UPDATE profiles SET polling_interval = 1441",
    "UPDATE profiles SET incoming_port = 0",
    "UPDATE profiles SET outgoing_port = 65536",
    "UPDATE profiles SET incoming_security = 'maybe'",
    "UPDATE profiles SET name_key = 'first'",
    "DELETE FROM profiles",
    "INSERT INTO alerts (severity, code, direction, for_owner, facts, first_seen, last_seen)"
    " VALUES ('error', 'x', '', '', '', 0, 0)",
    "INSERT INTO alerts (severity, code, direction, mailbox_id, for_owner, facts, first_seen,"
    " last_seen) VALUES ('fatal', 'x', '', 1, '', '', 0, 0)",
    "INSERT INTO reports VALUES (99, 'incoming', 0, '{}')",
    "INSERT INTO reports VALUES (1, 'sideways', 0, '{}')",
  };
  g_auto (PrStoreFixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  prepare (&fixture);
  database = pr_database_open (fixture.path, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      if (pr_database_run (database, &error, statements[i], ""))
        g_error ("accepted: %s", statements[i]);
      g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
      if (strstr (error->message, "constraint") == NULL
          && strstr (error->message, "cannot store") == NULL)
        g_error ("%s: %s", statements[i], error->message);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/rules/edit", test_edit);
  g_test_add_func ("/store/rules/change", test_change);
  g_test_add_func ("/store/rules/username-follows", test_username_follows);
  g_test_add_func ("/store/rules/form-writes-no-results", test_form_writes_no_results);
  g_test_add_func ("/store/rules/secret-flags", test_secret_flags);
  g_test_add_func ("/store/rules/unique-address", test_unique_address);
  g_test_add_func ("/store/rules/unique-name", test_unique_name);
  g_test_add_func ("/store/rules/delete-profile", test_delete_profile);
  g_test_add_func ("/store/rules/ids-are-new", test_ids_are_new);
  g_test_add_func ("/store/rules/constraints", test_constraints);
  return g_test_run ();
}
