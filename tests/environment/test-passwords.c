/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Passwords: into the keyring and nowhere else, refused where a policy or the profile says so,
 * gone with whom they belong to, and never said to be set when they are not. */

#include "env-fixture.h"

#include "pr-secrets.h"

#include <string.h>

#define PASSWORD "c4nary/Wq7+Zz&9%k ü"

/* What the keyring has, for the environment that is open. */
static char *
peek (PrEnvFixture *env, PrSecretKind kind, gint64 id, const char *direction)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autofree char *lock = g_build_filename (env->data_dir, "test.lock", NULL);
  g_autoptr (PrSecrets) secrets =
      pr_secrets_new (env->keyring, pr_environment_get_id (env->environment), "Default", lock);
  g_autoptr (PrSecret) secret = NULL;
  g_autoptr (GError) error = NULL;

  pr_secrets_lookup_async (secrets, kind, id, direction, NULL, env_ready, &wait);
  secret = pr_secrets_lookup_finish (secrets, env_wait (&wait), &error);
  g_assert_no_error (error);
  return secret != NULL ? g_strdup (pr_secret_peek (secret)) : NULL;
}

static char *
peek_mailbox (PrEnvFixture *env, PrMailbox *mailbox)
{
  return peek (env, PR_SECRET_MAILBOX_PASSWORD, pr_record_get_id (PR_RECORD (mailbox)), "");
}

static void
test_mailbox (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) a = NULL, b = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *of_a = NULL, *of_b = NULL, *set = NULL, *none = NULL, *unset = NULL;

  env_fixture_init (&env);
  a = env_add_mailbox (&env, "a@example.org", NULL);
  b = env_add_mailbox (&env, "b@example.org", NULL);
  g_assert_true (env_set_mailbox_password (&env, a, PASSWORD, &error));
  g_assert_true (env_set_mailbox_password (&env, b, "other", &error));
  of_a = peek_mailbox (&env, a);
  of_b = peek_mailbox (&env, b);
  g_assert_cmpstr (of_a, ==, PASSWORD);
  g_assert_cmpstr (of_b, ==, "other");
  set = env_get_field (&env, "a@example.org", "password-set");
  g_assert_cmpstr (set, ==, "yes");
  g_assert_true (env_set_mailbox_password (&env, a, NULL, &error));
  none = peek_mailbox (&env, a);
  g_assert_null (none);
  unset = env_get_field (&env, "a@example.org", "password-set");
  g_assert_cmpstr (unset, ==, "no");
  g_free (of_b);
  of_b = peek_mailbox (&env, b);
  g_assert_cmpstr (of_b, ==, "other");
}

static void
test_refused (void)
{
  g_autofree char *longest = g_strnfill (250, 'p');
  g_autofree char *too_long = g_strnfill (251, 'p');
  const char *const bad[] = { "", too_long, "a\nb", "a\r\nQUIT", "tab\there", "\xff", "\x1b[2J" };
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  mailbox = env_add_mailbox (&env, "a@example.org", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *set = NULL, *stored = NULL;

      g_assert_false (env_set_mailbox_password (&env, mailbox, bad[i], &error));
      env_assert_refused (error, PR_ERROR_INVALID_VALUE, "password");
      g_assert_nonnull (strstr (error->message, "Accepted: 1 to 250 characters"));
      /* What was given is not repeated. */
      g_assert_true (*bad[i] == '\0' || strstr (error->message, bad[i]) == NULL);
      g_clear_error (&error);
      set = env_get_field (&env, "a@example.org", "password-set");
      g_assert_cmpstr (set, ==, "no");
      stored = peek_mailbox (&env, mailbox);
      g_assert_null (stored);
    }
  g_assert_true (env_set_mailbox_password (&env, mailbox, longest, &error));
  g_assert_true (env_set_mailbox_password (&env, mailbox, " blanks stay ", &error));
}

/* The rule of the profile holds for its mailboxes: for the servers that they use. */
static void
test_policy (void)
{
  static const struct
  {
    const char *incoming_security, *outgoing_security, *incoming, *outgoing, *policy;
    gboolean accepted;
  } rows[] = {
    { "ssl", "starttls", "server-side", "server-side", "no", TRUE },
    { "none", "ssl", "server-side", "server-side", "no", FALSE },
    { "ssl", "none", "server-side", "server-side", "no", FALSE },
    { "none", "ssl", "none", "server-side", "no", TRUE },
    { "ssl", "none", "server-side", "none", "no", TRUE },
    { "none", "none", "server-side", "server-side", "yes", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (PrEnvFixture) env;
      g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
      g_autoptr (PrMailbox) mailbox = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *id = NULL, *stored = NULL;

      env_fixture_init (&env);
      env_set_setting (&env, "allow-unencrypted", "yes");
      env_set_setting (&env, "allow-insecure-credentials", rows[i].policy);
      env_set (profile, "incoming-security", rows[i].incoming_security);
      env_set (profile, "outgoing-security", rows[i].outgoing_security);
      g_assert_true (env_save_profile (&env, profile, &error));
      id = g_strdup_printf ("%d", (int) pr_record_get_id (PR_RECORD (profile)));
      mailbox = env_add_mailbox (&env, "a@example.org", "profile-id", id, "incoming",
                                 rows[i].incoming, "outgoing", rows[i].outgoing, NULL);
      g_assert_cmpint (env_set_mailbox_password (&env, mailbox, PASSWORD, &error), ==,
                       rows[i].accepted);
      stored = peek_mailbox (&env, mailbox);
      if (rows[i].accepted)
        {
          g_assert_cmpstr (stored, ==, PASSWORD);
          /* Taking it away is always allowed. */
          env_set_setting (&env, "allow-insecure-credentials", "no");
          g_assert_true (env_set_mailbox_password (&env, mailbox, NULL, &error));
          continue;
        }
      g_assert_error (error, PR_ERROR, PR_ERROR_POLICY);
      g_assert_nonnull (strstr (error->message, "allow credentials entry via non-secure channels"));
      g_assert_null (stored);
    }
}

static void
test_profile (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (PrServerProfile) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *incoming = NULL, *outgoing = NULL;
  gint64 id;

  env_fixture_init (&env);
  g_assert_true (env_save_profile (&env, profile, &error));
  g_assert_false (
      env_set_profile_password (&env, profile, PR_DIRECTION_INCOMING, PASSWORD, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "“Example” keeps no password"));
  g_clear_error (&error);

  env_set (profile, "incoming-authentication", "profile");
  env_set (profile, "incoming-username", "robot");
  g_assert_true (env_save_profile (&env, profile, &error));
  id = pr_record_get_id (PR_RECORD (profile));
  /* One password for both sides, whichever is named. */
  g_assert_true (env_set_profile_password (&env, profile, PR_DIRECTION_OUTGOING, PASSWORD, &error));
  incoming = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "incoming");
  outgoing = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "outgoing");
  g_assert_cmpstr (incoming, ==, PASSWORD);
  g_assert_null (outgoing);
  read = pr_environment_find_profile (env.environment, "example");
  g_assert_true (pr_server_profile_is_password_set (read, PR_DIRECTION_OUTGOING));

  /* A password for each. */
  g_clear_object (&read);
  read = PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile)));
  env_set (read, "same-settings", "no");
  env_set (read, "outgoing-authentication", "profile");
  env_set (read, "outgoing-username", "robot-out");
  g_assert_true (env_save_profile (&env, read, &error));
  g_assert_true (env_set_profile_password (&env, read, PR_DIRECTION_OUTGOING, "other", &error));
  g_free (incoming);
  incoming = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "incoming");
  outgoing = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "outgoing");
  g_assert_cmpstr (incoming, ==, PASSWORD);
  g_assert_cmpstr (outgoing, ==, "other");

  g_assert_true (env_delete_profile (&env, read, &error));
  g_free (incoming);
  g_free (outgoing);
  incoming = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "incoming");
  outgoing = peek (&env, PR_SECRET_PROFILE_PASSWORD, id, "outgoing");
  g_assert_null (incoming);
  g_assert_null (outgoing);
}

/* Mailboxes take theirs along; the others of the same bundle keep theirs. */
static void
test_deleted (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) a = NULL, b = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *of_a = NULL, *of_b = NULL;
  guint n;

  env_fixture_init (&env);
  a = env_add_mailbox (&env, "a@example.org", NULL);
  b = env_add_mailbox (&env, "b@example.org", NULL);
  g_assert_true (env_set_mailbox_password (&env, a, PASSWORD, &error));
  g_assert_true (env_set_mailbox_password (&env, b, "other", &error));
  g_assert_true (env_delete (&env, env_select ("a@example.org"), &n, &error));
  g_assert_cmpuint (n, ==, 1);
  of_a = peek_mailbox (&env, a);
  of_b = peek_mailbox (&env, b);
  g_assert_null (of_a);
  g_assert_cmpstr (of_b, ==, "other");
}

/* A keyring that refuses: nothing is said to be set. */
static void
test_keyring_fails (void)
{
  static const int failures[] = { PR_ERROR_KEYRING_LOCKED, PR_ERROR_KEYRING_UNAVAILABLE,
                                  PR_ERROR_KEYRING };
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (GError) error = NULL;
  guint n;

  env_fixture_init (&env);
  mailbox = env_add_mailbox (&env, "a@example.org", NULL);
  env_set (profile, "incoming-authentication", "profile");
  env_set (profile, "incoming-username", "robot");
  g_assert_true (env_save_profile (&env, profile, &error));
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *set = NULL;
      g_autoptr (PrServerProfile) read = NULL;

      pr_memory_keyring_set_failure (env.keyring, failures[i]);
      g_assert_false (env_set_mailbox_password (&env, mailbox, PASSWORD, &error));
      g_assert_error (error, PR_ERROR, failures[i]);
      g_clear_error (&error);
      g_assert_false (
          env_set_profile_password (&env, profile, PR_DIRECTION_INCOMING, PASSWORD, &error));
      g_assert_error (error, PR_ERROR, failures[i]);
      g_clear_error (&error);
      pr_memory_keyring_set_failure (env.keyring, -1);
      set = env_get_field (&env, "a@example.org", "password-set");
      g_assert_cmpstr (set, ==, "no");
      read = pr_environment_find_profile (env.environment, "Example");
      g_assert_false (pr_server_profile_is_password_set (read, PR_DIRECTION_INCOMING));
    }
  /* It does not keep anybody from deleting. */
  pr_memory_keyring_set_failure (env.keyring, PR_ERROR_KEYRING_UNAVAILABLE);
  g_assert_true (env_delete (&env, pr_selection_new_all (), &n, &error));
  g_assert_true (env_delete_profile (&env, profile, &error));
}

/* --- Nowhere else ----------------------------------------------------------------------------- */

static void
assert_nowhere (const char *path, const char *const *needles)
{
  g_autoptr (GDir) dir = NULL;
  g_autofree char *bytes = NULL;
  const char *name;
  gsize length;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      for (guint i = 0; needles[i] != NULL; i++)
        if (memmem (bytes, length, needles[i], strlen (needles[i])) != NULL)
          g_error ("“%s” is in %s", needles[i], path);
      return;
    }
  dir = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      assert_nowhere (child, needles);
    }
}

static void
test_not_on_disk (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *base64 = g_base64_encode ((const guchar *) PASSWORD, strlen (PASSWORD));
  g_autofree char *url = g_uri_escape_string (PASSWORD, NULL, FALSE);
  const char *const needles[] = { PASSWORD, "c4nary", base64, url, NULL };

  env_fixture_init (&env);
  mailbox = env_add_mailbox (&env, "a@example.org", NULL);
  g_assert_true (env_set_mailbox_password (&env, mailbox, PASSWORD, &error));
  assert_nowhere (env.data_dir, needles); /* with the log beside the database */
  env_fixture_close (&env);
  assert_nowhere (env.data_dir, needles);
}

static gboolean
clear_left (PrEnvFixture *env, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_clear_left_secrets_async (env->environment, NULL, env_ready, &wait);
  return pr_environment_clear_left_secrets_finish (env->environment, env_wait (&wait), error);
}

/* What was deleted while the keyring was locked is gone; its passwords go when it is unlocked. */
static void
test_left (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrMailbox) a = NULL, b = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL, *left = NULL, *left_profile = NULL;
  g_autofree char *gone = NULL, *gone_profile = NULL, *other = NULL;
  gint64 profile_id;
  guint n = 0;

  env_fixture_init (&env);
  a = env_add_mailbox (&env, "a@example.org", NULL);
  b = env_add_mailbox (&env, "b@example.org", NULL);
  profile = env_new_profile ("Unused");
  env_set (profile, "incoming-authentication", "profile");
  env_set (profile, "incoming-username", "robot");
  g_assert_true (env_save_profile (&env, profile, &error));
  profile_id = pr_record_get_id (PR_RECORD (profile));
  g_assert_true (env_set_profile_password (&env, profile, PR_DIRECTION_INCOMING, PASSWORD, &error));
  g_assert_true (env_set_mailbox_password (&env, a, PASSWORD, &error));
  g_assert_true (env_set_mailbox_password (&env, b, "other", &error));

  pr_memory_keyring_set_failure (env.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_true (env_delete (&env, env_select ("a@example.org"), &n, &error));
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (env_delete_profile (&env, profile, &error));
  reason = pr_environment_take_left_secrets (env.environment);
  g_assert_nonnull (reason);
  g_assert_cmpuint (pr_environment_get_n_left_secrets (env.environment), >=, 3);
  g_assert_false (clear_left (&env, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);

  pr_memory_keyring_set_failure (env.keyring, -1);
  left = peek_mailbox (&env, a);
  left_profile = peek (&env, PR_SECRET_PROFILE_PASSWORD, profile_id, "incoming");
  g_assert_cmpstr (left, ==, PASSWORD);
  g_assert_cmpstr (left_profile, ==, PASSWORD);
  g_assert_true (clear_left (&env, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pr_environment_get_n_left_secrets (env.environment), ==, 0);
  gone = peek_mailbox (&env, a);
  gone_profile = peek (&env, PR_SECRET_PROFILE_PASSWORD, profile_id, "incoming");
  other = peek_mailbox (&env, b);
  g_assert_null (gone);
  g_assert_null (gone_profile);
  g_assert_cmpstr (other, ==, "other");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/passwords/mailbox", test_mailbox);
  g_test_add_func ("/environment/passwords/refused", test_refused);
  g_test_add_func ("/environment/passwords/policy", test_policy);
  g_test_add_func ("/environment/passwords/profile", test_profile);
  g_test_add_func ("/environment/passwords/deleted", test_deleted);
  g_test_add_func ("/environment/passwords/keyring-fails", test_keyring_fails);
  g_test_add_func ("/environment/passwords/not-on-disk", test_not_on_disk);
  g_test_add_func ("/passwords/left", test_left);
  return g_test_run ();
}
