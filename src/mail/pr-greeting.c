/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The greeting, and what it means when none comes: a server that wants TLS at once is silent, and
 * the admin should hear that instead of "no answer". Worker threads. */

#include "pr-conversation-private.h"

#include "pr-connect.h"
#include "pr-recognise.h"

#include <string.h>
#include <unistd.h>

/* After this long without a word a second connection asks whether TLS is spoken here: it carries
 * a ClientHello and nothing else, and the first one stays as it is (rule P01). */
#define SILENCE_MS 3000
#define PROBE_TIMEOUT_S 3

static gboolean
answers_tls (PrConversation *self)
{
  PrWait wait;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (PrTls) tls = NULL;
  gboolean found = FALSE;
  gsize n = 0;
  const char *first;
  int fd;

  pr_wait_init (&wait, self->wait.cancellable, PROBE_TIMEOUT_S);
  wait.total_deadline = wait.deadline = MIN (wait.deadline, self->wait.deadline);
  fd = pr_connect (self->addresses, self->plan->port, &wait, &attempts, NULL);
  if (fd >= 0)
    tls = pr_tls_new (self->context->tls, NULL, self->ascii_host, PR_TLS_VERSION_1_2,
                      self->plan->protocol, NULL);
  if (tls != NULL)
    {
      found = pr_tls_handshake (tls, fd, FALSE, &wait, NULL);
      first = pr_tls_get_first_bytes (tls, &n);
      found = found || pr_recognise_tls (first, n);
    }
  if (fd >= 0)
    close (fd);
  pr_wait_clear (&wait);
  return found;
}

static gboolean
wait_for_greeting (PrConversation *self, GError **error)
{
  GPollFD fd = { pr_socket_channel_get_fd (self->dialogue.channel), G_IO_IN, 0 };
  gint64 until =
      g_get_monotonic_time () + MIN (SILENCE_MS, (gint64) self->plan->timeout_s * 1000 / 2) * 1000;

  if (!pr_wait_fds (&self->wait, &fd, 1, until, PR_CODE_RESPONSE_TIMEOUT, error))
    return FALSE;
  if (fd.revents != 0 || !answers_tls (self))
    return TRUE; /* it speaks, or has all the time that is left */
  self->broken = TRUE;
  g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_TLS_EXPECTED,
                       "no greeting; the port answers TLS");
  return FALSE;
}

/* The first line that the server says, however it begins; NULL with @error. */
char *
pr_conversation_read_greeting (PrConversation *self, GError **error)
{
  pr_dialogue_reset_timeout (&self->dialogue, 1);
  if (self->context != NULL && self->plan->security != PR_SECURITY_SSL)
    {
      pr_wait_note_waited (&self->wait);
      if (!wait_for_greeting (self, error))
        return NULL;
    }
  return pr_dialogue_read_line (&self->dialogue, PR_LINE_MAX, error);
}
