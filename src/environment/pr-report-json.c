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

/* --- Back ------------------------------------------------------------------------------------- */

static const char *
peek_text (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static int
get_enum (JsonObject *object, const char *key, GType type, int otherwise)
{
  int value = otherwise;

  pr_enum_from_nick (type, peek_text (object, key), &value);
  return value;
}

static gint64
get_time (JsonObject *object, const char *key)
{
  const char *text = peek_text (object, key);
  gint64 time = 0;

  if (text != NULL)
    pr_time_from_text (text, &time);
  return time;
}

static gint64
get_us (JsonObject *object, const char *key)
{
  return (gint64) (json_object_get_double_member_with_default (object, key, 0) * 1000.0 + 0.5);
}

/* null is no number, either. */
static gint64
get_number (JsonObject *object, const char *key, gint64 otherwise)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : otherwise;
}

static char **
get_strv (JsonObject *object, const char *key)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));
  return g_strv_builder_end (builder);
}

static JsonObject *
peek_object (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static PrCertificate *
read_certificate (JsonObject *object)
{
  PrCertificate *certificate = pr_certificate_new ();
  g_auto (GStrv) problems = get_strv (object, "problems");

  certificate->subject = g_strdup (peek_text (object, "subject"));
  certificate->issuer = g_strdup (peek_text (object, "issuer"));
  certificate->names = get_strv (object, "names");
  certificate->not_before = get_time (object, "not_before");
  certificate->not_after = get_time (object, "not_after");
  certificate->sha256 = g_strdup (peek_text (object, "sha256"));
  certificate->key = g_strdup (peek_text (object, "key"));
  certificate->chain_length =
      (guint) json_object_get_int_member_with_default (object, "chain_length", 0);
  certificate->revocation_checked = g_strcmp0 (peek_text (object, "revocation"), "checked") == 0;
  certificate->pin = g_strdup (peek_text (object, "pin"));
  certificate->pinned = json_object_get_boolean_member_with_default (object, "pinned", FALSE);
  for (guint i = 0; problems[i] != NULL && i < G_N_ELEMENTS (certificate->problems); i++)
    {
      PrCode code;

      if (pr_code_from_word (problems[i], &code))
        pr_certificate_add_problem (certificate, code);
    }
  return certificate;
}

static void
read_offer (PrReport *report, JsonObject *object)
{
  PrOffer *offer = &report->offer;
  JsonObject *row = peek_object (object, "offer");

  if (row == NULL)
    return;
  offer->size_limit = (guint64) get_number (row, "size", 0);
  offer->eight_bit = json_object_get_boolean_member_with_default (row, "8bitmime", FALSE);
  offer->utf8 = json_object_get_boolean_member_with_default (
      row, report->protocol == PR_PROTOCOL_SMTP ? "smtputf8" : "utf8", FALSE);
  offer->uidl = json_object_get_boolean_member_with_default (row, "uidl", FALSE);
  offer->top = json_object_get_boolean_member_with_default (row, "top", FALSE);
  offer->login_delay_s = (guint) get_number (row, "login_delay_seconds", 0);
  offer->expire_days = (int) get_number (row, "expire_days", PR_EXPIRE_UNKNOWN);
}

static void
read_notices (PrReport *report, JsonObject *object)
{
  JsonArray *array;

  if (!json_object_has_member (object, "notices"))
    return;
  array = json_object_get_array_member (object, "notices");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);
      const char *word = peek_text (row, "id");

      for (PrNoticeKind kind = 0; kind < PR_N_NOTICES; kind++)
        if (g_strcmp0 (pr_notice_kind_to_word (kind), word) == 0)
          pr_report_add_notice (report, kind, (guint) get_number (row, "number", 0));
    }
}

static void
read_subject (PrReport *report, JsonObject *object)
{
  report->environment = g_strdup (peek_text (object, "environment"));
  report->profile = g_strdup (peek_text (object, "profile"));
  report->mailbox = g_strdup (peek_text (object, "mailbox"));
  report->direction = get_enum (object, "direction", PR_TYPE_DIRECTION, PR_DIRECTION_INCOMING);
  report->protocol = get_enum (object, "protocol", PR_TYPE_PROTOCOL, PR_PROTOCOL_POP3);
  report->host = g_strdup (peek_text (object, "host"));
  report->port = (guint16) json_object_get_int_member_with_default (object, "port", 0);
  report->security = get_enum (object, "security", PR_TYPE_SECURITY, PR_SECURITY_SSL);
  report->username = g_strdup (peek_text (object, "username"));
}

static void
read_verdict (PrReport *report, JsonObject *object)
{
  report->outcome = get_enum (object, "status", PR_TYPE_OUTCOME, PR_OUTCOME_FAILURE);
  if (!pr_code_from_word (peek_text (object, "code"), &report->code))
    report->code = PR_CODE_INTERNAL_ERROR;
  report->permanence = get_enum (object, "permanence", PR_TYPE_PERMANENCE, PR_PERMANENCE_PERMANENT);
  report->scope = get_enum (object, "scope", PR_TYPE_SCOPE, PR_SCOPE_NONE);
  report->failed_step = get_enum (object, "failed_step", PR_TYPE_STEP, PR_STEP_PRECHECK);
  report->detail = g_strdup (peek_text (object, "detail"));
  report->server_reply = g_strdup (peek_text (object, "server_reply"));
  report->found_protocol = g_strdup (peek_text (object, "found_protocol"));
  report->suggested_port =
      (guint16) json_object_get_int_member_with_default (object, "suggested_port", 0);
  report->suggested_security =
      get_enum (object, "suggested_security", PR_TYPE_SECURITY, PR_SECURITY_SSL);
  report->answer_id = g_strdup (peek_text (object, "answer"));
  report->remedy_id = g_strdup (peek_text (object, "remedy_id"));
  report->wait_s = (guint) json_object_get_int_member_with_default (object, "retry_after_s", 0);
}

static void
read_addresses (PrReport *report, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "addresses");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);
      PrReportAddress *address = g_new0 (PrReportAddress, 1);

      address->text = g_strdup (peek_text (row, "address"));
      address->outcome = (PrOutcome) get_enum (row, "status", PR_TYPE_OUTCOME, PR_OUTCOME_SKIPPED);
      address->elapsed_us = get_us (row, "elapsed_ms");
      address->error = g_strdup (peek_text (row, "error"));
      g_ptr_array_add (report->addresses, address);
    }
}

static void
read_steps (PrReport *report, JsonObject *object)
{
  JsonArray *array;

  if (!json_object_has_member (object, "steps"))
    return;
  array = json_object_get_array_member (object, "steps");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);
      PrReportStep *step =
          pr_report_add_step (report, get_enum (row, "id", PR_TYPE_STEP, PR_STEP_PRECHECK),
                              get_enum (row, "status", PR_TYPE_OUTCOME, PR_OUTCOME_SKIPPED));

      step->elapsed_us = get_us (row, "elapsed_ms");
      step->detail = g_strdup (peek_text (row, "detail"));
      if (!pr_code_from_word (peek_text (row, "code"), &step->code))
        step->code = PR_CODE_OK;
    }
}

static void
read_differences (PrReport *report, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "changes");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);
      int kind;

      if (pr_enum_from_nick (PR_TYPE_DIFFERENCE_KIND, peek_text (row, "what"), &kind))
        pr_report_add_difference (report, (PrDifferenceKind) kind, peek_text (row, "was"),
                                  peek_text (row, "is"));
    }
}

static void
read_transcript (PrReport *report, JsonObject *object)
{
  JsonArray *array;

  if (!json_object_has_member (object, "transcript"))
    return;
  array = json_object_get_array_member (object, "transcript");
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *row = json_array_get_object_element (array, i);

      pr_report_add_line (report, get_us (row, "at_ms"),
                          g_strcmp0 (peek_text (row, "from"), "server") == 0,
                          g_strdup (peek_text (row, "text")));
    }
}

/**
 * pr_report_from_json_text:
 * @text: what pr_report_to_json_text() made
 *
 * Returns: (transfer full) (nullable): the report; %NULL if @text is none
 */
PrReport *
pr_report_from_json_text (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonObject *object, *certificate;
  PrReport *report;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  report = pr_report_new ();
  read_subject (report, object);
  read_verdict (report, object);
  report->mechanism = g_strdup (peek_text (object, "mechanism"));
  report->tls_version = g_strdup (peek_text (object, "tls_version"));
  report->tls_cipher = g_strdup (peek_text (object, "tls_cipher"));
  certificate = peek_object (object, "certificate");
  if (certificate != NULL)
    report->certificate = read_certificate (certificate);
  report->capabilities = get_strv (object, "capabilities");
  report->mechanisms = get_strv (object, "mechanisms");
  read_offer (report, object);
  read_notices (report, object);
  report->started_at = get_time (object, "started_at");
  report->elapsed_us = get_us (object, "elapsed_ms");
  report->round_trips = (guint) json_object_get_int_member_with_default (object, "round_trips", 0);
  report->attempt = (guint) json_object_get_int_member_with_default (object, "attempt", 1);
  report->next_attempt_at = get_time (object, "next_attempt_at");
  report->n_messages = (guint) json_object_get_int_member_with_default (object, "messages", 0);
  report->maildrop_bytes =
      (guint64) json_object_get_int_member_with_default (object, "maildrop_bytes", 0);
  read_differences (report, object);
  read_addresses (report, object);
  read_steps (report, object);
  read_transcript (report, object);
  return report;
}
