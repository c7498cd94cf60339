/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in to mailboxes: one, or many in turn, for there is but one person at the browser. Main
 * thread. */

#include "pr-environment-sign-in.h"

#include "pr-environment-oauth.h"
#include "pr-environment-sign-in-info.h"
#include "pr-oauth-services.h"
#include "pr-oauth-sign-in.h"
#include "pr-token-keeper.h"

#include <glib/gi18n-lib.h>

/* --- Who can, and who has to ------------------------------------------------------------------ */

/**
 * pr_environment_can_sign_in:
 * @self: an environment
 * @mailbox: a stored mailbox
 * @error: set to why not
 *
 * Returns: whether somebody can sign in to @mailbox
 */
gboolean
pr_environment_can_sign_in (PrEnvironment *self, PrMailbox *mailbox, GError **error)
{
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (self, pr_mailbox_get (mailbox, PROFILE_ID));
  const char *address = pr_mailbox_get_text (mailbox, ADDRESS);

  if (profile == NULL)
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "profile-id",
                  _ ("%s has no server profile, so there is nowhere to sign in."), address);
  else if (!pr_server_profile_uses (profile, PR_AUTHENTICATION_OAUTH))
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "incoming-authentication",
                  _ ("The server profile “%s” of %s does not use OAuth: there is nothing to sign "
                     "in to."),
                  pr_server_profile_get_text (profile, NAME), address);
  else if (pr_server_profile_uses_service_account (profile))
    pr_set_error (error, PR_ERROR_INVALID_VALUE, "oauth-client-id",
                  _ ("The server profile “%s” signs in to %s with its service account: nobody has "
                     "to do it."),
                  pr_server_profile_get_text (profile, NAME), address);
  else
    return pr_environment_check_writable (self, error);
  return FALSE;
}

static gboolean
is_code_of_sign_in (const char *word)
{
  PrCode code;

  return pr_code_from_word (word, &code) && pr_code_wants_sign_in (code);
}

/**
 * pr_environment_needs_sign_in:
 * @self: an environment
 * @mailbox: a stored mailbox
 *
 * Returns: whether nobody signed in to @mailbox yet, or its last test says that it has to be done
 *   again
 */
gboolean
pr_environment_needs_sign_in (PrEnvironment *self, PrMailbox *mailbox)
{
  if (!pr_environment_can_sign_in (self, mailbox, NULL))
    return FALSE;
  if (!pr_mailbox_get (mailbox, TOKEN_SET))
    return TRUE;
  return is_code_of_sign_in (pr_mailbox_get_code (mailbox, PR_DIRECTION_INCOMING))
         || is_code_of_sign_in (pr_mailbox_get_code (mailbox, PR_DIRECTION_OUTGOING));
}

/* --- One -------------------------------------------------------------------------------------- */

typedef struct
{
  PrMailbox *mailbox;
  PrSignInFlow flow;
  PrSignInEvents events;
  gpointer events_data;
} PrSignInWork;

static void
sign_in_work_free (gpointer data)
{
  PrSignInWork *work = data;

  g_object_unref (work->mailbox);
  g_free (work);
}

static void
on_flags_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_set_token_flags_finish (PR_ENVIRONMENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_put (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_oauth_tokens_put_finish (PR_OAUTH_TOKENS (source), result, &error))
    g_task_return_error (task, error);
  else
    pr_environment_set_token_flags_async (g_task_get_source_object (task), work->mailbox, TRUE,
                                          on_flags_set, g_object_ref (task));
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrSignInWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthToken) token = pr_oauth_sign_in_finish (result, &error);
  g_autofree char *key = pr_token_keeper_get_key (work->mailbox);

  if (token == NULL)
    g_task_return_error (task, error);
  else
    pr_oauth_tokens_put_async (pr_environment_get_tokens (self), key, token, on_put,
                               g_steal_pointer (&task));
}

static void
open_url (const char *url, gpointer user_data)
{
  GTask *task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);

  work->events.open_url (g_task_get_source_object (task), work->mailbox, url, work->events_data);
}

static void
show_code (const char *url, const char *code, guint expires_s, gpointer user_data)
{
  GTask *task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);

  work->events.show_code (g_task_get_source_object (task), work->mailbox, url, code, expires_s,
                          work->events_data);
}

static void
on_client (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrSignInWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PrOauthClient) client =
      pr_environment_make_client_finish (PR_ENVIRONMENT (source), result, &error);
  PrOauthSignInPlan plan = {
    client,
    pr_token_keeper_get_account (work->mailbox),
    pr_mailbox_get_text (work->mailbox, ADDRESS),
    PR_OAUTH_SIGN_IN_TIMEOUT_S,
  };

  if (client == NULL)
    g_task_return_error (task, error);
  else if (work->flow == PR_SIGN_IN_DEVICE)
    /* The task lives until on_signed_in(), so it can be lent to show_code(). */
    pr_oauth_device_sign_in_async (&plan, show_code, task, g_task_get_cancellable (task),
                                   on_signed_in, g_object_ref (task));
  else
    pr_oauth_sign_in_async (&plan, open_url, task, g_task_get_cancellable (task), on_signed_in,
                            g_object_ref (task));
}

/**
 * pr_environment_sign_in_async:
 * @self: an environment
 * @mailbox: a stored mailbox
 * @flow: how
 * @events: what to do for the person
 * @events_data: for @events
 * @cancellable: (nullable): ends the wait for the person
 * @callback: called when the sign-in is in the keyring, or has failed
 * @user_data: for @callback
 */
void
pr_environment_sign_in_async (PrEnvironment *self,
                              PrMailbox *mailbox,
                              PrSignInFlow flow,
                              const PrSignInEvents *events,
                              gpointer events_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  g_autoptr (PrServerProfile) profile = NULL;
  PrSignInWork *work = g_new0 (PrSignInWork, 1);
  GError *error = NULL;

  g_return_if_fail (events != NULL);

  g_task_set_name (task, "pr_environment_sign_in");
  work->mailbox = g_object_ref (mailbox);
  work->flow = flow;
  work->events = *events;
  work->events_data = events_data;
  g_task_set_task_data (task, work, sign_in_work_free);
  if (!pr_environment_can_sign_in (self, mailbox, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  profile = pr_environment_find_profile_by_id (self, pr_mailbox_get (mailbox, PROFILE_ID));
  pr_environment_make_client_async (self, profile, cancellable, on_client, g_steal_pointer (&task));
}

/**
 * pr_environment_sign_in_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set to a #PR_OAUTH_ERROR, or a #PR_ERROR
 *
 * Returns: whether the mailbox is signed in
 */
gboolean
pr_environment_sign_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (g_task_propagate_boolean (G_TASK (result), &local_error))
    return TRUE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pr_oauth_set_error (error, PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE, "cancelled");
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* --- Many in turn ----------------------------------------------------------------------------- */

typedef struct
{
  PrSignInFlow flow;
  PrSignInEvents events;
  gpointer events_data;
  gboolean only_needed;
  GPtrArray *mailboxes; /* of PrMailbox */
  guint next;
  GHashTable *broken; /* ids of profiles whose registration does not work */
  GHashTable *done;   /* keys of accounts that were dealt with */
  PrSignInSummary summary;
} PrQueueWork;

static void sign_in_next (GTask *task);

static void
queue_work_free (gpointer data)
{
  PrQueueWork *work = data;

  g_clear_pointer (&work->mailboxes, g_ptr_array_unref);
  g_hash_table_unref (work->broken);
  g_hash_table_unref (work->done);
  g_free (work);
}

static void
on_one_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrQueueWork *work = g_task_get_task_data (task);
  PrMailbox *mailbox = g_ptr_array_index (work->mailboxes, work->next - 1);
  gint64 profile_id = pr_mailbox_get (mailbox, PROFILE_ID);
  g_autoptr (GError) error = NULL;

  if (pr_environment_sign_in_finish (self, result, &error))
    work->summary.n_success++;
  else
    {
      work->summary.n_failure++;
      if (pr_sign_in_error_is_of_profile (error))
        g_hash_table_add (work->broken, g_memdup2 (&profile_id, sizeof profile_id));
    }
  if (work->events.finished != NULL)
    work->events.finished (self, mailbox, error, work->events_data);
  sign_in_next (task);
}

static gboolean
is_skipped (PrQueueWork *work, PrMailbox *mailbox)
{
  gint64 profile_id = pr_mailbox_get (mailbox, PROFILE_ID);

  return g_hash_table_contains (work->broken, &profile_id)
         || !g_hash_table_add (work->done, pr_token_keeper_get_key (mailbox));
}

static void
sign_in_next (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrQueueWork *work = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  PrMailbox *mailbox;

  while (work->next < work->mailboxes->len
         && is_skipped (work, g_ptr_array_index (work->mailboxes, work->next)))
    {
      work->next++;
      work->summary.n_skipped++;
    }
  if (work->next == work->mailboxes->len || g_cancellable_is_cancelled (cancellable))
    {
      work->summary.n_skipped += work->mailboxes->len - work->next;
      g_task_return_boolean (task, TRUE);
      return;
    }
  mailbox = g_ptr_array_index (work->mailboxes, work->next++);
  if (work->events.begin != NULL)
    work->events.begin (self, mailbox, work->next, work->mailboxes->len, work->events_data);
  pr_environment_sign_in_async (self, mailbox, work->flow, &work->events, work->events_data,
                                cancellable, on_one_signed_in, g_object_ref (task));
}

static void
on_queue_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrQueueWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) mailboxes =
      pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->mailboxes = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (work->only_needed ? pr_environment_needs_sign_in (self, mailbox)
                            : pr_environment_can_sign_in (self, mailbox, NULL))
        g_ptr_array_add (work->mailboxes, g_object_ref (mailbox));
    }
  sign_in_next (task);
}

/**
 * pr_environment_sign_in_many_async:
 * @self: an environment
 * @selection: which mailboxes
 * @only_needed: leave those out whose sign-in is still good, as far as is known
 * @flow: how
 * @events: what to do for the person
 * @events_data: for @events
 * @cancellable: (nullable): ends the queue
 * @callback: called when the last one is over
 * @user_data: for @callback
 *
 * Mailboxes that share an account are signed in once; when the registration of a profile turns out
 * not to work, its other mailboxes are left out.
 */
void
pr_environment_sign_in_many_async (PrEnvironment *self,
                                   PrSelection *selection,
                                   gboolean only_needed,
                                   PrSignInFlow flow,
                                   const PrSignInEvents *events,
                                   gpointer events_data,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = pr_change_task_new (self, cancellable, callback, user_data);
  PrQueueWork *work = g_new0 (PrQueueWork, 1);

  g_return_if_fail (events != NULL);

  g_task_set_name (task, "pr_environment_sign_in_many");
  work->flow = flow;
  work->events = *events;
  work->events_data = events_data;
  work->only_needed = only_needed;
  work->broken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  work->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_task_set_task_data (task, work, queue_work_free);
  pr_store_list_mailboxes_async (self->store, selection, cancellable, on_queue_listed, task);
}

/**
 * pr_environment_sign_in_many_finish:
 * @self: an environment
 * @result: what the callback got
 * @summary: (out) (optional): how many ended how
 * @error: set if the mailboxes could not be read
 *
 * Returns: whether the queue was worked through; that sign-ins failed is no error
 */
gboolean
pr_environment_sign_in_many_finish (PrEnvironment *self,
                                    GAsyncResult *result,
                                    PrSignInSummary *summary,
                                    GError **error)
{
  PrQueueWork *work;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  work = g_task_get_task_data (G_TASK (result));
  if (summary != NULL)
    *summary = work->summary;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Out -------------------------------------------------------------------------------------- */

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GPtrArray *mailboxes = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_environment_revoke_finish (PR_ENVIRONMENT (source), result, &error))
    g_task_return_int (task, mailboxes->len);
  else
    g_task_return_error (task, error);
}

static void
on_signed_in_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  GError *error = NULL;
  GPtrArray *mailboxes = pr_environment_list_signed_in_finish (self, result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, mailboxes, (GDestroyNotify) g_ptr_array_unref);
  pr_environment_revoke_async (self, mailboxes, FALSE, on_signed_out, g_steal_pointer (&task));
}

/**
 * pr_environment_sign_out_async:
 * @self: an environment
 * @selection: which mailboxes
 * @cancellable: (nullable): cancels before anything is done
 * @callback: called when the provider was told and the keyring has forgotten them
 * @user_data: for @callback
 *
 * Mailboxes that share an account are signed out together.
 */
void
pr_environment_sign_out_async (PrEnvironment *self,
                               PrSelection *selection,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_name (task, "pr_environment_sign_out");
  if (!pr_environment_check_writable (self, &error))
    g_task_return_error (task, error);
  else
    pr_environment_list_signed_in_async (self, selection, cancellable, on_signed_in_listed,
                                         g_steal_pointer (&task));
}

gboolean
pr_environment_sign_out_finish (PrEnvironment *self,
                                GAsyncResult *result,
                                guint *n_signed_out,
                                GError **error)
{
  gssize n = g_task_propagate_int (G_TASK (result), error);

  *n_signed_out = n < 0 ? 0 : (guint) n;
  return n >= 0;
}
