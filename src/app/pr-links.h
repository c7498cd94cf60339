/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window.h"

G_BEGIN_DECLS

gboolean pr_link_open (GtkWidget *widget, const char *uri);
void pr_link_open_mailbox (GtkWidget *widget, gint64 id);
void pr_link_open_profile (GtkWidget *widget, gint64 id);

G_END_DECLS
