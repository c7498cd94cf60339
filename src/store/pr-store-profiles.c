/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table "profiles". */

#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

static gpointer
list_profiles (PrDatabase *database, gpointer data, GError **error)
{
  PrRecordWork *work = data;
  g_autofree char *columns = pr_row_get_columns (work->fields, work->n_fields, "p");
  g_autofree char *sql =
      g_strdup_printf ("SELECT %s, p.id IS (SELECT profile_id FROM email_settings)"
                       " FROM profiles AS p ORDER BY p.name COLLATE NOCASE",
                       columns);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_values_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (database, &local_error, sql, "");

  while (statement != NULL && pr_statement_next (statement, &local_error))
    {
      int column = 0;
      PrValues *values = pr_row_read (statement, work->fields, work->n_fields, &column);

      values->slots[PR_PROFILE_IS_DEFAULT].number = pr_statement_get_number (statement, column);
      g_ptr_array_add (list, values);
    }
  if (local_error == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pr_store_list_profiles_async:
 * @self: a store
 * @cancellable: (nullable): cancels
 * @callback: called with all profiles, by name
 * @user_data: for @callback
 */
void
pr_store_list_profiles_async (PrStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (PrServerProfile) any = pr_server_profile_new ();

  pr_store_run_async (self, FALSE, list_profiles, pr_record_work_new (PR_RECORD (any)),
                      pr_record_work_free, (GDestroyNotify) g_ptr_array_unref, cancellable,
                      callback, user_data);
}

/**
 * pr_store_list_profiles_finish:
 * @self: a store
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable) (element-type PrServerProfile): all profiles
 */
GPtrArray *
pr_store_list_profiles_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) list = pr_store_run_finish (self, result, error);
  GPtrArray *profiles;

  if (list == NULL)
    return NULL;
  profiles = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < list->len; i++)
    {
      PrServerProfile *profile = pr_server_profile_new ();

      pr_record_set_values (PR_RECORD (profile), g_ptr_array_index (list, i));
      g_ptr_array_add (profiles, profile);
    }
  return profiles;
}

static gboolean
check_name (PrDatabase *database, PrValues *values, const char *key, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, &local_error, "SELECT 1 FROM profiles WHERE name_key = ? AND id <> ?", "si", key,
      values->id);

  if (statement != NULL && pr_statement_next (statement, &local_error))
    {
      pr_set_error (error, PR_ERROR_DUPLICATE, "name",
                    _ ("Name: “%s” is not accepted, another profile has it. Accepted: a name that "
                       "is not in use."),
                    values->slots[PR_PROFILE_NAME].text);
      return FALSE;
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Which profile is the default stands in the settings, and is shown in both: whoever has the
 * settings, or a profile that is or is no longer the default, open in a form must not undo this
 * by saving, so their versions grow. @own: the profile that is just being saved; 0: none. */
gboolean
pr_profiles_note_default (PrDatabase *database, gint64 id, gint64 own, GError **error)
{
  return pr_database_run (database, error,
                          "UPDATE profiles SET version = version + 1 WHERE id <> ?"
                          " AND (id = ?) <> (id IS (SELECT profile_id FROM email_settings))",
                          "ii", own, id);
}

static gboolean
save_default (PrDatabase *database, PrRecordWork *work, GError **error)
{
  gint64 id = work->values->id;

  if (work->values->slots[PR_PROFILE_IS_DEFAULT].number)
    return pr_profiles_note_default (database, id, id, error)
           && pr_database_run (database, error,
                               "UPDATE email_settings SET profile_id = ?, version = version + 1"
                               " WHERE profile_id IS NOT ?",
                               "ii", id, id);
  return pr_database_run (database, error,
                          "UPDATE email_settings SET profile_id = NULL, version = version + 1"
                          " WHERE profile_id = ?",
                          "i", id);
}

/* Since when the pin in slot @pin is there: who saves does not say it. */
static void
date_pin (PrValues *values, guint pin, guint pinned_at, const char *before, gint64 before_at)
{
  const char *now = values->slots[pin].text;

  if (now == NULL || *now == '\0')
    values->slots[pinned_at].number = 0;
  else if (g_strcmp0 (now, before) == 0)
    values->slots[pinned_at].number = before_at;
  else
    values->slots[pinned_at].number = g_get_real_time ();
}

/* Before anything is written. */
static gboolean
date_pins (PrDatabase *database, PrValues *values, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error,
      "SELECT incoming_pin, outgoing_pin, incoming_pinned_at, outgoing_pinned_at FROM profiles"
      " WHERE id = ?",
      "i", values->id);
  gboolean known;

  if (statement == NULL)
    return FALSE;
  known = pr_statement_next (statement, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  date_pin (values, PR_PROFILE_INCOMING_PIN, PR_PROFILE_INCOMING_PINNED_AT,
            known ? pr_statement_get_text (statement, 0) : NULL,
            known ? pr_statement_get_number (statement, 2) : 0);
  date_pin (values, PR_PROFILE_OUTGOING_PIN, PR_PROFILE_OUTGOING_PINNED_AT,
            known ? pr_statement_get_text (statement, 1) : NULL,
            known ? pr_statement_get_number (statement, 3) : 0);
  return TRUE;
}

static gboolean
save_dates (PrDatabase *database, const PrValues *values, GError **error)
{
  return pr_database_run (
      database, error,
      "UPDATE profiles SET incoming_pinned_at = ?, outgoing_pinned_at = ? WHERE id = ?", "iii",
      values->slots[PR_PROFILE_INCOMING_PINNED_AT].number,
      values->slots[PR_PROFILE_OUTGOING_PINNED_AT].number, values->id);
}

static gpointer
save_profile (PrDatabase *database, gpointer data, GError **error)
{
  PrRecordWork *work = data;
  g_autofree char *key = g_utf8_casefold (work->values->slots[PR_PROFILE_NAME].text, -1);
  g_autofree char *column = g_strconcat ("name_key=", key, NULL);
  gboolean ok;

  if (!check_name (database, work->values, key, error))
    return NULL;
  if (work->values->id == 0)
    ok = date_pins (database, pr_record_work_begin (work), error)
         && pr_row_insert (database, "profiles", work->fields, work->values, column, error);
  else
    ok = date_pins (database, work->values, error)
         && pr_row_update (database, "profiles", work->fields, work->values, column, error);
  if (!ok || !save_dates (database, work->values, error) || !save_default (database, work, error))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_save_profile_async:
 * @self: a store
 * @profile: a profile that was filled in and checked
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * Inserts a profile without id, updates one with. If it is the default profile no other is.
 */
void
pr_store_save_profile_async (PrStore *self,
                             PrServerProfile *profile,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  pr_store_run_async (self, TRUE, save_profile, pr_record_work_new (PR_RECORD (profile)),
                      pr_record_work_free, NULL, cancellable, callback, user_data);
}

/**
 * pr_store_save_profile_finish:
 * @self: a store
 * @result: what the callback got
 * @profile: the profile that was saved; its id and version are set
 * @error: set to %PR_ERROR_DUPLICATE, %PR_ERROR_CONFLICT, ...
 *
 * Returns: whether it is written
 */
gboolean
pr_store_save_profile_finish (PrStore *self,
                              GAsyncResult *result,
                              PrServerProfile *profile,
                              GError **error)
{
  static const guint dates[] = { PR_PROFILE_INCOMING_PINNED_AT, PR_PROFILE_OUTGOING_PINNED_AT };
  PrRecordWork *work;

  if (pr_store_run_finish (self, result, error) == NULL)
    return FALSE;
  work = pr_store_result_get_data (result);
  pr_record_work_return (result, PR_RECORD (profile));
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    pr_record_set_number (PR_RECORD (profile), dates[i], work->values->slots[dates[i]].number);
  return TRUE;
}

static gpointer
delete_profile (PrDatabase *database, gpointer data, GError **error)
{
  gint64 *id = data;
  g_autoptr (PrStatement) statement = pr_database_query (
      database, error, "SELECT count (*) FROM mailboxes WHERE profile_id = ?", "i", *id);
  int n;

  if (statement == NULL || !pr_statement_next (statement, error))
    return NULL;
  n = (int) pr_statement_get_number (statement, 0);
  if (n > 0)
    {
      pr_set_error (error, PR_ERROR_IN_USE, NULL,
                    g_dngettext (GETTEXT_PACKAGE,
                                 "The profile cannot be deleted: %d mailbox uses it. Give it "
                                 "another profile first.",
                                 "The profile cannot be deleted: %d mailboxes use it. Give them "
                                 "another profile first.",
                                 (gulong) n),
                    n);
      return NULL;
    }
  if (!pr_database_run (database, error,
                        "UPDATE email_settings SET profile_id = NULL, version = version + 1"
                        " WHERE profile_id = ?",
                        "i", *id)
      || !pr_database_run (database, error, "DELETE FROM profiles WHERE id = ?", "i", *id))
    return NULL;
  return PR_STORE_DONE;
}

/**
 * pr_store_delete_profile_async:
 * @self: a store
 * @id: a profile
 * @cancellable: (nullable): cancels
 * @callback: called when it is gone
 * @user_data: for @callback
 *
 * Refused with %PR_ERROR_IN_USE while mailboxes use it.
 */
void
pr_store_delete_profile_async (PrStore *self,
                               gint64 id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  pr_store_run_async (self, TRUE, delete_profile, g_memdup2 (&id, sizeof id), g_free, NULL,
                      cancellable, callback, user_data);
}

gboolean
pr_store_delete_profile_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}

typedef struct
{
  gint64 id;
  const char *column;
  gboolean value;
} PrFlagWork;

static gpointer
set_flag (PrDatabase *database, gpointer data, GError **error)
{
  PrFlagWork *work = data;
  g_autofree char *sql = g_strdup_printf ("UPDATE profiles SET %s = ? WHERE id = ?", work->column);

  if (!pr_database_run (database, error, sql, "ii", (gint64) work->value, work->id)
      || !pr_database_run (database, error,
                           "UPDATE mailboxes SET serial = serial + 1 WHERE profile_id = ?", "i",
                           work->id))
    return NULL;
  return pr_store_strike_out_profile (database, work->id, error) ? PR_STORE_DONE : NULL;
}

/**
 * pr_store_set_profile_flag_async:
 * @self: a store
 * @id: a profile
 * @field: one of the fields "... set", which no form writes
 * @value: its value
 * @cancellable: (nullable): cancels
 * @callback: called when it is written
 * @user_data: for @callback
 *
 * A test that runs with the old secret will be out of date.
 */
void
pr_store_set_profile_flag_async (PrStore *self,
                                 gint64 id,
                                 PrServerProfileField field,
                                 gboolean value,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PrFlagWork *work = g_new0 (PrFlagWork, 1);

  work->id = id;
  work->value = value;
  switch (field)
    {
      case PR_PROFILE_INCOMING_PASSWORD_SET:
        work->column = "incoming_password_set";
        break;
      case PR_PROFILE_OUTGOING_PASSWORD_SET:
        work->column = "outgoing_password_set";
        break;
      case PR_PROFILE_OAUTH_SECRET_SET:
        work->column = "oauth_secret_set";
        break;
      default:
        g_assert_not_reached ();
    }
  pr_store_run_async (self, TRUE, set_flag, work, g_free, NULL, cancellable, callback, user_data);
}

gboolean
pr_store_set_profile_flag_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  return pr_store_run_finish (self, result, error) != NULL;
}
