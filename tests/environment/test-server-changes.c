/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed since the last test, end to end: one server after another on the same port, the
 * facts in the database, the differences in the report, and the warnings on the wall of the
 * profile, which go when the reason goes. Threat X07. */

#include "env-server.h"

#include "pr-alert-text.h"

#include <string.h>

#define HEADERS "protocol: pop3\nsecurity: ssl\nexpect: ok"

#define STRONG                                                                                     \
  "tls good\n"                                                                                     \
  "S: +OK ready\n"                                                                                 \
  "C: CAPA\n"                                                                                      \
  "S: +OK|UIDL|SASL PLAIN SCRAM-SHA-256|.\n"                                                       \
  "sasl SCRAM-SHA-256\n"                                                                           \
  "S: +OK\n"                                                                                       \
  "C: STAT\n"                                                                                      \
  "S: +OK 0 0\n"                                                                                   \
  "C: QUIT\n"                                                                                      \
  "S: +OK bye\n"

#define PLAIN_ONLY(TLS)                                                                            \
  TLS "\n"                                                                                         \
      "S: +OK ready\n"                                                                             \
      "C: CAPA\n"                                                                                  \
      "S: +OK|UIDL|SASL PLAIN|.\n"                                                                 \
      "C: AUTH PLAIN {plain}\n"                                                                    \
      "S: +OK\n"                                                                                   \
      "C: STAT\n"                                                                                  \
      "S: +OK 0 0\n"                                                                               \
      "C: QUIT\n"                                                                                  \
      "S: +OK bye\n"

#define REFUSED                                                                                    \
  "tls good\n"                                                                                     \
  "S: +OK ready\n"                                                                                 \
  "C: CAPA\n"                                                                                      \
  "S: +OK|UIDL|SASL PLAIN|.\n"                                                                     \
  "C: AUTH PLAIN {plain}\n"                                                                        \
  "S: -ERR [AUTH] no\n"                                                                            \
  "C: QUIT\n"                                                                                      \
  "S: +OK bye\n"

static void
assert_difference (const PrReport *report, PrDifferenceKind kind, const char *was, const char *is)
{
  const PrDifference *difference = pr_report_find_difference (report, kind);

  g_assert_nonnull (difference);
  g_assert_cmpstr (difference->was, ==, was);
  g_assert_cmpstr (difference->is, ==, is);
}

/* The strong log-in is gone, and comes back. */
static void
test_mechanism (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) first = NULL;
  g_autoptr (PrReport) same = NULL;
  g_autoptr (PrReport) weaker = NULL;
  g_autoptr (PrAlert) alert = NULL;
  g_autofree char *summary = NULL;

  env_server_init (&server);
  first = env_server_run (&server, HEADERS, STRONG);
  g_assert_cmpuint (first->differences->len, ==, 0);
  same = env_server_run (&server, HEADERS, STRONG);
  g_assert_cmpuint (same->differences->len, ==, 0);
  g_assert_null (env_server_find_alert (&server, "expected-mechanism-gone"));

  weaker = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good"));
  assert_difference (weaker, PR_DIFFERENCE_MECHANISM, "SCRAM-SHA-256", "PLAIN");
  assert_difference (weaker, PR_DIFFERENCE_MECHANISMS_GONE, "SCRAM-SHA-256", NULL);
  alert = env_server_find_alert (&server, "expected-mechanism-gone");
  g_assert_nonnull (alert);
  g_assert_cmpint (pr_alert_get (alert, SEVERITY), ==, PR_SEVERITY_WARNING);
  g_assert_cmpint (pr_alert_get (alert, MAILBOX_ID), ==, 0);
  g_assert_cmpstr (pr_alert_get_text (alert, PROFILE_NAME), ==, "Practice");
  g_assert_cmpstr (pr_alert_get_text (alert, DIRECTION), ==, "incoming");
  summary = pr_alert_text_get_summary (alert);
  g_assert_nonnull (strstr (summary, "(SCRAM-SHA-256)"));
}

static void
test_told_once (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrAlert) alert = NULL;

  env_server_init (&server);
  pr_report_unref (env_server_run (&server, HEADERS, STRONG));
  pr_report_unref (env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good")));
  /* It is told once, and stays on the wall. */
  pr_report_unref (env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good")));
  alert = env_server_find_alert (&server, "expected-mechanism-gone");
  g_assert_nonnull (alert);
  g_assert_cmpint (pr_alert_get (alert, COUNT), ==, 1);
}

/* A refused log-in warns as well: it may have been refused for that reason. */
static void
test_refused (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (PrReport) again = NULL;
  g_autoptr (PrAlert) closed = NULL;

  env_server_init (&server);
  pr_report_unref (env_server_run (&server, HEADERS, STRONG));
  pr_report_unref (env_server_run (
      &server, "protocol: pop3\nsecurity: ssl\nexpect: authentication-rejected at authenticate",
      REFUSED));
  alert = env_server_find_alert (&server, "expected-mechanism-gone");
  g_assert_nonnull (alert);
  /* A failure teaches nothing: what is expected is still what worked, and when that is there
   * again the warning goes. */
  again = env_server_run (&server, HEADERS, STRONG);
  g_assert_cmpuint (again->differences->len, ==, 0);
  closed = env_server_find_alert (&server, "expected-mechanism-gone");
  g_assert_null (closed);
}

static void
test_tls (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) lower = NULL;
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (PrAlert) closed = NULL;

  env_server_init (&server);
  pr_report_unref (env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good")));
  lower = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good max=1.2"));
  assert_difference (lower, PR_DIFFERENCE_TLS_VERSION, "TLS 1.3", "TLS 1.2");
  alert = env_server_find_alert (&server, "expected-tls-lower");
  g_assert_nonnull (alert);
  pr_report_unref (env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good")));
  closed = env_server_find_alert (&server, "expected-tls-lower");
  g_assert_null (closed);
}

/* A renewed certificate is told, and no reason for a warning. */
static void
test_certificate (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) before = NULL;
  g_autoptr (PrReport) after = NULL;

  env_server_init (&server);
  before = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good"));
  after = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good-rsa"));
  assert_difference (after, PR_DIFFERENCE_CERTIFICATE, before->certificate->sha256,
                     after->certificate->sha256);
}

/* A certificate that ends soon is told on the wall of the profile, by any test, and is no failure;
 * the new one closes it. */
static void
test_certificate_ends (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) soon = NULL;
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (PrAlert) closed = NULL;

  env_server_init (&server);
  soon = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls ends-soon"));
  g_assert_cmpint (soon->outcome, ==, PR_OUTCOME_SUCCESS);
  alert = env_server_find_alert (&server, "certificate-ends-soon");
  g_assert_nonnull (alert);
  g_assert_cmpint (pr_alert_get (alert, SEVERITY), ==, PR_SEVERITY_ERROR); /* within 7 days */
  g_assert_cmpint (pr_alert_get (alert, MAILBOX_ID), ==, 0);
  pr_report_unref (env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good")));
  closed = env_server_find_alert (&server, "certificate-ends-soon");
  g_assert_null (closed);
}

#define STARTTLS "protocol: smtp\nsecurity: starttls\nexpect: ok"

/* STARTTLS is not offered any more: a failure, and besides a warning of its own. */
static void
test_starttls_stripped (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) stripped = NULL;
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (PrAlert) failure = NULL;

  env_server_init (&server);
  pr_report_unref (env_server_run (&server, STARTTLS,
                                   "S: 220 practice ESMTP\n"
                                   "C: EHLO [127.0.0.1]\n"
                                   "S: 250-practice|250 STARTTLS\n"
                                   "C: STARTTLS\n"
                                   "S: 220 go\n"
                                   "tls good\n"
                                   "C: EHLO [127.0.0.1]\n"
                                   "S: 250-practice|250 AUTH PLAIN\n"
                                   "C: AUTH PLAIN {plain}\n"
                                   "S: 235 ok\n"
                                   "C: QUIT\n"
                                   "S: 221 bye\n"));
  stripped = env_server_run (&server,
                             "protocol: smtp\nsecurity: starttls\n"
                             "expect: starttls-unavailable at starttls",
                             "S: 220 practice ESMTP\n"
                             "C: EHLO [127.0.0.1]\n"
                             "S: 250-practice|250 AUTH PLAIN\n"
                             "C: QUIT\n"
                             "S: 221 bye\n");
  assert_difference (stripped, PR_DIFFERENCE_TLS_VERSION, "TLS 1.3", NULL);
  alert = env_server_find_alert (&server, "expected-tls-gone");
  g_assert_nonnull (alert);
  failure = env_server_find_alert (&server, "starttls-unavailable");
  g_assert_nonnull (failure);
}

/* The profile leads to another server: its facts are its own. */
static void
test_other_server (void)
{
  g_auto (PrEnvServer) server = { .port = 0 };
  g_autoptr (PrReport) report = NULL;

  env_server_init (&server);
  pr_report_unref (env_server_run (&server, HEADERS, STRONG));
  server.port = 0;
  report = env_server_run (&server, HEADERS, PLAIN_ONLY ("tls good"));
  g_assert_cmpuint (report->differences->len, ==, 0);
  g_assert_null (env_server_find_alert (&server, "expected-mechanism-gone"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-changes/mechanism", test_mechanism);
  g_test_add_func ("/server-changes/mechanism-told-once", test_told_once);
  g_test_add_func ("/server-changes/refused", test_refused);
  g_test_add_func ("/server-changes/tls", test_tls);
  g_test_add_func ("/server-changes/certificate", test_certificate);
  g_test_add_func ("/server-changes/certificate-ends", test_certificate_ends);
  g_test_add_func ("/server-changes/starttls-stripped", test_starttls_stripped);
  g_test_add_func ("/server-changes/other-server", test_other_server);
  return g_test_run ();
}
