/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table "facts": what is known of the servers of each mailbox from its last test. */

#include "pr-store-private.h"

static const char *
get_text (const char *text)
{
  return text != NULL ? text : "";
}

/* Store thread, inside a transaction. */
gboolean
pr_facts_save (PrDatabase *database, const PrFacts *facts, GError **error)
{
  return pr_database_run (
      database, error,
      "INSERT INTO facts (mailbox_id, direction, server, seen_at, capabilities, mechanisms,"
      " mechanism, tls_version, certificate, issuer, not_after, usual_us, n_seen,"
      " expected_mechanism, expected_tls)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (mailbox_id, direction) DO UPDATE SET server = excluded.server,"
      " seen_at = excluded.seen_at, capabilities = excluded.capabilities,"
      " mechanisms = excluded.mechanisms, mechanism = excluded.mechanism,"
      " tls_version = excluded.tls_version, certificate = excluded.certificate,"
      " issuer = excluded.issuer, not_after = excluded.not_after, usual_us = excluded.usual_us,"
      " n_seen = excluded.n_seen, expected_mechanism = excluded.expected_mechanism,"
      " expected_tls = excluded.expected_tls",
      "ississssssiiiss", facts->mailbox_id,
      pr_enum_to_nick (PR_TYPE_DIRECTION, (int) facts->direction), get_text (facts->server),
      facts->seen_at, get_text (facts->capabilities), get_text (facts->mechanisms),
      get_text (facts->mechanism), get_text (facts->tls_version), get_text (facts->certificate),
      get_text (facts->issuer), facts->not_after, facts->usual_us, (gint64) facts->n_seen,
      get_text (facts->expected_mechanism), get_text (facts->expected_tls));
}

/* "" is stored for what there is not. */
static char *
dup_column (PrStatement *statement, int column)
{
  const char *text = pr_statement_get_text (statement, column);

  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static PrFacts *
read_facts (PrStatement *statement, const PrFactsKey *key)
{
  PrFacts *facts =
      pr_facts_new (key->mailbox_id, key->direction, pr_statement_get_text (statement, 0));

  facts->seen_at = pr_statement_get_number (statement, 1);
  facts->capabilities = dup_column (statement, 2);
  facts->mechanisms = dup_column (statement, 3);
  facts->mechanism = dup_column (statement, 4);
  facts->tls_version = dup_column (statement, 5);
  facts->certificate = dup_column (statement, 6);
  facts->issuer = dup_column (statement, 7);
  facts->not_after = pr_statement_get_number (statement, 8);
  facts->usual_us = pr_statement_get_number (statement, 9);
  facts->n_seen = (guint) pr_statement_get_number (statement, 10);
  facts->expected_mechanism = dup_column (statement, 11);
  facts->expected_tls = dup_column (statement, 12);
  return facts;
}

static gboolean
load_one (PrDatabase *database, const PrFactsKey *key, PrFacts **facts, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error,
      "SELECT server, seen_at, capabilities, mechanisms, mechanism, tls_version, certificate,"
      " issuer, not_after, usual_us, n_seen, expected_mechanism, expected_tls FROM facts WHERE "
      "mailbox_id = ? AND direction = ?",
      "is", key->mailbox_id, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) key->direction));

  *facts = NULL;
  if (statement == NULL)
    return FALSE;
  if (pr_statement_next (statement, &local_error))
    *facts = read_facts (statement, key);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
free_facts (gpointer data)
{
  if (data != NULL)
    pr_facts_free (data);
}

static gpointer
load_facts (PrDatabase *database, gpointer data, GError **error)
{
  GArray *keys = data;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_facts);

  for (guint i = 0; i < keys->len; i++)
    {
      PrFacts *facts;

      if (!load_one (database, &g_array_index (keys, PrFactsKey, i), &facts, error))
        return NULL;
      g_ptr_array_add (list, facts);
    }
  return g_steal_pointer (&list);
}

/**
 * pr_store_load_facts_async:
 * @self: a store
 * @keys: (element-type PrFactsKey): which ones; not changed any more
 * @cancellable: (nullable): cancels
 * @callback: called with them
 * @user_data: for @callback
 */
void
pr_store_load_facts_async (PrStore *self,
                           GArray *keys,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  pr_store_run_async (self, FALSE, load_facts, g_array_ref (keys), (GDestroyNotify) g_array_unref,
                      (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

/**
 * pr_store_load_facts_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrFacts): one for each key, in their order;
 *   %NULL where nothing is known
 */
GPtrArray *
pr_store_load_facts_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error);
}

/* --- Of any mailbox of a profile -------------------------------------------------------------- */

typedef struct
{
  gint64 profile_id;
  PrDirection direction;
  char *server;
  PrFacts *found; /* (nullable) */
} PrFactsSearch;

static void
facts_search_free (gpointer data)
{
  PrFactsSearch *search = data;

  g_clear_pointer (&search->found, pr_facts_free);
  g_free (search->server);
  g_free (search);
}

static gpointer
find_facts (PrDatabase *database, gpointer data, GError **error)
{
  PrFactsSearch *search = data;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error,
      "SELECT facts.mailbox_id FROM facts JOIN mailboxes ON mailboxes.id = facts.mailbox_id"
      " WHERE mailboxes.profile_id = ? AND facts.direction = ? AND facts.server = ?"
      " ORDER BY facts.seen_at DESC LIMIT 1",
      "iss", search->profile_id, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) search->direction),
      search->server);
  PrFactsKey key = { 0, search->direction };

  if (statement == NULL)
    return NULL;
  if (pr_statement_next (statement, &local_error))
    {
      key.mailbox_id = pr_statement_get_number (statement, 0);
      if (!load_one (database, &key, &search->found, error))
        return NULL;
    }
  if (local_error == NULL)
    return PR_STORE_DONE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_find_facts_async:
 * @self: a store
 * @profile_id: of a profile
 * @direction: which of its servers
 * @server: as #PrFacts names it
 * @cancellable: (nullable): cancels
 * @callback: called with them
 * @user_data: for @callback
 *
 * Looks for the newest facts of any mailbox of the profile.
 */
void
pr_store_find_facts_async (PrStore *self,
                           gint64 profile_id,
                           PrDirection direction,
                           const char *server,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  PrFactsSearch *search = g_new0 (PrFactsSearch, 1);

  search->profile_id = profile_id;
  search->direction = direction;
  search->server = g_strdup (server);
  pr_store_run_async (self, FALSE, find_facts, search, facts_search_free, NULL, cancellable,
                      callback, user_data);
}

/**
 * pr_store_find_facts_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the facts; %NULL without @error: nothing is known
 */
PrFacts *
pr_store_find_facts_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  PrFactsSearch *search = pr_store_result_get_data (result);

  if (pr_store_run_finish (self, result, error) == NULL)
    return NULL;
  return g_steal_pointer (&search->found);
}
