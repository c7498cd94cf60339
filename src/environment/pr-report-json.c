/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrReport as JSON: schema 1, the contract of --json, of exports, and the form in which the
 * last report is stored. Keys are added, never renamed or removed. Main thread. */

#include "pr-report-json.h"

#include "pr-json-writer.h"
#include "pr-report-text.h"
#include "pr-text.h"

#define SCHEMA 1

static void
add_text (PrJsonWriter *writer, const char *key, const char *text)
{
  pr_json_writer_name (writer, key);
  pr_json_writer_text (writer, text);
}

static void
add_number (PrJsonWriter *writer, const char *key, gint64 number)
{
  pr_json_writer_name (writer, key);
  pr_json_writer_integer (writer, number);
}

static void
add_number_or_null (PrJsonWriter *writer, const char *key, gint64 number, gboolean known)
{
  pr_json_writer_name (writer, key);
  if (known)
    pr_json_writer_integer (writer, number);
  else
    pr_json_writer_null (writer);
}

static void
add_flag (PrJsonWriter *writer, const char *key, gboolean flag)
{
  pr_json_writer_name (writer, key);
  pr_json_writer_boolean (writer, flag);
}

/* In eighths of a millisecond: as much as a network can tell, and exact in a double, so that no
 * figure is written with 17 digits. */
static void
add_milliseconds (PrJsonWriter *writer, const char *key, gint64 us)
{
  pr_json_writer_name (writer, key);
  pr_json_writer_eighths (writer, (us + 62) / 125);
}

static void
add_time (PrJsonWriter *writer, const char *key, gint64 time)
{
  g_autofree char *text = pr_time_to_text (time);

  add_text (writer, key, text);
}

static void
add_strv (PrJsonWriter *writer, const char *key, char **texts)
{
  pr_json_writer_name (writer, key);
  pr_json_writer_begin_array (writer);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    pr_json_writer_text (writer, texts[i]);
  pr_json_writer_end_array (writer);
}

static void
add_certificate (PrJsonWriter *writer, const PrCertificate *certificate)
{
  pr_json_writer_name (writer, "certificate");
  if (certificate == NULL)
    {
      pr_json_writer_null (writer);
      return;
    }
  pr_json_writer_begin_object (writer);
  add_text (writer, "subject", certificate->subject);
  add_text (writer, "issuer", certificate->issuer);
  add_strv (writer, "names", certificate->names);
  add_time (writer, "not_before", certificate->not_before);
  add_time (writer, "not_after", certificate->not_after);
  add_text (writer, "sha256", certificate->sha256);
  add_text (writer, "key", certificate->key);
  add_number (writer, "chain_length", certificate->chain_length);
  add_text (writer, "revocation", certificate->revocation_checked ? "checked" : "not-checked");
  add_text (writer, "pin", certificate->pin);
  add_flag (writer, "pinned", certificate->pinned);
  pr_json_writer_name (writer, "problems");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < certificate->n_problems; i++)
    pr_json_writer_text (writer, pr_code_to_word (certificate->problems[i]));
  pr_json_writer_end_array (writer);
  pr_json_writer_end_object (writer);
}

static void
add_addresses (PrJsonWriter *writer, const PrReport *report)
{
  pr_json_writer_name (writer, "addresses");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < report->addresses->len; i++)
    {
      const PrReportAddress *address = g_ptr_array_index (report->addresses, i);

      pr_json_writer_begin_object (writer);
      add_text (writer, "address", address->text);
      add_text (writer, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) address->outcome));
      add_milliseconds (writer, "elapsed_ms", address->elapsed_us);
      add_text (writer, "error", address->error);
      pr_json_writer_end_object (writer);
    }
  pr_json_writer_end_array (writer);
}

/* What the capabilities come to; null where the server states nothing. */
static void
add_offer (PrJsonWriter *writer, const PrReport *report)
{
  const PrOffer *offer = &report->offer;

  pr_json_writer_name (writer, "offer");
  pr_json_writer_begin_object (writer);
  if (report->protocol == PR_PROTOCOL_SMTP)
    {
      add_number_or_null (writer, "size", (gint64) offer->size_limit, offer->size_limit > 0);
      add_flag (writer, "8bitmime", offer->eight_bit);
      add_flag (writer, "smtputf8", offer->utf8);
    }
  else
    {
      add_flag (writer, "uidl", offer->uidl);
      add_flag (writer, "top", offer->top);
      add_flag (writer, "utf8", offer->utf8);
      add_number_or_null (writer, "login_delay_seconds", offer->login_delay_s,
                          offer->login_delay_s > 0);
      add_number_or_null (writer, "expire_days", offer->expire_days, offer->expire_days >= 0);
      add_flag (writer, "expire_never", offer->expire_days == PR_EXPIRE_NEVER);
    }
  pr_json_writer_end_object (writer);
}

static void
add_notices (PrJsonWriter *writer, const PrReport *report)
{
  pr_json_writer_name (writer, "notices");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < report->n_notices; i++)
    {
      const PrNotice *notice = &report->notices[i];
      g_autofree char *remedy = NULL;
      g_autofree char *text = pr_report_text_get_notice (report, notice, &remedy);

      pr_json_writer_begin_object (writer);
      add_text (writer, "id", pr_notice_kind_to_word (notice->kind));
      add_number (writer, "number", notice->number);
      add_text (writer, "text", text);
      add_text (writer, "remedy", remedy);
      pr_json_writer_end_object (writer);
    }
  pr_json_writer_end_array (writer);
}

static void
add_steps (PrJsonWriter *writer, const PrReport *report)
{
  pr_json_writer_name (writer, "steps");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      pr_json_writer_begin_object (writer);
      add_text (writer, "id", pr_enum_to_nick (PR_TYPE_STEP, (int) step->id));
      add_text (writer, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) step->outcome));
      if (step->outcome != PR_OUTCOME_SKIPPED)
        {
          add_milliseconds (writer, "elapsed_ms", step->elapsed_us);
          add_text (writer, "code", pr_code_to_word (step->code));
          if (step->detail != NULL)
            add_text (writer, "detail", step->detail);
        }
      pr_json_writer_end_object (writer);
    }
  pr_json_writer_end_array (writer);
}

static void
add_differences (PrJsonWriter *writer, const PrReport *report)
{
  pr_json_writer_name (writer, "changes");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < report->differences->len; i++)
    {
      const PrDifference *difference = g_ptr_array_index (report->differences, i);

      pr_json_writer_begin_object (writer);
      add_text (writer, "what", pr_enum_to_nick (PR_TYPE_DIFFERENCE_KIND, (int) difference->kind));
      add_text (writer, "was", difference->was);
      add_text (writer, "is", difference->is);
      pr_json_writer_end_object (writer);
    }
  pr_json_writer_end_array (writer);
}

static void
add_transcript (PrJsonWriter *writer, const PrReport *report)
{
  pr_json_writer_name (writer, "transcript");
  pr_json_writer_begin_array (writer);
  for (guint i = 0; i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      pr_json_writer_begin_object (writer);
      add_milliseconds (writer, "at_ms", line->at_us);
      add_text (writer, "from", line->from_server ? "server" : "client");
      add_text (writer, "text", line->text);
      pr_json_writer_end_object (writer);
    }
  pr_json_writer_end_array (writer);
}

static void
add_subject (PrJsonWriter *writer, const PrReport *report)
{
  add_number (writer, "schema", SCHEMA);
  add_text (writer, "environment", report->environment);
  add_text (writer, "profile", report->profile);
  add_text (writer, "mailbox", report->mailbox);
  add_text (writer, "direction", pr_enum_to_nick (PR_TYPE_DIRECTION, (int) report->direction));
  add_text (writer, "protocol", pr_enum_to_nick (PR_TYPE_PROTOCOL, (int) report->protocol));
  add_text (writer, "host", report->host);
  add_number (writer, "port", report->port);
  add_text (writer, "security", pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->security));
  add_text (writer, "username", report->username);
}

static void
add_verdict (PrJsonWriter *writer, const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  gboolean failed = report->code != PR_CODE_OK;

  add_text (writer, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) report->outcome));
  add_text (writer, "code", pr_code_to_word (report->code));
  add_text (writer, "permanence", pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  add_text (writer, "scope",
            report->scope != PR_SCOPE_NONE ? pr_enum_to_nick (PR_TYPE_SCOPE, (int) report->scope)
                                           : NULL);
  add_text (writer, "summary", summary);
  add_text (writer, "remedy", remedy);
  add_text (writer, "failed_step",
            failed ? pr_enum_to_nick (PR_TYPE_STEP, (int) report->failed_step) : NULL);
  add_text (writer, "detail", report->detail);
  add_text (writer, "server_reply", report->server_reply);
  add_text (writer, "found_protocol", report->found_protocol);
  add_number (writer, "suggested_port", report->suggested_port);
  add_text (writer, "suggested_security",
            report->suggested_port != 0
                ? pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->suggested_security)
                : NULL);
  add_text (writer, "answer", report->answer_id);
  add_text (writer, "remedy_id", report->remedy_id);
  pr_json_writer_name (writer, "retry_after_s");
  if (report->wait_s != 0)
    pr_json_writer_integer (writer, report->wait_s);
  else
    pr_json_writer_null (writer);
}

static void
add_report (PrJsonWriter *writer, const PrReport *report, PrReportJsonFlags flags)
{
  gboolean facts = (flags & PR_REPORT_JSON_FACTS) != 0;

  pr_json_writer_begin_object (writer);
  add_subject (writer, report);
  add_verdict (writer, report);
  add_text (writer, "mechanism", report->mechanism);
  add_text (writer, "tls_version", report->tls_version);
  add_text (writer, "tls_cipher", report->tls_cipher);
  add_certificate (writer, report->certificate);
  if (!facts)
    add_strv (writer, "capabilities", report->capabilities);
  add_strv (writer, "mechanisms", report->mechanisms);
  add_offer (writer, report);
  add_notices (writer, report);
  add_time (writer, "started_at", report->started_at);
  add_milliseconds (writer, "elapsed_ms", report->elapsed_us);
  add_number (writer, "round_trips", report->round_trips);
  add_number (writer, "attempt", report->attempt);
  add_time (writer, "next_attempt_at", report->next_attempt_at);
  if (report->direction == PR_DIRECTION_INCOMING)
    {
      add_number (writer, "messages", report->n_messages);
      add_number (writer, "maildrop_bytes", (gint64) report->maildrop_bytes);
    }
  add_differences (writer, report);
  add_addresses (writer, report);
  if (!facts)
    add_steps (writer, report);
  if ((flags & PR_REPORT_JSON_TRANSCRIPT) != 0)
    add_transcript (writer, report);
  pr_json_writer_end_object (writer);
}

/**
 * pr_report_to_json_text:
 * @report: a report
 * @flags: how much of it
 *
 * Returns: (transfer full): one object in one line
 */
char *
pr_report_to_json_text (const PrReport *report, PrReportJsonFlags flags)
{
  PrJsonWriter writer;

  pr_json_writer_init (&writer);
  add_report (&writer, report, flags);
  return pr_json_writer_finish (&writer);
}

/**
 * pr_report_to_json:
 * @report: a report
 * @flags: how much of it
 *
 * Returns: (transfer full): one object, to be put into a greater one
 */
JsonNode *
pr_report_to_json (const PrReport *report, PrReportJsonFlags flags)
{
  g_autofree char *text = pr_report_to_json_text (report, flags);

  return json_from_string (text, NULL);
}
