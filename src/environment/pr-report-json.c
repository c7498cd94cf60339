/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrReport as JSON: schema 1, the contract of --json, of exports, and the form in which the
 * last report is stored. Keys are added, never renamed or removed. Main thread. */

#include "pr-report-json.h"

#include "pr-report-text.h"
#include "pr-text.h"

#define SCHEMA 1

static void
add_text (JsonBuilder *builder, const char *key, const char *text)
{
  json_builder_set_member_name (builder, key);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *key, gint64 number)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, number);
}

static void
add_number_or_null (JsonBuilder *builder, const char *key, gint64 number, gboolean known)
{
  json_builder_set_member_name (builder, key);
  if (known)
    json_builder_add_int_value (builder, number);
  else
    json_builder_add_null_value (builder);
}

static void
add_flag (JsonBuilder *builder, const char *key, gboolean flag)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, flag);
}

/* In eighths of a millisecond: as much as a network can tell, and exact in a double, so that no
 * figure is written with 17 digits. */
static void
add_milliseconds (JsonBuilder *builder, const char *key, gint64 us)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, (double) ((us + 62) / 125) / 8.0);
}

static void
add_time (JsonBuilder *builder, const char *key, gint64 time)
{
  g_autofree char *text = pr_time_to_text (time);

  add_text (builder, key, text);
}

static void
add_strv (JsonBuilder *builder, const char *key, char **texts)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    json_builder_add_string_value (builder, texts[i]);
  json_builder_end_array (builder);
}

static void
add_certificate (JsonBuilder *builder, const PrCertificate *certificate)
{
  json_builder_set_member_name (builder, "certificate");
  if (certificate == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  add_text (builder, "subject", certificate->subject);
  add_text (builder, "issuer", certificate->issuer);
  add_strv (builder, "names", certificate->names);
  add_time (builder, "not_before", certificate->not_before);
  add_time (builder, "not_after", certificate->not_after);
  add_text (builder, "sha256", certificate->sha256);
  add_text (builder, "key", certificate->key);
  add_number (builder, "chain_length", certificate->chain_length);
  add_text (builder, "revocation", certificate->revocation_checked ? "checked" : "not-checked");
  add_text (builder, "pin", certificate->pin);
  add_flag (builder, "pinned", certificate->pinned);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < certificate->n_problems; i++)
    json_builder_add_string_value (builder, pr_code_to_word (certificate->problems[i]));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_addresses (JsonBuilder *builder, const PrReport *report)
{
  json_builder_set_member_name (builder, "addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->addresses->len; i++)
    {
      const PrReportAddress *address = g_ptr_array_index (report->addresses, i);

      json_builder_begin_object (builder);
      add_text (builder, "address", address->text);
      add_text (builder, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) address->outcome));
      add_milliseconds (builder, "elapsed_ms", address->elapsed_us);
      add_text (builder, "error", address->error);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* What the capabilities come to; null where the server states nothing. */
static void
add_offer (JsonBuilder *builder, const PrReport *report)
{
  const PrOffer *offer = &report->offer;

  json_builder_set_member_name (builder, "offer");
  json_builder_begin_object (builder);
  if (report->protocol == PR_PROTOCOL_SMTP)
    {
      add_number_or_null (builder, "size", (gint64) offer->size_limit, offer->size_limit > 0);
      add_flag (builder, "8bitmime", offer->eight_bit);
      add_flag (builder, "smtputf8", offer->utf8);
    }
  else
    {
      add_flag (builder, "uidl", offer->uidl);
      add_flag (builder, "top", offer->top);
      add_flag (builder, "utf8", offer->utf8);
      add_number_or_null (builder, "login_delay_seconds", offer->login_delay_s,
                          offer->login_delay_s > 0);
      add_number_or_null (builder, "expire_days", offer->expire_days, offer->expire_days >= 0);
      add_flag (builder, "expire_never", offer->expire_days == PR_EXPIRE_NEVER);
    }
  json_builder_end_object (builder);
}

static void
add_notices (JsonBuilder *builder, const PrReport *report)
{
  json_builder_set_member_name (builder, "notices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->n_notices; i++)
    {
      const PrNotice *notice = &report->notices[i];
      g_autofree char *remedy = NULL;
      g_autofree char *text = pr_report_text_get_notice (report, notice, &remedy);

      json_builder_begin_object (builder);
      add_text (builder, "id", pr_notice_kind_to_word (notice->kind));
      add_number (builder, "number", notice->number);
      add_text (builder, "text", text);
      add_text (builder, "remedy", remedy);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_steps (JsonBuilder *builder, const PrReport *report)
{
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      json_builder_begin_object (builder);
      add_text (builder, "id", pr_enum_to_nick (PR_TYPE_STEP, (int) step->id));
      add_text (builder, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) step->outcome));
      if (step->outcome != PR_OUTCOME_SKIPPED)
        {
          add_milliseconds (builder, "elapsed_ms", step->elapsed_us);
          add_text (builder, "code", pr_code_to_word (step->code));
          if (step->detail != NULL)
            add_text (builder, "detail", step->detail);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_differences (JsonBuilder *builder, const PrReport *report)
{
  json_builder_set_member_name (builder, "changes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->differences->len; i++)
    {
      const PrDifference *difference = g_ptr_array_index (report->differences, i);

      json_builder_begin_object (builder);
      add_text (builder, "what", pr_enum_to_nick (PR_TYPE_DIFFERENCE_KIND, (int) difference->kind));
      add_text (builder, "was", difference->was);
      add_text (builder, "is", difference->is);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_transcript (JsonBuilder *builder, const PrReport *report)
{
  json_builder_set_member_name (builder, "transcript");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      json_builder_begin_object (builder);
      add_milliseconds (builder, "at_ms", line->at_us);
      add_text (builder, "from", line->from_server ? "server" : "client");
      add_text (builder, "text", line->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_subject (JsonBuilder *builder, const PrReport *report)
{
  add_number (builder, "schema", SCHEMA);
  add_text (builder, "environment", report->environment);
  add_text (builder, "profile", report->profile);
  add_text (builder, "mailbox", report->mailbox);
  add_text (builder, "direction", pr_enum_to_nick (PR_TYPE_DIRECTION, (int) report->direction));
  add_text (builder, "protocol", pr_enum_to_nick (PR_TYPE_PROTOCOL, (int) report->protocol));
  add_text (builder, "host", report->host);
  add_number (builder, "port", report->port);
  add_text (builder, "security", pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->security));
  add_text (builder, "username", report->username);
}

static void
add_verdict (JsonBuilder *builder, const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  gboolean failed = report->code != PR_CODE_OK;

  add_text (builder, "status", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) report->outcome));
  add_text (builder, "code", pr_code_to_word (report->code));
  add_text (builder, "permanence", pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  add_text (builder, "scope",
            report->scope != PR_SCOPE_NONE ? pr_enum_to_nick (PR_TYPE_SCOPE, (int) report->scope)
                                           : NULL);
  add_text (builder, "summary", summary);
  add_text (builder, "remedy", remedy);
  add_text (builder, "failed_step",
            failed ? pr_enum_to_nick (PR_TYPE_STEP, (int) report->failed_step) : NULL);
  add_text (builder, "detail", report->detail);
  add_text (builder, "server_reply", report->server_reply);
  add_text (builder, "found_protocol", report->found_protocol);
  add_number (builder, "suggested_port", report->suggested_port);
  add_text (builder, "suggested_security",
            report->suggested_port != 0
                ? pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->suggested_security)
                : NULL);
  add_text (builder, "answer", report->answer_id);
  add_text (builder, "remedy_id", report->remedy_id);
  json_builder_set_member_name (builder, "retry_after_s");
  if (report->wait_s != 0)
    json_builder_add_int_value (builder, report->wait_s);
  else
    json_builder_add_null_value (builder);
}

/**
 * pr_report_to_json:
 * @report: a report
 * @flags: how much of it
 *
 * Returns: (transfer full): one object
 */
JsonNode *
pr_report_to_json (const PrReport *report, PrReportJsonFlags flags)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gboolean facts = (flags & PR_REPORT_JSON_FACTS) != 0;

  json_builder_begin_object (builder);
  add_subject (builder, report);
  add_verdict (builder, report);
  add_text (builder, "mechanism", report->mechanism);
  add_text (builder, "tls_version", report->tls_version);
  add_text (builder, "tls_cipher", report->tls_cipher);
  add_certificate (builder, report->certificate);
  if (!facts)
    add_strv (builder, "capabilities", report->capabilities);
  add_strv (builder, "mechanisms", report->mechanisms);
  add_offer (builder, report);
  add_notices (builder, report);
  add_time (builder, "started_at", report->started_at);
  add_milliseconds (builder, "elapsed_ms", report->elapsed_us);
  add_number (builder, "round_trips", report->round_trips);
  add_number (builder, "attempt", report->attempt);
  add_time (builder, "next_attempt_at", report->next_attempt_at);
  if (report->direction == PR_DIRECTION_INCOMING)
    {
      add_number (builder, "messages", report->n_messages);
      add_number (builder, "maildrop_bytes", (gint64) report->maildrop_bytes);
    }
  add_differences (builder, report);
  add_addresses (builder, report);
  if (!facts)
    add_steps (builder, report);
  if ((flags & PR_REPORT_JSON_TRANSCRIPT) != 0)
    add_transcript (builder, report);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
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
  g_autoptr (JsonNode) node = pr_report_to_json (report, flags);

  return json_to_string (node, FALSE);
}
