/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an alert says to a person: made from its facts when it is shown, so that it is in the
 * reader's language. Main thread. */

#include "pr-alert-text.h"

#include "pr-report-json.h"
#include "pr-report-text.h"

#include <glib/gi18n-lib.h>

/**
 * pr_alert_text_get_report:
 * @alert: an alert
 *
 * Returns: (transfer full) (nullable): the report that it was raised for, without steps and
 *   transcript; %NULL if its facts cannot be read
 */
PrReport *
pr_alert_text_get_report (PrAlert *alert)
{
  return pr_report_from_json_text (pr_alert_get_text (alert, FACTS));
}

/* For a sentence: an alert about a profile is about all of its mailboxes, not only about the one
 * that met it. */
static PrReport *
get_report_to_tell (PrAlert *alert)
{
  PrReport *report = pr_alert_text_get_report (alert);

  if (report != NULL && pr_alert_get (alert, MAILBOX_ID) == 0 && report->scope == PR_SCOPE_PROFILE)
    g_clear_pointer (&report->mailbox, g_free);
  return report;
}

/* Returns: whether @alert is about something that is no failure yet. */
static gboolean
get_warning (PrAlert *alert, PrWarning *warning)
{
  int value;

  if (!pr_enum_from_nick (PR_TYPE_WARNING, pr_alert_get_text (alert, CODE), &value))
    return FALSE;
  *warning = (PrWarning) value;
  return TRUE;
}

static gboolean
is_full_success (PrAlert *alert)
{
  return pr_alert_get (alert, SEVERITY) == PR_SEVERITY_INFORMATION
         && *pr_alert_get_text (alert, DIRECTION) == '\0'
         && g_str_equal (pr_alert_get_text (alert, CODE), pr_code_to_word (PR_CODE_OK));
}

/**
 * pr_alert_text_get_summary:
 * @alert: an alert
 *
 * Returns: (transfer full): in one sentence what happened and why, translated
 */
char *
pr_alert_text_get_summary (PrAlert *alert)
{
  g_autoptr (PrReport) report = get_report_to_tell (alert);
  g_autofree char *remedy = NULL;
  PrWarning warning;

  if (report != NULL && get_warning (alert, &warning))
    return pr_report_text_get_warning (report, warning, &remedy);
  if (report == NULL)
    return g_strdup_printf (_ ("The details of this alert cannot be read (%s)."),
                            pr_alert_get_text (alert, CODE));
  if (is_full_success (alert))
    return g_strdup_printf (_ ("%s was tested and is enabled: everything that is set up for it "
                               "works."),
                            report->mailbox);
  return pr_report_text_get_summary (report);
}

/* What happens next, where nothing is tried again by itself: %NULL where the remedy says when. */
static const char *
get_consequence (PrAlert *alert, const PrReport *report)
{
  const char *direction = pr_alert_get_text (alert, DIRECTION);

  if (pr_alert_get (alert, SEVERITY) != PR_SEVERITY_ERROR || report->outcome != PR_OUTCOME_FAILURE
      || report->permanence != PR_PERMANENCE_PERMANENT)
    return NULL;
  if (*direction == '\0')
    return _ ("Until a test succeeds, incoming and outgoing email stay disabled.");
  if (report->direction == PR_DIRECTION_INCOMING)
    return _ ("Until a test succeeds, incoming email stays disabled.");
  return _ ("Until a test succeeds, outgoing email stays disabled.");
}

/**
 * pr_alert_text_get_remedy:
 * @alert: an alert
 *
 * Returns: (transfer full) (nullable): what an admin can do about it and what happens next,
 *   translated; %NULL when there is nothing to do
 */
char *
pr_alert_text_get_remedy (PrAlert *alert)
{
  g_autoptr (PrReport) report = get_report_to_tell (alert);
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;
  const char *consequence;
  PrWarning warning;

  if (report == NULL)
    return NULL;
  if (get_warning (alert, &warning))
    {
      summary = pr_report_text_get_warning (report, warning, &remedy);
      return g_steal_pointer (&remedy);
    }
  remedy = pr_report_text_get_remedy (report);
  consequence = get_consequence (alert, report);
  if (remedy == NULL || consequence == NULL)
    return g_steal_pointer (&remedy);
  return g_strconcat (remedy, " ", consequence, NULL);
}

/* An alert about a profile is for its owner, and maybe for those of its mailboxes. */
static char *
get_told_of_profile (const char *owner, gboolean tells_mailboxes)
{
  if (*owner == '\0' && tells_mailboxes)
    return g_strdup (_ ("Told: the owners of its mailboxes. The server profile has no owner."));
  if (*owner == '\0')
    return g_strdup (_ ("Told: nobody, because the server profile has no owner."));
  if (tells_mailboxes)
    return g_strdup_printf (_ ("Told: %s (owner of the server profile) and the owners of its "
                               "mailboxes."),
                            owner);
  return g_strdup_printf (_ ("Told: %s (owner of the server profile)."), owner);
}

/**
 * pr_alert_text_get_told:
 * @alert: an alert
 *
 * Returns: (transfer full): on whose walls it is, translated
 */
char *
pr_alert_text_get_told (PrAlert *alert)
{
  const char *owner = pr_alert_get_text (alert, FOR_OWNER);
  const char *also = pr_alert_get_text (alert, ALSO_OWNER);

  if (pr_alert_get (alert, MAILBOX_ID) == 0)
    return get_told_of_profile (owner, pr_alert_get (alert, TELLS_MAILBOXES) != 0);
  if (*owner == '\0' && *also == '\0')
    return g_strdup (_ ("Told: nobody, because neither the mailbox nor its server profile has an "
                        "owner."));
  if (g_str_equal (owner, also))
    return g_strdup_printf (_ ("Told: %s (owner of the mailbox and of the server profile)."),
                            owner);
  if (*also == '\0')
    return g_strdup_printf (_ ("Told: %s (owner of the mailbox)."), owner);
  if (*owner == '\0')
    return get_told_of_profile (also, FALSE);
  return g_strdup_printf (_ ("Told: %s (owner of the mailbox) and %s (owner of the server "
                             "profile)."),
                          owner, also);
}
