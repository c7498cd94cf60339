/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What keeps the window fluid, counted instead of timed: how many rows are asked for, exist and
 * are shown, however long the list is; and what a job shows of itself in the grid. */

#include "pr-grid-cell.h"
#include "pr-mailboxes-page-private.h"
#include "ui-fill.h"
#include "ui-harness.h"
#include "ui-scene.h"
#include "ui-threads.h"

#define N_MAILBOXES 20000
#define MOST_IN_MEMORY 2000
#define MOST_CELLS 3000

static gboolean
is_listed (gpointer data)
{
  PrMailboxesPage *page = data;

  return page->listed && !pr_mailbox_list_is_loading (page->list)
         && g_list_model_get_n_items (G_LIST_MODEL (page->list)) > 0;
}

/* Opened again, so that it does not find out later that another program wrote. */
static PrWindow *
open_filled (void)
{
  PrWindow *window;

  ui_new_data_dir ();
  window = ui_open_window ();
  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), N_MAILBOXES);
  ui_close_window (window);
  return ui_open_window ();
}

static PrMailboxesPage *
open_page (PrWindow *window)
{
  PrMailboxesPage *page = PR_MAILBOXES_PAGE (ui_show_page (window, "mailboxes"));

  pr_mailboxes_page_show (page, PR_VIEW_ALL, 0, NULL);
  ui_assert_wait (is_listed, page);
  ui_settle ();
  return page;
}

static guint
count_cells (GtkWidget *root)
{
  guint n = PR_IS_GRID_CELL (root);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cells (child);
  return n;
}

static GtkAdjustment *
get_adjustment (PrMailboxesPage *page)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (pr_grid_get_view (page->grid)));
}

static void
check_bounds (PrMailboxesPage *page)
{
  g_assert_cmpuint (pr_mailbox_list_get_n_in_memory (page->list), <=, MOST_IN_MEMORY);
  g_assert_cmpuint (count_cells (GTK_WIDGET (page)), <=, MOST_CELLS);
}

/* Wherever one scrolls to, a few pages are read, and what was left behind is forgotten. */
static void
test_scroll (void)
{
  PrWindow *window = open_filled ();
  PrMailboxesPage *page;
  GtkAdjustment *adjustment;

  page = open_page (window);
  adjustment = get_adjustment (page);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (page->list)), ==, N_MAILBOXES);
  check_bounds (page);
  for (guint i = 1; i <= 40; i++)
    {
      guint before = ui_threads_get_n_rows ();

      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * i / 40);
      ui_settle ();
      g_assert_cmpuint (ui_threads_get_n_rows () - before, <, MOST_IN_MEMORY);
      check_bounds (page);
    }
  ui_close_window (window);
}

/* Nothing is asked for what is selected, and nothing is made for it. */
static void
test_select_all (void)
{
  PrMailboxesPage *page;
  PrWindow *window = open_filled ();
  guint before;

  page = open_page (window);
  before = ui_threads_get_n_rows ();
  ui_activate (page, "mailboxes.select-all", NULL);
  ui_settle ();
  g_assert_nonnull (ui_find_label (GTK_WIDGET (window), "20000 of 20000 selected"));
  g_assert_cmpuint (ui_threads_get_n_rows () - before, <, MOST_IN_MEMORY);
  check_bounds (page);
  ui_close_window (window);
}

/* --- A job in the grid ------------------------------------------------------------------------ */

typedef struct
{
  GtkWidget *root;
  const char *text; /* NULL: a step */
  guint n_wanted;
} Wanted;

static guint
count_text (GtkWidget *root, const char *text)
{
  const char *has = PR_IS_GRID_CELL (root) ? pr_grid_cell_get_text (PR_GRID_CELL (root)) : NULL;
  guint n = 0;

  if (has != NULL)
    n += text != NULL ? g_str_equal (has, text) : g_str_has_suffix (has, "…") && strlen (has) > 4;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_text (child, text);
  return n;
}

static gboolean
is_shown (gpointer data)
{
  const Wanted *wanted = data;

  return count_text (wanted->root, wanted->text) == wanted->n_wanted;
}

static void
print_cells (GtkWidget *root)
{
  if (PR_IS_GRID_CELL (root) && pr_grid_cell_get_text (PR_GRID_CELL (root)) != NULL)
    g_printerr ("# %s\n", pr_grid_cell_get_text (PR_GRID_CELL (root)));
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    print_cells (child);
}

static void
wait_for_cells (PrMailboxesPage *page, const char *text, guint n)
{
  Wanted wanted = { GTK_WIDGET (page), text, n };

  if (ui_wait_for (is_shown, &wanted, UI_TIMEOUT_MS))
    return;
  print_cells (GTK_WIDGET (page));
  g_error ("“%s” is not shown %u times", text != NULL ? text : "…", n);
}

/* One of five may talk to a server that has let nobody in yet; the others wait. */
static void
test_job (void)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autoptr (PrServerProfile) profile = NULL;
  UiSilentServer *silent = ui_silent_server_new ();
  PrEnvironment *environment;
  PrMailboxesPage *page;
  PrWindow *window;
  PrWindowJob *job;

  ui_new_data_dir ();
  window = ui_open_window ();
  environment = pr_window_get_environment (window);
  profile = ui_add_profile (environment, "Silent", ui_silent_server_get_port (silent),
                            ui_silent_server_get_port (silent), NULL);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *address = g_strdup_printf ("box%u@example.org", i);

      g_object_unref (ui_add_mailbox (environment, profile, address, "one"));
    }
  page = open_page (window);
  wait_for_cells (page, "Not run", 10);
  pr_mailboxes_page_show (page, PR_VIEW_NOT_TESTED, 0, NULL);
  ui_assert_wait (is_listed, page);
  job = pr_window_start_job (window, "All", all, &pr_test_options_default);
  g_assert_nonnull (job);
  wait_for_cells (page, "Queued", 8);
  wait_for_cells (page, NULL, 2);
  pr_window_job_cancel (job);
  wait_for_cells (page, "Cancelled", 10);
  /* And then what is stored again, which a cancelled test does not change. */
  wait_for_cells (page, "Not run", 10);
  ui_close_window (window);
  ui_silent_server_free (silent);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/fluid/scroll", test_scroll);
  g_test_add_func ("/fluid/select-all", test_select_all);
  g_test_add_func ("/fluid/job", test_job);
  return ui_run ();
}
