/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-error.h"
#include "pr-secret.h"
#include "pr-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrSecretKind:
 * @PR_SECRET_MAILBOX_PASSWORD: kept in bundles, see #PrSecrets
 * @PR_SECRET_OAUTH_TOKEN: refresh and access token of a mailbox, kept in bundles
 * @PR_SECRET_OAUTH_ACCOUNT: the same of an account that several mailboxes share
 *
 * What a secret is for: the attribute "kind" of its item.
 */
typedef enum
{
  PR_SECRET_PROFILE_PASSWORD,
  PR_SECRET_MAILBOX_PASSWORD,
  PR_SECRET_OAUTH_TOKEN,
  PR_SECRET_OAUTH_ACCOUNT,
  PR_SECRET_OAUTH_CLIENT,
  PR_SECRET_SERVICE_ACCOUNT,
} PrSecretKind;

#define PR_TYPE_SECRET_KIND (pr_secret_kind_get_type ())
GType pr_secret_kind_get_type (void);

/**
 * PrKeyringItem:
 * @environment: id of the environment
 * @id: what it belongs to: a record's id, or a bundle's
 * @direction: "incoming", "outgoing", or "" for both
 * @label: what a keyring application shows
 * @quiet: nobody is asked to unlock the keyring: %PR_ERROR_KEYRING_LOCKED
 *
 * The name of one item in the keyring.
 */
typedef struct
{
  const char *environment;
  PrSecretKind kind;
  const char *id;
  const char *direction;
  const char *label;
  gboolean quiet;
} PrKeyringItem;

/**
 * PrKeyring:
 *
 * Where secrets are. Errors: %PR_ERROR_KEYRING_LOCKED, %PR_ERROR_KEYRING_UNAVAILABLE,
 * %PR_ERROR_KEYRING, or that of the cancellable.
 */
#define PR_TYPE_KEYRING (pr_keyring_get_type ())
G_DECLARE_INTERFACE (PrKeyring, pr_keyring, PR, KEYRING, GObject)

struct _PrKeyringInterface
{
  GTypeInterface parent_iface;

  void (*lookup_async) (PrKeyring *self,
                        const PrKeyringItem *item,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  PrSecret *(*lookup_finish) (PrKeyring *self, GAsyncResult *result, GError **error);
  void (*store_async) (PrKeyring *self,
                       const PrKeyringItem *item,
                       PrSecret *secret,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*store_finish) (PrKeyring *self, GAsyncResult *result, GError **error);
  void (*clear_async) (PrKeyring *self,
                       const PrKeyringItem *item,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*clear_finish) (PrKeyring *self, GAsyncResult *result, GError **error);
};

void pr_keyring_lookup_async (PrKeyring *self,
                              const PrKeyringItem *item,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
PrSecret *pr_keyring_lookup_finish (PrKeyring *self, GAsyncResult *result, GError **error);
void pr_keyring_store_async (PrKeyring *self,
                             const PrKeyringItem *item,
                             PrSecret *secret,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pr_keyring_store_finish (PrKeyring *self, GAsyncResult *result, GError **error);
void pr_keyring_clear_async (PrKeyring *self,
                             const PrKeyringItem *item,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pr_keyring_clear_finish (PrKeyring *self, GAsyncResult *result, GError **error);

PrKeyring *pr_secret_keyring_new (void);
PrKeyring *pr_memory_keyring_new (void);
void pr_memory_keyring_set_failure (PrKeyring *self, int error_code);

G_END_DECLS
