/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Environments: added, renamed, and removed with their secrets; names are unique, and what is
 * open elsewhere stays. */

#include "env-fixture.h"

#include "pr-environment-list.h"
#include "pr-environment-manage.h"

static PrEnvironment *
add (PrEnvFixture *self, const char *name, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_add_async (self->data_dir, name, self->keyring, NULL, env_ready, &wait);
  return pr_environment_add_finish (env_wait (&wait), error);
}

static gboolean
rename_to (PrEnvironment *environment, const char *name, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_rename_async (environment, name, NULL, env_ready, &wait);
  return pr_environment_rename_finish (environment, env_wait (&wait), error);
}

static gboolean
remove_it (PrEnvironment *environment, GError **error)
{
  g_auto (PrEnvWait) wait = { NULL };

  pr_environment_remove_async (environment, NULL, env_ready, &wait);
  return pr_environment_remove_finish (environment, env_wait (&wait), error);
}

static char *
list (PrEnvFixture *self)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GPtrArray) infos = NULL;
  GString *names = g_string_new (NULL);

  pr_environment_list_async (self->data_dir, NULL, env_ready, &wait);
  infos = pr_environment_list_finish (env_wait (&wait), NULL);
  for (guint i = 0; i < infos->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "",
                            ((PrEnvironmentInfo *) g_ptr_array_index (infos, i))->name);
  return g_string_free (names, FALSE);
}

static void
test_add (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrEnvironment) sandbox = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *too_long = g_strnfill (101, 'x');
  const char *const bad[] = { "", " x", "two\nlines", too_long };

  env_fixture_init (&self);
  sandbox = add (&self, "Sandbox", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pr_environment_get_name (sandbox), ==, "Sandbox");
  g_assert_cmpstr (pr_environment_get_id (sandbox), !=, pr_environment_get_id (self.environment));

  g_assert_null (add (&self, "SANDBOX", &error));
  env_assert_refused (error, PR_ERROR_DUPLICATE, "name");
  g_clear_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (add (&self, bad[i], &error));
      env_assert_refused (error, PR_ERROR_INVALID_VALUE, "name");
      g_clear_error (&error);
    }
  names = list (&self);
  g_assert_cmpstr (names, ==, "Default,Sandbox");
}

static void
test_rename (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrEnvironment) sandbox = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *id = NULL;

  env_fixture_init (&self);
  sandbox = add (&self, "Sandbox", &error);
  id = g_strdup (pr_environment_get_id (sandbox));
  g_assert_false (rename_to (sandbox, "default", &error));
  env_assert_refused (error, PR_ERROR_DUPLICATE, "name");
  g_clear_error (&error);
  g_assert_true (rename_to (sandbox, "SANDBOX", &error)); /* its own name, written otherwise */
  g_assert_true (rename_to (sandbox, "Customer", &error));
  g_assert_cmpstr (pr_environment_get_name (sandbox), ==, "Customer");
  g_assert_cmpstr (pr_environment_get_id (sandbox), ==, id);
  names = list (&self);
  g_assert_cmpstr (names, ==, "Customer,Default");
}

static void
test_remove (void)
{
  g_auto (PrEnvFixture) self = { NULL };
  g_autoptr (PrEnvironment) first = NULL;
  g_autoptr (PrEnvironment) second = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;
  g_autofree char *folder = NULL;

  env_fixture_init (&self);
  first = add (&self, "Sandbox", &error);
  second = env_open (&self, "Sandbox", &error);
  g_assert_nonnull (second);
  folder = g_strdup (pr_environment_get_folder (first));

  /* Open elsewhere. */
  g_assert_false (remove_it (first, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_IN_USE);
  g_clear_error (&error);
  g_clear_object (&second);

  /* The keyring refuses: nothing is gone. */
  pr_memory_keyring_set_failure (self.keyring, PR_ERROR_KEYRING_LOCKED);
  g_assert_false (remove_it (first, &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_KEYRING_LOCKED);
  g_clear_error (&error);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  pr_memory_keyring_set_failure (self.keyring, -1);

  g_assert_true (remove_it (first, &error));
  g_assert_no_error (error);
  g_assert_true (pr_environment_is_gone (first));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  names = list (&self);
  g_assert_cmpstr (names, ==, "Default");
  g_assert_null (env_open (&self, "Sandbox", &error));
  g_assert_error (error, PR_ERROR, PR_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manage/add", test_add);
  g_test_add_func ("/manage/rename", test_rename);
  g_test_add_func ("/manage/remove", test_remove);
  return g_test_run ();
}
