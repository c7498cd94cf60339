/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The desktop's notification service of the private session: it remembers what it was told. */

void ui_notifier_start (void);
void ui_notifier_stop (void);
guint ui_notifier_get_n (void);
const char *ui_notifier_get_last_title (void);
const char *ui_notifier_get_last_body (void);

G_END_DECLS
