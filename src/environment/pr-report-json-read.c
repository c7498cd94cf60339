/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A report from its JSON, as it was stored. What is missing or of another type is left empty: a
 * database may be damaged, or written by a newer Postroom. Main thread. */

#include "pr-report-json.h"

#include "pr-text.h"

#define MS_MAX 1e12 /* thirty years */

static JsonNode *
peek_node (JsonObject *object, const char *key, JsonNodeType type)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_node_type (node) == type ? node : NULL;
}

static const char *
peek_text (JsonObject *object, const char *key)
{
  JsonNode *node = peek_node (object, key, JSON_NODE_VALUE);

  return node != NULL ? json_node_get_string (node) : NULL;
}

/* For what is never NULL. */
static char *
dup_text (JsonObject *object, const char *key)
{
  const char *text = peek_text (object, key);

  return g_strdup (text != NULL ? text : "");
}

static guint64
get_number (JsonObject *object, const char *key, guint64 max, guint64 otherwise)
{
  JsonNode *node = peek_node (object, key, JSON_NODE_VALUE);
  gint64 number = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64
                      ? json_node_get_int (node)
                      : -1;

  return number >= 0 && (guint64) number <= max ? (guint64) number : otherwise;
}

static JsonArray *
peek_array (JsonObject *object, const char *key)
{
  JsonNode *node = peek_node (object, key, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static gboolean
get_flag (JsonObject *object, const char *key)
{
  JsonNode *node = peek_node (object, key, JSON_NODE_VALUE);

  return node != NULL && json_node_get_boolean (node);
}

/* Returns: (nullable): the @i-th element, if it is an object. */
static JsonObject *
peek_row (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
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
  JsonNode *node = peek_node (object, key, JSON_NODE_VALUE);
  double ms = node != NULL ? json_node_get_double (node) : 0;

  return ms > 0 && ms < MS_MAX ? (gint64) (ms * 1000.0 + 0.5) : 0;
}

static char **
get_strv (JsonObject *object, const char *key)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = peek_array (object, key);

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
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
  certificate->chain_length = (guint) get_number (object, "chain_length", G_MAXUINT16, 0);
  certificate->revocation_checked = g_strcmp0 (peek_text (object, "revocation"), "checked") == 0;
  certificate->pin = g_strdup (peek_text (object, "pin"));
  certificate->pinned = get_flag (object, "pinned");
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
  JsonNode *node = peek_node (object, "offer", JSON_NODE_OBJECT);
  JsonObject *row;
  guint64 days;

  if (node == NULL)
    return;
  row = json_node_get_object (node);
  offer->size_limit = get_number (row, "size", G_MAXINT64, 0);
  offer->eight_bit = get_flag (row, "8bitmime");
  offer->utf8 = get_flag (row, report->protocol == PR_PROTOCOL_SMTP ? "smtputf8" : "utf8");
  offer->uidl = get_flag (row, "uidl");
  offer->top = get_flag (row, "top");
  offer->login_delay_s = (guint) get_number (row, "login_delay_seconds", G_MAXUINT, 0);
  days = get_number (row, "expire_days", G_MAXINT, G_MAXUINT64);
  if (days != G_MAXUINT64)
    offer->expire_days = (int) days;
  else
    offer->expire_days = get_flag (row, "expire_never") ? PR_EXPIRE_NEVER : PR_EXPIRE_UNKNOWN;
}

static void
read_notices (PrReport *report, JsonObject *object)
{
  JsonArray *array = peek_array (object, "notices");

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonObject *row = peek_row (array, i);
      const char *word = row != NULL ? peek_text (row, "id") : NULL;

      for (PrNoticeKind kind = 0; word != NULL && kind < PR_N_NOTICES; kind++)
        if (g_str_equal (pr_notice_kind_to_word (kind), word))
          pr_report_add_notice (report, kind, (guint) get_number (row, "number", G_MAXUINT, 0));
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
  report->host = dup_text (object, "host");
  report->port = (guint16) get_number (object, "port", G_MAXUINT16, 0);
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
  report->suggested_port = (guint16) get_number (object, "suggested_port", G_MAXUINT16, 0);
  report->suggested_security =
      get_enum (object, "suggested_security", PR_TYPE_SECURITY, PR_SECURITY_SSL);
  report->answer_id = g_strdup (peek_text (object, "answer"));
  report->remedy_id = g_strdup (peek_text (object, "remedy_id"));
  report->wait_s = (guint) get_number (object, "retry_after_s", G_MAXUINT, 0);
}

static void
read_addresses (PrReport *report, JsonObject *object)
{
  JsonArray *array = peek_array (object, "addresses");

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonObject *row = peek_row (array, i);
      PrReportAddress *address;

      if (row == NULL)
        continue;
      address = g_new0 (PrReportAddress, 1);
      address->text = dup_text (row, "address");
      address->outcome = (PrOutcome) get_enum (row, "status", PR_TYPE_OUTCOME, PR_OUTCOME_SKIPPED);
      address->elapsed_us = get_us (row, "elapsed_ms");
      address->error = g_strdup (peek_text (row, "error"));
      g_ptr_array_add (report->addresses, address);
    }
}

static void
read_steps (PrReport *report, JsonObject *object)
{
  JsonArray *array = peek_array (object, "steps");

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonObject *row = peek_row (array, i);
      PrReportStep *step;

      if (row == NULL)
        continue;
      step = pr_report_add_step (report, get_enum (row, "id", PR_TYPE_STEP, PR_STEP_PRECHECK),
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
  JsonArray *array = peek_array (object, "changes");

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonObject *row = peek_row (array, i);
      int kind;

      if (row != NULL
          && pr_enum_from_nick (PR_TYPE_DIFFERENCE_KIND, peek_text (row, "what"), &kind))
        pr_report_add_difference (report, (PrDifferenceKind) kind, peek_text (row, "was"),
                                  peek_text (row, "is"));
    }
}

static void
read_transcript (PrReport *report, JsonObject *object)
{
  JsonArray *array = peek_array (object, "transcript");

  for (guint i = 0; i < get_length (array); i++)
    {
      JsonObject *row = peek_row (array, i);

      if (row != NULL)
        pr_report_add_line (report, get_us (row, "at_ms"),
                            g_strcmp0 (peek_text (row, "from"), "server") == 0,
                            dup_text (row, "text"));
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
  JsonNode *certificate;
  JsonObject *object;
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
  certificate = peek_node (object, "certificate", JSON_NODE_OBJECT);
  if (certificate != NULL)
    report->certificate = read_certificate (json_node_get_object (certificate));
  report->capabilities = get_strv (object, "capabilities");
  report->mechanisms = get_strv (object, "mechanisms");
  read_offer (report, object);
  read_notices (report, object);
  report->started_at = get_time (object, "started_at");
  report->elapsed_us = get_us (object, "elapsed_ms");
  report->round_trips = (guint) get_number (object, "round_trips", G_MAXUINT, 0);
  report->attempt = (guint) get_number (object, "attempt", G_MAXUINT, 1);
  report->next_attempt_at = get_time (object, "next_attempt_at");
  report->n_messages = (guint) get_number (object, "messages", G_MAXUINT, 0);
  report->maildrop_bytes = get_number (object, "maildrop_bytes", G_MAXINT64, 0);
  read_differences (report, object);
  read_addresses (report, object);
  read_steps (report, object);
  read_transcript (report, object);
  return report;
}
