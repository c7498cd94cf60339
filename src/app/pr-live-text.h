/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void pr_live_text_follow (GtkLabel *label);
void pr_live_text_say (GtkWidget *widget, const char *text);

G_END_DECLS
