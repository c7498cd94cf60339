/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrRangeLock:
 *
 * Many small locks in one file, each named by a number, between processes and between users of
 * one process. A process that dies holds nothing.
 */
typedef struct _PrRangeLock PrRangeLock;

PrRangeLock *pr_range_lock_open (const char *path, GError **error);
void pr_range_lock_close (PrRangeLock *self);
gboolean pr_range_lock_try (PrRangeLock *self, guint64 number);
gboolean pr_range_lock_try_shared (PrRangeLock *self, guint64 number);
void pr_range_lock_release (PrRangeLock *self, guint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrRangeLock, pr_range_lock_close)

G_END_DECLS
