/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose file it is, before SQLite may do anything to it: one that is not ours, or that only a newer
 * Postroom understands, is left as it is, with nothing made beside it. Store thread.
 *
 * The file format of SQLite, section 1.3: magic, user version at 60, application id at 68, both
 * big-endian. */

#include "pr-database-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAGIC "SQLite format 3"
#define HEADER_SIZE 100
#define VERSION_AT 60
#define APPLICATION_AT 68

void
pr_database_set_newer (const char *path, gint64 version, GError **error)
{
  pr_set_error (error, PR_ERROR_DATABASE_NEWER, NULL,
                _ ("“%s” was written by a newer Postroom (format %d; this one knows %d). It was "
                   "not touched; update Postroom."),
                path, (int) version, PR_SCHEMA_VERSION);
}

void
pr_database_set_foreign (const char *path, GError **error)
{
  pr_set_error (error, PR_ERROR_DATABASE_DAMAGED, NULL,
                _ ("“%s” is a database of another program. It was not touched."), path);
}

void
pr_database_set_damaged (const char *path, GError **error)
{
  pr_set_error (error, PR_ERROR_DATABASE_DAMAGED, NULL,
                _ ("“%s” is not a database of Postroom, or it is damaged. It was not touched; "
                   "restore it from a backup."),
                path);
}

/* Ours, but not whole. */
void
pr_database_set_unsound (const char *path, const char *what, GError **error)
{
  pr_set_error (error, PR_ERROR_DATABASE_DAMAGED, NULL,
                _ ("“%s” is damaged (%s). Nothing was changed; restore it from a backup. Without "
                   "one, the command “sqlite3 FILE .recover” may save what can still be read. "
                   "Passwords are not in it, but in the keyring."),
                path, what);
}

/* Returns: how many bytes of the header there are; -1 with @error if it cannot be read. */
static gssize
read_header (const char *path, guint8 *header, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrDatabaseBytes) bytes = pr_database_bytes_open (path, FALSE, &local_error);
  gssize n;

  if (bytes == NULL && local_error == NULL)
    return 0;
  n = bytes != NULL ? pr_database_bytes_read (bytes, 0, header, HEADER_SIZE) : -1;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (n < 0)
    pr_set_error (error, PR_ERROR_DATABASE, NULL, _ ("“%s” cannot be read."), path);
  return n;
}

static guint32
get_number (const guint8 *header, gsize at)
{
  guint32 number;

  memcpy (&number, header + at, sizeof number);
  return GUINT32_FROM_BE (number);
}

static int
get_first (sqlite3 *handle, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int number = -1;

  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

/* A database that says nothing about whose it is: ours from the moment before its first step, if
 * there is nothing in it (or if the step was just done by another process). Opened as a file that
 * cannot change, so that SQLite neither locks it nor looks for a log beside it. */
static gboolean
check_nameless (const char *path, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  sqlite3 *handle = NULL;
  int n_tables = -1, application = 0;

  if (sqlite3_open_v2 (uri, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK)
    {
      n_tables = get_first (handle, "SELECT count (*) FROM sqlite_schema");
      application = get_first (handle, "PRAGMA application_id");
    }
  sqlite3_close (handle);
  if (n_tables == 0 || application == PR_APPLICATION_ID_SQLITE)
    return TRUE;
  if (n_tables < 0)
    pr_database_set_damaged (path, error);
  else
    pr_database_set_foreign (path, error);
  return FALSE;
}

/**
 * pr_database_check_file:
 * @path: a file
 * @size: (out): 0 if it is empty or not there
 * @error: set to %PR_ERROR_DATABASE_DAMAGED or %PR_ERROR_DATABASE_NEWER
 *
 * Returns: whether SQLite may open it
 */
gboolean
pr_database_check_file (const char *path, gsize *size, GError **error)
{
  guint8 header[HEADER_SIZE], again[HEADER_SIZE];
  gssize n = read_header (path, header, error);
  guint32 version, application;

  *size = n > 0 ? (gsize) n : 0;
  if (n <= 0)
    return n == 0;
  if (n < HEADER_SIZE || memcmp (header, MAGIC, sizeof MAGIC) != 0)
    {
      pr_database_set_damaged (path, error);
      return FALSE;
    }
  version = get_number (header, VERSION_AT);
  application = get_number (header, APPLICATION_AT);
  if (application == 0 && version == 0)
    {
      g_autoptr (GError) local_error = NULL;

      if (check_nameless (path, &local_error))
        return TRUE;
      /* All that was written stands in the log as long as somebody has the database open. It came
       * into the file while we looked: its first page first, the others maybe not yet. */
      if (read_header (path, again, NULL) == HEADER_SIZE
          && memcmp (header, again, sizeof again) != 0)
        return pr_database_check_file (path, size, error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (application == PR_APPLICATION_ID_SQLITE && version <= PR_SCHEMA_VERSION)
    return TRUE;
  if (application == PR_APPLICATION_ID_SQLITE)
    pr_database_set_newer (path, version, error);
  else
    pr_database_set_foreign (path, error);
  return FALSE;
}
