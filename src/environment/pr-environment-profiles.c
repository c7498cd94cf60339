/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on server profiles. Main thread. */

#include "pr-environment-private.h"

#include "pr-tls.h"

#include <glib/gi18n-lib.h>

/* Adds what is wrong with @pem, an authority of one's own; empty: none. */
void
pr_environment_check_ca (const char *pem, GPtrArray *errors)
{
  g_autofree char *reason = NULL;

  if (*pem != '\0' && !pr_tls_check_ca (pem, &reason))
    g_ptr_array_add (errors,
                     pr_error_new (PR_ERROR_INVALID_VALUE, "ca-certificate",
                                   _ ("Trusted certificate authority: what was given is not "
                                      "accepted. Accepted: %s."),
                                   reason));
}

/* Whether there is a profile @id; 0 stands for none. */
gboolean
pr_environment_check_profile_id (PrEnvironment *self, gint64 id, GError **error)
{
  g_autoptr (PrServerProfile) profile =
      id != 0 ? pr_environment_find_profile_by_id (self, id) : NULL;

  if (id == 0 || profile != NULL)
    return TRUE;
  pr_set_error (error, PR_ERROR_NOT_FOUND, "profile-id",
                _ ("Server profile: there is none with the id %d."), (int) id);
  return FALSE;
}

/**
 * pr_environment_check_profile:
 * @self: an environment
 * @profile: a profile as it stands in a form
 *
 * Returns: (transfer full) (element-type GError): all that keeps @profile from being saved, by
 *   its fields, its rules, and the environment's policies
 */
GPtrArray *
pr_environment_check_profile (PrEnvironment *self, PrServerProfile *profile)
{
  GPtrArray *errors = pr_record_check (PR_RECORD (profile), self->settings);

  pr_environment_check_ca (pr_server_profile_get_text (profile, CA_CERTIFICATE), errors);
  return errors;
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_save_profile_finish (PR_STORE (source), result, g_task_get_task_data (task), &error))
    pr_environment_then_reload (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_save_profile_async:
 * @self: an environment
 * @profile: a new or edited profile; empty ports are filled in, id and version are set
 * @cancellable: (nullable): cancels
 * @callback: called when it is saved
 * @user_data: for @callback
 */
void
pr_environment_save_profile_async (PrEnvironment *self,
                                   PrServerProfile *profile,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  g_autoptr (GPtrArray) errors = NULL;

  g_task_set_task_data (task, g_object_ref (profile), g_object_unref);
  pr_server_profile_fill_in (profile);
  errors = pr_environment_check_profile (self, profile);
  if (errors->len > 0)
    g_task_return_error (task, g_error_copy (g_ptr_array_index (errors, 0)));
  else
    pr_store_save_profile_async (self->store, profile, cancellable, on_saved,
                                 g_steal_pointer (&task));
}

gboolean
pr_environment_save_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Delete ----------------------------------------------------------------------------------- */

typedef struct
{
  gint64 id;
  PrEnvironment *held; /* (nullable): whose secrets are held */
} PrDeleteWork;

static void
delete_work_free (gpointer data)
{
  PrDeleteWork *work = data;

  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static void
on_secrets_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  pr_environment_then_reload (PR_ENVIRONMENT (source), task);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeleteWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_store_delete_profile_finish (PR_STORE (source), result, &error))
    pr_environment_clear_profile_secrets_async (g_task_get_source_object (task), work->id,
                                                on_secrets_cleared, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_delete_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrDeleteWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_hold_secrets_finish (self, result, &error);
  if (work->held == NULL)
    g_task_return_error (task, error);
  else
    pr_store_delete_profile_async (self->store, work->id, g_task_get_cancellable (task), on_deleted,
                                   g_object_ref (task));
}

/**
 * pr_environment_delete_profile_async:
 * @self: an environment
 * @profile: a stored profile
 * @cancellable: (nullable): cancels
 * @callback: called when it and its secrets are gone
 * @user_data: for @callback
 *
 * Refused with %PR_ERROR_IN_USE while mailboxes use it, naming how many.
 */
void
pr_environment_delete_profile_async (PrEnvironment *self,
                                     PrServerProfile *profile,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = pr_change_task_new (self, cancellable, callback, user_data);
  PrDeleteWork *work = g_new0 (PrDeleteWork, 1);

  work->id = pr_record_get_id (PR_RECORD (profile));
  g_task_set_task_data (task, work, delete_work_free);
  pr_environment_hold_secrets_async (self, cancellable, on_delete_held, task);
}

gboolean
pr_environment_delete_profile_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Password --------------------------------------------------------------------------------- */

typedef struct
{
  gint64 id;
  PrDirection direction;
  PrSecret *secret;    /* (nullable) */
  PrEnvironment *held; /* (nullable): whose secrets are held */
} PrPasswordWork;

static void
password_work_free (gpointer data)
{
  PrPasswordWork *work = data;

  g_clear_pointer (&work->secret, pr_secret_unref);
  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static void
on_flag_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_set_profile_flag_finish (PR_STORE (source), result, &error))
    pr_environment_then_reload (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

static void
on_password_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    pr_store_set_profile_flag_async (self->store, work->id,
                                     work->direction == PR_DIRECTION_INCOMING
                                         ? PR_PROFILE_INCOMING_PASSWORD_SET
                                         : PR_PROFILE_OUTGOING_PASSWORD_SET,
                                     work->secret != NULL, NULL, on_flag_set, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_password_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrPasswordWork *work = g_task_get_task_data (task);
  PrSecretChange change = { work->id, work->secret };
  GError *error = NULL;

  work->held = pr_environment_begin_profile_secrets_finish (self, result, &error);
  if (work->held == NULL)
    g_task_return_error (task, error);
  else
    pr_secrets_change_async (self->secrets, PR_SECRET_PROFILE_PASSWORD,
                             pr_enum_to_nick (PR_TYPE_DIRECTION, (int) work->direction), &change, 1,
                             g_task_get_cancellable (task), on_password_stored,
                             g_object_ref (task));
}

static gboolean
check_may_set (PrEnvironment *self,
               PrServerProfile *profile,
               PrDirection direction,
               PrSecret *secret,
               GError **error)
{
  if (secret == NULL)
    return TRUE;
  if (pr_server_profile_get_authentication (profile, direction) != PR_AUTHENTICATION_PROFILE)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "incoming-authentication",
                    _ ("The profile “%s” keeps no password: it is used only with “credentials "
                       "specified in email server profile”."),
                    pr_server_profile_get_text (profile, NAME));
      return FALSE;
    }
  return pr_server_profile_may_enter_credentials (profile, direction, self->settings, error);
}

/**
 * pr_environment_set_profile_password_async:
 * @self: an environment
 * @profile: a stored profile
 * @direction: whose password; with "use same settings" both have the incoming one
 * @secret: (nullable): the password; %NULL removes it
 * @cancellable: (nullable): cancels
 * @callback: called when it is in the keyring
 * @user_data: for @callback
 */
void
pr_environment_set_profile_password_async (PrEnvironment *self,
                                           PrServerProfile *profile,
                                           PrDirection direction,
                                           PrSecret *secret,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrPasswordWork *work = g_new0 (PrPasswordWork, 1);
  GError *error = NULL;

  work->id = pr_record_get_id (PR_RECORD (profile));
  work->direction = pr_server_profile_get_credentials_direction (profile, direction);
  work->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  g_task_set_task_data (task, work, password_work_free);
  if (!pr_environment_check_secret (secret, &error)
      || !check_may_set (self, profile, work->direction, secret, &error)
      || !pr_environment_check_writable (self, &error))
    g_task_return_error (task, error);
  else
    pr_environment_begin_profile_secrets_async (self, work->id, cancellable, on_password_begun,
                                                g_steal_pointer (&task));
}

gboolean
pr_environment_set_profile_password_finish (PrEnvironment *self,
                                            GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Duplicate -------------------------------------------------------------------------------- */

#define PROFILE_NAME_MAX 100 /* characters: the limit of the field */

static char *
make_copy_name (const char *name, guint n)
{
  g_autofree char *ending =
      n == 1 ? g_strdup (_ (" (copy)")) : g_strdup_printf (_ (" (copy %u)"), n);
  g_autofree char *start = g_utf8_substring (
      name, 0, MIN (g_utf8_strlen (name, -1), PROFILE_NAME_MAX - g_utf8_strlen (ending, -1)));

  return g_strconcat (start, ending, NULL);
}

/**
 * pr_environment_duplicate_profile:
 * @self: an environment
 * @profile: a profile
 *
 * Makes a profile like @profile: with a name that is free, not the default one, without its
 * secrets and pinned certificates. It is not stored yet.
 *
 * Returns: (transfer full): the copy
 */
PrServerProfile *
pr_environment_duplicate_profile (PrEnvironment *self, PrServerProfile *profile)
{
  PrServerProfile *copy;
  guint n = 1;

  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  copy = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  pr_record_set_id (PR_RECORD (copy), 0);
  pr_record_set_version (PR_RECORD (copy), 0);
  g_object_set (copy, "is-default", FALSE, "incoming-password-set", FALSE, "outgoing-password-set",
                FALSE, "oauth-secret-set", FALSE, "incoming-pin", "", "outgoing-pin", "",
                "incoming-pin-reason", "", "outgoing-pin-reason", "", "incoming-pinned-at",
                (gint64) 0, "outgoing-pinned-at", (gint64) 0, NULL);
  for (;;)
    {
      g_autofree char *name = make_copy_name (pr_server_profile_get_text (profile, NAME), n++);
      g_autoptr (PrServerProfile) taken = pr_environment_find_profile (self, name);

      if (taken != NULL)
        continue;
      g_object_set (copy, "name", name, NULL);
      return copy;
    }
}
