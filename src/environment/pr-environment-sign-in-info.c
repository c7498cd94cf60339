/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of sign-ins without making one: who, since when, until when; whose turn it is in a
 * queue; and what a sign-in service offers. Main thread. */

#include "pr-environment-sign-in-info.h"

#include "pr-environment-oauth.h"
#include "pr-environment-sign-in.h"
#include "pr-token-keeper.h"

/* --- One sign-in ------------------------------------------------------------------------------ */

void
pr_sign_in_info_free (PrSignInInfo *self)
{
  g_free (self->account);
  g_free (self->scope);
  g_free (self);
}

static PrServerProfile *
find_profile (PrEnvironment *self, PrMailbox *mailbox)
{
  return pr_environment_find_profile_by_id (self, pr_mailbox_get (mailbox, PROFILE_ID));
}

static PrSignInInfo *
make_info (PrEnvironment *self, PrMailbox *mailbox, const PrOauthToken *token)
{
  g_autoptr (PrServerProfile) profile = find_profile (self, mailbox);
  PrSignInInfo *info = g_new0 (PrSignInInfo, 1);

  info->account = g_strdup (token->account != NULL ? token->account : "");
  info->scope = g_strdup (token->scope != NULL ? token->scope : "");
  info->signed_in_at = token->signed_in_at;
  info->refreshed_at = token->refreshed_at;
  info->ends_at = token->refresh_until;
  info->lasts = token->refresh != NULL;
  info->other_client =
      profile != NULL
      && g_strcmp0 (token->client_id, pr_server_profile_get_text (profile, OAUTH_CLIENT_ID)) != 0;
  return info;
}

static void
on_peeked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PrOauthToken) token =
      pr_oauth_tokens_peek_finish (PR_OAUTH_TOKENS (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (token == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_pointer (
        task, make_info (g_task_get_source_object (task), g_task_get_task_data (task), token),
        (GDestroyNotify) pr_sign_in_info_free);
}

/**
 * pr_environment_load_sign_in_async:
 * @self: an environment
 * @mailbox: a stored mailbox
 * @cancellable: (nullable): ends the wait
 * @callback: called with what is known
 * @user_data: for @callback
 */
void
pr_environment_load_sign_in_async (PrEnvironment *self,
                                   PrMailbox *mailbox,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *key = pr_token_keeper_get_key (mailbox);

  g_task_set_name (task, "pr_environment_load_sign_in");
  g_task_set_task_data (task, g_object_ref (mailbox), g_object_unref);
  pr_oauth_tokens_peek_async (pr_environment_get_tokens (self), key, cancellable, on_peeked, task);
}

/**
 * pr_environment_load_sign_in_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set to a #PR_ERROR of the keyring
 *
 * Returns: (transfer full) (nullable): the sign-in; %NULL without @error: nobody signed in
 */
PrSignInInfo *
pr_environment_load_sign_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Whose turn it is ------------------------------------------------------------------------- */

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  gboolean only_needed = GPOINTER_TO_INT (g_task_get_task_data (task));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GError *error = NULL;
  g_autoptr (GPtrArray) all = pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);

  if (all == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < all->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (all, i);

      if ((only_needed ? pr_environment_needs_sign_in (self, mailbox)
                       : pr_environment_can_sign_in (self, mailbox, NULL))
          && g_hash_table_add (seen, pr_token_keeper_get_key (mailbox)))
        g_ptr_array_add (list, g_object_ref (mailbox));
    }
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * pr_environment_list_sign_ins_async:
 * @self: an environment
 * @selection: which mailboxes
 * @only_needed: leave those out whose sign-in is still good, as far as is known
 * @cancellable: (nullable): cancels
 * @callback: called with the mailboxes for which somebody has to sign in
 * @user_data: for @callback
 *
 * Of mailboxes that share an account there is one.
 */
void
pr_environment_list_sign_ins_async (PrEnvironment *self,
                                    PrSelection *selection,
                                    gboolean only_needed,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "pr_environment_list_sign_ins");
  g_task_set_task_data (task, GINT_TO_POINTER (only_needed), NULL);
  pr_store_list_mailboxes_async (self->store, selection, cancellable, on_listed, task);
}

/**
 * pr_environment_list_sign_ins_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set if the mailboxes could not be read
 *
 * Returns: (transfer full) (nullable) (element-type PrMailbox): the mailboxes
 */
GPtrArray *
pr_environment_list_sign_ins_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_code_wants_sign_in:
 * @code: why a test of a mailbox failed
 *
 * Returns: whether somebody has to sign in to it, for the first time or again
 */
gboolean
pr_code_wants_sign_in (PrCode code)
{
  return code == PR_CODE_OAUTH_SIGN_IN_NEEDED || code == PR_CODE_OAUTH_TOKEN_REVOKED
         || code == PR_CODE_OAUTH_ACCESS_DENIED || code == PR_CODE_OAUTH_SCOPE_MISSING
         || code == PR_CODE_OAUTH_WRONG_ACCOUNT;
}

/**
 * pr_sign_in_error_is_of_profile:
 * @error: why a sign-in failed
 *
 * Returns: whether the sign-in of each other mailbox of the profile would fail as well
 */
gboolean
pr_sign_in_error_is_of_profile (const GError *error)
{
  return error->domain == PR_OAUTH_ERROR
         && (error->code == PR_CODE_OAUTH_CLIENT_INVALID
             || error->code == PR_CODE_OAUTH_ADMIN_BLOCKED);
}

/* --- What the service offers ------------------------------------------------------------------ */

/**
 * pr_environment_name_service:
 * @self: an environment
 * @mailbox: a mailbox
 *
 * Returns: (transfer full) (nullable): what its sign-in service is called, translated
 */
char *
pr_environment_name_service (PrEnvironment *self, PrMailbox *mailbox)
{
  g_autoptr (PrServerProfile) profile = find_profile (self, mailbox);
  g_autoptr (PrOauthProvider) provider =
      profile != NULL ? pr_environment_find_provider (self, profile, NULL) : NULL;

  return provider != NULL ? g_strdup (provider->name) : NULL;
}

/**
 * pr_environment_offers_device:
 * @self: an environment
 * @mailbox: a mailbox
 *
 * Returns: whether one can sign in to it on another device, with a code, as far as is known: of a
 *   service that has to be discovered it is known once a sign-in has begun
 */
gboolean
pr_environment_offers_device (PrEnvironment *self, PrMailbox *mailbox)
{
  g_autoptr (PrServerProfile) profile = find_profile (self, mailbox);
  g_autoptr (PrOauthProvider) provider =
      profile != NULL ? pr_environment_find_provider (self, profile, NULL) : NULL;

  return provider != NULL && provider->device_url != NULL;
}
