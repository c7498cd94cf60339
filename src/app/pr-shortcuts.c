/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keys of a page, wherever the focus is in the window. A page adds them when it comes into sight
 * and removes them when it goes, for other pages use the same keys. Main thread. */

#include "pr-shortcuts.h"

/**
 * pr_shortcuts_new:
 * @shortcuts: (array length=n_shortcuts): keys and actions
 * @n_shortcuts: how many
 *
 * Returns: (transfer full): a controller for the page, while it can be seen
 */
GtkEventController *
pr_shortcuts_new (const PrShortcut *shortcuts, guint n_shortcuts)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < n_shortcuts; i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (shortcuts[i].keys),
                          gtk_named_action_new (shortcuts[i].action)));
  return controller;
}
