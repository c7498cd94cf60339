/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void pr_file_lock_acquire_async (const char *path,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
int pr_file_lock_acquire_finish (GAsyncResult *result, GError **error);
void pr_file_lock_release (int lock);
void pr_file_lock_set_patience (guint ms);

G_END_DECLS
