/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthStorage: the interface. Main thread. */

#include "pr-oauth-storage.h"

G_DEFINE_INTERFACE (PrOauthStorage, pr_oauth_storage, G_TYPE_OBJECT)

static void
pr_oauth_storage_default_init (PrOauthStorageInterface *iface)
{
}
