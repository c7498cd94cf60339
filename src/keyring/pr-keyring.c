/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrKeyring: the interface. Main thread. */

#include "pr-keyring.h"

G_DEFINE_ENUM_TYPE (PrSecretKind,
                    pr_secret_kind,
                    G_DEFINE_ENUM_VALUE (PR_SECRET_PROFILE_PASSWORD, "profile-password"),
                    G_DEFINE_ENUM_VALUE (PR_SECRET_MAILBOX_PASSWORD, "mailbox-password"),
                    G_DEFINE_ENUM_VALUE (PR_SECRET_OAUTH_TOKEN, "oauth-token"),
                    G_DEFINE_ENUM_VALUE (PR_SECRET_OAUTH_ACCOUNT, "oauth-account"),
                    G_DEFINE_ENUM_VALUE (PR_SECRET_OAUTH_CLIENT, "oauth-client"),
                    G_DEFINE_ENUM_VALUE (PR_SECRET_SERVICE_ACCOUNT, "service-account"))

G_DEFINE_INTERFACE (PrKeyring, pr_keyring, G_TYPE_OBJECT)

static void
pr_keyring_default_init (PrKeyringInterface *iface)
{
}

/**
 * pr_keyring_lookup_async:
 * @self: a keyring
 * @item: which item
 * @cancellable: (nullable): ends the wait, also for a person at a prompt
 * @callback: called with the secret
 * @user_data: for @callback
 */
void
pr_keyring_lookup_async (PrKeyring *self,
                         const PrKeyringItem *item,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  PR_KEYRING_GET_IFACE (self)->lookup_async (self, item, cancellable, callback, user_data);
}

/**
 * pr_keyring_lookup_finish:
 * @self: a keyring
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the secret; %NULL without @error if there is no such item
 */
PrSecret *
pr_keyring_lookup_finish (PrKeyring *self, GAsyncResult *result, GError **error)
{
  return PR_KEYRING_GET_IFACE (self)->lookup_finish (self, result, error);
}

/**
 * pr_keyring_store_async:
 * @self: a keyring
 * @item: which item; one of the same name is replaced
 * @secret: its value, text
 * @cancellable: (nullable): ends the wait
 * @callback: called when it is stored
 * @user_data: for @callback
 */
void
pr_keyring_store_async (PrKeyring *self,
                        const PrKeyringItem *item,
                        PrSecret *secret,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  PR_KEYRING_GET_IFACE (self)->store_async (self, item, secret, cancellable, callback, user_data);
}

gboolean
pr_keyring_store_finish (PrKeyring *self, GAsyncResult *result, GError **error)
{
  return PR_KEYRING_GET_IFACE (self)->store_finish (self, result, error);
}

/**
 * pr_keyring_clear_async:
 * @self: a keyring
 * @item: which item; with an id of %NULL every item of the environment
 * @cancellable: (nullable): ends the wait
 * @callback: called when it is gone
 * @user_data: for @callback
 */
void
pr_keyring_clear_async (PrKeyring *self,
                        const PrKeyringItem *item,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  PR_KEYRING_GET_IFACE (self)->clear_async (self, item, cancellable, callback, user_data);
}

/**
 * pr_keyring_clear_finish:
 * @self: a keyring
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: whether the item is gone; that it never was there is no failure
 */
gboolean
pr_keyring_clear_finish (PrKeyring *self, GAsyncResult *result, GError **error)
{
  return PR_KEYRING_GET_IFACE (self)->clear_finish (self, result, error);
}
