/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Database and keyring after a program was ended between the two: whoever opens the environment
 * next makes them say the same, unless somebody is at it, or would have to unlock the keyring. */

#include "env-fixture.h"

#include "pr-range-lock.h"
#include "pr-secrets.h"

#include <sqlite3.h>

#define STRAY 77
#define SECRETS_LOCK 1

static char *
query (PrEnvFixture *self, const char *sql)
{
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  g_autofree char *path =
      g_build_filename (pr_environment_get_folder (self->environment), "postroom.db", NULL);
  char *text;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
  return text;
}

static void
run_sql (PrEnvFixture *self, const char *sql)
{
  g_autofree char *path =
      g_build_filename (pr_environment_get_folder (self->environment), "postroom.db", NULL);

  env_run_sql (path, sql);
}

static PrSecrets *
new_secrets (PrEnvFixture *self)
{
  g_autofree char *lock =
      g_build_filename (pr_environment_get_folder (self->environment), "secrets.lock", NULL);

  return pr_secrets_new (self->keyring, pr_environment_get_id (self->environment), "Default", lock);
}

static gboolean
is_in_keyring (PrEnvFixture *self, gint64 id)
{
  g_autoptr (PrSecrets) secrets = new_secrets (self);
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSecret) secret = NULL;
  g_autoptr (GError) error = NULL;

  pr_secrets_lookup_async (secrets, PR_SECRET_MAILBOX_PASSWORD, id, "", NULL, env_ready, &wait);
  secret = pr_secrets_lookup_finish (secrets, env_wait (&wait), &error);
  g_assert_no_error (error);
  return secret != NULL;
}

/* Behind the back of the database. @password: (nullable): %NULL removes it. */
static void
change_keyring (PrEnvFixture *self, gint64 id, const char *password)
{
  g_autoptr (PrSecrets) secrets = new_secrets (self);
  g_autoptr (PrSecret) secret = password != NULL ? pr_secret_new (password, -1) : NULL;
  PrSecretChange change = { id, secret };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_secrets_change_async (secrets, PR_SECRET_MAILBOX_PASSWORD, "", &change, 1, NULL, env_ready,
                           &wait);
  g_assert_true (pr_secrets_change_finish (secrets, env_wait (&wait), &error));
  g_assert_no_error (error);
}

static void
reopen (PrEnvFixture *self)
{
  env_fixture_close (self);
  env_fixture_open (self);
}

static void
assert_unsettled (PrEnvFixture *self, const char *expected)
{
  g_autofree char *ids =
      query (self, "SELECT ifnull (group_concat (mailbox_id), '') FROM unsettled");

  g_assert_cmpstr (ids, ==, expected);
}

static void
assert_password_set (PrEnvFixture *self, const char *address, const char *expected)
{
  g_autofree char *set = env_get_field (self, address, "password-set");

  g_assert_cmpstr (set, ==, expected);
}

/* Killed between the keyring and the database, in either direction, and before anything was
 * stored. */
static void
test_mended (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrMailbox) stored = NULL, removed = NULL, untouched = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;
  gint64 stored_id, removed_id, untouched_id;

  env_fixture_init (&self);
  stored = env_add_mailbox (&self, "stored@example.org", NULL);
  removed = env_add_mailbox (&self, "removed@example.org", NULL);
  untouched = env_add_mailbox (&self, "untouched@example.org", NULL);
  stored_id = pr_record_get_id (PR_RECORD (stored));
  removed_id = pr_record_get_id (PR_RECORD (removed));
  untouched_id = pr_record_get_id (PR_RECORD (untouched));
  g_assert_true (env_set_mailbox_password (&self, removed, "old", &error));
  g_assert_true (env_set_mailbox_password (&self, untouched, "old", &error));
  assert_unsettled (&self, "");

  change_keyring (&self, stored_id, "new");
  change_keyring (&self, removed_id, NULL);
  change_keyring (&self, STRAY, "never added");
  sql = g_strdup_printf ("INSERT INTO unsettled VALUES (%d), (%d), (%d), (%d)", (int) stored_id,
                         (int) removed_id, (int) untouched_id, STRAY);
  run_sql (&self, sql);
  reopen (&self);
  assert_unsettled (&self, "");
  assert_password_set (&self, "stored@example.org", "yes");
  assert_password_set (&self, "removed@example.org", "no");
  assert_password_set (&self, "untouched@example.org", "yes");
  g_assert_true (is_in_keyring (&self, stored_id));
  g_assert_true (is_in_keyring (&self, untouched_id));
  g_assert_false (is_in_keyring (&self, STRAY));
}

/* A mailbox is removed while the keyring is locked: its password goes once it is open. */
static void
test_left (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrMailbox) mailbox = NULL, plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL, *told = NULL;
  guint n;

  env_fixture_init (&self);
  mailbox = env_add_mailbox (&self, "a@example.org", NULL);
  plain = env_add_mailbox (&self, "b@example.org", NULL);
  g_assert_true (env_set_mailbox_password (&self, mailbox, "secret", &error));
  id = g_strdup_printf ("%d", (int) pr_record_get_id (PR_RECORD (mailbox)));
  pr_memory_keyring_set_failure (self.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_true (env_delete (&self, pr_selection_new_all (), &n, &error));
  g_assert_cmpuint (n, ==, 2);
  assert_unsettled (&self, id);
  told = pr_environment_take_left_secrets (self.environment);
  g_assert_nonnull (told);
  /* Still locked: opened all the same, and nothing is forgotten. */
  reopen (&self);
  assert_unsettled (&self, id);
  pr_memory_keyring_set_failure (self.keyring, -1);
  g_assert_true (is_in_keyring (&self, pr_record_get_id (PR_RECORD (mailbox))));
  reopen (&self);
  assert_unsettled (&self, "");
  g_assert_false (is_in_keyring (&self, pr_record_get_id (PR_RECORD (mailbox))));
}

/* Another program is in the middle of it: what it has noted is its own. */
static void
test_held (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autofree char *path = NULL, *sql = g_strdup_printf ("INSERT INTO unsettled VALUES (%d)", STRAY);
  g_autoptr (PrRangeLock) other = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&self);
  path = g_build_filename (pr_environment_get_folder (self.environment), "use.lock", NULL);
  change_keyring (&self, STRAY, "about to be added");
  run_sql (&self, sql);
  other = pr_range_lock_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (pr_range_lock_try_shared (other, SECRETS_LOCK));
  reopen (&self);
  assert_unsettled (&self, G_STRINGIFY (STRAY));
  g_assert_true (is_in_keyring (&self, STRAY));
  pr_range_lock_release (other, SECRETS_LOCK);
  reopen (&self);
  assert_unsettled (&self, "");
  g_assert_false (is_in_keyring (&self, STRAY));
}

typedef struct
{
  PrRangeLock *lock;
  GAsyncResult **result;
} PrMender;

static gboolean
on_mended (gpointer user_data)
{
  PrMender *mender = user_data;

  g_assert_null (*mender->result);
  pr_range_lock_release (mender->lock, SECRETS_LOCK);
  return G_SOURCE_REMOVE;
}

/* Another program mends: a command waits for it. */
static void
test_waits (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autofree char *path = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrSecret) secret = pr_secret_new ("secret", -1);
  g_autoptr (PrRangeLock) other = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (PrEnvWait) wait = { NULL };
  g_auto (PrEnvWait) cancelled = { NULL };
  PrMender mender;

  env_fixture_init (&self);
  mailbox = env_add_mailbox (&self, "a@example.org", NULL);
  path = g_build_filename (pr_environment_get_folder (self.environment), "use.lock", NULL);
  other = pr_range_lock_open (path, &error);
  g_assert_true (pr_range_lock_try (other, SECRETS_LOCK));
  pr_environment_set_mailbox_password_async (self.environment, mailbox, secret, cancellable,
                                             env_ready, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_false (
      pr_environment_set_mailbox_password_finish (self.environment, env_wait (&cancelled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  mender = (PrMender){ other, &wait.result };
  g_timeout_add (100, on_mended, &mender);
  pr_environment_set_mailbox_password_async (self.environment, mailbox, secret, NULL, env_ready,
                                             &wait);
  g_assert_true (
      pr_environment_set_mailbox_password_finish (self.environment, env_wait (&wait), &error));
  g_assert_no_error (error);
  /* And lets go of it afterwards: with its answer. */
  env_wait_clear (&wait);
  for (guint i = 0; i < 1000 && !pr_range_lock_try (other, SECRETS_LOCK); i++)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_true (pr_range_lock_try (other, SECRETS_LOCK));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settle/mended", test_mended);
  g_test_add_func ("/settle/left", test_left);
  g_test_add_func ("/settle/held", test_held);
  g_test_add_func ("/settle/waits", test_waits);
  return g_test_run ();
}
