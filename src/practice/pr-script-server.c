/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrScriptServer: a listening socket on loopback and nothing else, one thread that accepts, one
 * that plays the script with the first client. Any connection after that is served by the
 * accepting thread, one after the other: clients look at a port a second time when the first
 * connection stays silent. Every wait is bounded. */

#include "pr-script-server.h"

#include "pr-script-link.h"
#include "pr-script-run.h"
#include "pr-test-authority.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_S 20 /* of one connection; longer than any script needs */
#define BACKLOG 16

struct _PrScriptServer
{
  const PrScript *script; /* borrowed */
  int listen_fd;
  int closing_fd; /* readable: no more clients are waited for */
  int stop_fd;    /* readable: everything ends */
  guint16 port;
  GThread *acceptor;
  GThread *runner;
  int client_fd; /* until the runner has it */

  GMutex mutex;
  GCond cond;
  int hold_before; /* -1: nowhere */
  gboolean held;
  gboolean ended;
  guint n_connections;
  GError *failure;
};

static int
listen_on_loopback (guint16 *port, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = g_htons (*port),
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof address;
  int one = 1;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd >= 0 && setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0
      && bind (fd, (struct sockaddr *) &address, n) == 0 && listen (fd, BACKLOG) == 0
      && getsockname (fd, (struct sockaddr *) &address, &n) == 0)
    {
      *port = g_ntohs (address.sin_port);
      return fd;
    }
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "no socket on loopback: %s",
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * pr_script_server_new:
 * @script: what it says; must outlive the server
 * @error: set to %PR_SCRIPT_ERROR_SYSTEM
 *
 * Returns: (transfer full) (nullable): a server that is reachable from now on, but does not
 *   answer before pr_script_server_start()
 */
PrScriptServer *
pr_script_server_new (const PrScript *script, GError **error)
{
  return pr_script_server_new_on_port (script, 0, error);
}

/**
 * pr_script_server_new_on_port:
 * @script: what it says; must outlive the server
 * @port: a port that an earlier server had; 0: any that is free
 * @error: set to %PR_SCRIPT_ERROR_SYSTEM
 *
 * Returns: (transfer full) (nullable): the same, where a client expects it
 */
PrScriptServer *
pr_script_server_new_on_port (const PrScript *script, guint16 port, GError **error)
{
  g_autoptr (PrScriptServer) self = g_new0 (PrScriptServer, 1);

  self->script = script;
  self->port = port;
  self->hold_before = -1;
  self->client_fd = -1;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->closing_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->listen_fd = listen_on_loopback (&self->port, error);
  if (self->listen_fd < 0)
    return NULL;
  if (self->closing_fd < 0 || self->stop_fd < 0)
    {
      g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "no event descriptor");
      return NULL;
    }
  return g_steal_pointer (&self);
}

static void
announce (int fd)
{
  guint64 one = 1;

  if (write (fd, &one, sizeof one) != sizeof one)
    g_warning ("scripted server: %s", g_strerror (errno));
}

static void
join (PrScriptServer *self)
{
  g_clear_pointer (&self->acceptor, g_thread_join);
  g_clear_pointer (&self->runner, g_thread_join);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/**
 * pr_script_server_free:
 * @self: (transfer full): a server; it is stopped if it still runs
 */
void
pr_script_server_free (PrScriptServer *self)
{
  if (self->acceptor != NULL || self->runner != NULL)
    pr_script_server_stop (self);
  join (self);
  close_fd (&self->listen_fd);
  close_fd (&self->closing_fd);
  close_fd (&self->stop_fd);
  close_fd (&self->client_fd);
  g_clear_error (&self->failure);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

/**
 * pr_script_server_get_port:
 * @self: a server
 *
 * Returns: the port of 127.0.0.1 on which it listens
 */
guint16
pr_script_server_get_port (const PrScriptServer *self)
{
  return self->port;
}

/**
 * pr_script_server_hold_before:
 * @self: a server that was not started
 * @index: an instruction of the script, from 0
 *
 * Before that instruction the server falls silent for ever, and takes whatever the client says.
 */
void
pr_script_server_hold_before (PrScriptServer *self, guint index)
{
  g_return_if_fail (self->acceptor == NULL);

  self->hold_before = (int) index;
}

/* --- In the threads --------------------------------------------------------------------------- */

static gint64
get_deadline (void)
{
  return g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC;
}

static void
set_failure (PrScriptServer *self, GError *failure)
{
  g_mutex_lock (&self->mutex);
  if (self->failure == NULL)
    self->failure = failure;
  else
    g_error_free (failure);
  g_mutex_unlock (&self->mutex);
}

static gboolean
reached (guint index, gpointer data)
{
  PrScriptServer *self = data;

  if ((int) index != self->hold_before)
    return TRUE;
  g_mutex_lock (&self->mutex);
  self->held = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return FALSE;
}

static gpointer
run (gpointer data)
{
  PrScriptServer *self = data;
  g_autoptr (PrScriptLink) link =
      pr_script_link_new (self->client_fd, self->stop_fd, get_deadline ());
  GError *failure = NULL;

  self->client_fd = -1;
  if (!pr_script_run (self->script, link, reached, self, &failure))
    set_failure (self, failure);
  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
serve_first (PrScriptServer *self, int fd)
{
  g_autoptr (GError) error = NULL;

  self->client_fd = fd;
  if (self->script->probe == PR_SCRIPT_PROBE_REFUSE)
    close_fd (&self->listen_fd);
  self->runner = g_thread_try_new ("pr-script", run, self, &error);
  if (self->runner == NULL)
    set_failure (self,
                 g_error_new_literal (PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, error->message));
}

/* A second look at the port. Whatever comes of it, the script goes on on the first connection. */
static void
serve_probe (PrScriptServer *self, int fd)
{
  g_autoptr (PrScriptLink) link = pr_script_link_new (fd, self->stop_fd, get_deadline ());
  PrTestAuthority *authority = pr_test_authority_get_default ();
  g_autofree char *priority = NULL;

  if (self->script->probe == PR_SCRIPT_PROBE_PLAIN)
    (void) pr_script_link_write (link, "220 practice ESMTP\r\n", 20, NULL);
  if (self->script->probe == PR_SCRIPT_PROBE_TLS)
    {
      priority = pr_test_authority_get_priority (NULL, NULL, NULL);
      (void) pr_script_link_start_tls (
          link, pr_test_authority_get_credentials (authority, "good", NULL), priority, NULL, NULL);
    }
  (void) pr_script_link_drain (link, NULL);
}

/* Whoever waits at the door. Returns: whether there was somebody. */
static gboolean
accept_one (PrScriptServer *self)
{
  int fd = self->listen_fd >= 0
               ? accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)
               : -1;

  if (fd < 0)
    return FALSE;
  if (self->n_connections++ == 0)
    serve_first (self, fd);
  else
    serve_probe (self, fd);
  return TRUE;
}

static gpointer
accept_all (gpointer data)
{
  PrScriptServer *self = data;
  gint64 deadline = get_deadline ();

  for (;;)
    {
      struct pollfd fds[3] = { { self->closing_fd, POLLIN, 0 },
                               { self->stop_fd, POLLIN, 0 },
                               { self->listen_fd, POLLIN, 0 } };
      gint64 left = deadline - g_get_monotonic_time ();
      int ready = left > 0 ? poll (fds, 3, (int) (left / 1000 + 1)) : 0;

      if (ready < 0 && errno == EINTR)
        continue;
      /* A client that came and went while nobody looked counts as well. */
      while (accept_one (self))
        ;
      if (ready <= 0 || fds[0].revents != 0 || fds[1].revents != 0)
        return NULL;
    }
}

/* --- From outside ----------------------------------------------------------------------------- */

/**
 * pr_script_server_start:
 * @self: a server that was not started
 * @error: set to %PR_SCRIPT_ERROR_SYSTEM
 *
 * Returns: whether it answers from now on
 */
gboolean
pr_script_server_start (PrScriptServer *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (self->acceptor == NULL, FALSE);

  self->acceptor = g_thread_try_new ("pr-script-accept", accept_all, self, &local_error);
  if (self->acceptor != NULL)
    return TRUE;
  g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, local_error->message);
  return FALSE;
}

/**
 * pr_script_server_wait_held:
 * @self: a server that runs
 * @until: monotonic microseconds
 *
 * Waits until the instruction of pr_script_server_hold_before() is reached, the script has ended
 * without it, or @until.
 *
 * Returns: whether it was reached
 */
gboolean
pr_script_server_wait_held (PrScriptServer *self, gint64 until)
{
  gboolean held;

  g_mutex_lock (&self->mutex);
  while (!self->held && !self->ended && g_cond_wait_until (&self->cond, &self->mutex, until))
    ;
  held = self->held;
  g_mutex_unlock (&self->mutex);
  return held;
}

/**
 * pr_script_server_stop:
 * @self: a server
 *
 * Ends everything within a moment, in the middle of whatever it is. pr_script_server_finish()
 * tells what came of it.
 */
void
pr_script_server_stop (PrScriptServer *self)
{
  announce (self->stop_fd);
}

static gboolean
check_connections (PrScriptServer *self, GError **error)
{
  gint64 wanted = self->script->connections;

  if (self->n_connections == 0 && self->script->lines->len > 0)
    g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "%s: nobody connected",
                 self->script->name);
  else if (self->n_connections > 0 && self->script->lines->len == 0)
    g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                 "%s: a connection, although there is nothing to say", self->script->name);
  else if (wanted > 0 && self->n_connections != wanted)
    g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                 "%s: %u connections instead of %" G_GINT64_FORMAT, self->script->name,
                 self->n_connections, wanted);
  else
    return TRUE;
  return FALSE;
}

/**
 * pr_script_server_finish:
 * @self: a server that was started, after its client has ended
 * @error: set to how the client deviated from the script
 *
 * Waits for the end of the script, which is bounded.
 *
 * Returns: whether the client did what the script says, and nothing else
 */
gboolean
pr_script_server_finish (PrScriptServer *self, GError **error)
{
  announce (self->closing_fd);
  join (self);
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }
  return check_connections (self, error);
}
