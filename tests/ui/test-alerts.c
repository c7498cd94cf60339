/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The alerts wall: what is on it, what is mended by its buttons, and what nobody has seen. */

#include "pr-alert-list.h"
#include "pr-alert-row.h"
#include "pr-alerts-page.h"
#include "ui-fill.h"
#include "ui-harness.h"

static void
shot (PrWindow *window, const char *name)
{
  const char *folder = g_getenv ("PR_SHOTS");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  ui_settle ();
  if (path != NULL)
    ui_screenshot (GTK_WIDGET (window), path);
}

static PrAlertList *
get_list (PrPage *page)
{
  return ui_child (page, PR_TYPE_ALERTS_PAGE, "list");
}

static guint
count_rows (PrPage *page)
{
  GtkListBox *box = pr_alert_list_get_box (get_list (page));
  guint n = 0;

  while (gtk_list_box_get_row_at_index (box, (int) n) != NULL)
    n++;
  return n;
}

static PrAlertRow *
get_row (PrPage *page, int position)
{
  return PR_ALERT_ROW (
      gtk_list_box_get_row_at_index (pr_alert_list_get_box (get_list (page)), position));
}

static guint n_expected;

static gboolean
has_rows (gpointer page)
{
  return count_rows (page) == n_expected
         && pr_alert_list_get_counts (get_list (page))->n >= n_expected;
}

static void
expect_rows (PrPage *page, guint n)
{
  n_expected = n;
  ui_assert_wait (has_rows, page);
}

static void
fill (PrWindow *window)
{
  PrEnvironment *environment = pr_window_get_environment (window);
  const char *dir = ui_get_data_dir ();

  ui_fill_mailboxes (environment, dir, 20);
  ui_fill_alert (environment, dir, PR_CODE_CERTIFICATE_EXPIRED, PR_SEVERITY_WARNING, 0, 1);
  ui_fill_alert (environment, dir, PR_CODE_ADDRESS_NOT_APPROVED, PR_SEVERITY_ERROR, 4, 1);
  ui_fill_alert (environment, dir, PR_CODE_AUTHENTICATION_REJECTED, PR_SEVERITY_ERROR, 2, 1);
}

static void
test_empty (void)
{
  PrWindow *window = ui_open_window ();
  PrPage *page = ui_show_page (window, "alerts");

  ui_assert_wait (pr_alert_list_is_loaded, get_list (page));
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (window), "No Alerts"));
  shot (window, "alerts-empty");
  ui_close_window (window);
}

static void
test_wall (void)
{
  PrWindow *window;
  PrPage *page;
  PrAlertRow *row;

  ui_new_data_dir ();
  window = ui_open_window ();
  fill (window);
  page = ui_show_page (window, "alerts");
  expect_rows (page, 3);
  shot (window, "alerts-wall");
  g_assert_true (ui_has_text (GTK_WIDGET (page), "3 alerts"));
  g_assert_nonnull (ui_find_label (GTK_WIDGET (page), "Approve Now"));
  row = get_row (page, 0);
  pr_alert_row_set_expanded (row, TRUE);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (row), "-ERR [AUTH] Authentication failed."));
  shot (window, "alerts-details");
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/alerts/empty", test_empty);
  g_test_add_func ("/ui/alerts/wall", test_wall);
  return ui_run ();
}
