/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrDatabase: opening an environment's file, with each way in which that fails told apart, and
 * transactions. Store thread.
 *
 * Schema versions (PRAGMA user_version):
 *   1  profiles, email settings, mailboxes, alerts, last reports
 *   2  alerts: the step
 *   3  profiles: the sign-in service for OAuth
 *   4  facts about servers
 *   5  jobs, results by the hour, the servers' certificates
 *   6  facts about servers: what is expected
 *   7  alerts: who was told; a profile that is edited puts its mailboxes back to "not run"
 *   8  mailboxes whose secrets are being changed
 *   9  profiles whose secrets are being changed
 *  10  no triggers for what is counted and known of results */

#include "pr-database-private.h"

#include "pr-progress.h"

#include "pr-store-resources.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 10000
#define BUSY_LOOK_US 2000
#define CANCEL_INTERVAL 2000 /* virtual machine steps between two looks at the cancellable */

static const char *const steps[PR_SCHEMA_VERSION] = {
  "/io/github/postroom/store/sql/001-first.sql",
  "/io/github/postroom/store/sql/002-alert-step.sql",
  "/io/github/postroom/store/sql/003-oauth.sql",
  "/io/github/postroom/store/sql/004-facts.sql",
  "/io/github/postroom/store/sql/005-history.sql",
  "/io/github/postroom/store/sql/006-expected.sql",
  "/io/github/postroom/store/sql/007-told.sql",
  "/io/github/postroom/store/sql/008-unsettled.sql",
  "/io/github/postroom/store/sql/009-unsettled-profiles.sql",
  "/io/github/postroom/store/sql/010-results.sql",
};

/**
 * pr_database_set_error:
 * @self: a database
 * @error: (out) (nullable): where to put it
 *
 * Turns the last failure of SQLite into an error that says what an admin can do.
 */
void
pr_database_set_error (PrDatabase *self, GError **error)
{
  int code = self->handle != NULL ? sqlite3_errcode (self->handle) & 0xff : SQLITE_NOMEM;
  const char *message = self->handle != NULL ? sqlite3_errmsg (self->handle) : "no memory";

  switch (code)
    {
      case SQLITE_INTERRUPT:
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled."));
        break;
      case SQLITE_READONLY:
        pr_set_error (error, PR_ERROR_READ_ONLY, NULL,
                      _ ("“%s” can only be read: nothing was changed."), self->path);
        break;
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        pr_database_set_unsound (self->path, message, error);
        break;
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        pr_set_error (error, PR_ERROR_DATABASE, NULL,
                      _ ("“%s” is being written by another program. Try again."), self->path);
        break;
      case SQLITE_FULL:
        pr_set_error (error, PR_ERROR_DATABASE, NULL,
                      _ ("The disk is full: nothing was changed in “%s”."), self->path);
        break;
      default:
        pr_set_error (error, PR_ERROR_DATABASE, NULL, _ ("The database “%s” failed: %s."),
                      self->path, message);
        break;
    }
}

static gboolean
run_script (PrDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  pr_database_set_error (self, error);
  return FALSE;
}

static gint64
get_pragma (PrDatabase *self, const char *sql, GError **error)
{
  g_autoptr (PrStatement) statement = pr_database_query (self, error, sql, "");

  if (statement == NULL || !pr_statement_next (statement, error))
    return -1;
  return pr_statement_get_number (statement, 0);
}

static int
on_progress (void *data)
{
  PrDatabase *self = data;

  return self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/* Until it is known whose database it is, closing it must not write what a log beside it has. */
gboolean
pr_database_open_handle (PrDatabase *self, const char *uri, int flags, GError **error)
{
  g_clear_pointer (&self->handle, sqlite3_close);
  if (sqlite3_open_v2 (uri, &self->handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL)
          == SQLITE_OK
      && sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK
      && sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS) == SQLITE_OK
      && sqlite3_exec (self->handle, "PRAGMA schema_version", NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  /* That a statement without a fault fails is the file's. */
  if (sqlite3_errcode (self->handle) == SQLITE_ERROR)
    pr_database_set_damaged (self->path, error);
  else
    pr_database_set_error (self, error);
  return FALSE;
}

static gboolean
open_read_only (PrDatabase *self, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", FALSE);
  g_autofree char *plain = g_strconcat ("file:", escaped, NULL);
  g_autofree char *immutable = g_strconcat (plain, "?immutable=1", NULL);

  self->read_only = TRUE;
  if (pr_database_open_handle (self, plain, SQLITE_OPEN_READONLY, NULL))
    return TRUE;
  /* In a folder that cannot be written SQLite cannot keep its index of the write-ahead log. */
  if (pr_database_has_log (self->path))
    return pr_database_open_copy (self, error);
  return pr_database_open_handle (self, immutable, SQLITE_OPEN_READONLY, error);
}

static gboolean
open_writable (PrDatabase *self, PrDatabaseFlags flags, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", FALSE);
  g_autofree char *uri = g_strconcat ("file:", escaped, NULL);
  int fd;

  /* Made by us, so that it is the owner's alone from the first moment; SQLite gives the files
   * beside it the same mode. */
  if ((flags & PR_DATABASE_CREATE) != 0)
    {
      fd = open (self->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
      if (fd >= 0)
        close (fd);
    }
  return pr_database_open_handle (self, uri, SQLITE_OPEN_READWRITE, error);
}

/* SQLite does not wait by itself where another connection is just doing the same. */
static gboolean
switch_to_log (PrDatabase *self, GError **error)
{
  gint64 end = g_get_monotonic_time () + BUSY_TIMEOUT_MS * 1000;
  int result;

  do
    result = sqlite3_exec (self->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  while (result == SQLITE_BUSY && g_get_monotonic_time () < end && (g_usleep (BUSY_LOOK_US), TRUE));
  if (result == SQLITE_OK)
    return TRUE;
  pr_database_set_error (self, error);
  return FALSE;
}

/* It is ours: from here on it may be written. */
static gboolean
prepare_connection (PrDatabase *self, GError **error)
{
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (self->read_only)
    return TRUE;
  return switch_to_log (self, error)
         && run_script (self,
                        "PRAGMA synchronous = NORMAL;"
                        "PRAGMA foreign_keys = ON;"
                        "PRAGMA secure_delete = ON;"
                        "PRAGMA cache_size = -1024;" /* KiB */
                        "PRAGMA temp_store = MEMORY;",
                        error);
}

/* One step of the schema in one transaction: a failure in the middle leaves the old version. */
static gboolean
run_step (PrDatabase *self, int version, GError **error)
{
  g_autoptr (GBytes) sql = g_resource_lookup_data (pr_store_get_resource (), steps[version - 1],
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *script = NULL;

  if (sql == NULL)
    return FALSE;
  script = g_strdup_printf ("BEGIN EXCLUSIVE;"
                            "%s;"
                            "PRAGMA application_id = %d;"
                            "PRAGMA user_version = %d;"
                            "COMMIT;",
                            (const char *) g_bytes_get_data (sql, NULL), PR_APPLICATION_ID_SQLITE,
                            version);
  if (run_script (self, script, error))
    return TRUE;
  sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

static gboolean
check_identity (PrDatabase *self, gint64 version, GError **error)
{
  gint64 application = get_pragma (self, "PRAGMA application_id", error);
  gint64 n_tables = get_pragma (self, "SELECT count(*) FROM sqlite_schema", error);

  if (application < 0 || n_tables < 0)
    return FALSE;
  if (version > PR_SCHEMA_VERSION)
    {
      pr_database_set_newer (self->path, version, error);
      return FALSE;
    }
  if (application == PR_APPLICATION_ID_SQLITE
      || (version == 0 && n_tables == 0 && application == 0))
    return TRUE;
  pr_database_set_foreign (self->path, error);
  return FALSE;
}

/* In one transaction: another process may be making it. Returns: its version; -1 with @error if it
 * is not for us. */
static gint64
read_identity (PrDatabase *self, GError **error)
{
  gint64 version = -1;
  gboolean ok;

  if (!run_script (self, "BEGIN", error))
    return -1;
  version = get_pragma (self, "PRAGMA user_version", error);
  ok = version >= 0 && check_identity (self, version, error);
  sqlite3_exec (self->handle, "COMMIT", NULL, NULL, NULL);
  return ok ? version : -1;
}

static gboolean
migrate (PrDatabase *self, gboolean had_log, GError **error)
{
  gint64 version = read_identity (self, error);

  if (version < 0 || !pr_database_health_check (self, had_log, error)
      || !prepare_connection (self, error))
    return FALSE;
  if (version == PR_SCHEMA_VERSION)
    return TRUE;
  if (self->read_only)
    {
      pr_set_error (error, PR_ERROR_READ_ONLY, NULL,
                    _ ("“%s” has an older format and cannot be written, so it cannot be "
                       "brought up to date."),
                    self->path);
      return FALSE;
    }
  for (int next = (int) version + 1; next <= PR_SCHEMA_VERSION; next++)
    if (!run_step (self, next, error))
      {
        /* Another process may have been faster. */
        if (get_pragma (self, "PRAGMA user_version", NULL) < next)
          return FALSE;
        g_clear_error (error);
      }
  return TRUE;
}

static gboolean
can_write (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return (access (path, W_OK) == 0 || errno == ENOENT) && access (folder, W_OK) == 0;
}

/**
 * pr_database_open:
 * @path: the file
 * @flags: how
 * @error: set to %PR_ERROR_DATABASE_NEWER, %PR_ERROR_DATABASE_DAMAGED, %PR_ERROR_NOT_FOUND, ...
 *
 * Brings an older format up to date. A file or folder that cannot be written is opened read-only.
 *
 * Returns: (transfer full) (nullable): the database
 */
PrDatabase *
pr_database_open (const char *path, PrDatabaseFlags flags, GError **error)
{
  g_autoptr (PrDatabase) self = g_new0 (PrDatabase, 1);
  gboolean had_log = pr_database_has_log (path);
  gsize size;
  gboolean ok;

  pr_database_health_begin ();
  self->path = g_strdup (path);
  self->statements = pr_statement_table_new ();
  if (!pr_database_check_file (path, &size, error))
    return NULL;
  if (size == 0 && (flags & PR_DATABASE_CREATE) == 0)
    {
      pr_set_error (error, PR_ERROR_NOT_FOUND, NULL, _ ("There is no database “%s”."), path);
      return NULL;
    }
  if ((flags & PR_DATABASE_READ_ONLY) != 0 || !can_write (path))
    ok = open_read_only (self, error);
  else
    ok = open_writable (self, flags, error);
  if (!ok || !migrate (self, had_log, error) || !pr_database_teach (self, error))
    return NULL;
  sqlite3_progress_handler (self->handle, CANCEL_INTERVAL, on_progress, self);
  return g_steal_pointer (&self);
}

/**
 * pr_database_close:
 * @self: (transfer full): a database
 */
void
pr_database_close (PrDatabase *self)
{
  g_hash_table_unref (self->statements);
  if (self->handle != NULL)
    sqlite3_close_v2 (self->handle);
  g_free (self->path);
  g_free (self);
}

gboolean
pr_database_is_read_only (PrDatabase *self)
{
  return self->read_only;
}

const char *
pr_database_get_path (PrDatabase *self)
{
  return self->path;
}

/**
 * pr_database_set_cancellable:
 * @self: a database
 * @cancellable: (nullable): interrupts the statements that run from now on
 */
void
pr_database_set_cancellable (PrDatabase *self, GCancellable *cancellable)
{
  self->cancellable = cancellable;
}

/**
 * pr_database_is_told:
 * @self: a database
 *
 * Returns: whether somebody wants to know how far the work is, which is worth counting it first
 */
gboolean
pr_database_is_told (PrDatabase *self)
{
  return PR_IS_PROGRESS (self->cancellable);
}

/**
 * pr_database_begin_rows:
 * @self: a database
 * @total: rows that are worked on from now on
 */
void
pr_database_begin_rows (PrDatabase *self, guint total)
{
  self->n_untold = 0;
  pr_progress_begin (self->cancellable, total);
}

/**
 * pr_database_advance_rows:
 * @self: a database
 * @n: rows that were worked on; statements that say “pr_tell (…)” for each row count for
 *   themselves, but for the last few of them
 */
void
pr_database_advance_rows (PrDatabase *self, guint n)
{
  pr_progress_advance (self->cancellable, self->n_untold + n);
  self->n_untold = 0;
}

/**
 * pr_database_begin:
 * @self: a database
 * @write: whether something will be written: then the environment's write lock is taken now
 * @error: set on failure
 *
 * Returns: whether a transaction has begun
 */
gboolean
pr_database_begin (PrDatabase *self, gboolean write, GError **error)
{
  if (write && self->read_only)
    {
      pr_set_error (error, PR_ERROR_READ_ONLY, NULL,
                    _ ("“%s” can only be read: nothing was changed."), self->path);
      return FALSE;
    }
  return run_script (self, write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED", error);
}

gboolean
pr_database_commit (PrDatabase *self, GError **error)
{
  return run_script (self, "COMMIT", error);
}

void
pr_database_rollback (PrDatabase *self)
{
  /* A cancelled statement may have rolled back already. */
  if (sqlite3_get_autocommit (self->handle) == 0)
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

gint64
pr_database_get_last_id (PrDatabase *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

/**
 * pr_database_get_n_changed:
 * @self: a database
 *
 * Returns: rows that the last statement changed, those of triggers not counted
 */
guint
pr_database_get_n_changed (PrDatabase *self)
{
  return (guint) sqlite3_changes (self->handle);
}
