/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process that was killed leaves behind: a log with all that was committed last, beside a
 * database that knows nothing of it. Read in a folder that cannot be written, too; looked at
 * before anything is written; and not touched if it is damaged. */

#include "store-files.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path; /* of the database that was left behind */
  char *log;
} Fixture;

/* Nothing but the code under test has used SQLite before, as in the programs. @n: mailboxes */
static void
fixture_init (Fixture *self, guint n)
{
  g_autofree char *alive = NULL, *alive_log = NULL, *sql = NULL;
  g_autoptr (GError) error = NULL;
  PrDatabase *database;

  self->folder = files_make_folder ();
  self->path = g_build_filename (self->folder, "postroom.db", NULL);
  self->log = g_strconcat (self->path, "-wal", NULL);
  alive = g_build_filename (self->folder, "alive.db", NULL);
  alive_log = g_strconcat (alive, "-wal", NULL);
  sql = g_strdup_printf (
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
      "INSERT INTO mailboxes (name, kind, address, address_key, owner, incoming,"
      " outgoing, act, allow_credentials, username, delete_after, active)"
      " SELECT 'Name ' || i, 'user', i || '@example.org', i || '@example.org', 'Owner',"
      " 'server-side', 'server-side', 'none', 1, i || '@example.org', 0, 1 FROM n",
      n);

  database = pr_database_open (alive, PR_DATABASE_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (pr_database_run (database, &error, sql, ""));
  pr_database_close (database);
  database = pr_database_open (alive, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (pr_database_run (
      database, &error, "UPDATE mailboxes SET owner = 'Committed last' WHERE id = 7", ""));
  files_copy (alive, self->path);
  files_copy (alive_log, self->log);
  pr_database_close (database);
  g_remove (alive);
}

static void
fixture_clear (Fixture *self)
{
  g_chmod (self->folder, 0700);
  files_remove_folder (self->folder);
  g_free (self->path);
  g_free (self->log);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
assert_owner (PrDatabase *database)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrStatement) statement =
      pr_database_query (database, &error, "SELECT owner FROM mailboxes WHERE id = 7", "");

  g_assert_no_error (error);
  g_assert_true (pr_statement_next (statement, &error));
  g_assert_cmpstr (pr_statement_get_text (statement, 0), ==, "Committed last");
}

/* --- Whole ------------------------------------------------------------------------------------ */

static void
test_taken_over (void)
{
  g_auto (Fixture) fixture;
  g_autoptr (GError) error = NULL;
  PrDatabase *database;

  fixture_init (&fixture, 20000);
  database = pr_database_open (fixture.path, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  assert_owner (database);
  pr_database_close (database);
  g_assert_false (g_file_test (fixture.log, G_FILE_TEST_EXISTS));
}

static void
open_in_folder (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "postroom.db", NULL);
  g_autofree char *before = files_list (g_get_tmp_dir ());
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDatabase) database = NULL;

  database = pr_database_open (path, PR_DATABASE_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (pr_database_is_read_only (database));
  assert_owner (database);
  g_assert_false (pr_database_run (database, &error, "DELETE FROM mailboxes", ""));
  g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);
  /* The copy that it reads is seen by nobody, and ends with it. */
  after = files_list (g_get_tmp_dir ());
  g_assert_cmpstr (after, ==, before);
}

static void
test_read_only_folder (void)
{
  g_auto (Fixture) fixture;
  g_autofree char *before = NULL, *after = NULL, *names = NULL;
  gsize length, length_after;

  fixture_init (&fixture, 500);
  g_assert_cmpint (g_chmod (fixture.path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture.log, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture.folder, 0555), ==, 0);
  before = files_read (fixture.log, &length);
  files_run_as_nobody (open_in_folder, fixture.folder);
  after = files_read (fixture.log, &length_after);
  g_assert_cmpmem (before, length, after, length_after);
  names = files_list (fixture.folder);
  g_assert_cmpstr (names, ==, "postroom.db postroom.db-wal");
}

/* --- Damaged ---------------------------------------------------------------------------------- */

/* Noise in an index that no command would ask for. */
static void
damage (const char *path)
{
  static const char query[] = "SELECT rootpage FROM sqlite_schema WHERE name = 'mailboxes_by_name'";
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDatabase) database = pr_database_open (path, PR_DATABASE_READ_ONLY, &error);
  PrStatement *statement;
  gsize page;

  g_assert_no_error (error);
  statement = pr_database_query (database, &error, query, "");
  g_assert_true (pr_statement_next (statement, &error));
  page = (gsize) pr_statement_get_number (statement, 0);
  pr_statement_free (statement);
  files_patch (path, (page - 1) * 4096, "\xff noise \xff\xff\xff\xff\xff\xff\xff\xff", 16);
}

/* Found before anything is written, and neither the file nor its log is touched. */
static void
assert_refused (Fixture *fixture)
{
  g_autofree char *file = NULL, *log = NULL, *file_after = NULL, *log_after = NULL;
  gsize length, log_length, length_after, log_length_after;
  g_autoptr (GError) error = NULL;

  file = files_read (fixture->path, &length);
  log = files_read (fixture->log, &log_length);
  g_assert_null (pr_database_open (fixture->path, PR_DATABASE_NONE, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE_DAMAGED);
  g_assert_cmpstr (pr_error_get_word (error), ==, "database-damaged");
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, "restore it from a backup"));
  file_after = files_read (fixture->path, &length_after);
  log_after = files_read (fixture->log, &log_length_after);
  g_assert_cmpmem (file, length, file_after, length_after);
  g_assert_cmpmem (log, log_length, log_after, log_length_after);
}

static void
test_damaged (gconstpointer data)
{
  g_auto (Fixture) fixture;
  struct stat info;

  fixture_init (&fixture, GPOINTER_TO_UINT (data));
  damage (fixture.path);
  g_assert_cmpint (stat (fixture.path, &info), ==, 0);
  g_test_message ("%d bytes", (int) info.st_size);
  assert_refused (&fixture);
  /* Each time again: that somebody has looked does not make it whole. */
  assert_refused (&fixture);
}

/* In a folder for temporary files where nobody else makes any: GLib asks for it only once, so the
 * test begins anew when it is known. */
static char *
enter_scratch (char **argv)
{
  const char *known = g_getenv ("POSTROOM_TEST_SCRATCH");
  char *scratch;

  if (known != NULL)
    return g_strdup (known);
  scratch = g_dir_make_tmp ("postroom-scratch-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (scratch, 0777), ==, 0);
  g_setenv ("TMPDIR", scratch, TRUE);
  g_setenv ("POSTROOM_TEST_SCRATCH", scratch, TRUE);
  execv ("/proc/self/exe", argv);
  g_assert_not_reached ();
}

int
main (int argc, char **argv)
{
  g_autofree char *scratch = enter_scratch (argv);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/leftover/taken-over", test_taken_over);
  g_test_add_func ("/store/leftover/read-only-folder", test_read_only_folder);
  g_test_add_data_func ("/store/leftover/damaged/small", GUINT_TO_POINTER (500), test_damaged);
  g_test_add_data_func ("/store/leftover/damaged/big", GUINT_TO_POINTER (20000), test_damaged);
  status = g_test_run ();
  g_rmdir (scratch);
  return status;
}
