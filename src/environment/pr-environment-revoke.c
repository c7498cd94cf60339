/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of sign-ins: of mailboxes that are signed out, and of those that were deleted. The
 * provider is asked to forget them where it can be asked; whatever it says, the keyring forgets
 * them. An account that other mailboxes use stays. Main thread. */

#include "pr-environment-oauth.h"

#include "pr-token-keeper.h"

#define AT_ONCE 8

/* --- Who is signed in ------------------------------------------------------------------------- */

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) mailboxes =
      pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);
  GPtrArray *signed_in;

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  signed_in = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);

      if (pr_mailbox_get (mailbox, TOKEN_SET))
        g_ptr_array_add (signed_in, g_object_ref (mailbox));
    }
  g_task_return_pointer (task, signed_in, (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
has_oauth (PrEnvironment *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->profiles));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrServerProfile) profile =
          g_list_model_get_item (G_LIST_MODEL (self->profiles), i);

      if (*pr_server_profile_get_text (profile, OAUTH_CLIENT_ID) != '\0')
        return TRUE;
    }
  return FALSE;
}

/**
 * pr_environment_list_signed_in_async:
 * @self: an environment
 * @selection: some mailboxes
 * @cancellable: (nullable): cancels
 * @callback: called with those of them that somebody signed in to
 * @user_data: for @callback
 */
void
pr_environment_list_signed_in_async (PrEnvironment *self,
                                     PrSelection *selection,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "pr_environment_list_signed_in");
  if (has_oauth (self))
    {
      pr_store_list_mailboxes_async (self->store, selection, cancellable, on_listed, task);
      return;
    }
  g_task_return_pointer (task, g_ptr_array_new (), (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

GPtrArray *
pr_environment_list_signed_in_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Flags ------------------------------------------------------------------------------------ */

typedef struct
{
  char *key;
  gboolean value;
  GArray *ids; /* of gint64: mailboxes whose flag changes */
  guint next;
} PrFlagWork;

static void set_next_flag (GTask *task);

static void
flag_work_free (gpointer data)
{
  PrFlagWork *work = data;

  g_free (work->key);
  g_array_unref (work->ids);
  g_free (work);
}

static void
on_flag_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_set_secret_flag_finish (PR_STORE (source), result, &error))
    set_next_flag (task);
  else
    g_task_return_error (task, error);
}

static void
set_next_flag (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrFlagWork *work = g_task_get_task_data (task);

  if (work->next == work->ids->len)
    g_task_return_boolean (task, TRUE);
  else
    pr_store_set_secret_flag_async (self->store, g_array_index (work->ids, gint64, work->next++),
                                    PR_MAILBOX_TOKEN_SET, work->value, NULL, on_flag_set,
                                    g_object_ref (task));
}

static void
on_sharers_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrFlagWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) mailboxes =
      pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);

  if (mailboxes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      g_autofree char *key = pr_token_keeper_get_key (mailbox);
      gint64 id = pr_record_get_id (PR_RECORD (mailbox));

      if (g_str_equal (key, work->key))
        g_array_append_val (work->ids, id);
    }
  set_next_flag (task);
}

/**
 * pr_environment_set_token_flags_async:
 * @self: an environment
 * @mailbox: whose account was signed in or out
 * @value: in
 * @callback: called when all mailboxes with that account say so
 * @user_data: for @callback
 */
void
pr_environment_set_token_flags_async (PrEnvironment *self,
                                      PrMailbox *mailbox,
                                      gboolean value,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PrFlagWork *work = g_new0 (PrFlagWork, 1);
  g_autoptr (PrSelection) same_profile = NULL;
  gint64 id = pr_record_get_id (PR_RECORD (mailbox));

  g_task_set_name (task, "pr_environment_set_token_flags");
  work->key = pr_token_keeper_get_key (mailbox);
  work->value = value;
  work->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_task_data (task, work, flag_work_free);
  if (!pr_token_keeper_is_shared (mailbox))
    {
      g_array_append_val (work->ids, id);
      set_next_flag (task);
      return;
    }
  same_profile = pr_selection_new_all ();
  pr_selection_set_profile (same_profile, pr_mailbox_get (mailbox, PROFILE_ID));
  pr_store_list_mailboxes_async (self->store, same_profile, NULL, on_sharers_listed,
                                 g_steal_pointer (&task));
}

gboolean
pr_environment_set_token_flags_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Revoke ----------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *mailboxes; /* of PrMailbox */
  gboolean are_gone;    /* they were deleted: there is no flag to clear */
  GHashTable *done;     /* keys that are dealt with */
  guint next;
  guint n_running;
  GError *error; /* the first one that matters */
} PrRevokeWork;

/* One of them. */
typedef struct
{
  GTask *task;
  PrMailbox *mailbox;
  PrOauthToken *token;
} PrRevokeItem;

static void revoke_more (GTask *task);

static void
revoke_work_free (gpointer data)
{
  PrRevokeWork *work = data;

  g_ptr_array_unref (work->mailboxes);
  g_hash_table_unref (work->done);
  g_clear_error (&work->error);
  g_free (work);
}

/* Takes @item, and @error: what the admin has to know. */
static void
item_end (PrRevokeItem *item, GError *error)
{
  g_autoptr (GTask) task = item->task;
  PrRevokeWork *work = g_task_get_task_data (task);

  if (work->error == NULL)
    work->error = g_steal_pointer (&error);
  g_clear_error (&error);
  work->n_running--;
  g_object_unref (item->mailbox);
  g_clear_pointer (&item->token, pr_oauth_token_unref);
  g_free (item);
  revoke_more (task);
}

static void
on_flags_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  pr_environment_set_token_flags_finish (PR_ENVIRONMENT (source), result, &error);
  item_end (user_data, error);
}

static void
item_clear_flags (PrRevokeItem *item)
{
  PrRevokeWork *work = g_task_get_task_data (item->task);

  if (work->are_gone)
    item_end (item, NULL);
  else
    pr_environment_set_token_flags_async (g_task_get_source_object (item->task), item->mailbox,
                                          FALSE, on_flags_cleared, item);
}

static void
on_revoked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* Here it is forgotten in any case. */
  if (!pr_oauth_client_revoke_finish (result, &error))
    g_info ("a sign-in could not be revoked: %s", error->message);
  item_clear_flags (user_data);
}

static void
on_client (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrRevokeItem *item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrOauthClient) client =
      pr_environment_make_client_finish (PR_ENVIRONMENT (source), result, &error);

  if (client != NULL)
    pr_oauth_client_revoke_async (client, item->token, NULL, on_revoked, item);
  else
    item_clear_flags (item);
}

static void
on_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrRevokeItem *item = user_data;
  PrEnvironment *self = g_task_get_source_object (item->task);
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (self, pr_mailbox_get (item->mailbox, PROFILE_ID));
  GError *error = NULL;

  item->token = pr_oauth_tokens_take_finish (PR_OAUTH_TOKENS (source), result, &error);
  if (error != NULL)
    item_end (item, error);
  else if (item->token == NULL || profile == NULL)
    item_clear_flags (item);
  else
    pr_environment_make_client_async (self, profile, NULL, on_client, item);
}

static void
revoke_one (GTask *task, PrMailbox *mailbox)
{
  PrRevokeWork *work = g_task_get_task_data (task);
  PrRevokeItem *item;
  g_autofree char *key = pr_token_keeper_get_key (mailbox);

  if (!g_hash_table_add (work->done, g_strdup (key)))
    return;
  item = g_new0 (PrRevokeItem, 1);
  item->task = g_object_ref (task);
  item->mailbox = g_object_ref (mailbox);
  work->n_running++;
  pr_oauth_tokens_take_async (pr_environment_get_tokens (g_task_get_source_object (task)), key,
                              on_taken, item);
}

static void
revoke_more (GTask *task)
{
  PrRevokeWork *work = g_task_get_task_data (task);

  while (work->n_running < AT_ONCE && work->next < work->mailboxes->len)
    revoke_one (task, g_ptr_array_index (work->mailboxes, work->next++));
  if (work->n_running > 0 || g_task_get_completed (task))
    return;
  if (work->error != NULL)
    g_task_return_error (task, g_steal_pointer (&work->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Deleted mailboxes leave an account alone that others still use. */
static void
on_others_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrRevokeWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) others =
      pr_environment_list_signed_in_finish (PR_ENVIRONMENT (source), result, &error);

  for (guint i = 0; others != NULL && i < others->len; i++)
    g_hash_table_add (work->done, pr_token_keeper_get_key (g_ptr_array_index (others, i)));
  revoke_more (task);
}

static gboolean
has_shared (GPtrArray *mailboxes)
{
  for (guint i = 0; i < mailboxes->len; i++)
    if (pr_token_keeper_is_shared (g_ptr_array_index (mailboxes, i)))
      return TRUE;
  return FALSE;
}

/**
 * pr_environment_revoke_async:
 * @self: an environment
 * @mailboxes: (element-type PrMailbox): those that are signed in
 * @are_gone: whether they were deleted already
 * @callback: called when they are signed out
 * @user_data: for @callback
 */
void
pr_environment_revoke_async (PrEnvironment *self,
                             GPtrArray *mailboxes,
                             gboolean are_gone,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PrRevokeWork *work = g_new0 (PrRevokeWork, 1);
  g_autoptr (PrSelection) all = NULL;

  g_task_set_name (task, "pr_environment_revoke");
  work->mailboxes = g_ptr_array_ref (mailboxes);
  work->are_gone = are_gone;
  work->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_task_set_task_data (task, work, revoke_work_free);
  if (!are_gone || !has_shared (mailboxes))
    {
      revoke_more (task);
      return;
    }
  all = pr_selection_new_all ();
  pr_environment_list_signed_in_async (self, all, NULL, on_others_listed, g_steal_pointer (&task));
}

/**
 * pr_environment_revoke_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set if a token could not be taken out of the keyring
 *
 * Returns: whether all are signed out
 */
gboolean
pr_environment_revoke_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
