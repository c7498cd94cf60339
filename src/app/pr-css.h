/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void pr_css_set_class (gpointer widget, const char *css_class, gboolean set);
void pr_css_set_wrong (gpointer widget, gboolean wrong);

G_END_DECLS
