/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a database: what a new one is like, and each way in which an old one cannot be used,
 * told apart, with nothing touched. */

#include "store-files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
fixture_init (Fixture *self)
{
  self->folder = files_make_folder ();
  self->path = g_build_filename (self->folder, "postroom.db", NULL);
}

static void
fixture_clear (Fixture *self)
{
  files_remove_folder (self->folder);
  g_free (self->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* A good database with something in it, and nothing beside it. */
static void
make_good (const char *path)
{
  g_autoptr (GError) error = NULL;
  PrDatabase *database = pr_database_open (path, PR_DATABASE_CREATE, &error);
  g_autofree char *sql = NULL;

  g_assert_no_error (error);
  pr_database_close (database);
  sql = g_strdup ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                  "INSERT INTO mailboxes (name, kind, address, address_key, owner, incoming,"
                  " outgoing, act, allow_credentials, username, delete_after, active)"
                  " SELECT 'Name ' || i, 'user', i || '@example.org', i || '@example.org', 'Owner',"
                  " 'server-side', 'server-side', 'none', 1, i || '@example.org', 0, 1 FROM n");
  files_run_sql (path, sql);
}

static void
assert_refused (const char *path, PrDatabaseFlags flags, PrError code, const char *word)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *names_before = files_list (folder);
  gsize length_before = 0, length_after = 0;
  g_autofree char *before = NULL, *after = NULL, *names_after = NULL;
  g_autoptr (GError) error = NULL;
  gboolean exists = g_file_test (path, G_FILE_TEST_EXISTS);

  if (exists)
    before = files_read (path, &length_before);
  g_assert_null (pr_database_open (path, flags, &error));
  g_assert_error (error, PR_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, path));
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not say “%s”", error->message, word);
  if (exists)
    {
      after = files_read (path, &length_after);
      g_assert_cmpmem (before, length_before, after, length_after);
    }
  names_after = files_list (folder);
  g_assert_cmpstr (names_after, ==, names_before);
}

/* --- A new one -------------------------------------------------------------------------------- */

static void
test_new (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *facts = NULL, *lax = NULL, *version = NULL, *id = NULL;
  struct stat info;

  fixture_init (&fixture);
  assert_refused (fixture.path, PR_DATABASE_NONE, PR_ERROR_NOT_FOUND, "no database");
  database = pr_database_open (fixture.path, PR_DATABASE_CREATE, &error);
  g_assert_no_error (error);
  g_assert_false (pr_database_is_read_only (database));
  g_assert_cmpstr (pr_database_get_path (database), ==, fixture.path);
  g_assert_cmpint (stat (fixture.path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  facts = files_query (fixture.path, "PRAGMA journal_mode");
  g_assert_cmpstr (facts, ==, "wal");
  id = files_query (fixture.path, "PRAGMA application_id");
  g_assert_cmpint (g_ascii_strtoll (id, NULL, 10), ==, 0x50726d62);
  version = files_query (fixture.path, "PRAGMA user_version");
  g_assert_cmpint (g_ascii_strtoll (version, NULL, 10), ==, PR_SCHEMA_VERSION);
  lax = files_query (fixture.path, "SELECT name FROM pragma_table_list WHERE schema = 'main'"
                                   " AND type = 'table' AND NOT strict"
                                   " AND name NOT LIKE 'sqlite_%'");
  g_assert_cmpstr (lax, ==, "");
}

/* The files beside it are as private as itself. */
static void
test_private (void)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  g_auto (Fixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  mode_t mask = umask (0);

  fixture_init (&fixture);
  database = pr_database_open (fixture.path, PR_DATABASE_CREATE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (fixture.path, endings[i], NULL);
      struct stat info;

      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
  umask (mask);
}

static void
test_settings_of_connection (void)
{
  static const struct
  {
    const char *sql;
    gint64 value;
  } rows[] = {
    { "PRAGMA foreign_keys", 1 },
    { "PRAGMA secure_delete", 1 },
    { "PRAGMA busy_timeout", 10000 },
  };
  g_auto (Fixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture);
  database = pr_database_open (fixture.path, PR_DATABASE_CREATE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrStatement) statement = pr_database_query (database, &error, rows[i].sql, "");

      g_assert_no_error (error);
      g_assert_true (pr_statement_next (statement, &error));
      g_assert_cmpint (pr_statement_get_number (statement, 0), ==, rows[i].value);
    }
}

/* Given up between making the file and writing to it. */
static void
test_empty_file (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture);
  files_write (fixture.path, "", 0);
  assert_refused (fixture.path, PR_DATABASE_NONE, PR_ERROR_NOT_FOUND, "no database");
  database = pr_database_open (fixture.path, PR_DATABASE_CREATE, &error);
  g_assert_no_error (error);
}

static void
test_odd_names (void)
{
  static const char *const names[] = { "a b.db", "a?b.db", "a#b.db", "a%20b.db", "ä.db", "a'b.db" };
  g_auto (Fixture) fixture;

  fixture_init (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture.folder, names[i], NULL);

      make_good (path);
      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* --- Not ours --------------------------------------------------------------------------------- */

static void
test_garbage (void)
{
  g_auto (Fixture) fixture;
  char noise[9000];

  fixture_init (&fixture);
  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (char) g_test_rand_int ();
  files_write (fixture.path, noise, sizeof noise);
  assert_refused (fixture.path, PR_DATABASE_CREATE, PR_ERROR_DATABASE_DAMAGED, "damaged");
  files_write (fixture.path, "x", 1);
  assert_refused (fixture.path, PR_DATABASE_CREATE, PR_ERROR_DATABASE_DAMAGED, "damaged");
  files_write (fixture.path, "SQLite format 3\0", 16);
  assert_refused (fixture.path, PR_DATABASE_NONE, PR_ERROR_DATABASE_DAMAGED, "damaged");
  /* The right beginning, then noise. */
  memcpy (noise, "SQLite format 3\0\x10\0\x02\x02\0\x40\x20\x20", 24);
  files_write (fixture.path, noise, sizeof noise);
  assert_refused (fixture.path, PR_DATABASE_NONE, PR_ERROR_DATABASE_DAMAGED, "");
}

static void
test_other_program (void)
{
  static const char *const scripts[] = {
    "CREATE TABLE theirs (a)",
    "PRAGMA application_id = 1; CREATE TABLE theirs (a)",
    "PRAGMA application_id = 1; PRAGMA user_version = 1; CREATE TABLE theirs (a)",
    "PRAGMA user_version = 1; CREATE TABLE theirs (a)",
    "PRAGMA user_version = 99; CREATE TABLE theirs (a)",
    "PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)",
    "CREATE TABLE mailboxes (a); CREATE TABLE profiles (a)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_auto (Fixture) fixture;

      fixture_init (&fixture);
      files_run_sql (fixture.path, scripts[i]);
      assert_refused (fixture.path, PR_DATABASE_NONE, PR_ERROR_DATABASE_DAMAGED, "another program");
      assert_refused (fixture.path, PR_DATABASE_CREATE, PR_ERROR_DATABASE_DAMAGED,
                      "another program");
      assert_refused (fixture.path, PR_DATABASE_READ_ONLY, PR_ERROR_DATABASE_DAMAGED,
                      "another program");
    }
}

static void
test_newer (void)
{
  static const PrDatabaseFlags flags[] = { PR_DATABASE_NONE, PR_DATABASE_CREATE,
                                           PR_DATABASE_READ_ONLY };
  g_auto (Fixture) fixture;
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", PR_SCHEMA_VERSION + 1);

  fixture_init (&fixture);
  make_good (fixture.path);
  files_run_sql (fixture.path, sql);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    assert_refused (fixture.path, flags[i], PR_ERROR_DATABASE_NEWER, "newer Postroom");
}

static void
test_folder_in_the_way (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture);
  g_assert_cmpint (g_mkdir (fixture.path, 0700), ==, 0);
  g_assert_null (pr_database_open (fixture.path, PR_DATABASE_CREATE, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, PR_ERROR);
}

/* --- Damaged ---------------------------------------------------------------------------------- */

/* Reads all that is in it. Returns: FALSE with @error, as any command would. */
static gboolean
read_all (PrDatabase *database, GError **error)
{
  static const char *const tables[] = { "environment", "profiles", "email_settings",
                                        "mailboxes",   "alerts",   "reports" };
  GError *local_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", tables[i]);
      g_autoptr (PrStatement) statement = pr_database_query (database, &local_error, sql, "");

      while (statement != NULL && pr_statement_next (statement, &local_error))
        ;
      if (local_error != NULL)
        {
          g_propagate_error (error, local_error);
          return FALSE;
        }
    }
  return TRUE;
}

/* Whatever is damaged ends in the one error, or does no harm; never in anything else. Returns:
 * whether it was noticed. */
static gboolean
try_damaged (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDatabase) database = pr_database_open (path, PR_DATABASE_NONE, &error);

  if (database != NULL && read_all (database, &error))
    return FALSE;
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE_DAMAGED);
  g_assert_nonnull (strstr (error->message, path));
  return TRUE;
}

/* At least one page is missing; the end of the last one alone would be read as zeros. */
static void
test_truncated (void)
{
  g_auto (Fixture) fixture;
  g_autofree char *good = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  fixture_init (&fixture);
  good = g_build_filename (fixture.folder, "good.db", NULL);
  make_good (good);
  bytes = files_read (good, &length);
  for (gsize cut = 1; cut <= length - 4096; cut = cut < 5000 ? cut * 2 : cut + 4096 + 700)
    {
      g_autofree char *wal = g_strconcat (fixture.path, "-wal", NULL);
      g_autofree char *shm = g_strconcat (fixture.path, "-shm", NULL);

      g_remove (wal);
      g_remove (shm);
      files_write (fixture.path, bytes, cut);
      if (!try_damaged (fixture.path))
        g_error ("cut at %d of %d bytes", (int) cut, (int) length);
    }
}

/* Each page in turn is noise: the file's own header, tables, indexes. */
static void
test_noisy_pages (void)
{
  g_auto (Fixture) fixture;
  g_autofree char *good = NULL;
  g_autofree char *bytes = NULL;
  guint n_noticed = 0, n_pages;
  gsize length;

  fixture_init (&fixture);
  good = g_build_filename (fixture.folder, "good.db", NULL);
  make_good (good);
  bytes = files_read (good, &length);
  n_pages = (guint) (length / 4096);
  g_assert_cmpuint (n_pages, >, 10);
  for (guint page = 0; page < n_pages; page++)
    {
      char noise[4096];

      for (guint i = 0; i < sizeof noise; i++)
        noise[i] = (char) g_test_rand_int ();
      files_write (fixture.path, bytes, length);
      files_patch (fixture.path, page * 4096, noise, sizeof noise);
      n_noticed += try_damaged (fixture.path);
    }
  g_assert_cmpuint (n_noticed, ==, n_pages);
}

/* One flipped byte anywhere never crashes, and never becomes another kind of error. */
static void
test_flipped_bytes (void)
{
  g_auto (Fixture) fixture;
  g_autofree char *good = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  fixture_init (&fixture);
  good = g_build_filename (fixture.folder, "good.db", NULL);
  make_good (good);
  bytes = files_read (good, &length);
  for (guint i = 0; i < 400; i++)
    {
      /* The headers of pages more often than their contents. */
      gsize offset = i % 2 == 0 ? (gsize) g_test_rand_int_range (0, (gint32) length)
                                : (gsize) g_test_rand_int_range (0, (gint32) (length / 4096)) * 4096
                                      + (gsize) g_test_rand_int_range (0, 16);
      char before = bytes[offset];
      g_autoptr (GError) error = NULL;
      g_autoptr (PrDatabase) database = NULL;

      bytes[offset] = (char) (before ^ (1 << g_test_rand_int_range (0, 8)));
      files_write (fixture.path, bytes, length);
      bytes[offset] = before;
      database = pr_database_open (fixture.path, PR_DATABASE_NONE, &error);
      if (database == NULL || !read_all (database, &error))
        {
          g_assert_nonnull (error);
          g_assert_cmpint (error->domain, ==, PR_ERROR);
        }
    }
}

/* --- Schema steps ----------------------------------------------------------------------------- */

/* A step that fails in its middle leaves the version before it, whole. */
static void
test_failing_step (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL, *tables = NULL;

  fixture_init (&fixture);
  /* Ours, of version 0, where the first step will meet a table that is there already. */
  files_run_sql (fixture.path, "PRAGMA application_id = 0x50726d62;"
                               "CREATE TABLE mailboxes (precious TEXT);"
                               "INSERT INTO mailboxes VALUES ('data')");
  g_assert_null (pr_database_open (fixture.path, PR_DATABASE_NONE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  g_assert_nonnull (strstr (error->message, "mailboxes"));
  version = files_query (fixture.path, "PRAGMA user_version");
  g_assert_cmpstr (version, ==, "0");
  tables = files_query (fixture.path, "SELECT group_concat (name) || (SELECT precious FROM"
                                      " mailboxes) FROM sqlite_schema WHERE type = 'table'");
  g_assert_cmpstr (tables, ==, "mailboxesdata");
}

/* --- Read only -------------------------------------------------------------------------------- */

static void
assert_read_only (const char *path, PrDatabaseFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDatabase) database = pr_database_open (path, flags, &error);
  PrStatement *statement;

  g_assert_no_error (error);
  g_assert_true (pr_database_is_read_only (database));
  g_assert_true (read_all (database, &error));
  statement = pr_database_query (database, &error, "SELECT count (*) FROM mailboxes", "");
  g_assert_true (pr_statement_next (statement, &error));
  g_assert_cmpint (pr_statement_get_number (statement, 0), ==, 500);
  pr_statement_free (statement);
  g_assert_true (pr_database_begin (database, FALSE, &error));
  pr_database_rollback (database);
  g_assert_false (pr_database_begin (database, TRUE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_false (pr_database_run (database, &error, "DELETE FROM mailboxes", ""));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
}

static void
open_read_only_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "postroom.db", NULL);

  assert_read_only (path, PR_DATABASE_NONE);
}

static void
test_read_only_file (void)
{
  g_auto (Fixture) fixture;

  fixture_init (&fixture);
  make_good (fixture.path);
  g_assert_cmpint (chmod (fixture.path, 0444), ==, 0);
  g_assert_cmpint (chmod (fixture.folder, 0777), ==, 0);
  files_run_as_nobody (open_read_only_file, fixture.folder);
}

static void
test_read_only_folder (void)
{
  g_auto (Fixture) fixture;
  g_autofree char *before = NULL, *after = NULL;

  fixture_init (&fixture);
  make_good (fixture.path);
  g_assert_cmpint (chmod (fixture.path, 0444), ==, 0);
  g_assert_cmpint (chmod (fixture.folder, 0555), ==, 0);
  before = files_list (fixture.folder);
  files_run_as_nobody (open_read_only_file, fixture.folder);
  after = files_list (fixture.folder);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (chmod (fixture.folder, 0755), ==, 0);
}

static void
open_unreadable (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "postroom.db", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_database_open (path, PR_DATABASE_NONE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE);
  g_assert_nonnull (strstr (error->message, "Permission denied"));
}

static void
test_unreadable (void)
{
  g_auto (Fixture) fixture;

  fixture_init (&fixture);
  make_good (fixture.path);
  g_assert_cmpint (chmod (fixture.path, 0), ==, 0);
  files_run_as_nobody (open_unreadable, fixture.folder);
}

static void
test_read_only_by_wish (void)
{
  g_auto (Fixture) fixture;

  fixture_init (&fixture);
  make_good (fixture.path);
  assert_read_only (fixture.path, PR_DATABASE_READ_ONLY);
}

/* --- Interrupted ------------------------------------------------------------------------------ */

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

/* A long statement ends within a moment, and its transaction with it. */
static void
test_cancel (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (PrDatabase) database = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gint64 begin;
  g_autofree char *inactive = NULL;

  fixture_init (&fixture);
  make_good (fixture.path);
  database = pr_database_open (fixture.path, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (pr_database_begin (database, TRUE, &error));
  g_assert_true (pr_database_run (database, &error, "UPDATE mailboxes SET active = 0", ""));
  pr_database_set_cancellable (database, cancellable);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  begin = g_get_monotonic_time ();
  g_assert_false (
      pr_database_run (database, &error,
                       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                       " UPDATE mailboxes SET owner = (SELECT max (i) FROM n)",
                       ""));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* It would never end. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
  g_thread_join (thread);
  pr_database_set_cancellable (database, NULL);
  pr_database_rollback (database);
  inactive = files_query (fixture.path, "SELECT count (*) FROM mailboxes WHERE active = 0");
  g_assert_cmpstr (inactive, ==, "0");
  /* And it can be used again. */
  g_clear_error (&error);
  g_assert_true (read_all (database, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/database/new", test_new);
  g_test_add_func ("/store/database/private", test_private);
  g_test_add_func ("/store/database/settings-of-connection", test_settings_of_connection);
  g_test_add_func ("/store/database/empty-file", test_empty_file);
  g_test_add_func ("/store/database/odd-names", test_odd_names);
  g_test_add_func ("/store/database/garbage", test_garbage);
  g_test_add_func ("/store/database/other-program", test_other_program);
  g_test_add_func ("/store/database/newer", test_newer);
  g_test_add_func ("/store/database/folder-in-the-way", test_folder_in_the_way);
  g_test_add_func ("/store/database/truncated", test_truncated);
  g_test_add_func ("/store/database/noisy-pages", test_noisy_pages);
  g_test_add_func ("/store/database/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/store/database/failing-step", test_failing_step);
  g_test_add_func ("/store/database/read-only-file", test_read_only_file);
  g_test_add_func ("/store/database/read-only-folder", test_read_only_folder);
  g_test_add_func ("/store/database/unreadable", test_unreadable);
  g_test_add_func ("/store/database/read-only-by-wish", test_read_only_by_wish);
  g_test_add_func ("/store/database/cancel", test_cancel);
  return g_test_run ();
}
