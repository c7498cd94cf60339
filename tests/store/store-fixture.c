/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store to work with, and its functions as calls that wait. Main thread. */

#include "store-fixture.h"

#define PATIENCE_S 60

void
store_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrStoreWait *wait = user_data;

  g_assert_null (wait->result);
  wait->result = g_object_ref (result);
}

static gboolean
on_timeout (gpointer user_data)
{
  g_error ("no answer in %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

GAsyncResult *
store_wait (PrStoreWait *self)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_timeout, NULL);

  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return self->result;
}

void
store_wait_clear (PrStoreWait *self)
{
  g_clear_object (&self->result);
}

/* --- The store -------------------------------------------------------------------------------- */

PrStore *
store_open (const char *path, PrStoreMode mode, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_open_async (path, mode, NULL, store_ready, &wait);
  return pr_store_open_finish (store_wait (&wait), error);
}

void
store_set_identity (PrStore *store, const char *id, const char *name)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_store_set_identity_async (store, id, name, NULL, store_ready, &wait);
  pr_store_set_identity_finish (store, store_wait (&wait), &error);
  g_assert_no_error (error);
}

void
store_fixture_init_folder (PrStoreFixture *self)
{
  *self = (PrStoreFixture){ NULL };
  self->folder = files_make_folder ();
  self->path = g_build_filename (self->folder, "postroom.db", NULL);
}

void
store_fixture_init (PrStoreFixture *self)
{
  store_fixture_init_folder (self);
  store_fixture_open (self);
  store_set_identity (self->store, ENVIRONMENT_ID, "Default");
}

void
store_fixture_open (PrStoreFixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (self->store);
  self->store = store_open (self->path, PR_STORE_CREATE, &error);
  g_assert_no_error (error);
}

void
store_fixture_close (PrStoreFixture *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  if (self->store == NULL)
    return;
  g_object_add_weak_pointer (G_OBJECT (self->store), (gpointer *) &self->store);
  g_object_unref (self->store);
  /* The last answers are on their way yet, and hold it. */
  while (self->store != NULL && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_null (self->store);
}

void
store_fixture_clear (PrStoreFixture *self)
{
  store_fixture_close (self);
  files_remove_folder (self->folder);
  g_free (self->path);
}

/* --- Records ---------------------------------------------------------------------------------- */

void
record_set (gpointer record, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  int field = pr_record_find_field (record, name);

  g_assert_cmpint (field, >=, 0);
  pr_record_parse (record, (guint) field, value, &error);
  g_assert_no_error (error);
}

char *
record_get (gpointer record, const char *name)
{
  int field = pr_record_find_field (record, name);

  g_assert_cmpint (field, >=, 0);
  return pr_record_format (record, (guint) field);
}

/* All that is in it, a line each field. */
char *
record_dump (gpointer record)
{
  GString *text = g_string_new (NULL);
  guint n;
  const PrField *fields = pr_record_get_fields (record, &n);

  g_string_append_printf (text, "id=%d version=%d\n", (int) pr_record_get_id (record),
                          (int) pr_record_get_version (record));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = pr_record_format (record, i);

      g_string_append_printf (text, "%s=%s\n", fields[i].name, value);
    }
  return g_string_free (text, FALSE);
}

/* --- Settings --------------------------------------------------------------------------------- */

PrEmailSettings *
store_load_settings (PrStore *store)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrEmailSettings *settings;

  pr_store_load_settings_async (store, NULL, store_ready, &wait);
  settings = pr_store_load_settings_finish (store, store_wait (&wait), &error);
  g_assert_no_error (error);
  return settings;
}

gboolean
store_save_settings (PrStore *store, PrEmailSettings *settings, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_save_settings_async (store, settings, NULL, store_ready, &wait);
  return pr_store_save_settings_finish (store, store_wait (&wait), settings, error);
}

/* --- Profiles --------------------------------------------------------------------------------- */

GPtrArray *
store_list_profiles (PrStore *store)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *list;

  pr_store_list_profiles_async (store, NULL, store_ready, &wait);
  list = pr_store_list_profiles_finish (store, store_wait (&wait), &error);
  g_assert_no_error (error);
  return list;
}

PrServerProfile *
store_find_profile (PrStore *store, const char *name)
{
  g_autoptr (GPtrArray) list = store_list_profiles (store);

  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (pr_server_profile_get_text (g_ptr_array_index (list, i), NAME), name))
      return g_object_ref (g_ptr_array_index (list, i));
  g_error ("there is no profile “%s”", name);
}

gboolean
store_save_profile (PrStore *store, PrServerProfile *profile, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_save_profile_async (store, profile, NULL, store_ready, &wait);
  return pr_store_save_profile_finish (store, store_wait (&wait), profile, error);
}

PrServerProfile *
store_add_profile (PrStore *store, const char *name)
{
  PrServerProfile *profile = pr_server_profile_new ();
  g_autoptr (GError) error = NULL;

  record_set (profile, "name", name);
  record_set (profile, "incoming-location", "pop.example.org");
  record_set (profile, "outgoing-location", "smtp.example.org");
  pr_server_profile_fill_in (profile);
  store_save_profile (store, profile, &error);
  g_assert_no_error (error);
  return profile;
}

gboolean
store_delete_profile (PrStore *store, gint64 id, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_delete_profile_async (store, id, NULL, store_ready, &wait);
  return pr_store_delete_profile_finish (store, store_wait (&wait), error);
}

gboolean
store_set_profile_flag (PrStore *store, gint64 id, PrServerProfileField field, gboolean set)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_set_profile_flag_async (store, id, field, set, NULL, store_ready, &wait);
  return pr_store_set_profile_flag_finish (store, store_wait (&wait), NULL);
}

/* --- Mailboxes -------------------------------------------------------------------------------- */

/* Takes @selection, as everything below does. */
GPtrArray *
store_list (PrStore *store, PrSelection *selection, GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_list_mailboxes_async (store, owned, NULL, store_ready, &wait);
  return pr_store_list_mailboxes_finish (store, store_wait (&wait), error);
}

/* What is before the "@" of each, with spaces between. */
char *
store_list_addresses (PrStore *store, PrSelection *selection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = store_list (store, selection, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const char *address = pr_mailbox_get_text (g_ptr_array_index (list, i), ADDRESS);

      g_string_append_printf (text, "%s%.*s", i > 0 ? " " : "",
                              (int) (strchr (address, '@') - address), address);
    }
  return g_string_free (text, FALSE);
}

PrMailbox *
store_find_mailbox (PrStore *store, const char *address)
{
  const char *addresses[] = { address, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = store_list (store, pr_selection_new_addresses (addresses), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  return g_object_ref (g_ptr_array_index (list, 0));
}

char *
store_get_field (PrStore *store, const char *address, const char *field)
{
  g_autoptr (PrMailbox) mailbox = store_find_mailbox (store, address);

  return record_get (mailbox, field);
}

gboolean
store_save_mailbox (PrStore *store, PrMailbox *mailbox, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_save_mailbox_async (store, mailbox, NULL, store_ready, &wait);
  return pr_store_save_mailbox_finish (store, store_wait (&wait), mailbox, error);
}

/* Fields and values follow, as words. */
PrMailbox *
store_add_mailbox (PrStore *store, const char *address, ...)
{
  PrMailbox *mailbox = pr_mailbox_new (address);
  g_autoptr (GError) error = NULL;
  const char *field;
  va_list args;

  va_start (args, address);
  while ((field = va_arg (args, const char *)) != NULL)
    record_set (mailbox, field, va_arg (args, const char *));
  va_end (args);
  pr_mailbox_fill_in (mailbox);
  store_save_mailbox (store, mailbox, &error);
  g_assert_no_error (error);
  return mailbox;
}

gboolean
store_change (PrStore *store,
              PrSelection *selection,
              const PrChange *changes,
              guint n_changes,
              guint *n_changed,
              GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_change_mailboxes_async (store, owned, changes, n_changes, NULL, store_ready, &wait);
  return pr_store_change_mailboxes_finish (store, store_wait (&wait), n_changed, error);
}

gboolean
store_delete (PrStore *store, PrSelection *selection, guint *n_deleted, GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GArray) ids = NULL;

  pr_store_delete_mailboxes_async (store, owned, NULL, store_ready, &wait);
  ids = pr_store_delete_mailboxes_finish (store, store_wait (&wait), error);
  *n_deleted = ids != NULL ? ids->len : 0;
  return ids != NULL;
}

gboolean
store_set_secret_flag (PrStore *store, gint64 mailbox_id, PrMailboxField field, gboolean set)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_set_secret_flag_async (store, mailbox_id, field, set, NULL, store_ready, &wait);
  return pr_store_set_secret_flag_finish (store, store_wait (&wait), NULL);
}

/* --- Results and alerts ----------------------------------------------------------------------- */

gboolean
store_save_result (PrStore *store, PrStoredResult *result, GError **error)
{
  g_auto (PrStoreWait) wait = { NULL };

  pr_store_save_result_async (store, result, NULL, store_ready, &wait);
  return pr_store_save_result_finish (store, store_wait (&wait), error);
}

char *
store_load_report (PrStore *store, gint64 mailbox_id, PrDirection direction)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  char *report;

  pr_store_load_report_async (store, mailbox_id, direction, NULL, store_ready, &wait);
  report = pr_store_load_report_finish (store, store_wait (&wait), &error);
  g_assert_no_error (error);
  return report;
}

GPtrArray *
store_list_alerts (PrStore *store, const PrAlertFilter *filter)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *alerts;

  pr_store_list_alerts_async (store, filter, NULL, store_ready, &wait);
  alerts = pr_store_list_alerts_finish (store, store_wait (&wait), &error);
  g_assert_no_error (error);
  return alerts;
}

guint
store_dismiss_alerts (PrStore *store, const PrAlertFilter *filter, gint64 id)
{
  g_auto (PrStoreWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  guint n = 0;

  pr_store_dismiss_alerts_async (store, filter, id, NULL, store_ready, &wait);
  pr_store_dismiss_alerts_finish (store, store_wait (&wait), &n, &error);
  g_assert_no_error (error);
  return n;
}
