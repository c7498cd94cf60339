/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The admin's registration with a provider: client id into the profile, client secret or the key
 * of a service account into the keyring, after a look at what was pasted. Main thread. */

#include "pr-environment-oauth.h"
#include "pr-environment-sign-in.h"
#include "pr-oauth-services.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PrServerProfile *profile; /* a copy */
  PrSecretKind kind;
  PrSecret *secret;    /* (nullable): none: removed */
  PrEnvironment *held; /* (nullable): whose secrets are held */
} PrClientWork;

static void
client_work_free (gpointer data)
{
  PrClientWork *work = data;

  g_object_unref (work->profile);
  g_clear_pointer (&work->secret, pr_secret_unref);
  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static void
on_flag_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  pr_environment_forget_clients (g_task_get_source_object (task));
  if (pr_store_set_profile_flag_finish (PR_STORE (source), result, &error))
    pr_environment_then_reload (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

static void
on_secret_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrClientWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    g_task_return_error (task, error);
  else
    pr_store_set_profile_flag_async (self->store, pr_record_get_id (PR_RECORD (work->profile)),
                                     PR_PROFILE_OAUTH_SECRET_SET, work->secret != NULL, NULL,
                                     on_flag_set, g_object_ref (task));
}

static void
on_other_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrClientWork *work = g_task_get_task_data (task);
  PrSecretChange change = { pr_record_get_id (PR_RECORD (work->profile)), work->secret };
  GError *error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    g_task_return_error (task, error);
  else
    pr_secrets_change_async (self->secrets, work->kind, "", &change, 1, NULL, on_secret_stored,
                             g_steal_pointer (&task));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrClientWork *work = g_task_get_task_data (task);
  PrSecretChange change = { pr_record_get_id (PR_RECORD (work->profile)), NULL };
  PrSecretKind other =
      work->kind == PR_SECRET_OAUTH_CLIENT ? PR_SECRET_SERVICE_ACCOUNT : PR_SECRET_OAUTH_CLIENT;
  GError *error = NULL;

  /* A client and a service account exclude each other: what was there of the other goes. */
  if (!pr_environment_save_profile_finish (self, result, &error))
    g_task_return_error (task, error);
  else
    pr_secrets_change_async (self->secrets, other, "", &change, 1, NULL, on_other_cleared,
                             g_steal_pointer (&task));
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrClientWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_begin_profile_secrets_finish (self, result, &error);
  if (work->held == NULL)
    g_task_return_error (task, error);
  else
    pr_environment_save_profile_async (self, work->profile, g_task_get_cancellable (task), on_saved,
                                       g_object_ref (task));
}

/* Takes @task. */
static void
set_client (PrEnvironment *self,
            PrServerProfile *profile,
            const char *id,
            PrSecretKind kind,
            PrSecret *secret,
            GTask *task)
{
  PrClientWork *work = g_new0 (PrClientWork, 1);

  work->profile = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  work->kind = kind;
  work->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  g_task_set_task_data (task, work, client_work_free);
  pr_record_set_text (PR_RECORD (work->profile), PR_PROFILE_OAUTH_CLIENT_ID, id);
  pr_environment_begin_profile_secrets_async (self, pr_record_get_id (PR_RECORD (profile)),
                                              g_task_get_cancellable (task), on_begun, task);
}

static PrOauthProvider *
begin (PrEnvironment *self, PrServerProfile *profile, GError **error)
{
  if (!pr_environment_check_writable (self, error))
    return NULL;
  return pr_oauth_services_find (profile, error);
}

/**
 * pr_environment_set_oauth_client_async:
 * @self: an environment
 * @profile: a stored profile
 * @client_id: (nullable): as the provider's console shows it; %NULL: as it is
 * @secret: (nullable): that belongs to it; %NULL: none
 * @cancellable: (nullable): cancels
 * @callback: called when they are saved
 * @user_data: for @callback
 */
void
pr_environment_set_oauth_client_async (PrEnvironment *self,
                                       PrServerProfile *profile,
                                       const char *client_id,
                                       PrSecret *secret,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  g_autoptr (PrOauthProvider) provider = begin (self, profile, &error);

  g_task_set_name (task, "pr_environment_set_oauth_client");
  if (client_id == NULL)
    client_id = pr_server_profile_get_text (profile, OAUTH_CLIENT_ID);
  if (provider == NULL || !pr_oauth_services_check_client (provider, client_id, &error)
      || !pr_oauth_services_check_secret (provider, secret, &error))
    g_task_return_error (task, error);
  else
    set_client (self, profile, client_id, PR_SECRET_OAUTH_CLIENT, secret, g_steal_pointer (&task));
}

/**
 * pr_environment_set_oauth_client_file_async:
 * @self: an environment
 * @profile: a stored profile
 * @file: the JSON file that the provider's console gives for a client
 * @cancellable: (nullable): cancels
 * @callback: called when what is in it is saved
 * @user_data: for @callback
 */
void
pr_environment_set_oauth_client_file_async (PrEnvironment *self,
                                            PrServerProfile *profile,
                                            PrSecret *file,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  g_autoptr (PrOauthProvider) provider = begin (self, profile, &error);
  g_auto (PrOauthClientParts) parts = { NULL, NULL };

  g_task_set_name (task, "pr_environment_set_oauth_client_file");
  if (provider == NULL || !pr_oauth_services_read_client_file (provider, file, &parts, &error)
      || !pr_oauth_services_check_secret (provider, parts.secret, &error))
    g_task_return_error (task, error);
  else
    set_client (self, profile, parts.id, PR_SECRET_OAUTH_CLIENT, parts.secret,
                g_steal_pointer (&task));
}

/**
 * pr_environment_set_service_account_async:
 * @self: an environment
 * @profile: a stored profile
 * @key_file: the JSON file with the key
 * @cancellable: (nullable): cancels
 * @callback: called when it is in the keyring and the profile uses it
 * @user_data: for @callback
 */
void
pr_environment_set_service_account_async (PrEnvironment *self,
                                          PrServerProfile *profile,
                                          PrSecret *key_file,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  g_autoptr (PrOauthProvider) provider = begin (self, profile, &error);
  g_autoptr (PrServiceAccount) account = NULL;

  g_task_set_name (task, "pr_environment_set_service_account");
  if (provider == NULL)
    g_task_return_error (task, error);
  else if (!provider->service_accounts)
    g_task_return_error (task, pr_error_new (PR_ERROR_INVALID_VALUE, "service-account",
                                             _ ("%s has no service accounts that may read mail."),
                                             provider->name));
  else if ((account = pr_oauth_services_read_key_file (key_file, &error)) == NULL)
    g_task_return_error (task, error);
  else
    set_client (self, profile, pr_service_account_get_email (account), PR_SECRET_SERVICE_ACCOUNT,
                key_file, g_steal_pointer (&task));
}

/**
 * pr_environment_set_oauth_client_finish:
 * @self: an environment
 * @result: what the callback of any of the three got
 * @error: set on failure
 *
 * Returns: whether it is saved
 */
gboolean
pr_environment_set_oauth_client_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
