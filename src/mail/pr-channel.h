/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-tls.h"

G_BEGIN_DECLS

typedef struct _PrChannel PrChannel;

/**
 * PrChannelOps:
 * @read: bytes that came, 0 at the end of the connection, -1 with a diagnosis
 * @write: sends all
 * @has_pending: whether bytes have come that the channel keeps
 * @close: ends the connection and frees the channel
 *
 * The seam under a conversation: a real socket, a scripted server or memory run the same code.
 */
typedef struct
{
  gssize (*read) (PrChannel *self, char *buffer, gsize size, PrWait *wait, GError **error);
  gboolean (*write) (PrChannel *self, const char *bytes, gsize n, PrWait *wait, GError **error);
  gboolean (*has_pending) (PrChannel *self);
  void (*close) (PrChannel *self);
} PrChannelOps;

struct _PrChannel
{
  const PrChannelOps *ops;
};

void pr_channel_close (PrChannel *self);
void pr_channel_get_binding (PrChannel *self, PrTlsBinding *binding);

PrChannel *pr_socket_channel_new (int fd);
int pr_socket_channel_get_fd (PrChannel *self);
void pr_socket_channel_set_tls (PrChannel *self, PrTls *tls);
char *pr_socket_channel_get_local_literal (PrChannel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrChannel, pr_channel_close)

G_END_DECLS
