/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one connection to a server saves the next ones of the same run: its TLS session (RFC 8446
 * section 2.2, RFC 5077), and the judgement of its certificates. Both are kept for one name, one
 * port and one set of authorities, and only of servers that were verified; a session is never
 * kept on disk. Any thread. */

#include "pr-tls-private.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

struct _PrTlsMemory
{
  GMutex mutex;
  GHashTable *sessions; /* server → PrTlsSession */
  GHashTable *verified; /* server and certificates → PrCertificate */
};

/* What may be kept of one run: more servers than an environment has profiles. */
#define MAX_KEPT 1000

/* A server of several processes without a common key knows only its own tickets. The one that is
 * kept fits one of them as well as any other would; but not if that process is gone. So after this
 * many connections in a row that were not resumed another one is kept, and one connection of as
 * many goes on offering it: there are servers that have a new process for each. */
#define MAX_MISSES 16

typedef struct
{
  gnutls_datum_t data;
  PrCertificate *certificate;
  guint n_misses;  /* in a row: it was offered, and not resumed */
  guint n_skipped; /* it was not offered since */
} PrTlsSession;

static void
session_free (gpointer data)
{
  PrTlsSession *session = data;

  gnutls_memset (session->data.data, 0, session->data.size);
  gnutls_free (session->data.data);
  pr_certificate_free (session->certificate);
  g_free (session);
}

PrTlsMemory *
pr_tls_memory_new (void)
{
  PrTlsMemory *self = g_new0 (PrTlsMemory, 1);

  g_mutex_init (&self->mutex);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, session_free);
  self->verified =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pr_certificate_free);
  return self;
}

void
pr_tls_memory_free (PrTlsMemory *self)
{
  g_hash_table_unref (self->sessions);
  g_hash_table_unref (self->verified);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static guint
get_port (int fd)
{
  struct sockaddr_storage address;
  socklen_t n = sizeof address;

  if (getpeername (fd, (struct sockaddr *) &address, &n) != 0)
    return 0;
  if (address.ss_family == AF_INET)
    return g_ntohs (((struct sockaddr_in *) &address)->sin_port);
  if (address.ss_family == AF_INET6)
    return g_ntohs (((struct sockaddr_in6 *) &address)->sin6_port);
  return 0;
}

/* Who it is and what was asked of it. An upgraded channel is another door than one that speaks
 * TLS at once. */
static char *
get_server (PrTls *self)
{
  return g_strdup_printf ("%s|%u|%d|%d|%d|%p", self->host, get_port (self->fd),
                          (int) self->min_version, (int) self->protocol, self->upgrade,
                          (void *) self->extra);
}

static gboolean
is_worth_offering (PrTlsSession *session)
{
  return session->n_misses < MAX_MISSES || ++session->n_skipped % MAX_MISSES == 0;
}

/* Before the handshake: offers to go on where an earlier connection ended. */
void
pr_tls_memory_offer (PrTlsMemory *self, PrTls *tls)
{
  PrTlsSession *session;

  tls->server = get_server (tls);
  g_mutex_lock (&self->mutex);
  session = g_hash_table_lookup (self->sessions, tls->server);
  tls->offered =
      session != NULL && is_worth_offering (session)
      && gnutls_session_set_data (tls->session, session->data.data, session->data.size) >= 0;
  if (tls->offered)
    tls->certificate = pr_certificate_copy (session->certificate);
  g_mutex_unlock (&self->mutex);
}

/* Whether another session with the same server is wanted, now that it is known what became of the
 * one that was offered. */
static gboolean
wants_session (PrTlsMemory *self, PrTls *tls)
{
  gboolean resumed = gnutls_session_is_resumed (tls->session) != 0;
  PrTlsSession *kept;
  gboolean wants;

  g_mutex_lock (&self->mutex);
  kept = g_hash_table_lookup (self->sessions, tls->server);
  if (kept != NULL && tls->offered)
    kept->n_misses = resumed ? 0 : kept->n_misses + 1;
  wants = kept != NULL ? tls->offered && kept->n_misses >= MAX_MISSES
                       : g_hash_table_size (self->sessions) < MAX_KEPT;
  g_mutex_unlock (&self->mutex);
  return wants && !resumed;
}

/* Behind the first answer inside TLS: by then a server of TLS 1.3 has sent its ticket. */
void
pr_tls_memory_keep (PrTlsMemory *self, PrTls *tls)
{
  PrTlsSession *session, *kept;
  gnutls_datum_t data = { NULL, 0 };

  if (tls->kept || !tls->verified || tls->certificate == NULL)
    return;
  tls->kept = TRUE;
  if (!wants_session (self, tls)
      || (gnutls_session_get_flags (tls->session) & GNUTLS_SFLAGS_SESSION_TICKET) == 0
      || gnutls_session_get_data2 (tls->session, &data) < 0)
    return;
  session = g_new0 (PrTlsSession, 1);
  session->data = data;
  session->certificate = pr_certificate_copy (tls->certificate);
  g_mutex_lock (&self->mutex);
  kept = g_hash_table_lookup (self->sessions, tls->server);
  session->n_misses = kept != NULL ? kept->n_misses : 0;
  session->n_skipped = kept != NULL ? kept->n_skipped : 0;
  g_hash_table_replace (self->sessions, g_strdup (tls->server), session);
  g_mutex_unlock (&self->mutex);
}

/* The server and every certificate that it sent, in one word. */
static char *
get_judgement (PrTls *tls)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  unsigned n = 0;
  const gnutls_datum_t *raw = gnutls_certificate_get_peers (tls->session, &n);

  if (raw == NULL || n == 0 || tls->server == NULL)
    return NULL;
  g_checksum_update (checksum, (const guchar *) tls->server, -1);
  for (unsigned i = 0; i < n; i++)
    {
      g_checksum_update (checksum, (const guchar *) &raw[i].size, sizeof raw[i].size);
      g_checksum_update (checksum, raw[i].data, raw[i].size);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
is_in_time (const PrCertificate *certificate)
{
  gint64 now = g_get_real_time ();

  return now >= certificate->not_before && now <= certificate->not_after;
}

/* (transfer full) (nullable): the same certificates, found good in this run. */
PrCertificate *
pr_tls_memory_find_verified (PrTlsMemory *self, PrTls *tls)
{
  g_autofree char *judgement = NULL;
  PrCertificate *found;

  if (tls->certificate != NULL && gnutls_session_is_resumed (tls->session) != 0)
    return is_in_time (tls->certificate) ? pr_certificate_copy (tls->certificate) : NULL;
  judgement = get_judgement (tls);
  if (judgement == NULL)
    return NULL;
  g_mutex_lock (&self->mutex);
  found = g_hash_table_lookup (self->verified, judgement);
  found = found != NULL && is_in_time (found) ? pr_certificate_copy (found) : NULL;
  g_mutex_unlock (&self->mutex);
  return found;
}

void
pr_tls_memory_add_verified (PrTlsMemory *self, PrTls *tls, const PrCertificate *certificate)
{
  g_autofree char *judgement = get_judgement (tls);

  if (judgement == NULL)
    return;
  g_mutex_lock (&self->mutex);
  if (g_hash_table_size (self->verified) < MAX_KEPT)
    g_hash_table_replace (self->verified, g_steal_pointer (&judgement),
                          pr_certificate_copy (certificate));
  g_mutex_unlock (&self->mutex);
}
