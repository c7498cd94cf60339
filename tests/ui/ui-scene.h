/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

/* Records that a test needs, made with the commands of the environment; each call waits for its
 * end, for a bounded time. */

PrServerProfile *ui_add_profile (PrEnvironment *environment,
                                 const char *name,
                                 guint incoming_port,
                                 guint outgoing_port,
                                 const char *ca_pem);
PrMailbox *ui_add_mailbox (PrEnvironment *environment,
                           PrServerProfile *profile,
                           const char *address,
                           const char *password);

/**
 * UiSilentServer:
 *
 * Listens on this computer's loopback, takes every connection, and says nothing.
 */
typedef struct _UiSilentServer UiSilentServer;

UiSilentServer *ui_silent_server_new (void);
guint ui_silent_server_get_port (UiSilentServer *self);
void ui_silent_server_free (UiSilentServer *self);

G_END_DECLS
