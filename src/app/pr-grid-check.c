/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGridCheck: shows whether its row is selected, and changes that. The keyboard has the space bar
 * on the row itself, so the box is not in the way of the Tab key. Main thread. */

#include "pr-grid-check.h"

#include "pr-grid-cell.h"
#include "pr-grid-selection.h"

#include <glib/gi18n.h>

struct _PrGridCheck
{
  AdwBin parent_instance;

  /* Borrowed */
  GtkCheckButton *button;
  GtkListItem *item;
};

G_DEFINE_FINAL_TYPE (PrGridCheck, pr_grid_check, ADW_TYPE_BIN)

static void
on_toggled (PrGridCheck *self)
{
  GtkWidget *view;
  GtkSelectionModel *model;

  g_assert (PR_IS_GRID_CHECK (self));

  view = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_COLUMN_VIEW);
  if (view == NULL
      || gtk_check_button_get_active (self->button) == gtk_list_item_get_selected (self->item))
    return;
  model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
  pr_grid_selection_toggle (PR_GRID_SELECTION (model), gtk_list_item_get_position (self->item));
}

static void
pr_grid_check_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pr_grid_check_parent_class)->root (widget);
  pr_grid_cell_fix_controllers (widget);
}

static void
pr_grid_check_class_init (PrGridCheckClass *klass)
{
  GTK_WIDGET_CLASS (klass)->root = pr_grid_check_root;
}

static void
pr_grid_check_init (PrGridCheck *self)
{
  self->button = GTK_CHECK_BUTTON (gtk_check_button_new ());
  /* A check button that is not focusable tells GTK 4.8 that it took the focus, and Tab would never
   * come to the grid. */
  gtk_widget_set_can_focus (GTK_WIDGET (self->button), FALSE);
  gtk_widget_set_focus_on_click (GTK_WIDGET (self->button), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Select"), -1);
  g_signal_connect_swapped (self->button, "toggled", G_CALLBACK (on_toggled), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

/**
 * pr_grid_check_new:
 * @item: (transfer none): the row that it is in
 *
 * Returns: (transfer floating): a check box
 */
GtkWidget *
pr_grid_check_new (GtkListItem *item)
{
  PrGridCheck *self = g_object_new (PR_TYPE_GRID_CHECK, NULL);

  self->item = item;
  g_object_bind_property (item, "selected", self->button, "active", G_BINDING_SYNC_CREATE);
  return GTK_WIDGET (self);
}
