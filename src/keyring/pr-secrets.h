/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-keyring.h"

G_BEGIN_DECLS

/* Mailboxes of one bundle. A keyring rewrites its whole file for every item, so 10,000 items of
 * their own would take an hour to make; 79 bundles take a second. */
#define PR_BUNDLE_SIZE 128

/**
 * PrSecrets:
 *
 * The secrets of one environment. Those of profiles have items of their own, those of mailboxes
 * share one item with up to %PR_BUNDLE_SIZE others, which is read, changed and stored under a lock
 * between processes.
 */
#define PR_TYPE_SECRETS (pr_secrets_get_type ())
G_DECLARE_FINAL_TYPE (PrSecrets, pr_secrets, PR, SECRETS, GObject)

PrSecrets *pr_secrets_new (PrKeyring *keyring,
                           const char *environment_id,
                           const char *environment_name,
                           const char *lock_path);

void pr_secrets_lookup_async (PrSecrets *self,
                              PrSecretKind kind,
                              gint64 id,
                              const char *direction,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PrSecret *pr_secrets_lookup_finish (PrSecrets *self, GAsyncResult *result, GError **error);

/**
 * PrSecretChange:
 * @id: of the record
 * @secret: (nullable): the new value; %NULL removes it
 */
typedef struct
{
  gint64 id;
  PrSecret *secret;
} PrSecretChange;

void pr_secrets_change_async (PrSecrets *self,
                              PrSecretKind kind,
                              const char *direction,
                              const PrSecretChange *changes,
                              guint n_changes,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void pr_secrets_change_whole_async (PrSecrets *self,
                                    PrSecretKind kind,
                                    const char *direction,
                                    const PrSecretChange *changes,
                                    guint n_changes,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pr_secrets_change_finish (PrSecrets *self, GAsyncResult *result, GError **error);

void pr_secrets_clear_all_async (PrSecrets *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pr_secrets_clear_all_finish (PrSecrets *self, GAsyncResult *result, GError **error);

void pr_secrets_check_open_async (PrSecrets *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pr_secrets_check_open_finish (PrSecrets *self, GAsyncResult *result, GError **error);

void pr_secrets_begin_cache (PrSecrets *self);
void pr_secrets_end_cache (PrSecrets *self);
void pr_secrets_drop_cache (PrSecrets *self);

G_END_DECLS
