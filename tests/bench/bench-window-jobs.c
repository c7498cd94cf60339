/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable of 5,000 mailboxes in the window, with the grid in front: all of them fail before
 * the first packet; a server that never answers, 1,000 conversations at once, and cancelled; the
 * practice server, 1,000 at once. Main thread. */

#include "bench-window.h"

#include "bench-probe.h"
#include "pr-import.h"
#include "pr-mailboxes-page.h"
#include "pr-practice-server.h"
#include "ui-harness.h"
#include "ui-scene.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#define N_MAILBOXES 5000
#define N_AT_ONCE 1000
#define PASSWORD "open sesame"
#define LIMIT_MS 240000

/* --- What is tested --------------------------------------------------------------------------- */

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  g_assert_true (ui_wait_for (has_result, result, LIMIT_MS));
  return *result;
}

static void
import_mailboxes (PrEnvironment *environment)
{
  g_autoptr (GString) csv = g_string_new ("address,password,allow-credentials,incoming,outgoing\n");
  g_autoptr (GBytes) file = NULL;
  g_autoptr (PrImport) import = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GAsyncResult) run = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_MAILBOXES; i++)
    g_string_append_printf (csv, "m%u@practice.example," PASSWORD ",yes,server-side,server-side\n",
                            i);
  file = g_bytes_new (csv->str, csv->len);
  pr_environment_read_import_async (environment, file, NULL, on_ready, &read);
  import = pr_environment_read_import_finish (environment, wait_for (&read), &error);
  g_assert_no_error (error);
  pr_environment_run_import_async (environment, import, NULL, on_ready, &run);
  pr_environment_run_import_finish (environment, wait_for (&run), NULL, &error);
  g_assert_no_error (error);
}

static void
approve (PrEnvironment *environment)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pr_environment_command_mailboxes_async (environment, all, PR_MAILBOX_COMMAND_APPROVE, NULL,
                                          on_ready, &result);
  pr_environment_change_mailboxes_finish (environment, wait_for (&result), NULL, &error);
  g_assert_no_error (error);
}

/* A window with the grid in front. @ca: (nullable) */
static PrWindow *
open_window (guint incoming_port, guint outgoing_port, const char *ca, gboolean approved)
{
  g_autoptr (PrKeyring) keyring = pr_memory_keyring_new ();
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PrEnvironment *environment;
  PrWindow *window;

  pr_application_set_keyring (ui_get_application (), keyring);
  ui_new_data_dir ();
  window = ui_open_window_sized (1280, 900);
  environment = pr_window_get_environment (window);
  profile = ui_add_profile (environment, "Bench", incoming_port, outgoing_port, ca);
  g_object_set (profile, "is-default", TRUE, "timeout", (gint64) 100, NULL);
  pr_environment_save_profile_async (environment, profile, NULL, on_ready, &result);
  pr_environment_save_profile_finish (environment, wait_for (&result), &error);
  g_assert_no_error (error);
  import_mailboxes (environment);
  if (approved)
    approve (environment);
  pr_window_show_page (window, "mailboxes");
  pr_mailboxes_page_show (PR_MAILBOXES_PAGE (pr_window_get_page (window, "mailboxes")), PR_VIEW_ALL,
                          0, NULL);
  ui_settle ();
  return window;
}

/* --- The job ---------------------------------------------------------------------------------- */

static gboolean
is_over (gpointer data)
{
  return !pr_window_job_is_running (data);
}

static gboolean
on_time (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static PrWindowJob *
start (PrWindow *window)
{
  PrTestOptions options = pr_test_options_default;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrWindowJob *job;

  options.max_conversations = N_AT_ONCE;
  ui_settle ();
  bench_probe_begin ();
  job = pr_window_start_job (window, "Everything", all, &options);
  g_assert_nonnull (job);
  return g_object_ref (job);
}

static void
end (PrWindow *window, PrWindowJob *job, const char *what)
{
  const PrTestSummary *summary;

  g_assert_true (ui_wait_for (is_over, job, LIMIT_MS));
  ui_settle ();
  bench_probe_end (what);
  summary = pr_window_job_get_summary (job);
  g_print ("    %u passed, %u failed, %u cancelled, %u not run, in %.1f s\n", summary->n_success,
           summary->n_failure, summary->n_cancelled, summary->n_not_run,
           (double) (g_get_monotonic_time () - pr_window_job_get_started_at (job))
               / G_USEC_PER_SEC);
  ui_close_window (window);
}

void
bench_window_not_approved (void)
{
  PrWindow *window = open_window (1, 1, NULL, FALSE);
  g_autoptr (PrWindowJob) job = start (window);

  end (window, job, "5,000 mailboxes, none approved");
}

/* --- The practice server, which is a process of its own --------------------------------------- */

#define QUICK_MS 100
#define NEVER_MS 600000

static void
serve_until_end (PrPracticeServer *server)
{
  char order;

  while (read (STDIN_FILENO, &order, 1) == 1)
    pr_practice_server_set_delay (server, order == 'n' ? NEVER_MS : QUICK_MS);
}

/* Prints its two ports and its authority, and serves as long as its input is open. A real server
 * is another computer: this one takes only what is left of one of this one's processors. */
void
bench_window_serve (void)
{
  PrPracticeServer *server;
  cpu_set_t last;

  /* A thousand threads that are only “nice” are still a crowd before the window, and before the
   * server that draws it. */
  CPU_ZERO (&last);
  CPU_SET (g_get_num_processors () - 1, &last);
  if (sched_setscheduler (0, SCHED_IDLE, &(struct sched_param){ 0 }) != 0
      || sched_setaffinity (0, sizeof last, &last) != 0)
    g_printerr ("the server is as important as the window\n");
  server = pr_practice_server_new (NULL);
  g_assert_nonnull (server);
  for (guint i = 0; i < N_MAILBOXES; i++)
    {
      g_autofree char *address = g_strdup_printf ("m%u@practice.example", i);

      pr_practice_server_add_mailbox (server, address, PASSWORD,
                                      i % 10 == 9 ? PR_PRACTICE_FULL : PR_PRACTICE_WORKS);
    }
  pr_practice_server_set_delay (server, QUICK_MS);
  g_print ("%u\n%u\n%s\n\n", pr_practice_server_get_port (server, PR_PRACTICE_POP3S),
           pr_practice_server_get_port (server, PR_PRACTICE_SMTPS),
           pr_practice_server_get_ca_pem (server));
  serve_until_end (server);
  pr_practice_server_free (server);
}

typedef struct
{
  GSubprocess *process;
  guint pop3s;
  guint smtps;
  GString *ca;
} Server;

static void
server_init (Server *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  char *line;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, "/proc/self/exe", "serve", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->ca = g_string_new (NULL);
  for (guint i = 0; (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL; i++)
    {
      g_autofree char *owned = line;

      if (*line == '\0' && i > 2)
        break;
      if (i == 0)
        self->pop3s = (guint) strtoul (line, NULL, 10);
      else if (i == 1)
        self->smtps = (guint) strtoul (line, NULL, 10);
      else
        g_string_append_printf (self->ca, "%s\n", line);
    }
}

/* It closes its connections, too, when its input ends. */
static void
server_clear (Server *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_string_free (self->ca, TRUE);
}

/* @order: “n”: to answer never, from now on */
static void
server_tell (Server *self, char order)
{
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), &order, 1, NULL, NULL,
                             NULL);
}

/* --- With a server ---------------------------------------------------------------------------- */

static gboolean
is_under_way (gpointer data)
{
  return pr_window_job_get_n_done (data) > 50;
}

/* Once it has let somebody in, as many as may talk to it; then it answers nobody any more. */
void
bench_window_silent (void)
{
  Server server;
  PrWindow *window;
  g_autoptr (PrWindowJob) job = NULL;
  gboolean waited = FALSE;

  server_init (&server);
  window = open_window (server.pop3s, server.smtps, server.ca->str, TRUE);
  job = start (window);
  g_assert_true (ui_wait_for (is_under_way, job, LIMIT_MS));
  server_tell (&server, 'n');
  g_timeout_add (8000, on_time, &waited);
  g_assert_true (ui_wait_for (is_true, &waited, LIMIT_MS));
  bench_probe_end ("5,000 mailboxes, 1,000 wait");
  bench_probe_begin ();
  pr_window_job_cancel (job);
  end (window, job, "all of them cancelled");
  server_clear (&server);
}

void
bench_window_practice (void)
{
  Server server;
  PrWindow *window;
  g_autoptr (PrWindowJob) job = NULL;

  server_init (&server);
  window = open_window (server.pop3s, server.smtps, server.ca->str, TRUE);
  job = start (window);
  end (window, job, "5,000 mailboxes, 1,000 at once");
  server_clear (&server);
}
