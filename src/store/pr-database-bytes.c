/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bytes of a database file, read through SQLite's own file layer. Opening the file ourselves
 * would do harm: closing a descriptor gives up the locks that this process holds on the file
 * through any other (fcntl(2)), so that another process takes itself for the last one and removes
 * the log under the feet of a connection of ours. SQLite's layer knows that. Any thread. */

#include "pr-database-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE (64 * 1024)

struct _PrDatabaseBytes
{
  sqlite3_file *file;
  char *name; /* of SQLite */
};

static void
set_errno (const char *path, int code, GError **error)
{
  pr_set_error (error, PR_ERROR_DATABASE, NULL, _ ("“%s” cannot be opened: %s."), path,
                g_strerror (code));
}

/**
 * pr_database_bytes_open:
 * @path: a database, or the log beside one
 * @is_log: which of them
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): its bytes; %NULL without @error if there is no such file
 */
PrDatabaseBytes *
pr_database_bytes_open (const char *path, gboolean is_log, GError **error)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  PrDatabaseBytes *self;
  struct stat info;
  int flags = SQLITE_OPEN_READONLY | (is_log ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB);

  if (stat (path, &info) != 0)
    {
      if (errno != ENOENT)
        set_errno (path, errno, error);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      set_errno (path, S_ISDIR (info.st_mode) ? EISDIR : EINVAL, error);
      return NULL;
    }
  self = g_new0 (PrDatabaseBytes, 1);
  self->name = (char *) sqlite3_create_filename (path, "", "", 0, NULL);
  self->file = g_malloc0 ((gsize) vfs->szOsFile);
  errno = 0;
  if (vfs->xOpen (vfs, self->name, self->file, flags, &flags) == SQLITE_OK)
    return self;
  set_errno (path, errno != 0 ? errno : EIO, error);
  pr_database_bytes_close (self);
  return NULL;
}

void
pr_database_bytes_close (PrDatabaseBytes *self)
{
  if (self->file->pMethods != NULL)
    self->file->pMethods->xClose (self->file);
  sqlite3_free_filename (self->name);
  g_free (self->file);
  g_free (self);
}

/**
 * pr_database_bytes_read:
 * @self: bytes
 * @offset: where
 * @buffer: (out caller-allocates): what stands there
 * @n: how many
 *
 * Returns: how many there are, no more than @n; -1 if they cannot be read
 */
gssize
pr_database_bytes_read (PrDatabaseBytes *self, gint64 offset, guint8 *buffer, gsize n)
{
  struct stat info;

  /* SQLite itself takes a file of one byte for an empty one. */
  if (stat (self->name, &info) != 0)
    return -1;
  n = (gsize) CLAMP (info.st_size - offset, 0, (gint64) n);
  if (n > 0 && self->file->pMethods->xRead (self->file, buffer, (int) n, offset) != SQLITE_OK)
    return -1;
  return (gssize) n;
}

static gboolean
write_all (int fd, const guint8 *bytes, gssize n)
{
  while (n > 0)
    {
      gssize written = write (fd, bytes, (gsize) n);

      if (written < 0 && errno != EINTR)
        return FALSE;
      bytes += MAX (written, 0);
      n -= MAX (written, 0);
    }
  return TRUE;
}

/**
 * pr_database_bytes_copy:
 * @self: bytes
 * @target: a file to make
 * @error: set on failure
 *
 * Returns: whether all of them stand there
 */
gboolean
pr_database_bytes_copy (PrDatabaseBytes *self, const char *target, GError **error)
{
  int fd = open (target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gint64 offset = 0;
  gssize n = 0;
  gboolean ok = fd >= 0;

  while (ok && (n = pr_database_bytes_read (self, offset, block, BLOCK_SIZE)) > 0)
    {
      ok = write_all (fd, block, n);
      offset += n;
    }
  if (!ok || n < 0)
    pr_set_error (error, PR_ERROR_DATABASE, NULL, _ ("“%s” cannot be written: %s."), target,
                  g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok && n == 0;
}
