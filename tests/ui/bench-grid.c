/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the main loop stands still while the grid is opened, sorted, filtered, selected and
 * scrolled with 100,000 rows. A figure for tools/bench-ui, not a test: it depends on the
 * machine. */

#include "pr-mailboxes-page-private.h"
#include "ui-fill.h"
#include "ui-harness.h"

#include <time.h>

#define ROWS 100000

/* --- The probe: the time between two polls is the time in which nothing else can happen ------- */

static gint64 left_poll;
static gint64 longest;
static gint64 left_poll_cpu;
static gint64 longest_cpu;
static gint64 total_cpu;
static guint n_turns;

/* What this thread has really worked, however busy the machine is with other things. */
static gint64
get_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static int
probing_poll (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 now = g_get_monotonic_time ();
  int result;

  if (left_poll != 0)
    {
      longest = MAX (longest, now - left_poll);
      longest_cpu = MAX (longest_cpu, get_cpu_time () - left_poll_cpu);
      total_cpu += get_cpu_time () - left_poll_cpu;
      n_turns++;
    }
  result = g_poll (fds, n_fds, timeout);
  left_poll = g_get_monotonic_time ();
  left_poll_cpu = get_cpu_time ();
  return result;
}

static void
begin (void)
{
  ui_settle ();
  longest = longest_cpu = total_cpu = 0;
  n_turns = 0;
}

static void
end (const char *what)
{
  ui_settle ();
  g_print ("%-26s longest turn %6.1f ms (%6.1f ms of work)  in all %7.1f ms, %u turns\n", what,
           (double) longest / 1000.0, (double) longest_cpu / 1000.0, (double) total_cpu / 1000.0,
           n_turns);
}

static gboolean
is_complete (gpointer data)
{
  PrMailboxesPage *page = data;

  return page->listed && !pr_mailbox_list_is_loading (page->list)
         && g_list_model_get_n_items (G_LIST_MODEL (page->list)) > 0;
}

static void
wait_listed (PrMailboxesPage *page)
{
  ui_assert_wait (is_complete, page);
}

static GtkAdjustment *
get_adjustment (PrMailboxesPage *page)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (pr_grid_get_view (page->grid)));
}

static void
scroll_through (PrMailboxesPage *page)
{
  GtkAdjustment *adjustment = get_adjustment (page);
  double page_size = gtk_adjustment_get_page_size (adjustment);

  for (guint i = 0; i < 60; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + page_size);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
bench_grid (void)
{
  PrWindow *window = ui_open_window_sized (1280, 900);
  PrMailboxesPage *page = PR_MAILBOXES_PAGE (pr_window_get_page (window, "mailboxes"));

  pr_window_show_page (window, "overview");
  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), ROWS);
  g_main_context_set_poll_func (NULL, probing_poll);
  begin ();
  pr_window_show_page (window, "mailboxes");
  wait_listed (page);
  end ("open");
  begin ();
  pr_grid_set_sort (page->grid, "address", FALSE);
  wait_listed (page);
  end ("sort by address");
  begin ();
  pr_grid_set_sort (page->grid, "incoming", TRUE);
  wait_listed (page);
  end ("sort by status, downwards");
  begin ();
  pr_mailboxes_page_show (page, PR_VIEW_ALL, 0, NULL);
  wait_listed (page);
  end ("another view");
  begin ();
  gtk_editable_set_text (GTK_EDITABLE (page->search_entry), "77");
  ui_settle ();
  ui_settle ();
  ui_settle ();
  wait_listed (page);
  end ("search");
  begin ();
  gtk_editable_set_text (GTK_EDITABLE (page->search_entry), "");
  ui_settle ();
  ui_settle ();
  ui_settle ();
  wait_listed (page);
  end ("end of search");
  begin ();
  ui_activate (page, "mailboxes.select-all", NULL);
  end ("select all");
  begin ();
  ui_activate (page, "mailboxes.select-none", NULL);
  end ("select none");
  begin ();
  gtk_adjustment_set_value (get_adjustment (page),
                            gtk_adjustment_get_upper (get_adjustment (page)));
  end ("scroll to the end");
  begin ();
  gtk_adjustment_set_value (get_adjustment (page), 0);
  end ("scroll to the top");
  begin ();
  scroll_through (page);
  end ("60 pages down");
  begin ();
  ui_run_sql (pr_window_get_environment (window), ui_get_data_dir (),
              "DELETE FROM mailboxes WHERE id % 5000 = 0");
  while (g_list_model_get_n_items (G_LIST_MODEL (page->list)) == ROWS)
    g_main_context_iteration (NULL, TRUE);
  end ("20 rows gone");
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/bench/grid", bench_grid);
  return ui_run ();
}
