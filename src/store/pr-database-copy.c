/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A database in a folder that cannot be written, with a log beside it: somebody was killed, and
 * what was committed last stands in the log alone. SQLite cannot read it there without its index,
 * which it could not make; so it reads a copy, which nobody sees: the files are gone as soon as
 * they are open. Store thread. */

#include "pr-database-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define TRIES 3

static const char *const endings[] = { "", "-wal" };

/* What changes when somebody writes to either of the two files. */
typedef struct
{
  gint64 size[2];
  gint64 written[2];
} PrStamp;

static PrStamp
get_stamp (const char *path)
{
  PrStamp stamp = { { 0 }, { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);
      struct stat info;

      if (stat (file, &info) != 0)
        continue;
      stamp.size[i] = info.st_size;
      stamp.written[i] = (gint64) info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    }
  return stamp;
}

/**
 * pr_database_has_log:
 * @path: a database
 *
 * Returns: whether there is something in the log beside it
 */
gboolean
pr_database_has_log (const char *path)
{
  return get_stamp (path).size[1] > 0;
}

static gboolean
copy_file (const char *path, const char *target, guint i, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *from = g_strconcat (path, endings[i], NULL);
  g_autofree char *to = g_strconcat (target, endings[i], NULL);
  g_autoptr (PrDatabaseBytes) bytes = NULL;

  g_remove (to);
  bytes = pr_database_bytes_open (from, i == 1, &local_error);
  if (bytes != NULL)
    return pr_database_bytes_copy (bytes, to, error);
  if (local_error == NULL)
    return TRUE; /* moved into the database meanwhile */
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Both files as they were at one time: whoever writes between them makes us try again. */
static gboolean
copy_both (const char *path, const char *target, GError **error)
{
  for (guint i = 0; i < TRIES; i++)
    {
      PrStamp before = get_stamp (path), after;

      if (!copy_file (path, target, 0, error) || !copy_file (path, target, 1, error))
        return FALSE;
      after = get_stamp (path);
      if (memcmp (&before, &after, sizeof before) == 0)
        return TRUE;
    }
  pr_set_error (error, PR_ERROR_DATABASE, NULL,
                _ ("“%s” is being written by another program. Try again."), path);
  return FALSE;
}

static void
remove_folder (const char *folder, const char *target)
{
  static const char *const all[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *file = g_strconcat (target, all[i], NULL);

      g_remove (file);
    }
  g_rmdir (folder);
}

/* Moves the log into the database, so that no other file is needed any more. */
static gboolean
settle (PrDatabase *self, GError **error)
{
  if (sqlite3_exec (self->handle,
                    "PRAGMA journal_mode = DELETE; PRAGMA temp_store = MEMORY;"
                    "PRAGMA query_only = 1; SELECT count (*) FROM sqlite_schema",
                    NULL, NULL, NULL)
      == SQLITE_OK)
    return TRUE;
  pr_database_set_error (self, error);
  return FALSE;
}

/**
 * pr_database_open_copy:
 * @self: a database whose path is known
 * @error: set on failure
 *
 * Opens a copy of the database and of the log beside it, read-only.
 *
 * Returns: whether @self is open
 */
gboolean
pr_database_open_copy (PrDatabase *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("postroom-XXXXXX", &local_error);
  g_autofree char *target = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *uri = NULL;
  gboolean ok;

  if (folder == NULL)
    {
      pr_set_error (error, PR_ERROR_DATABASE, NULL, _ ("“%s” cannot be opened: %s."), self->path,
                    local_error->message);
      return FALSE;
    }
  target = g_build_filename (folder, "copy.db", NULL);
  escaped = g_uri_escape_string (target, "/", FALSE);
  uri = g_strconcat ("file:", escaped, NULL);
  ok = copy_both (self->path, target, error)
       && pr_database_open_handle (self, uri, SQLITE_OPEN_READWRITE, error) && settle (self, error);
  remove_folder (folder, target);
  return ok;
}
