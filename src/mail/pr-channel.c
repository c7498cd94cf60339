/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrChannel over a TCP socket, in clear or through TLS. Worker threads. */

#include "pr-channel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct
{
  PrChannel parent;
  int fd;
  gboolean asked; /* something went out since the last look for an answer */
  PrTls *tls;     /* owned, nullable */
} PrSocketChannel;

/**
 * pr_channel_close:
 * @self: (transfer full): a channel
 */
void
pr_channel_close (PrChannel *self)
{
  self->ops->close (self);
}

static gssize
socket_read (PrChannel *channel, char *buffer, gsize size, PrWait *wait, GError **error)
{
  PrSocketChannel *self = (PrSocketChannel *) channel;

  if (self->tls != NULL)
    return pr_tls_read (self->tls, buffer, size, wait, error);
  pr_wait_note_waited (wait);
  for (;;)
    {
      gssize got = -1;

      /* Nobody answers at once what has just gone out. */
      if (self->asked)
        errno = EAGAIN;
      else
        got = recv (self->fd, buffer, size, 0);
      self->asked = FALSE;
      if (got >= 0)
        return got;
      if (errno == EAGAIN || errno == EINTR)
        {
          if (!pr_wait_fd (wait, self->fd, G_IO_IN, PR_CODE_RESPONSE_TIMEOUT, error))
            return -1;
          continue;
        }
      if (errno == ECONNRESET)
        return 0;
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_LOST, g_strerror (errno));
      return -1;
    }
}

static gboolean
socket_write (PrChannel *channel, const char *bytes, gsize n, PrWait *wait, GError **error)
{
  PrSocketChannel *self = (PrSocketChannel *) channel;

  if (self->tls != NULL)
    return pr_tls_write (self->tls, bytes, n, wait, error);
  while (n > 0)
    {
      gssize sent = send (self->fd, bytes, n, MSG_NOSIGNAL);

      if (sent >= 0)
        {
          bytes += sent;
          n -= (gsize) sent;
          self->asked = TRUE;
          pr_wait_note_sent (wait);
        }
      else if (errno == EAGAIN || errno == EINTR)
        {
          if (!pr_wait_fd (wait, self->fd, G_IO_OUT, PR_CODE_RESPONSE_TIMEOUT, error))
            return FALSE;
        }
      else
        {
          g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_LOST, g_strerror (errno));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
socket_has_pending (PrChannel *channel)
{
  PrSocketChannel *self = (PrSocketChannel *) channel;

  return self->tls != NULL && pr_tls_has_pending (self->tls);
}

static void
socket_close (PrChannel *channel)
{
  PrSocketChannel *self = (PrSocketChannel *) channel;

  if (self->tls != NULL)
    {
      pr_tls_bye (self->tls);
      pr_tls_free (self->tls);
    }
  close (self->fd);
  g_free (self);
}

static const PrChannelOps socket_ops = {
  .read = socket_read,
  .write = socket_write,
  .has_pending = socket_has_pending,
  .close = socket_close,
};

/**
 * pr_socket_channel_new:
 * @fd: (transfer full): a connected descriptor that does not block
 *
 * Returns: (transfer full): a channel in clear
 */
PrChannel *
pr_socket_channel_new (int fd)
{
  PrSocketChannel *self = g_new0 (PrSocketChannel, 1);

  self->parent.ops = &socket_ops;
  self->fd = fd;
  return &self->parent;
}

/**
 * pr_socket_channel_get_fd:
 * @self: what pr_socket_channel_new() made
 *
 * Returns: its descriptor, which it keeps
 */
int
pr_socket_channel_get_fd (PrChannel *self)
{
  g_return_val_if_fail (self->ops == &socket_ops, -1);

  return ((PrSocketChannel *) self)->fd;
}

/**
 * pr_socket_channel_set_tls:
 * @self: a channel in clear
 * @tls: (transfer full): a TLS connection on its descriptor
 *
 * From now on everything goes through @tls.
 */
void
pr_socket_channel_set_tls (PrChannel *self, PrTls *tls)
{
  PrSocketChannel *channel = (PrSocketChannel *) self;

  g_return_if_fail (self->ops == &socket_ops);
  g_return_if_fail (channel->tls == NULL);

  channel->tls = tls;
}

/**
 * pr_channel_get_binding:
 * @self: a channel
 * @binding: (out caller-allocates): what a log-in can be bound to; nothing without TLS
 */
void
pr_channel_get_binding (PrChannel *self, PrTlsBinding *binding)
{
  *binding = (PrTlsBinding){ NULL };
  if (self->ops == &socket_ops && ((PrSocketChannel *) self)->tls != NULL)
    pr_tls_get_binding (((PrSocketChannel *) self)->tls, binding);
}

/**
 * pr_socket_channel_get_local_literal:
 * @self: what pr_socket_channel_new() made
 *
 * Returns: (transfer full): this end's address as RFC 5321 section 4.1.3 writes it, such as
 *   "[192.0.2.1]" or "[IPv6:2001:db8::1]"
 */
char *
pr_socket_channel_get_local_literal (PrChannel *self)
{
  struct sockaddr_storage local;
  socklen_t length = sizeof local;
  char text[INET6_ADDRSTRLEN] = "127.0.0.1";
  gboolean is_ipv6 = FALSE;

  g_return_val_if_fail (self->ops == &socket_ops, NULL);

  if (getsockname (((PrSocketChannel *) self)->fd, (struct sockaddr *) &local, &length) == 0)
    {
      is_ipv6 = local.ss_family == AF_INET6;
      if (is_ipv6)
        inet_ntop (AF_INET6, &((struct sockaddr_in6 *) &local)->sin6_addr, text, sizeof text);
      else if (local.ss_family == AF_INET)
        inet_ntop (AF_INET, &((struct sockaddr_in *) &local)->sin_addr, text, sizeof text);
    }
  return g_strdup_printf ("[%s%s]", is_ipv6 ? "IPv6:" : "", text);
}
