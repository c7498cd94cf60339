/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPracticeServer: listens on loopback, one thread that accepts, one for each client, as many
 * as a computer bears. Stopping it ends them all within a moment. */

#include "pr-practice-server.h"

#include "pr-practice-session.h"
#include "pr-test-authority.h"
#include "pr-turn.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS 1024
#define BACKLOG 1024
#define LIMIT_S 120 /* of one connection */

static const struct
{
  const char *certificate;
  gboolean is_pop3;
} doors[PR_PRACTICE_N_PORTS] = {
  [PR_PRACTICE_POP3S] = { "good", TRUE },
  [PR_PRACTICE_SMTPS] = { "good", FALSE },
  [PR_PRACTICE_POP3S_EXPIRED] = { "expired", TRUE },
  [PR_PRACTICE_SMTPS_EXPIRED] = { "expired", FALSE },
};

struct _PrPracticeServer
{
  int fds[PR_PRACTICE_N_PORTS];
  guint16 ports[PR_PRACTICE_N_PORTS];
  gnutls_certificate_credentials_t credentials[PR_PRACTICE_N_PORTS]; /* borrowed */
  char *priority;
  int stop_fd; /* readable: everything ends */
  GThread *acceptor;
  GThreadPool *clients;

  int delay_ms; /* atomic */
  GMutex mutex;
  GHashTable *accounts; /* folded address → PrPracticeAccount */
};

typedef struct
{
  int fd;
  PrPracticePort port;
} PrClient;

static void
account_free (gpointer data)
{
  PrPracticeAccount *account = data;

  g_free (account->address);
  g_free (account->password);
  g_ptr_array_unref (account->messages);
  g_free (account);
}

/* --- In the threads --------------------------------------------------------------------------- */

void
pr_practice_lock (PrPracticeServer *self)
{
  g_mutex_lock (&self->mutex);
}

void
pr_practice_unlock (PrPracticeServer *self)
{
  g_mutex_unlock (&self->mutex);
}

/* Under the lock. An account, once made, lives as long as the server. */
PrPracticeAccount *
pr_practice_find (PrPracticeServer *self, const char *address)
{
  g_autofree char *key = g_utf8_casefold (address, -1);

  return g_hash_table_lookup (self->accounts, key);
}

static void
talk (PrPracticeServer *self, const PrClient *client)
{
  g_autoptr (PrScriptLink) link = pr_script_link_new (
      client->fd, self->stop_fd, g_get_monotonic_time () + LIMIT_S * G_USEC_PER_SEC);
  PrPracticeSession session = { .server = self,
                                .link = link,
                                .is_pop3 = doors[client->port].is_pop3 };
  const gnutls_datum_t *tickets =
      pr_test_authority_get_ticket_key (pr_test_authority_get_default ());

  if (!pr_script_link_start_tls (link, self->credentials[client->port], self->priority, tickets,
                                 NULL))
    return;
  if (session.is_pop3)
    pr_practice_pop3 (&session);
  else
    pr_practice_smtp (&session);
  pr_script_link_end (link, TRUE);
}

static void
serve (gpointer data, gpointer user_data)
{
  g_autofree PrClient *client = data;

  pr_turn_take ();
  talk (user_data, client);
  pr_turn_give ();
}

static void
accept_clients (PrPracticeServer *self, PrPracticePort port)
{
  int fd;

  while ((fd = accept4 (self->fds[port], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
    {
      PrClient *client = g_new (PrClient, 1);

      client->fd = fd;
      client->port = port;
      g_thread_pool_push (self->clients, client, NULL);
    }
}

static gpointer
accept_all (gpointer data)
{
  PrPracticeServer *self = data;

  for (;;)
    {
      struct pollfd fds[PR_PRACTICE_N_PORTS + 1] = { { self->stop_fd, POLLIN, 0 } };

      for (guint i = 0; i < PR_PRACTICE_N_PORTS; i++)
        fds[i + 1] = (struct pollfd){ self->fds[i], POLLIN, 0 };
      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
        return NULL;
      if (fds[0].revents != 0)
        return NULL;
      for (guint i = 0; i < PR_PRACTICE_N_PORTS; i++)
        if (fds[i + 1].revents != 0)
          accept_clients (self, i);
    }
}

/* --- From outside ----------------------------------------------------------------------------- */

static gboolean
open_door (PrPracticeServer *self, PrPracticePort port, GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  self->fds[port] = fd;
  self->credentials[port] = pr_test_authority_get_credentials (pr_test_authority_get_default (),
                                                               doors[port].certificate, error);
  if (self->credentials[port] == NULL)
    return FALSE;
  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, n) == 0 && listen (fd, BACKLOG) == 0
      && getsockname (fd, (struct sockaddr *) &address, &n) == 0)
    {
      self->ports[port] = g_ntohs (address.sin_port);
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "the practice server finds no port on this computer: %s", g_strerror (errno));
  return FALSE;
}

/**
 * pr_practice_server_new:
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): a server that runs, without mailboxes
 */
PrPracticeServer *
pr_practice_server_new (GError **error)
{
  g_autoptr (PrPracticeServer) self = g_new0 (PrPracticeServer, 1);

  g_mutex_init (&self->mutex);
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, account_free);
  for (guint i = 0; i < PR_PRACTICE_N_PORTS; i++)
    self->fds[i] = -1;
  self->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->priority = pr_test_authority_get_priority (NULL, NULL, error);
  if (self->priority == NULL)
    return NULL;
  for (guint i = 0; i < PR_PRACTICE_N_PORTS; i++)
    if (!open_door (self, i, error))
      return NULL;
  self->clients = g_thread_pool_new (serve, self, MAX_CLIENTS, FALSE, error);
  if (self->clients == NULL)
    return NULL;
  self->acceptor = g_thread_try_new ("pr-practice", accept_all, self, error);
  if (self->acceptor == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * pr_practice_server_free:
 * @self: (transfer full): a server: it ends within a moment, whoever is connected
 */
void
pr_practice_server_free (PrPracticeServer *self)
{
  guint64 one = 1;

  if (write (self->stop_fd, &one, sizeof one) != sizeof one)
    g_warning ("practice server: %s", g_strerror (errno));
  g_clear_pointer (&self->acceptor, g_thread_join);
  if (self->clients != NULL)
    g_thread_pool_free (self->clients, FALSE, TRUE);
  for (guint i = 0; i < PR_PRACTICE_N_PORTS; i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  close (self->stop_fd);
  g_hash_table_unref (self->accounts);
  g_mutex_clear (&self->mutex);
  g_free (self->priority);
  g_free (self);
}

/**
 * pr_practice_server_get_port:
 * @self: a server
 * @port: one of its doors
 *
 * Returns: the port of "localhost" where it is
 */
guint16
pr_practice_server_get_port (PrPracticeServer *self, PrPracticePort port)
{
  return self->ports[port];
}

/**
 * pr_practice_server_get_ca_pem:
 * @self: a server
 *
 * Returns: (transfer none): the authority that a profile has to trust
 */
const char *
pr_practice_server_get_ca_pem (PrPracticeServer *self)
{
  return pr_test_authority_get_ca_pem (pr_test_authority_get_default ());
}

/**
 * pr_practice_server_add_mailbox:
 * @self: a server
 * @address: its address, which is its user name, too
 * @password: its password
 * @fault: what is wrong with it
 */
void
pr_practice_server_add_mailbox (PrPracticeServer *self,
                                const char *address,
                                const char *password,
                                PrPracticeFault fault)
{
  PrPracticeAccount *account = g_new0 (PrPracticeAccount, 1);

  account->address = g_strdup (address);
  account->password = g_strdup (password);
  account->fault = fault;
  account->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  pr_practice_lock (self);
  g_hash_table_insert (self->accounts, g_utf8_casefold (address, -1), account);
  pr_practice_unlock (self);
}

/**
 * pr_practice_server_set_delay:
 * @self: a server
 * @ms: how long it thinks before each of its answers
 *
 * As a server does that is far away.
 */
void
pr_practice_server_set_delay (PrPracticeServer *self, guint ms)
{
  g_atomic_int_set (&self->delay_ms, (int) ms);
}

guint
pr_practice_get_delay (PrPracticeServer *self)
{
  return (guint) g_atomic_int_get (&self->delay_ms);
}

/**
 * pr_practice_server_mend_mailbox:
 * @self: a server
 * @address: one of its mailboxes
 *
 * From now on nothing is wrong with it.
 */
void
pr_practice_server_mend_mailbox (PrPracticeServer *self, const char *address)
{
  PrPracticeAccount *account;

  pr_practice_lock (self);
  account = pr_practice_find (self, address);
  if (account != NULL)
    account->fault = PR_PRACTICE_WORKS;
  pr_practice_unlock (self);
}

/**
 * pr_practice_server_get_n_messages:
 * @self: a server
 * @address: one of its mailboxes
 *
 * Returns: how many messages are in it
 */
guint
pr_practice_server_get_n_messages (PrPracticeServer *self, const char *address)
{
  PrPracticeAccount *account;
  guint n;

  pr_practice_lock (self);
  account = pr_practice_find (self, address);
  n = account != NULL ? account->messages->len : 0;
  pr_practice_unlock (self);
  return n;
}
