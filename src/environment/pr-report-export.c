/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports for other people and other programs: text for a ticket, CSV for a spreadsheet, JSON for
 * programs, a page for everybody. None of them has secrets, for reports have none. Main thread. */

#include "pr-report-export.h"

#include "pr-csv.h"
#include "pr-report-json.h"
#include "pr-report-text.h"
#include "pr-text.h"

#include <glib/gi18n-lib.h>

GType
pr_export_format_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = { { PR_EXPORT_TEXT, "PR_EXPORT_TEXT", "text" },
                                       { PR_EXPORT_JSON, "PR_EXPORT_JSON", "json" },
                                       { PR_EXPORT_CSV, "PR_EXPORT_CSV", "csv" },
                                       { PR_EXPORT_HTML, "PR_EXPORT_HTML", "html" },
                                       { 0, NULL, NULL } };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("PrExportFormat", values));
  return type;
}

static char *
export_json (GPtrArray *reports, PrExportFlags flags)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < reports->len; i++)
    json_array_add_element (array, pr_report_to_json (g_ptr_array_index (reports, i),
                                                      (flags & PR_EXPORT_TRANSCRIPT) != 0
                                                          ? PR_REPORT_JSON_TRANSCRIPT
                                                          : PR_REPORT_JSON_NONE));
  json_node_take_array (root, array);
  return json_to_string (root, TRUE);
}

/* --- CSV -------------------------------------------------------------------------------------- */

static const char *const columns[] = {
  "environment", "profile",    "mailbox",      "direction", "protocol",        "host",
  "port",        "security",   "status",       "code",      "permanence",      "scope",
  "summary",     "remedy",     "server_reply", "mechanism", "tls_version",     "certificate",
  "started_at",  "elapsed_ms", "round_trips",  "attempt",   "next_attempt_at",
};

static void
append (GString *text, const char *cell)
{
  pr_csv_append_cell (text, cell != NULL ? cell : "", FALSE);
}

static void
append_number (GString *text, guint number)
{
  g_string_append_printf (text, "%u,", number);
}

static void
append_row (GString *text, const PrReport *report)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  g_autofree char *started = pr_time_to_text (report->started_at);
  g_autofree char *next = pr_time_to_text (report->next_attempt_at);
  g_autofree char *until =
      report->certificate != NULL ? pr_time_to_text (report->certificate->not_after) : NULL;
  char elapsed[G_ASCII_DTOSTR_BUF_SIZE];

  append (text, report->environment);
  append (text, report->profile);
  append (text, report->mailbox);
  append (text, pr_enum_to_nick (PR_TYPE_DIRECTION, (int) report->direction));
  append (text, pr_enum_to_nick (PR_TYPE_PROTOCOL, (int) report->protocol));
  append (text, report->host);
  append_number (text, report->port);
  append (text, pr_enum_to_nick (PR_TYPE_SECURITY, (int) report->security));
  append (text, pr_enum_to_nick (PR_TYPE_OUTCOME, (int) report->outcome));
  append (text, pr_code_to_word (report->code));
  append (text, pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  append (text, report->scope != PR_SCOPE_NONE
                    ? pr_enum_to_nick (PR_TYPE_SCOPE, (int) report->scope)
                    : "");
  append (text, summary);
  append (text, remedy);
  append (text, report->server_reply);
  append (text, report->mechanism);
  append (text, report->tls_version);
  append (text, until);
  append (text, started);
  append (text,
          g_ascii_formatd (elapsed, sizeof elapsed, "%.1f", (double) report->elapsed_us / 1000));
  append_number (text, report->round_trips);
  append_number (text, report->attempt);
  pr_csv_append_cell (text, next != NULL ? next : "", TRUE);
}

static char *
export_csv (GPtrArray *reports)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    pr_csv_append_cell (text, columns[i], i + 1 == G_N_ELEMENTS (columns));
  for (guint i = 0; i < reports->len; i++)
    append_row (text, g_ptr_array_index (reports, i));
  return g_string_free (text, FALSE);
}

/* --- Text ------------------------------------------------------------------------------------- */

static void
append_steps (GString *text, const PrReport *report)
{
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      if (step->outcome == PR_OUTCOME_SKIPPED)
        continue;
      g_string_append_printf (
          text, "  %-8s %s, %.1f ms%s%s\n", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) step->outcome),
          pr_report_text_get_step (step->id), (double) step->elapsed_us / 1000,
          step->detail != NULL ? ": " : "", step->detail != NULL ? step->detail : "");
    }
}

static void
append_transcript (GString *text, const PrReport *report)
{
  for (guint i = 0; i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      g_string_append_printf (text, "  %9.1f ms %s %s\n", (double) line->at_us / 1000,
                              line->from_server ? "S:" : "C:", line->text);
    }
}

static void
append_report (GString *text, const PrReport *report, PrExportFlags flags)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  g_autofree char *started = pr_time_to_text (report->started_at);

  g_string_append_printf (text, "%s %s:%u (%s), %s\n",
                          report->protocol == PR_PROTOCOL_POP3 ? "POP3" : "SMTP", report->host,
                          report->port, pr_report_text_get_security (report->security),
                          started != NULL ? started : "");
  if (report->mailbox != NULL)
    g_string_append_printf (text, _ ("Mailbox: %s\n"), report->mailbox);
  g_string_append_printf (text, "%s\n", summary);
  if (report->outcome != PR_OUTCOME_SUCCESS)
    g_string_append_printf (text, _ ("Code: %s (%s)\n"), pr_code_to_word (report->code),
                            pr_enum_to_nick (PR_TYPE_PERMANENCE, (int) report->permanence));
  if (report->outcome != PR_OUTCOME_SUCCESS && report->server_reply != NULL)
    g_string_append_printf (text, _ ("The server said: %s\n"), report->server_reply);
  if (report->outcome != PR_OUTCOME_SUCCESS && remedy != NULL)
    g_string_append_printf (text, _ ("What to do: %s\n"), remedy);
  append_steps (text, report);
  if ((flags & PR_EXPORT_TRANSCRIPT) != 0)
    append_transcript (text, report);
}

static char *
export_text (GPtrArray *reports, PrExportFlags flags)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < reports->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\n');
      append_report (text, g_ptr_array_index (reports, i), flags);
    }
  return g_string_free (text, FALSE);
}

/**
 * pr_report_export:
 * @reports: (element-type PrReport): what to export
 * @format: in which form
 * @flags: how much of it
 *
 * Returns: (transfer full): the whole file, in UTF-8
 */
char *
pr_report_export (GPtrArray *reports, PrExportFormat format, PrExportFlags flags)
{
  g_autoptr (GPtrArray) shown = (flags & PR_EXPORT_ANONYMOUS) != 0
                                    ? pr_report_make_anonymous (reports)
                                    : g_ptr_array_ref (reports);

  switch (format)
    {
      case PR_EXPORT_TEXT:
        return export_text (shown, flags);
      case PR_EXPORT_JSON:
        return export_json (shown, flags);
      case PR_EXPORT_CSV:
        return export_csv (shown);
      case PR_EXPORT_HTML:
        return pr_report_export_html (shown, flags);
    }
  g_return_val_if_reached (NULL);
}
