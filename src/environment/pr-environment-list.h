/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrEnvironmentInfo:
 * @path: its database
 * @error: (nullable): why it cannot be opened; then id and name are not known
 *
 * An environment that exists in a data folder.
 */
typedef struct
{
  char *id;
  char *name;
  char *path;
  GError *error;
} PrEnvironmentInfo;

void pr_environment_info_free (PrEnvironmentInfo *self);

void pr_environment_list_async (const char *data_dir,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *pr_environment_list_finish (GAsyncResult *result, GError **error);

gboolean pr_environment_check_name (const char *name,
                                    const char *own_id,
                                    GPtrArray *existing,
                                    GError **error);
char *pr_environment_make_folder (const char *data_dir, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrEnvironmentInfo, pr_environment_info_free)

G_END_DECLS
