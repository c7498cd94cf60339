/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said to people: every code, every remedy, every warning, for both directions, with and
 * without a mailbox: whole sentences, without a gap that nobody filled, without words that only a
 * mail engineer knows, not too long. */

#include "pr-alert-text.h"
#include "pr-providers.h"
#include "pr-report-json.h"
#include "pr-report-sentences.h"
#include "pr-report-text.h"

#include <locale.h>
#include <string.h>

#define SUMMARY_MAX 260
#define REMEDY_MAX 480

typedef enum
{
  FOR_MAILBOX,
  FOR_PROFILE,
  FOR_NOBODY,
  FOR_N,
} PrFor;

static PrCertificate *
make_certificate (void)
{
  static const char *const names[] = { "a.example", "b.example", NULL };
  PrCertificate *certificate = pr_certificate_new ();

  certificate->subject = g_strdup ("CN=a.example");
  certificate->issuer = g_strdup ("Some Authority");
  certificate->names = g_strdupv ((char **) names);
  certificate->not_before = G_GINT64_CONSTANT (1700000000000000);
  certificate->not_after = G_GINT64_CONSTANT (1769860800000000);
  certificate->sha256 = g_strnfill (64, 'a');
  return certificate;
}

static PrReport *
make_report (PrCode code, PrDirection direction, PrFor whom)
{
  PrReport *report = pr_report_new ();

  report->outcome = code == PR_CODE_OK ? PR_OUTCOME_SUCCESS : PR_OUTCOME_FAILURE;
  report->code = code;
  report->permanence = pr_code_get_permanence (code);
  report->scope = pr_code_get_scope (code);
  report->direction = direction;
  report->protocol = direction == PR_DIRECTION_INCOMING ? PR_PROTOCOL_POP3 : PR_PROTOCOL_SMTP;
  report->host = g_strdup ("mail.example.org");
  report->port = 2525;
  report->security = PR_SECURITY_STARTTLS;
  report->failed_step = PR_STEP_AUTHENTICATE;
  if (whom == FOR_MAILBOX)
    {
      report->mailbox = g_strdup ("support@example.org");
      report->username = g_strdup ("support");
    }
  if (whom != FOR_NOBODY)
    report->profile = g_strdup ("Example mail");
  return report;
}

/* Everything that a server may have said. */
static void
add_facts (PrReport *report)
{
  report->server_reply = g_strdup ("550-5.7.1 first line\n550 5.7.1 second line");
  report->detail = g_strdup ("a fact");
  report->found_protocol = g_strdup ("IMAP");
  report->suggested_port = pr_default_port (report->protocol, PR_SECURITY_SSL);
  report->suggested_security = PR_SECURITY_SSL;
  report->mechanisms = g_strsplit ("PLAIN LOGIN", " ", -1);
}

static void
complain (const PrReport *report, const char *what, const char *text)
{
  g_error ("%s, %s: %s: “%s”", pr_code_to_word (report->code),
           pr_enum_to_nick (PR_TYPE_DIRECTION, (int) report->direction), what, text);
}

/* Words of protocols, that no remedy and no reason has to use. */
static void
check_jargon (const PrReport *report, const char *text)
{
  static const char *const jargon[] = { "SASL",   "STAT",      "EHLO",     "HELO",  "LHLO",
                                        "CAPA",   "UIDL",      "RCPT",     "STLS",  "AUTH",
                                        "QUIT",   "handshake", "errno",    "X.509", "cipher",
                                        "socket", "resolver",  "enhanced", "null",  "mechanism" };
  g_auto (GStrv) words = g_strsplit_set (text, " .,:;()“”‘’–", -1);

  for (guint i = 0; words[i] != NULL; i++)
    for (guint k = 0; k < G_N_ELEMENTS (jargon); k++)
      if (g_str_equal (words[i], jargon[k]))
        complain (report, "a word of a mail engineer", text);
}

static void
check_text (const PrReport *report, const char *text, glong max)
{
  if (text == NULL || *text == '\0')
    complain (report, "nothing is said", "");
  if (!g_utf8_validate (text, -1, NULL))
    complain (report, "no UTF-8", text);
  if (strchr (text, '{') != NULL || strchr (text, '}') != NULL)
    complain (report, "a gap", text);
  if (strstr (text, "  ") != NULL || strstr (text, " .") != NULL || strstr (text, " ,") != NULL
      || strstr (text, "..") != NULL || strchr (text, '\n') != NULL || *text == ' ')
    complain (report, "spaces", text);
  if (strstr (text, "?") != NULL || strstr (text, "(none)") != NULL || strstr (text, "—") != NULL)
    complain (report, "something that is not known", text);
  if (!g_str_has_suffix (text, ".") && !g_str_has_suffix (text, ".”"))
    complain (report, "no full stop", text);
  if (g_unichar_islower (g_utf8_get_char (text)) && !g_str_has_prefix (text, "support@example.org")
      && !g_str_has_prefix (text, "mail.example.org"))
    complain (report, "no capital letter", text);
  if (strchr (text, '"') != NULL || strchr (text, '\'') != NULL)
    complain (report, "straight quotes", text);
  if (g_utf8_strlen (text, -1) > max)
    complain (report, "too long", text);
  check_jargon (report, text);
}

static void
check_report (const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);

  check_text (report, summary, SUMMARY_MAX);
  if (report->code == PR_CODE_OK)
    g_assert_null (remedy);
  else
    check_text (report, remedy, REMEDY_MAX);
  /* Whom and what it is about. */
  if (report->mailbox != NULL && strstr (summary, report->mailbox) == NULL
      && strstr (summary, report->host) == NULL && strstr (summary, report->username) == NULL)
    complain (report, "neither mailbox nor server", summary);
  /* A test without a log-in had none to hold back. */
  if (report->username == NULL && strstr (summary, "password was not sent") != NULL)
    complain (report, "a password that there is not", summary);
}

/* With one it is said that it was held back, where the channel was not safe. */
static void
test_password_not_sent (void)
{
  for (PrCode code = PR_CODE_STARTTLS_UNAVAILABLE; code <= PR_CODE_CERTIFICATE_PIN_CHANGED; code++)
    {
      g_autoptr (PrReport) report = make_report (code, PR_DIRECTION_INCOMING, FOR_MAILBOX);
      g_autofree char *summary = NULL;

      report->certificate = make_certificate ();
      summary = pr_report_text_get_summary (report);
      if (!g_str_has_suffix (summary, ", so the password was not sent."))
        complain (report, "nothing about the password", summary);
    }
}

static void
test_codes (void)
{
  for (PrCode code = 0; code < PR_N_CODES; code++)
    for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
      for (PrFor whom = 0; whom < FOR_N; whom++)
        {
          g_autoptr (PrReport) report = make_report (code, direction, whom);

          add_facts (report);
          report->certificate = make_certificate ();
          check_report (report);
        }
}

/* The server said nothing, and nothing better is known. */
static void
test_without_facts (void)
{
  for (PrCode code = 0; code < PR_N_CODES; code++)
    for (PrFor whom = 0; whom < FOR_N; whom++)
      {
        g_autoptr (PrReport) report = make_report (code, PR_DIRECTION_OUTGOING, whom);

        if (g_str_has_prefix (pr_code_to_word (code), "certificate-"))
          report->certificate = make_certificate ();
        /* These two are never without an answer. */
        if (code == PR_CODE_GREETING_REJECTED || code == PR_CODE_SERVER_ERROR)
          report->server_reply = g_strdup ("554 no");
        check_report (report);
      }
}

/* Nobody has to guess whether it is tried again. */
static void
test_next (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_CONNECTION_REFUSED, PR_DIRECTION_INCOMING, FOR_MAILBOX);
  g_autoptr (PrReport) check =
      make_report (PR_CODE_RATE_LIMITED, PR_DIRECTION_INCOMING, FOR_NOBODY);
  g_autofree char *never = pr_report_text_get_remedy (report);
  g_autofree char *at = NULL;
  g_autofree char *permanent = NULL;
  g_autofree char *soon = pr_report_text_get_remedy (check);
  g_autofree char *after = NULL;

  g_assert_nonnull (strstr (never, "It is not tried again by itself any more."));
  report->next_attempt_at = G_GINT64_CONSTANT (1769860800000000);
  at = pr_report_text_get_remedy (report);
  g_assert_nonnull (strstr (at, "It is tried again by itself at "));
  check_text (report, at, REMEDY_MAX);
  report->permanence = PR_PERMANENCE_PERMANENT;
  permanent = pr_report_text_get_remedy (report);
  g_assert_null (strstr (permanent, "tried again"));
  g_assert_nonnull (strstr (soon, "Test again in some minutes."));
  check->wait_s = 301;
  after = pr_report_text_get_remedy (check);
  g_assert_nonnull (strstr (after, "Test again after 6 minutes."));
}

/* Who was logged in when the connection was lost need not look for the mistake in the profile. */
static void
test_hung_up (void)
{
  for (PrFor whom = 0; whom < FOR_N; whom++)
    for (PrOutcome login = PR_OUTCOME_SUCCESS; login <= PR_OUTCOME_FAILURE; login++)
      {
        g_autoptr (PrReport) report =
            make_report (PR_CODE_CONNECTION_LOST, PR_DIRECTION_INCOMING, whom);
        gboolean accepted = login == PR_OUTCOME_SUCCESS;
        g_autofree char *summary = NULL;
        g_autofree char *remedy = NULL;

        pr_report_add_step (report, PR_STEP_AUTHENTICATE, login);
        if (accepted)
          report->failed_step = PR_STEP_MAILBOX;
        summary = pr_report_text_get_summary (report);
        remedy = pr_report_text_get_remedy (report);
        check_report (report);
        g_assert_true ((strstr (summary, "accepted the log-in") != NULL) == accepted);
        g_assert_true ((strstr (remedy, "password are right.") != NULL) == accepted);
        g_assert_true ((strstr (remedy, "check port and encryption") != NULL) == !accepted);
      }
}

/* The server's words stand in the sentence, in one line, and not without end. */
static void
test_reply (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_SERVER_ERROR, PR_DIRECTION_OUTGOING, FOR_MAILBOX);
  g_autofree char *summary = NULL;
  g_autofree char *cut = NULL;

  report->server_reply = g_strdup ("550-5.9.9 the hamster\n550 5.9.9 sleeps");
  summary = pr_report_text_get_summary (report);
  g_assert_nonnull (strstr (summary, "“550-5.9.9 the hamster 550 5.9.9 sleeps”"));
  g_free (report->server_reply);
  report->server_reply = g_strnfill (4000, 'x');
  cut = pr_report_text_get_summary (report);
  g_assert_cmpuint (strlen (cut), <, 500);
}

/* --- Remedies of known answers, and what is known of providers -------------------------------- */

static GKeyFile *
load_table (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "answers.ini", NULL);
  g_autoptr (GError) error = NULL;
  GKeyFile *table = g_key_file_new ();

  if (!g_key_file_load_from_file (table, path, G_KEY_FILE_NONE, &error))
    g_error ("%s: %s", path, error->message);
  return table;
}

static void
test_remedies (void)
{
  g_autoptr (GKeyFile) table = load_table ();
  g_auto (GStrv) groups = g_key_file_get_groups (table, NULL);
  guint n = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autofree char *id = g_key_file_get_string (table, groups[i], "remedy", NULL);
      g_autofree char *word = g_key_file_get_string (table, groups[i], "code", NULL);
      PrCode code = PR_CODE_OK;

      if (id == NULL)
        continue;
      n++;
      if (pr_sentence_get_remedy (id) == NULL)
        g_error ("[%s] there is no remedy “%s”", groups[i], id);
      g_assert_true (pr_code_from_word (word, &code));
      for (PrFor whom = 0; whom < FOR_N; whom++)
        {
          g_autoptr (PrReport) report = make_report (code, PR_DIRECTION_INCOMING, whom);
          g_autofree char *usual = pr_report_text_get_remedy (report);
          g_autofree char *remedy = NULL;

          report->remedy_id = g_strdup (id);
          remedy = pr_report_text_get_remedy (report);
          check_text (report, remedy, REMEDY_MAX);
          g_assert_cmpstr (remedy, !=, usual);
        }
    }
  g_assert_cmpuint (n, >, 40);
  g_assert_null (pr_sentence_get_remedy ("never-heard-of"));
  g_assert_null (pr_sentence_get_remedy (NULL));
}

/* Not an answer of a server, but of no server at all. */
static void
test_port_25 (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_CONNECTION_TIMEOUT, PR_DIRECTION_OUTGOING, FOR_MAILBOX);
  g_autofree char *remedy = NULL;

  report->port = 25;
  report->remedy_id = g_strdup ("port-25");
  report->suggested_port = 587;
  report->suggested_security = PR_SECURITY_STARTTLS;
  remedy = pr_report_text_get_remedy (report);
  check_text (report, remedy, REMEDY_MAX);
  g_assert_nonnull (strstr (remedy, "Choose port 587 with STARTTLS"));
}

/* A remedy that a newer Postroom stored is no reason to say nothing. */
static void
test_unknown_remedy (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_POP_DISABLED, PR_DIRECTION_INCOMING, FOR_MAILBOX);
  g_autofree char *usual = pr_report_text_get_remedy (report);
  g_autofree char *remedy = NULL;

  report->remedy_id = g_strdup ("of-the-future");
  remedy = pr_report_text_get_remedy (report);
  g_assert_cmpstr (remedy, ==, usual);
}

typedef struct
{
  const char *host;
  PrDirection direction;
  const char *words[3];
} PrNoteRow;

static void
test_notes (void)
{
  static const PrNoteRow rows[] = {
    { "pop.mail.yahoo.com",
      PR_DIRECTION_INCOMING,
      { "Yahoo Mail accepts only app passwords from mail programs" } },
    { "pop.gmail.com",
      PR_DIRECTION_INCOMING,
      { "Gmail accepts only app passwords", "POP must also be switched on" } },
    { "smtp.gmail.com", PR_DIRECTION_OUTGOING, { "Gmail accepts only app passwords" } },
    { "smtp.office365.com",
      PR_DIRECTION_OUTGOING,
      { "accepts no passwords from mail programs", "administrator must allow" } },
    { "POP3.web.de", PR_DIRECTION_INCOMING, { "only the part in front of the “@”" } },
    { "securesmtp.t-online.de", PR_DIRECTION_OUTGOING, { "a separate password for email" } },
    { "mail.example.org", PR_DIRECTION_INCOMING, { NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrReport) report =
          make_report (PR_CODE_AUTHENTICATION_REJECTED, rows[i].direction, FOR_MAILBOX);
      g_autofree char *plain = pr_report_text_get_remedy (report);
      g_autofree char *remedy = NULL;

      g_free (report->host);
      report->host = g_strdup (rows[i].host);
      remedy = pr_report_text_get_remedy (report);
      for (guint k = 0; rows[i].words[k] != NULL; k++)
        if (strstr (remedy, rows[i].words[k]) == NULL)
          g_error ("%s: “%s”", rows[i].host, remedy);
      g_assert_true (g_str_equal (plain, remedy) == (rows[i].words[0] == NULL));
      check_text (report, remedy, REMEDY_MAX);
    }
  /* POP has nothing to do with sending. */
  {
    g_autofree char *name = NULL;
    g_auto (GStrv) notes = pr_providers_list_notes ("smtp.gmail.com", PR_DIRECTION_OUTGOING, &name);

    g_assert_false (g_strv_contains ((const char *const *) notes, "pop-must-be-enabled"));
    g_assert_cmpstr (name, ==, "Gmail");
    g_assert_null (pr_providers_list_notes ("pop.gmail.com", PR_DIRECTION_OUTGOING, NULL));
  }
}

/* Every note that a provider has can be said. */
static void
test_all_notes (void)
{
  static const char *const hosts[] = { "pop.gmail.com",         "outlook.office365.com",
                                       "pop.mail.yahoo.com",    "pop.aol.com",
                                       "pop.zoho.com",          "pop.fastmail.com",
                                       "pop.gmx.net",           "pop.gmx.com",
                                       "pop3.web.de",           "posteo.de",
                                       "securepop.t-online.de", "pop.yandex.com" };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_auto (GStrv) notes = pr_providers_list_notes (hosts[i], PR_DIRECTION_INCOMING, NULL);

      g_assert_nonnull (notes);
      for (guint k = 0; notes[k] != NULL; k++)
        if (pr_sentence_get_note (notes[k]) == NULL)
          g_error ("%s: there is no note “%s”", hosts[i], notes[k]);
    }
}

/* --- Warnings and differences ----------------------------------------------------------------- */

static void
test_warnings (void)
{
  for (PrWarning warning = 0; warning < PR_N_WARNINGS; warning++)
    for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
      {
        g_autoptr (PrReport) report = make_report (PR_CODE_OK, direction, FOR_MAILBOX);
        g_autofree char *remedy = NULL;
        g_autofree char *summary = NULL;

        report->certificate = make_certificate ();
        pr_report_add_difference (report, PR_DIFFERENCE_MECHANISM, "SCRAM-SHA-256", "PLAIN");
        pr_report_add_difference (report, PR_DIFFERENCE_TLS_VERSION, "TLS 1.3", "TLS 1.2");
        summary = pr_report_text_get_warning (report, warning, &remedy);
        check_text (report, summary, SUMMARY_MAX);
        check_text (report, remedy, REMEDY_MAX);
        if (warning == PR_WARNING_TLS_LOWER)
          g_assert_nonnull (strstr (summary, "TLS 1.2 instead of TLS 1.3"));
        if (warning == PR_WARNING_MECHANISM_GONE)
          g_assert_nonnull (strstr (summary, "(SCRAM-SHA-256)"));
      }
}

static void
test_differences (void)
{
  for (PrDifferenceKind kind = 0; kind < PR_N_DIFFERENCES; kind++)
    {
      PrDifference both = { kind, (char *) "one", (char *) "other" };
      PrDifference gone = { kind, (char *) "one", NULL };
      PrDifference new = { kind, NULL, (char *) "other" };
      g_autofree char *text = pr_report_text_get_difference (&both);
      g_autofree char *was = pr_report_text_get_difference (&gone);
      g_autofree char *is = pr_report_text_get_difference (&new);

      g_assert_true (g_str_has_suffix (text, ": one → other"));
      g_assert_true (g_str_has_suffix (was, ": one"));
      g_assert_true (g_str_has_suffix (is, ": other"));
    }
}

/* --- Alerts ----------------------------------------------------------------------------------- */

static PrAlert *
make_alert (const PrReport *report, const char *code, gint64 mailbox_id)
{
  g_autofree char *facts = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);

  return g_object_new (PR_TYPE_ALERT, "severity", PR_SEVERITY_ERROR, "code", code, "mailbox-id",
                       mailbox_id, "profile-id", (gint64) 1, "facts", facts, NULL);
}

/* On the wall of a profile the sentence is about the profile, not about whoever met it first. */
static void
test_profile_alert (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_DNS_NOT_FOUND, PR_DIRECTION_INCOMING, FOR_MAILBOX);
  const char *code = pr_code_to_word (report->code);
  g_autoptr (PrAlert) profile = make_alert (report, code, 0);
  g_autoptr (PrAlert) mailbox = make_alert (report, code, 7);
  g_autofree char *of_profile = pr_alert_text_get_summary (profile);
  g_autofree char *of_mailbox = pr_alert_text_get_summary (mailbox);

  g_assert_true (g_str_has_prefix (of_profile, "The server profile “Example mail” could not"));
  g_assert_true (g_str_has_prefix (of_mailbox, "support@example.org could not"));
}

/* What an alert holds is enough for a button "Correct the port to 995", and for its remedy. */
static void
test_alert_facts (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_WRONG_PROTOCOL, PR_DIRECTION_INCOMING, FOR_MAILBOX);
  g_autoptr (PrAlert) alert = NULL;
  g_autoptr (PrReport) back = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  add_facts (report);
  report->remedy_id = g_strdup ("google-pop");
  report->answer_id = g_strdup ("google-pop-disabled");
  report->wait_s = 300;
  pr_report_add_difference (report, PR_DIFFERENCE_MECHANISMS_GONE, "PLAIN", NULL);
  alert = make_alert (report, pr_code_to_word (report->code), 7);
  back = pr_alert_text_get_report (alert);
  g_assert_cmpuint (back->suggested_port, ==, 995);
  g_assert_cmpint (back->suggested_security, ==, PR_SECURITY_SSL);
  g_assert_cmpstr (back->remedy_id, ==, "google-pop");
  g_assert_cmpstr (back->answer_id, ==, "google-pop-disabled");
  g_assert_cmpuint (back->wait_s, ==, 300);
  g_assert_cmpstr (back->server_reply, ==, report->server_reply);
  g_assert_cmpstr (pr_report_find_difference (back, PR_DIFFERENCE_MECHANISMS_GONE)->was, ==,
                   "PLAIN");
  summary = pr_alert_text_get_summary (alert);
  remedy = pr_alert_text_get_remedy (alert);
  g_assert_nonnull (strstr (summary, "IMAP"));
  g_assert_nonnull (strstr (remedy, "Enable POP"));
}

static void
test_warning_alert (void)
{
  g_autoptr (PrReport) report = make_report (PR_CODE_OK, PR_DIRECTION_OUTGOING, FOR_MAILBOX);
  g_autoptr (PrAlert) alert = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  report->certificate = make_certificate ();
  alert = make_alert (report, "certificate-ends-soon", 0);
  summary = pr_alert_text_get_summary (alert);
  remedy = pr_alert_text_get_remedy (alert);
  g_assert_true (g_str_has_prefix (summary, "The certificate of mail.example.org is valid until"));
  g_assert_nonnull (strstr (remedy, "renew"));
}

/* --- The report as JSON ----------------------------------------------------------------------- */

static void
test_json (void)
{
  g_autoptr (PrReport) report =
      make_report (PR_CODE_RATE_LIMITED, PR_DIRECTION_INCOMING, FOR_MAILBOX);
  PrReportAddress *address = g_new0 (PrReportAddress, 1);
  g_autoptr (JsonNode) without = pr_report_to_json (report, PR_REPORT_JSON_NONE);
  g_autoptr (JsonNode) with = NULL;
  g_autofree char *text = NULL;
  g_autoptr (PrReport) back = NULL;
  JsonObject *object, *row;

  g_assert_true (
      json_node_is_null (json_object_get_member (json_node_get_object (without), "retry_after_s")));
  g_assert_true (
      json_node_is_null (json_object_get_member (json_node_get_object (without), "answer")));
  report->wait_s = 300;
  address->text = g_strdup ("2001:db8::5");
  address->outcome = PR_OUTCOME_FAILURE;
  address->elapsed_us = 1000;
  address->error = g_strdup ("Connection refused");
  g_ptr_array_add (report->addresses, address);
  with = pr_report_to_json (report, PR_REPORT_JSON_NONE);
  object = json_node_get_object (with);
  g_assert_cmpint (json_object_get_int_member (object, "retry_after_s"), ==, 300);
  row = json_array_get_object_element (json_object_get_array_member (object, "addresses"), 0);
  g_assert_cmpstr (json_object_get_string_member (row, "address"), ==, "2001:db8::5");
  g_assert_cmpstr (json_object_get_string_member (row, "status"), ==, "failure");
  g_assert_cmpstr (json_object_get_string_member (row, "error"), ==, "Connection refused");
  g_assert_cmpfloat (json_object_get_double_member (row, "elapsed_ms"), ==, 1.0);
  text = pr_report_to_json_text (report, PR_REPORT_JSON_NONE);
  back = pr_report_from_json_text (text);
  g_assert_cmpuint (back->addresses->len, ==, 1);
  g_assert_cmpstr (((PrReportAddress *) g_ptr_array_index (back->addresses, 0))->text, ==,
                   "2001:db8::5");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sentences/codes", test_codes);
  g_test_add_func ("/sentences/password-not-sent", test_password_not_sent);
  g_test_add_func ("/sentences/without-facts", test_without_facts);
  g_test_add_func ("/sentences/next", test_next);
  g_test_add_func ("/sentences/hung-up", test_hung_up);
  g_test_add_func ("/sentences/reply", test_reply);
  g_test_add_func ("/sentences/remedies", test_remedies);
  g_test_add_func ("/sentences/port-25", test_port_25);
  g_test_add_func ("/sentences/unknown-remedy", test_unknown_remedy);
  g_test_add_func ("/sentences/notes", test_notes);
  g_test_add_func ("/sentences/all-notes", test_all_notes);
  g_test_add_func ("/sentences/warnings", test_warnings);
  g_test_add_func ("/sentences/differences", test_differences);
  g_test_add_func ("/sentences/alerts/profile", test_profile_alert);
  g_test_add_func ("/sentences/alerts/facts", test_alert_facts);
  g_test_add_func ("/sentences/alerts/warning", test_warning_alert);
  g_test_add_func ("/sentences/json", test_json);
  return g_test_run ();
}
