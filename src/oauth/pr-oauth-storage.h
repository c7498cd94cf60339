/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrOauthStorage:
 * @lock_async: waits until no other process works on the sign-in of @key
 * @lock_finish: a handle for @unlock, not negative; -1 with @error
 * @lookup_async: looks for what was stored
 * @store_async: stores @secret, or removes what is there if it is %NULL
 *
 * Where tokens are kept: this room knows no keyring. A key names an account; several mailboxes may
 * share one.
 */
#define PR_TYPE_OAUTH_STORAGE (pr_oauth_storage_get_type ())
G_DECLARE_INTERFACE (PrOauthStorage, pr_oauth_storage, PR, OAUTH_STORAGE, GObject)

struct _PrOauthStorageInterface
{
  GTypeInterface parent_iface;

  void (*lock_async) (PrOauthStorage *self,
                      const char *key,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  int (*lock_finish) (PrOauthStorage *self, GAsyncResult *result, GError **error);
  void (*unlock) (PrOauthStorage *self, int lock);
  void (*lookup_async) (PrOauthStorage *self,
                        const char *key,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  PrSecret *(*lookup_finish) (PrOauthStorage *self, GAsyncResult *result, GError **error);
  void (*store_async) (PrOauthStorage *self,
                       const char *key,
                       PrSecret *secret,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*store_finish) (PrOauthStorage *self, GAsyncResult *result, GError **error);
};

G_END_DECLS
