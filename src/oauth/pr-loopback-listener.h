/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-loopback-request.h"
#include "pr-oauth-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PR_LOOPBACK_CONNECTIONS_MAX 8
#define PR_LOOPBACK_CONNECTION_S 5 /* a browser that was sent here speaks at once */

/**
 * PrLoopbackListener:
 *
 * Where the browser comes back to after a sign-in: a port of this computer's own address, for one
 * sign-in.
 */
#define PR_TYPE_LOOPBACK_LISTENER (pr_loopback_listener_get_type ())
G_DECLARE_FINAL_TYPE (PrLoopbackListener, pr_loopback_listener, PR, LOOPBACK_LISTENER, GObject)

PrLoopbackListener *
pr_loopback_listener_new (const char *host, const char *path, const char *state, GError **error);
const char *pr_loopback_listener_get_uri (PrLoopbackListener *self);
guint pr_loopback_listener_get_n_refused (PrLoopbackListener *self);
void pr_loopback_listener_wait_async (PrLoopbackListener *self,
                                      guint timeout_s,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
PrLoopbackAnswer *
pr_loopback_listener_wait_finish (PrLoopbackListener *self, GAsyncResult *result, GError **error);
void pr_loopback_listener_close (PrLoopbackListener *self);

G_END_DECLS
