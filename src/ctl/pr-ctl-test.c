/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable on the command line. */

#include "pr-ctl.h"

#include "pr-retry-runner.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct
{
  PrCtl *ctl;
  PrCtlTestOptions chosen;
  gint64 begin;      /* monotonic */
  gboolean progress; /* standard error is a terminal */
  gboolean collects; /* everything is printed at the end */
  gboolean lists;    /* an array, one report after the other */
  PrCtlList list;
  GPtrArray *reports;
  guint n_tests;
  guint n_done;
} PrTestOutput;

static void
show_progress (PrTestOutput *output)
{
  if (output->progress)
    pr_ctl_show_bar (output->n_done, output->n_tests, &output->begin);
}

static void
hide_progress (PrTestOutput *output)
{
  if (output->progress)
    pr_ctl_hide_bar ();
}

static void
on_started (PrEnvironment *environment, guint n_tests, gpointer user_data)
{
  PrTestOutput *output = user_data;

  output->n_tests = n_tests;
  output->begin = g_get_monotonic_time ();
  show_progress (output);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrTestOutput *output = user_data;

  output->n_done++;
  hide_progress (output);
  pr_ctl_gather_begin ();
  if (output->chosen.json_lines)
    pr_ctl_print_json_line (&output->chosen.output, report);
  else if (output->lists)
    pr_ctl_list_report (&output->list, &output->chosen.output, report);
  else if (output->collects)
    g_ptr_array_add (output->reports, pr_report_ref (report));
  else
    pr_ctl_print_report_line (report);
  pr_ctl_gather_end ();
  show_progress (output);
}

/* Whether to go on is decided before: there may be nobody to ask. */
static void
on_held (PrEnvironment *environment,
         const char *host,
         guint n_waiting,
         PrReport *cause,
         PrTestHold *hold,
         gpointer user_data)
{
  PrTestOutput *output = user_data;

  hide_progress (output);
  pr_ctl_flush ();
  if (!output->chosen.keep_going)
    g_printerr (ngettext ("%s refused several log-ins in a row. %u test that waits for it is not "
                          "run, so that no account is locked; --keep-going runs it.\n",
                          "%s refused several log-ins in a row. %u tests that wait for it are not "
                          "run, so that no account is locked; --keep-going runs them.\n",
                          n_waiting),
                host, n_waiting);
  pr_test_hold_answer (hold, output->chosen.keep_going);
}

static gboolean
print_summary (PrTestOutput *output, const PrTestSummary *summary, GError **error)
{
  hide_progress (output);
  pr_ctl_flush ();
  if (output->chosen.json_lines)
    return TRUE;
  if (output->chosen.output.nagios)
    {
      pr_ctl_print_nagios (output->reports, g_get_monotonic_time () - output->begin);
      return TRUE;
    }
  if (output->lists)
    {
      pr_ctl_list_end (&output->list);
      return TRUE;
    }
  if (output->collects)
    return pr_ctl_print_reports (&output->chosen.output, output->ctl, output->reports, error);
  g_print (_ ("%u succeeded, %u failed, %u cancelled, %u not run, %u not configured.\n"),
           summary->n_success, summary->n_failure, summary->n_cancelled, summary->n_not_run,
           summary->n_skipped);
  return TRUE;
}

/* Takes @error. A monitoring system must not take a wrong call for a mailbox that fails. */
static int
fail (const PrCtlTestOptions *chosen, GError *error)
{
  return chosen->output.nagios ? pr_ctl_fail_nagios (error) : pr_ctl_fail (error);
}

/* Tests what is selected and prints it. Returns: the exit status. */
static int
run_tests (PrTestOutput *output, PrSelection *selection, const PrTestOptions *options)
{
  const PrTestEvents events = { .started = on_started, .report = on_report, .held = on_held };
  PrCtl *ctl = output->ctl;
  g_auto (PrCtlWait) wait = { NULL };
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  g_auto (PrCtlTestOptions) chosen = output->chosen; /* freed at the end */
  PrTestSummary summary = { 0 };
  GError *error = NULL;
  gboolean ok;

  output->progress = isatty (STDERR_FILENO) && !chosen.json_lines;
  output->collects = pr_ctl_output_collects (&chosen.output);
  output->lists = ctl->json && pr_ctl_output_lists (&chosen.output);
  if (output->lists)
    pr_ctl_list_init (&output->list, ctl, NULL);
  output->reports = reports;
  output->begin = g_get_monotonic_time ();
  pr_environment_test_async (ctl->environment, selection, options, &events, output,
                             ctl->cancellable, pr_ctl_ready, &wait);
  ok = pr_environment_test_finish (ctl->environment, pr_ctl_wait (&wait), &summary, &error);
  if ((ok || output->n_done > 0) && !print_summary (output, &summary, ok ? &error : NULL))
    ok = FALSE;
  pr_ctl_list_clear (&output->list);
  if (!ok)
    return fail (&chosen, error);
  if (chosen.output.nagios)
    return pr_ctl_get_nagios_status (reports);
  return summary.n_failure > 0 || summary.n_cancelled > 0 || summary.n_not_run > 0 ? PR_CTL_FAILED
                                                                                   : PR_CTL_OK;
}

int
pr_ctl_mailbox_test (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlTestOptions) arguments = { 0 };
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_test_options_parse (&arguments, ctl, context, &argc, &argv, &options, &error)
      || !pr_ctl_open (ctl, &error))
    return fail (&arguments, error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection == NULL)
    return fail (&arguments, error);
  output.ctl = ctl;
  output.chosen = arguments;
  arguments = (PrCtlTestOptions){ 0 };
  return run_tests (&output, selection, &options);
}

int
pr_ctl_profile_test_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlTestOptions) arguments = { 0 };
  g_autoptr (PrSelection) selection = pr_selection_new_all ();
  g_autoptr (PrServerProfile) profile = NULL;
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;

  if (!pr_ctl_test_options_parse (&arguments, ctl, context, &argc, &argv, &options, &error))
    return fail (&arguments, error);
  if (argc != 2)
    return pr_ctl_usage (_ ("profile test-mailboxes needs the name of one server profile."));
  if (!pr_ctl_open (ctl, &error))
    return fail (&arguments, error);
  profile = pr_environment_find_profile (ctl->environment, argv[1]);
  if (profile == NULL)
    return fail (&arguments,
                 pr_error_new (PR_ERROR_NOT_FOUND, "name",
                               _ ("There is no server profile “%s” in this environment."),
                               argv[1]));
  pr_selection_set_profile (selection, pr_record_get_id (PR_RECORD (profile)));
  output.ctl = ctl;
  output.chosen = arguments;
  arguments = (PrCtlTestOptions){ 0 };
  return run_tests (&output, selection, &options);
}

/* Options of "run-due" and "watch", which take no mailbox. */
static gboolean
parse_due (PrCtl *ctl,
           GOptionContext *context,
           int argc,
           char **argv,
           PrTestOutput *output,
           PrTestOptions *options,
           GError **error)
{
  g_auto (PrCtlTestOptions) arguments = { 0 };

  if (!pr_ctl_test_options_parse (&arguments, ctl, context, &argc, &argv, options, error))
    return FALSE;
  if (argc > 1)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL, _ ("“%s” is not accepted here."), argv[1]);
      return FALSE;
    }
  output->ctl = ctl;
  output->chosen = arguments;
  arguments = (PrCtlTestOptions){ 0 };
  return pr_ctl_open (ctl, error);
}

int
pr_ctl_run_due (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrSelection) selection = pr_selection_new_all ();
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;

  if (!parse_due (ctl, context, argc, argv, &output, &options, &error))
    return pr_ctl_fail (error);
  options.due = g_get_real_time ();
  pr_selection_set_due (selection, options.due);
  return run_tests (&output, selection, &options);
}

static void
on_watch_failed (PrRetryRunner *runner, const GError *error, gpointer user_data)
{
  g_printerr ("postroomctl: %s\n", error->message);
}

static void
on_watch_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

int
pr_ctl_watch (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  const PrTestEvents events = { .report = on_report, .held = on_held };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (PrRetryRunner) runner = NULL;
  g_auto (PrCtlTestOptions) owned = { 0 };
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;
  gulong id;

  if (!parse_due (ctl, context, argc, argv, &output, &options, &error))
    return pr_ctl_fail (error);
  owned = output.chosen;
  if (ctl->json && !output.chosen.json_lines)
    return pr_ctl_usage (_ ("watch never ends: use --json-lines."));
  if (pr_environment_is_read_only (ctl->environment))
    return pr_ctl_fail (pr_error_new (PR_ERROR_READ_ONLY, NULL,
                                      _ ("This environment is read only: nothing can be tested "
                                         "again here.")));
  runner = pr_retry_runner_new (ctl->environment, &options, &events, &output);
  if (!pr_retry_runner_claim (runner, &error))
    {
      pr_ctl_fail (error);
      return PR_CTL_UNABLE;
    }
  g_signal_connect (runner, "failed", G_CALLBACK (on_watch_failed), NULL);
  id = g_cancellable_connect (ctl->cancellable, G_CALLBACK (on_watch_cancelled), loop, NULL);
  pr_retry_runner_start (runner);
  if (!g_cancellable_is_cancelled (ctl->cancellable))
    g_main_loop_run (loop);
  g_cancellable_disconnect (ctl->cancellable, id);
  pr_retry_runner_stop (runner);
  while (pr_retry_runner_is_busy (runner))
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  return PR_CTL_OK;
}
