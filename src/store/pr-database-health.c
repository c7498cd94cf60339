/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a database is whole, looked at before anything is written to it. A small one is looked
 * at each time; a big one when it was not closed (a crash, a power cut), which SQLite tells when
 * it takes a log over that nobody has finished. Store thread. */

#include "pr-database-private.h"

#include <string.h>
#include <sys/stat.h>

#define SMALL (2 * 1024 * 1024) /* bytes: some milliseconds */

/* Whether the database that this thread has opened last took a log over. */
static GPrivate recovered = G_PRIVATE_INIT (NULL);
static gboolean is_listening;

static void
on_log (void *data, int code, const char *message)
{
  if (code == SQLITE_NOTICE_RECOVER_WAL)
    g_private_set (&recovered, GINT_TO_POINTER (TRUE));
}

/**
 * pr_database_health_begin:
 *
 * To be called before a database is opened.
 */
void
pr_database_health_begin (void)
{
  static gsize once;

  /* Refused where somebody has used SQLite before us. */
  if (g_once_init_enter (&once))
    {
      is_listening = sqlite3_config (SQLITE_CONFIG_LOG, on_log, NULL) == SQLITE_OK;
      g_once_init_leave (&once, 1);
    }
  g_private_set (&recovered, NULL);
}

static gboolean
is_small (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_size <= SMALL;
}

/**
 * pr_database_health_check:
 * @self: a database that was just opened
 * @had_log: whether there was something in the log beside it before
 * @error: set to %PR_ERROR_DATABASE_DAMAGED
 *
 * Returns: whether it is whole, or not worth the time to look
 */
gboolean
pr_database_health_check (PrDatabase *self, gboolean had_log, GError **error)
{
  gboolean unclean = is_listening ? g_private_get (&recovered) != NULL : had_log;
  g_autoptr (PrStatement) statement = NULL;
  const char *result;

  if (!unclean && !is_small (self->path))
    return TRUE;
  statement = pr_database_query (self, error, "PRAGMA quick_check (1)", "");
  if (statement == NULL || !pr_statement_next (statement, error))
    return FALSE;
  result = pr_statement_get_text (statement, 0);
  if (g_strcmp0 (result, "ok") == 0)
    return TRUE;
  pr_database_set_unsound (self->path, result, error);
  return FALSE;
}
