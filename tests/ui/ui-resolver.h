/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * UiResolver:
 *
 * Stands for the DNS while it lives: it knows the services that it was told, and no host.
 */
typedef struct _UiResolver UiResolver;

UiResolver *ui_resolver_start (void);
void ui_resolver_publish (UiResolver *self, const char *service, const char *host, guint16 port);
void ui_resolver_stop (UiResolver *self);

G_END_DECLS
