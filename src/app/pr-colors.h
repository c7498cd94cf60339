/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PrColor:
 *
 * A colour of the theme, for what is drawn by hand.
 */
typedef enum
{
  PR_COLOR_SUCCESS,
  PR_COLOR_ERROR,
  PR_COLOR_WAITING,
  PR_COLOR_LINE,
} PrColor;

void pr_colors_get (GtkWidget *widget, PrColor color, GdkRGBA *rgba);

G_END_DECLS
