/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-window.h"

G_BEGIN_DECLS

PrWindow *pr_link_get_window (GtkWidget *widget);
gboolean pr_link_open (GtkWidget *widget, const char *uri);
void pr_link_open_mailbox (GtkWidget *widget, gint64 id);
void pr_link_open_profile (GtkWidget *widget, gint64 id);
void pr_link_show_failed (GtkWidget *widget, gint64 profile_id, PrCode code);

G_END_DECLS
