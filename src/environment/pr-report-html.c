/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reports as one page that needs nothing else: no script, no picture, nothing fetched; light and
 * dark, on paper and on a telephone. Everything that came from outside is escaped. Main thread. */

#include "pr-report-export.h"

#include "pr-report-text.h"
#include "pr-text.h"
#include "pr-words.h"

#include <glib/gi18n-lib.h>

static const char style[] =
    ":root{color-scheme:light dark;--bad:#c01c28;--good:#26a269;--dim:#77767b}"
    "@media(prefers-color-scheme:dark){:root{--bad:#ff7b63;--good:#57e389;--dim:#9a9996}}"
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.2rem .6rem .2rem 0;"
    "vertical-align:top;overflow-wrap:anywhere}td.n{text-align:end;white-space:nowrap}"
    ".failure{color:var(--bad)}.success{color:var(--good)}.skipped,.cancelled,.dim{color:var(--dim)"
    "}"
    "pre{overflow-x:auto;padding:.6rem;border:1px solid var(--dim);border-radius:.4rem}"
    "details{margin:.4rem 0}summary{cursor:pointer}@media print{details{display:block}}";

static void
append_escaped (GString *html, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (html, escaped);
}

static void
append_element (GString *html, const char *tag, const char *class, const char *text)
{
  if (class != NULL)
    g_string_append_printf (html, "<%s class=\"%s\">", tag, class);
  else
    g_string_append_printf (html, "<%s>", tag);
  append_escaped (html, text);
  g_string_append_printf (html, "</%s>", tag);
}

static const char *
get_outcome (PrOutcome outcome)
{
  switch (outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return _ ("Success");
      case PR_OUTCOME_FAILURE:
        return _ ("Failure");
      case PR_OUTCOME_CANCELLED:
        return _ ("Cancelled");
      case PR_OUTCOME_SKIPPED:
        return _ ("Not run");
    }
  g_return_val_if_reached ("");
}

static void
append_steps (GString *html, const PrReport *report)
{
  g_string_append (html, "<table>");
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);
      const char *class = pr_enum_to_nick (PR_TYPE_OUTCOME, (int) step->outcome);
      g_autofree char *name =
          g_strdup_printf ("%s %s", pr_mark_of (step->outcome), pr_report_text_get_step (step->id));
      g_autofree char *time =
          step->outcome != PR_OUTCOME_SKIPPED
              ? g_strdup_printf (_ ("%.1f ms"), (double) step->elapsed_us / 1000)
              : g_strdup ("");

      g_string_append (html, "<tr>");
      append_element (html, "td", class, name);
      append_element (html, "td", "n", time);
      append_element (html, "td", NULL, step->detail != NULL ? step->detail : "");
      g_string_append (html, "</tr>");
    }
  g_string_append (html, "</table>");
}

static void
append_fact (GString *html, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append (html, "<tr>");
  append_element (html, "th", NULL, name);
  append_element (html, "td", NULL, value);
  g_string_append (html, "</tr>");
}

static void
append_facts (GString *html, const PrReport *report)
{
  const PrCertificate *certificate = report->certificate;
  g_autofree char *until = certificate != NULL ? pr_time_to_text (certificate->not_after) : NULL;
  g_autofree char *started = pr_time_to_text (report->started_at);
  g_autofree char *next = pr_time_to_text (report->next_attempt_at);

  g_string_append (html, "<table>");
  append_fact (html, _ ("Server profile"), report->profile);
  append_fact (html, _ ("Code"),
               report->code != PR_CODE_OK ? pr_code_to_word (report->code) : NULL);
  append_fact (html, _ ("Log-in"), report->mechanism);
  append_fact (html, _ ("Encryption"), report->tls_version);
  append_fact (html, _ ("Certificate of"), certificate != NULL ? certificate->subject : NULL);
  append_fact (html, _ ("Issued by"), certificate != NULL ? certificate->issuer : NULL);
  append_fact (html, _ ("Valid until"), until);
  append_fact (html, _ ("Started"), started);
  append_fact (html, _ ("Next try"), next);
  g_string_append (html, "</table>");
}

static void
append_transcript (GString *html, const PrReport *report)
{
  if (report->transcript->len == 0)
    return;
  g_string_append (html, "<details>");
  append_element (html, "summary", NULL, _ ("What was said"));
  g_string_append (html, "<pre>");
  for (guint i = 0; i < report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (report->transcript, i);

      g_string_append_printf (html, "%9.1f ms %s ", (double) line->at_us / 1000,
                              line->from_server ? "S:" : "C:");
      append_escaped (html, line->text);
      g_string_append_c (html, '\n');
    }
  g_string_append (html, "</pre></details>");
}

static void
append_report (GString *html, const PrReport *report, PrExportFlags flags)
{
  g_autofree char *summary = pr_report_text_get_summary (report);
  g_autofree char *remedy = pr_report_text_get_remedy (report);
  g_autofree char *title = g_strdup_printf (
      "%s %s: %s", pr_mark_of (report->outcome),
      report->mailbox != NULL ? report->mailbox : report->host,
      report->direction == PR_DIRECTION_INCOMING ? _ ("Incoming email") : _ ("Outgoing email"));

  g_string_append (html, "<section>");
  append_element (html, "h2", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) report->outcome), title);
  append_element (html, "p", NULL, summary);
  if (report->outcome != PR_OUTCOME_SUCCESS && report->server_reply != NULL)
    {
      append_element (html, "p", "dim", _ ("The server said:"));
      append_element (html, "pre", NULL, report->server_reply);
    }
  if (report->outcome != PR_OUTCOME_SUCCESS && remedy != NULL)
    {
      g_string_append (html, "<p><strong>");
      append_escaped (html, _ ("What to do:"));
      g_string_append (html, "</strong> ");
      append_escaped (html, remedy);
      g_string_append (html, "</p>");
    }
  g_string_append (html, report->outcome == PR_OUTCOME_SUCCESS ? "<details>" : "<details open>");
  append_element (html, "summary", NULL, _ ("Steps and technical details"));
  append_steps (html, report);
  append_facts (html, report);
  g_string_append (html, "</details>");
  if ((flags & PR_EXPORT_TRANSCRIPT) != 0)
    append_transcript (html, report);
  g_string_append (html, "</section>\n");
}

static void
append_overview (GString *html, GPtrArray *reports)
{
  guint counts[PR_OUTCOME_SKIPPED + 1] = { 0 };

  for (guint i = 0; i < reports->len; i++)
    counts[((PrReport *) g_ptr_array_index (reports, i))->outcome]++;
  g_string_append (html, "<p>");
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = NULL;

      if (counts[i] == 0)
        continue;
      text = g_strdup_printf ("%s %s: %u", pr_mark_of (i), get_outcome (i), counts[i]);
      append_element (html, "span", pr_enum_to_nick (PR_TYPE_OUTCOME, (int) i), text);
      g_string_append (html, " &nbsp; ");
    }
  g_string_append (html, "</p>\n");
}

/**
 * pr_report_export_html:
 * @reports: (element-type PrReport): what to show, failures and successes in their order
 * @flags: how much of it
 *
 * Returns: (transfer full): a whole page
 */
char *
pr_report_export_html (GPtrArray *reports, PrExportFlags flags)
{
  GString *html = g_string_new (NULL);

  g_string_append_printf (
      html,
      "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n",
      /* Translators: the code of your language, as in HTML: "de", "pt-BR". */
      C_ ("language of the page", "en"));
  append_element (html, "title", NULL, _ ("Email test report"));
  g_string_append_printf (html, "\n<style>%s</style>\n</head>\n<body>\n", style);
  append_element (html, "h1", NULL, _ ("Email test report"));
  append_overview (html, reports);
  for (guint i = 0; i < reports->len; i++)
    append_report (html, g_ptr_array_index (reports, i), flags);
  append_element (html, "p", "dim", _ ("Made by Postroom. Passwords are never part of a report."));
  g_string_append (html, "\n</body>\n</html>\n");
  return g_string_free (html, FALSE);
}
