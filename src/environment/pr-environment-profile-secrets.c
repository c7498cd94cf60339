/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The secrets of a server profile: noted before they are changed, removed with it, and looked
 * after when a program was ended in between (pr-environment-settle.c). Main thread. */

#include "pr-environment-private.h"

static const struct
{
  PrSecretKind kind;
  const char *direction;
} profile_secrets[] = {
  { PR_SECRET_PROFILE_PASSWORD, "incoming" },
  { PR_SECRET_PROFILE_PASSWORD, "outgoing" },
  { PR_SECRET_OAUTH_CLIENT, "" },
  { PR_SECRET_SERVICE_ACCOUNT, "" },
};

typedef struct
{
  PrEnvironment *held; /* (nullable): whose secrets are held */
  gint64 id;
} PrBeginWork;

static void
begin_work_free (gpointer data)
{
  PrBeginWork *work = data;

  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrBeginWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_store_note_unsettled_finish (PR_STORE (source), result, &error))
    g_task_return_pointer (task, g_steal_pointer (&work->held),
                           (GDestroyNotify) pr_environment_release_secrets);
  else
    g_task_return_error (task, error);
}

static void
on_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrBeginWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_hold_secrets_finish (self, result, &error);
  if (work->held == NULL)
    g_task_return_error (task, error);
  else
    pr_store_note_unsettled_profile_async (self->store, work->id, g_task_get_cancellable (task),
                                           on_noted, g_object_ref (task));
}

/* Secrets of the profile @id are going to be changed. */
void
pr_environment_begin_profile_secrets_async (PrEnvironment *self,
                                            gint64 id,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PrBeginWork *work = g_new0 (PrBeginWork, 1);

  g_task_set_name (task, "pr_environment_begin_profile_secrets");
  /* Once they are held, somebody has to get them, to release them. */
  g_task_set_check_cancellable (task, FALSE);
  work->id = id;
  g_task_set_task_data (task, work, begin_work_free);
  pr_environment_hold_secrets_async (self, cancellable, on_held, task);
}

/* Returns: (nullable): @self, for pr_environment_release_secrets() */
PrEnvironment *
pr_environment_begin_profile_secrets_finish (PrEnvironment *self,
                                             GAsyncResult *result,
                                             GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Removing --------------------------------------------------------------------------------- */

typedef struct
{
  gint64 id;
  guint next;
  gboolean left; /* secrets stay in the keyring */
} PrClearWork;

static void clear_next (GTask *task);

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrClearWork *work = g_task_get_task_data (task);
  guint i = work->next - 1;
  g_autoptr (GError) error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    {
      work->left = TRUE;
      pr_environment_keep_left_secrets (g_task_get_source_object (task), profile_secrets[i].kind,
                                        profile_secrets[i].direction, &work->id, 1, error);
    }
  clear_next (task);
}

static void
on_cleared_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* They will be cleared once more, which does no harm. */
  if (!pr_store_settle_finish (PR_STORE (source), result, &error))
    g_info ("secrets of a deleted profile stay noted: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
clear_next (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrClearWork *work = g_task_get_task_data (task);
  PrSecretChange change = { work->id, NULL };
  guint i = work->next;

  if (i < G_N_ELEMENTS (profile_secrets))
    {
      work->next++;
      pr_secrets_change_async (self->secrets, profile_secrets[i].kind, profile_secrets[i].direction,
                               &change, 1, NULL, on_cleared, g_object_ref (task));
    }
  else if (work->left)
    g_task_return_boolean (task, TRUE);
  else
    pr_store_settle_profile_async (self->store, work->id, NULL, NULL, on_cleared_settled,
                                   g_object_ref (task));
}

/* Of the profile @id, which was deleted; what cannot be removed now is kept in mind. */
void
pr_environment_clear_profile_secrets_async (PrEnvironment *self,
                                            gint64 id,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PrClearWork *work = g_new0 (PrClearWork, 1);

  g_task_set_name (task, "pr_environment_clear_profile_secrets");
  work->id = id;
  g_task_set_task_data (task, work, g_free);
  clear_next (task);
}

/* --- Mending ---------------------------------------------------------------------------------- */

typedef struct
{
  GArray *unsettled; /* of PrUnsettled */
  guint next;        /* of them */
  guint secret;      /* of its profile_secrets */
  PrProfileSecrets found;
  PrServerProfile *profile; /* (nullable): it does not exist */
} PrMendWork;

static void
mend_work_free (gpointer data)
{
  PrMendWork *work = data;

  g_array_unref (work->unsettled);
  g_clear_object (&work->profile);
  g_free (work);
}

static void mend_secret (GTask *task);
static void mend_profile (GTask *task);

static void
on_stray_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    mend_secret (task);
  else
    g_task_return_error (task, error);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrMendWork *work = g_task_get_task_data (task);
  gboolean *const found[] = { &work->found.incoming, &work->found.outgoing, &work->found.oauth,
                              &work->found.oauth };
  GError *error = NULL;
  g_autoptr (PrSecret) secret = pr_secrets_lookup_finish (PR_SECRETS (source), result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  *found[work->secret - 1] = secret != NULL;
  mend_secret (task);
}

static void
on_profile_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrMendWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->next++;
  if (pr_store_settle_finish (PR_STORE (source), result, &error))
    mend_profile (task);
  else
    g_task_return_error (task, error);
}

/* A client and a service account exclude each other. */
static gboolean
may_have (PrServerProfile *profile, PrSecretKind kind)
{
  if (profile == NULL || kind == PR_SECRET_PROFILE_PASSWORD)
    return profile != NULL;
  return (kind == PR_SECRET_SERVICE_ACCOUNT) == pr_server_profile_uses_service_account (profile);
}

/* Is it there? Nobody will want what no profile can have. */
static void
mend_secret (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);
  gint64 id = g_array_index (work->unsettled, PrUnsettled, work->next).id;
  PrSecretChange change = { id, NULL };
  guint i = work->secret++;

  if (i == G_N_ELEMENTS (profile_secrets))
    pr_store_settle_profile_async (self->store, id, &work->found, NULL, on_profile_settled,
                                   g_object_ref (task));
  else if (may_have (work->profile, profile_secrets[i].kind))
    pr_secrets_lookup_async (self->secrets, profile_secrets[i].kind, id,
                             profile_secrets[i].direction, NULL, on_asked, g_object_ref (task));
  else
    pr_secrets_change_async (self->secrets, profile_secrets[i].kind, profile_secrets[i].direction,
                             &change, 1, NULL, on_stray_cleared, g_object_ref (task));
}

static void
mend_profile (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrMendWork *work = g_task_get_task_data (task);
  const PrUnsettled *unsettled;

  g_clear_object (&work->profile);
  work->found = (PrProfileSecrets){ FALSE, FALSE, FALSE };
  work->secret = 0;
  if (work->next == work->unsettled->len)
    {
      pr_environment_then_reload (self, task);
      return;
    }
  unsettled = &g_array_index (work->unsettled, PrUnsettled, work->next);
  if (unsettled->exists)
    work->profile = pr_environment_find_profile_by_id (self, unsettled->id);
  mend_secret (task);
}

static void
on_mend_reloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_reload_finish (PR_ENVIRONMENT (source), result, &error))
    mend_profile (task);
  else
    g_task_return_error (task, error);
}

/* @unsettled: (element-type PrUnsettled): profiles whose secrets nobody else can change now; they
 * are read first, for they may have been changed before that was so. */
void
pr_environment_mend_profiles_async (PrEnvironment *self,
                                    GArray *unsettled,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  PrMendWork *work = g_new0 (PrMendWork, 1);

  g_task_set_name (task, "pr_environment_mend_profiles");
  work->unsettled = g_array_ref (unsettled);
  g_task_set_task_data (task, work, mend_work_free);
  pr_environment_reload_async (self, NULL, on_mend_reloaded, task);
}

gboolean
pr_environment_mend_profiles_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
