/* SPDX-License-Identifier: GPL-3.0-or-later */

/* postroomctl as an admin uses it: profiles, mailboxes, settings, alerts, environments; what is
 * printed, what is JSON, which rows a selection means, and the exit statuses. */

#include "ctl-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
run_sql (PrCtlFixture *fixture, const char *sql)
{
  g_autofree char *path = ctl_get_database (fixture);
  sqlite3 *handle = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  if (sqlite3_exec (handle, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static void
add_some (PrCtlFixture *fixture)
{
  ctl_ok (fixture, "profile add --name Example --incoming localhost --outgoing localhost"
                   " --incoming-port 1 --outgoing-port 1 --default");
  ctl_ok (fixture, "profile add --name Other --incoming localhost --outgoing localhost");
  ctl_ok (fixture, "mailbox add a@example.org --owner Alice --allow-credentials");
  ctl_ok (fixture, "mailbox add b@example.org --kind queue --delete-after");
  ctl_ok (fixture, "mailbox add c@example.org --kind forward --profile Other");
}

static char *
get_text (JsonNode *node, const char *key)
{
  JsonObject *object = json_node_get_object (node);
  JsonNode *value = json_object_get_member (object, key);

  if (value == NULL)
    g_error ("“%s” is missing", key);
  return json_to_string (value, FALSE);
}

static void
assert_field (PrCtlFixture *fixture, const char *call, const char *key, const char *expected)
{
  g_autoptr (JsonNode) node = ctl_json (fixture, call, 0);
  g_autofree char *text = get_text (node, key);

  g_assert_cmpstr (text, ==, expected);
}

/* --- Records ---------------------------------------------------------------------------------- */

static void
test_profile (void)
{
  g_auto (PrCtlFixture) fixture;
  g_autoptr (JsonNode) list = NULL, made = NULL;

  ctl_fixture_init (&fixture);
  ctl_expect (&fixture, "profile list --json", 0, "[]", "");
  ctl_expect (&fixture,
              "profile add --type pop3-smtp --name 'Example mail' --incoming mail.example.org"
              " --outgoing mail.example.org --default",
              0, "“Example mail” was added", "");
  assert_field (&fixture, "profile show 'example MAIL' --json", "incoming_port", "995");
  assert_field (&fixture, "profile show 'Example mail' --json", "outgoing_port", "465");
  assert_field (&fixture, "profile show 'Example mail' --json", "is_default", "true");
  ctl_expect (&fixture, "profile show 'Example mail'", 0,
              "incoming-location            mail.example", "");
  /* The preset fills what is not given. */
  made = ctl_json (&fixture, "profile add --type gmail --name Gmail --timeout 7 --json", 0);
  assert_field (&fixture, "profile show Gmail --json", "incoming_location", "\"pop.gmail.com\"");
  assert_field (&fixture, "profile show Gmail --json", "outgoing_security", "\"starttls\"");
  assert_field (&fixture, "profile show Gmail --json", "timeout", "7");
  ctl_expect (&fixture, "profile add --name GMAIL --incoming a --outgoing b", 2, "", "“GMAIL”");

  ctl_expect (&fixture, "profile edit Gmail --name 'Google Mail' --no-active", 0, "was changed",
              NULL);
  assert_field (&fixture, "profile show 'Google Mail' --json", "active", "false");
  ctl_expect (&fixture, "profile set-default 'Google Mail'", 0, "“Google Mail”", NULL);
  assert_field (&fixture, "profile show 'Example mail' --json", "is_default", "false");
  list = ctl_json (&fixture, "profile list --json", 0);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), ==, 2);
  ctl_expect (&fixture, "profile remove 'Google Mail'", 0, "was removed", "");
  ctl_expect (&fixture, "profile show 'Google Mail'", 2, "", "“Google Mail”");
}

#define PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define PIN_PAIRS "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

/* A pin needs a reason, may be written as other programs print it, and says since when it is. */
static void
test_profile_pin (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  ctl_ok (&fixture, "profile add --name Ours --incoming a --outgoing b");
  ctl_expect (&fixture, "profile edit Ours --incoming-pin " PIN, 2, "", "Reason for the pin");
  ctl_expect (&fixture, "profile edit Ours --incoming-pin 00:11 --incoming-pin-reason why", 2, "",
              "64 hexadecimal digits");
  ctl_expect (&fixture,
              "profile edit Ours --incoming-pin " PIN_PAIRS ":" PIN_PAIRS
              " --incoming-pin-reason 'Told by Berta'",
              0, "was changed", "pinned, not verified");
  assert_field (&fixture, "profile show Ours --json", "incoming_pin", "\"" PIN "\"");
  ctl_expect (&fixture, "profile show Ours", 0, "incoming-pinned-at           2", "");
  ctl_ok (&fixture, "profile edit Ours --incoming-pin ''");
  assert_field (&fixture, "profile show Ours --json", "incoming_pin_reason", "\"\"");
}

/* Warnings do not keep anybody from saving, and are on standard error. */
static void
test_profile_warnings (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  ctl_expect (&fixture, "profile add --type gmail --name Gmail", 0, "was added", "30 May 2022");
  ctl_expect (&fixture,
              "profile add --name Old --incoming a --outgoing b --process-from 2020-01-01 --json",
              0, "\"Old\"", "earlier email will be pulled");
}

static void
test_mailbox (void)
{
  g_auto (PrCtlFixture) fixture;
  g_autoptr (JsonNode) node = NULL;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  assert_field (&fixture, "mailbox show A@EXAMPLE.org --json", "owner", "\"Alice\"");
  assert_field (&fixture, "mailbox show a@example.org --json", "name", "\"Alice\"");
  assert_field (&fixture, "mailbox show a@example.org --json", "profile_name", "\"Example\"");
  assert_field (&fixture, "mailbox show a@example.org --json", "approval", "\"pending\"");
  assert_field (&fixture, "mailbox show a@example.org --json", "allow_credentials", "true");
  assert_field (&fixture, "mailbox show c@example.org --json", "outgoing", "\"none\"");
  assert_field (&fixture, "mailbox show c@example.org --json", "profile_name", "\"Other\"");
  ctl_expect (&fixture, "mailbox add A@example.ORG", 2, "", "“a@example.org” already");
  /* A new address is pending again. */
  ctl_expect (&fixture, "mailbox approve a@example.org", 0, "1 mailbox was changed", "");
  ctl_expect (&fixture, "mailbox edit a@example.org --address new@example.org", 0,
              "“new@example.org” was changed", "");
  assert_field (&fixture, "mailbox show new@example.org --json", "approval", "\"pending\"");
  assert_field (&fixture, "mailbox show new@example.org --json", "username", "\"new@example.org\"");
  node = ctl_json (&fixture, "mailbox edit new@example.org --owner Olivia --json", 0);
  ctl_expect (&fixture, "mailbox edit b@example.org --kind user", 2, "", "Delete emails after");
  ctl_expect (&fixture, "mailbox list", 0, "new@example.org  Example", "");
}

static void
test_settings (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  ctl_expect (&fixture, "settings show", 0, "keep-alerts-days             30", "");
  ctl_expect (&fixture, "settings set keep-alerts-days=7 allow_unencrypted=yes ports='465, 995'", 0,
              "were changed", "");
  assert_field (&fixture, "settings show --json", "keep_alerts_days", "7");
  assert_field (&fixture, "settings show --json", "allow_unencrypted", "true");
  assert_field (&fixture, "settings show --json", "ports", "\"465, 995\"");
  ctl_ok (&fixture, "settings set profile=other");
  assert_field (&fixture, "profile show Other --json", "is_default", "true");
  ctl_ok (&fixture, "settings set profile=");
  assert_field (&fixture, "settings show --json", "profile_id", "null");
  /* All or nothing. */
  ctl_expect (&fixture, "settings set keep-alerts-days=8 retry-count=101", 2, "", "“101”");
  assert_field (&fixture, "settings show --json", "keep_alerts_days", "7");
}

/* --- Selections ------------------------------------------------------------------------------- */

static void
test_selections (void)
{
  static const struct
  {
    const char *selection;
    guint n;
  } rows[] = {
    { "--all", 3 },
    { "a@example.org", 1 },
    { "a@example.org B@example.org", 2 },
    { "--profile example", 2 },
    { "--profile Other", 1 },
    { "--view all", 3 },
    { "--view active", 3 },
    { "--view inactive", 0 },
    { "--view pending", 3 },
    { "--view not-tested", 3 },
    { "--view failed", 0 },
    { "--view enabled", 0 },
    { "--view forward", 1 },
    { "--view forward --profile Example", 0 },
  };
  static const char *const commands[] = { "approve",    "reject",         "activate",
                                          "deactivate", "apply-defaults", "list" };
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *call = g_strdup_printf ("mailbox list %s --json", rows[i].selection);
      g_autoptr (JsonNode) node = ctl_json (&fixture, call, 0);

      g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, rows[i].n);
    }
  for (guint c = 0; c < G_N_ELEMENTS (commands); c++)
    {
      g_autofree char *call = g_strdup_printf ("mailbox %s --all --json", commands[c]);
      g_autoptr (JsonNode) node = ctl_json (&fixture, call, 0);

      g_assert_true (c == G_N_ELEMENTS (commands) - 1
                     || json_object_get_int_member (json_node_get_object (node), "changed") == 3);
    }
  ctl_expect (&fixture, "mailbox deactivate --view forward", 0, "changed", "");
  ctl_expect (&fixture, "mailbox remove --view inactive", 0, "3 mailboxes were removed", "");
  ctl_expect (&fixture, "mailbox list --json", 0, "[]", "");
}

/* Nothing of a list is done when one of it does not exist. */
static void
test_one_is_unknown (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  ctl_expect (&fixture, "mailbox remove a@example.org nobody@example.org b@example.org", 2, "",
              "“nobody@example.org”");
  ctl_expect (&fixture, "mailbox approve a@example.org nobody@example.org", 2, "", NULL);
  assert_field (&fixture, "mailbox show a@example.org --json", "approval", "\"pending\"");
  ctl_expect (&fixture, "profile remove Example", 2, "", "2 mailboxes use it");
}

/* --- Tests and alerts ------------------------------------------------------------------------- */

static void
test_tests (void)
{
  g_auto (PrCtlFixture) fixture;
  g_auto (PrCtlRun) lines = { 0 };
  g_auto (GStrv) each = NULL;
  g_autoptr (JsonNode) reports = NULL, alerts = NULL, checked = NULL;
  JsonObject *alert;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  ctl_expect (&fixture, "mailbox test a@example.org", 1, "Code: address-not-approved", "");
  ctl_expect (&fixture, "mailbox test a@example.org", 1, "0 succeeded, 2 failed", "");
  reports = ctl_json (&fixture, "mailbox test --all --json", 1);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (reports)), ==, 6);
  g_clear_pointer (&reports, json_node_unref);
  reports = ctl_json (&fixture, "mailbox test --all --incoming --json", 1);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (reports)), ==, 3);
  ctl_run (&fixture, "mailbox test --all --json-lines", NULL, &lines);
  g_assert_cmpint (lines.status, ==, 1);
  each = g_strsplit (g_strchomp (lines.out), "\n", -1);
  g_assert_cmpuint (g_strv_length (each), ==, 6);
  for (guint i = 0; each[i] != NULL; i++)
    {
      g_autoptr (JsonNode) line = json_from_string (each[i], NULL);

      g_assert_nonnull (line);
      g_assert_cmpint (json_object_get_int_member (json_node_get_object (line), "schema"), ==, 1);
    }
  ctl_expect (&fixture, "profile test-mailboxes Other --json", 1, "c@example.org", "");
  ctl_expect (&fixture, "profile test Example", 1, "connection-refused", "");

  alerts = ctl_json (&fixture, "alert list --mailbox a@example.org --json", 0);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (alerts)), ==, 1);
  alert = json_array_get_object_element (json_node_get_array (alerts), 0);
  g_assert_cmpstr (json_object_get_string_member (alert, "code"), ==, "address-not-approved");
  g_assert_nonnull (strstr (json_object_get_string_member (alert, "summary"), "a@example.org"));
  ctl_expect (&fixture, "alert list --severity warning", 0, "There are no alerts", "");
  ctl_expect (&fixture, "alert dismiss --mailbox a@example.org", 0, "1 alert was dismissed", "");
  ctl_expect (&fixture, "alert list --mailbox a@example.org", 0, "There are no alerts", "");
  ctl_expect (&fixture, "alert list --mailbox a@example.org --history --json", 0, "dismissed", "");

  checked = ctl_json (&fixture, "check pop3 localhost:1 --json", 1);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (checked), "code"), ==,
                   "connection-refused");
  ctl_expect (&fixture, "check smtp 127.0.0.1:1 --security starttls --timeout 5", 1,
              "What to do: ", "");
}

/* Nothing to test is nothing that failed. */
static void
test_nothing_to_test (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  ctl_expect (&fixture, "mailbox test --view failed", 0, "0 succeeded, 0 failed", "");
  ctl_expect (&fixture, "mailbox test --view failed --json", 0, "[]", "");
}

/* --- Environments ----------------------------------------------------------------------------- */

static void
test_environments (void)
{
  g_auto (PrCtlFixture) fixture;
  g_autoptr (JsonNode) list = NULL;
  g_autofree char *other = NULL, *call = NULL;

  ctl_fixture_init (&fixture);
  ctl_expect (&fixture, "environment list --json", 0, "[]", "");
  ctl_ok (&fixture, "settings set keep-alerts-days=7");
  ctl_expect (&fixture, "environment add Sandbox", 0, NULL, "");
  ctl_expect (&fixture, "environment list", 0, "Default\nSandbox\n", "");
  ctl_ok (&fixture, "settings set keep-alerts-days=9 --environment Sandbox");
  assert_field (&fixture, "settings show --json", "keep_alerts_days", "7");
  assert_field (&fixture, "settings show --json --environment Sandbox", "keep_alerts_days", "9");
  list = ctl_json (&fixture, "environment list --json", 0);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), ==, 2);
  ctl_expect (&fixture, "settings show --environment Nowhere", 2, "",
              "There is: “Default”, “Sandbox”");
  /* A data folder that is named wins over the variable. */
  other = g_build_filename (fixture.folder, "other", NULL);
  call = g_strdup_printf ("settings show --json --data-dir '%s'", other);
  assert_field (&fixture, call, "keep_alerts_days", "30");
}

/* --- What it could not do: 3 ------------------------------------------------------------------ */

static void
test_no_keyring (void)
{
  g_auto (PrCtlFixture) fixture;
  g_auto (PrCtlRun) run = { 0 };
  g_autofree char *file = NULL, *call = NULL;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  ctl_run (&fixture, "mailbox set-password a@example.org --password-stdin", "c4nary\n", &run);
  g_assert_cmpint (run.status, ==, 3);
  g_assert_nonnull (strstr (run.err, "gnome-keyring"));
  g_assert_null (strstr (run.err, "c4nary"));
  g_assert_cmpstr (run.out, ==, "");
  assert_field (&fixture, "mailbox show a@example.org --json", "password_set", "false");
  file = g_build_filename (fixture.folder, "password", NULL);
  g_assert_true (g_file_set_contents (file, "c4nary", -1, NULL));
  call = g_strdup_printf ("mailbox set-password a@example.org --password-file '%s'", file);
  ctl_expect (&fixture, call, 3, "", "gnome-keyring");
  /* A wrong password is wrong before anybody is asked. */
  g_assert_true (g_file_set_contents (file, "two\nlines", -1, NULL));
  ctl_expect (&fixture, call, 2, "", "without line breaks");
}

static void
test_bad_databases (void)
{
  g_auto (PrCtlFixture) fixture;
  g_autofree char *path = NULL;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  path = ctl_get_database (&fixture);
  run_sql (&fixture, "PRAGMA user_version = 1000");
  ctl_expect (&fixture, "mailbox list", 3, "", "newer Postroom");
  ctl_expect (&fixture, "environment list", 0, "", "newer Postroom");
  g_assert_true (g_file_set_contents (path, "garbage", -1, NULL));
  ctl_expect (&fixture, "mailbox list", 3, "", "damaged");
  ctl_expect (&fixture, "settings set keep-alerts-days=9", 3, "", "damaged");
}

static void
test_no_data_folder (void)
{
  g_auto (PrCtlFixture) fixture;

  ctl_fixture_init (&fixture);
  ctl_expect (&fixture, "mailbox list --data-dir /dev/null", 3, "", "/dev/null");
  ctl_expect (&fixture, "mailbox list --data-dir /proc/nonexistent", 3, "", "/proc/nonexistent");
}

/* Somebody else's environment can be looked at. */
static void
test_read_only (void)
{
  g_auto (PrCtlFixture) fixture;
  g_autofree char *path = NULL, *folder = NULL, *above = NULL;

  ctl_fixture_init (&fixture);
  add_some (&fixture);
  path = ctl_get_database (&fixture);
  folder = g_path_get_dirname (path);
  above = g_path_get_dirname (folder);
  g_assert_cmpint (chmod (path, 0444), ==, 0);
  g_assert_cmpint (chmod (folder, 0555), ==, 0);
  g_assert_cmpint (chmod (above, 0555), ==, 0);
  g_assert_cmpint (chmod (fixture.data_dir, 0555), ==, 0);
  g_assert_cmpint (chmod (fixture.folder, 0755), ==, 0);
  fixture.as_nobody = geteuid () == 0;
  ctl_expect (&fixture, "mailbox list", 0, "a@example.org", "");
  ctl_expect (&fixture, "mailbox show a@example.org --json", 0, "Alice", "");
  ctl_expect (&fixture, "alert list", 0, "There are no alerts", "");
  ctl_expect (&fixture, "mailbox approve --all", 3, "", "can only be read");
  ctl_expect (&fixture, "mailbox add new@example.org", 3, "", "can only be read");
  ctl_expect (&fixture, "settings set keep-alerts-days=9", 3, "", "can only be read");
  ctl_expect (&fixture, "mailbox test --all", 1, "database-read-only", "");
  g_assert_cmpint (chmod (fixture.data_dir, 0755), ==, 0);
  g_assert_cmpint (chmod (above, 0755), ==, 0);
  g_assert_cmpint (chmod (folder, 0755), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/profile", test_profile);
  g_test_add_func ("/ctl/profile-warnings", test_profile_warnings);
  g_test_add_func ("/ctl/profile-pin", test_profile_pin);
  g_test_add_func ("/ctl/mailbox", test_mailbox);
  g_test_add_func ("/ctl/settings", test_settings);
  g_test_add_func ("/ctl/selections", test_selections);
  g_test_add_func ("/ctl/one-is-unknown", test_one_is_unknown);
  g_test_add_func ("/ctl/tests", test_tests);
  g_test_add_func ("/ctl/nothing-to-test", test_nothing_to_test);
  g_test_add_func ("/ctl/environments", test_environments);
  g_test_add_func ("/ctl/no-keyring", test_no_keyring);
  g_test_add_func ("/ctl/bad-databases", test_bad_databases);
  g_test_add_func ("/ctl/no-data-folder", test_no_data_folder);
  g_test_add_func ("/ctl/read-only", test_read_only);
  return g_test_run ();
}
