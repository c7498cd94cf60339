/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-tls.h"

#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* Authorities in the form that GnuTLS wants, shared by many connections. */
typedef struct
{
  gnutls_certificate_credentials_t credentials;
} PrTrust;

PrTrust *pr_tls_context_get_system (PrTlsContext *self);
PrTrust *pr_tls_context_get_extra (PrTlsContext *self, const char *pem);
gnutls_priority_t pr_tls_context_get_priority (void);

/* What a run remembers of the servers that it met: pr-tls-session.c. */
typedef struct _PrTlsMemory PrTlsMemory;

PrTlsMemory *pr_tls_memory_new (void);
void pr_tls_memory_free (PrTlsMemory *self);
void pr_tls_memory_offer (PrTlsMemory *self, PrTls *tls);
void pr_tls_memory_keep (PrTlsMemory *self, PrTls *tls);
PrCertificate *pr_tls_memory_find_verified (PrTlsMemory *self, PrTls *tls);
void pr_tls_memory_add_verified (PrTlsMemory *self, PrTls *tls, const PrCertificate *certificate);
PrTlsMemory *pr_tls_context_get_memory (PrTlsContext *self);

/* The first flight of a server with a short chain, or several answers. */
#define PR_TLS_READ_SIZE 4096

/* A flight of ours without a certificate; a longer one goes out in pieces. */
#define PR_TLS_HOLD_SIZE 1024

struct _PrTls
{
  PrTlsContext *context;
  PrTrust *extra; /* borrowed from the context, nullable */
  gnutls_session_t session;
  char *host;
  PrTlsVersion min_version;
  PrProtocol protocol;
  char *server;               /* its name in the memory of the run */
  PrCertificate *certificate; /* (nullable): of the session on offer, then the verified one */
  gboolean offered;           /* a session of the memory */
  gboolean kept;

  PrWait *wait; /* borrowed */
  int fd;       /* borrowed */
  int send_flags;

  char first[512]; /* what the server sent first, in case it is no TLS */
  gsize first_length;
  gboolean asked; /* something went out since the last look for an answer */
  gboolean upgrade;
  gboolean established;
  gboolean verified;

  /* The records of a flight, which GnuTLS hands over one by one: held back until an answer is
   * waited for, or the handshake is over. */
  gsize held;
  char hold[PR_TLS_HOLD_SIZE];

  /* What came and GnuTLS has not taken yet: it asks for each record in two pieces. */
  gsize got_start;
  gsize got_end;
  char got[PR_TLS_READ_SIZE];
};

G_END_DECLS
