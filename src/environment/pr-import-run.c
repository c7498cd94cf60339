/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Importing what was read: ids are reserved, the passwords go straight into the keyring, then come
 * the mailboxes, in one transaction: all or nothing, also for somebody who looks meanwhile, and
 * when the program is killed. And the way out: a CSV file without secrets. Main thread. */

#include "pr-import-private.h"

#include "pr-csv.h"

typedef struct
{
  PrImport *import;    /* borrowed: the caller keeps it */
  PrEnvironment *held; /* whose secrets are held */
  GArray *with;        /* of gint64: which of the import's mailboxes have a password */
  gint64 first;        /* id of the first of them */
  GError *error;       /* what made us take it back */
} PrRunWork;

static void
run_work_free (gpointer data)
{
  PrRunWork *work = data;

  g_clear_pointer (&work->with, g_array_unref);
  g_clear_pointer (&work->held, pr_environment_release_secrets);
  g_clear_error (&work->error);
  g_free (work);
}

/* Returns: (transfer full) (element-type gint64): the mailboxes that have a password */
static GArray *
list_ids (PrRunWork *work)
{
  GArray *ids = g_array_new (FALSE, TRUE, sizeof (gint64));

  for (guint i = 0; i < work->with->len; i++)
    {
      gint64 id = work->first + g_array_index (work->with, gint64, i);

      g_array_append_val (ids, id);
    }
  return ids;
}

/* --- Taking back ------------------------------------------------------------------------------ */

/* Whatever comes of it, the first error is the one to tell. */
static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrRunWork *work = g_task_get_task_data (task);

  (void) pr_store_settle_finish (PR_STORE (source), result, NULL);
  g_task_return_error (task, g_steal_pointer (&work->error));
}

static void
on_secrets_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = g_task_get_source_object (task);
  PrRunWork *work = g_task_get_task_data (task);
  g_autoptr (GArray) ids = list_ids (work);

  /* What stays in the keyring is noted, and cleared when the environment is opened again. */
  if (!pr_secrets_change_finish (PR_SECRETS (source), result, NULL))
    {
      g_task_return_error (task, g_steal_pointer (&work->error));
      return;
    }
  pr_store_settle_async (self->store, (const gint64 *) (gpointer) ids->data, ids->len, NULL, 0,
                         NULL, on_taken_back, g_object_ref (task));
}

static void
change_secrets (GTask *task, gboolean set, GCancellable *cancellable, GAsyncReadyCallback callback);

/* Takes @error. */
static void
take_back (GTask *task, GError *error)
{
  PrRunWork *work = g_task_get_task_data (task);

  if (work->with->len == 0)
    {
      g_task_return_error (task, error);
      return;
    }
  work->error = error;
  change_secrets (task, FALSE, NULL, on_secrets_taken_back);
}

/* --- Doing it --------------------------------------------------------------------------------- */

static void
change_secrets (GTask *task, gboolean set, GCancellable *cancellable, GAsyncReadyCallback callback)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrRunWork *work = g_task_get_task_data (task);
  g_autofree PrSecretChange *changes = g_new0 (PrSecretChange, work->with->len);

  for (guint i = 0; i < work->with->len; i++)
    {
      gint64 row = g_array_index (work->with, gint64, i);

      changes[i].id = work->first + row;
      if (set)
        changes[i].secret = g_ptr_array_index (work->import->passwords, (guint) row);
    }
  pr_secrets_change_async (self->secrets, PR_SECRET_MAILBOX_PASSWORD, "", changes, work->with->len,
                           cancellable, callback, g_object_ref (task));
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrRunWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (pr_store_add_mailboxes_finish (PR_STORE (source), result, &error))
    g_task_return_int (task, (gssize) pr_record_pack_get_length (work->import->mailboxes));
  else
    take_back (task, error);
}

/* From one moment to the next all of them are there, and have their passwords. */
static void
add_mailboxes (GTask *task)
{
  PrEnvironment *self = g_task_get_source_object (task);
  PrRunWork *work = g_task_get_task_data (task);
  g_autoptr (GArray) ids = list_ids (work);

  pr_store_add_mailboxes_async (self->store, work->import->mailboxes, work->first,
                                (const gint64 *) (gpointer) ids->data, ids->len,
                                g_task_get_cancellable (task), on_added, g_object_ref (task));
}

static void
on_passwords_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_secrets_change_finish (PR_SECRETS (source), result, &error))
    add_mailboxes (task);
  else
    take_back (task, error);
}

static void
on_reserved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrRunWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->first = pr_store_reserve_mailboxes_finish (PR_STORE (source), result, &error);
  if (work->first == 0)
    g_task_return_error (task, error);
  else if (work->with->len > 0)
    change_secrets (task, TRUE, g_task_get_cancellable (task), on_passwords_stored);
  else
    add_mailboxes (task);
}

static void
on_held (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrEnvironment *self = PR_ENVIRONMENT (source);
  PrRunWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->held = pr_environment_hold_secrets_finish (self, result, &error);
  if (work->held == NULL)
    g_task_return_error (task, error);
  else
    pr_store_reserve_mailboxes_async (
        self->store, pr_record_pack_get_length (work->import->mailboxes),
        (const gint64 *) (gpointer) work->with->data, work->with->len,
        g_task_get_cancellable (task), on_reserved, g_object_ref (task));
}

/**
 * pr_environment_run_import_async:
 * @self: an environment
 * @import: what was read; must live until @callback; rows with problems are left out
 * @cancellable: (nullable): cancels: then nothing was imported
 * @callback: called when mailboxes and passwords are where they belong
 * @user_data: for @callback
 */
void
pr_environment_run_import_async (PrEnvironment *self,
                                 PrImport *import,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrRunWork *work = g_new0 (PrRunWork, 1);
  GError *error = NULL;

  g_task_set_name (task, "pr_environment_run_import_async");
  g_task_set_task_data (task, work, run_work_free);
  work->import = import;
  work->with = g_array_new (FALSE, TRUE, sizeof (gint64));
  for (gint64 i = 0; i < import->passwords->len; i++)
    if (g_ptr_array_index (import->passwords, (guint) i) != NULL)
      g_array_append_val (work->with, i);
  if (!pr_environment_check_writable (self, &error))
    g_task_return_error (task, error);
  else
    pr_environment_hold_secrets_async (self, cancellable, on_held, g_object_ref (task));
}

/**
 * pr_environment_run_import_finish:
 * @self: an environment
 * @result: what the callback got
 * @n_imported: (out) (optional): how many mailboxes
 * @error: set on failure: then nothing was imported
 *
 * Returns: whether it is done
 */
gboolean
pr_environment_run_import_finish (PrEnvironment *self,
                                  GAsyncResult *result,
                                  guint *n_imported,
                                  GError **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  n = g_task_propagate_int (G_TASK (result), error);
  if (n_imported != NULL)
    *n_imported = n > 0 ? (guint) n : 0;
  return n >= 0;
}

/* --- Export ----------------------------------------------------------------------------------- */

typedef struct
{
  PrMailbox *mailbox; /* each of them in turn, in the store thread */
  GString *text;
} PrExportWork;

static void
export_work_free (gpointer data)
{
  PrExportWork *work = data;

  g_object_unref (work->mailbox);
  if (work->text != NULL)
    g_string_free (work->text, TRUE);
  g_free (work);
}

static void
append_heading (GString *text)
{
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  guint n_fields;
  const PrField *fields = pr_record_get_fields (PR_RECORD (any), &n_fields);

  for (guint i = 0; i < pr_import_n_fields; i++)
    pr_csv_append_cell (text, fields[pr_import_fields[i]].name, FALSE);
  pr_csv_append_cell (text, "profile", FALSE);
  for (guint i = 0; i < pr_export_n_facts; i++)
    pr_csv_append_cell (text, fields[pr_export_facts[i]].name, i + 1 == pr_export_n_facts);
}

/* Store thread. */
static void
append_mailbox (const PrValues *values, gpointer data)
{
  PrExportWork *work = data;
  PrMailbox *mailbox = work->mailbox;
  GString *text = work->text;

  pr_record_set_values (PR_RECORD (mailbox), values);
  for (guint i = 0; i < pr_import_n_fields; i++)
    {
      g_autofree char *cell = pr_record_format (PR_RECORD (mailbox), pr_import_fields[i]);

      pr_csv_append_cell (text, cell, FALSE);
    }
  pr_csv_append_cell (text, pr_mailbox_get_text (mailbox, PROFILE_NAME), FALSE);
  for (guint i = 0; i < pr_export_n_facts; i++)
    {
      g_autofree char *cell = pr_record_format (PR_RECORD (mailbox), pr_export_facts[i]);

      pr_csv_append_cell (text, cell, i + 1 == pr_export_n_facts);
    }
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  PrExportWork *work = pr_store_visit_mailboxes_finish (PR_STORE (source), result, &error);

  if (work == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_string_free_to_bytes (g_steal_pointer (&work->text)),
                           (GDestroyNotify) g_bytes_unref);
}

/**
 * pr_environment_export_async:
 * @self: an environment
 * @selection: which mailboxes
 * @cancellable: (nullable): cancels
 * @callback: called with the file
 * @user_data: for @callback
 *
 * All of them as they were at one moment, whatever others change meanwhile.
 */
void
pr_environment_export_async (PrEnvironment *self,
                             PrSelection *selection,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PrExportWork *work = g_new0 (PrExportWork, 1);

  g_task_set_name (task, "pr_environment_export_async");
  work->mailbox = pr_mailbox_new ("");
  work->text = g_string_new (NULL);
  append_heading (work->text);
  pr_store_visit_mailboxes_async (self->store, selection, NULL, append_mailbox, work,
                                  export_work_free, cancellable, on_exported, task);
}

/**
 * pr_environment_export_finish:
 * @self: an environment
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): a CSV file in UTF-8, without secrets
 */
GBytes *
pr_environment_export_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
