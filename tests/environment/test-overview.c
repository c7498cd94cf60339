/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview: counts of mailboxes by state and cause, results by the hour, the last job, and
 * certificates that end soon. */

#include "env-fixture.h"

#include "pr-environment-overview.h"
#include "pr-practice.h"

#include <string.h>

static PrOverview *
load (PrEnvironment *environment)
{
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (GError) error = NULL;
  PrOverview *overview;

  pr_environment_load_overview_async (environment, NULL, env_ready, &wait);
  overview = pr_environment_load_overview_finish (environment, env_wait (&wait), &error);
  g_assert_no_error (error);
  return overview;
}

static void
test_empty (void)
{
  g_auto (PrEnvFixture) env = { NULL };
  g_autoptr (PrOverview) overview = NULL;

  env_fixture_init (&env);
  overview = load (env.environment);
  g_assert_cmpuint (overview->all.n_mailboxes, ==, 0);
  g_assert_cmpuint (overview->causes->len, ==, 0);
  g_assert_cmpuint (overview->hours->len, ==, 0);
  g_assert_cmpuint (overview->certificates->len, ==, 0);
  g_assert_cmpint (overview->last_job.started_at, ==, 0);
}

static void
test_states (void)
{
  g_auto (PrEnvFixture) env = { NULL };
  g_autoptr (PrOverview) overview = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autofree char *id = NULL;
  PrOverviewCounts *counts;
  gint64 key;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  key = pr_record_get_id (PR_RECORD (profile));
  id = g_strdup_printf ("%d", (int) key);
  g_object_unref (env_add_mailbox (&env, "a@example.org", "profile-id", id, NULL));
  g_object_unref (env_add_mailbox (&env, "b@example.org", "profile-id", id, "active", "no", NULL));
  g_object_unref (env_add_mailbox (&env, "c@example.org", "incoming", "none", "outgoing", "none",
                                   "profile-id", "", NULL));

  overview = load (env.environment);
  g_assert_cmpuint (overview->all.n_mailboxes, ==, 3);
  g_assert_cmpuint (overview->all.n_active, ==, 2);
  g_assert_cmpuint (overview->all.n_not_tested, ==, 1);
  g_assert_cmpuint (overview->all.n_working, ==, 0);
  g_assert_cmpuint (overview->n_pending, ==, 2);
  counts = g_hash_table_lookup (overview->profiles, &key);
  g_assert_nonnull (counts);
  g_assert_cmpuint (counts->n_mailboxes, ==, 2);
  g_assert_cmpuint (counts->n_active, ==, 1);
  key = 0;
  counts = g_hash_table_lookup (overview->profiles, &key);
  g_assert_nonnull (counts);
  g_assert_cmpuint (counts->n_mailboxes, ==, 1);
}

/* A job that fails without a packet: the addresses are not approved. */
static void
test_job (void)
{
  g_auto (PrEnvFixture) env = { NULL };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrOverview) overview = NULL;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  PrOverviewCause *cause;
  PrOverviewHour *hour;
  PrTestSummary summary;
  gint64 before = g_get_real_time ();

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  env_set_setting (&env, "profile-id", "1");
  g_object_unref (env_add_mailbox (&env, "a@example.org", "profile-id", "1", NULL));
  g_object_unref (env_add_mailbox (&env, "b@example.org", "profile-id", "1", NULL));
  pr_environment_test_async (env.environment, all, &pr_test_options_default, NULL, NULL, NULL,
                             env_ready, &wait);
  g_assert_true (pr_environment_test_finish (env.environment, env_wait (&wait), &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_failure, ==, 4);

  overview = load (env.environment);
  g_assert_cmpuint (overview->all.n_failing, ==, 2);
  g_assert_cmpuint (overview->causes->len, ==, 1);
  cause = g_ptr_array_index (overview->causes, 0);
  g_assert_cmpint (cause->code, ==, PR_CODE_ADDRESS_NOT_APPROVED);
  g_assert_cmpuint (cause->n_mailboxes, ==, 2);
  g_assert_cmpuint (overview->n_errors, ==, 2);
  g_assert_cmpuint (overview->hours->len, >=, 1);
  hour = &g_array_index (overview->hours, PrOverviewHour, 0);
  g_assert_cmpuint (hour->n_success, ==, 0);
  g_assert_cmpuint (hour->n_failure, >, 0);
  g_assert_cmpuint (overview->last_job.n_failure, ==, 4);
  g_assert_cmpint (overview->last_job.started_at, >=, before);
  g_assert_cmpint (overview->last_job.finished_at, >=, overview->last_job.started_at);
}

/* Real conversations with the practice server, one of whose doors has an old certificate. */
static void
test_practice (void)
{
  g_auto (PrEnvWait) opening = { NULL };
  g_auto (PrEnvWait) wait = { NULL };
  g_autoptr (PrPractice) practice = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrOverview) overview = NULL;
  g_autoptr (GError) error = NULL;
  PrEnvironment *environment;
  PrOverviewCertificate *certificate;
  PrTestSummary summary;
  guint n_failing = 0;
  guint n_examples;
  const PrPracticeExample *examples = pr_practice_list_examples (&n_examples);

  pr_practice_open_async (NULL, env_ready, &opening);
  practice = pr_practice_open_finish (env_wait (&opening), &error);
  g_assert_no_error (error);
  environment = pr_practice_get_environment (practice);
  pr_environment_test_async (environment, all, &pr_test_options_default, NULL, NULL, NULL,
                             env_ready, &wait);
  g_assert_true (pr_environment_test_finish (environment, env_wait (&wait), &summary, &error));

  overview = load (environment);
  for (guint i = 0; i < n_examples; i++)
    n_failing += examples[i].incoming != PR_CODE_OK || examples[i].outgoing != PR_CODE_OK;
  g_assert_cmpuint (overview->all.n_mailboxes, ==, n_examples);
  g_assert_cmpuint (overview->all.n_failing, ==, n_failing);
  g_assert_cmpuint (overview->all.n_working, ==, n_examples - n_failing);
  g_assert_cmpuint (overview->causes->len, >, 3);
  /* The old one, and none of those that are good for longer. */
  g_assert_cmpuint (overview->certificates->len, >, 0);
  certificate = g_ptr_array_index (overview->certificates, 0);
  g_assert_cmpint (certificate->not_after, <, g_get_real_time ());
  g_assert_cmpint (certificate->not_after, >, 0);
  g_assert_cmpstr (certificate->profile, ==, "Practice server with an old certificate");
  g_assert_cmpuint (overview->last_job.n_success, ==, summary.n_success);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/overview/empty", test_empty);
  g_test_add_func ("/environment/overview/states", test_states);
  g_test_add_func ("/environment/overview/job", test_job);
  g_test_add_func ("/environment/overview/practice", test_practice);
  return g_test_run ();
}
