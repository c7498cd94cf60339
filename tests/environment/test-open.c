/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening an environment: the first start, the next ones, names that do not exist, folders and
 * files that cannot be used. */

#include "env-fixture.h"

#include "pr-environment-list.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

static GPtrArray *
list (PrEnvFixture *env)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *infos;

  pr_environment_list_async (env->data_dir, NULL, env_ready, &wait);
  infos = pr_environment_list_finish (env_wait (&wait), &error);
  g_assert_no_error (error);
  return infos;
}

static mode_t
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static char *
get_database (PrEnvFixture *env)
{
  g_autoptr (GPtrArray) infos = list (env);

  g_assert_cmpuint (infos->len, ==, 1);
  return g_strdup (((PrEnvironmentInfo *) g_ptr_array_index (infos, 0))->path);
}

static void
test_first_start (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *id = NULL, *path = NULL, *folder = NULL, *below = NULL, *deeper = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  PrEmailSettings *settings;

  env_fixture_init_folder (&env);
  /* The data folder need not exist. */
  deeper = g_build_filename (env.data_dir, "not", "there", NULL);
  below = g_steal_pointer (&env.data_dir);
  env.data_dir = g_strdup (deeper);
  infos = list (&env);
  g_assert_cmpuint (infos->len, ==, 0);
  env_fixture_open (&env);
  g_assert_cmpstr (pr_environment_get_name (env.environment), ==, "Default");
  g_assert_true (g_uuid_string_is_valid (pr_environment_get_id (env.environment)));
  g_assert_false (pr_environment_is_read_only (env.environment));
  g_assert_cmpuint (g_list_model_get_n_items (pr_environment_get_profiles (env.environment)), ==,
                    0);
  settings = pr_environment_get_settings (env.environment);
  g_assert_cmpint (pr_email_settings_get (settings, KEEP_ALERTS_DAYS), ==, 30);
  g_assert_cmpint (pr_email_settings_get (settings, PROFILE_ID), ==, 0);
  path = get_database (&env);
  folder = g_path_get_dirname (path);
  g_assert_cmpint (get_mode (env.data_dir), ==, 0700);
  g_assert_cmpint (get_mode (folder), ==, 0700);
  g_assert_cmpint (get_mode (path), ==, 0600);

  /* The next start finds it, by any of its names. */
  id = g_strdup (pr_environment_get_id (env.environment));
  env_fixture_close (&env);
  for (guint i = 0; i < 3; i++)
    {
      const char *names[] = { NULL, "Default", id };
      g_autoptr (GError) error = NULL;

      env.environment = env_open (&env, names[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (pr_environment_get_id (env.environment), ==, id);
      env_fixture_close (&env);
    }
  g_free (env.data_dir);
  env.data_dir = g_steal_pointer (&below);
}

/* Window and command line are started for the first time at once. */
static void
test_two_first_starts (void)
{
  g_auto (PrEnvFixture) env;
  PrEnvWait waits[5] = { { NULL } };
  g_autofree char *id = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  env_fixture_init_folder (&env);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    pr_environment_open_async (env.data_dir, NULL, env.keyring, NULL, env_ready, &waits[i]);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PrEnvironment) environment =
          pr_environment_open_finish (env_wait (&waits[i]), &error);

      g_assert_no_error (error);
      if (id == NULL)
        id = g_strdup (pr_environment_get_id (environment));
      g_assert_cmpstr (pr_environment_get_id (environment), ==, id);
      env_wait_clear (&waits[i]);
    }
  infos = list (&env);
  g_assert_cmpuint (infos->len, ==, 1);
}

static void
test_unknown_name (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  env_fixture_init_folder (&env);
  g_assert_null (env_open (&env, "Production", &error));
  env_assert_refused (error, PR_ERROR_NOT_FOUND, "environment");
  g_assert_nonnull (strstr (error->message, "“Production”"));
  g_assert_nonnull (strstr (error->message, "none"));
  infos = list (&env);
  g_assert_cmpuint (infos->len, ==, 0); /* a typing error makes nothing */
  env_fixture_open (&env);
  g_clear_error (&error);
  g_assert_null (env_open (&env, "Production", &error));
  g_assert_nonnull (strstr (error->message, "There is: “Default”"));
}

/* "Default" was renamed: without a name the only one is meant, among several none. */
static void
test_no_default (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *path = NULL, *folder = NULL, *copy = NULL, *copied = NULL, *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  env_fixture_init (&env);
  env_fixture_close (&env);
  path = get_database (&env);
  env_run_sql (path, "UPDATE environment SET name = 'Production'");
  env_fixture_open (&env);
  g_assert_cmpstr (pr_environment_get_name (env.environment), ==, "Production");
  env_fixture_close (&env);

  folder =
      g_build_filename (env.data_dir, "environments", "5d6f3a0e-7d34-4a52-9f0e-2b1a3c4d5e6f", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  copy = g_build_filename (folder, "postroom.db", NULL);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (copy, bytes, (gssize) length, NULL));
  env_run_sql (copy, "UPDATE environment SET name = 'Sandbox',"
                     " id = '5d6f3a0e-7d34-4a52-9f0e-2b1a3c4d5e6f'");
  g_assert_null (env_open (&env, NULL, &error));
  env_assert_refused (error, PR_ERROR_NOT_FOUND, "environment");
  g_assert_nonnull (strstr (error->message, "“Production”, “Sandbox”"));
}

/* --- What cannot be opened -------------------------------------------------------------------- */

static void
assert_not_opened (PrEnvFixture *env, PrError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  g_assert_null (env_open (env, NULL, &error));
  g_assert_error (error, PR_ERROR, (int) code);
  /* It stays in the list, with the reason, and no other one is made in its place. */
  infos = list (env);
  g_assert_cmpuint (infos->len, ==, 1);
  g_assert_error (((PrEnvironmentInfo *) g_ptr_array_index (infos, 0))->error, PR_ERROR,
                  (int) code);
}

static void
test_broken (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *path = NULL;

  env_fixture_init (&env);
  env_fixture_close (&env);
  path = get_database (&env);
  env_run_sql (path, "PRAGMA user_version = 1000");
  assert_not_opened (&env, PR_ERROR_DATABASE_NEWER);
  g_assert_true (g_file_set_contents (path, "garbage", -1, NULL));
  assert_not_opened (&env, PR_ERROR_DATABASE_DAMAGED);
}

/* A database without settings is damaged, not a reason for a crash. */
static void
test_lost_settings (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init (&env);
  env_fixture_close (&env);
  path = get_database (&env);
  env_run_sql (path, "DELETE FROM email_settings");
  g_assert_null (env_open (&env, NULL, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_DATABASE_DAMAGED);
}

/* What lies about in the folder is passed over: rubbish, and one that was given up half made. */
static void
test_rubbish (void)
{
  static const char *const names[] = { "rubbish", ".hidden",
                                       "5d6f3a0e-7d34-4a52-9f0e-2b1a3c4d5e6f" };
  g_auto (PrEnvFixture) env;
  g_autoptr (GPtrArray) infos = NULL;

  env_fixture_init_folder (&env);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = g_build_filename (env.data_dir, "environments", names[i], NULL);
      g_autofree char *file = g_build_filename (folder, "postroom.db", NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      if (i == 2)
        g_assert_true (g_file_set_contents (file, "", 0, NULL));
    }
  env_fixture_open (&env);
  g_assert_cmpstr (pr_environment_get_name (env.environment), ==, "Default");
  infos = list (&env);
  g_assert_cmpuint (infos->len, ==, 1);
}

static void
test_file_in_the_way (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *file = NULL;
  g_autoptr (GError) error = NULL;

  env_fixture_init_folder (&env);
  file = g_build_filename (env.data_dir, "environments", NULL);
  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (env_open (&env, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, PR_ERROR);
  g_assert_nonnull (strstr (error->message, file));
}

static void
test_cancelled (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;

  env_fixture_init_folder (&env);
  g_cancellable_cancel (cancellable);
  pr_environment_open_async (env.data_dir, NULL, env.keyring, cancellable, env_ready, &wait);
  g_assert_null (pr_environment_open_finish (env_wait (&wait), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  env_fixture_open (&env);
}

/* --- Read only -------------------------------------------------------------------------------- */

/* Everything can be looked at, and no command writes. */
static void
use_read_only (PrEnvFixture *env)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrRecord) settings = NULL;
  PrChange change = { PR_MAILBOX_ACTIVE, NULL, FALSE, FALSE };
  guint n;

  env->environment = env_open (env, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (pr_environment_is_read_only (env->environment));
  found = env_list (env, pr_selection_new_all (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  mailbox = g_object_ref (g_ptr_array_index (found, 0));
  profile = pr_environment_find_profile (env->environment, "Example");
  settings = pr_record_duplicate (PR_RECORD (pr_environment_get_settings (env->environment)));

#define ASSERT_REFUSED(CALL)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_false (CALL);                                                                         \
    g_assert_error (error, PR_ERROR, PR_ERROR_READ_ONLY);                                          \
    g_clear_error (&error);                                                                        \
  }                                                                                                \
  G_STMT_END
  ASSERT_REFUSED (env_save_mailbox (env, mailbox, &error));
  ASSERT_REFUSED (env_save_profile (env, profile, &error));
  ASSERT_REFUSED (env_save_settings (env, PR_EMAIL_SETTINGS (settings), &error));
  ASSERT_REFUSED (env_change (env, pr_selection_new_all (), &change, 1, &n, &error));
  ASSERT_REFUSED (
      env_command (env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE, &n, &error));
  ASSERT_REFUSED (env_delete (env, pr_selection_new_all (), &n, &error));
  ASSERT_REFUSED (env_delete_profile (env, profile, &error));
  ASSERT_REFUSED (env_set_mailbox_password (env, mailbox, "secret", &error));
  env_fixture_close (env);
}

static void
test_read_only (void)
{
  g_auto (PrEnvFixture) env;
  g_autofree char *path = NULL, *folder = NULL, *above = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  int status = 0;
  pid_t child;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  mailbox = env_add_mailbox (&env, "a@example.org", NULL);
  env_fixture_close (&env);
  env_fixture_settle (&env);
  path = get_database (&env);
  folder = g_path_get_dirname (path);
  above = g_path_get_dirname (folder);
  /* Whoever runs this, it is done as somebody who may only read. */
  g_assert_cmpint (chmod (path, 0444), ==, 0);
  g_assert_cmpint (chmod (folder, 0555), ==, 0);
  g_assert_cmpint (chmod (above, 0555), ==, 0);
  g_assert_cmpint (chmod (env.data_dir, 0555), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (geteuid () == 0 && (setgid (NOBODY) != 0 || setuid (NOBODY) != 0))
        _exit (2);
      use_read_only (&env);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpint (chmod (env.data_dir, 0755), ==, 0);
  g_assert_cmpint (chmod (above, 0755), ==, 0);
  g_assert_cmpint (chmod (folder, 0755), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* First: it forks, and must not take other threads' locks along. */
  g_test_add_func ("/environment/open/read-only", test_read_only);
  g_test_add_func ("/environment/open/first-start", test_first_start);
  g_test_add_func ("/environment/open/two-first-starts", test_two_first_starts);
  g_test_add_func ("/environment/open/unknown-name", test_unknown_name);
  g_test_add_func ("/environment/open/no-default", test_no_default);
  g_test_add_func ("/environment/open/broken", test_broken);
  g_test_add_func ("/environment/open/lost-settings", test_lost_settings);
  g_test_add_func ("/environment/open/rubbish", test_rubbish);
  g_test_add_func ("/environment/open/file-in-the-way", test_file_in_the_way);
  g_test_add_func ("/environment/open/cancelled", test_cancelled);
  return g_test_run ();
}
