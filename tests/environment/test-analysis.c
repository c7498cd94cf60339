/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form of the Connectivity Analyzer: what it fills in, what it refuses, and the plan that it
 * comes to. */

#include "env-fixture.h"

#include "pr-analysis.h"

static GError *
find (GPtrArray *errors, const char *field)
{
  for (guint i = 0; i < errors->len; i++)
    if (g_strcmp0 (pr_error_get_field (g_ptr_array_index (errors, i)), field) == 0)
      return g_ptr_array_index (errors, i);
  return NULL;
}

static void
test_ports (void)
{
  g_autoptr (PrAnalysis) analysis = pr_analysis_new ();

  g_assert_cmpuint (pr_analysis_get_port (analysis), ==, 995);
  env_set (analysis, "security", "starttls");
  g_assert_cmpuint (pr_analysis_get_port (analysis), ==, 110);
  env_set (analysis, "protocol", "smtp");
  g_assert_cmpuint (pr_analysis_get_port (analysis), ==, 587);
  env_set (analysis, "port", "2525");
  g_assert_cmpuint (pr_analysis_get_port (analysis), ==, 2525);
}

static void
test_rules (void)
{
  g_autoptr (PrAnalysis) analysis = pr_analysis_new ();
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (GPtrArray) empty = pr_record_check (PR_RECORD (analysis), settings);
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) mended = NULL;

  g_assert_nonnull (find (empty, "host"));
  g_assert_cmpuint (empty->len, ==, 1);

  env_set (settings, "port-policy", "us-government");
  env_set (analysis, "protocol", "smtp");
  g_object_set (analysis, "host", "https://smtp.example.org", NULL);
  env_set (analysis, "port", "587");
  env_set (analysis, "mechanism", "apop");
  env_set (analysis, "submit", "message");
  g_object_set (analysis, "ca-certificate", "nonsense", NULL);
  broken = pr_record_check (PR_RECORD (analysis), settings);
  g_assert_nonnull (find (broken, "host"));
  g_assert_nonnull (find (broken, "mechanism"));
  g_assert_nonnull (find (broken, "address"));
  g_assert_nonnull (find (broken, "ca-certificate"));
  g_assert_true (g_error_matches (find (broken, "port"), PR_ERROR, PR_ERROR_POLICY));

  g_object_set (analysis, "host", "smtp.example.org", "ca-certificate", "", NULL);
  env_set (analysis, "port", "465");
  env_set (analysis, "mechanism", "auto");
  env_set (analysis, "address", "a@example.org");
  mended = pr_record_check (PR_RECORD (analysis), settings);
  g_assert_cmpuint (mended->len, ==, 0);
}

static void
test_plan (void)
{
  g_autoptr (PrAnalysis) analysis = pr_analysis_new ();
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (PrSecret) secret = pr_secret_new ("correct horse", -1);
  g_autoptr (PrTestPlan) plain = NULL;
  g_autoptr (PrTestPlan) plan = NULL;

  g_object_set (analysis, "host", "mail.example.org", NULL);
  g_assert_false (pr_analysis_needs_secret (analysis));
  plain = pr_analysis_make_plan (analysis, settings, secret);
  g_assert_null (plain->username);
  g_assert_null (plain->secret);
  g_assert_cmpint (plain->protocol, ==, PR_PROTOCOL_POP3);

  env_set (settings, "min-tls", "1.3");
  env_set (analysis, "protocol", "smtp");
  env_set (analysis, "username", "anna");
  env_set (analysis, "address", "anna@example.org");
  g_assert_true (pr_analysis_needs_secret (analysis));
  plan = pr_analysis_make_plan (analysis, settings, secret);
  g_assert_true (plan->secret == secret);
  g_assert_cmpint (plan->min_tls, ==, PR_TLS_VERSION_1_3);
  g_assert_cmpint (plan->submit, ==, PR_SUBMIT_ENVELOPE);
  g_assert_false (plan->allow_unencrypted);
  env_set (analysis, "mechanism", "gssapi");
  g_assert_false (pr_analysis_needs_secret (analysis));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/analysis/ports", test_ports);
  g_test_add_func ("/environment/analysis/rules", test_rules);
  g_test_add_func ("/environment/analysis/plan", test_plan);
  return g_test_run ();
}
