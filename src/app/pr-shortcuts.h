/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrShortcut:
 * @keys: such as "<Control>f"
 * @action: what they do
 */
typedef struct
{
  const char *keys;
  const char *action;
} PrShortcut;

GtkEventController *pr_shortcuts_new (const PrShortcut *shortcuts, guint n_shortcuts);

G_END_DECLS
