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

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
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

/* The kernel accepts, nobody answers. */
static int
listen_silently (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &address, n) != 0 || listen (fd, 4096) != 0
      || getsockname (fd, (struct sockaddr *) &address, &n) != 0)
    g_error ("no socket: %s", g_strerror (errno));
  *port = g_ntohs (address.sin_port);
  return fd;
}

void
bench_window_silent (void)
{
  guint16 port;
  int fd = listen_silently (&port);
  PrWindow *window = open_window (port, port, NULL, TRUE);
  g_autoptr (PrWindowJob) job = start (window);
  gboolean waited = FALSE;

  g_timeout_add (6000, on_time, &waited);
  g_assert_true (ui_wait_for (is_true, &waited, LIMIT_MS));
  bench_probe_end ("5,000 mailboxes, 1,000 silent");
  bench_probe_begin ();
  pr_window_job_cancel (job);
  end (window, job, "all of them cancelled");
  close (fd);
}

void
bench_window_practice (void)
{
  PrPracticeServer *server = pr_practice_server_new (NULL);
  PrWindow *window;
  g_autoptr (PrWindowJob) job = NULL;

  g_assert_nonnull (server);
  for (guint i = 0; i < N_MAILBOXES; i++)
    {
      g_autofree char *address = g_strdup_printf ("m%u@practice.example", i);

      /* One of ten is locked out. */
      pr_practice_server_add_mailbox (server, address, PASSWORD,
                                      i % 10 == 9 ? PR_PRACTICE_FULL : PR_PRACTICE_WORKS);
    }
  pr_practice_server_set_delay (server, 200);
  window = open_window (pr_practice_server_get_port (server, PR_PRACTICE_POP3S),
                        pr_practice_server_get_port (server, PR_PRACTICE_SMTPS),
                        pr_practice_server_get_ca_pem (server), TRUE);
  job = start (window);
  end (window, job, "5,000 mailboxes, 1,000 at once");
  pr_practice_server_free (server);
}
