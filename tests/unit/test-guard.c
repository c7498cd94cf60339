/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The guard of a job (docs/security.md): one scout a server, three refusals in a row hold
 * it, three equal failures of the profile stop the profile. */

#include "pr-guard.h"

static void
take (PrGuard *guard, const char *side, PrOutcome outcome, PrCode code, PrStep step)
{
  g_autoptr (PrReport) report = pr_report_new ();

  report->outcome = outcome;
  report->code = code;
  report->permanence = pr_code_get_permanence (code);
  report->scope = pr_code_get_scope (code);
  report->failed_step = step;
  report->mechanism = g_strdup ("PLAIN");
  pr_guard_take_report (guard, side, report);
}

static void
succeed (PrGuard *guard, const char *side)
{
  take (guard, side, PR_OUTCOME_SUCCESS, PR_CODE_OK, PR_STEP_SIGN_OUT);
}

static void
refuse (PrGuard *guard, const char *side)
{
  take (guard, side, PR_OUTCOME_FAILURE, PR_CODE_AUTHENTICATION_REJECTED, PR_STEP_AUTHENTICATE);
}

static void
test_width (void)
{
  g_autoptr (PrGuard) guard = pr_guard_new ();

  pr_guard_add_side (guard, "1/in", "mail:995");
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 1);
  g_assert_false (pr_guard_take_step (guard, "1/in", PR_STEP_CERTIFICATE));
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 1);
  g_assert_true (pr_guard_take_step (guard, "1/in", PR_STEP_AUTHENTICATE));
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, PR_GUARD_REFUSALS);
  refuse (guard, "1/in");
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 2);
  succeed (guard, "1/in");
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, G_MAXUINT);
  refuse (guard, "1/in");
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 2);
  refuse (guard, "1/in");
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 1);
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_OPEN);
  g_assert_null (pr_guard_get_cause (guard, "1/in"));
}

static void
test_refusals (void)
{
  g_autoptr (PrGuard) guard = pr_guard_new ();

  pr_guard_add_side (guard, "1/in", "mail:995");
  pr_guard_add_side (guard, "2/in", "mail:995");
  pr_guard_add_side (guard, "3/in", "other:995");
  pr_guard_take_step (guard, "1/in", PR_STEP_AUTHENTICATE);
  refuse (guard, "1/in");
  refuse (guard, "2/in");
  succeed (guard, "2/in"); /* not in a row */
  refuse (guard, "1/in");
  refuse (guard, "2/in");
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_OPEN);
  refuse (guard, "1/in");

  /* Both profiles speak with that server; the third does not. */
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_HELD);
  g_assert_cmpint (pr_guard_get_state (guard, "2/in"), ==, PR_GUARD_HELD);
  g_assert_cmpint (pr_guard_get_state (guard, "3/in"), ==, PR_GUARD_OPEN);
  g_assert_true (pr_guard_is_same_server (guard, "1/in", "2/in"));
  g_assert_false (pr_guard_is_same_server (guard, "1/in", "3/in"));
  g_assert_cmpuint (pr_guard_get_width (guard, "2/in"), ==, 0);
  g_assert_cmpint (pr_guard_get_cause (guard, "2/in")->code, ==, PR_CODE_AUTHENTICATION_REJECTED);

  /* A success that was on its way does not open it; the admin does, for good. */
  succeed (guard, "1/in");
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_HELD);
  pr_guard_go_on (guard, "2/in");
  for (guint i = 0; i < 10; i++)
    refuse (guard, "1/in");
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_OPEN);
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, G_MAXUINT);
}

static void
test_profile (void)
{
  g_autoptr (PrGuard) guard = pr_guard_new ();
  const PrCode expired = PR_CODE_CERTIFICATE_EXPIRED;

  pr_guard_add_side (guard, "1/in", "mail:995");
  pr_guard_add_side (guard, "1/out", "mail:465");
  take (guard, "1/in", PR_OUTCOME_FAILURE, expired, PR_STEP_CERTIFICATE);
  take (guard, "1/in", PR_OUTCOME_FAILURE, expired, PR_STEP_CERTIFICATE);
  take (guard, "1/in", PR_OUTCOME_FAILURE, PR_CODE_PROTOCOL_ERROR, PR_STEP_GREETING);
  take (guard, "1/in", PR_OUTCOME_FAILURE, expired, PR_STEP_CERTIFICATE);
  take (guard, "1/in", PR_OUTCOME_FAILURE, expired, PR_STEP_CERTIFICATE);
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_OPEN);
  /* What is cancelled says nothing. */
  take (guard, "1/in", PR_OUTCOME_CANCELLED, PR_CODE_CANCELLED, PR_STEP_CONNECT);
  take (guard, "1/in", PR_OUTCOME_FAILURE, expired, PR_STEP_CERTIFICATE);
  g_assert_cmpint (pr_guard_get_state (guard, "1/in"), ==, PR_GUARD_STOPPED);
  g_assert_cmpuint (pr_guard_get_width (guard, "1/in"), ==, 0);
  g_assert_cmpint (pr_guard_get_cause (guard, "1/in")->code, ==, expired);
  g_assert_cmpint (pr_guard_get_state (guard, "1/out"), ==, PR_GUARD_OPEN);

  /* Transient failures and those of one mailbox stop nobody. */
  for (guint i = 0; i < 10; i++)
    take (guard, "1/out", PR_OUTCOME_FAILURE, PR_CODE_CONNECTION_TIMEOUT, PR_STEP_CONNECT);
  for (guint i = 0; i < 10; i++)
    take (guard, "1/out", PR_OUTCOME_FAILURE, PR_CODE_SENDER_REJECTED, PR_STEP_SUBMIT);
  g_assert_cmpint (pr_guard_get_state (guard, "1/out"), ==, PR_GUARD_OPEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/width", test_width);
  g_test_add_func ("/guard/refusals", test_refusals);
  g_test_add_func ("/guard/profile", test_profile);
  return g_test_run ();
}
