/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report as JSON: the keys that others rely on, with their types, and that a report that was
 * stored comes back as it was, whatever else is found in the database. */

#include "pr-report-json.h"

#include <string.h>

static PrCertificate *
make_certificate (void)
{
  PrCertificate *certificate = pr_certificate_new ();

  certificate->subject = g_strdup ("CN=mail.example.org");
  certificate->issuer = g_strdup ("CN=Example CA");
  certificate->names = g_strsplit ("mail.example.org,*.example.org", ",", -1);
  certificate->not_before = G_GINT64_CONSTANT (1700000000000000);
  certificate->not_after = G_GINT64_CONSTANT (1800000000000000);
  certificate->sha256 = g_strdup ("0123456789abcdef");
  certificate->key = g_strdup ("ECDSA 256 bits");
  certificate->chain_length = 2;
  certificate->revocation_checked = TRUE;
  certificate->pin = g_strdup ("fedcba9876543210");
  certificate->pinned = TRUE;
  pr_certificate_add_problem (certificate, PR_CODE_CERTIFICATE_EXPIRED);
  pr_certificate_add_problem (certificate, PR_CODE_CERTIFICATE_WEAK);
  return certificate;
}

/* Every field has a value that none of its neighbours has. */
static PrReport *
make_full (PrDirection direction)
{
  PrReport *report = pr_report_new ();
  PrReportStep *step;
  PrReportAddress *address = g_new0 (PrReportAddress, 1);

  report->environment = g_strdup ("Default");
  report->profile = g_strdup ("Example mail");
  report->mailbox = g_strdup ("support@example.org");
  report->direction = direction;
  report->protocol = direction == PR_DIRECTION_INCOMING ? PR_PROTOCOL_POP3 : PR_PROTOCOL_SMTP;
  report->host = g_strdup ("mail.example.org");
  report->port = 995;
  report->security = PR_SECURITY_STARTTLS;
  report->username = g_strdup ("user “ü” \" \\ \n");
  report->outcome = PR_OUTCOME_FAILURE;
  report->code = PR_CODE_WRONG_PROTOCOL;
  report->permanence = PR_PERMANENCE_PERMANENT;
  report->scope = PR_SCOPE_PROFILE;
  report->detail = g_strdup ("facts");
  report->server_reply = g_strdup ("* OK ready\r\nsecond line");
  report->answer_id = g_strdup ("answer");
  report->found_protocol = g_strdup ("IMAP");
  report->failed_step = PR_STEP_GREETING;
  report->suggested_port = 110;
  report->suggested_security = PR_SECURITY_NONE;
  report->wait_s = 300;
  report->mechanism = g_strdup ("SCRAM-SHA-256");
  report->tls_version = g_strdup ("TLS 1.3");
  report->tls_cipher = g_strdup ("AES-256-GCM");
  report->capabilities = g_strsplit ("STLS,SASL PLAIN", ",", -1);
  report->mechanisms = g_strsplit ("PLAIN,LOGIN", ",", -1);
  report->n_messages = direction == PR_DIRECTION_INCOMING ? 17 : 0;
  report->maildrop_bytes = direction == PR_DIRECTION_INCOMING ? G_GUINT64_CONSTANT (5000000000) : 0;
  report->started_at = G_GINT64_CONSTANT (1769860800123000);
  report->elapsed_us = 812375;
  report->round_trips = 6;
  report->attempt = 3;
  report->next_attempt_at = G_GINT64_CONSTANT (1769861100000000);

  report->certificate = make_certificate ();
  address->text = g_strdup ("2001:db8::5");
  address->outcome = PR_OUTCOME_FAILURE;
  address->elapsed_us = 1250;
  address->error = g_strdup ("refused");
  g_ptr_array_add (report->addresses, address);
  report->offer = (PrOffer){
    .size_limit = direction == PR_DIRECTION_INCOMING ? 0 : 35000000,
    .eight_bit = direction == PR_DIRECTION_OUTGOING,
    .utf8 = TRUE,
    .uidl = direction == PR_DIRECTION_INCOMING,
    .login_delay_s = direction == PR_DIRECTION_INCOMING ? 60 : 0,
    .expire_days = direction == PR_DIRECTION_INCOMING ? 30 : PR_EXPIRE_UNKNOWN,
  };
  for (PrNoticeKind kind = 0; kind < PR_N_NOTICES; kind++)
    pr_report_add_notice (report, kind, 5);
  pr_report_add_difference (report, PR_DIFFERENCE_CERTIFICATE, "old", "new");
  step = pr_report_add_step (report, PR_STEP_RESOLVE, PR_OUTCOME_SUCCESS);
  step->elapsed_us = 3125;
  step->detail = g_strdup ("203.0.113.5");
  step = pr_report_add_step (report, PR_STEP_GREETING, PR_OUTCOME_FAILURE);
  step->code = PR_CODE_WRONG_PROTOCOL;
  step->elapsed_us = 210000;
  pr_report_add_step (report, PR_STEP_MAILBOX, PR_OUTCOME_SKIPPED);
  pr_report_add_line (report, 12000, TRUE, g_strdup ("+OK ready"));
  pr_report_add_line (report, 13000, FALSE, g_strdup ("AUTH PLAIN [hidden]"));
  return report;
}

static JsonObject *
get_object (JsonNode *node)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_node_get_object (node);
}

/* --- The contract ----------------------------------------------------------------------------- */

/* "s" text, "i" whole number, "d" number, "o" object, "a" array; "?" also null. */
typedef struct
{
  const char *key;
  const char *type;
} PrKey;

static const PrKey report_keys[] = {
  { "schema", "i" },       { "environment", "s?" },
  { "profile", "s?" },     { "mailbox", "s?" },
  { "direction", "s" },    { "protocol", "s" },
  { "host", "s" },         { "port", "i" },
  { "security", "s" },     { "status", "s" },
  { "code", "s" },         { "permanence", "s" },
  { "scope", "s?" },       { "summary", "s" },
  { "remedy", "s?" },      { "server_reply", "s?" },
  { "mechanism", "s?" },   { "tls_version", "s?" },
  { "tls_cipher", "s?" },  { "certificate", "o?" },
  { "capabilities", "a" }, { "started_at", "s?" },
  { "elapsed_ms", "d" },   { "round_trips", "i" },
  { "attempt", "i" },      { "next_attempt_at", "s?" },
  { "steps", "a" },
};

static const PrKey certificate_keys[] = {
  { "subject", "s?" },   { "issuer", "s?" }, { "names", "a" },    { "not_before", "s?" },
  { "not_after", "s?" }, { "sha256", "s?" }, { "problems", "a" },
};

static void
check_keys (JsonObject *object, const PrKey *keys, guint n_keys)
{
  for (guint i = 0; i < n_keys; i++)
    {
      JsonNode *node = json_object_get_member (object, keys[i].key);
      char type = keys[i].type[0];

      if (node == NULL)
        g_error ("“%s” is missing", keys[i].key);
      if (JSON_NODE_HOLDS_NULL (node))
        {
          g_assert_cmpint (keys[i].type[1], ==, '?');
          continue;
        }
      if ((type == 'o' && JSON_NODE_HOLDS_OBJECT (node))
          || (type == 'a' && JSON_NODE_HOLDS_ARRAY (node)))
        continue;
      g_assert_true (JSON_NODE_HOLDS_VALUE (node));
      g_assert_true ((type == 's' && json_node_get_value_type (node) == G_TYPE_STRING)
                     || (type == 'i' && json_node_get_value_type (node) == G_TYPE_INT64)
                     || (type == 'd' && json_node_get_value_type (node) == G_TYPE_DOUBLE));
    }
}

static void
test_keys (void)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_autoptr (PrReport) report = make_full (direction);
      g_autoptr (PrReport) empty = pr_report_new ();
      g_autoptr (JsonNode) node = pr_report_to_json (report, PR_REPORT_JSON_TRANSCRIPT);
      g_autoptr (JsonNode) bare = NULL;
      JsonObject *object = get_object (node);
      JsonArray *steps, *transcript;

      check_keys (object, report_keys, G_N_ELEMENTS (report_keys));
      g_assert_cmpint (json_object_get_int_member (object, "schema"), ==, 1);
      g_assert_cmpstr (json_object_get_string_member (object, "started_at"), ==,
                       "2026-01-31T12:00:00.123Z");
      g_assert_cmpstr (json_object_get_string_member (object, "code"), ==, "wrong-protocol");
      g_assert_cmpstr (json_object_get_string_member (object, "security"), ==, "starttls");
      check_keys (json_object_get_object_member (object, "certificate"), certificate_keys,
                  G_N_ELEMENTS (certificate_keys));
      steps = json_object_get_array_member (object, "steps");
      g_assert_cmpuint (json_array_get_length (steps), ==, 3);
      g_assert_cmpuint (json_object_get_size (json_array_get_object_element (steps, 0)), ==, 5);
      g_assert_cmpuint (json_object_get_size (json_array_get_object_element (steps, 2)), ==, 2);
      transcript = json_object_get_array_member (object, "transcript");
      g_assert_cmpstr (
          json_object_get_string_member (json_array_get_object_element (transcript, 1), "from"), ==,
          "client");

      /* Of a check that came to nothing at all, all keys are there, too. */
      empty->direction = direction;
      empty->host = g_strdup ("mail.example.org");
      bare = pr_report_to_json (empty, PR_REPORT_JSON_NONE);
      check_keys (get_object (bare), report_keys, G_N_ELEMENTS (report_keys));
      g_assert_false (json_object_has_member (get_object (bare), "transcript"));
    }
}

/* What a sentence is made from, and no more: it is stored with each alert. */
static void
test_facts (void)
{
  g_autoptr (PrReport) report = make_full (PR_DIRECTION_INCOMING);
  g_autoptr (JsonNode) node = pr_report_to_json (report, PR_REPORT_JSON_FACTS);
  g_autofree char *text = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);

  g_assert_false (json_object_has_member (get_object (node), "steps"));
  g_assert_false (json_object_has_member (get_object (node), "capabilities"));
  g_assert_false (json_object_has_member (get_object (node), "transcript"));
  g_assert_null (strchr (text, '\n'));
}

/* Figures are written as a person would, not with 17 digits. */
static void
test_figures (void)
{
  static const struct
  {
    gint64 us;
    const char *text;
  } rows[] = {
    { 0, "\"elapsed_ms\":0.0," },     { 812400, "\"elapsed_ms\":812.375," },
    { 125, "\"elapsed_ms\":0.125," }, { 1000, "\"elapsed_ms\":1.0," },
    { 62, "\"elapsed_ms\":0.0," },    { 63, "\"elapsed_ms\":0.125," },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrReport) report = pr_report_new ();
      g_autofree char *text = NULL;

      report->host = g_strdup ("x");
      report->elapsed_us = rows[i].us;
      text = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);
      if (strstr (text, rows[i].text) == NULL)
        g_error ("%d µs: %s", (int) rows[i].us, text);
    }
}

/* --- Back ------------------------------------------------------------------------------------- */

static void
test_round_trip (void)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      g_autoptr (PrReport) report = make_full (direction);
      g_autofree char *text = pr_report_to_json_text (report, PR_REPORT_JSON_TRANSCRIPT);
      g_autoptr (PrReport) again = pr_report_from_json_text (text);
      g_autofree char *text_again = NULL;

      g_assert_nonnull (again);
      text_again = pr_report_to_json_text (again, PR_REPORT_JSON_TRANSCRIPT);
      g_assert_cmpstr (text_again, ==, text);
      g_assert_cmpstr (again->username, ==, report->username);
      g_assert_cmpstr (again->server_reply, ==, report->server_reply);
      g_assert_cmpint (again->failed_step, ==, report->failed_step);
      g_assert_cmpint (again->started_at, ==, report->started_at);
      g_assert_cmpint (again->elapsed_us, ==, report->elapsed_us);
      g_assert_cmpuint (again->maildrop_bytes, ==, report->maildrop_bytes);
      g_assert_cmpuint (again->wait_s, ==, report->wait_s);
      g_assert_true (pr_certificate_has_problem (again->certificate, PR_CODE_CERTIFICATE_WEAK));
      g_assert_cmpuint (again->steps->len, ==, 3);
      g_assert_cmpuint (again->transcript->len, ==, 2);
      g_assert_cmpuint (again->addresses->len, ==, 1);
      g_assert_cmpuint (again->differences->len, ==, 1);
      g_assert_cmpuint (again->n_notices, ==, PR_N_NOTICES);
      g_assert_true (again->certificate->pinned);
      g_assert_cmpmem (&again->offer, sizeof again->offer, &report->offer, sizeof report->offer);
    }
}

/* Every outcome, step and code has a word that leads back to it. */
static void
test_all_codes (void)
{
  for (PrCode code = PR_CODE_OK; code < PR_N_CODES; code++)
    {
      g_autoptr (PrReport) report = pr_report_new ();
      g_autoptr (PrReport) again = NULL;
      g_autofree char *text = NULL;

      report->host = g_strdup ("x");
      report->code = code;
      report->outcome = code == PR_CODE_OK ? PR_OUTCOME_SUCCESS : PR_OUTCOME_FAILURE;
      report->permanence = pr_code_get_permanence (code);
      report->scope = pr_code_get_scope (code);
      report->failed_step = (PrStep) (code % PR_N_STEPS);
      text = pr_report_to_json_text (report, PR_REPORT_JSON_FACTS);
      again = pr_report_from_json_text (text);
      g_assert_cmpint (again->code, ==, code);
      g_assert_cmpint (again->outcome, ==, report->outcome);
      g_assert_cmpint (again->permanence, ==, report->permanence);
      g_assert_cmpint (again->scope, ==, report->scope);
      if (code != PR_CODE_OK)
        g_assert_cmpint (again->failed_step, ==, report->failed_step);
    }
}

static void
test_no_report (void)
{
  static const char *const texts[] = { "", " ", "{", "[]", "null", "17", "\"x\"", "{]", "\xff" };
  g_autoptr (PrReport) empty = pr_report_from_json_text ("{}");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (pr_report_from_json_text (texts[i]));
  g_assert_nonnull (empty);
}

/* One value at a time is something else than it should be, at every place of the report: what is
 * read is a report all the same, and can be written again. G_DEBUG makes each complaint fatal. */
static void replace_everywhere (JsonNode *root, JsonNode *node, const char *const *others);

static void
read_back (JsonNode *root)
{
  g_autofree char *text = json_to_string (root, FALSE);
  g_autoptr (PrReport) report = pr_report_from_json_text (text);
  g_autofree char *again = NULL;

  if (report == NULL)
    g_error ("no report: %s", text);
  again = pr_report_to_json_text (report, PR_REPORT_JSON_TRANSCRIPT);
  g_assert_nonnull (again);
}

static void
replace_in_array (JsonNode *root, JsonArray *array, const char *const *others)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    replace_everywhere (root, json_array_get_element (array, i), others);
  for (guint i = 0; others[i] != NULL; i++)
    {
      json_array_add_element (array, json_from_string (others[i], NULL));
      read_back (root);
      json_array_remove_element (array, json_array_get_length (array) - 1);
    }
}

static void
replace_everywhere (JsonNode *root, JsonNode *node, const char *const *others)
{
  g_autoptr (GList) members = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (node))
    replace_in_array (root, json_node_get_array (node), others);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  object = json_node_get_object (node);
  members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (keys, g_strdup (l->data));
  for (guint k = 0; k < keys->len; k++)
    {
      const char *key = g_ptr_array_index (keys, k);
      JsonNode *before = json_node_copy (json_object_get_member (object, key));

      replace_everywhere (root, json_object_get_member (object, key), others);
      for (guint i = 0; others[i] != NULL; i++)
        {
          json_object_set_member (object, key, json_from_string (others[i], NULL));
          read_back (root);
        }
      json_object_set_member (object, key, before);
    }
}

static void
test_wrong_types (void)
{
  static const char *const others[] = { "null", "17", "-1",   "1e99",      "true",        "\"x\"",
                                        "{}",   "[]", "[[]]", "{\"a\":1}", "[1,null,{}]", NULL };
  g_autoptr (PrReport) report = make_full (PR_DIRECTION_INCOMING);
  g_autoptr (JsonNode) root = pr_report_to_json (report, PR_REPORT_JSON_TRANSCRIPT);

  replace_everywhere (root, root, others);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-json/keys", test_keys);
  g_test_add_func ("/report-json/facts", test_facts);
  g_test_add_func ("/report-json/figures", test_figures);
  g_test_add_func ("/report-json/round-trip", test_round_trip);
  g_test_add_func ("/report-json/all-codes", test_all_codes);
  g_test_add_func ("/report-json/no-report", test_no_report);
  g_test_add_func ("/report-json/wrong-types", test_wrong_types);
  return g_test_run ();
}
