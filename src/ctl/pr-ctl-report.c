/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In which form reports are printed: for people, programs, spreadsheets, browsers and monitoring
 * systems. */

#include "pr-ctl.h"

#include "pr-report-json.h"
#include "pr-report-text.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* Of monitoring plugins: a contract of theirs. */
enum
{
  NAGIOS_OK = 0,
  NAGIOS_WARNING = 1,
  NAGIOS_CRITICAL = 2,
  NAGIOS_UNKNOWN = 3,
};

#define CERTIFICATE_WARNING_US (G_GINT64_CONSTANT (30) * 24 * 3600 * G_USEC_PER_SEC)

void
pr_ctl_output_clear (PrCtlOutput *self)
{
  g_free (self->format);
  g_free (self->file);
}

/* Returns: (transfer full): the options of every command that prints reports. */
GOptionGroup *
pr_ctl_output_get_group (PrCtlOutput *self)
{
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &self->format, N_ ("text, json, csv or html"),
      N_ ("FORMAT") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->file, N_ ("Write the reports to a file"),
      N_ ("FILE") },
    { "anonymous", 0, 0, G_OPTION_ARG_NONE, &self->anonymous,
      N_ ("Without email addresses and user names"), NULL },
    { "transcript", 0, 0, G_OPTION_ARG_NONE, &self->transcript,
      N_ ("With every line that was said, without secrets"), NULL },
    { "nagios", 0, 0, G_OPTION_ARG_NONE, &self->nagios,
      N_ ("One line and an exit status for monitoring systems"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group =
      g_option_group_new ("report", _ ("Reports:"), _ ("Show the options for reports"), NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  return group;
}

gboolean
pr_ctl_output_check (PrCtlOutput *self, PrCtl *ctl, GError **error)
{
  int format = ctl->json ? PR_EXPORT_JSON : PR_EXPORT_TEXT;

  if (self->format != NULL && !pr_enum_from_nick (PR_TYPE_EXPORT_FORMAT, self->format, &format))
    {
      g_autofree char *accepted = pr_enum_list_nicks (PR_TYPE_EXPORT_FORMAT);

      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--format",
                    _ ("--format: “%s” is not accepted. Accepted: %s."), self->format, accepted);
      return FALSE;
    }
  self->kind = (PrExportFormat) format;
  return TRUE;
}

/* Whether reports are printed together at the end. */
gboolean
pr_ctl_output_collects (const PrCtlOutput *self)
{
  return self->format != NULL || self->file != NULL || self->anonymous || self->nagios
         || self->kind != PR_EXPORT_TEXT;
}

/* Whether they can be printed as an array while they come, without seeing all of them before. */
gboolean
pr_ctl_output_lists (const PrCtlOutput *self)
{
  return self->kind == PR_EXPORT_JSON && self->file == NULL && !self->anonymous && !self->nagios;
}

static PrExportFlags
get_flags (const PrCtlOutput *self)
{
  return (self->transcript ? PR_EXPORT_TRANSCRIPT : 0)
         | (self->anonymous ? PR_EXPORT_ANONYMOUS : 0);
}

gboolean
pr_ctl_print_reports (const PrCtlOutput *self, PrCtl *ctl, GPtrArray *reports, GError **error)
{
  g_autofree char *text = pr_report_export (reports, self->kind, get_flags (self));

  if (self->file != NULL)
    return g_file_set_contents_full (self->file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                     error);
  g_print ("%s%s", text, g_str_has_suffix (text, "\n") ? "" : "\n");
  return TRUE;
}

static JsonNode *
make_json (const PrCtlOutput *self, PrReport *report)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (GPtrArray) shown = NULL;

  g_ptr_array_add (one, report);
  shown = self->anonymous ? pr_report_make_anonymous (one) : g_ptr_array_ref (one);
  return pr_report_to_json (g_ptr_array_index (shown, 0),
                            self->transcript ? PR_REPORT_JSON_TRANSCRIPT : PR_REPORT_JSON_NONE);
}

/* Adds @report to a list that is JSON. */
void
pr_ctl_list_report (PrCtlList *list, const PrCtlOutput *self, PrReport *report)
{
  g_autoptr (JsonNode) node = make_json (self, report);

  pr_ctl_list_add_json (list, node);
}

void
pr_ctl_print_json_object (const PrCtlOutput *self, PrReport *report)
{
  g_autoptr (JsonNode) node = make_json (self, report);

  pr_ctl_print_json (node);
}

void
pr_ctl_print_json_line (const PrCtlOutput *self, PrReport *report)
{
  g_autoptr (JsonNode) node = make_json (self, report);
  g_autofree char *line = json_to_string (node, FALSE);

  g_print ("%s\n", line);
}

/* --- Monitoring ------------------------------------------------------------------------------- */

static gboolean
ends_soon (const PrReport *report)
{
  return report->certificate != NULL
         && report->certificate->not_after < g_get_real_time () + CERTIFICATE_WARNING_US;
}

/* What will not pass by itself is critical; what may, and what was not run, is a warning. */
static int
judge (const PrReport *report)
{
  switch (report->outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return ends_soon (report) ? NAGIOS_WARNING : NAGIOS_OK;
      case PR_OUTCOME_FAILURE:
        return report->permanence == PR_PERMANENCE_TRANSIENT ? NAGIOS_WARNING : NAGIOS_CRITICAL;
      case PR_OUTCOME_CANCELLED:
        return NAGIOS_UNKNOWN;
      case PR_OUTCOME_SKIPPED:
        return report->code == PR_CODE_MAILBOX_DIRECTION_NONE ? NAGIOS_OK : NAGIOS_WARNING;
    }
  g_return_val_if_reached (NAGIOS_UNKNOWN);
}

int
pr_ctl_get_nagios_status (GPtrArray *reports)
{
  int worst = NAGIOS_OK;

  for (guint i = 0; i < reports->len; i++)
    {
      int status = judge (g_ptr_array_index (reports, i));

      /* Critical is worse than unknown. */
      if (status == NAGIOS_CRITICAL || (status > worst && worst != NAGIOS_CRITICAL))
        worst = status;
    }
  return worst;
}

/* The first report that is as bad as all together. */
static char *
get_reason (GPtrArray *reports, int status)
{
  for (guint i = 0; i < reports->len; i++)
    {
      const PrReport *report = g_ptr_array_index (reports, i);

      if (status == NAGIOS_OK || judge (report) != status)
        continue;
      if (report->outcome == PR_OUTCOME_SUCCESS)
        return g_strdup_printf (_ ("the certificate of %s ends soon"), report->host);
      return pr_report_text_get_summary (report);
    }
  return NULL;
}

/* One line: what a plugin says, and the figures behind a bar, which have no bar in them. */
void
pr_ctl_print_nagios (GPtrArray *reports, gint64 elapsed_us)
{
  static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  int status = pr_ctl_get_nagios_status (reports);
  g_autofree char *reason = get_reason (reports, status);
  guint n_good = 0, n_bad = 0;

  for (guint i = 0; i < reports->len; i++)
    {
      const PrReport *report = g_ptr_array_index (reports, i);

      n_good += report->outcome == PR_OUTCOME_SUCCESS;
      n_bad += report->outcome == PR_OUTCOME_FAILURE;
    }
  if (reason != NULL)
    g_strdelimit (reason, "|\n\r", ' ');
  g_print ("POSTROOM %s - ", words[status]);
  g_print (ngettext ("%u of %u test succeeded", "%u of %u tests succeeded", reports->len), n_good,
           reports->len);
  g_print ("%s%s | success=%u;;;0;%u failure=%u;;;0;%u time=%.3fs;;;0\n",
           reason != NULL ? ": " : "", reason != NULL ? reason : "", n_good, reports->len, n_bad,
           reports->len, (double) elapsed_us / G_USEC_PER_SEC);
}

/* It could not run at all. Takes @error. */
int
pr_ctl_fail_nagios (GError *error)
{
  g_strdelimit (error->message, "|\n\r", ' ');
  g_print ("POSTROOM UNKNOWN - %s\n", error->message);
  g_error_free (error);
  return NAGIOS_UNKNOWN;
}
