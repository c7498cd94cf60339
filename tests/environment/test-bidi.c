/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in sentences that read from right to left keeps its own order; where they read from
 * left to right nothing is added. */

#include "pr-bidi.h"
#include "pr-report-text.h"
#include "pr-words.h"

#include <string.h>

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"

static PrReport *
make_report (void)
{
  PrReport *report = pr_report_new ();

  report->protocol = PR_PROTOCOL_POP3;
  report->host = g_strdup ("pop.example.org");
  report->port = 995;
  report->outcome = PR_OUTCOME_FAILURE;
  report->code = PR_CODE_CONNECTION_REFUSED;
  report->mailbox = g_strdup ("ada@example.org");
  return report;
}

static void
test_sentence (void)
{
  g_autoptr (PrReport) report = make_report ();
  g_autofree char *plain = pr_report_text_get_summary (report);
  g_autofree char *isolated = NULL;

  g_assert_nonnull (strstr (plain, "ada@example.org"));
  g_assert_null (strstr (plain, FSI));
  pr_bidi_set_isolating (TRUE);
  isolated = pr_report_text_get_summary (report);
  pr_bidi_set_isolating (FALSE);
  g_assert_nonnull (strstr (isolated, FSI "ada@example.org" PDI));
  g_assert_nonnull (strstr (isolated, FSI "995" PDI));
  g_assert_nonnull (strstr (isolated, FSI "pop.example.org" PDI));
}

/* A sentence still begins with a capital. */
static void
test_capital (void)
{
  g_autoptr (PrReport) report = make_report ();
  g_autofree char *summary = NULL;

  report->code = PR_CODE_STARTTLS_UNAVAILABLE;
  pr_bidi_set_isolating (TRUE);
  summary = pr_report_text_get_summary (report);
  pr_bidi_set_isolating (FALSE);
  g_assert_true (g_str_has_prefix (summary, FSI "The "));
}

static void
test_time (void)
{
  g_autofree char *plain = pr_word_of_time (G_USEC_PER_SEC);
  g_autofree char *isolated = NULL;

  g_assert_false (g_str_has_prefix (plain, FSI));
  pr_bidi_set_isolating (TRUE);
  isolated = pr_word_of_time (G_USEC_PER_SEC);
  pr_bidi_set_isolating (FALSE);
  g_assert_true (g_str_has_prefix (isolated, FSI));
  g_assert_true (g_str_has_suffix (isolated, PDI));
  g_assert_nonnull (strstr (isolated, plain));
}

static void
test_nothing (void)
{
  g_autofree char *nothing = NULL, *never = NULL;

  pr_bidi_set_isolating (TRUE);
  nothing = pr_bidi_isolate ("");
  never = pr_word_of_time (0);
  pr_bidi_set_isolating (FALSE);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (never, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/bidi/sentence", test_sentence);
  g_test_add_func ("/environment/bidi/capital", test_capital);
  g_test_add_func ("/environment/bidi/time", test_time);
  g_test_add_func ("/environment/bidi/nothing", test_nothing);
  return g_test_run ();
}
