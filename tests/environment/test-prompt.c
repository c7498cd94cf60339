/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tests while the keyring waits for somebody to unlock it: Cancel does not wait, too; an answer
 * that comes too late does no harm; one who refuses is not asked for each mailbox again. */

#include "env-fixture.h"

#include "silent-keyring.h"

#define N_MAILBOXES 300 /* in three bundles */

static void
fixture_init (PrEnvFixture *env, gboolean by_profile)
{
  g_autoptr (PrServerProfile) profile = env_new_profile ("Example");
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  guint n;

  env_fixture_init_folder (env);
  g_object_unref (env->keyring);
  env->keyring = pr_silent_keyring_new ();
  env_fixture_open (env);
  if (by_profile)
    {
      env_set (profile, "incoming-authentication", "profile");
      env_set (profile, "incoming-username", "robot");
    }
  env_set (profile, "is-default", "yes");
  env_save_profile (env, profile, &error);
  g_assert_no_error (error);
  if (by_profile)
    env_set_profile_password (env, profile, PR_DIRECTION_INCOMING, "secret", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_MAILBOXES; i++)
    {
      g_autofree char *address = g_strdup_printf ("%u@example.org", i);
      g_autoptr (PrMailbox) mailbox =
          env_add_mailbox (env, address, "allow-credentials", "yes", NULL);
    }
  env_command (env, pr_selection_new_all (), PR_MAILBOX_COMMAND_APPROVE, &n, &error);
  g_assert_no_error (error);
  path = g_build_filename (pr_environment_get_folder (env->environment), "postroom.db", NULL);
  env_run_sql (path, "UPDATE mailboxes SET password_set = 1");
}

typedef struct
{
  PrEnvFixture *env;
  GCancellable *cancellable; /* (nullable): what to do when somebody was asked */
  gint64 at;
} PrMoment;

static gboolean
when_asked (gpointer data)
{
  PrMoment *moment = data;

  if (pr_silent_keyring_get_n_asked (moment->env->keyring) == 0)
    return G_SOURCE_CONTINUE;
  moment->at = g_get_monotonic_time ();
  if (moment->cancellable != NULL)
    g_cancellable_cancel (moment->cancellable);
  else
    pr_silent_keyring_refuse (moment->env->keyring);
  return G_SOURCE_REMOVE;
}

static PrTestSummary
run (PrEnvFixture *env, GCancellable *cancellable)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrMoment moment = { env, cancellable, 0 };
  PrTestSummary summary;

  g_timeout_add (10, when_asked, &moment);
  pr_environment_test_async (env->environment, all, &pr_test_options_default, NULL, NULL,
                             cancellable, env_ready, &wait);
  pr_environment_test_finish (env->environment, env_wait (&wait), &summary, &error);
  g_assert_no_error (error);
  g_assert_cmpint (moment.at, !=, 0);
  g_assert_cmpint (g_get_monotonic_time () - moment.at, <, 5 * G_USEC_PER_SEC);
  return summary;
}

static void
assert_untouched (PrEnvFixture *env)
{
  g_autoptr (GPtrArray) tested = env_list (env, pr_selection_new_view (PR_VIEW_NOT_TESTED), NULL);
  g_autoptr (GPtrArray) alerts = env_list_alerts (env, NULL);

  g_assert_cmpuint (tested->len, ==, N_MAILBOXES);
  g_assert_cmpuint (alerts->len, ==, 0);
}

static void
test_cancel (gconstpointer data)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PrTestSummary summary;

  fixture_init (&env, GPOINTER_TO_INT (data));
  summary = run (&env, cancellable);
  g_assert_cmpuint (summary.n_cancelled, ==, 2 * N_MAILBOXES);
  assert_untouched (&env);
  /* Too late. */
  pr_silent_keyring_refuse (env.keyring);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_untouched (&env);
}

static void
test_refused (void)
{
  g_auto (PrEnvFixture) env;
  PrTestSummary summary;

  fixture_init (&env, FALSE);
  summary = run (&env, NULL);
  g_assert_cmpuint (summary.n_failure, ==, 2 * N_MAILBOXES);
  g_assert_cmpuint (pr_silent_keyring_get_n_asked (env.keyring), <=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/prompt/cancel/mailboxes", GINT_TO_POINTER (FALSE), test_cancel);
  g_test_add_data_func ("/prompt/cancel/profile", GINT_TO_POINTER (TRUE), test_cancel);
  g_test_add_func ("/prompt/refused", test_refused);
  return g_test_run ();
}
