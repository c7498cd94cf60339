/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Style classes that come and go with a state. Main thread. */

#include "pr-css.h"

/**
 * pr_css_set_class:
 * @widget: a widget
 * @css_class: a style class
 * @set: whether it has it
 */
void
pr_css_set_class (gpointer widget, const char *css_class, gboolean set)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (set)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

/**
 * pr_css_set_wrong:
 * @widget: a row or an entry
 * @wrong: whether what it holds is refused
 *
 * Shows it, and tells screen readers.
 */
void
pr_css_set_wrong (gpointer widget, gboolean wrong)
{
  pr_css_set_class (widget, "error", wrong);
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}
