/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Server profiles whose secrets are being changed: as for mailboxes (pr-store-unsettled.c). Main
 * thread, but for the functions that work on a PrDatabase. */

#include "pr-store-private.h"

typedef struct
{
  gint64 id;
  gboolean is_known; /* what is found in the keyring */
  PrProfileSecrets found;
} PrProfileWork;

static gpointer
note (PrDatabase *database, gpointer data, GError **error)
{
  const gint64 *id = data;

  return pr_database_run (database, error,
                          "INSERT OR IGNORE INTO unsettled_profiles (profile_id) VALUES (?)", "i",
                          *id)
             ? PR_STORE_DONE
             : NULL;
}

/**
 * pr_store_note_unsettled_profile_async:
 * @self: a store
 * @id: a profile whose secrets are going to be changed
 * @cancellable: (nullable): cancels
 * @callback: called when that is written; to be finished with pr_store_note_unsettled_finish()
 * @user_data: for @callback
 */
void
pr_store_note_unsettled_profile_async (PrStore *self,
                                       gint64 id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  pr_store_run_async (self, TRUE, note, g_memdup2 (&id, sizeof id), g_free, NULL, cancellable,
                      callback, user_data);
}

/* @id: a profile of which database and keyring say the same. In a transaction. */
gboolean
pr_store_strike_out_profile (PrDatabase *database, gint64 id, GError **error)
{
  return pr_database_run (database, error, "DELETE FROM unsettled_profiles WHERE profile_id = ?",
                          "i", id);
}

/* Somebody else may have settled it meanwhile, and knows better. */
static gboolean
set_found (PrDatabase *database, const PrProfileWork *work, GError **error)
{
  gint64 incoming = work->found.incoming, outgoing = work->found.outgoing;
  gint64 oauth = work->found.oauth;

  if (!pr_database_run (database, error,
                        "UPDATE profiles SET incoming_password_set = ?, outgoing_password_set = ?,"
                        "  oauth_secret_set = ?"
                        " WHERE id = ? AND id IN (SELECT profile_id FROM unsettled_profiles)"
                        "   AND (incoming_password_set, outgoing_password_set, oauth_secret_set)"
                        "    IS NOT (?, ?, ?)",
                        "iiiiiii", incoming, outgoing, oauth, work->id, incoming, outgoing, oauth))
    return FALSE;
  return pr_database_get_n_changed (database) == 0
         || pr_database_run (database, error,
                             "UPDATE mailboxes SET serial = serial + 1 WHERE profile_id = ?", "i",
                             work->id);
}

static gpointer
settle (PrDatabase *database, gpointer data, GError **error)
{
  const PrProfileWork *work = data;

  if (work->is_known && !set_found (database, work, error))
    return NULL;
  return pr_store_strike_out_profile (database, work->id, error) ? PR_STORE_DONE : NULL;
}

/**
 * pr_store_settle_profile_async:
 * @self: a store
 * @id: a profile that was looked up in the keyring, or is gone from it
 * @found: (nullable): what there is; %NULL: that is not the question
 * @cancellable: (nullable): cancels
 * @callback: called when the database says what the keyring says; to be finished with
 *   pr_store_settle_finish()
 * @user_data: for @callback
 */
void
pr_store_settle_profile_async (PrStore *self,
                               gint64 id,
                               const PrProfileSecrets *found,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  PrProfileWork *work = g_new0 (PrProfileWork, 1);

  work->id = id;
  work->is_known = found != NULL;
  if (found != NULL)
    work->found = *found;
  pr_store_run_async (self, TRUE, settle, work, g_free, NULL, cancellable, callback, user_data);
}
