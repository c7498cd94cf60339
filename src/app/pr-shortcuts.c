/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys of a page or a form that work wherever the focus is in the window, but only while the page
 * can be seen: GTK also runs shortcuts of global scope of pages that are not shown. Main
 * thread. */

#include "pr-shortcuts.h"

typedef struct
{
  const PrShortcut *shortcuts;
  guint n_shortcuts;
  GtkEventController *controller; /* (nullable): borrowed, while the widget can be seen */
} PrKeys;

static GtkEventController *
new_controller (const PrShortcut *shortcuts, guint n_shortcuts, GtkShortcutScope scope)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), scope);
  for (guint i = 0; i < n_shortcuts; i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (shortcuts[i].keys),
                          gtk_named_action_new (shortcuts[i].action)));
  return controller;
}

/**
 * pr_shortcuts_new:
 * @shortcuts: (array length=n_shortcuts): keys and actions
 * @n_shortcuts: how many
 *
 * Returns: (transfer full): a controller for a page, while it can be seen
 */
GtkEventController *
pr_shortcuts_new (const PrShortcut *shortcuts, guint n_shortcuts)
{
  return new_controller (shortcuts, n_shortcuts, GTK_SHORTCUT_SCOPE_GLOBAL);
}

/**
 * pr_shortcuts_new_local:
 * @shortcuts: (array length=n_shortcuts): keys and actions
 * @n_shortcuts: how many
 *
 * Returns: (transfer full): a controller for what has the focus, or holds what has it
 */
GtkEventController *
pr_shortcuts_new_local (const PrShortcut *shortcuts, guint n_shortcuts)
{
  return new_controller (shortcuts, n_shortcuts, GTK_SHORTCUT_SCOPE_LOCAL);
}

static void
on_map (GtkWidget *widget, gpointer user_data)
{
  PrKeys *keys = user_data;

  keys->controller = pr_shortcuts_new (keys->shortcuts, keys->n_shortcuts);
  gtk_widget_add_controller (widget, keys->controller);
}

static void
on_unmap (GtkWidget *widget, gpointer user_data)
{
  PrKeys *keys = user_data;

  if (keys->controller != NULL)
    gtk_widget_remove_controller (widget, keys->controller);
  keys->controller = NULL;
}

static void
keys_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/**
 * pr_shortcuts_add:
 * @widget: a page or a form, not shown yet
 * @shortcuts: (array length=n_shortcuts): its keys; must stay
 * @n_shortcuts: how many
 */
void
pr_shortcuts_add (GtkWidget *widget, const PrShortcut *shortcuts, guint n_shortcuts)
{
  PrKeys *keys = g_new0 (PrKeys, 1);

  g_return_if_fail (GTK_IS_WIDGET (widget));

  keys->shortcuts = shortcuts;
  keys->n_shortcuts = n_shortcuts;
  g_signal_connect (widget, "map", G_CALLBACK (on_map), keys);
  g_signal_connect_data (widget, "unmap", G_CALLBACK (on_unmap), keys, keys_free, 0);
}
