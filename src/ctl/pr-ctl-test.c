/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable on the command line. */

#include "pr-ctl.h"

#include "pr-report-json.h"
#include "pr-retry-runner.h"

#include <glib/gi18n.h>
#include <unistd.h>

typedef struct
{
  PrCtl *ctl;
  gboolean json_lines;
  gboolean transcript;
  gboolean keep_going;
  gboolean progress;  /* standard error is a terminal */
  GPtrArray *reports; /* for one JSON array at the end */
  guint n_tests;
  guint n_done;
} PrTestOutput;

static void
show_progress (PrTestOutput *output)
{
  if (output->progress)
    g_printerr ("\r%u / %u ", output->n_done, output->n_tests);
}

static void
hide_progress (PrTestOutput *output)
{
  if (output->progress)
    g_printerr ("\r%20s\r", "");
}

static void
on_started (PrEnvironment *environment, guint n_tests, gpointer user_data)
{
  PrTestOutput *output = user_data;

  output->n_tests = n_tests;
  show_progress (output);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrTestOutput *output = user_data;

  output->n_done++;
  hide_progress (output);
  if (output->json_lines)
    {
      g_autofree char *line = pr_report_to_json_text (
          report, output->transcript ? PR_REPORT_JSON_TRANSCRIPT : PR_REPORT_JSON_NONE);

      g_print ("%s\n", line);
    }
  else if (output->ctl->json)
    g_ptr_array_add (output->reports, pr_report_ref (report));
  else
    pr_ctl_print_report_line (report);
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
  if (!output->keep_going)
    g_printerr (ngettext ("%s refused several log-ins in a row. %u test that waits for it is not "
                          "run, so that no account is locked; --keep-going runs it.\n",
                          "%s refused several log-ins in a row. %u tests that wait for it are not "
                          "run, so that no account is locked; --keep-going runs them.\n",
                          n_waiting),
                host, n_waiting);
  pr_test_hold_answer (hold, output->keep_going);
}

static void
print_summary (PrTestOutput *output, const PrTestSummary *summary)
{
  hide_progress (output);
  if (output->json_lines)
    return;
  if (output->ctl->json)
    pr_ctl_print_reports_json (output->reports, output->transcript);
  else
    g_print (_ ("%u succeeded, %u failed, %u cancelled, %u not run, %u not configured.\n"),
             summary->n_success, summary->n_failure, summary->n_cancelled, summary->n_not_run,
             summary->n_skipped);
}

/* Tests what is selected and prints it. Returns: the exit status. */
static int
run_tests (PrTestOutput *output, PrSelection *selection, const PrTestOptions *options)
{
  const PrTestEvents events = { .started = on_started, .report = on_report, .held = on_held };
  PrCtl *ctl = output->ctl;
  g_auto (PrCtlWait) wait = { NULL };
  PrTestSummary summary = { 0 };
  GError *error = NULL;
  gboolean ok;

  output->progress = isatty (STDERR_FILENO) && !output->json_lines;
  output->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) pr_report_unref);
  pr_environment_test_async (ctl->environment, selection, options, &events, output,
                             ctl->cancellable, pr_ctl_ready, &wait);
  ok = pr_environment_test_finish (ctl->environment, pr_ctl_wait (&wait), &summary, &error);
  if (ok || output->n_done > 0)
    print_summary (output, &summary);
  g_ptr_array_unref (output->reports);
  if (!ok)
    return pr_ctl_fail (error);
  return summary.n_failure > 0 || summary.n_cancelled > 0 || summary.n_not_run > 0 ? PR_CTL_FAILED
                                                                                   : PR_CTL_OK;
}

typedef struct
{
  gboolean incoming;
  gboolean outgoing;
  gboolean no_send;
  char *verify; /* owned */
  gboolean json_lines;
  gboolean transcript;
  gboolean keep_going;
  int jobs;
} PrTestArguments;

static void
test_arguments_clear (PrTestArguments *self)
{
  g_free (self->verify);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrTestArguments, test_arguments_clear)

static gboolean
make_options (const PrTestArguments *arguments, PrTestOptions *options, GError **error)
{
  *options = pr_test_options_default;
  if (arguments->incoming != arguments->outgoing)
    {
      options->incoming = arguments->incoming;
      options->outgoing = arguments->outgoing;
    }
  if (arguments->no_send)
    options->submit = PR_SUBMIT_ENVELOPE;
  if (arguments->jobs < 0 || arguments->jobs > 1000)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--jobs",
                    _ ("--jobs: “%d” is not accepted. Accepted: 1 to 1000."), arguments->jobs);
      return FALSE;
    }
  if (arguments->verify != NULL)
    {
      guint64 seconds;

      if (!g_ascii_string_to_unsigned (arguments->verify, 10, 1, PR_VERIFY_MAX_S, &seconds, NULL))
        {
          pr_set_error (error, PR_ERROR_INVALID_VALUE, "--verify-delivery",
                        _ ("--verify-delivery: “%s” is not accepted. Accepted: 1 to %d seconds."),
                        arguments->verify, PR_VERIFY_MAX_S);
          return FALSE;
        }
      options->verify_s = (guint) seconds;
    }
  if (arguments->no_send && arguments->verify != NULL)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--verify-delivery",
                    _ ("--verify-delivery needs a message: it does not go with --no-send."));
      return FALSE;
    }
  options->max_conversations = (guint) arguments->jobs;
  return TRUE;
}

/* "--verify-delivery" may stand alone, which GOption knows only for options with a function. */
static void
complete_verify (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], "--verify-delivery"))
      {
        g_free (argv[i]);
        argv[i] = g_strdup_printf ("--verify-delivery=%d", PR_VERIFY_DEFAULT_S);
      }
}

#define TEST_ENTRIES(arguments)                                                                      \
  { "incoming", 0, 0, G_OPTION_ARG_NONE, &(arguments).incoming, N_ ("Test incoming email only"),     \
    NULL },                                                                                          \
      { "outgoing", 0, 0, G_OPTION_ARG_NONE, &(arguments).outgoing, N_ ("Test outgoing email only"), \
        NULL },                                                                                      \
      { "no-send",                                                                                   \
        0,                                                                                           \
        0,                                                                                           \
        G_OPTION_ARG_NONE,                                                                           \
        &(arguments).no_send,                                                                        \
        N_ ("Only try sender and recipient, send no message"),                                       \
        NULL },                                                                                      \
      { "verify-delivery",                                                                           \
        0,                                                                                           \
        0,                                                                                           \
        G_OPTION_ARG_STRING,                                                                         \
        &(arguments).verify,                                                                         \
        N_ ("Look whether the message arrives in the mailbox"),                                      \
        N_ ("[SECONDS]") },                                                                          \
      { "jobs", 0, 0, G_OPTION_ARG_INT, &(arguments).jobs, N_ ("Tests at one time"), N_ ("N") },     \
      { "keep-going",                                                                                \
        0,                                                                                           \
        0,                                                                                           \
        G_OPTION_ARG_NONE,                                                                           \
        &(arguments).keep_going,                                                                     \
        N_ ("Go on when a server refuses several log-ins in a row"),                                 \
        NULL },                                                                                      \
      { "json-lines",                                                                                \
        0,                                                                                           \
        0,                                                                                           \
        G_OPTION_ARG_NONE,                                                                           \
        &(arguments).json_lines,                                                                     \
        N_ ("Print one JSON object a line as each test ends"),                                       \
        NULL },                                                                                      \
      { "transcript",                                                                                \
        0,                                                                                           \
        0,                                                                                           \
        G_OPTION_ARG_NONE,                                                                           \
        &(arguments).transcript,                                                                     \
        N_ ("With every line that was said, without secrets (JSON)"),                                \
        NULL },                                                                                      \
  {                                                                                                  \
    NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL                                                  \
  }

int
pr_ctl_mailbox_test (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrTestArguments) arguments = { 0 };
  const GOptionEntry entries[] = { TEST_ENTRIES (arguments) };
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  complete_verify (argc, argv);
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error)
      || !make_options (&arguments, &options, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection == NULL)
    return pr_ctl_fail (error);
  output.ctl = ctl;
  output.json_lines = arguments.json_lines;
  output.transcript = arguments.transcript;
  output.keep_going = arguments.keep_going;
  return run_tests (&output, selection, &options);
}

int
pr_ctl_profile_test_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrTestArguments) arguments = { 0 };
  const GOptionEntry entries[] = { TEST_ENTRIES (arguments) };
  g_autoptr (PrSelection) selection = pr_selection_new_all ();
  g_autoptr (PrServerProfile) profile = NULL;
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;

  complete_verify (argc, argv);
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error)
      || !make_options (&arguments, &options, &error))
    return pr_ctl_fail (error);
  if (argc != 2)
    return pr_ctl_usage (_ ("profile test-mailboxes needs the name of one server profile."));
  if (!pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  profile = pr_environment_find_profile (ctl->environment, argv[1]);
  if (profile == NULL)
    return pr_ctl_fail (pr_error_new (PR_ERROR_NOT_FOUND, "name",
                                      _ ("There is no server profile “%s” in this environment."),
                                      argv[1]));
  pr_selection_set_profile (selection, pr_record_get_id (PR_RECORD (profile)));
  output.ctl = ctl;
  output.json_lines = arguments.json_lines;
  output.transcript = arguments.transcript;
  output.keep_going = arguments.keep_going;
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
  g_auto (PrTestArguments) arguments = { 0 };
  const GOptionEntry entries[] = { TEST_ENTRIES (arguments) };

  complete_verify (argc, argv);
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, error)
      || !make_options (&arguments, options, error))
    return FALSE;
  if (argc > 1)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL, _ ("“%s” is not accepted here."), argv[1]);
      return FALSE;
    }
  output->ctl = ctl;
  output->json_lines = arguments.json_lines;
  output->transcript = arguments.transcript;
  output->keep_going = arguments.keep_going;
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
  PrTestOutput output = { 0 };
  PrTestOptions options;
  GError *error = NULL;
  gulong id;

  if (!parse_due (ctl, context, argc, argv, &output, &options, &error))
    return pr_ctl_fail (error);
  if (ctl->json && !output.json_lines)
    return pr_ctl_usage (_ ("watch never ends: use --json-lines."));
  if (pr_environment_is_read_only (ctl->environment))
    return pr_ctl_fail (pr_error_new (PR_ERROR_READ_ONLY, NULL,
                                      _ ("This environment is read only: nothing can be tested "
                                         "again here.")));
  runner = pr_retry_runner_new (ctl->environment, &options, &events, &output);
  g_signal_connect (runner, "failed", G_CALLBACK (on_watch_failed), NULL);
  id = g_cancellable_connect (ctl->cancellable, G_CALLBACK (on_watch_cancelled), loop, NULL);
  pr_retry_runner_start (runner);
  if (!g_cancellable_is_cancelled (ctl->cancellable))
    g_main_loop_run (loop);
  g_cancellable_disconnect (ctl->cancellable, id);
  pr_retry_runner_stop (runner);
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  return PR_CTL_OK;
}
