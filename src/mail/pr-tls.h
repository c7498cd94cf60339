/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"
#include "pr-wait.h"

G_BEGIN_DECLS

/**
 * PrTlsContext:
 *
 * What all TLS connections of a run share: the trusted authorities, which take time and memory
 * to load. Any thread.
 */
typedef struct _PrTlsContext PrTlsContext;

PrTlsContext *pr_tls_context_new (void);
PrTlsContext *pr_tls_context_ref (PrTlsContext *self);
void pr_tls_context_unref (PrTlsContext *self);

gboolean pr_tls_check_ca (const char *pem, char **reason);

/**
 * PrTls:
 *
 * One TLS connection, the client's side. Belongs to one worker.
 */
typedef struct _PrTls PrTls;

PrTls *pr_tls_new (PrTlsContext *context,
                   const char *ca_pem,
                   const char *host,
                   PrTlsVersion min_version,
                   PrProtocol protocol,
                   GError **error);
void pr_tls_free (PrTls *self);

/**
 * PrTlsBinding:
 * @type: (nullable): "tls-exporter" (RFC 9266) or "tls-unique" (RFC 5929 section 3); %NULL: there
 *   is nothing to bind to
 * @data: what both ends of this one channel see, and nobody else
 * @length: bytes of @data
 *
 * What a log-in can be bound to, so that it is worth nothing on any other channel.
 */
typedef struct
{
  const char *type;
  guint8 data[64];
  gsize length;
} PrTlsBinding;

gboolean pr_tls_handshake (PrTls *self, int fd, gboolean upgrade, PrWait *wait, GError **error);
PrCertificate *pr_tls_verify (PrTls *self, const char *pin);
char *pr_tls_get_version (PrTls *self);
char *pr_tls_get_cipher (PrTls *self);
gboolean pr_tls_is_resumed (PrTls *self);
void pr_tls_get_binding (PrTls *self, PrTlsBinding *binding);
const char *pr_tls_get_first_bytes (PrTls *self, gsize *length);

gssize pr_tls_read (PrTls *self, char *buffer, gsize size, PrWait *wait, GError **error);
gboolean pr_tls_write (PrTls *self, const char *bytes, gsize n, PrWait *wait, GError **error);
gboolean pr_tls_has_pending (PrTls *self);
void pr_tls_bye (PrTls *self);

PrCode pr_certificate_get_code (const PrCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTlsContext, pr_tls_context_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrTls, pr_tls_free)

G_END_DECLS
