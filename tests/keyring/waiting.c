/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keyring's asynchronous calls as a test wants them: the main loop runs until the answer is
 * there, and the test ends if it does not come. Texts instead of secrets, so that they can be
 * compared. */

#include "waiting.h"

void
pr_waiting_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrWaiting *self = user_data;

  g_assert_null (self->result);
  self->result = g_object_ref (result);
}

static gboolean
on_late (gpointer user_data)
{
  g_assertion_message ("keyring", __FILE__, __LINE__, G_STRFUNC, "no answer came in time");
  return G_SOURCE_REMOVE;
}

GAsyncResult *
pr_waiting_get (PrWaiting *self)
{
  guint late = g_timeout_add_seconds (PR_WAIT_S, on_late, NULL);

  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
  return self->result;
}

void
pr_waiting_clear (PrWaiting *self)
{
  g_clear_object (&self->result);
}

gboolean
pr_wait_store (PrKeyring *keyring, const PrKeyringItem *item, const char *text, GError **error)
{
  g_autoptr (PrSecret) secret = pr_secret_new (text, -1);
  g_auto (PrWaiting) waiting = { NULL };

  pr_keyring_store_async (keyring, item, secret, NULL, pr_waiting_ready, &waiting);
  return pr_keyring_store_finish (keyring, pr_waiting_get (&waiting), error);
}

/* Returns: (nullable): as text; %NULL without an error if there is no such item */
char *
pr_wait_lookup (PrKeyring *keyring, const PrKeyringItem *item, GError **error)
{
  g_autoptr (PrSecret) secret = NULL;
  g_auto (PrWaiting) waiting = { NULL };

  pr_keyring_lookup_async (keyring, item, NULL, pr_waiting_ready, &waiting);
  secret = pr_keyring_lookup_finish (keyring, pr_waiting_get (&waiting), error);
  return secret != NULL ? g_strdup (pr_secret_peek (secret)) : NULL;
}

gboolean
pr_wait_clear (PrKeyring *keyring, const PrKeyringItem *item, GError **error)
{
  g_auto (PrWaiting) waiting = { NULL };

  pr_keyring_clear_async (keyring, item, NULL, pr_waiting_ready, &waiting);
  return pr_keyring_clear_finish (keyring, pr_waiting_get (&waiting), error);
}

/* @text: (nullable): %NULL removes it */
gboolean
pr_wait_change (PrSecrets *secrets, PrSecretKind kind, gint64 id, const char *text, GError **error)
{
  g_autoptr (PrSecret) secret = text != NULL ? pr_secret_new (text, -1) : NULL;
  PrSecretChange change = { id, secret };
  g_auto (PrWaiting) waiting = { NULL };

  pr_secrets_change_async (secrets, kind, "", &change, 1, NULL, pr_waiting_ready, &waiting);
  return pr_secrets_change_finish (secrets, pr_waiting_get (&waiting), error);
}

char *
pr_wait_secret (PrSecrets *secrets, PrSecretKind kind, gint64 id, GError **error)
{
  g_autoptr (PrSecret) secret = NULL;
  g_auto (PrWaiting) waiting = { NULL };

  pr_secrets_lookup_async (secrets, kind, id, "", NULL, pr_waiting_ready, &waiting);
  secret = pr_secrets_lookup_finish (secrets, pr_waiting_get (&waiting), error);
  return secret != NULL ? g_strdup (pr_secret_peek (secret)) : NULL;
}
