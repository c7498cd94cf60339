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
has_secret (PrEnvFixture *self, PrSecretKind kind, gint64 id, const char *direction)
{
  g_autoptr (PrSecrets) secrets = new_secrets (self);
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSecret) secret = NULL;
  g_autoptr (GError) error = NULL;

  pr_secrets_lookup_async (secrets, kind, id, direction, NULL, env_ready, &wait);
  secret = pr_secrets_lookup_finish (secrets, env_wait (&wait), &error);
  g_assert_no_error (error);
  return secret != NULL;
}

static gboolean
is_in_keyring (PrEnvFixture *self, gint64 id)
{
  return has_secret (self, PR_SECRET_MAILBOX_PASSWORD, id, "");
}

/* Behind the back of the database. @password: (nullable): %NULL removes it. */
static void
change_secret (PrEnvFixture *self,
               PrSecretKind kind,
               gint64 id,
               const char *direction,
               const char *password)
{
  g_autoptr (PrSecrets) secrets = new_secrets (self);
  g_autoptr (PrSecret) secret = password != NULL ? pr_secret_new (password, -1) : NULL;
  PrSecretChange change = { id, secret };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  pr_secrets_change_async (secrets, kind, direction, &change, 1, NULL, env_ready, &wait);
  g_assert_true (pr_secrets_change_finish (secrets, env_wait (&wait), &error));
  g_assert_no_error (error);
}

static void
change_keyring (PrEnvFixture *self, gint64 id, const char *password)
{
  change_secret (self, PR_SECRET_MAILBOX_PASSWORD, id, "", password);
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

/* --- Server profiles -------------------------------------------------------------------------- */

static void
assert_unsettled_profiles (PrEnvFixture *self, const char *expected)
{
  g_autofree char *ids =
      query (self, "SELECT ifnull (group_concat (profile_id), '') FROM unsettled_profiles");

  g_assert_cmpstr (ids, ==, expected);
}

/* What the environment says that a profile has. */
static void
assert_secrets_set (PrEnvFixture *self,
                    const char *name,
                    const char *incoming,
                    const char *outgoing,
                    const char *oauth)
{
  g_autoptr (PrServerProfile) profile = pr_environment_find_profile (self->environment, name);
  g_autofree char *got_incoming = env_get (profile, "incoming-password-set");
  g_autofree char *got_outgoing = env_get (profile, "outgoing-password-set");
  g_autofree char *got_oauth = env_get (profile, "oauth-secret-set");

  g_assert_cmpstr (got_incoming, ==, incoming);
  g_assert_cmpstr (got_outgoing, ==, outgoing);
  g_assert_cmpstr (got_oauth, ==, oauth);
}

/* One that keeps a password for each of its servers. */
static PrServerProfile *
add_profile (PrEnvFixture *self, const char *name)
{
  PrServerProfile *profile = env_new_profile (name);
  g_autoptr (GError) error = NULL;

  env_set (profile, "same-settings", "no");
  env_set (profile, "incoming-authentication", "profile");
  env_set (profile, "incoming-username", "all");
  env_set (profile, "outgoing-authentication", "profile");
  env_set (profile, "outgoing-username", "all");
  g_assert_true (env_save_profile (self, profile, &error));
  g_assert_no_error (error);
  return profile;
}

static gint64
get_id (PrServerProfile *profile)
{
  return pr_record_get_id (PR_RECORD (profile));
}

/* Killed between the keyring and the database: passwords. */
static void
test_profiles_mended (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrServerProfile) stored = NULL, removed = NULL, untouched = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;

  env_fixture_init (&self);
  stored = add_profile (&self, "Stored");
  removed = add_profile (&self, "Removed");
  untouched = add_profile (&self, "Untouched");
  for (PrDirection i = 0; i < PR_N_DIRECTIONS; i++)
    {
      g_assert_true (env_set_profile_password (&self, removed, i, "old", &error));
      g_assert_true (env_set_profile_password (&self, untouched, i, "old", &error));
    }
  assert_unsettled_profiles (&self, "");

  change_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (stored), "outgoing", "new");
  change_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (removed), "incoming", NULL);
  change_secret (&self, PR_SECRET_PROFILE_PASSWORD, STRAY, "incoming", "never added");
  change_secret (&self, PR_SECRET_PROFILE_PASSWORD, STRAY, "outgoing", "never added");
  change_secret (&self, PR_SECRET_OAUTH_CLIENT, STRAY, "", "never added");
  change_secret (&self, PR_SECRET_SERVICE_ACCOUNT, STRAY, "", "never added");
  sql = g_strdup_printf ("INSERT INTO unsettled_profiles VALUES (%d), (%d), (%d), (%d)",
                         (int) get_id (stored), (int) get_id (removed), (int) get_id (untouched),
                         STRAY);
  run_sql (&self, sql);
  reopen (&self);
  assert_unsettled_profiles (&self, "");
  assert_secrets_set (&self, "Stored", "no", "yes", "no");
  assert_secrets_set (&self, "Removed", "no", "yes", "no");
  assert_secrets_set (&self, "Untouched", "yes", "yes", "no");
  g_assert_true (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (stored), "outgoing"));
  g_assert_true (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (untouched), "incoming"));
  g_assert_false (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, STRAY, "incoming"));
  g_assert_false (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, STRAY, "outgoing"));
  g_assert_false (has_secret (&self, PR_SECRET_OAUTH_CLIENT, STRAY, ""));
  g_assert_false (has_secret (&self, PR_SECRET_SERVICE_ACCOUNT, STRAY, ""));
}

/* The same for the client secret and the key of a service account, of which a profile has one. */
static void
test_clients_mended (void)
{
  static const struct
  {
    const char *name, *client_id;
    PrSecretKind own, other;
  } rows[] = {
    { "Client", "postroom", PR_SECRET_OAUTH_CLIENT, PR_SECRET_SERVICE_ACCOUNT },
    { "Account", "p@t.iam.gserviceaccount.com", PR_SECRET_SERVICE_ACCOUNT, PR_SECRET_OAUTH_CLIENT },
  };
  g_auto (PrEnvFixture) self = { NULL };
  gint64 ids[G_N_ELEMENTS (rows)];

  env_fixture_init (&self);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrServerProfile) profile = env_add_profile (&self, rows[i].name);
      g_autoptr (GError) error = NULL;

      env_set (profile, "oauth-client-id", rows[i].client_id);
      g_assert_true (env_save_profile (&self, profile, &error));
      ids[i] = get_id (profile);
      change_secret (&self, rows[i].own, ids[i], "", "new");
      change_secret (&self, rows[i].other, ids[i], "", "of the one before");
    }
  run_sql (&self, "INSERT INTO unsettled_profiles SELECT id FROM profiles");
  reopen (&self);
  assert_unsettled_profiles (&self, "");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      assert_secrets_set (&self, rows[i].name, "no", "no", "yes");
      g_assert_true (has_secret (&self, rows[i].own, ids[i], ""));
      g_assert_false (has_secret (&self, rows[i].other, ids[i], ""));
      change_secret (&self, rows[i].own, ids[i], "", NULL);
    }
  run_sql (&self, "INSERT INTO unsettled_profiles SELECT id FROM profiles");
  reopen (&self);
  assert_secrets_set (&self, "Client", "no", "no", "no");
  assert_secrets_set (&self, "Account", "no", "no", "no");
}

/* A profile is removed while the keyring is locked: its passwords go once it is open. */
static void
test_profile_left (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrServerProfile) profile = NULL, plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  env_fixture_init (&self);
  profile = add_profile (&self, "A");
  plain = add_profile (&self, "B");
  g_assert_true (env_set_profile_password (&self, profile, PR_DIRECTION_OUTGOING, "x", &error));
  id = g_strdup_printf ("%d", (int) get_id (profile));
  pr_memory_keyring_set_failure (self.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_true (env_delete_profile (&self, profile, &error));
  g_assert_true (env_delete_profile (&self, plain, &error));
  assert_unsettled_profiles (&self, id);
  reopen (&self);
  assert_unsettled_profiles (&self, id);
  pr_memory_keyring_set_failure (self.keyring, -1);
  g_assert_true (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (profile), "outgoing"));
  reopen (&self);
  assert_unsettled_profiles (&self, "");
  g_assert_false (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (profile), "outgoing"));
}

/* The note stands while the keyring is changed, and not before or after. */
static void
test_profile_noted (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  env_fixture_init (&self);
  profile = add_profile (&self, "A");
  id = g_strdup_printf ("%d", (int) get_id (profile));
  pr_memory_keyring_set_failure (self.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_false (env_set_profile_password (&self, profile, PR_DIRECTION_INCOMING, "x", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);
  assert_unsettled_profiles (&self, id);
  pr_memory_keyring_set_failure (self.keyring, -1);
  g_assert_true (env_set_profile_password (&self, profile, PR_DIRECTION_INCOMING, "x", &error));
  assert_unsettled_profiles (&self, "");
  g_assert_true (env_set_profile_password (&self, profile, PR_DIRECTION_INCOMING, NULL, &error));
  assert_unsettled_profiles (&self, "");
  g_assert_true (env_set_profile_password (&self, profile, PR_DIRECTION_INCOMING, "x", &error));
  g_assert_true (env_delete_profile (&self, profile, &error));
  assert_unsettled_profiles (&self, "");
  g_assert_false (has_secret (&self, PR_SECRET_PROFILE_PASSWORD, get_id (profile), "incoming"));
}

/* --- Waiting ---------------------------------------------------------------------------------- */

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
  g_test_add_func ("/settle/profiles-mended", test_profiles_mended);
  g_test_add_func ("/settle/clients-mended", test_clients_mended);
  g_test_add_func ("/settle/profile-left", test_profile_left);
  g_test_add_func ("/settle/profile-noted", test_profile_noted);
  g_test_add_func ("/settle/waits", test_waits);
  return g_test_run ();
}
