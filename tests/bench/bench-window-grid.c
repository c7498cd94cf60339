/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The grid: opened, sorted by each column, filtered by each view, searched, all selected,
 * scrolled. Main thread. */

#include "bench-window.h"

#include "bench-probe.h"
#include "pr-grid-column.h"
#include "pr-mailboxes-page-private.h"
#include "ui-fill.h"
#include "ui-harness.h"

static gboolean
is_complete (gpointer data)
{
  PrMailboxesPage *page = data;

  return page->listed && !pr_mailbox_list_is_loading (page->list)
         && g_list_model_get_n_items (G_LIST_MODEL (page->list)) > 0;
}

static void
end (PrMailboxesPage *page, const char *what)
{
  ui_assert_wait (is_complete, page);
  ui_settle ();
  bench_probe_end (what);
}

static void
begin (void)
{
  ui_settle ();
  bench_probe_begin ();
}

static PrMailboxesPage *
open_page (PrWindow *window)
{
  PrMailboxesPage *page;

  begin ();
  pr_window_show_page (window, "mailboxes");
  page = PR_MAILBOXES_PAGE (pr_window_get_page (window, "mailboxes"));
  end (page, "open");
  return page;
}

static void
sort (PrMailboxesPage *page)
{
  guint n;
  const PrGridColumn *columns = pr_grid_columns_get (&n);

  for (guint i = 0; i < n; i++)
    for (gboolean descending = FALSE; descending <= TRUE; descending++)
      {
        g_autofree char *what =
            g_strdup_printf ("sort by “%s”%s", columns[i].id, descending ? ", downwards" : "");

        begin ();
        pr_grid_set_sort (page->grid, columns[i].id, descending);
        end (page, what);
      }
  pr_grid_set_sort (page->grid, "name", FALSE);
}

static gboolean
is_listed (gpointer data)
{
  return !pr_mailbox_list_is_loading (((PrMailboxesPage *) data)->list);
}

static void
filter (PrMailboxesPage *page)
{
  g_autoptr (GEnumClass) views = g_type_class_ref (PR_TYPE_VIEW);

  for (guint i = 0; i < views->n_values; i++)
    {
      g_autofree char *what = g_strdup_printf ("view “%s”", views->values[i].value_nick);

      begin ();
      pr_mailboxes_page_show (page, (PrView) views->values[i].value, 0, NULL);
      ui_assert_wait (is_listed, page);
      ui_settle ();
      bench_probe_end (what);
    }
  pr_mailboxes_page_show (page, PR_VIEW_ALL, 0, NULL);
  ui_assert_wait (is_complete, page);
}

/* The entry waits for a moment before it tells what was typed. */
static void
search (PrMailboxesPage *page, const char *text, const char *what)
{
  begin ();
  gtk_editable_set_text (GTK_EDITABLE (page->search_entry), text);
  for (guint i = 0; i < 3; i++)
    ui_settle ();
  end (page, what);
}

static GtkAdjustment *
get_adjustment (PrMailboxesPage *page)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (pr_grid_get_view (page->grid)));
}

static void
scroll_to (PrMailboxesPage *page, double value, const char *what)
{
  begin ();
  gtk_adjustment_set_value (get_adjustment (page), value);
  end (page, what);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  guint *n_left = user_data;
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment)
                                            + gtk_adjustment_get_page_size (adjustment) / 3);
  (*n_left)--;
  return *n_left > 0;
}

static gboolean
is_zero (gpointer data)
{
  return *(guint *) data == 0;
}

/* A third of a page each frame, which is more than anybody reads. */
static void
scroll_by_frames (PrMailboxesPage *page)
{
  guint n_left = 200;

  begin ();
  gtk_widget_add_tick_callback (pr_grid_get_view (page->grid), on_tick, &n_left, NULL);
  ui_assert_wait (is_zero, &n_left);
  end (page, "scroll, 200 frames");
}

static gboolean
has_fewer (gpointer data)
{
  PrMailboxesPage *page = data;
  guint n = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (page), "bench-n"));

  return g_list_model_get_n_items (G_LIST_MODEL (page->list)) < n;
}

static void
delete_some (PrWindow *window, PrMailboxesPage *page)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (page->list));

  begin ();
  ui_run_sql (pr_window_get_environment (window), ui_get_data_dir (),
              "DELETE FROM mailboxes WHERE id % 5000 = 7");
  g_object_set_data (G_OBJECT (page), "bench-n", GUINT_TO_POINTER (n));
  /* This statement ran here, in the main thread, but it is not the window's. */
  bench_probe_begin ();
  ui_assert_wait (has_fewer, page);
  end (page, "another program deletes 20 rows");
}

void
bench_window_grid (guint n_rows)
{
  PrWindow *window = ui_open_window_sized (1280, 900);
  PrMailboxesPage *page;

  pr_window_show_page (window, "overview");
  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), n_rows);
  page = open_page (window);
  sort (page);
  filter (page);
  search (page, "77", "search");
  search (page, "", "end of the search");
  begin ();
  ui_activate (page, "mailboxes.select-all", NULL);
  end (page, "select all");
  scroll_to (page, gtk_adjustment_get_upper (get_adjustment (page)),
             "scroll to the end, all selected");
  begin ();
  ui_activate (page, "mailboxes.select-none", NULL);
  end (page, "select none");
  scroll_to (page, 0, "scroll to the top");
  scroll_to (page, gtk_adjustment_get_upper (get_adjustment (page)), "scroll to the end");
  scroll_to (page, 0, "scroll to the top");
  scroll_by_frames (page);
  delete_some (window, page);
  ui_close_window (window);
}
