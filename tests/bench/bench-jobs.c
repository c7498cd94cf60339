/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long Test & Enable takes, beside what it cannot be quicker than: against the practice
 * server, which thinks 50 ms before each answer, and against servers that say nothing at all.
 * Not a test: nothing here may fail because a machine is slow. tools/bench runs it.
 *
 *   bench-jobs latency            one mailbox, its round trips × 50 ms
 *   bench-jobs many [N] [JOBS]    N mailboxes, JOBS conversations at a time
 *   bench-jobs silent [N]         N conversations at once with silent servers: memory, cancelling
 */

#include "pr-environment-manage.h"
#include "pr-environment.h"
#include "pr-import.h"
#include "pr-limits.h"
#include "pr-practice-server.h"
#include "pr-test-queue.h"

#include <errno.h>
#include <locale.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DELAY_MS 50
#define PASSWORD "open sesame"

typedef struct
{
  GAsyncResult *result;
} Wait;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return wait->result;
}

static void
wait_clear (Wait *wait)
{
  g_clear_object (&wait->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wait, wait_clear)

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

/* A throw-away environment with one profile and @n mailboxes with passwords, all approved. */
static PrEnvironment *
open_environment (const char *folder,
                  PrKeyring *keyring,
                  guint16 incoming,
                  guint16 outgoing,
                  const char *ca,
                  guint n)
{
  g_auto (Wait) opened = { NULL };
  g_auto (Wait) saved = { NULL };
  g_auto (Wait) read = { NULL };
  g_auto (Wait) run = { NULL };
  g_auto (Wait) approved = { NULL };
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (GString) csv = g_string_new ("address,password,allow-credentials,incoming,outgoing\n");
  g_autoptr (GBytes) file = NULL;
  g_autoptr (PrImport) import = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrEnvironment *environment;
  GError *error = NULL;

  pr_environment_open_async (folder, NULL, keyring, NULL, on_ready, &opened);
  environment = pr_environment_open_finish (wait_for (&opened), &error);
  check (error);
  g_object_set (profile, "name", "Bench", "server-type", PR_SERVER_TYPE_POP3_SMTP,
                "incoming-location", "127.0.0.1", "outgoing-location", "127.0.0.1", "incoming-port",
                (gint64) incoming, "outgoing-port", (gint64) outgoing, "incoming-security",
                PR_SECURITY_SSL, "outgoing-security", PR_SECURITY_SSL, "incoming-mechanism",
                PR_MECHANISM_PLAIN, "outgoing-mechanism", PR_MECHANISM_PLAIN, "ca-certificate", ca,
                "is-default", TRUE, "timeout", (gint64) 100, NULL);
  pr_environment_save_profile_async (environment, profile, NULL, on_ready, &saved);
  pr_environment_save_profile_finish (environment, wait_for (&saved), &error);
  check (error);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (csv, "m%u@practice.example," PASSWORD ",yes,server-side,server-side\n",
                            i);
  file = g_bytes_new (csv->str, csv->len);
  pr_environment_read_import_async (environment, file, NULL, on_ready, &read);
  import = pr_environment_read_import_finish (environment, wait_for (&read), &error);
  check (error);
  pr_environment_run_import_async (environment, import, NULL, on_ready, &run);
  pr_environment_run_import_finish (environment, wait_for (&run), NULL, &error);
  check (error);
  pr_environment_command_mailboxes_async (environment, all, PR_MAILBOX_COMMAND_APPROVE, NULL,
                                          on_ready, &approved);
  pr_environment_change_mailboxes_finish (environment, wait_for (&approved), NULL, &error);
  check (error);
  return environment;
}

typedef struct
{
  guint n;
  guint n_failed;
  guint64 round_trips;
  gint64 conversation_us;
} Tally;

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  Tally *tally = user_data;

  tally->n++;
  tally->n_failed += report->outcome != PR_OUTCOME_SUCCESS;
  tally->round_trips += report->round_trips;
  tally->conversation_us += report->elapsed_us;
}

static double
test (PrEnvironment *environment, guint jobs, Tally *tally)
{
  const PrTestEvents events = { .report = on_report };
  PrTestOptions options = pr_test_options_default;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_auto (Wait) wait = { NULL };
  gint64 begin = g_get_monotonic_time ();
  GError *error = NULL;

  options.max_conversations = jobs;
  pr_environment_test_async (environment, all, &options, &events, tally, NULL, on_ready, &wait);
  pr_environment_test_finish (environment, wait_for (&wait), NULL, &error);
  check (error);
  if (tally->n_failed > 0)
    g_error ("%u of %u tests failed", tally->n_failed, tally->n);
  return (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
}

/* What cannot be waited for more briefly: each line that the server answers. It does not think
 * before it accepts a connection and shakes hands: these two round trips count nothing here. */
static double
get_thinking (const Tally *tally)
{
  return (double) (tally->round_trips - 2 * (guint64) tally->n) * DELAY_MS / 1000;
}

static void
bench_latency (const char *folder, guint n, guint jobs)
{
  PrPracticeServer *server = pr_practice_server_new (NULL);
  PrKeyring *keyring = pr_memory_keyring_new ();
  PrEnvironment *environment;
  Tally tally = { 0 };
  double wall, ideal;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf ("m%u@practice.example", i);

      pr_practice_server_add_mailbox (server, address, PASSWORD, PR_PRACTICE_WORKS);
    }
  environment =
      open_environment (folder, keyring, pr_practice_server_get_port (server, PR_PRACTICE_POP3S),
                        pr_practice_server_get_port (server, PR_PRACTICE_SMTPS),
                        pr_practice_server_get_ca_pem (server), n);
  pr_practice_server_set_delay (server, DELAY_MS);
  wall = test (environment, jobs, &tally);
  if (n == 1)
    {
      /* Both directions run side by side: each against its own round trips. */
      ideal = get_thinking (&tally);
      g_print ("latency: %.0f ms in conversations, %.0f answers × %d ms = %.0f ms, ratio %.2f\n",
               (double) tally.conversation_us / 1000, ideal * 1000 / DELAY_MS, DELAY_MS,
               ideal * 1000, (double) tally.conversation_us / G_USEC_PER_SEC / ideal);
    }
  else
    {
      ideal = get_thinking (&tally) / jobs;
      g_print ("many: %u mailboxes, %u at a time: %.2f s, ideal %.2f s, ratio %.2f\n", n, jobs,
               wall, ideal, wall / ideal);
    }
  g_object_unref (environment);
  g_object_unref (keyring);
  pr_practice_server_free (server);
}

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

static guint
get_resident_kib (void)
{
  g_autofree char *status = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  at = strstr (status, "VmRSS:");
  return at != NULL ? (guint) strtoul (at + 6, NULL, 10) : 0;
}

typedef struct
{
  guint16 port;
  guint n_open;
  gboolean done;
} Silent;

static void
on_prepare (PrTestQueue *queue, PrTestItem *item, gpointer user_data)
{
  Silent *silent = user_data;
  PrTestPlan *plan = pr_test_plan_new (PR_PROTOCOL_POP3, "127.0.0.1", silent->port);

  plan->timeout_s = plan->total_timeout_s = 100;
  silent->n_open++;
  pr_test_queue_start (queue, item, plan);
}

static void
on_finished (PrTestQueue *queue, PrTestItem *item, PrReport *report, gpointer user_data)
{
}

static void
on_drained (PrTestQueue *queue, gpointer user_data)
{
  ((Silent *) user_data)->done = TRUE;
}

static gboolean
on_time (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The kernel accepts, nobody answers: each conversation waits in its handshake. */
static void
bench_silent (guint n)
{
  static const PrTestQueueEvents events = { on_prepare, NULL, on_finished, on_drained };
  Silent silent = { 0 };
  int fd = listen_silently (&silent.port);
  guint before = get_resident_kib ();
  PrTestQueue *queue = pr_test_queue_new (n, pr_conversation_run, &events, &silent);
  gboolean waited = FALSE;
  guint resident;
  gint64 begin;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      pr_test_queue_add (queue, name, name, 1, name, NULL);
    }
  pr_test_queue_run (queue);
  g_timeout_add (4000, on_time, &waited);
  while (!waited)
    g_main_context_iteration (NULL, TRUE);
  resident = get_resident_kib ();
  begin = g_get_monotonic_time ();
  pr_test_queue_cancel (queue);
  while (!silent.done)
    g_main_context_iteration (NULL, TRUE);
  g_print ("silent: %u conversations at once, %u MiB more than before, cancelled in %.0f ms\n",
           silent.n_open, (resident - before) / 1024,
           (double) (g_get_monotonic_time () - begin) / 1000);
  g_object_unref (queue);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("postroom-bench-XXXXXX", NULL);
  const char *what = argc > 1 ? argv[1] : "";
  guint n = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 1000;

  setlocale (LC_ALL, "");
  pr_limits_prepare_process ();
  if (g_str_equal (what, "latency"))
    bench_latency (folder, 1, 20);
  else if (g_str_equal (what, "many"))
    bench_latency (folder, n, argc > 3 ? (guint) strtoul (argv[3], NULL, 10) : 200);
  else if (g_str_equal (what, "silent"))
    bench_silent (n);
  else
    g_printerr ("bench-jobs latency | many [N] [JOBS] | silent [N]\n");
  pr_folder_remove (folder);
  return 0;
}
