/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold for every report (no secret in it, nothing that could harm a reader, steps in
 * good order), and what a script expects of its own. Complaints are collected, one a line, so
 * that one run tells all that is wrong. */

#include "report-checks.h"

#include "pr-text.h"

#include <string.h>

#define MASK_MIN 4 /* shorter passwords are in every second word: nothing can be said of them */

static void complain (GString *problems, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (GString *problems, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append (problems, "  ");
  g_string_append_vprintf (problems, format, args);
  g_string_append_c (problems, '\n');
  va_end (args);
}

/* --- Every string of a report ----------------------------------------------------------------- */

typedef void (*PrVisit) (const char *label, const char *text, gpointer data);

static void
visit_vector (const char *label, char **texts, PrVisit visit, gpointer data)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    visit (label, texts[i], data);
}

static void
visit_all (const PrReport *report, PrVisit visit, gpointer data)
{
  const char *const plain[][2] = {
    { "environment", report->environment },   { "profile", report->profile },
    { "mailbox", report->mailbox },           { "host", report->host },
    { "username", report->username },         { "detail", report->detail },
    { "server_reply", report->server_reply }, { "found_protocol", report->found_protocol },
    { "mechanism", report->mechanism },       { "tls_version", report->tls_version },
    { "tls_cipher", report->tls_cipher },     { "answer", report->answer_id },
    { "remedy", report->remedy_id },
  };
  const PrCertificate *certificate = report->certificate;

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (plain[i][1] != NULL)
      visit (plain[i][0], plain[i][1], data);
  visit_vector ("capabilities", report->capabilities, visit, data);
  visit_vector ("mechanisms", report->mechanisms, visit, data);
  if (certificate != NULL)
    {
      char *texts[] = { certificate->subject, certificate->issuer, certificate->sha256,
                        certificate->key, NULL };

      visit_vector ("certificate", texts, visit, data);
      visit_vector ("certificate names", certificate->names, visit, data);
    }
  for (guint i = 0; i < report->steps->len; i++)
    {
      PrReportStep *step = g_ptr_array_index (report->steps, i);

      if (step->detail != NULL)
        visit ("step detail", step->detail, data);
    }
  for (guint i = 0; i < report->transcript->len; i++)
    visit ("transcript", ((PrTranscriptLine *) g_ptr_array_index (report->transcript, i))->text,
           data);
}

typedef struct
{
  const PrScript *script;
  GPtrArray *forms; /* of char *: how the password could show itself */
  GString *problems;
} PrInspection;

static GPtrArray *
list_forms (const PrScript *script)
{
  static const char *const macros[] = { "{password}", "{b64 {password}}", "{plain}",
                                        "{hex {password}}", "{url {password}}" };
  PrScriptWords words = { script->user != NULL ? script->user : "", script->password, NULL, NULL };
  GPtrArray *forms = g_ptr_array_new_with_free_func (g_free);

  if (script->password == NULL || strlen (script->password) < MASK_MIN)
    return forms;
  for (guint i = 0; i < G_N_ELEMENTS (macros); i++)
    {
      GString *form = pr_script_text_expand (macros[i], &words, FALSE, NULL);

      g_ptr_array_add (forms, g_ascii_strup (form->str, (gssize) form->len));
      g_ptr_array_add (forms, g_string_free (form, FALSE));
    }
  return forms;
}

static gboolean
is_harmless (const char *label, const char *text)
{
  static const char *const ours[] = { "mailbox", "host", "username", NULL };

  if (g_strv_contains (ours, label))
    return TRUE; /* as the plan has it */
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      /* The server's lines stay lines there, by intention. */
      if (c == '\n' && g_str_equal (label, "server_reply"))
        continue;
      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
          || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return FALSE;
    }
  return TRUE;
}

static void
inspect (const char *label, const char *text, gpointer data)
{
  PrInspection *self = data;
  g_autofree char *safe = pr_text_for_display (text, -1, 200);

  for (guint i = 0; i < self->forms->len; i++)
    if (strstr (text, g_ptr_array_index (self->forms, i)) != NULL)
      complain (self->problems, "the password is in “%s”: %s", label, safe);
  if (!is_harmless (label, text))
    complain (self->problems, "“%s” is not harmless: %s", label, safe);
}

/* --- Steps ------------------------------------------------------------------------------------ */

/* With STARTTLS the capabilities are asked for twice, and both times are one step: when the second
 * time fails, these have been done. */
static gboolean
may_follow (const PrReport *report, PrStep id)
{
  return id == PR_STEP_SIGN_OUT
         || (report->failed_step == PR_STEP_CAPABILITIES && report->security == PR_SECURITY_STARTTLS
             && (id == PR_STEP_STARTTLS || id == PR_STEP_TLS || id == PR_STEP_CERTIFICATE));
}

static void
check_step (const PrReport *report, const PrReportStep *step, gboolean failed, GString *problems)
{
  const char *id = pr_enum_to_nick (PR_TYPE_STEP, (int) step->id);
  gboolean is_failed = report->outcome != PR_OUTCOME_SUCCESS && step->id == report->failed_step;

  if (step->elapsed_us < 0 || step->elapsed_us > report->elapsed_us)
    complain (problems, "step %s took %" G_GINT64_FORMAT " µs", id, step->elapsed_us);
  if (step->outcome == PR_OUTCOME_SKIPPED && (step->elapsed_us != 0 || step->code != PR_CODE_OK))
    complain (problems, "step %s was skipped, and has a time or a code", id);
  if (step->outcome == PR_OUTCOME_SUCCESS && step->code != PR_CODE_OK)
    complain (problems, "step %s is a success with code %s", id, pr_code_to_word (step->code));
  if (is_failed && (step->outcome != report->outcome || step->code != report->code))
    complain (problems, "the failed step %s says otherwise than the report", id);
  if (!is_failed && step->outcome != PR_OUTCOME_SUCCESS && step->outcome != PR_OUTCOME_SKIPPED)
    complain (problems, "step %s failed too", id);
  if (failed && step->outcome == PR_OUTCOME_SUCCESS && !may_follow (report, step->id))
    complain (problems, "step %s is a success behind the failure", id);
  if (report->outcome == PR_OUTCOME_SUCCESS && step->outcome != PR_OUTCOME_SUCCESS)
    complain (problems, "step %s did not succeed, but the test did", id);
}

static void
check_steps (const PrReport *report, GString *problems)
{
  gboolean seen[PR_N_STEPS] = { FALSE };
  gboolean failed = FALSE;

  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      if (seen[step->id])
        complain (problems, "step %s stands there twice",
                  pr_enum_to_nick (PR_TYPE_STEP, (int) step->id));
      seen[step->id] = TRUE;
      check_step (report, step, failed, problems);
      if (report->outcome != PR_OUTCOME_SUCCESS && step->id == report->failed_step)
        failed = TRUE;
    }
  if (report->outcome != PR_OUTCOME_SUCCESS && !failed)
    complain (problems, "the failed step is not among the steps");
  if (!seen[PR_STEP_PRECHECK] || !seen[PR_STEP_GREETING] || !seen[PR_STEP_SIGN_OUT])
    complain (problems, "a step that every conversation has is missing");
}

static void
check_transcript (const PrReport *report, GString *problems)
{
  gint64 last = 0;

  for (guint i = 0; i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      if (line->at_us < last || line->at_us > report->elapsed_us)
        complain (problems, "the transcript goes back in time: %s", line->text);
      last = line->at_us;
    }
}

/* What must hold however the conversation went. */
void
check_invariants (const PrReport *report, const PrScript *script, GString *problems)
{
  g_autoptr (GPtrArray) forms = list_forms (script);
  PrInspection inspection = { script, forms, problems };
  const PrCertificate *certificate = report->certificate;
  gboolean encrypted =
      report->tls_version != NULL && certificate != NULL
      && (certificate->n_problems == 0
          || (certificate->pinned && g_strcmp0 (certificate->pin, certificate->sha256) == 0));

  visit_all (report, inspect, &inspection);
  check_steps (report, problems);
  check_transcript (report, problems);
  if ((report->outcome == PR_OUTCOME_SUCCESS) != (report->code == PR_CODE_OK)
      || (report->outcome == PR_OUTCOME_CANCELLED) != (report->code == PR_CODE_CANCELLED))
    complain (problems, "outcome %s with code %s",
              pr_enum_to_nick (PR_TYPE_OUTCOME, (int) report->outcome),
              pr_code_to_word (report->code));
  if (certificate != NULL && certificate->pinned && script->pin == NULL)
    complain (problems, "pinned, and nobody pinned it");
  if (script->security != PR_SECURITY_NONE && !encrypted
      && (report->outcome == PR_OUTCOME_SUCCESS || report->mechanism != NULL))
    complain (problems, "a log-in without a verified channel");
  if (report->protocol != script->protocol || report->security != script->security
      || g_strcmp0 (report->host, script->host) != 0)
    complain (problems, "it is the report of another server");
  if (report->elapsed_us <= 0 || report->started_at <= 0)
    complain (problems, "no times");
}

/* --- What a script expects -------------------------------------------------------------------- */

static void
compare (GString *problems, const char *what, const char *expected, const char *got)
{
  const char *have = got != NULL ? got : "none";

  if (expected != NULL && !g_str_equal (expected, have))
    complain (problems, "%s is “%s”, expected “%s”", what, have, expected);
}

static void
compare_part (GString *problems, const char *what, const char *expected, const char *got)
{
  if (expected == NULL)
    return;
  if (g_str_equal (expected, "none") ? got != NULL : got == NULL || strstr (got, expected) == NULL)
    complain (problems, "%s is “%s”, expected “…%s…”", what, got != NULL ? got : "none", expected);
}

static void
compare_number (GString *problems, const char *what, const char *expected, guint64 got)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, got);

  compare (problems, what, expected, text);
}

static void
compare_problems (GString *problems, const char *expected, const PrCertificate *certificate)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (expected == NULL)
    return;
  for (guint i = 0; certificate != NULL && i < certificate->n_problems; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            pr_code_to_word (certificate->problems[i]));
  compare (problems, "problems", expected, text->len > 0 ? text->str : NULL);
}

static void
compare_transcript (GString *problems, const char *expected, const PrReport *report)
{
  gboolean found = expected == NULL;

  for (guint i = 0; !found && i < report->transcript->len; i++)
    found =
        strstr (((PrTranscriptLine *) g_ptr_array_index (report->transcript, i))->text, expected)
        != NULL;
  if (!found)
    complain (problems, "the transcript does not say “%s”", expected);
}

static void
compare_list (GString *problems, const char *what, const char *expected, char **got)
{
  g_autofree char *text = got != NULL ? g_strjoinv (" ", got) : NULL;

  compare (problems, what, expected, text != NULL && *text != '\0' ? text : NULL);
}

/* "word" or "word=number", one behind the other. */
static void
compare_notices (GString *problems, const char *expected, const PrReport *report)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < report->n_notices; i++)
    {
      const PrNotice *notice = &report->notices[i];

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                              pr_notice_kind_to_word (notice->kind));
      if (notice->number > 0)
        g_string_append_printf (text, "=%u", notice->number);
    }
  compare (problems, "notices", expected, text->len > 0 ? text->str : NULL);
}

/* "STEP TEXT": a part of what the step says of itself. */
static void
compare_step (GString *problems, const char *expected, const PrReport *report)
{
  g_auto (GStrv) words = g_strsplit (expected != NULL ? expected : "", " ", 2);
  const PrReportStep *step;
  int id;

  if (expected == NULL)
    return;
  if (g_strv_length (words) != 2 || !pr_enum_from_nick (PR_TYPE_STEP, words[0], &id))
    {
      complain (problems, "not “STEP TEXT”: “%s”", expected);
      return;
    }
  step = pr_report_find_step (report, (PrStep) id);
  compare_part (problems, words[0], words[1], step != NULL ? step->detail : NULL);
}

static void
check_verdict (const PrReport *report, const PrScript *script, GString *problems)
{
  gboolean ok = script->expect_code == PR_CODE_OK;
  const char *permanence = pr_script_get_check (script, "permanence");
  const char *scope = pr_script_get_check (script, "scope");

  if (permanence == NULL)
    permanence =
        pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) pr_code_get_permanence (script->expect_code));
  if (scope == NULL)
    scope = pr_enum_to_nick (PR_TYPE_SCOPE, (int) pr_code_get_scope (script->expect_code));
  if (report->code != script->expect_code || (!ok && report->failed_step != script->expect_step))
    complain (problems, "ended with %s at %s (%s), expected %s at %s",
              pr_code_to_word (report->code),
              report->outcome == PR_OUTCOME_SUCCESS
                  ? "all"
                  : pr_enum_to_nick (PR_TYPE_STEP, (int) report->failed_step),
              report->detail != NULL ? report->detail : "", pr_code_to_word (script->expect_code),
              ok ? "all" : pr_enum_to_nick (PR_TYPE_STEP, (int) script->expect_step));
  compare (problems, "permanence", permanence,
           pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  compare (problems, "scope", scope, pr_enum_to_nick (PR_TYPE_SCOPE, (int) report->scope));
  if (g_str_has_prefix (pr_code_to_word (script->expect_code), "certificate-")
      && (report->certificate == NULL
          || !pr_certificate_has_problem (report->certificate, script->expect_code)))
    complain (problems, "the certificate does not have the problem");
  if (!ok && (report->detail == NULL || *report->detail == '\0'))
    complain (problems, "a failure without a word of detail");
}

static void
check_suggestion (const PrReport *report, const PrScript *script, guint16 port, GString *problems)
{
  const char *expected = pr_script_get_check (script, "suggested-port");
  const char *security = pr_script_get_check (script, "suggested-security");
  g_autofree char *same = g_strdup_printf ("%u", port);

  if (expected == NULL)
    return;
  if (g_str_equal (expected, "none"))
    expected = "0";
  compare_number (problems, "suggested port", g_str_equal (expected, "same") ? same : expected,
                  report->suggested_port);
  compare (problems, "suggested security", security,
           pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->suggested_security));
}

/* What the headers of @script say of the report. */
void
check_expectations (const PrReport *report, const PrScript *script, guint16 port, GString *problems)
{
#define CHECK(key) pr_script_get_check (script, key)
  check_verdict (report, script, problems);
  check_suggestion (report, script, port, problems);
  compare_part (problems, "reply", CHECK ("reply"), report->server_reply);
  compare_part (problems, "detail", CHECK ("detail"), report->detail);
  compare (problems, "mechanism", CHECK ("mechanism"), report->mechanism);
  compare (problems, "TLS version", CHECK ("tls-version"), report->tls_version);
  compare (problems, "found protocol", CHECK ("found-protocol"), report->found_protocol);
  compare_number (problems, "round trips", CHECK ("round-trips"), report->round_trips);
  compare_number (problems, "messages", CHECK ("messages"), report->n_messages);
  compare (problems, "answer", CHECK ("answer"), report->answer_id);
  compare (problems, "remedy", CHECK ("remedy"), report->remedy_id);
  compare_number (problems, "wait", CHECK ("wait"), report->wait_s);
  compare_problems (problems, CHECK ("problems"), report->certificate);
  compare_transcript (problems, CHECK ("transcript"), report);
  compare_list (problems, "mechanisms", CHECK ("mechanisms"), report->mechanisms);
  compare_list (problems, "capabilities", CHECK ("capabilities"), report->capabilities);
  compare_notices (problems, CHECK ("notices"), report);
  compare_step (problems, CHECK ("step"), report);
  compare (problems, "revocation", CHECK ("revocation"),
           report->certificate == NULL               ? NULL
           : report->certificate->revocation_checked ? "checked"
                                                     : "not checked");
  compare_list (problems, "names", CHECK ("names"),
                report->certificate != NULL ? report->certificate->names : NULL);
#undef CHECK
}
