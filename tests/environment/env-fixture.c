/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An environment in a folder of its own, and its commands as functions that wait. Main thread. */

#include "env-fixture.h"

#include "tests/keep-folder.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#define PATIENCE_S 60

void
env_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrEnvWait *wait = user_data;

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
env_wait (PrEnvWait *self)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_timeout, NULL);

  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return self->result;
}

void
env_wait_clear (PrEnvWait *self)
{
  g_clear_object (&self->result);
}

/* --- Folder and environment ------------------------------------------------------------------- */

void
env_fixture_init_folder (PrEnvFixture *self)
{
  g_autoptr (GError) error = NULL;

  *self = (PrEnvFixture){ NULL };
  self->data_dir = g_dir_make_tmp ("postroom-test-XXXXXX", &error);
  g_assert_no_error (error);
  self->keyring = pr_memory_keyring_new ();
}

void
env_fixture_init (PrEnvFixture *self)
{
  env_fixture_init_folder (self);
  env_fixture_open (self);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
env_fixture_clear (PrEnvFixture *self)
{
  if (self->environment != NULL)
    keep_folder_as_it_is (self->data_dir);
  env_fixture_close (self);
  g_clear_object (&self->keyring);
  if (!keep_folder (self->data_dir))
    remove_all (self->data_dir);
  g_clear_pointer (&self->data_dir, g_free);
}

PrEnvironment *
env_open (PrEnvFixture *self, const char *name, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_open_async (self->data_dir, name, self->keyring, NULL, env_ready, &wait);
  return pr_environment_open_finish (env_wait (&wait), error);
}

void
env_fixture_open (PrEnvFixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (self->environment);
  self->environment = env_open (self, NULL, &error);
  g_assert_no_error (error);
}

/* While a database is open, or was not closed, its write-ahead log lies beside it. */
static gboolean
has_log (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    return g_str_has_suffix (path, "-wal");
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (has_log (child))
        return TRUE;
    }
  return FALSE;
}

/* Nothing may keep it but the fixture, once all answers have been given. */
void
env_fixture_close (PrEnvFixture *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  if (self->environment == NULL)
    return;
  g_object_add_weak_pointer (G_OBJECT (self->environment), (gpointer *) &self->environment);
  g_object_unref (self->environment);
  /* The last answers are on their way yet, and hold it. */
  while (self->environment != NULL && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_null (self->environment);
}

/* The store may outlive the environment by an answer that is on its way; only when it has closed
 * the file does all that was written stand in it. */
void
env_fixture_settle (PrEnvFixture *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  g_assert_null (self->environment);
  while (has_log (self->data_dir) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  g_assert_false (has_log (self->data_dir));
}

void
env_run_sql (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  if (sqlite3_exec (handle, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  sqlite3_exec (handle, "PRAGMA wal_checkpoint (TRUNCATE)", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

/* --- Records ---------------------------------------------------------------------------------- */

void
env_set (gpointer record, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  int field = pr_record_find_field (record, name);

  g_assert_cmpint (field, >=, 0);
  pr_record_parse (record, (guint) field, value, &error);
  g_assert_no_error (error);
}

char *
env_get (gpointer record, const char *name)
{
  int field = pr_record_find_field (record, name);

  g_assert_cmpint (field, >=, 0);
  return pr_record_format (record, (guint) field);
}

/* --- Profiles --------------------------------------------------------------------------------- */

PrServerProfile *
env_new_profile (const char *name)
{
  PrServerProfile *profile = pr_server_profile_new ();

  env_set (profile, "name", name);
  env_set (profile, "incoming-location", "pop.example.org");
  env_set (profile, "outgoing-location", "smtp.example.org");
  return profile;
}

gboolean
env_save_profile (PrEnvFixture *self, PrServerProfile *profile, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_save_profile_async (self->environment, profile, NULL, env_ready, &wait);
  return pr_environment_save_profile_finish (self->environment, env_wait (&wait), error);
}

PrServerProfile *
env_add_profile (PrEnvFixture *self, const char *name)
{
  PrServerProfile *profile = env_new_profile (name);
  g_autoptr (GError) error = NULL;

  env_save_profile (self, profile, &error);
  g_assert_no_error (error);
  return profile;
}

gboolean
env_delete_profile (PrEnvFixture *self, PrServerProfile *profile, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_delete_profile_async (self->environment, profile, NULL, env_ready, &wait);
  return pr_environment_delete_profile_finish (self->environment, env_wait (&wait), error);
}

gboolean
env_set_profile_password (PrEnvFixture *self,
                          PrServerProfile *profile,
                          PrDirection direction,
                          const char *password,
                          GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSecret) secret = password != NULL ? pr_secret_new (password, -1) : NULL;

  pr_environment_set_profile_password_async (self->environment, profile, direction, secret, NULL,
                                             env_ready, &wait);
  return pr_environment_set_profile_password_finish (self->environment, env_wait (&wait), error);
}

/* --- Settings --------------------------------------------------------------------------------- */

gboolean
env_save_settings (PrEnvFixture *self, PrEmailSettings *settings, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_save_settings_async (self->environment, settings, NULL, env_ready, &wait);
  return pr_environment_save_settings_finish (self->environment, env_wait (&wait), error);
}

void
env_set_setting (PrEnvFixture *self, const char *name, const char *value)
{
  g_autoptr (PrRecord) settings =
      pr_record_duplicate (PR_RECORD (pr_environment_get_settings (self->environment)));
  g_autoptr (GError) error = NULL;

  env_set (settings, name, value);
  env_save_settings (self, PR_EMAIL_SETTINGS (settings), &error);
  g_assert_no_error (error);
}

/* --- Mailboxes -------------------------------------------------------------------------------- */

gboolean
env_save_mailbox (PrEnvFixture *self, PrMailbox *mailbox, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_save_mailbox_async (self->environment, mailbox, NULL, env_ready, &wait);
  return pr_environment_save_mailbox_finish (self->environment, env_wait (&wait), error);
}

/* Fields and values follow, as words. */
PrMailbox *
env_add_mailbox (PrEnvFixture *self, const char *address, ...)
{
  PrMailbox *mailbox = pr_environment_new_mailbox (self->environment, address);
  g_autoptr (GError) error = NULL;
  const char *field;
  va_list args;

  va_start (args, address);
  while ((field = va_arg (args, const char *)) != NULL)
    env_set (mailbox, field, va_arg (args, const char *));
  va_end (args);
  env_save_mailbox (self, mailbox, &error);
  g_assert_no_error (error);
  return mailbox;
}

/* Takes @selection, as everything below does. */
GPtrArray *
env_list (PrEnvFixture *self, PrSelection *selection, GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_list_mailboxes_async (self->environment, owned, NULL, env_ready, &wait);
  return pr_environment_list_mailboxes_finish (self->environment, env_wait (&wait), error);
}

PrSelection *
env_select (const char *address)
{
  const char *addresses[] = { address, NULL };

  return pr_selection_new_addresses (addresses);
}

PrMailbox *
env_find_mailbox (PrEnvFixture *self, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = env_list (self, env_select (address), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  return g_object_ref (g_ptr_array_index (found, 0));
}

/* What the database says now. */
char *
env_get_field (PrEnvFixture *self, const char *address, const char *field)
{
  g_autoptr (PrMailbox) mailbox = env_find_mailbox (self, address);

  return env_get (mailbox, field);
}

gboolean
env_change (PrEnvFixture *self,
            PrSelection *selection,
            const PrChange *changes,
            guint n_changes,
            guint *n_changed,
            GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_change_mailboxes_async (self->environment, owned, changes, n_changes, NULL,
                                         env_ready, &wait);
  return pr_environment_change_mailboxes_finish (self->environment, env_wait (&wait), n_changed,
                                                 error);
}

gboolean
env_command (PrEnvFixture *self,
             PrSelection *selection,
             PrMailboxCommand command,
             guint *n_changed,
             GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_command_mailboxes_async (self->environment, owned, command, NULL, env_ready,
                                          &wait);
  return pr_environment_change_mailboxes_finish (self->environment, env_wait (&wait), n_changed,
                                                 error);
}

gboolean
env_delete (PrEnvFixture *self, PrSelection *selection, guint *n_deleted, GError **error)
{
  g_autoptr (PrSelection) owned = selection;
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_delete_mailboxes_async (self->environment, owned, NULL, env_ready, &wait);
  return pr_environment_delete_mailboxes_finish (self->environment, env_wait (&wait), n_deleted,
                                                 error);
}

gboolean
env_set_mailbox_password (PrEnvFixture *self,
                          PrMailbox *mailbox,
                          const char *password,
                          GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSecret) secret = password != NULL ? pr_secret_new (password, -1) : NULL;

  pr_environment_set_mailbox_password_async (self->environment, mailbox, secret, NULL, env_ready,
                                             &wait);
  return pr_environment_set_mailbox_password_finish (self->environment, env_wait (&wait), error);
}

GPtrArray *
env_list_alerts (PrEnvFixture *self, const PrAlertFilter *filter)
{
  static const PrAlertFilter any = { .severity = -1 };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *alerts;

  pr_environment_list_alerts_async (self->environment, filter != NULL ? filter : &any, NULL,
                                    env_ready, &wait);
  alerts = pr_environment_list_alerts_finish (self->environment, env_wait (&wait), &error);
  g_assert_no_error (error);
  return alerts;
}
