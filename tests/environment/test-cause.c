/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Failures of a job by cause: what is one cause and what is not, and the mending for all. */

#include "env-fixture.h"
#include "pr-cause.h"

static PrReport *
make_report (PrCode code, const char *mailbox, PrDirection direction, PrStep step)
{
  PrReport *report = pr_report_new ();

  report->mailbox = g_strdup (mailbox);
  report->profile = g_strdup ("Example");
  report->host = g_strdup ("mail.example.org");
  report->direction = direction;
  report->outcome = PR_OUTCOME_FAILURE;
  report->code = code;
  report->scope = pr_code_get_scope (code);
  report->failed_step = step;
  return report;
}

static PrCause *
add (PrCauses *causes, gint64 id, PrCode code, PrDirection direction, PrStep step)
{
  g_autofree char *address = g_strdup_printf ("m%d@example.org", (int) id);
  g_autoptr (PrReport) report = make_report (code, address, direction, step);

  return pr_causes_add (causes, id, report);
}

static PrCause *
add_skipped (PrCauses *causes, gint64 id, PrCode code)
{
  g_autoptr (PrReport) report =
      make_report (code, "x@example.org", PR_DIRECTION_INCOMING, PR_STEP_PRECHECK);

  report->outcome = PR_OUTCOME_SKIPPED;
  return pr_causes_add (causes, id, report);
}

static void
test_group (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrCauses) causes = NULL;
  g_autoptr (PrReport) good = pr_report_new ();
  PrCause *dns, *password;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  causes = pr_causes_new (env.environment);
  good->outcome = PR_OUTCOME_SUCCESS;
  g_assert_null (pr_causes_add (causes, 1, good));
  g_assert_null (add_skipped (causes, 1, PR_CODE_MAILBOX_DIRECTION_NONE));

  dns = add (causes, 1, PR_CODE_DNS_NOT_FOUND, PR_DIRECTION_INCOMING, PR_STEP_RESOLVE);
  g_assert_true (dns
                 == add (causes, 2, PR_CODE_DNS_NOT_FOUND, PR_DIRECTION_INCOMING, PR_STEP_RESOLVE));
  /* The other server is another fault. */
  g_assert_true (dns
                 != add (causes, 1, PR_CODE_DNS_NOT_FOUND, PR_DIRECTION_OUTGOING, PR_STEP_RESOLVE));
  /* Those that were not even tried because of it belong to it. */
  g_assert_true (dns == add_skipped (causes, 3, PR_CODE_DNS_NOT_FOUND));
  g_assert_true (dns->is_profile);
  g_assert_cmpint (dns->profile_id, ==, pr_record_get_id (PR_RECORD (profile)));
  g_assert_cmpuint (dns->n_failed, ==, 2);
  g_assert_cmpuint (dns->n_not_run, ==, 1);
  g_assert_cmpuint (dns->mailbox_ids->len, ==, 3);

  /* A refused password hits both directions, and is one fault of each mailbox. */
  password =
      add (causes, 4, PR_CODE_AUTHENTICATION_REJECTED, PR_DIRECTION_INCOMING, PR_STEP_AUTHENTICATE);
  g_assert_true (password
                 == add (causes, 4, PR_CODE_AUTHENTICATION_REJECTED, PR_DIRECTION_OUTGOING,
                         PR_STEP_AUTHENTICATE));
  g_assert_false (password->is_profile);
  g_assert_cmpuint (password->mailbox_ids->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (password->addresses, 0), ==, "m4@example.org");
  g_assert_cmpuint (pr_causes_get_n (causes), ==, 3);
}

/* A job may have as many as it wants: names are kept of some only. */
static void
test_many (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrCauses) causes = NULL;
  PrCause *cause = NULL;

  env_fixture_init (&env);
  causes = pr_causes_new (env.environment);
  for (gint64 id = 1; id <= 5000; id++)
    cause = add (causes, id, PR_CODE_ADDRESS_NOT_APPROVED, PR_DIRECTION_INCOMING, PR_STEP_PRECHECK);
  g_assert_cmpuint (pr_causes_get_n (causes), ==, 1);
  g_assert_cmpuint (cause->mailbox_ids->len, ==, 5000);
  g_assert_cmpuint (cause->addresses->len, ==, PR_CAUSE_NAMES);
}

static void
test_fix (void)
{
  g_auto (PrEnvFixture) env;
  g_auto (PrEnvWait) wait = { 0 };
  g_autoptr (PrCauses) causes = NULL;
  g_autoptr (PrMailbox) a = NULL;
  g_autoptr (PrMailbox) b = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;
  PrCause *cause;
  PrFixTarget target;
  guint n = 0;

  env_fixture_init (&env);
  a = env_add_mailbox (&env, "a@example.org", NULL);
  b = env_add_mailbox (&env, "b@example.org", NULL);
  causes = pr_causes_new (env.environment);
  add (causes, pr_record_get_id (PR_RECORD (a)), PR_CODE_ADDRESS_NOT_APPROVED,
       PR_DIRECTION_INCOMING, PR_STEP_PRECHECK);
  cause = add (causes, pr_record_get_id (PR_RECORD (b)), PR_CODE_ADDRESS_NOT_APPROVED,
               PR_DIRECTION_OUTGOING, PR_STEP_PRECHECK);
  target = pr_cause_find_fix (env.environment, cause);
  g_assert_cmpint (target.fix, ==, PR_FIX_APPROVE);
  g_assert_true (pr_cause_is_fixed_together (cause, &target));
  pr_environment_fix_cause_async (env.environment, cause, NULL, env_ready, &wait);
  g_assert_true (pr_environment_fix_cause_finish (env.environment, env_wait (&wait), &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  first = env_get_field (&env, "a@example.org", "approval");
  second = env_get_field (&env, "b@example.org", "approval");
  g_assert_cmpstr (first, ==, "approved");
  g_assert_cmpstr (second, ==, "approved");
}

/* One button cannot ask for the passwords of many; for one it can. */
static void
test_fix_each (void)
{
  g_auto (PrEnvFixture) env;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrCauses) causes = NULL;
  PrCause *cause;

  env_fixture_init (&env);
  profile = env_add_profile (&env, "Example");
  causes = pr_causes_new (env.environment);
  cause =
      add (causes, 1, PR_CODE_AUTHENTICATION_REJECTED, PR_DIRECTION_INCOMING, PR_STEP_AUTHENTICATE);
  g_assert_cmpint (pr_cause_find_fix (env.environment, cause).fix, ==, PR_FIX_PASSWORD);
  add (causes, 2, PR_CODE_AUTHENTICATION_REJECTED, PR_DIRECTION_INCOMING, PR_STEP_AUTHENTICATE);
  g_assert_cmpint (pr_cause_find_fix (env.environment, cause).fix, ==, PR_FIX_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cause/group", test_group);
  g_test_add_func ("/cause/many", test_many);
  g_test_add_func ("/cause/fix", test_fix);
  g_test_add_func ("/cause/fix-each", test_fix_each);
  return g_test_run ();
}
