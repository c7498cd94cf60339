/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on mailboxes: one row or 100,000, the same functions. Main thread. */

#include "pr-environment-oauth.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PASSWORD_MAX 250 /* characters: the limit of the field */

/* What the fields of the form would accept, and no control characters: they would end a command
 * in the middle. */
gboolean
pr_environment_check_secret (PrSecret *secret, GError **error)
{
  const char *text;

  if (secret == NULL)
    return TRUE;
  text = pr_secret_peek (secret);
  if (*text != '\0' && strlen (text) == pr_secret_get_length (secret)
      && !pr_text_has_controls (text) && g_utf8_strlen (text, -1) <= PASSWORD_MAX)
    return TRUE;
  /* The value itself must not be repeated. */
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "password",
                _ ("Password: what was given is not accepted. Accepted: 1 to %d characters "
                   "without line breaks, tabs and control characters."),
                PASSWORD_MAX);
  return FALSE;
}

gboolean
pr_environment_check_writable (PrEnvironment *self, GError **error)
{
  if (!pr_environment_is_read_only (self))
    return TRUE;
  pr_set_error (error, PR_ERROR_READ_ONLY, NULL, _ ("“%s” can only be read: nothing was changed."),
                pr_store_get_path (self->store));
  return FALSE;
}

/* --- List and save ---------------------------------------------------------------------------- */

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *list = pr_store_list_mailboxes_finish (PR_STORE (source), result, &error);

  if (list != NULL)
    g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_list_mailboxes_async:
 * @self: an environment
 * @selection: which ones
 * @cancellable: (nullable): cancels
 * @callback: called with them
 * @user_data: for @callback
 */
void
pr_environment_list_mailboxes_async (PrEnvironment *self,
                                     PrSelection *selection,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  pr_store_list_mailboxes_async (self->store, selection, cancellable, on_listed,
                                 g_task_new (self, cancellable, callback, user_data));
}

/**
 * pr_environment_list_mailboxes_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrMailbox): the mailboxes
 */
GPtrArray *
pr_environment_list_mailboxes_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_environment_new_mailbox:
 * @self: an environment
 * @address: an email address
 *
 * Returns: (transfer full): a mailbox that is not saved yet, with the default email settings
 */
PrMailbox *
pr_environment_new_mailbox (PrEnvironment *self, const char *address)
{
  PrMailbox *mailbox = pr_mailbox_new (address);

  pr_mailbox_apply_settings (mailbox, self->settings);
  return mailbox;
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_store_save_mailbox_finish (PR_STORE (source), result, g_task_get_task_data (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pr_environment_save_mailbox_async:
 * @self: an environment
 * @mailbox: a new or edited mailbox; empty fields are filled in, id and version are set
 * @cancellable: (nullable): cancels
 * @callback: called when it is saved
 * @user_data: for @callback
 */
void
pr_environment_save_mailbox_async (PrEnvironment *self,
                                   PrMailbox *mailbox,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_task_data (task, g_object_ref (mailbox), g_object_unref);
  pr_mailbox_fill_in (mailbox);
  if (!pr_record_check_first (PR_RECORD (mailbox), NULL, &error)
      || !pr_environment_check_profile_id (self, pr_mailbox_get (mailbox, PROFILE_ID), &error))
    g_task_return_error (task, error);
  else
    pr_store_save_mailbox_async (self->store, mailbox, cancellable, on_saved,
                                 g_steal_pointer (&task));
}

gboolean
pr_environment_save_mailbox_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Many at once ----------------------------------------------------------------------------- */

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint n_changed;

  if (pr_store_change_mailboxes_finish (PR_STORE (source), result, &n_changed, &error))
    g_task_return_int (task, n_changed);
  else
    g_task_return_error (task, error);
}

static gboolean
is_changed (const PrChange *changes, guint n_changes, const char *field)
{
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");

  for (guint i = 0; i < n_changes; i++)
    if ((int) changes[i].field == pr_record_find_field (PR_RECORD (any), field))
      return TRUE;
  return FALSE;
}

/* Puts one value into a mailbox that stands for all of them. */
static gboolean
try_change (PrMailbox *sample, const PrChange *change, GError **error)
{
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (sample), &n_fields);
  const PrField *field;
  g_autofree char *text = NULL;

  g_return_val_if_fail ((guint) change->field < n_fields, FALSE);

  field = &fields[change->field];
  if (change->field == PR_MAILBOX_ADDRESS)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, field->name,
                    _ ("Email address: “%s” is not accepted for several mailboxes at once, for no "
                       "two may have the same. Accepted: one mailbox at a time."),
                    change->text != NULL ? change->text : "");
      return FALSE;
    }
  text = pr_field_format (field, change->text, change->number);
  if ((field->flags & PR_FIELD_EDITABLE) == 0 || (field->flags & PR_FIELD_DERIVED) != 0)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, field->name,
                    _ ("%s: “%s” is not accepted, it cannot be set by hand. Accepted: the fields "
                       "of the mailbox’s form."),
                    _ (field->label), text);
      return FALSE;
    }
  return pr_record_parse (PR_RECORD (sample), (guint) change->field, text, error);
}

/* What can be said without looking at the rows: that each value is one, and that they fit one
 * another. Fields that are not changed have values here that fit everything. */
static gboolean
check_changes (const PrChange *changes, guint n_changes, GError **error)
{
  g_autoptr (PrMailbox) sample = pr_mailbox_new ("sample@example.org");
  g_autoptr (GPtrArray) errors = NULL;

  pr_record_set_text (PR_RECORD (sample), PR_MAILBOX_NAME, "sample");
  pr_record_set_number (PR_RECORD (sample), PR_MAILBOX_KIND, PR_MAILBOX_KIND_QUEUE);
  pr_record_set_number (PR_RECORD (sample), PR_MAILBOX_OUTGOING, PR_SYNC_METHOD_NONE);
  for (guint i = 0; i < n_changes; i++)
    if (!try_change (sample, &changes[i], error))
      return FALSE;
  errors = pr_record_check (PR_RECORD (sample), NULL);
  for (guint i = 0; i < errors->len; i++)
    if (is_changed (changes, n_changes, pr_error_get_field (g_ptr_array_index (errors, i))))
      {
        g_propagate_error (error, g_error_copy (g_ptr_array_index (errors, i)));
        return FALSE;
      }
  return TRUE;
}

/**
 * pr_environment_change_mailboxes_async:
 * @self: an environment
 * @selection: which ones
 * @changes: (array length=n_changes): the new values of editable fields
 * @n_changes: how many
 * @cancellable: (nullable): cancels: then nothing has changed
 * @callback: called when all have them
 * @user_data: for @callback
 *
 * Change Multiple Records. When one value is not accepted, or one of the mailboxes may not have
 * it, the error names field, value and what is accepted, and nothing has changed.
 */
void
pr_environment_change_mailboxes_async (PrEnvironment *self,
                                       PrSelection *selection,
                                       const PrChange *changes,
                                       guint n_changes,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  if (!check_changes (changes, n_changes, &error))
    g_task_return_error (task, error);
  else if (n_changes == 0)
    g_task_return_int (task, 0);
  else
    pr_store_change_mailboxes_async (self->store, selection, changes, n_changes, cancellable,
                                     on_changed, g_steal_pointer (&task));
}

/**
 * pr_environment_change_mailboxes_finish:
 * @self: an environment
 * @result: what the callback got
 * @n_changed: (out): how many mailboxes were changed
 * @error: set on failure: then none was
 *
 * Returns: whether it succeeded
 */
gboolean
pr_environment_change_mailboxes_finish (PrEnvironment *self,
                                        GAsyncResult *result,
                                        guint *n_changed,
                                        GError **error)
{
  gssize n = g_task_propagate_int (G_TASK (result), error);

  if (n_changed != NULL)
    *n_changed = n < 0 ? 0 : (guint) n;
  return n >= 0;
}

/**
 * pr_environment_command_mailboxes_async:
 * @self: an environment
 * @selection: which ones
 * @command: what to do to them
 * @cancellable: (nullable): cancels: then nothing has changed
 * @callback: called when it is done, with pr_environment_change_mailboxes_finish()
 * @user_data: for @callback
 */
void
pr_environment_command_mailboxes_async (PrEnvironment *self,
                                        PrSelection *selection,
                                        PrMailboxCommand command,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  PrChange changes[4] = { 0 };
  guint n = 1;

  switch (command)
    {
      case PR_MAILBOX_COMMAND_APPROVE:
        changes[0] = (PrChange){ PR_MAILBOX_APPROVAL, NULL, PR_APPROVAL_APPROVED };
        break;
      case PR_MAILBOX_COMMAND_REJECT:
        changes[0] = (PrChange){ PR_MAILBOX_APPROVAL, NULL, PR_APPROVAL_REJECTED };
        break;
      case PR_MAILBOX_COMMAND_ACTIVATE:
        changes[0] = (PrChange){ PR_MAILBOX_ACTIVE, NULL, TRUE };
        break;
      case PR_MAILBOX_COMMAND_DEACTIVATE:
        changes[0] = (PrChange){ PR_MAILBOX_ACTIVE, NULL, FALSE };
        break;
      case PR_MAILBOX_COMMAND_APPLY_DEFAULTS:
        changes[0] = (PrChange){ PR_MAILBOX_INCOMING, NULL,
                                 pr_email_settings_get (self->settings, INCOMING) };
        changes[1] = (PrChange){ PR_MAILBOX_OUTGOING, NULL,
                                 pr_email_settings_get (self->settings, OUTGOING), TRUE };
        changes[2] = (PrChange){ PR_MAILBOX_ACT, NULL, PR_SYNC_METHOD_NONE };
        changes[3] = (PrChange){ PR_MAILBOX_PROFILE_ID, NULL,
                                 pr_email_settings_get (self->settings, PROFILE_ID) };
        /* No default profile is nothing to apply: nobody means to take everybody's away. */
        n = changes[3].number != 0 ? 4 : 3;
        break;
    }
  pr_store_change_mailboxes_async (self->store, selection, changes, n, cancellable, on_changed,
                                   pr_change_task_new (self, cancellable, callback, user_data));
}

/* --- Delete ----------------------------------------------------------------------------------- */

typedef struct
{
  PrSelection *selection;
  GPtrArray *signed_in; /* of PrMailbox: those that somebody signed in to */
  GArray *ids;          /* of gint64: what was deleted */
  PrEnvironment *held;  /* whose secrets are held */
  gboolean left;        /* secrets stay in the keyring */
} PrDeleteWork;

static void
delete_work_free (gpointer data)
{
  PrDeleteWork *work = data;

  pr_selection_free (work->selection);
  g_clear_pointer (&work->signed_in, g_ptr_array_unref);
  g_clear_pointer (&work->ids, g_array_unref);
  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_free (work);
}

static void
clear_secrets (GTask *task, PrSecretKind kind, GAsyncReadyCallback callback)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrDeleteWork *work = g_task_get_task_data (task);
  g_autofree PrSecretChange *changes = g_new0 (PrSecretChange, work->ids->len);

  for (guint i = 0; i < work->ids->len; i++)
    changes[i].id = g_array_index (work->ids, gint64, i);
  pr_secrets_change_async (self->secrets, kind, "", changes, work->ids->len, NULL, callback,
                           g_object_ref (task));
}

static void
on_cleared_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeleteWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  /* They will be cleared once more, which does no harm. */
  if (!pr_store_settle_finish (PR_STORE (source), result, &error))
    g_info ("secrets of deleted mailboxes stay noted: %s", error->message);
  g_task_return_int (task, (gssize) work->ids->len);
}

static void
keep_left (GTask *task, PrSecretKind kind, const GError *error)
{
  PrDeleteWork *work = g_task_get_task_data (task);

  work->left = TRUE;
  pr_environment_keep_left_secrets (g_task_get_source_object (task), kind, "",
                                    (const gint64 *) (gpointer) work->ids->data, work->ids->len,
                                    error);
}

static void
on_tokens_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrDeleteWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    keep_left (task, PR_SECRET_OAUTH_TOKEN, error);
  if (work->left)
    g_task_return_int (task, (gssize) work->ids->len);
  else
    pr_store_settle_async (self->store, (const gint64 *) (gpointer) work->ids->data, work->ids->len,
                           NULL, 0, NULL, on_cleared_settled, g_object_ref (task));
}

static void
on_sign_ins_revoked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* What is left in the keyring is cleared, or remembered, in a moment. */
  if (!pr_environment_revoke_finish (PR_ENVIRONMENT (source), result, &error))
    g_info ("a sign-in of a deleted mailbox was not revoked: %s", error->message);
  clear_secrets (task, PR_SECRET_OAUTH_TOKEN, on_tokens_cleared);
}

static void
on_passwords_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeleteWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    keep_left (task, PR_SECRET_MAILBOX_PASSWORD, error);
  pr_environment_revoke_async (g_task_get_source_object (task), work->signed_in, TRUE,
                               on_sign_ins_revoked, g_object_ref (task));
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrDeleteWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->ids = pr_store_delete_mailboxes_finish (PR_STORE (source), result, &error);
  if (work->ids == NULL)
    g_task_return_error (task, error);
  else
    clear_secrets (task, PR_SECRET_MAILBOX_PASSWORD, on_passwords_cleared);
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
    pr_store_delete_mailboxes_async (self->store, work->selection, g_task_get_cancellable (task),
                                     on_deleted, g_object_ref (task));
}

/* Afterwards nobody would know whose sign-ins they were. */
static void
on_signed_in_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrDeleteWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->signed_in = pr_environment_list_signed_in_finish (self, result, &error);
  if (work->signed_in == NULL)
    g_task_return_error (task, error);
  else
    pr_environment_hold_secrets_async (self, g_task_get_cancellable (task), on_delete_held,
                                       g_object_ref (task));
}

/**
 * pr_environment_delete_mailboxes_async:
 * @self: an environment
 * @selection: which ones
 * @cancellable: (nullable): cancels: then nothing is gone
 * @callback: called when they, their alerts, reports and secrets are gone
 * @user_data: for @callback
 *
 * Providers are asked to forget their sign-ins, unless other mailboxes use them, too.
 */
void
pr_environment_delete_mailboxes_async (PrEnvironment *self,
                                       PrSelection *selection,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task = pr_change_task_new (self, cancellable, callback, user_data);
  PrDeleteWork *work = g_new0 (PrDeleteWork, 1);

  work->selection = pr_selection_copy (selection);
  g_task_set_task_data (task, work, delete_work_free);
  pr_environment_list_signed_in_async (self, selection, cancellable, on_signed_in_listed, task);
}

gboolean
pr_environment_delete_mailboxes_finish (PrEnvironment *self,
                                        GAsyncResult *result,
                                        guint *n_deleted,
                                        GError **error)
{
  return pr_environment_change_mailboxes_finish (self, result, n_deleted, error);
}

/* --- Password --------------------------------------------------------------------------------- */

typedef struct
{
  gint64 id;
  PrSecret *secret;    /* (nullable) */
  PrEnvironment *held; /* whose secrets are held */
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

  if (pr_store_set_secret_flag_finish (PR_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
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
    pr_store_set_secret_flag_async (self->store, work->id, PR_MAILBOX_PASSWORD_SET,
                                    work->secret != NULL, NULL, on_flag_set, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_password_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrPasswordWork *work = g_task_get_task_data (task);
  PrSecretChange change = { work->id, work->secret };
  GError *error = NULL;

  if (pr_store_note_unsettled_finish (PR_STORE (source), result, &error))
    pr_secrets_change_async (self->secrets, PR_SECRET_MAILBOX_PASSWORD, "", &change, 1,
                             g_task_get_cancellable (task), on_password_stored,
                             g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
on_password_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrPasswordWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_hold_secrets_finish (self, result, &error);
  if (work->held != NULL)
    pr_store_note_unsettled_async (self->store, &work->id, 1, g_task_get_cancellable (task),
                                   on_password_noted, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

/* The same rule as for a profile's password, for both servers that the mailbox uses. */
static gboolean
check_may_set (PrEnvironment *self, PrMailbox *mailbox, PrSecret *secret, GError **error)
{
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (self, pr_mailbox_get (mailbox, PROFILE_ID));

  for (PrDirection direction = 0; secret != NULL && profile != NULL && direction < PR_N_DIRECTIONS;
       direction++)
    if (pr_mailbox_get_method (mailbox, direction) != PR_SYNC_METHOD_NONE
        && !pr_server_profile_may_enter_credentials (profile, direction, self->settings, error))
      return FALSE;
  return TRUE;
}

/**
 * pr_environment_set_mailbox_password_async:
 * @self: an environment
 * @mailbox: a stored mailbox
 * @secret: (nullable): the password; %NULL removes it
 * @cancellable: (nullable): cancels
 * @callback: called when it is in the keyring
 * @user_data: for @callback
 */
void
pr_environment_set_mailbox_password_async (PrEnvironment *self,
                                           PrMailbox *mailbox,
                                           PrSecret *secret,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrPasswordWork *work = g_new0 (PrPasswordWork, 1);
  GError *error = NULL;

  work->id = pr_record_get_id (PR_RECORD (mailbox));
  work->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  g_task_set_task_data (task, work, password_work_free);
  if (!pr_environment_check_secret (secret, &error)
      || !check_may_set (self, mailbox, secret, &error)
      || !pr_environment_check_writable (self, &error))
    g_task_return_error (task, error);
  else
    pr_environment_hold_secrets_async (self, cancellable, on_password_held,
                                       g_steal_pointer (&task));
}

gboolean
pr_environment_set_mailbox_password_finish (PrEnvironment *self,
                                            GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
