/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secrets.h"

G_BEGIN_DECLS

/* The asynchronous calls of the keyring, waited for; never longer than this. */
#define PR_WAIT_S 60

/**
 * PrWaiting:
 *
 * Holds the answer of an asynchronous call, once it has come.
 */
typedef struct
{
  GAsyncResult *result;
} PrWaiting;

void pr_waiting_ready (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *pr_waiting_get (PrWaiting *self);
void pr_waiting_clear (PrWaiting *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrWaiting, pr_waiting_clear)

gboolean
pr_wait_store (PrKeyring *keyring, const PrKeyringItem *item, const char *text, GError **error);
char *pr_wait_lookup (PrKeyring *keyring, const PrKeyringItem *item, GError **error);
gboolean pr_wait_clear (PrKeyring *keyring, const PrKeyringItem *item, GError **error);

gboolean
pr_wait_change (PrSecrets *secrets, PrSecretKind kind, gint64 id, const char *text, GError **error);
char *pr_wait_secret (PrSecrets *secrets, PrSecretKind kind, gint64 id, GError **error);

G_END_DECLS
