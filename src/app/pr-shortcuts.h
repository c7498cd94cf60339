/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrShortcut:
 * @keys: as gtk_shortcut_trigger_parse_string() reads them
 * @action: an action of the widget, or of one around it
 */
typedef struct
{
  const char *keys;
  const char *action;
} PrShortcut;

GtkEventController *pr_shortcuts_new (const PrShortcut *shortcuts, guint n_shortcuts);
GtkEventController *pr_shortcuts_new_local (const PrShortcut *shortcuts, guint n_shortcuts);
void pr_shortcuts_add (GtkWidget *widget, const PrShortcut *shortcuts, guint n_shortcuts);

G_END_DECLS
