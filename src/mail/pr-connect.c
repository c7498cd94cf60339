/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A TCP connection to the first address that answers, both address families side by side as in
 * RFC 8305 ("Happy Eyeballs"): a family that is broken costs a quarter of a second. Worker
 * threads. */

#include "pr-connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define ATTEMPT_DELAY_US (250 * 1000) /* RFC 8305 section 5 */
#define MAX_ATTEMPTS 8                /* descriptors of one conversation, and poll()'s list */

typedef struct
{
  const PrAddress *address;
  int fd; /* -1: not started, or over */
  gboolean started;
  int failure; /* errno; 0 while it runs */
  gint64 started_us;
  gint64 elapsed_us;
} PrAttempt;

typedef struct
{
  PrAttempt attempts[MAX_ATTEMPTS];
  guint n_attempts;
  guint16 port;
  int winner;
} PrRace;

/* RFC 8305 section 4: the families take turns, the first being the one that the system prefers. */
static void
race_init (PrRace *race, const GPtrArray *addresses, guint16 port)
{
  guint next[2] = { 0, 0 };
  sa_family_t families[2];

  memset (race, 0, sizeof *race);
  race->port = port;
  race->winner = -1;
  families[0] = ((PrAddress *) g_ptr_array_index (addresses, 0))->sockaddr.ss_family;
  families[1] = families[0] == AF_INET ? AF_INET6 : AF_INET;

  for (guint turn = 0; race->n_attempts < MAX_ATTEMPTS; turn ^= 1)
    {
      guint *i = &next[turn];

      while (*i < addresses->len
             && ((PrAddress *) g_ptr_array_index (addresses, *i))->sockaddr.ss_family
                    != families[turn])
        (*i)++;
      if (*i < addresses->len)
        {
          PrAttempt *attempt = &race->attempts[race->n_attempts++];

          attempt->address = g_ptr_array_index (addresses, (*i)++);
          attempt->fd = -1;
        }
      else if (next[turn ^ 1] >= addresses->len)
        break;
    }
}

static void
attempt_end (PrAttempt *attempt, int failure)
{
  attempt->failure = failure;
  attempt->elapsed_us = g_get_monotonic_time () - attempt->started_us;
  if (attempt->fd >= 0 && failure != 0)
    {
      close (attempt->fd);
      attempt->fd = -1;
    }
}

/* Returns: TRUE if the connection stands already. */
static gboolean
attempt_start (PrAttempt *attempt, guint16 port)
{
  struct sockaddr_storage to = attempt->address->sockaddr;
  int one = 1;

  attempt->started = TRUE;
  attempt->started_us = g_get_monotonic_time ();
  if (to.ss_family == AF_INET)
    ((struct sockaddr_in *) &to)->sin_port = g_htons (port);
  else
    ((struct sockaddr_in6 *) &to)->sin6_port = g_htons (port);

  attempt->fd = socket (to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (attempt->fd < 0)
    {
      attempt_end (attempt, errno);
      return FALSE;
    }
  /* Short commands, each waited for: nothing is won by holding one back. */
  (void) setsockopt (attempt->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect (attempt->fd, (struct sockaddr *) &to, attempt->address->length) == 0)
    {
      attempt_end (attempt, 0);
      return TRUE;
    }
  if (errno != EINPROGRESS)
    attempt_end (attempt, errno);
  return FALSE;
}

/* Looks at what poll() said. Returns: whether one of the attempts stands. */
static gboolean
race_look (PrRace *race, const GPollFD *fds, const guint *owners, guint n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    {
      PrAttempt *attempt = &race->attempts[owners[i]];
      int failure = 0;
      socklen_t length = sizeof failure;

      if (fds[i].revents == 0)
        continue;
      if (getsockopt (attempt->fd, SOL_SOCKET, SO_ERROR, &failure, &length) < 0)
        failure = errno;
      attempt_end (attempt, failure);
      if (failure == 0)
        {
          race->winner = (int) owners[i];
          return TRUE;
        }
    }
  return FALSE;
}

static guint
race_list_running (PrRace *race, GPollFD *fds, guint *owners)
{
  guint n = 0;

  for (guint i = 0; i < race->n_attempts; i++)
    if (race->attempts[i].fd >= 0)
      {
        fds[n] = (GPollFD){ race->attempts[i].fd, G_IO_OUT | G_IO_ERR | G_IO_HUP, 0 };
        owners[n++] = i;
      }
  return n;
}

/* Returns: FALSE with @error when time is up or the test was cancelled; the winner is set when
 * there is one, and stays -1 when every address failed. */
static gboolean
race_run (PrRace *race, PrWait *wait, GError **error)
{
  guint next = 0;

  for (;;)
    {
      GPollFD fds[MAX_ATTEMPTS];
      guint owners[MAX_ATTEMPTS];
      guint n;
      gint64 until;

      if (next < race->n_attempts && attempt_start (&race->attempts[next++], race->port))
        {
          race->winner = (int) next - 1;
          return TRUE;
        }
      n = race_list_running (race, fds, owners);
      if (n == 0 && next >= race->n_attempts)
        return TRUE;
      if (n == 0)
        continue; /* the last one failed at once: the next need not wait */

      until = next < race->n_attempts ? g_get_monotonic_time () + ATTEMPT_DELAY_US : 0;
      if (!pr_wait_fds (wait, fds, n, until, PR_CODE_CONNECTION_TIMEOUT, error))
        return FALSE;
      if (race_look (race, fds, owners, n))
        return TRUE;
    }
}

static PrReportAddress *
attempt_report (const PrAttempt *attempt, gboolean is_winner, gboolean is_late)
{
  PrReportAddress *address = g_new0 (PrReportAddress, 1);

  address->text = g_strdup (attempt->address->text);
  address->elapsed_us = attempt->elapsed_us;
  if (!attempt->started)
    address->outcome = PR_OUTCOME_SKIPPED;
  else if (is_winner)
    address->outcome = PR_OUTCOME_SUCCESS;
  else if (attempt->fd >= 0)
    {
      address->outcome = is_late ? PR_OUTCOME_FAILURE : PR_OUTCOME_CANCELLED;
      address->error = is_late ? g_strdup ("no answer in time") : NULL;
      address->elapsed_us = g_get_monotonic_time () - attempt->started_us;
    }
  else
    {
      address->outcome = PR_OUTCOME_FAILURE;
      address->error = g_strdup (g_strerror (attempt->failure));
    }
  return address;
}

static GPtrArray *
race_report (const PrRace *race, gboolean is_late)
{
  GPtrArray *attempts = pr_report_address_array_new ();

  for (guint i = 0; i < race->n_attempts; i++)
    g_ptr_array_add (attempts,
                     attempt_report (&race->attempts[i], (int) i == race->winner, is_late));
  return attempts;
}

static const char *
describe_outcome (const PrReportAddress *address)
{
  switch (address->outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return "connected";
      case PR_OUTCOME_FAILURE:
        return address->error;
      case PR_OUTCOME_CANCELLED:
        return "no answer yet";
      case PR_OUTCOME_SKIPPED:
        return "not tried";
    }
  g_return_val_if_reached ("");
}

/**
 * pr_connect_describe:
 * @attempts: (element-type PrReportAddress): what came of each address
 *
 * Returns: (transfer full): those that were tried, in one line
 */
char *
pr_connect_describe (const GPtrArray *attempts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < attempts->len; i++)
    {
      const PrReportAddress *address = g_ptr_array_index (attempts, i);

      if (address->outcome != PR_OUTCOME_SKIPPED)
        g_string_append_printf (text, "%s%s: %s (%.1f ms)", text->len > 0 ? ", " : "",
                                address->text, describe_outcome (address),
                                (double) address->elapsed_us / 1000);
    }
  return g_string_free (text, FALSE);
}

static PrCode
failure_to_code (int failure)
{
  switch (failure)
    {
      case ETIMEDOUT:
        return PR_CODE_CONNECTION_TIMEOUT;
      case ECONNREFUSED:
        return PR_CODE_CONNECTION_REFUSED;
      case ECONNRESET:
      case ECONNABORTED:
      case EPIPE:
        return PR_CODE_CONNECTION_LOST;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        return PR_CODE_INTERNAL_ERROR;
      default:
        return PR_CODE_NETWORK_UNREACHABLE;
    }
}

/* The one code for several failures: what an admin can act on first. */
static PrCode
race_get_code (const PrRace *race)
{
  static const PrCode order[] = { PR_CODE_INTERNAL_ERROR, PR_CODE_CONNECTION_TIMEOUT,
                                  PR_CODE_CONNECTION_LOST, PR_CODE_CONNECTION_REFUSED };

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < race->n_attempts; i++)
      if (failure_to_code (race->attempts[i].failure) == order[k])
        return order[k];
  return PR_CODE_NETWORK_UNREACHABLE;
}

/**
 * pr_connect:
 * @addresses: (element-type PrAddress): at least one address, the preferred one first
 * @port: TCP port
 * @wait: the clocks; the current deadline holds for all addresses together
 * @attempts: (out) (transfer full) (element-type PrReportAddress): what came of each address and
 *   how long it took; set on success and on failure
 * @error: set to a diagnosis: connection-refused, connection-timeout, network-unreachable, ...
 *
 * Returns: a connected descriptor that does not block, to be closed by the caller; -1 on failure
 */
int
pr_connect (const GPtrArray *addresses,
            guint16 port,
            PrWait *wait,
            GPtrArray **attempts,
            GError **error)
{
  PrRace race;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *detail = NULL;
  gboolean ran, is_cancelled;

  g_return_val_if_fail (addresses->len > 0, -1);

  race_init (&race, addresses, port);
  pr_wait_note_sent (wait);
  pr_wait_note_waited (wait);
  ran = race_run (&race, wait, &local_error);
  is_cancelled = wait->cancellable != NULL && g_cancellable_is_cancelled (wait->cancellable);
  *attempts = race_report (&race, !ran && !is_cancelled);
  for (guint i = 0; i < race.n_attempts; i++)
    if ((int) i != race.winner && race.attempts[i].fd >= 0)
      close (race.attempts[i].fd);
  if (ran && race.winner < 0)
    g_set_error_literal (&local_error, PR_DIAGNOSIS, (int) race_get_code (&race), "");
  if (local_error != NULL && (ran || local_error->code == PR_CODE_CONNECTION_TIMEOUT))
    {
      detail = pr_connect_describe (*attempts);
      g_free (local_error->message);
      local_error->message = g_steal_pointer (&detail);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }
  return race.attempts[race.winner].fd;
}
