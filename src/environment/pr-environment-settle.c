/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Database and keyring say the same. Whoever changes secrets of mailboxes or server profiles holds
 * them (many may, in any process), notes whose in the database, changes the keyring, and strikes
 * the note out in the transaction that follows. A note that nobody holds is from a program that was
 * ended in between: the next one that opens the environment asks the keyring, unless somebody would
 * have to unlock it first. Main thread. */

#include "pr-environment-private.h"

#define SECRETS_LOCK 1 /* in use.lock, where 0 is the environment itself */
#define RETRY_MS 20

/* --- Holding ---------------------------------------------------------------------------------- */

static gboolean
try_hold (PrEnvironment *self)
{
  if (self->use != NULL && self->n_holding == 0
      && !pr_range_lock_try_shared (self->use, SECRETS_LOCK))
    return FALSE;
  self->n_holding++;
  return TRUE;
}

static gboolean
on_retry (gpointer user_data)
{
  GTask *task = user_data;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (!try_hold (g_task_get_source_object (task)))
    return G_SOURCE_CONTINUE;
  g_task_return_pointer (task, g_object_ref (g_task_get_source_object (task)),
                         (GDestroyNotify) pr_environment_release_secrets);
  return G_SOURCE_REMOVE;
}

/* Waits while somebody mends. */
void
pr_environment_hold_secrets_async (PrEnvironment *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_name (task, "pr_environment_hold_secrets");
  /* Once they are held, somebody has to get them, to release them. */
  g_task_set_check_cancellable (task, FALSE);
  if (on_retry (task) == G_SOURCE_CONTINUE)
    g_timeout_add_full (G_PRIORITY_DEFAULT, RETRY_MS, on_retry, g_object_ref (task),
                        g_object_unref);
}

/* Returns: (nullable): @self, for pr_environment_release_secrets() */
PrEnvironment *
pr_environment_hold_secrets_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Takes the reference that came with the hold. */
void
pr_environment_release_secrets (PrEnvironment *self)
{
  if (--self->n_holding == 0 && self->use != NULL)
    pr_range_lock_release (self->use, SECRETS_LOCK);
  g_object_unref (self);
}

/* --- Mending ---------------------------------------------------------------------------------- */

typedef struct
{
  GArray *unsettled; /* of PrUnsettled */
  GArray *ids;       /* of gint64: the mailboxes, which stand before the profiles */
  GArray *profiles;  /* of PrUnsettled: the profiles */
  GArray *with;      /* of gint64: those that have a password */
  guint next;
  gboolean locked;
  gboolean caching;
} PrMendWork;

static void
mend_work_free (gpointer data)
{
  PrMendWork *work = data;

  g_clear_pointer (&work->unsettled, g_array_unref);
  g_array_unref (work->ids);
  g_array_unref (work->profiles);
  g_array_unref (work->with);
  g_free (work);
}

/* It was worth a try: what could not be mended now is mended another time. */
static void
end_mending (GTask *task, const GError *error)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);

  if (work->locked)
    pr_range_lock_release (self->use, SECRETS_LOCK);
  if (work->caching)
    pr_secrets_end_cache (self->secrets);
  if (error != NULL)
    g_info ("secrets of %u mailboxes and profiles were not looked after: %s",
            work->ids->len + work->profiles->len, error->message);
  g_task_return_boolean (task, error == NULL);
}

static void
on_profiles_mended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  pr_environment_mend_profiles_finish (PR_ENVIRONMENT (source), result, &error);
  end_mending (task, error);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrMendWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pr_store_settle_finish (PR_STORE (source), result, &error) || work->profiles->len == 0)
    end_mending (task, error);
  else
    pr_environment_mend_profiles_async (g_task_get_source_object (task), work->profiles,
                                        on_profiles_mended, g_object_ref (task));
}

static void ask_next (GTask *task);

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrMendWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    {
      end_mending (task, error);
      return;
    }
  if (secret != NULL)
    g_array_append_val (work->with, g_array_index (work->ids, gint64, work->next - 1));
  ask_next (task);
}

/* Is there a password of a mailbox that exists? */
static void
ask_next (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);

  while (work->next < work->ids->len
         && !g_array_index (work->unsettled, PrUnsettled, work->next).exists)
    work->next++;
  if (work->next < work->ids->len)
    pr_secrets_lookup_async (self->secrets, PR_SECRET_MAILBOX_PASSWORD,
                             g_array_index (work->ids, gint64, work->next++), "", NULL, on_asked,
                             g_object_ref (task));
  else
    pr_store_settle_async (self->store, (const gint64 *) (gpointer) work->ids->data, work->ids->len,
                           (const gint64 *) (gpointer) work->with->data, work->with->len, NULL,
                           on_settled, g_object_ref (task));
}

/* Nobody will want the secrets of mailboxes that do not exist. */
static void
clear_strays (GTask *task, PrSecretKind kind, GAsyncReadyCallback callback)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);
  g_autoptr (GArray) changes = g_array_new (FALSE, TRUE, sizeof (PrSecretChange));

  for (guint i = 0; i < work->ids->len; i++)
    {
      PrSecretChange change = { g_array_index (work->ids, gint64, i), NULL };

      if (!g_array_index (work->unsettled, PrUnsettled, i).exists)
        g_array_append_val (changes, change);
    }
  pr_secrets_change_async (self->secrets, kind, "",
                           (const PrSecretChange *) (gpointer) changes->data, changes->len, NULL,
                           callback, g_object_ref (task));
}

static void
on_tokens_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrMendWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    {
      end_mending (task, error);
      return;
    }
  work->caching = TRUE;
  pr_secrets_begin_cache (PR_SECRETS (source));
  ask_next (task);
}

static void
on_passwords_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    clear_strays (task, PR_SECRET_OAUTH_TOKEN, on_tokens_cleared);
  else
    end_mending (task, error);
}

static void
on_open_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (pr_secrets_check_open_finish (PR_SECRETS (source), result, &error))
    clear_strays (task, PR_SECRET_MAILBOX_PASSWORD, on_passwords_cleared);
  else
    end_mending (task, error);
}

/* They are listed once nobody can be at it. */
static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&work->unsettled, g_array_unref);
  work->unsettled = pr_store_list_unsettled_finish (PR_STORE (source), result, &error);
  if (error != NULL || work->unsettled->len == 0)
    {
      end_mending (task, error);
      return;
    }
  if (!work->locked && self->use != NULL)
    {
      if (pr_range_lock_try (self->use, SECRETS_LOCK))
        {
          work->locked = TRUE;
          pr_store_list_unsettled_async (self->store, NULL, on_listed, g_object_ref (task));
        }
      else
        end_mending (task, NULL);
      return;
    }
  for (guint i = 0; i < work->unsettled->len; i++)
    {
      PrUnsettled unsettled = g_array_index (work->unsettled, PrUnsettled, i);

      if (unsettled.is_profile)
        g_array_append_val (work->profiles, unsettled);
      else
        g_array_append_val (work->ids, unsettled.id);
    }
  pr_secrets_check_open_async (self->secrets, NULL, on_open_checked, g_object_ref (task));
}

/* @self: just opened: nothing in it holds secrets yet. */
void
pr_environment_mend_async (PrEnvironment *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PrMendWork *work = g_new0 (PrMendWork, 1);

  g_task_set_name (task, "pr_environment_mend");
  work->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  work->profiles = g_array_new (FALSE, FALSE, sizeof (PrUnsettled));
  work->with = g_array_new (FALSE, TRUE, sizeof (gint64));
  g_task_set_task_data (task, work, mend_work_free);
  if (pr_environment_is_read_only (self))
    g_task_return_boolean (task, TRUE);
  else
    pr_store_list_unsettled_async (self->store, NULL, on_listed, g_object_ref (task));
}

/* Returns: whether all is settled that can be */
gboolean
pr_environment_mend_finish (PrEnvironment *self, GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
