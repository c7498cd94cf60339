/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A database of every schema version that ever was becomes one of today, with all that was in it;
 * one that cannot keeps its version. fixtures/vN.sql are databases as text: see fixtures/make. */

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
get_fixture_name (int version)
{
  return g_strdup_printf ("v%d.sql", version);
}

static gboolean
has_fixture (int version)
{
  g_autofree char *name = get_fixture_name (version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", "fixtures", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
build (PrStoreFixture *fixture, int version)
{
  g_autofree char *name = get_fixture_name (version);
  g_autofree char *built = NULL;

  store_fixture_init_folder (fixture);
  files_build (fixture->path, name);
  built = files_query (fixture->path, "PRAGMA user_version");
  g_assert_cmpint (g_ascii_strtoll (built, NULL, 10), ==, version);
}

/* For each table of the database, a query for all that it has now. */
static char **
list_queries (const char *path)
{
  g_autofree char *text =
      files_query (path, "SELECT 'SELECT ' || (SELECT group_concat (name)"
                         " FROM pragma_table_info (s.name)) || ' FROM ' || s.name"
                         " || ' ORDER BY ' || (SELECT group_concat (name)"
                         " FROM pragma_table_info (s.name)) FROM sqlite_schema AS s"
                         " WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");

  return g_strsplit (text, "\n", -1);
}

static char *
get_rows (const char *path, char **queries)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; queries[i] != NULL; i++)
    {
      g_autofree char *rows = files_query (path, queries[i]);

      /* A table without rows would show nothing. */
      g_assert_cmpstr (rows, !=, "");
      g_string_append_printf (text, "%s:\n%s\n", queries[i], rows);
    }
  return g_string_free (text, FALSE);
}

/* Whoever adds a step also keeps a database of the version before it. */
static void
test_every_version_has_one (void)
{
  for (int version = 1; version < PR_SCHEMA_VERSION; version++)
    if (!has_fixture (version))
      g_error ("tests/store/fixtures/v%d.sql is missing: run tests/store/fixtures/make %d", version,
               version);
}

static void
test_migrates (gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  g_auto (PrStoreFixture) fixture;
  g_auto (PrStoreFixture) fresh;
  g_autofree char *before = NULL, *after = NULL, *check = NULL, *schema = NULL, *wanted = NULL;
  g_auto (GStrv) queries = NULL;
  static const char query[] = "SELECT type, name, sql FROM sqlite_schema"
                              " WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2";

  build (&fixture, version);
  queries = list_queries (fixture.path);
  g_assert_cmpuint (g_strv_length (queries), >=, 6);
  before = get_rows (fixture.path, queries);
  store_fixture_open (&fixture);
  store_fixture_close (&fixture);
  after = get_rows (fixture.path, queries);
  g_assert_cmpstr (after, ==, before);
  check = files_query (fixture.path, "SELECT (SELECT integrity_check FROM pragma_integrity_check)"
                                     " || (SELECT count (*) FROM pragma_foreign_key_check)"
                                     " || (SELECT user_version FROM pragma_user_version)");
  wanted = g_strdup_printf ("ok0%d", PR_SCHEMA_VERSION);
  g_assert_cmpstr (check, ==, wanted);

  /* It is the same as one that was made today. */
  store_fixture_init (&fresh);
  store_fixture_close (&fresh);
  g_free (wanted);
  schema = files_query (fixture.path, query);
  wanted = files_query (fresh.path, query);
  g_assert_cmpstr (schema, ==, wanted);
}

/* And it works: lists, saves, triggers. */
static void
test_is_used (gconstpointer data)
{
  static const PrAlertFilter all = { .severity = -1, .history = TRUE };
  g_auto (PrStoreFixture) fixture;
  g_autoptr (GPtrArray) profiles = NULL, mailboxes = NULL, alerts = NULL;
  g_autoptr (PrEmailSettings) settings = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *approval = NULL, *report = NULL;

  build (&fixture, GPOINTER_TO_INT (data));
  store_fixture_open (&fixture);
  profiles = store_list_profiles (fixture.store);
  mailboxes = store_list (fixture.store, pr_selection_new_all (), &error);
  alerts = store_list_alerts (fixture.store, &all);
  settings = store_load_settings (fixture.store);
  g_assert_cmpuint (profiles->len, ==, 3);
  g_assert_cmpuint (mailboxes->len, ==, 4);
  g_assert_cmpuint (alerts->len, ==, 4);
  g_assert_cmpint (pr_email_settings_get (settings, KEEP_ALERTS_DAYS), ==, 3650);
  g_assert_cmpint (pr_email_settings_get (settings, PROFILE_ID), ==, 2);
  profile = store_find_profile (fixture.store, "Gmail");
  g_assert_true (pr_server_profile_get (profile, IS_DEFAULT));
  report = store_load_report (fixture.store, 1, PR_DIRECTION_INCOMING);
  g_assert_cmpstr (report, ==, "{\"schema\":1}");

  mailbox = store_find_mailbox (fixture.store, "support@example.org");
  record_set (mailbox, "address", "help@example.org");
  store_save_mailbox (fixture.store, mailbox, &error);
  g_assert_no_error (error);
  approval = store_get_field (fixture.store, "help@example.org", "approval");
  g_assert_cmpstr (approval, ==, "pending");
  record_set (profile, "description", "changed");
  store_save_profile (fixture.store, profile, &error);
  g_assert_no_error (error);
  store_save_settings (fixture.store, settings, &error);
  g_assert_no_error (error);
}

/* Old, and nobody may write it: said as it is, and untouched. */
static void
open_old_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "postroom.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_database_open (path, PR_DATABASE_NONE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, "older format"));
}

static void
test_cannot_be_written (gconstpointer data)
{
  g_auto (PrStoreFixture) fixture;
  gsize length_before, length_after;
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;

  build (&fixture, GPOINTER_TO_INT (data));
  before = files_read (fixture.path, &length_before);
  g_assert_null (pr_database_open (fixture.path, PR_DATABASE_READ_ONLY, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
  g_assert_cmpint (chmod (fixture.path, 0444), ==, 0);
  g_assert_cmpint (chmod (fixture.folder, 0777), ==, 0);
  files_run_as_nobody (open_old_file, fixture.folder);
  after = files_read (fixture.path, &length_after);
  g_assert_cmpmem (before, length_before, after, length_after);
}

/* A later step fails in its middle: all that was done before it stays, and the version with it. */
static void
test_later_step_fails (void)
{
  g_auto (PrStoreFixture) fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL, *mailboxes = NULL, *columns = NULL;

  build (&fixture, 2);
  /* The fourth thing that step 3 does is there already. */
  files_run_sql (fixture.path, "ALTER TABLE profiles ADD COLUMN oauth_authorization_url TEXT");
  g_assert_null (pr_database_open (fixture.path, PR_DATABASE_NONE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  g_assert_nonnull (strstr (error->message, "oauth_authorization_url"));
  version = files_query (fixture.path, "PRAGMA user_version");
  g_assert_cmpstr (version, ==, "2");
  columns = files_query (fixture.path, "SELECT count (*) FROM pragma_table_info ('profiles')"
                                       " WHERE name = 'oauth_provider'");
  g_assert_cmpstr (columns, ==, "0");
  mailboxes = files_query (fixture.path, "SELECT count (*) FROM mailboxes");
  g_assert_cmpstr (mailboxes, ==, "4");
}

static gpointer
open_in_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;
  PrDatabase *database = pr_database_open (data, PR_DATABASE_NONE, &error);

  g_assert_no_error (error);
  pr_database_close (database);
  return NULL;
}

/* Window and command line start at the same time. */
static void
test_two_at_once (void)
{
  for (guint round = 0; round < 20; round++)
    {
      g_auto (PrStoreFixture) fixture;
      GThread *threads[4];
      g_autofree char *check = NULL;

      build (&fixture, 1);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("open", open_in_thread, fixture.path);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
      check = files_query (fixture.path, "SELECT integrity_check FROM pragma_integrity_check");
      g_assert_cmpstr (check, ==, "ok");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/schema/every-version-has-one", test_every_version_has_one);
  for (int version = 1; version <= PR_SCHEMA_VERSION; version++)
    {
      g_autofree char *migrates = g_strdup_printf ("/store/schema/migrates/%d", version);
      g_autofree char *used = g_strdup_printf ("/store/schema/is-used/%d", version);
      g_autofree char *old = g_strdup_printf ("/store/schema/cannot-be-written/%d", version);

      if (!has_fixture (version))
        continue;
      g_test_add_data_func (migrates, GINT_TO_POINTER (version), test_migrates);
      g_test_add_data_func (used, GINT_TO_POINTER (version), test_is_used);
      if (version < PR_SCHEMA_VERSION)
        g_test_add_data_func (old, GINT_TO_POINTER (version), test_cannot_be_written);
    }
  g_test_add_func ("/store/schema/later-step-fails", test_later_step_fails);
  g_test_add_func ("/store/schema/two-at-once", test_two_at_once);
  return g_test_run ();
}
