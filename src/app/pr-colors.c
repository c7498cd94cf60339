/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Colours of the theme, light or dark: the only place that knows GtkStyleContext, which GTK 4.10
 * deprecates. Main thread. */

#include "pr-colors.h"

/**
 * pr_colors_get:
 * @widget: where it will be drawn
 * @color: which colour
 * @rgba: (out): its value now
 */
void
pr_colors_get (GtkWidget *widget, PrColor color, GdkRGBA *rgba)
{
  static const char *const names[] = { "success_bg_color", "error_bg_color" };
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (color <= PR_COLOR_ERROR && gtk_style_context_lookup_color (context, names[color], rgba))
    return;
  gtk_style_context_get_color (context, rgba);
  rgba->alpha *= color == PR_COLOR_LINE ? 0.3f : 0.2f;
}
