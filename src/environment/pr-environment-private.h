/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"
#include "pr-range-lock.h"
#include "pr-secrets.h"

G_BEGIN_DECLS

typedef struct _PrEnvironmentOauth PrEnvironmentOauth;

/* A secret in the keyring whose record was deleted. */
typedef struct
{
  PrSecretKind kind;
  const char *direction; /* a constant */
  gint64 id;
} PrLeftSecret;

struct _PrEnvironment
{
  GObject parent_instance;

  /* Owned */
  char *id;
  char *name;
  char *folder;
  PrStore *store;
  PrSecrets *secrets;
  PrEmailSettings *settings;
  GListStore *profiles;      /* of PrServerProfile, by name */
  PrRangeLock *use;          /* (nullable): shared by everybody who has it open */
  PrEnvironmentOauth *oauth; /* (nullable): made when it is needed */
  GArray *left;              /* (nullable): of PrLeftSecret: secrets of what is gone */
  char *left_reason;         /* (nullable): why they could not be removed, until it is told */

  guint n_jobs; /* Test & Enable: those that have not ended */

  gulong stored_id;
  guint n_followers;
  guint n_holding; /* commands that change secrets of mailboxes or profiles */
  guint poll_source;
};

GTask *pr_change_task_new (gpointer source,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void pr_environment_start_open (GTask *task,
                                const char *data_dir,
                                const char *name,
                                PrKeyring *keyring,
                                gboolean create);
void pr_environment_keep_left_secrets (PrEnvironment *self,
                                       PrSecretKind kind,
                                       const char *direction,
                                       const gint64 *ids,
                                       guint n_ids,
                                       const GError *error);
void pr_environment_then_reload (PrEnvironment *self, GTask *task);
void pr_environment_hold_secrets_async (PrEnvironment *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
PrEnvironment *
pr_environment_hold_secrets_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_release_secrets (PrEnvironment *self);
void
pr_environment_mend_async (PrEnvironment *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pr_environment_mend_finish (PrEnvironment *self, GAsyncResult *result);
void pr_environment_begin_profile_secrets_async (PrEnvironment *self,
                                                 gint64 id,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
PrEnvironment *pr_environment_begin_profile_secrets_finish (PrEnvironment *self,
                                                            GAsyncResult *result,
                                                            GError **error);
void pr_environment_clear_profile_secrets_async (PrEnvironment *self,
                                                 gint64 id,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
void pr_environment_mend_profiles_async (PrEnvironment *self,
                                         GArray *unsettled,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean
pr_environment_mend_profiles_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
gboolean pr_environment_check_secret (PrSecret *secret, GError **error);
gboolean pr_environment_check_profile_id (PrEnvironment *self, gint64 id, GError **error);
void pr_environment_check_ca (const char *pem, GPtrArray *errors);
gboolean pr_environment_check_writable (PrEnvironment *self, GError **error);

G_END_DECLS
