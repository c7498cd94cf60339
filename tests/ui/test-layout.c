/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window where there is little room, and from right to left: everything stays within it, and
 * what is read first is in sight. */

#include "pr-grid-cell.h"
#include "pr-grid-name-cell.h"
#include "pr-mailboxes-page-private.h"
#include "pr-sidebar-button.h"
#include "pr-words.h"
#include "ui-fill.h"
#include "ui-harness.h"

#include <math.h>

static guint n_wanted;

static gboolean
has_rows (gpointer data)
{
  PrMailboxesPage *page = data;

  return !pr_mailbox_list_is_loading (page->list)
         && g_list_model_get_n_items (G_LIST_MODEL (page->selection)) == n_wanted;
}

static PrMailboxesPage *
open_filled (PrWindow **window, int width)
{
  PrMailboxesPage *page;

  ui_new_data_dir ();
  *window = ui_open_window_sized (width, 640);
  ui_fill_mailboxes (pr_window_get_environment (*window), ui_get_data_dir (), 20);
  page = PR_MAILBOXES_PAGE (ui_show_page (*window, "mailboxes"));
  pr_mailboxes_page_show (page, PR_VIEW_ALL, 0, NULL);
  n_wanted = 20;
  ui_assert_wait (has_rows, page);
  ui_settle ();
  return page;
}

static graphene_rect_t
get_bounds (GtkWidget *widget, gpointer within)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, within, &bounds));
  return bounds;
}

/* --- The grid --------------------------------------------------------------------------------- */

static const char *
get_text (GtkWidget *cell)
{
  return PR_IS_GRID_NAME_CELL (cell) ? pr_grid_name_cell_get_address (PR_GRID_NAME_CELL (cell))
                                     : pr_grid_cell_get_text (PR_GRID_CELL (cell));
}

/* The cell that says @text; NULL if there is none. */
static GtkWidget *
find_cell (GtkWidget *root, const char *text)
{
  GtkWidget *found = NULL;

  if (PR_IS_GRID_CELL (root) || PR_IS_GRID_NAME_CELL (root))
    return g_strcmp0 (get_text (root), text) == 0 ? root : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_cell (child, text);
  return found;
}

static gboolean
has_first_cell (gpointer grid)
{
  GtkWidget *cell = find_cell (grid, "box1@example.org");

  return cell != NULL && gtk_widget_get_mapped (cell);
}

/* The first columns are in sight at the edge where lines begin, and nothing is beyond it. */
static void
check_grid_of (PrMailboxesPage *page, gboolean mirrored)
{
  GtkWidget *grid = GTK_WIDGET (page->grid);
  graphene_rect_t whole, bounds;
  GtkWidget *cell;

  ui_assert_wait (has_first_cell, grid);
  cell = find_cell (grid, "box1@example.org");
  whole = get_bounds (grid, grid);
  bounds = get_bounds (cell, grid);
  g_assert_cmpfloat (bounds.origin.x, >=, 0);
  g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, whole.size.width);
  if (mirrored)
    g_assert_cmpfloat (bounds.origin.x + bounds.size.width, >, whole.size.width / 2);
  else
    g_assert_cmpfloat (bounds.origin.x, <, whole.size.width / 2);
}

static void
check_grid (int width, gboolean mirrored)
{
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, width);

  pr_grid_set_sort (page->grid, "address", FALSE);
  check_grid_of (page, mirrored);
  ui_close_window (window);
}

static void
test_grid (void)
{
  check_grid (1040, FALSE);
}

static void
test_grid_mirrored (void)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  check_grid (1040, TRUE);
  check_grid (800, TRUE);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static guint
count_cells (GtkWidget *root, const char *text, GtkWidget *grid)
{
  guint n = 0;

  if (PR_IS_GRID_CELL (root) && g_strcmp0 (get_text (root), text) == 0)
    {
      graphene_rect_t bounds = get_bounds (root, grid);

      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, gtk_widget_get_width (grid));
      return 1;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cells (child, text, grid);
  return n;
}

static gboolean
is_wide (gpointer grid)
{
  return find_cell (grid, "Sales 1") != NULL;
}

static gboolean
is_compact (gpointer grid)
{
  return find_cell (grid, "box1@example.org") != NULL && !is_wide (grid);
}

static void
resize (PrWindow *window, int width)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, 640);
}

static void
scroll_to_last_column (GtkWidget *grid, gboolean mirrored)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (ui_find_type (grid, GTK_TYPE_SCROLLED_WINDOW));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (scroller);

  gtk_adjustment_set_value (adjustment, mirrored ? 0 : gtk_adjustment_get_upper (adjustment));
  ui_settle ();
}

/* Where there is little room, name, address and both statuses are in sight; what the admin has
 * chosen comes back with the room, and is what is kept. */
static void
check_compact (gboolean mirrored)
{
  static const char *const choice[] = { "address", "owner",    "name",   "incoming", "kind",
                                        "run",     "username", "tested", NULL };
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, 1270);
  GtkWidget *grid = GTK_WIDGET (page->grid);
  gboolean descending = TRUE;
  GStrv shown;

  pr_grid_set_shown_columns (page->grid, choice);
  pr_grid_set_sort (page->grid, "address", FALSE);
  ui_assert_wait (is_wide, grid);
  check_grid_of (page, mirrored);
  scroll_to_last_column (grid, mirrored);

  resize (window, 360);
  ui_assert_wait (is_compact, grid);
  ui_settle ();
  ui_check_width (page);
  check_grid_of (page, mirrored);
  /* Of seven mailboxes both directions, of three more one. */
  g_assert_cmpuint (count_cells (grid, "Enabled", grid), ==, 17);
  /* No room for why. */
  g_assert_cmpuint (count_cells (grid, "Failure", grid), ==, 3);
  shown = pr_grid_get_shown_columns (page->grid);
  g_assert_true (g_strv_equal ((const char *const *) shown, choice));
  g_strfreev (shown);
  g_assert_cmpstr (pr_grid_get_sort (page->grid, &descending), ==, "address");
  g_assert_false (descending);

  resize (window, 1270);
  ui_assert_wait (is_wide, grid);
  ui_settle ();
  g_assert_null (find_cell (grid, "Failure"));
  g_assert_nonnull (find_cell (grid, pr_word_of_code (PR_CODE_AUTHENTICATION_REJECTED)));
  shown = pr_grid_get_shown_columns (page->grid);
  g_assert_true (g_strv_equal ((const char *const *) shown, choice));
  g_strfreev (shown);
  g_assert_cmpstr (pr_grid_get_sort (page->grid, &descending), ==, "address");
  check_grid_of (page, mirrored);
  ui_close_window (window);
}

static void
test_grid_compact (void)
{
  check_compact (FALSE);
}

static void
test_grid_compact_mirrored (void)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  check_compact (TRUE);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* A hidden column takes no room, so that the others get what is left over. */
static void
test_grid_wide (void)
{
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, 1270);
  GtkWidget *grid = GTK_WIDGET (page->grid);
  GtkWidget *view = pr_grid_get_view (page->grid);
  GtkWidget *header = gtk_widget_get_first_child (view);
  int room = gtk_widget_get_width (grid);
  int minimum;

  g_assert_cmpint (gtk_widget_get_width (header), ==, room);
  /* Every fourth; the whole word would be cut off. */
  g_assert_cmpuint (count_cells (grid, "Pending", grid), ==, 5);
  gtk_widget_measure (gtk_widget_get_last_child (view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum,
                      NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, room);
  /* One that is shown takes the width that it had. */
  g_action_group_activate_action (pr_grid_get_column_actions (page->grid), "owner", NULL);
  ui_settle ();
  g_assert_cmpint (gtk_widget_get_width (header), >=, room);
  g_action_group_activate_action (pr_grid_get_column_actions (page->grid), "owner", NULL);
  ui_settle ();
  g_assert_cmpint (gtk_widget_get_width (header), ==, room);
  ui_close_window (window);
}

/* --- By keyboard ------------------------------------------------------------------------------ */

/* Tab goes into the grid, and out of it again, whatever is in it. */
static void
test_grid_tab (void)
{
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, 1040);
  GtkWidget *grid = GTK_WIDGET (page->grid);
  gboolean was_in = FALSE, is_in = FALSE;

  for (guint i = 0; i < 40 && !(was_in && !is_in); i++)
    {
      GtkWidget *focus;

      g_signal_emit_by_name (window, "move-focus", GTK_DIR_TAB_FORWARD);
      ui_settle ();
      focus = gtk_window_get_focus (GTK_WINDOW (window));
      g_assert_nonnull (focus);
      is_in = gtk_widget_is_ancestor (focus, grid);
      was_in = was_in || is_in;
    }
  g_assert_true (was_in);
  g_assert_false (is_in);
  ui_close_window (window);
}

/* By the menu, for the headings take no focus. */
static void
test_grid_sort (void)
{
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, 1040);
  GActionGroup *actions = pr_grid_get_column_actions (page->grid);
  gboolean descending = TRUE;

  g_action_group_activate_action (actions, "sort", g_variant_new_string ("address"));
  g_assert_cmpstr (pr_grid_get_sort (page->grid, &descending), ==, "address");
  g_assert_false (descending);
  g_action_group_activate_action (actions, "sort", g_variant_new_string ("address"));
  g_assert_cmpstr (pr_grid_get_sort (page->grid, &descending), ==, "address");
  g_assert_true (descending);
  ui_settle ();
  ui_close_window (window);
}

/* --- Little room ------------------------------------------------------------------------------ */

static void
check_width (gpointer widget)
{
  ui_settle ();
  ui_check_width (widget);
}

static gboolean
has_sidebar_button (gpointer page)
{
  return ui_find_type (page, PR_TYPE_SIDEBAR_BUTTON) != NULL;
}

static gboolean
has_no_sidebar_button (gpointer page)
{
  return !has_sidebar_button (page);
}

/* The pages are there without anything in test-window.c: here are the forms. They leave the place
 * of the sidebar's button to their title: the page behind has one. */
static void
test_narrow_forms (void)
{
  PrWindow *window;
  PrMailboxesPage *page = open_filled (&window, 360);
  PrPage *profiles;

  check_width (page);
  ui_activate (page, "mailboxes.select-all", NULL);
  check_width (page);
  pr_mailboxes_page_open (page, 1);
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  g_assert_nonnull (pr_mailbox_form_get_mailbox (page->form));
  check_width (page);
  g_assert_false (has_sidebar_button (page->form));
  resize (window, 1280);
  ui_assert_wait (has_sidebar_button, page->form);
  resize (window, 360);
  ui_assert_wait (has_no_sidebar_button, page->form);
  ui_activate (page->form, "form.back", NULL);
  ui_assert_wait (has_sidebar_button, page);
  profiles = ui_show_page (window, "profiles");
  check_width (profiles);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (profiles), "profile.edit", "x", (gint64) 1));
  check_width (profiles);
  g_assert_false (has_sidebar_button (profiles));
  ui_close_window (window);
}

/* --- Contrast --------------------------------------------------------------------------------- */

static double
get_linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const GdkRGBA *colour)
{
  return 0.2126 * get_linear (colour->red) + 0.7152 * get_linear (colour->green)
         + 0.0722 * get_linear (colour->blue);
}

static GdkRGBA
look_up (GtkWidget *widget, const char *name)
{
  GdkRGBA colour;

  g_assert_true (
      gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour));
  return colour;
}

/* @front on @back, WCAG 2.1, 1.4.3. */
static double
get_contrast (GtkWidget *widget, const char *front, double opacity, const char *back)
{
  GdkRGBA below = look_up (widget, back), above = look_up (widget, front);
  double alpha = above.alpha * opacity;
  double lighter, darker;

  above.red = (float) (above.red * alpha + below.red * (1 - alpha));
  above.green = (float) (above.green * alpha + below.green * (1 - alpha));
  above.blue = (float) (above.blue * alpha + below.blue * (1 - alpha));
  lighter = MAX (get_luminance (&above), get_luminance (&below));
  darker = MIN (get_luminance (&above), get_luminance (&below));
  return (lighter + 0.05) / (darker + 0.05);
}

static void
check_contrast (GtkWidget *widget)
{
  static const char *const texts[] = { "success_color", "error_color", "warning_color",
                                       "accent_color" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpfloat (get_contrast (widget, texts[i], 1, "view_bg_color"), >=, 4.5);
  g_assert_cmpfloat (get_contrast (widget, "window_bg_color", 1, "accent_color"), >=, 4.5);
  g_assert_cmpfloat (get_contrast (widget, "error_fg_color", 1, "error_bg_color"), >=, 4.5);
  /* The faint text of style.css. */
  g_assert_cmpfloat (get_contrast (widget, "view_fg_color", 0.7, "view_bg_color"), >=, 4.5);
  g_assert_cmpfloat (get_contrast (widget, "window_fg_color", 0.7, "window_bg_color"), >=, 4.5);
}

static void
test_contrast (void)
{
  PrWindow *window = ui_open_window ();
  AdwStyleManager *manager = adw_style_manager_get_default ();

  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  ui_settle ();
  check_contrast (GTK_WIDGET (window));
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  ui_settle ();
  check_contrast (GTK_WIDGET (window));
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_DEFAULT);
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/layout/grid", test_grid);
  g_test_add_func ("/ui/layout/grid-mirrored", test_grid_mirrored);
  g_test_add_func ("/ui/layout/grid-compact", test_grid_compact);
  g_test_add_func ("/ui/layout/grid-compact-mirrored", test_grid_compact_mirrored);
  g_test_add_func ("/ui/layout/grid-wide", test_grid_wide);
  g_test_add_func ("/ui/layout/grid-tab", test_grid_tab);
  g_test_add_func ("/ui/layout/grid-sort", test_grid_sort);
  g_test_add_func ("/ui/layout/narrow-forms", test_narrow_forms);
  g_test_add_func ("/ui/layout/contrast", test_contrast);
  return ui_run ();
}
