/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

void pr_environment_add_async (const char *data_dir,
                               const char *name,
                               PrKeyring *keyring,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PrEnvironment *pr_environment_add_finish (GAsyncResult *result, GError **error);
void pr_environment_rename_async (PrEnvironment *self,
                                  const char *name,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_environment_rename_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_remove_async (PrEnvironment *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_environment_remove_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
gboolean pr_environment_is_gone (PrEnvironment *self);

void pr_folder_remove (const char *path);

G_END_DECLS
