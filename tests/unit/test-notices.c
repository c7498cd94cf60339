/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server offers and what somebody should know although it works: as sentences, and through
 * JSON and back. */

#include "pr-report-json.h"
#include "pr-report-text.h"

#include <locale.h>
#include <string.h>

static PrReport *
make_report (PrProtocol protocol)
{
  PrReport *report = pr_report_new ();

  report->protocol = protocol;
  report->direction = protocol == PR_PROTOCOL_POP3 ? PR_DIRECTION_INCOMING : PR_DIRECTION_OUTGOING;
  report->host = g_strdup ("mail.example.org");
  report->port = 995;
  report->mailbox = g_strdup ("support@example.org");
  report->mechanism = g_strdup ("CRAM-MD5");
  report->offer.login_delay_s = 900;
  report->offer.expire_days = 0;
  for (PrNoticeKind kind = 0; kind < PR_N_NOTICES; kind++)
    pr_report_add_notice (report, kind, kind == PR_NOTICE_LOGIN_DELAY ? 900 : 0);
  return report;
}

static void
test_sentences (void)
{
  g_autoptr (PrReport) report = make_report (PR_PROTOCOL_POP3);

  g_assert_cmpuint (report->n_notices, ==, PR_N_NOTICES);
  for (guint i = 0; i < report->n_notices; i++)
    {
      g_autofree char *remedy = NULL;
      g_autofree char *text = pr_report_text_get_notice (report, &report->notices[i], &remedy);

      if (strpbrk (text, "{}") != NULL || strpbrk (remedy, "{}") != NULL)
        g_error ("a gap that nobody filled: %s %s", text, remedy);
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_true (g_str_has_suffix (remedy, "."));
    }
}

static void
check_text (PrReport *report, PrNoticeKind kind, const char *part)
{
  g_autofree char *remedy = NULL;
  g_autofree char *text =
      pr_report_text_get_notice (report, pr_report_find_notice (report, kind), &remedy);

  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in: %s", part, text);
}

static void
test_numbers (void)
{
  g_autoptr (PrReport) report = make_report (PR_PROTOCOL_POP3);

  check_text (report, PR_NOTICE_LOGIN_DELAY, "at least 15 minutes between");
  check_text (report, PR_NOTICE_EXPIRE, "as soon as they were read.");
  check_text (report, PR_NOTICE_WEAK_MECHANISM, "CRAM-MD5");
  report->offer.login_delay_s = 45;
  report->offer.expire_days = 1;
  check_text (report, PR_NOTICE_LOGIN_DELAY, "at least 45 seconds between");
  check_text (report, PR_NOTICE_EXPIRE, "after 1 day.");
}

/* What is stored is what is read back. */
static void
check_round_trip (PrReport *report)
{
  g_autofree char *text = pr_report_to_json_text (report, PR_REPORT_JSON_NONE);
  g_autoptr (PrReport) back = pr_report_from_json_text (text);
  g_autofree char *again = NULL;

  g_assert_nonnull (back);
  again = pr_report_to_json_text (back, PR_REPORT_JSON_NONE);
  g_assert_cmpstr (again, ==, text);
  g_assert_cmpuint (back->n_notices, ==, report->n_notices);
  g_assert_cmpint (back->offer.expire_days, ==, report->offer.expire_days);
  g_assert_cmpuint (back->offer.login_delay_s, ==, report->offer.login_delay_s);
  g_assert_cmpuint (back->offer.size_limit, ==, report->offer.size_limit);
  g_assert_cmpint (back->offer.utf8, ==, report->offer.utf8);
  g_assert_cmpint (back->offer.eight_bit, ==, report->offer.eight_bit);
  g_assert_cmpint (back->offer.top, ==, report->offer.top);
  g_assert_cmpint (back->offer.uidl, ==, report->offer.uidl);
}

static void
test_json (void)
{
  g_autoptr (PrReport) pop3 = make_report (PR_PROTOCOL_POP3);
  g_autoptr (PrReport) smtp = make_report (PR_PROTOCOL_SMTP);
  g_autoptr (PrReport) nothing = pr_report_new ();

  pop3->offer.top = pop3->offer.utf8 = TRUE;
  check_round_trip (pop3);
  pop3->offer.expire_days = PR_EXPIRE_NEVER;
  check_round_trip (pop3);
  pop3->offer.expire_days = PR_EXPIRE_UNKNOWN;
  check_round_trip (pop3);
  smtp->offer = (PrOffer){
    .size_limit = 35882577, .eight_bit = TRUE, .utf8 = TRUE, .expire_days = PR_EXPIRE_UNKNOWN
  };
  check_round_trip (smtp);
  nothing->host = g_strdup ("h");
  check_round_trip (nothing);
}

/* A pin, and what came in its place. */
static void
test_pin (void)
{
  g_autoptr (PrReport) report = make_report (PR_PROTOCOL_POP3);
  g_autofree char *text = NULL;
  g_autoptr (PrReport) back = NULL;

  report->certificate = pr_certificate_new ();
  report->certificate->names = g_new0 (char *, 1);
  report->certificate->sha256 = g_strdup ("aa");
  report->certificate->pin = g_strdup ("bb");
  report->certificate->pinned = TRUE;
  report->certificate->revocation_checked = TRUE;
  text = pr_report_to_json_text (report, PR_REPORT_JSON_NONE);
  g_assert_nonnull (strstr (text, "\"pin\":\"bb\""));
  g_assert_nonnull (strstr (text, "\"pinned\":true"));
  g_assert_nonnull (strstr (text, "\"revocation\":\"checked\""));
  back = pr_report_from_json_text (text);
  g_assert_cmpstr (back->certificate->pin, ==, "bb");
  g_assert_true (back->certificate->pinned);
  g_assert_true (back->certificate->revocation_checked);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notices/sentences", test_sentences);
  g_test_add_func ("/notices/numbers", test_numbers);
  g_test_add_func ("/notices/json", test_json);
  g_test_add_func ("/notices/pin", test_pin);
  return g_test_run ();
}
