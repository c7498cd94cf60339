/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is different from the last test that succeeded, and what of it is worth a warning: a
 * server that takes a log-in or its encryption back, a certificate that ends. Threat X07. */

#include "pr-differences.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1769860800000000)
#define DAY (24 * (gint64) G_TIME_SPAN_HOUR)
#define BIT(warning) (1u << PR_WARNING_##warning)

/* A report of a test that went well. */
static PrReport *
make_report (void)
{
  static const char *const capabilities[] = { "UIDL", "SASL PLAIN SCRAM-SHA-256", "TOP", NULL };
  static const char *const mechanisms[] = { "PLAIN", "SCRAM-SHA-256", NULL };
  PrReport *report = pr_report_new ();

  report->host = g_strdup ("Mail.example.org");
  report->port = 995;
  report->outcome = PR_OUTCOME_SUCCESS;
  report->code = PR_CODE_OK;
  report->capabilities = g_strdupv ((char **) capabilities);
  report->mechanisms = g_strdupv ((char **) mechanisms);
  report->mechanism = g_strdup ("SCRAM-SHA-256");
  report->tls_version = g_strdup ("TLS 1.3");
  report->elapsed_us = 500 * 1000;
  report->certificate = pr_certificate_new ();
  report->certificate->sha256 = g_strnfill (64, 'a');
  report->certificate->issuer = g_strdup ("Some Authority");
  report->certificate->not_after = NOW + 90 * DAY;
  return report;
}

static PrFacts *
learn (void)
{
  g_autoptr (PrReport) report = make_report ();
  PrFacts *facts = pr_differences_learn (NULL, report, 7, NOW);

  g_assert_nonnull (facts);
  return facts;
}

static void
set_text (char **place, const char *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

static void
set_list (char ***place, const char *words)
{
  g_strfreev (*place);
  *place = words != NULL ? g_strsplit (words, "|", -1) : NULL;
}

static void
expect (const PrReport *report, PrDifferenceKind kind, const char *was, const char *is)
{
  const PrDifference *difference = pr_report_find_difference (report, kind);

  g_assert_nonnull (difference);
  g_assert_cmpstr (difference->was, ==, was);
  g_assert_cmpstr (difference->is, ==, is);
}

static void
test_learn (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrFacts) again = NULL;
  g_autoptr (PrReport) report = make_report ();

  g_assert_cmpint (facts->mailbox_id, ==, 7);
  g_assert_cmpstr (facts->server, ==, "mail.example.org:995 ssl");
  g_assert_cmpstr (facts->capabilities, ==, "SASL PLAIN SCRAM-SHA-256\nTOP\nUIDL");
  g_assert_cmpstr (facts->mechanisms, ==, "PLAIN\nSCRAM-SHA-256");
  g_assert_cmpstr (facts->mechanism, ==, "SCRAM-SHA-256");
  g_assert_cmpstr (facts->tls_version, ==, "TLS 1.3");
  g_assert_cmpstr (facts->issuer, ==, "Some Authority");
  g_assert_cmpint (facts->seen_at, ==, NOW);
  g_assert_cmpint (facts->not_after, ==, NOW + 90 * DAY);
  g_assert_cmpint (facts->usual_us, ==, 500 * 1000);
  g_assert_cmpuint (facts->n_seen, ==, 1);

  /* A new time counts for a quarter. */
  report->elapsed_us = 900 * 1000;
  again = pr_differences_learn (facts, report, 7, NOW + DAY);
  g_assert_cmpint (again->usual_us, ==, 600 * 1000);
  g_assert_cmpuint (again->n_seen, ==, 2);
}

/* A test that did not succeed teaches nothing, and of another server nothing counts. */
static void
test_learn_nothing (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  g_autoptr (PrFacts) other = NULL;

  report->outcome = PR_OUTCOME_FAILURE;
  g_assert_null (pr_differences_learn (facts, report, 7, NOW));
  report->outcome = PR_OUTCOME_CANCELLED;
  g_assert_null (pr_differences_learn (facts, report, 7, NOW));
  report->outcome = PR_OUTCOME_SUCCESS;
  report->port = 1995;
  report->elapsed_us = 100;
  other = pr_differences_learn (facts, report, 7, NOW);
  g_assert_cmpuint (other->n_seen, ==, 1);
  g_assert_cmpint (other->usual_us, ==, 100);
}

static void
test_same (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  /* Another order and other case are no differences. */
  set_list (&report->capabilities, "TOP|uidl|SASL PLAIN SCRAM-SHA-256");
  set_list (&report->mechanisms, "scram-sha-256|PLAIN");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (report->differences->len, ==, 0);
  g_assert_cmpuint (warnings.raised, ==, 0);
  g_assert_cmpuint (warnings.disproved, ==,
                    BIT (CERTIFICATE_ENDS) | BIT (MECHANISM_GONE) | BIT (TLS_GONE)
                        | BIT (TLS_LOWER));
}

static void
test_first (void)
{
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  pr_differences_find (NULL, report, NOW, &warnings);
  g_assert_cmpuint (report->differences->len, ==, 0);
  g_assert_cmpuint (warnings.raised, ==, 0);
}

/* Another server has other facts. */
static void
test_other_server (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  report->security = PR_SECURITY_STARTTLS;
  set_list (&report->mechanisms, "PLAIN");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (report->differences->len, ==, 0);
  g_assert_cmpuint (warnings.raised, ==, 0);
}

static void
test_certificate (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  g_autofree char *old = g_strnfill (64, 'a');
  g_autofree char *new = g_strnfill (64, 'b');
  PrWarnings warnings;

  set_text (&report->certificate->sha256, new);
  set_text (&report->certificate->issuer, "Other Authority");
  pr_differences_find (facts, report, NOW, &warnings);
  expect (report, PR_DIFFERENCE_CERTIFICATE, old, new);
  expect (report, PR_DIFFERENCE_ISSUER, "Some Authority", "Other Authority");
  g_assert_cmpuint (report->differences->len, ==, 2);
  g_assert_cmpuint (warnings.raised, ==, 0); /* they are renewed all the time */
}

typedef struct
{
  gint64 left; /* of the certificate */
  gboolean raised;
  PrSeverity severity;
} PrEndRow;

static void
test_certificate_ends (void)
{
  static const PrEndRow rows[] = {
    { 31 * DAY, FALSE, PR_SEVERITY_WARNING },    { 30 * DAY, FALSE, PR_SEVERITY_WARNING },
    { 30 * DAY - 1, TRUE, PR_SEVERITY_WARNING }, { 7 * DAY, TRUE, PR_SEVERITY_WARNING },
    { 7 * DAY - 1, TRUE, PR_SEVERITY_ERROR },    { 0, TRUE, PR_SEVERITY_ERROR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrReport) report = make_report ();
      PrWarnings warnings;

      report->certificate->not_after = NOW + rows[i].left;
      pr_differences_find (NULL, report, NOW, &warnings);
      g_assert_cmpuint (warnings.raised, ==, rows[i].raised ? BIT (CERTIFICATE_ENDS) : 0);
      g_assert_cmpuint (warnings.disproved, ==, rows[i].raised ? 0 : BIT (CERTIFICATE_ENDS));
      g_assert_cmpint (warnings.certificate_severity, ==, rows[i].severity);
    }
}

/* An untrusted certificate is a failure of its own, and says nothing about the next one. */
static void
test_certificate_bad (void)
{
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  report->certificate->not_after = NOW - DAY;
  pr_certificate_add_problem (report->certificate, PR_CODE_CERTIFICATE_EXPIRED);
  pr_differences_find (NULL, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised | warnings.disproved, ==, 0);
}

static void
test_mechanism_gone (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  set_list (&report->mechanisms, "PLAIN|LOGIN");
  set_list (&report->capabilities, "TOP|UIDL|SASL PLAIN LOGIN");
  set_text (&report->mechanism, "PLAIN");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (MECHANISM_GONE));
  expect (report, PR_DIFFERENCE_MECHANISM, "SCRAM-SHA-256", "PLAIN");
  expect (report, PR_DIFFERENCE_MECHANISMS_GONE, "SCRAM-SHA-256", NULL);
  expect (report, PR_DIFFERENCE_MECHANISMS_NEW, NULL, "LOGIN");
  expect (report, PR_DIFFERENCE_CAPABILITIES_GONE, "SASL PLAIN SCRAM-SHA-256", NULL);
}

/* It is told once; and that it is back is noticed however long that takes. */
static void
test_mechanism_back (void)
{
  g_autoptr (PrFacts) facts = learn ();
  PrWarnings warnings;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PrReport) weaker = make_report ();
      PrFacts *next;

      set_list (&weaker->mechanisms, "PLAIN");
      set_text (&weaker->mechanism, "PLAIN");
      set_text (&weaker->tls_version, "TLS 1.2");
      pr_differences_find (facts, weaker, NOW, &warnings);
      g_assert_cmpuint (warnings.raised, ==, i == 0 ? BIT (MECHANISM_GONE) | BIT (TLS_LOWER) : 0);
      g_assert_cmpuint (warnings.disproved & (BIT (MECHANISM_GONE) | BIT (TLS_LOWER)), ==, 0);
      next = pr_differences_learn (facts, weaker, 7, NOW);
      pr_facts_free (facts);
      facts = next;
      g_assert_cmpstr (facts->expected_mechanism, ==, "SCRAM-SHA-256");
      g_assert_cmpstr (facts->expected_tls, ==, "TLS 1.3");
      g_assert_cmpstr (facts->mechanism, ==, "PLAIN");
    }
  {
    g_autoptr (PrReport) back = make_report ();

    pr_differences_find (facts, back, NOW, &warnings);
    g_assert_cmpuint (warnings.raised, ==, 0);
    g_assert_cmpuint (warnings.disproved & (BIT (MECHANISM_GONE) | BIT (TLS_LOWER)), ==,
                      BIT (MECHANISM_GONE) | BIT (TLS_LOWER));
  }
}

/* A failed test warns as well: the log-in may have failed for that reason. */
static void
test_mechanism_gone_failed (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  report->outcome = PR_OUTCOME_FAILURE;
  report->code = PR_CODE_MECHANISM_UNAVAILABLE;
  set_list (&report->mechanisms, NULL);
  g_clear_pointer (&report->mechanism, g_free);
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (MECHANISM_GONE));
}

/* The admin chose another one, and the old one is still there. */
static void
test_mechanism_chosen (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  set_text (&report->mechanism, "PLAIN");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, 0);
  expect (report, PR_DIFFERENCE_MECHANISM, "SCRAM-SHA-256", "PLAIN");
  g_assert_cmpuint (report->differences->len, ==, 1);
}

static void
test_user_gone (void)
{
  g_autoptr (PrReport) before = make_report ();
  g_autoptr (PrReport) report = make_report ();
  g_autoptr (PrFacts) facts = NULL;
  PrWarnings warnings;

  set_list (&before->capabilities, "USER|UIDL");
  set_text (&before->mechanism, "USER/PASS");
  facts = pr_differences_learn (NULL, before, 7, NOW);
  set_text (&report->mechanism, "PLAIN");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (MECHANISM_GONE));
  g_assert_cmpuint (warnings.disproved & BIT (MECHANISM_GONE), ==, 0);
}

/* What a server offers in clear, before TLS, is less, and that is no loss. */
static void
test_before_tls (void)
{
  g_autoptr (PrReport) before = make_report ();
  g_autoptr (PrReport) report = make_report ();
  g_autoptr (PrFacts) facts = NULL;
  PrWarnings warnings;

  before->security = report->security = PR_SECURITY_STARTTLS;
  facts = pr_differences_learn (NULL, before, 7, NOW);
  report->outcome = PR_OUTCOME_FAILURE;
  report->code = PR_CODE_STARTTLS_UNAVAILABLE;
  report->permanence = PR_PERMANENCE_TRANSIENT;
  g_clear_pointer (&report->tls_version, g_free);
  g_clear_pointer (&report->mechanism, g_free);
  g_clear_pointer (&report->certificate, pr_certificate_free);
  set_list (&report->capabilities, "STLS");
  set_list (&report->mechanisms, NULL);
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (report->differences->len, ==, 0);
  g_assert_cmpuint (warnings.raised | warnings.disproved, ==, 0);

  /* Not for a moment only, but not offered at all. */
  report->permanence = PR_PERMANENCE_PERMANENT;
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (TLS_GONE));
  expect (report, PR_DIFFERENCE_TLS_VERSION, "TLS 1.3", NULL);
}

static void
test_plain_on_tls_port (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  report->outcome = PR_OUTCOME_FAILURE;
  report->code = PR_CODE_PLAIN_EXPECTED;
  report->permanence = PR_PERMANENCE_PERMANENT;
  g_clear_pointer (&report->tls_version, g_free);
  g_clear_pointer (&report->certificate, pr_certificate_free);
  set_list (&report->capabilities, NULL);
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (TLS_GONE));
}

static void
test_tls_lower (void)
{
  g_autoptr (PrFacts) facts = learn ();
  g_autoptr (PrReport) report = make_report ();
  PrWarnings warnings;

  set_text (&report->tls_version, "TLS 1.2");
  pr_differences_find (facts, report, NOW, &warnings);
  g_assert_cmpuint (warnings.raised, ==, BIT (TLS_LOWER));
  g_assert_cmpuint (warnings.disproved & BIT (TLS_GONE), !=, 0);
  expect (report, PR_DIFFERENCE_TLS_VERSION, "TLS 1.3", "TLS 1.2");
}

static void
test_duration (void)
{
  g_autoptr (PrFacts) facts = learn ();

  for (guint n = 1; n <= 4; n++)
    {
      g_autoptr (PrReport) quick = make_report ();
      g_autoptr (PrReport) slow = make_report ();
      PrWarnings warnings;

      facts->n_seen = n;
      quick->elapsed_us = 2 * G_USEC_PER_SEC; /* four times, but not by much */
      slow->elapsed_us = 3 * G_USEC_PER_SEC;
      pr_differences_find (facts, quick, NOW, &warnings);
      pr_differences_find (facts, slow, NOW, &warnings);
      g_assert_cmpuint (quick->differences->len, ==, 0);
      g_assert_cmpuint (slow->differences->len, ==, n >= 3 ? 1 : 0);
      if (n >= 3)
        expect (slow, PR_DIFFERENCE_DURATION, "0.5 s", "3.0 s");
      g_assert_cmpuint (warnings.raised, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/differences/learn", test_learn);
  g_test_add_func ("/differences/learn-nothing", test_learn_nothing);
  g_test_add_func ("/differences/same", test_same);
  g_test_add_func ("/differences/first", test_first);
  g_test_add_func ("/differences/other-server", test_other_server);
  g_test_add_func ("/differences/certificate", test_certificate);
  g_test_add_func ("/differences/certificate-ends", test_certificate_ends);
  g_test_add_func ("/differences/certificate-bad", test_certificate_bad);
  g_test_add_func ("/differences/mechanism-gone", test_mechanism_gone);
  g_test_add_func ("/differences/mechanism-back", test_mechanism_back);
  g_test_add_func ("/differences/mechanism-gone-failed", test_mechanism_gone_failed);
  g_test_add_func ("/differences/mechanism-chosen", test_mechanism_chosen);
  g_test_add_func ("/differences/user-gone", test_user_gone);
  g_test_add_func ("/differences/before-tls", test_before_tls);
  g_test_add_func ("/differences/plain-on-tls-port", test_plain_on_tls_port);
  g_test_add_func ("/differences/tls-lower", test_tls_lower);
  g_test_add_func ("/differences/duration", test_duration);
  return g_test_run ();
}
