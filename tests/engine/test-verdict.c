/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a report means for the mailbox: permanence decides, not the code. The clock is given. */

#include "pr-verdict.h"

#define NOW G_GINT64_CONSTANT (1769860800000000)
#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  PrOutcome outcome;
  PrPermanence permanence;
  gboolean was_enabled;
  guint retries_before;
  guint wait_s;

  PrTestStatus status;
  gboolean enabled;
  guint retry;
  gint64 after_minutes; /* 0: not tried again */
} PrRow;

#define GOOD PR_OUTCOME_SUCCESS, PR_PERMANENCE_NONE
#define PASSING PR_OUTCOME_FAILURE, PR_PERMANENCE_TRANSIENT
#define LASTING PR_OUTCOME_FAILURE, PR_PERMANENCE_PERMANENT

static const PrRow rows[] = {
  { GOOD, FALSE, 0, 0, PR_TEST_STATUS_SUCCESS, TRUE, 0, 0 },
  { GOOD, TRUE, 0, 0, PR_TEST_STATUS_SUCCESS, TRUE, 0, 0 },
  { GOOD, TRUE, 9, 0, PR_TEST_STATUS_SUCCESS, TRUE, 0, 0 }, /* resets the count */
  { LASTING, FALSE, 0, 0, PR_TEST_STATUS_FAILURE, FALSE, 0, 0 },
  { LASTING, TRUE, 0, 0, PR_TEST_STATUS_FAILURE, FALSE, 0, 0 },  /* disabled at once */
  { LASTING, TRUE, 5, 60, PR_TEST_STATUS_FAILURE, FALSE, 0, 0 }, /* never tried again */
  { PASSING, FALSE, 0, 0, PR_TEST_STATUS_FAILURE, FALSE, 1, 5 },
  { PASSING, TRUE, 0, 0, PR_TEST_STATUS_FAILURE, TRUE, 1, 5 }, /* what worked stays enabled */
  { PASSING, TRUE, 8, 0, PR_TEST_STATUS_FAILURE, TRUE, 9, 5 },
  { PASSING, TRUE, 9, 0, PR_TEST_STATUS_FAILURE, TRUE, 10, 5 },
  { PASSING, TRUE, 10, 0, PR_TEST_STATUS_FAILURE, FALSE, 0, 0 }, /* now it counts as permanent */
  { PASSING, TRUE, 11, 0, PR_TEST_STATUS_FAILURE, FALSE, 0, 0 },
  { PASSING, TRUE, 0, 60, PR_TEST_STATUS_FAILURE, TRUE, 1, 5 },    /* the longer wait wins */
  { PASSING, TRUE, 0, 1800, PR_TEST_STATUS_FAILURE, TRUE, 1, 30 }, /* an announced wait */
};

static PrReport *
make_report (PrOutcome outcome, PrPermanence permanence, guint wait_s)
{
  PrReport *report = pr_report_new ();

  report->outcome = outcome;
  report->permanence = permanence;
  report->wait_s = wait_s;
  return report;
}

static void
test_rows (void)
{
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrReport) report =
          make_report (rows[i].outcome, rows[i].permanence, rows[i].wait_s);
      PrVerdict verdict;

      g_assert_true (pr_verdict_decide (report, rows[i].was_enabled, rows[i].retries_before,
                                        settings, NOW, &verdict));
      g_assert_cmpint (verdict.status, ==, rows[i].status);
      g_assert_cmpint (verdict.enabled, ==, rows[i].enabled);
      g_assert_cmpuint (verdict.retry, ==, rows[i].retry);
      g_assert_cmpint (verdict.retry_at, ==,
                       rows[i].after_minutes != 0 ? NOW + rows[i].after_minutes * MINUTE : 0);
    }
}

/* "Cancel leaves the mailboxes not yet tested untouched." */
static void
test_says_nothing (void)
{
  static const PrOutcome outcomes[] = { PR_OUTCOME_CANCELLED, PR_OUTCOME_SKIPPED };
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (PrReport) report = make_report (outcomes[i], PR_PERMANENCE_PERMANENT, 0);
      PrVerdict verdict;

      g_assert_false (pr_verdict_decide (report, TRUE, 0, settings, NOW, &verdict));
    }
}

static void
test_settings (void)
{
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();
  g_autoptr (PrReport) report = make_report (PR_OUTCOME_FAILURE, PR_PERMANENCE_TRANSIENT, 0);
  PrVerdict verdict;

  pr_record_set_number (PR_RECORD (settings), PR_SETTINGS_RETRY_COUNT, 2);
  pr_record_set_number (PR_RECORD (settings), PR_SETTINGS_RETRY_MINUTES, 60);
  g_assert_true (pr_verdict_decide (report, TRUE, 1, settings, NOW, &verdict));
  g_assert_cmpuint (verdict.retry, ==, 2);
  g_assert_cmpint (verdict.retry_at, ==, NOW + 60 * MINUTE);
  g_assert_true (pr_verdict_decide (report, TRUE, 2, settings, NOW, &verdict));
  g_assert_cmpint (verdict.retry_at, ==, 0);
  g_assert_false (verdict.enabled);
  pr_record_set_number (PR_RECORD (settings), PR_SETTINGS_RETRY_COUNT, 0);
  g_assert_true (pr_verdict_decide (report, TRUE, 0, settings, NOW, &verdict));
  g_assert_cmpint (verdict.retry_at, ==, 0);
  g_assert_false (verdict.enabled);
}

/* A refused password is never tried again by itself: its code is permanent by the table. */
static void
test_refused_passwords (void)
{
  static const PrCode codes[] = {
    PR_CODE_AUTHENTICATION_REJECTED,  PR_CODE_AUTHENTICATION_APP_PASSWORD,
    PR_CODE_AUTHENTICATION_WEB_LOGIN, PR_CODE_AUTHENTICATION_DISABLED,
    PR_CODE_ACCOUNT_LOCKED,           PR_CODE_AUTHENTICATION_OAUTH_REQUIRED,
  };
  g_autoptr (PrEmailSettings) settings = pr_email_settings_new ();

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (PrReport) report =
          make_report (PR_OUTCOME_FAILURE, pr_code_get_permanence (codes[i]), 0);
      PrVerdict verdict;

      g_assert_true (pr_verdict_decide (report, TRUE, 0, settings, NOW, &verdict));
      g_assert_cmpint (verdict.retry_at, ==, 0);
      g_assert_false (verdict.enabled);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict/rows", test_rows);
  g_test_add_func ("/verdict/says-nothing", test_says_nothing);
  g_test_add_func ("/verdict/settings", test_settings);
  g_test_add_func ("/verdict/refused-passwords", test_refused_passwords);
  return g_test_run ();
}
