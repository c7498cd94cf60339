/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGrid: a GtkColumnView with the columns of pr-grid-column.c. The store sorts, so the sorters of
 * its columns, which are in pr-grid-columns.c, only say by which one. Main thread. */

#include "pr-grid-private.h"

#include "pr-accessible.h"
#include "pr-grid-cell.h"
#include "pr-tab-stop.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (PrGrid, pr_grid, ADW_TYPE_BIN)

enum
{
  SIGNAL_ACTIVATE,
  SIGNAL_SORT_CHANGED,
  SIGNAL_COLUMNS_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- Rows ------------------------------------------------------------------------------------- */

static void
on_activate (PrGrid *self, guint position)
{
  gint64 id = pr_mailbox_list_get_id (pr_grid_selection_get_list (self->selection), position);

  g_assert (PR_IS_GRID (self));

  if (id != 0)
    g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0, id);
}

/* --- Sorting ---------------------------------------------------------------------------------- */

/**
 * pr_grid_get_sort:
 * @self: a grid
 * @descending: (out): whether the other way round
 *
 * Returns: (transfer none) (nullable): id of the column that it is sorted by
 */
const char *
pr_grid_get_sort (PrGrid *self, gboolean *descending)
{
  GtkOrdering ordering;

  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  self->asked = NULL;
  ordering = gtk_sorter_compare (gtk_column_view_get_sorter (self->view), self, self->view);
  *descending = ordering == GTK_ORDERING_LARGER;
  return self->asked != NULL ? self->asked->id : NULL;
}

/**
 * pr_grid_apply_sort:
 * @self: a grid
 * @selection: what is going to be listed
 *
 * Gives @selection the order that the headings show.
 */
void
pr_grid_apply_sort (PrGrid *self, PrSelection *selection)
{
  gboolean descending;

  if (pr_grid_get_sort (self, &descending) != NULL)
    pr_selection_set_sort (selection, self->asked->field, descending);
}

static void
on_sorter_changed (PrGrid *self)
{
  g_assert (PR_IS_GRID (self));

  if (!self->switching)
    g_signal_emit (self, signals[SIGNAL_SORT_CHANGED], 0);
}

/**
 * pr_grid_set_sort:
 * @self: a grid
 * @column: (nullable): id of a column; others are passed over
 * @descending: whether the other way round
 */
void
pr_grid_set_sort (PrGrid *self, const char *column, gboolean descending)
{
  GtkColumnViewColumn *found;

  g_return_if_fail (PR_IS_GRID (self));

  found = pr_grid_find_column (self, column);
  if (found != NULL)
    gtk_column_view_sort_by_column (self->view, found,
                                    descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

/* The headings take no focus in GTK 4.8: whoever works by keyboard sorts by a menu. */
static void
on_sort (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PrGrid *self = user_data;
  const char *column = g_variant_get_string (parameter, NULL);
  gboolean descending;
  gboolean again = g_strcmp0 (pr_grid_get_sort (self, &descending), column) == 0;

  pr_grid_set_sort (self, column, again && !descending);
}

static void
add_sort_action (PrGrid *self)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("sort", G_VARIANT_TYPE_STRING);

  g_signal_connect_object (action, "activate", G_CALLBACK (on_sort), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->column_actions), G_ACTION (action));
}

/**
 * pr_grid_get_sort_menu:
 * @self: a grid
 *
 * Returns: (transfer none): a menu in which the column to sort by is chosen, or turned round, for
 *   pr_grid_get_column_actions() as “columns”
 */
GMenuModel *
pr_grid_get_sort_menu (PrGrid *self)
{
  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  return G_MENU_MODEL (self->sort_menu);
}

/* --- Sideways -----------------------------------------------------------------------------------
 */

static double
get_room (GtkAdjustment *adjustment)
{
  return MAX (gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment), 0);
}

static gboolean
is_mirrored (PrGrid *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
on_scrolled (PrGrid *self, GtkAdjustment *adjustment)
{
  double value = gtk_adjustment_get_value (adjustment);

  g_assert (PR_IS_GRID (self));

  /* Until then it is not somebody who scrolls. */
  if (self->scroll_id == 0)
    self->from_start = is_mirrored (self) ? get_room (adjustment) - value : value;
}

static gboolean
on_scroll_back (gpointer user_data)
{
  PrGrid *self = user_data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (self->scroller);

  self->scroll_id = 0;
  if (is_mirrored (self))
    gtk_adjustment_set_value (adjustment, get_room (adjustment) - self->from_start);
  /* Where there is less to scroll than before, the rows still stand where they were scrolled to. */
  gtk_widget_queue_allocate (GTK_WIDGET (self->view));
  return G_SOURCE_REMOVE;
}

/* GTK counts from the left. From right to left the first columns are on the right, and have to be
 * in sight whatever becomes wider. The view is just laid out: it would not hear of it now. */
static void
on_room_changed (PrGrid *self, GtkAdjustment *adjustment)
{
  g_assert (PR_IS_GRID (self));

  pr_grid_follow_width (self, (int) gtk_adjustment_get_page_size (adjustment));
  if (self->scroll_id == 0)
    self->scroll_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_scroll_back, self, NULL);
}

static void
follow_sideways (PrGrid *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (self->scroller);

  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_room_changed), self,
                           G_CONNECT_SWAPPED);
}

/* --- The context menu ------------------------------------------------------------------------- */

static GtkWidget *
find_cell (GtkWidget *widget)
{
  GtkWidget *child;

  if (PR_IS_GRID_CELL (widget))
    return widget;
  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cell (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The menu is about what is selected; a row outside of it becomes the selection. */
static void
select_for_menu (PrGrid *self, GtkWidget *cell)
{
  PrMailboxRow *row = cell != NULL ? pr_grid_cell_get_row (PR_GRID_CELL (cell)) : NULL;
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);
  guint position;

  if (row != NULL
      && pr_mailbox_list_find (pr_grid_selection_get_list (self->selection),
                               pr_mailbox_row_get_id (row), &position)
      && !gtk_selection_model_is_selected (model, position))
    gtk_selection_model_select_item (model, position, TRUE);
}

static void
make_popover (PrGrid *self)
{
  self->popover = GTK_POPOVER_MENU (gtk_popover_menu_new_from_model (self->menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self->popover), GTK_ALIGN_START);
  gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self->popover));
}

static void
popup (PrGrid *self, double x, double y)
{
  if (self->menu == NULL || pr_grid_selection_get_n_selected (self->selection) == 0)
    return;
  if (self->popover == NULL)
    make_popover (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_right_click (PrGrid *self, int n_presses, double x, double y, GtkGesture *gesture)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *cell = picked;

  g_assert (PR_IS_GRID (self));

  if (self->selection == NULL || cell == NULL)
    return;
  while (cell != NULL && !PR_IS_GRID_CELL (cell) && cell != GTK_WIDGET (self))
    {
      if (g_str_equal (G_OBJECT_TYPE_NAME (cell), "GtkColumnViewCell"))
        break;
      cell = gtk_widget_get_parent (cell);
    }
  if (cell == NULL || cell == GTK_WIDGET (self))
    return;
  cell = find_cell (gtk_widget_get_parent (cell));
  if (cell == NULL)
    return;
  select_for_menu (self, cell);
  popup (self, x, y);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static gboolean
on_menu_key (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  PrGrid *self = PR_GRID (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *cell;
  graphene_point_t point = GRAPHENE_POINT_INIT (0, 0);

  if (focus == NULL || !gtk_widget_is_ancestor (focus, widget))
    return FALSE;
  cell = find_cell (focus);
  select_for_menu (self, cell);
  if (cell == NULL
      || !gtk_widget_compute_point (
          cell, widget, &GRAPHENE_POINT_INIT (24.0f, (float) gtk_widget_get_height (cell)), &point))
    return FALSE;
  popup (self, point.x, point.y);
  return TRUE;
}

/**
 * pr_grid_set_menu:
 * @self: a grid
 * @menu: commands on what is selected
 */
void
pr_grid_set_menu (PrGrid *self, GMenuModel *menu)
{
  g_return_if_fail (PR_IS_GRID (self));
  g_return_if_fail (self->menu == NULL);

  self->menu = g_object_ref (menu);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_grid_dispose (GObject *object)
{
  PrGrid *self = PR_GRID (object);

  g_clear_handle_id (&self->scroll_id, g_source_remove);
  g_clear_handle_id (&self->compact_id, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->popover, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->menu);
  g_clear_object (&self->column_actions);
  g_clear_object (&self->columns_menu);
  g_clear_object (&self->sort_menu);
  pr_grid_drop_columns (self);
  G_OBJECT_CLASS (pr_grid_parent_class)->dispose (object);
}

static void
pr_grid_class_init (PrGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_grid_dispose;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);

  signals[SIGNAL_ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_SORT_CHANGED] =
      g_signal_new ("sort-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_COLUMNS_CHANGED] =
      g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

static void
add_view (PrGrid *self)
{
  GtkWidget *stop = g_object_new (PR_TYPE_TAB_STOP, NULL);

  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_column_view_set_reorderable (self->view, TRUE);
  gtk_column_view_set_show_row_separators (self->view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Mailboxes"), -1);
  /* The row of headings can have the focus, and would be called by its class. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->view))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Headings"), -1);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_last_child (GTK_WIDGET (self->view))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Mailboxes"), -1);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (on_activate), self);
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  follow_sideways (self);
  adw_bin_set_child (ADW_BIN (stop), GTK_WIDGET (self->scroller));
  adw_bin_set_child (ADW_BIN (self), stop);
}

static void
pr_grid_init (PrGrid *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->column_actions = g_simple_action_group_new ();
  self->columns_menu = g_menu_new ();
  self->sort_menu = g_menu_new ();
  add_view (self);
  add_sort_action (self);
  pr_grid_add_columns (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns",
                                  G_ACTION_GROUP (self->column_actions));
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (on_sorter_changed), self, G_CONNECT_SWAPPED);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_right_click), self);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * pr_grid_set_selection:
 * @self: a grid
 * @selection: (nullable): its mailboxes, and which are selected
 */
void
pr_grid_set_selection (PrGrid *self, PrGridSelection *selection)
{
  g_return_if_fail (PR_IS_GRID (self));

  g_set_object (&self->selection, selection);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

/* The widget that has the focus when people work in the grid. */
GtkWidget *
pr_grid_get_view (PrGrid *self)
{
  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  return GTK_WIDGET (self->view);
}

/**
 * pr_grid_scroll_to:
 * @self: a grid
 * @position: a row
 *
 * Brings a row into sight and gives it the focus.
 */
void
pr_grid_scroll_to (PrGrid *self, guint position)
{
  g_return_if_fail (PR_IS_GRID (self));

  gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->view)),
                              "list.scroll-to-item", "u", position);
}
