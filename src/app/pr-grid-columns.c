/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrGrid: its columns. Where there is room they are those of the admin's choice, else three that
 * say what there is to know without scrolling sideways. Main thread. */

#include "pr-grid-private.h"

#include "pr-grid-cell.h"
#include "pr-grid-check.h"
#include "pr-grid-name-cell.h"

#include <glib/gi18n.h>

#define COLUMN_DATA "pr-grid-column"
#define WIDTH_DATA "pr-grid-width"

/* Pixels. In less the statuses of the usual columns are out of sight. */
#define COMPACT_BELOW 700

enum
{
  COMPACT_NAME,
  COMPACT_INCOMING,
  COMPACT_OUTGOING,
};

/* They fit into the narrowest window, and share what there is more. */
static const PrGridColumn compact_columns[] = {
  [COMPACT_NAME] = { "name", N_ ("Mailbox"), PR_MAILBOX_NAME, 120, TRUE, FALSE },
  [COMPACT_INCOMING] = { "incoming", N_ ("Incoming"), PR_MAILBOX_INCOMING_STATUS, 90, TRUE, FALSE },
  [COMPACT_OUTGOING] = { "outgoing", N_ ("Outgoing"), PR_MAILBOX_OUTGOING_STATUS, 90, TRUE, FALSE },
};

const PrGridColumn *
pr_grid_get_column (gpointer view_column)
{
  return g_object_get_data (view_column, COLUMN_DATA);
}

/* --- Rows ------------------------------------------------------------------------------------- */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, const PrGridColumn *column)
{
  gtk_list_item_set_child (item, pr_grid_cell_new (column));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  pr_grid_cell_set_slot (PR_GRID_CELL (gtk_list_item_get_child (item)),
                         gtk_list_item_get_item (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  pr_grid_cell_set_slot (PR_GRID_CELL (gtk_list_item_get_child (item)), NULL);
}

static void
on_setup_name (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, pr_grid_name_cell_new ());
}

static void
on_bind_name (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  pr_grid_name_cell_set_slot (PR_GRID_NAME_CELL (gtk_list_item_get_child (item)),
                              gtk_list_item_get_item (item));
}

static void
on_unbind_name (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  pr_grid_name_cell_set_slot (PR_GRID_NAME_CELL (gtk_list_item_get_child (item)), NULL);
}

/* --- What is said of a row -------------------------------------------------------------------- */

static char *
get_speech (const PrGridColumn *column, PrMailboxRow *row)
{
  PrGridContent content;
  g_autofree char *speech = NULL;

  pr_grid_column_describe (column, row, &content);
  /* The steps of a test change faster than they can be said. */
  if (content.progress.state == PR_PROGRESS_RUNNING)
    speech = g_strdup (C_ ("test", "Running"));
  else
    speech = g_strdup (content.speech != NULL ? content.speech : content.text);
  pr_grid_content_clear (&content);
  /* Translators: the heading of a column, and what stands in it, for a screen reader */
  return g_strdup_printf (C_ ("accessible name", "%s: %s"), _ (column->title), speech);
}

/* A screen reader says of a row in the focus its name, and nothing of its cells. */
static void
describe_row (GtkListItem *item)
{
  GtkWidget *check = gtk_list_item_get_child (item);
  GtkWidget *cell = check != NULL ? gtk_widget_get_parent (check) : NULL;
  GtkWidget *row_widget = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  PrGridSlot *slot = gtk_list_item_get_item (item);
  PrMailboxRow *row = slot != NULL ? pr_grid_slot_get_row (slot) : NULL;
  g_autofree char *incoming = NULL;
  g_autofree char *outgoing = NULL;
  g_autofree char *text = NULL;

  if (row_widget == NULL || row == NULL || pr_mailbox_row_get_mailbox (row) == NULL)
    return;
  incoming = get_speech (&compact_columns[COMPACT_INCOMING], row);
  outgoing = get_speech (&compact_columns[COMPACT_OUTGOING], row);
  text = g_strdup_printf ("%s. %s.", incoming, outgoing);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row_widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static void
on_bind_check (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_connect_swapped (gtk_list_item_get_item (item), "changed", G_CALLBACK (describe_row),
                            item);
  describe_row (item);
}

static void
on_unbind_check (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), item);
}

static void
on_setup_check (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, pr_grid_check_new (item));
}

/* --- Columns ---------------------------------------------------------------------------------- */

/* The column view has no function that says by which column it is sorted (until 4.10), but it asks
 * the sorter of that column first, and turns its answer round when it is sorted downwards. */
static int
on_compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GtkColumnViewColumn *view_column = user_data;
  PrGrid *self = g_object_get_data (G_OBJECT (view_column), "pr-grid");

  self->asked = pr_grid_get_column (view_column);
  return -1;
}

/* GTK 4.8 counts the width of hidden columns when it measures rows: they become too wide for the
 * window, so that no column gets what is left over, and from right to left they begin outside of
 * it. So only those that can be seen have one. */
static void
on_visible_changed (GtkColumnViewColumn *view_column)
{
  if (gtk_column_view_column_get_visible (view_column))
    {
      gtk_column_view_column_set_fixed_width (
          view_column, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (view_column), WIDTH_DATA)));
      return;
    }
  g_object_set_data (G_OBJECT (view_column), WIDTH_DATA,
                     GINT_TO_POINTER (gtk_column_view_column_get_fixed_width (view_column)));
  gtk_column_view_column_set_fixed_width (view_column, -1);
}

static void
on_columns_changed (PrGrid *self)
{
  g_assert (PR_IS_GRID (self));

  if (!self->switching)
    g_signal_emit_by_name (self, "columns-changed");
}

static GtkColumnViewColumn *
new_column (PrGrid *self, const PrGridColumn *column, GtkListItemFactory *factory, gboolean shown)
{
  GtkColumnViewColumn *view_column = gtk_column_view_column_new (_ (column->title), factory);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (on_compare, view_column, NULL));

  g_object_set_data (G_OBJECT (view_column), COLUMN_DATA, (gpointer) column);
  g_object_set_data (G_OBJECT (view_column), "pr-grid", self);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_fixed_width (view_column, column->width);
  gtk_column_view_column_set_expand (view_column, column->expand);
  g_signal_connect (view_column, "notify::visible", G_CALLBACK (on_visible_changed), NULL);
  gtk_column_view_column_set_visible (view_column, shown);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_header_menu (view_column, G_MENU_MODEL (self->columns_menu));
  gtk_column_view_append_column (self->view, view_column);
  return view_column;
}

static GtkListItemFactory *
new_factory (const PrGridColumn *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  return factory;
}

static void
add_column (PrGrid *self, const PrGridColumn *column)
{
  GtkColumnViewColumn *view_column = new_column (self, column, new_factory (column), column->shown);
  g_autoptr (GPropertyAction) action = g_property_action_new (column->id, view_column, "visible");
  g_autofree char *sort = g_strconcat ("columns.sort::", column->id, NULL);

  g_signal_connect_swapped (view_column, "notify::visible", G_CALLBACK (on_columns_changed), self);
  g_action_map_add_action (G_ACTION_MAP (self->column_actions), G_ACTION (action));
  g_menu_append (self->sort_menu, _ (column->title), sort);
  g_ptr_array_add (self->columns, view_column);
}

static void
add_compact_column (PrGrid *self, const PrGridColumn *column)
{
  GtkListItemFactory *factory;

  if (column->field != PR_MAILBOX_NAME)
    factory = new_factory (column);
  else
    {
      factory = gtk_signal_list_item_factory_new ();
      g_signal_connect (factory, "setup", G_CALLBACK (on_setup_name), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (on_bind_name), NULL);
      g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_name), NULL);
    }
  g_ptr_array_add (self->compact_columns, new_column (self, column, factory, FALSE));
}

static void
add_check_column (PrGrid *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new ("", factory);

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_check), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_check), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_check), NULL);
  gtk_column_view_column_set_fixed_width (column, 40);
  gtk_column_view_append_column (self->view, column);
}

static void
fill_columns_menu (PrGrid *self)
{
  g_menu_remove_all (self->columns_menu);
  if (self->compact)
    {
      /* An action that is not there: it can be read, not chosen. */
      g_menu_append (self->columns_menu, _ ("Widen the window to choose columns"), "columns.none");
      return;
    }
  for (guint i = 0; i < self->columns->len; i++)
    {
      const PrGridColumn *column = pr_grid_get_column (g_ptr_array_index (self->columns, i));
      g_autofree char *name = g_strconcat ("columns.", column->id, NULL);

      g_menu_append (self->columns_menu, _ (column->title), name);
    }
}

void
pr_grid_add_columns (PrGrid *self)
{
  guint n_columns;
  const PrGridColumn *columns = pr_grid_columns_get (&n_columns);

  self->columns = g_ptr_array_new_with_free_func (g_object_unref);
  self->compact_columns = g_ptr_array_new_with_free_func (g_object_unref);
  add_check_column (self);
  for (guint i = 0; i < n_columns; i++)
    add_column (self, &columns[i]);
  for (guint i = 0; i < G_N_ELEMENTS (compact_columns); i++)
    add_compact_column (self, &compact_columns[i]);
  fill_columns_menu (self);
  g_signal_connect_object (gtk_column_view_get_columns (self->view), "items-changed",
                           G_CALLBACK (on_columns_changed), self, G_CONNECT_SWAPPED);
}

void
pr_grid_drop_columns (PrGrid *self)
{
  if (self->columns != NULL)
    for (guint i = 0; i < self->columns->len; i++)
      g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->columns, i), self);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->compact_columns, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_strfreev);
}

/* The column with that id that can be seen, else the one that could be; NULL if there is none. */
GtkColumnViewColumn *
pr_grid_find_column (PrGrid *self, const char *id)
{
  GPtrArray *lists[] = { self->compact ? self->compact_columns : self->columns, self->columns };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; j < lists[i]->len; j++)
      if (g_strcmp0 (pr_grid_get_column (g_ptr_array_index (lists[i], j))->id, id) == 0)
        return g_ptr_array_index (lists[i], j);
  return NULL;
}

/**
 * pr_grid_get_shown_columns:
 * @self: a grid
 *
 * Returns: (transfer full): ids of the columns that are shown where there is room, in their order
 */
GStrv
pr_grid_get_shown_columns (PrGrid *self)
{
  GListModel *list = gtk_column_view_get_columns (self->view);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  if (self->chosen != NULL)
    return g_strdupv (self->chosen);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list, i);

      if (pr_grid_get_column (column) != NULL && gtk_column_view_column_get_visible (column))
        g_strv_builder_add (ids, pr_grid_get_column (column)->id);
    }
  return g_strv_builder_end (ids);
}

/**
 * pr_grid_set_shown_columns:
 * @self: a grid
 * @columns: (array zero-terminated=1): ids of columns, in their order; none: the usual ones
 */
void
pr_grid_set_shown_columns (PrGrid *self, const char *const *columns)
{
  guint position = 1; /* behind the check boxes */

  g_return_if_fail (PR_IS_GRID (self));

  if (columns == NULL || columns[0] == NULL)
    return;
  if (self->compact)
    {
      g_strfreev (self->chosen);
      self->chosen = g_strdupv ((GStrv) columns);
      return;
    }
  for (guint i = 0; i < self->columns->len; i++)
    {
      GtkColumnViewColumn *column = g_ptr_array_index (self->columns, i);

      gtk_column_view_column_set_visible (
          column, g_strv_contains (columns, pr_grid_get_column (column)->id));
    }
  for (guint i = 0; columns[i] != NULL; i++)
    for (guint j = 0; j < self->columns->len; j++)
      if (g_str_equal (pr_grid_get_column (g_ptr_array_index (self->columns, j))->id, columns[i]))
        gtk_column_view_insert_column (self->view, position++,
                                       g_ptr_array_index (self->columns, j));
}

/**
 * pr_grid_get_columns_menu:
 * @self: a grid
 *
 * Returns: (transfer none): a menu in which columns are chosen, for pr_grid_get_column_actions()
 *   as “columns”
 */
GMenuModel *
pr_grid_get_columns_menu (PrGrid *self)
{
  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  return G_MENU_MODEL (self->columns_menu);
}

GActionGroup *
pr_grid_get_column_actions (PrGrid *self)
{
  g_return_val_if_fail (PR_IS_GRID (self), NULL);

  return G_ACTION_GROUP (self->column_actions);
}

/* --- Little room ------------------------------------------------------------------------------ */

static void
set_compact (PrGrid *self, gboolean compact)
{
  g_auto (GStrv) chosen = pr_grid_get_shown_columns (self);
  gboolean descending;
  g_autofree char *sort = g_strdup (pr_grid_get_sort (self, &descending));

  self->switching = TRUE;
  g_clear_pointer (&self->chosen, g_strfreev);
  self->compact = compact;
  for (guint i = 0; i < self->compact_columns->len; i++)
    gtk_column_view_column_set_visible (g_ptr_array_index (self->compact_columns, i), compact);
  for (guint i = 0; compact && i < self->columns->len; i++)
    gtk_column_view_column_set_visible (g_ptr_array_index (self->columns, i), FALSE);
  if (compact)
    self->chosen = g_steal_pointer (&chosen);
  else
    pr_grid_set_shown_columns (self, (const char *const *) chosen);
  fill_columns_menu (self);
  self->from_start = 0;
  /* The arrow is to be where it can be seen; the order stays as it is. */
  if (sort != NULL)
    pr_grid_set_sort (self, sort, descending);
  self->switching = FALSE;
}

static gboolean
on_width (gpointer user_data)
{
  PrGrid *self = user_data;
  gboolean compact = gtk_widget_get_width (GTK_WIDGET (self)) < COMPACT_BELOW;

  self->compact_id = 0;
  if (compact != self->compact)
    set_compact (self, compact);
  return G_SOURCE_REMOVE;
}

/* It is just being laid out: columns can come and go only afterwards. */
void
pr_grid_follow_width (PrGrid *self, int width)
{
  if (width > 0 && (width < COMPACT_BELOW) != self->compact && self->compact_id == 0)
    self->compact_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, on_width, self, NULL);
}
