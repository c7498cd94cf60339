/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrRangeLock: locks of the open file description (fcntl F_OFD_SETLK) on one byte each of a file
 * that stays empty. The kernel gives them up when the last descriptor is closed, however a
 * process ends. One thread at a time. */

#include "pr-range-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _PrRangeLock
{
  int fd;
};

static gboolean
set_lock (PrRangeLock *self, guint64 number, short type)
{
  struct flock lock = {
    .l_type = type,
    .l_whence = SEEK_SET,
    .l_start = (off_t) (number & G_MAXINT64),
    .l_len = 1,
  };

  return fcntl (self->fd, F_OFD_SETLK, &lock) == 0;
}

/**
 * pr_range_lock_open:
 * @path: a file, made if there is none
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): no lock held
 */
PrRangeLock *
pr_range_lock_open (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  PrRangeLock *self;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  self = g_new (PrRangeLock, 1);
  self->fd = fd;
  return self;
}

/**
 * pr_range_lock_close:
 * @self: (transfer full): releases everything
 */
void
pr_range_lock_close (PrRangeLock *self)
{
  close (self->fd);
  g_free (self);
}

/**
 * pr_range_lock_try:
 * @self: a file of locks
 * @number: which lock
 *
 * Never waits. A lock that @self holds already is granted again.
 *
 * Returns: %FALSE if somebody else holds it
 */
gboolean
pr_range_lock_try (PrRangeLock *self, guint64 number)
{
  return set_lock (self, number, F_WRLCK);
}

/**
 * pr_range_lock_try_shared:
 * @self: a file of locks
 * @number: which lock
 *
 * As pr_range_lock_try(), but others may share it. One that is held already is changed.
 *
 * Returns: %FALSE if somebody else holds it alone
 */
gboolean
pr_range_lock_try_shared (PrRangeLock *self, guint64 number)
{
  return set_lock (self, number, F_RDLCK);
}

/**
 * pr_range_lock_release:
 * @self: a file of locks
 * @number: a lock that it holds
 */
void
pr_range_lock_release (PrRangeLock *self, guint64 number)
{
  set_lock (self, number, F_UNLCK);
}
