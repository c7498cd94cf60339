/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTls: GnuTLS over a descriptor that does not block, every wait of it cancellable and inside
 * the deadline of its step (rule T14). Worker threads. RFC 8446, RFC 5246, RFC 6066 section 3
 * (SNI), RFC 8314 (TLS for mail). */

#include "pr-tls-private.h"

#include "pr-recognise.h"
#include "pr-text.h"
#include "pr-validate.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static ssize_t
send_pieces (PrTls *self, const giovec_t *pieces, int n_pieces)
{
  struct msghdr message = { .msg_iov = (struct iovec *) pieces, .msg_iovlen = (size_t) n_pieces };
  ssize_t sent = sendmsg (self->fd, &message, self->send_flags);

  if (sent < 0)
    gnutls_transport_set_errno (self->session, errno);
  else
    {
      self->asked = TRUE;
      pr_wait_note_sent (self->wait);
    }
  return sent;
}

/* Returns: whether nothing is held back any more. */
static gboolean
send_held (PrTls *self)
{
  while (self->held > 0)
    {
      giovec_t piece = { self->hold, self->held };
      ssize_t sent = send_pieces (self, &piece, 1);

      if (sent < 0)
        return FALSE;
      self->held -= (gsize) sent;
      memmove (self->hold, self->hold + sent, self->held);
    }
  return TRUE;
}

/* The flights of the handshake go out in one piece each. */
static ssize_t
push (gnutls_transport_ptr_t data, const giovec_t *pieces, int n_pieces)
{
  PrTls *self = data;
  gsize n = 0;

  for (int i = 0; i < n_pieces; i++)
    n += pieces[i].iov_len;
  if (self->established || self->held + n > sizeof self->hold)
    return send_held (self) ? send_pieces (self, pieces, n_pieces) : -1;
  for (int i = 0; i < n_pieces; i++)
    {
      memcpy (self->hold + self->held, pieces[i].iov_base, pieces[i].iov_len);
      self->held += pieces[i].iov_len;
    }
  return (ssize_t) n;
}

static ssize_t
receive (PrTls *self)
{
  ssize_t got;

  if (!send_held (self))
    return -1;
  /* Nobody answers at once what has just gone out: the caller waits, and then looks. */
  if (self->asked)
    {
      self->asked = FALSE;
      errno = EAGAIN;
      return -1;
    }
  got = recv (self->fd, self->got, sizeof self->got, 0);
  if (got > 0 && self->first_length == 0)
    {
      self->first_length = MIN ((gsize) got, sizeof self->first);
      memcpy (self->first, self->got, self->first_length);
    }
  return got;
}

static ssize_t
pull (gnutls_transport_ptr_t data, void *bytes, size_t n)
{
  PrTls *self = data;
  size_t taken;

  if (self->got_start == self->got_end)
    {
      ssize_t got = receive (self);

      if (got < 0)
        gnutls_transport_set_errno (self->session, errno);
      if (got <= 0)
        return got;
      self->got_start = 0;
      self->got_end = (gsize) got;
    }
  taken = MIN (n, self->got_end - self->got_start);
  memcpy (bytes, self->got + self->got_start, taken);
  self->got_start += taken;
  return (ssize_t) taken;
}

/* GnuTLS asks whether there is something to read only when it is to wait by itself, which it is
 * never told to do: every wait is ours. */
static int
pull_timeout (gnutls_transport_ptr_t data, unsigned ms)
{
  PrTls *self = data;
  struct pollfd fd = { self->fd, POLLIN, 0 };

  if (self->got_start < self->got_end)
    return 1;
  return poll (&fd, 1, ms == GNUTLS_INDEFINITE_TIMEOUT ? -1 : (int) ms);
}

/**
 * pr_tls_new:
 * @context: shared by the run
 * @ca_pem: (nullable): authorities to trust besides the system's
 * @host: the name that the server must prove: A-labels, or a bare IP address; never empty
 *   (rule T11)
 * @min_version: the lowest version that a policy allows
 * @protocol: what is spoken inside
 * @error: set to a diagnosis
 *
 * Returns: (transfer full) (nullable): a connection that has not started
 */
PrTls *
pr_tls_new (PrTlsContext *context,
            const char *ca_pem,
            const char *host,
            PrTlsVersion min_version,
            PrProtocol protocol,
            GError **error)
{
  g_autoptr (PrTls) self = NULL;
  PrTrust *trust;
  int result;

  g_return_val_if_fail (host != NULL && *host != '\0', NULL);

  self = g_new0 (PrTls, 1);
  self->context = pr_tls_context_ref (context);
  self->host = g_strdup (host);
  self->min_version = min_version;
  self->protocol = protocol;
  self->fd = -1;
  self->send_flags = MSG_NOSIGNAL;
  if (ca_pem != NULL && (self->extra = pr_tls_context_get_extra (context, ca_pem)) == NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROFILE_INVALID,
                           "the trusted certificate authority cannot be read");
      return NULL;
    }
  trust = self->extra != NULL ? self->extra : pr_tls_context_get_system (context);

  result = gnutls_init (&self->session, GNUTLS_CLIENT | GNUTLS_KEY_SHARE_TOP);
  if (result >= 0)
    result = gnutls_priority_set (self->session, pr_tls_context_get_priority ());
  if (result >= 0)
    result = gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, trust->credentials);
  /* Rule T07: never for an IP address. */
  if (result >= 0 && !pr_host_is_ip (host))
    result = gnutls_server_name_set (self->session, GNUTLS_NAME_DNS, host, strlen (host));
  if (result < 0)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "GnuTLS: %s",
                   gnutls_strerror (result));
      return NULL;
    }
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_vec_push_function (self->session, push);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout);
  gnutls_handshake_set_timeout (self->session, GNUTLS_INDEFINITE_TIMEOUT);
  return g_steal_pointer (&self);
}

/**
 * pr_tls_free:
 * @self: (transfer full): a connection; its descriptor stays open
 */
void
pr_tls_free (PrTls *self)
{
  if (self->session != NULL)
    gnutls_deinit (self->session);
  g_clear_pointer (&self->certificate, pr_certificate_free);
  pr_tls_context_unref (self->context);
  g_free (self->server);
  g_free (self->host);
  g_free (self);
}

/* Waits for what GnuTLS asked for when it answered "again". */
static gboolean
wait_again (PrTls *self, GError **error)
{
  gboolean writes = gnutls_record_get_direction (self->session) == 1 || self->held > 0;

  /* It also says so behind a ticket, when the answer is here already. */
  if (!writes && self->got_start < self->got_end)
    return pr_wait_check (self->wait, PR_CODE_RESPONSE_TIMEOUT, error);
  return pr_wait_fd (self->wait, self->fd, writes ? G_IO_OUT : G_IO_IN, PR_CODE_RESPONSE_TIMEOUT,
                     error);
}

/* The flights of a handshake come in pieces that tell nothing of round trips: those are known (one,
 * and below TLS 1.3 two: RFC 8446 section 2, RFC 5246 section 7.3). Whose flight the last one is
 * matters, too: with TLS 1.3 it is ours, so that a greeting is waited for once more; a full
 * handshake of TLS 1.2 ends with the server's, and the greeting comes along with it. */
static void
count_round_trip (PrTls *self)
{
  pr_wait_note_sent (self->wait);
  pr_wait_note_waited (self->wait);
}

static PrCode
handshake_result_to_code (PrTls *self, int result)
{
  switch (result)
    {
      case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
        return PR_CODE_TLS_VERSION;
      case GNUTLS_E_FATAL_ALERT_RECEIVED:
        return gnutls_alert_get (self->session) == GNUTLS_A_PROTOCOL_VERSION
                   ? PR_CODE_TLS_VERSION
                   : PR_CODE_TLS_HANDSHAKE;
      case GNUTLS_E_PREMATURE_TERMINATION:
      case GNUTLS_E_PULL_ERROR:
      case GNUTLS_E_PUSH_ERROR:
      case GNUTLS_E_SESSION_EOF:
        return PR_CODE_CONNECTION_LOST;
      default:
        return PR_CODE_TLS_HANDSHAKE;
    }
}

static void
set_handshake_error (PrTls *self, int result, GError **error)
{
  const char *alert = NULL;

  if (self->first_length > 0 && !pr_recognise_tls (self->first, self->first_length))
    {
      const char *found = pr_recognise_protocol (self->first, self->first_length);
      gboolean other = found != NULL && !pr_recognise_is (found, self->protocol);
      PrCode code = self->upgrade ? PR_CODE_STARTTLS_INJECTION
                    : other       ? PR_CODE_WRONG_PROTOCOL
                                  : PR_CODE_PLAIN_EXPECTED;
      g_autofree char *text = pr_text_for_display (self->first, (gssize) self->first_length, 512);

      g_set_error (error, PR_DIAGNOSIS, (int) code, "no TLS, but: %s", text);
      return;
    }
  if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
    alert = gnutls_alert_get_name (gnutls_alert_get (self->session));
  g_set_error (error, PR_DIAGNOSIS, (int) handshake_result_to_code (self, result), "%s%s%s",
               gnutls_strerror (result), alert != NULL ? ": " : "", alert != NULL ? alert : "");
}

/* Rule T13: what the priority string forbids is checked once more; and what a policy forbids. */
static gboolean
check_version (PrTls *self, GError **error)
{
  gnutls_protocol_t version = gnutls_protocol_get_version (self->session);
  PrCode code = version < GNUTLS_TLS1_2 ? PR_CODE_TLS_VERSION : PR_CODE_POLICY_TLS_VERSION;
  g_autofree char *name = NULL;

  if (version >= (self->min_version == PR_TLS_VERSION_1_3 ? GNUTLS_TLS1_3 : GNUTLS_TLS1_2))
    return TRUE;
  name = pr_tls_get_version (self);
  g_set_error_literal (error, PR_DIAGNOSIS, (int) code, name);
  return FALSE;
}

/**
 * pr_tls_handshake:
 * @self: a connection that has not started
 * @fd: a connected descriptor that does not block; nothing that came on it may be unread
 * @upgrade: whether this follows a go-ahead for STARTTLS: clear text is an attack then
 * @wait: the clocks of the conversation; kept for all later reads and writes
 * @error: set to a diagnosis
 *
 * Returns: whether both sides finished. Nobody has been verified yet: pr_tls_write() refuses
 *   until pr_tls_verify() found nothing wrong.
 */
gboolean
pr_tls_handshake (PrTls *self, int fd, gboolean upgrade, PrWait *wait, GError **error)
{
  self->fd = fd;
  self->wait = wait;
  self->upgrade = upgrade;
  count_round_trip (self);
  pr_tls_memory_offer (pr_tls_context_get_memory (self->context), self);
  for (;;)
    {
      int result = gnutls_handshake (self->session);

      if (result == GNUTLS_E_SUCCESS && !send_held (self))
        result = errno == EAGAIN || errno == EINTR ? GNUTLS_E_AGAIN : GNUTLS_E_PUSH_ERROR;
      if (result == GNUTLS_E_SUCCESS)
        break;
      if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED)
        {
          if (!wait_again (self, error))
            return FALSE;
          continue;
        }
      if (gnutls_error_is_fatal (result))
        {
          send_held (self); /* an alert */
          set_handshake_error (self, result, error);
          return FALSE;
        }
    }
  if (!check_version (self, error))
    return FALSE;
  if (gnutls_protocol_get_version (self->session) < GNUTLS_TLS1_3 && !pr_tls_is_resumed (self))
    count_round_trip (self);
  self->established = TRUE;
  return TRUE;
}

/**
 * pr_tls_get_version:
 * @self: a connection after its handshake
 *
 * Returns: (transfer full): such as "TLS 1.3"
 */
char *
pr_tls_get_version (PrTls *self)
{
  gnutls_protocol_t version = gnutls_protocol_get_version (self->session);

  if (version == GNUTLS_TLS1_3)
    return g_strdup ("TLS 1.3");
  if (version == GNUTLS_TLS1_2)
    return g_strdup ("TLS 1.2");
  return g_strdup (gnutls_protocol_get_name (version));
}

/**
 * pr_tls_is_resumed:
 * @self: a connection after its handshake
 *
 * Returns: whether it goes on where an earlier connection to the same server ended, whose
 *   certificates were judged then
 */
gboolean
pr_tls_is_resumed (PrTls *self)
{
  return gnutls_session_is_resumed (self->session) != 0;
}

/**
 * pr_tls_get_cipher:
 * @self: a connection after its handshake
 *
 * Returns: (transfer full): key exchange, signature, cipher and hash in the words of GnuTLS
 */
char *
pr_tls_get_cipher (PrTls *self)
{
  char *description = gnutls_session_get_desc (self->session);
  char *copy = g_strdup (description != NULL ? description : "");

  gnutls_free (description);
  return copy;
}

/**
 * pr_tls_get_binding:
 * @self: a connection after its handshake
 * @binding: (out caller-allocates): what a log-in can be bound to
 *
 * With TLS 1.3 only "tls-exporter" is sound; with TLS 1.2 "tls-unique" is, if both ends know
 * extended master secrets (RFC 9266 section 3, RFC 7627 section 6; rule A07).
 */
void
pr_tls_get_binding (PrTls *self, PrTlsBinding *binding)
{
  gboolean new = gnutls_protocol_get_version (self->session) >= GNUTLS_TLS1_3;
  gnutls_datum_t data = { NULL, 0 };

  *binding = (PrTlsBinding){ NULL };
  if (!new &&gnutls_session_ext_master_secret_status (self->session) == 0)
    return;
  if (gnutls_session_channel_binding (self->session,
                                      new ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE, &data)
          >= 0
      && data.size > 0 && data.size <= sizeof binding->data)
    {
      memcpy (binding->data, data.data, data.size);
      binding->length = data.size;
      binding->type = new ? "tls-exporter" : "tls-unique";
    }
  gnutls_free (data.data);
}

/**
 * pr_tls_get_first_bytes:
 * @self: a connection whose handshake failed
 * @length: (out): how many bytes
 *
 * Returns: (transfer none): what the server sent first
 */
const char *
pr_tls_get_first_bytes (PrTls *self, gsize *length)
{
  *length = self->first_length;
  return self->first;
}

/**
 * pr_tls_read:
 * @self: a verified connection
 * @buffer: where to put bytes
 * @size: how many at most
 * @wait: the clocks
 * @error: set to a diagnosis
 *
 * Returns: bytes that came; 0 at the end of the connection, in whatever way it ended; -1 on error
 */
gssize
pr_tls_read (PrTls *self, char *buffer, gsize size, PrWait *wait, GError **error)
{
  g_return_val_if_fail (self->established, -1);

  self->wait = wait;
  pr_wait_note_waited (wait);
  for (;;)
    {
      gssize got = gnutls_record_recv (self->session, buffer, size);

      if (got > 0)
        pr_tls_memory_keep (pr_tls_context_get_memory (self->context), self);
      if (got >= 0)
        return got;
      switch (got)
        {
          case GNUTLS_E_AGAIN:
          case GNUTLS_E_INTERRUPTED:
            if (!wait_again (self, error))
              return -1;
            break;
          case GNUTLS_E_PREMATURE_TERMINATION:
          case GNUTLS_E_PULL_ERROR:
            return 0;
          case GNUTLS_E_REHANDSHAKE: /* a wish of the server that may be ignored */
          case GNUTLS_E_WARNING_ALERT_RECEIVED:
            if (!pr_wait_check (wait, PR_CODE_RESPONSE_TIMEOUT, error))
              return -1;
            break;
          default:
            g_set_error (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_LOST, "TLS: %s",
                         gnutls_strerror ((int) got));
            return -1;
        }
    }
}

/**
 * pr_tls_write:
 * @self: a connection that pr_tls_verify() found good
 * @bytes: what to send
 * @n: how many
 * @wait: the clocks
 * @error: set to a diagnosis
 *
 * Returns: whether all went out
 */
gboolean
pr_tls_write (PrTls *self, const char *bytes, gsize n, PrWait *wait, GError **error)
{
  g_return_val_if_fail (self->established && self->verified, FALSE);

  self->wait = wait;
  while (n > 0)
    {
      gssize sent = gnutls_record_send (self->session, bytes, n);

      if (sent >= 0)
        {
          bytes += sent;
          n -= (gsize) sent;
        }
      else if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        {
          if (!wait_again (self, error))
            return FALSE;
        }
      else
        {
          g_set_error (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_LOST, "TLS: %s",
                       gnutls_strerror ((int) sent));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * pr_tls_has_pending:
 * @self: a connection
 *
 * Returns: whether decrypted bytes wait that nobody has read
 */
gboolean
pr_tls_has_pending (PrTls *self)
{
  return gnutls_record_check_pending (self->session) > 0;
}

/**
 * pr_tls_bye:
 * @self: a connection
 *
 * Tells the server that nothing more comes, without waiting. The descriptor is closed next: the
 * alert goes out together with the end of the connection.
 */
void
pr_tls_bye (PrTls *self)
{
  self->send_flags |= MSG_MORE;
  if (self->established)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
}
