/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-script-text.h"

#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/**
 * PrScriptLink:
 *
 * The server's end of one connection, in clear or through TLS. Belongs to one thread.
 */
typedef struct _PrScriptLink PrScriptLink;

PrScriptLink *pr_script_link_new (int fd, int stop_fd, gint64 deadline);
void pr_script_link_free (PrScriptLink *self);

gboolean pr_script_link_write (PrScriptLink *self, const char *bytes, gsize n, GError **error);
gboolean pr_script_link_read_more (PrScriptLink *self, gboolean *end, GError **error);
const GByteArray *pr_script_link_get_unread (const PrScriptLink *self);
void pr_script_link_drop (PrScriptLink *self, gsize n);
GString *pr_script_link_read_line (PrScriptLink *self, GError **error);
gboolean pr_script_link_sleep (PrScriptLink *self, guint ms, GError **error);
gboolean pr_script_link_listen (PrScriptLink *self, guint ms, GError **error);
gboolean pr_script_link_drain (PrScriptLink *self, GError **error);

gboolean pr_script_link_start_tls (PrScriptLink *self,
                                   gnutls_certificate_credentials_t credentials,
                                   const char *priority,
                                   const gnutls_datum_t *ticket_key,
                                   GError **error);
void pr_script_link_ask_certificate (PrScriptLink *self);
gboolean pr_script_link_has_client_certificate (const PrScriptLink *self);
gboolean pr_script_link_has_tls (const PrScriptLink *self);
GBytes *pr_script_link_get_binding (const PrScriptLink *self, const char **type);
guint16 pr_script_link_get_port (const PrScriptLink *self);
void pr_script_link_end (PrScriptLink *self, gboolean notify);
void pr_script_link_reset (PrScriptLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrScriptLink, pr_script_link_free)

G_END_DECLS
