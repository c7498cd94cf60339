/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrScriptLink: a socket that does not block, with every wait bounded by one deadline and ended
 * by the stop descriptor of the server. What has come and is not yet consumed stays visible,
 * because a script must know of every byte. */

#include "pr-script-link.h"

#include "pr-turn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A client that sends more than this before anything is consumed is no mail client. */
#define MAX_UNREAD (1024 * 1024)

struct _PrScriptLink
{
  int fd;
  int stop_fd;     /* borrowed */
  gint64 deadline; /* monotonic microseconds */
  gnutls_session_t tls;
  GByteArray *unread;
  gboolean ended; /* the client said its last */
  gboolean asks;  /* for a certificate of the client */
};

/**
 * pr_script_link_new:
 * @fd: (transfer full): an accepted connection
 * @stop_fd: readable when everything has to end; must outlive the link
 * @deadline: monotonic microseconds at which everything ends
 *
 * Returns: (transfer full): a link in clear
 */
PrScriptLink *
pr_script_link_new (int fd, int stop_fd, gint64 deadline)
{
  PrScriptLink *self = g_new0 (PrScriptLink, 1);
  int one = 1;

  /* A write of the script is a segment of its own, at once. */
  (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  self->fd = fd;
  self->stop_fd = stop_fd;
  self->deadline = deadline;
  self->unread = g_byte_array_new ();
  return self;
}

/**
 * pr_script_link_free:
 * @self: (transfer full): a link; its connection is closed
 */
void
pr_script_link_free (PrScriptLink *self)
{
  if (self->tls != NULL)
    gnutls_deinit (self->tls);
  if (self->fd >= 0)
    close (self->fd);
  g_byte_array_unref (self->unread);
  g_free (self);
}

/* Returns: whether @events (or trouble) came; FALSE with @error on stop and at the deadline, and
 * without one when @until came first. */
static gboolean
wait_for (PrScriptLink *self, short events, gint64 until, GError **error)
{
  for (;;)
    {
      GPollFD fds[2] = { { self->fd, (gushort) events, 0 }, { self->stop_fd, POLLIN, 0 } };
      gint64 now = g_get_monotonic_time ();
      gint64 end = until != 0 ? MIN (until, self->deadline) : self->deadline;
      int ready;

      if (now >= self->deadline)
        {
          g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_TIMEOUT,
                               "nothing happened for too long");
          return FALSE;
        }
      if (now >= end)
        return FALSE;
      ready = pr_turn_poll (fds, 2, (int) ((end - now + 999) / 1000));
      if (ready < 0 && errno != EINTR)
        {
          g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "poll: %s",
                       g_strerror (errno));
          return FALSE;
        }
      if (ready > 0 && fds[1].revents != 0)
        {
          g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_STOPPED, "stopped");
          return FALSE;
        }
      if (ready > 0 && fds[0].revents != 0)
        return TRUE;
    }
}

static gboolean
wait_tls (PrScriptLink *self, GError **error)
{
  return wait_for (self, gnutls_record_get_direction (self->tls) == 1 ? POLLOUT : POLLIN, 0, error);
}

static gboolean
fail_gone (PrScriptLink *self, const char *why, GError **error)
{
  self->ended = TRUE;
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_GONE, "the client is gone: %s", why);
  return FALSE;
}

static gboolean
write_tls (PrScriptLink *self, const char *bytes, gsize n, GError **error)
{
  while (n > 0)
    {
      gssize sent = gnutls_record_send (self->tls, bytes, n);

      if (sent >= 0)
        {
          bytes += sent;
          n -= (gsize) sent;
        }
      else if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        {
          if (!wait_tls (self, error))
            return FALSE;
        }
      else
        return fail_gone (self, gnutls_strerror ((int) sent), error);
    }
  return TRUE;
}

/**
 * pr_script_link_write:
 * @self: a link
 * @bytes: what to send
 * @n: how many
 * @error: set on failure; to %PR_SCRIPT_ERROR_GONE when nobody is there to read it
 *
 * Returns: whether all went out
 */
gboolean
pr_script_link_write (PrScriptLink *self, const char *bytes, gsize n, GError **error)
{
  if (self->tls != NULL)
    return write_tls (self, bytes, n, error);
  while (n > 0)
    {
      gssize sent = send (self->fd, bytes, n, MSG_NOSIGNAL);

      if (sent >= 0)
        {
          bytes += sent;
          n -= (gsize) sent;
        }
      else if (errno == EAGAIN || errno == EINTR)
        {
          if (!wait_for (self, POLLOUT, 0, error))
            return FALSE;
        }
      else
        return fail_gone (self, g_strerror (errno), error);
    }
  return TRUE;
}

/* One read. Returns: bytes that came, 0 at the end, -1 when there is nothing yet. */
static gssize
read_once (PrScriptLink *self, guint8 *buffer, gsize size)
{
  gssize got;

  if (self->tls == NULL)
    {
      got = recv (self->fd, buffer, size, 0);
      if (got >= 0)
        return got;
      /* A client that leaves with something unread resets the connection: it is gone all the
       * same. */
      return errno == EAGAIN || errno == EINTR ? -1 : 0;
    }
  got = gnutls_record_recv (self->tls, buffer, size);
  if (got >= 0)
    return got;
  return got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED || !gnutls_error_is_fatal ((int) got)
             ? -1
             : 0;
}

/**
 * pr_script_link_read_more:
 * @self: a link
 * @end: (out): whether the client said its last, with or without close_notify
 * @error: set on failure
 *
 * Waits for more bytes and puts them behind those that are unread.
 *
 * Returns: %FALSE on stop, at the deadline, or when too much is unread
 */
gboolean
pr_script_link_read_more (PrScriptLink *self, gboolean *end, GError **error)
{
  guint8 buffer[16384];

  *end = self->ended;
  while (!self->ended)
    {
      gssize got = read_once (self, buffer, sizeof buffer);

      if (got > 0)
        {
          g_byte_array_append (self->unread, buffer, (guint) got);
          if (self->unread->len <= MAX_UNREAD)
            return TRUE;
          g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                       "the client sent more than %d bytes at once", MAX_UNREAD);
          return FALSE;
        }
      if (got == 0)
        self->ended = *end = TRUE;
      else if (!wait_for (self, POLLIN, 0, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pr_script_link_get_unread:
 * @self: a link
 *
 * Returns: (transfer none): what has come and was not dropped
 */
const GByteArray *
pr_script_link_get_unread (const PrScriptLink *self)
{
  return self->unread;
}

/**
 * pr_script_link_drop:
 * @self: a link
 * @n: how many of the unread bytes were consumed
 */
void
pr_script_link_drop (PrScriptLink *self, gsize n)
{
  g_byte_array_remove_range (self->unread, 0, (guint) n);
}

/**
 * pr_script_link_read_line:
 * @self: a link
 * @error: set to %PR_SCRIPT_ERROR_DEVIATION when no whole line comes
 *
 * Returns: (transfer full) (nullable): the next line of the client, without its CRLF; it may
 *   include NUL
 */
GString *
pr_script_link_read_line (PrScriptLink *self, GError **error)
{
  for (;;)
    {
      const guint8 *lf =
          self->unread->len > 0 ? memchr (self->unread->data, '\n', self->unread->len) : NULL;
      gboolean end = FALSE;

      if (lf != NULL)
        {
          gsize n = (gsize) (lf - self->unread->data);
          GString *line = g_string_new_len ((char *) self->unread->data, (gssize) n);

          pr_script_link_drop (self, n + 1);
          if (n > 0 && line->str[n - 1] == '\r')
            return g_string_truncate (line, n - 1);
          g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "LF without CR: “%s”",
                       line->str);
          g_string_free (line, TRUE);
          return NULL;
        }
      if (!pr_script_link_read_more (self, &end, error))
        return NULL;
      if (end)
        {
          g_set_error_literal (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
                               "a line is expected, but the client closed the connection");
          return NULL;
        }
    }
}

/**
 * pr_script_link_sleep:
 * @self: a link
 * @ms: milliseconds
 * @error: set on stop and at the deadline
 *
 * Does nothing for a while, or until the client closes its side.
 *
 * Returns: whether the time passed
 */
gboolean
pr_script_link_sleep (PrScriptLink *self, guint ms, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (wait_for (self, POLLRDHUP, g_get_monotonic_time () + (gint64) ms * 1000, &local_error)
      || local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pr_script_link_listen:
 * @self: a link
 * @ms: milliseconds
 * @error: set on stop and at the deadline
 *
 * Does nothing for a while; what comes meanwhile is unread afterwards.
 *
 * Returns: whether the time passed, or something came
 */
gboolean
pr_script_link_listen (PrScriptLink *self, guint ms, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean end = FALSE;

  if (wait_for (self, POLLIN, g_get_monotonic_time () + (gint64) ms * 1000, &local_error))
    return pr_script_link_read_more (self, &end, error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pr_script_link_drain:
 * @self: a link
 * @error: set on stop and at the deadline
 *
 * Ignores whatever still comes, until the client goes; below TLS, so that it also works in the
 * middle of a handshake.
 *
 * Returns: whether it went
 */
gboolean
pr_script_link_drain (PrScriptLink *self, GError **error)
{
  char buffer[16384];

  for (;;)
    {
      gssize got = recv (self->fd, buffer, sizeof buffer, 0);

      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        {
          self->ended = TRUE;
          return TRUE;
        }
      if (got < 0 && !wait_for (self, POLLIN, 0, error))
        return FALSE;
    }
}

static gboolean
prepare_tls (PrScriptLink *self,
             gnutls_certificate_credentials_t credentials,
             const char *priority,
             const gnutls_datum_t *ticket_key)
{
  int result = gnutls_init (&self->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);

  if (result >= 0)
    result = gnutls_priority_set_direct (self->tls, priority, NULL);
  if (result >= 0)
    result = gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, credentials);
  if (result >= 0 && ticket_key != NULL)
    result = gnutls_session_ticket_enable_server (self->tls, ticket_key);
  if (result < 0)
    return FALSE;
  if (self->asks)
    gnutls_certificate_server_set_request (self->tls, GNUTLS_CERT_REQUEST);
  gnutls_transport_set_int (self->tls, self->fd);
  gnutls_handshake_set_timeout (self->tls, GNUTLS_INDEFINITE_TIMEOUT);
  return TRUE;
}

/**
 * pr_script_link_start_tls:
 * @self: a link in clear, with nothing unread
 * @credentials: who the server claims to be; must outlive the link
 * @priority: versions and algorithms, as GnuTLS writes them
 * @ticket_key: (nullable): sends session tickets
 * @error: set to %PR_SCRIPT_ERROR_DEVIATION when the handshake fails
 *
 * Returns: whether TLS stands
 */
gboolean
pr_script_link_start_tls (PrScriptLink *self,
                          gnutls_certificate_credentials_t credentials,
                          const char *priority,
                          const gnutls_datum_t *ticket_key,
                          GError **error)
{
  int result;

  g_return_val_if_fail (self->tls == NULL, FALSE);

  if (!prepare_tls (self, credentials, priority, ticket_key))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "GnuTLS refuses “%s”", priority);
      return FALSE;
    }
  while ((result = gnutls_handshake (self->tls)) < 0)
    {
      if (!gnutls_error_is_fatal (result))
        {
          if (!wait_tls (self, error))
            return FALSE;
          continue;
        }
      /* Session tickets are sent at the end: the client need not wait for them. */
      if (result == GNUTLS_E_PUSH_ERROR)
        return fail_gone (self, gnutls_strerror (result), error);
      (void) gnutls_alert_send_appropriate (self->tls, result);
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "the handshake failed: %s",
                   gnutls_strerror (result));
      return FALSE;
    }
  return TRUE;
}

/**
 * pr_script_link_ask_certificate:
 * @self: a link in clear
 *
 * When TLS starts, the client will be asked who it is; it need not say.
 */
void
pr_script_link_ask_certificate (PrScriptLink *self)
{
  self->asks = TRUE;
}

/**
 * pr_script_link_has_client_certificate:
 * @self: a link with TLS
 *
 * Returns: whether the client showed a certificate
 */
gboolean
pr_script_link_has_client_certificate (const PrScriptLink *self)
{
  unsigned n = 0;

  return gnutls_certificate_get_peers (self->tls, &n) != NULL && n > 0;
}

/**
 * pr_script_link_has_tls:
 * @self: a link
 *
 * Returns: whether TLS was started
 */
gboolean
pr_script_link_has_tls (const PrScriptLink *self)
{
  return self->tls != NULL;
}

/**
 * pr_script_link_get_binding:
 * @self: a link
 * @type: (out): "tls-exporter" or "tls-unique"
 *
 * Returns: (transfer full) (nullable): what both ends of the channel see (RFC 9266, RFC 5929)
 */
GBytes *
pr_script_link_get_binding (const PrScriptLink *self, const char **type)
{
  gboolean new = self->tls != NULL &&gnutls_protocol_get_version (self->tls) >= GNUTLS_TLS1_3;
  gnutls_datum_t data = { NULL, 0 };
  GBytes *bytes;

  *type = new ? "tls-exporter" : "tls-unique";
  if (self->tls == NULL
      || gnutls_session_channel_binding (self->tls,
                                         new ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE, &data)
             < 0)
    return NULL;
  bytes = g_bytes_new (data.data, data.size);
  gnutls_free (data.data);
  return bytes;
}

/**
 * pr_script_link_get_port:
 * @self: a link
 *
 * Returns: the port that the client connected to
 */
guint16
pr_script_link_get_port (const PrScriptLink *self)
{
  struct sockaddr_in address;
  socklen_t n = sizeof address;

  if (getsockname (self->fd, (struct sockaddr *) &address, &n) < 0 || address.sin_family != AF_INET)
    return 0;
  return g_ntohs (address.sin_port);
}

/**
 * pr_script_link_end:
 * @self: a link
 * @notify: whether TLS says that this is the end (close_notify)
 *
 * Nothing more will be written; what the client says can still be read.
 */
void
pr_script_link_end (PrScriptLink *self, gboolean notify)
{
  if (self->tls != NULL && notify)
    (void) gnutls_bye (self->tls, GNUTLS_SHUT_WR);
  (void) shutdown (self->fd, SHUT_WR);
}

/**
 * pr_script_link_reset:
 * @self: a link
 *
 * Resets the connection: it is gone at once, for both sides.
 */
void
pr_script_link_reset (PrScriptLink *self)
{
  struct linger linger = { 1, 0 };

  (void) setsockopt (self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close (self->fd);
  self->fd = -1;
  self->ended = TRUE;
}
