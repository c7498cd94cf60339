/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The linker sends every call of these functions of SQLite here first (see meson.build). */

#include "ui-threads.h"

#include <sqlite3.h>

static GThread *main_thread;
static gboolean allowed; /* a test itself writes into the database */
static int n_rows;       /* atomic */

int __real_sqlite3_open_v2 (const char *path, sqlite3 **handle, int flags, const char *vfs);
int __real_sqlite3_close (sqlite3 *handle);
int __real_sqlite3_prepare_v2 (sqlite3 *handle,
                               const char *sql,
                               int length,
                               sqlite3_stmt **statement,
                               const char **rest);
int __real_sqlite3_step (sqlite3_stmt *statement);
int __real_sqlite3_exec (sqlite3 *handle,
                         const char *sql,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message);

int __wrap_sqlite3_open_v2 (const char *path, sqlite3 **handle, int flags, const char *vfs);
int __wrap_sqlite3_close (sqlite3 *handle);
int __wrap_sqlite3_prepare_v2 (sqlite3 *handle,
                               const char *sql,
                               int length,
                               sqlite3_stmt **statement,
                               const char **rest);
int __wrap_sqlite3_step (sqlite3_stmt *statement);
int __wrap_sqlite3_exec (sqlite3 *handle,
                         const char *sql,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message);

static void
check (const char *function)
{
  if (main_thread != NULL && g_thread_self () == main_thread && !allowed)
    g_error ("%s was called in the thread that draws the window", function);
}

int
__wrap_sqlite3_open_v2 (const char *path, sqlite3 **handle, int flags, const char *vfs)
{
  check ("sqlite3_open_v2");
  return __real_sqlite3_open_v2 (path, handle, flags, vfs);
}

int
__wrap_sqlite3_close (sqlite3 *handle)
{
  if (handle != NULL)
    check ("sqlite3_close");
  return __real_sqlite3_close (handle);
}

int
__wrap_sqlite3_prepare_v2 (sqlite3 *handle,
                           const char *sql,
                           int length,
                           sqlite3_stmt **statement,
                           const char **rest)
{
  check ("sqlite3_prepare_v2");
  return __real_sqlite3_prepare_v2 (handle, sql, length, statement, rest);
}

int
__wrap_sqlite3_step (sqlite3_stmt *statement)
{
  int result;

  check ("sqlite3_step");
  result = __real_sqlite3_step (statement);
  if (result == SQLITE_ROW)
    g_atomic_int_inc (&n_rows);
  return result;
}

int
__wrap_sqlite3_exec (sqlite3 *handle,
                     const char *sql,
                     int (*callback) (void *, int, char **, char **),
                     void *data,
                     char **message)
{
  check ("sqlite3_exec");
  return __real_sqlite3_exec (handle, sql, callback, data, message);
}

/* From now on, in the thread that calls this. */
void
ui_threads_watch (void)
{
  main_thread = g_thread_self ();
}

void
ui_threads_allow (gboolean allow)
{
  allowed = allow;
}

/* How many rows the database has handed out so far. */
guint
ui_threads_get_n_rows (void)
{
  return (guint) g_atomic_int_get (&n_rows);
}
