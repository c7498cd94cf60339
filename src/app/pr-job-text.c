/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A job in words: for the bar below the pages, the notification and the view of the job, which say
 * the same. Main thread. */

#include "pr-job-text.h"

#include <glib/gi18n.h>

static char *
describe_time_left (PrWindowJob *job)
{
  gint64 seconds = pr_window_job_get_seconds_left (job);
  guint minutes = (guint) ((seconds + 59) / 60);

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup (_ ("less than a minute left"));
  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                          minutes);
}

static char *
describe_time_taken (PrWindowJob *job)
{
  guint seconds = (guint) ((pr_window_job_get_elapsed (job) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  guint minutes = seconds / 60;

  if (seconds < 60)
    return g_strdup_printf (ngettext ("took %u second", "took %u seconds", seconds), seconds);
  return g_strdup_printf (ngettext ("took %u minute", "took %u minutes", minutes), minutes);
}

static char *
describe_running (PrWindowJob *job)
{
  GString *text = g_string_new (NULL);
  guint n_failed = pr_window_job_get_n_failed (job);
  g_autofree char *left = describe_time_left (job);

  if (pr_window_job_get_n_tests (job) == 0)
    g_string_append (text, _ ("Preparing…"));
  else
    g_string_append_printf (text, _ ("%u of %u tests"), pr_window_job_get_n_done (job),
                            pr_window_job_get_n_tests (job));
  if (n_failed > 0)
    g_string_append_printf (text, ngettext (" · %u failed", " · %u failed", n_failed), n_failed);
  if (left != NULL)
    g_string_append_printf (text, " · %s", left);
  return g_string_free (text, FALSE);
}

static char *
describe_ended (PrWindowJob *job)
{
  const PrTestSummary *summary = pr_window_job_get_summary (job);
  GString *text = g_string_new (NULL);
  g_autofree char *taken = describe_time_taken (job);

  g_string_append_printf (text, ngettext ("%u test passed", "%u tests passed", summary->n_success),
                          summary->n_success);
  if (summary->n_failure > 0)
    g_string_append_printf (text, ngettext (" · %u failed", " · %u failed", summary->n_failure),
                            summary->n_failure);
  if (summary->n_not_run > 0)
    g_string_append_printf (text, ngettext (" · %u not run", " · %u not run", summary->n_not_run),
                            summary->n_not_run);
  if (summary->n_skipped > 0)
    g_string_append_printf (text,
                            ngettext (" · %u not set up", " · %u not set up", summary->n_skipped),
                            summary->n_skipped);
  if (summary->n_cancelled > 0)
    g_string_append_printf (text,
                            ngettext (" · %u cancelled", " · %u cancelled", summary->n_cancelled),
                            summary->n_cancelled);
  g_string_append_printf (text, " · %s", taken);
  return g_string_free (text, FALSE);
}

/**
 * pr_job_text_get_state:
 * @job: a job
 *
 * Returns: (transfer full): how far it is, or how it ended, in numbers
 */
char *
pr_job_text_get_state (PrWindowJob *job)
{
  if (pr_window_job_is_running (job))
    return describe_running (job);
  if (pr_window_job_get_error (job) != NULL)
    return g_strdup (pr_window_job_get_error (job)->message);
  return describe_ended (job);
}

/**
 * pr_job_text_get_headline:
 * @job: a job
 *
 * Returns: (transfer full): the same in a few words
 */
char *
pr_job_text_get_headline (PrWindowJob *job)
{
  const PrTestSummary *summary = pr_window_job_get_summary (job);
  guint n_run = summary->n_success + summary->n_failure;

  if (pr_window_job_is_running (job))
    return g_strdup (_ ("Testing…"));
  if (pr_window_job_get_error (job) != NULL)
    return g_strdup (_ ("The tests could not be carried out"));
  if (summary->n_failure > 0)
    return g_strdup_printf (
        ngettext ("%u of %u tests failed", "%u of %u tests failed", summary->n_failure),
        summary->n_failure, n_run);
  if (summary->n_cancelled > 0)
    return g_strdup (_ ("The tests were cancelled"));
  if (summary->n_not_run > 0)
    return g_strdup (_ ("Not everything was tested"));
  if (n_run == 0)
    return g_strdup (_ ("There was nothing to test"));
  return g_strdup (_ ("Everything that was tested works"));
}
