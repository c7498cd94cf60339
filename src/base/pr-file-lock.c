/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lock between processes (and between two callers in one), as flock() on a file, which the
 * kernel gives back when a process dies. Asked for again and again instead of waited for, so
 * that the main loop goes on. Main thread. */

#include "pr-file-lock.h"

#include "pr-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <unistd.h>

#define RETRY_MS 5

static guint patience_ms = 30000; /* a change of 10,000 secrets takes seconds */

typedef struct
{
  char *path;
  int fd;
  gint64 give_up_at;
} PrFileLock;

static void
file_lock_free (gpointer data)
{
  PrFileLock *lock = data;

  if (lock->fd >= 0)
    close (lock->fd);
  g_free (lock->path);
  g_free (lock);
}

static gboolean
try_lock (gpointer data)
{
  GTask *task = data;
  PrFileLock *lock = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (flock (lock->fd, LOCK_EX | LOCK_NB) == 0)
    {
      g_task_return_int (task, lock->fd);
      lock->fd = -1;
      return G_SOURCE_REMOVE;
    }
  if ((errno == EWOULDBLOCK || errno == EINTR) && g_get_monotonic_time () < lock->give_up_at)
    return G_SOURCE_CONTINUE;
  g_task_return_error (task, pr_error_new (PR_ERROR_DATABASE, NULL,
                                           _ ("Another Postroom is at work and holds “%s” (%s). "
                                              "Nothing was changed. Wait until it has finished, "
                                              "then try again."),
                                           lock->path, g_strerror (errno)));
  return G_SOURCE_REMOVE;
}

/**
 * pr_file_lock_acquire_async:
 * @path: the file to lock; made if there is none
 * @cancellable: (nullable): ends the wait
 * @callback: called when the lock is ours
 * @user_data: for @callback
 */
void
pr_file_lock_acquire_async (const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  PrFileLock *lock = g_new0 (PrFileLock, 1);

  lock->path = g_strdup (path);
  lock->give_up_at = g_get_monotonic_time () + patience_ms * G_GINT64_CONSTANT (1000);
  lock->fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  g_task_set_task_data (task, lock, file_lock_free);
  if (lock->fd < 0)
    {
      g_task_return_error (task, pr_error_new (PR_ERROR_READ_ONLY, NULL,
                                               _ ("“%s” cannot be written: %s. Nothing was "
                                                  "changed."),
                                               path, g_strerror (errno)));
      return;
    }
  if (try_lock (task) == G_SOURCE_CONTINUE)
    {
      g_autoptr (GSource) source = g_timeout_source_new (RETRY_MS);

      g_task_attach_source (task, source, try_lock);
    }
}

/**
 * pr_file_lock_acquire_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: the lock, for pr_file_lock_release(); -1 on failure
 */
int
pr_file_lock_acquire_finish (GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

/**
 * pr_file_lock_release:
 * @lock: what pr_file_lock_acquire_finish() returned
 */
void
pr_file_lock_release (int lock)
{
  close (lock);
}

/**
 * pr_file_lock_set_patience:
 * @ms: after how long an attempt to acquire a lock gives up; for tests
 */
void
pr_file_lock_set_patience (guint ms)
{
  patience_ms = ms;
}
