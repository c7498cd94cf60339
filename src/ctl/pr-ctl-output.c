/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How records and reports look on a terminal, and as JSON. */

#include "pr-ctl.h"

#include "pr-report-text.h"
#include "pr-text.h"
#include "pr-words.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* That something was done: a sentence, or as JSON { "WHAT": N }. */
void
pr_ctl_print_done (PrCtl *ctl, const char *what, guint n, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  if (ctl->json)
    g_print ("{ \"%s\": %u }\n", what, n);
  else
    g_print ("%s", sentence);
}

void
pr_ctl_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  g_print ("%s\n", text);
}

static void
add_value (JsonBuilder *builder, const PrField *field, PrRecord *record, guint i)
{
  gint64 number;
  g_autofree char *text = NULL;

  switch (field->kind)
    {
      case PR_FIELD_BOOLEAN:
        json_builder_add_boolean_value (builder, pr_record_get_number (record, i) != 0);
        return;
      case PR_FIELD_INTEGER:
        json_builder_add_int_value (builder, pr_record_get_number (record, i));
        return;
      case PR_FIELD_TIME:
      case PR_FIELD_REFERENCE:
        number = pr_record_get_number (record, i);
        if (number == 0)
          json_builder_add_null_value (builder);
        else if (field->kind == PR_FIELD_REFERENCE)
          json_builder_add_int_value (builder, number);
        else
          {
            text = pr_time_to_text (number);
            json_builder_add_string_value (builder, text);
          }
        return;
      case PR_FIELD_TEXT:
      case PR_FIELD_ENUM:
        text = pr_record_format (record, i);
        json_builder_add_string_value (builder, text);
        return;
    }
}

/* All fields of a record, with "_" for "-" in their names. */
JsonNode *
pr_ctl_record_to_json (PrRecord *record)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n;
  const PrField *fields = pr_record_get_fields (record, &n);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, pr_record_get_id (record));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdelimit (g_strdup (fields[i].name), "-", '_');

      json_builder_set_member_name (builder, key);
      add_value (builder, &fields[i], record, i);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
print_cell (const char *text, glong width, gboolean last)
{
  glong n = g_utf8_strlen (text, -1);

  g_print ("%s", text);
  for (glong i = n; !last && i < width + 2; i++)
    g_print (" ");
}

/* A table of the fields named in @columns, or JSON of all. */
void
pr_ctl_print_records (PrCtl *ctl, GPtrArray *records, const char *const *columns)
{
  g_auto (PrCtlList) list = { 0 };

  pr_ctl_list_init (&list, ctl, columns);
  for (guint i = 0; i < records->len; i++)
    pr_ctl_list_measure (&list, g_ptr_array_index (records, i));
  for (guint i = 0; i < records->len; i++)
    pr_ctl_list_add (&list, g_ptr_array_index (records, i));
  pr_ctl_list_end (&list);
}

void
pr_ctl_print_record (PrCtl *ctl, PrRecord *record)
{
  g_autoptr (JsonNode) node = NULL;
  g_auto (PrCtlList) list = { 0 };

  if (ctl->json)
    {
      node = pr_ctl_record_to_json (record);
      pr_ctl_print_json (node);
      return;
    }
  pr_ctl_list_init (&list, ctl, NULL);
  pr_ctl_list_add (&list, record);
  pr_ctl_list_end (&list);
}

static void
print_steps (const PrReport *report)
{
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      g_print ("  %s ", pr_mark_of (step->outcome));
      print_cell (pr_report_text_get_step (step->id), 30, FALSE);
      if (step->outcome == PR_OUTCOME_SKIPPED)
        g_print ("\n");
      else
        g_print ("%9.1f ms  %s\n", (double) step->elapsed_us / 1000,
                 step->detail != NULL ? step->detail : "");
    }
}

static void
print_verdict (const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  g_autofree char *next = pr_time_to_text (report->next_attempt_at);

  g_print ("%s\n", summary);
  if (report->code == PR_CODE_OK)
    return;
  g_print (_ ("Code: %s (%s)\n"), pr_code_to_word (report->code),
           pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  if (report->server_reply != NULL)
    g_print (_ ("The server said: %s\n"), report->server_reply);
  if (remedy != NULL)
    g_print (_ ("What to do: %s\n"), remedy);
  if (next != NULL)
    g_print (_ ("Next try: %s\n"), next);
}

/* What works, but not as well as it could. */
static void
print_notices (const PrReport *report, const char *indent)
{
  for (guint i = 0; i < report->n_notices; i++)
    {
      g_autofree char *remedy = NULL;
      g_autofree char *text = pr_report_text_get_notice (report, &report->notices[i], &remedy);

      g_print (_ ("%sNote: %s %s\n"), indent, text, remedy);
    }
}

/* The whole report: what `check` prints. */
void
pr_ctl_print_report (const PrReport *report, gboolean transcript)
{
  g_print ("%s %s:%u (%s)\n", report->protocol == PR_PROTOCOL_POP3 ? "POP3" : "SMTP", report->host,
           report->port, pr_report_text_get_security (report->security));
  print_steps (report);
  print_verdict (report);
  print_notices (report, "");
  for (guint i = 0; transcript && i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      g_print ("%9.1f ms %s %s\n", (double) line->at_us / 1000,
               line->from_server ? "S:" : "C:", line->text);
    }
}

/* One line, and below it what a failure needs: what a job prints of each test. */
void
pr_ctl_print_report_line (const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  g_autofree char *next = pr_time_to_text (report->next_attempt_at);

  g_print ("%s %s %s: %s\n", pr_mark_of (report->outcome),
           report->mailbox != NULL ? report->mailbox : report->host,
           pr_enum_to_nick (PR_TYPE_DIRECTION, (int) report->direction), summary);
  for (guint i = 0; i < report->differences->len; i++)
    {
      g_autofree char *text =
          pr_report_text_get_difference (g_ptr_array_index (report->differences, i));

      g_print (_ ("    Changed: %s\n"), text);
    }
  print_notices (report, "    ");
  if (report->outcome != PR_OUTCOME_FAILURE)
    return;
  if (report->server_reply != NULL)
    g_print (_ ("    The server said: %s\n"), report->server_reply);
  if (remedy != NULL)
    g_print (_ ("    What to do: %s\n"), remedy);
  if (next != NULL)
    g_print (_ ("    Next try: %s\n"), next);
  g_print (_ ("    Code: %s\n"), pr_code_to_word (report->code));
}

/* --- Together --------------------------------------------------------------------------------- */

static GString *gathered; /* (nullable): not printed yet */

static void
gather (const char *text)
{
  g_string_append (gathered, text);
}

/* Prints what was gathered. */
void
pr_ctl_flush (void)
{
  if (gathered == NULL)
    return;
  g_print ("%s", gathered->str);
  g_string_free (g_steal_pointer (&gathered), TRUE);
}

static gboolean
on_idle (gpointer user_data)
{
  pr_ctl_flush ();
  return G_SOURCE_REMOVE;
}

/* What is printed from here to pr_ctl_gather_end() is written as soon as the main loop has nothing
 * else to do, together with what came meanwhile: many results end at one time, and each call would
 * wake whoever reads. A person at a terminal sees each at once. Main thread. */
void
pr_ctl_gather_begin (void)
{
  if (isatty (STDOUT_FILENO))
    return;
  if (gathered == NULL)
    {
      gathered = g_string_new (NULL);
      g_idle_add (on_idle, NULL);
    }
  g_set_print_handler (gather);
}

void
pr_ctl_gather_end (void)
{
  g_set_print_handler (NULL);
}
