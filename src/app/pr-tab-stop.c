/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTabStop: in GTK 4.8 the Tab key in a list goes to its next row, so that nobody comes out of
 * 100,000 rows (newer ones have a "tab-behavior"). Inside the bin the arrow keys move; Tab
 * leaves. Main thread. */

#include "pr-tab-stop.h"

struct _PrTabStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (PrTabStop, pr_tab_stop, ADW_TYPE_BIN)

static gboolean
pr_tab_stop_focus (GtkWidget *widget, GtkDirectionType direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD)
      && gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return GTK_WIDGET_CLASS (pr_tab_stop_parent_class)->focus (widget, direction);
}

static void
pr_tab_stop_class_init (PrTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = pr_tab_stop_focus;
}

static void
pr_tab_stop_init (PrTabStop *self)
{
}
