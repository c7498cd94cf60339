/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tables "environment" and "email_settings": one row each. */

#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *id;
  char *name;
  PrRecordWork *settings; /* (nullable): those of a new environment */
} PrIdentity;

static void
identity_free (gpointer data)
{
  PrIdentity *identity = data;

  g_free (identity->id);
  g_free (identity->name);
  g_clear_pointer (&identity->settings, pr_record_work_free);
  g_free (identity);
}

static PrIdentity *
identity_new (const char *id, const char *name)
{
  PrIdentity *identity = g_new0 (PrIdentity, 1);

  identity->id = g_strdup (id);
  identity->name = g_strdup (name);
  return identity;
}

static gint64
count_settings (PrDatabase *database, GError **error)
{
  g_autoptr (PrStatement) statement =
      pr_database_query (database, error, "SELECT count (*) FROM email_settings", "");

  if (statement == NULL || !pr_statement_next (statement, error))
    return -1;
  return pr_statement_get_number (statement, 0);
}

static gpointer
set_identity (PrDatabase *database, gpointer data, GError **error)
{
  PrIdentity *identity = data;
  gint64 n_settings = count_settings (database, error);

  if (n_settings < 0)
    return NULL;
  if (n_settings == 0
      && !pr_row_insert (database, "email_settings", identity->settings->fields,
                         identity->settings->values, "id=1", error))
    return NULL;
  if (!pr_database_run (database, error,
                        "INSERT INTO environment (id, name, created_at) VALUES (?, ?, ?)"
                        " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                        "ssi", identity->id, identity->name, g_get_real_time ()))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_set_identity_async:
 * @self: a store
 * @id: the environment's id: never changes once it is set
 * @name: its name
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Makes a new environment of an empty database, or renames one.
 */
void
pr_store_set_identity_async (PrStore *self,
                             const char *id,
                             const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  PrIdentity *identity = identity_new (id, name);

  identity->settings = pr_record_work_new (PR_RECORD (settings));
  pr_store_run_async (self, TRUE, set_identity, identity, identity_free, NULL, cancellable,
                      callback, user_data);
}

gboolean
pr_store_set_identity_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}

static gpointer
get_identity (PrDatabase *database, gpointer data, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement =
      pr_database_query (database, &local_error, "SELECT id, name FROM environment", "");

  if (statement != NULL && pr_statement_next (statement, &local_error))
    return identity_new (pr_statement_get_text (statement, 0),
                         pr_statement_get_text (statement, 1));
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    pr_set_error (error, PR_ERROR_NOT_FOUND, NULL,
                  _ ("The database “%s” belongs to no environment."),
                  pr_database_get_path (database));
  return NULL;
}

void
pr_store_get_identity_async (PrStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, FALSE, get_identity, NULL, NULL, identity_free, cancellable, callback,
                      user_data);
}

/**
 * pr_store_get_identity_finish:
 * @self: a store
 * @result: what the callback got
 * @id: (out) (transfer full): the environment's id
 * @name: (out) (transfer full): its name
 * @error: set to %PR_ERROR_NOT_FOUND in a database that was never given one
 *
 * Returns: whether there is an identity
 */
gboolean
pr_store_get_identity_finish (PrStore *self,
                              GAsyncResult *result,
                              char **id,
                              char **name,
                              GError **error)
{
  PrIdentity *identity = pr_store_run_finish (self, result, error);

  if (identity == NULL)
    return FALSE;
  *id = g_steal_pointer (&identity->id);
  *name = g_steal_pointer (&identity->name);
  identity_free (identity);
  return TRUE;
}

static gpointer
load_settings (PrDatabase *database, gpointer data, GError **error)
{
  PrRecordWork *work = data;
  g_autofree char *columns = pr_row_get_columns (work->fields, work->n_fields, "s");
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM email_settings AS s", columns);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (database, &local_error, sql, "");
  int column = 0;

  if (statement != NULL && pr_statement_next (statement, &local_error))
    return pr_row_read (statement, work->fields, work->n_fields, &column);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    pr_set_error (error, PR_ERROR_DATABASE_DAMAGED, NULL, _ ("“%s” has lost its settings."),
                  pr_database_get_path (database));
  return NULL;
}

/**
 * pr_store_load_settings_async:
 * @self: a store
 * @cancellable: (nullable): cancels
 * @callback: called with the settings
 * @user_data: for @callback
 */
void
pr_store_load_settings_async (PrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (PrEmailSettings) initial = pr_email_settings_new ();

  pr_store_run_async (self, FALSE, load_settings, pr_record_work_new (PR_RECORD (initial)),
                      pr_record_work_free, (GDestroyNotify) pr_values_free, cancellable, callback,
                      user_data);
}

PrEmailSettings *
pr_store_load_settings_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  PrValues *values = pr_store_run_finish (self, result, error);
  PrEmailSettings *settings;

  if (values == NULL)
    return NULL;
  settings = pr_email_settings_new ();
  pr_record_set_values (PR_RECORD (settings), values);
  pr_values_free (values);
  return settings;
}

static gpointer
save_settings (PrDatabase *database, gpointer data, GError **error)
{
  PrRecordWork *work = data;

  if (!pr_profiles_note_default (database, work->values->slots[PR_SETTINGS_PROFILE_ID].number, 0,
                                 error)
      || !pr_row_update (database, "email_settings", work->fields, work->values, NULL, error))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_save_settings_async:
 * @self: a store
 * @settings: settings that were checked
 * @cancellable: (nullable): cancels
 * @callback: called when they are written
 * @user_data: for @callback
 */
void
pr_store_save_settings_async (PrStore *self,
                              PrEmailSettings *settings,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  pr_store_run_async (self, TRUE, save_settings, pr_record_work_new (PR_RECORD (settings)),
                      pr_record_work_free, NULL, cancellable, callback, user_data);
}

gboolean
pr_store_save_settings_finish (PrStore *self,
                               GAsyncResult *result,
                               PrEmailSettings *settings,
                               GError **error)
{
  if (pr_store_run_finish (self, result, error) == NULL)
    return FALSE;
  pr_record_work_return (result, PR_RECORD (settings));
  return TRUE;
}
