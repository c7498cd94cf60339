/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The alerts wall: what is on it, what is mended by its buttons, and what nobody has seen. */

#include "pr-alert-list.h"
#include "pr-alert-row.h"
#include "pr-alerts-page.h"
#include "pr-dialog.h"
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
  return pr_alert_list_is_loaded (get_list (page)) && count_rows (page) == n_expected
         && pr_alert_list_get_counts (get_list (page))->n >= n_expected;
}

static const char *text_expected;

static gboolean
has_text (gpointer page)
{
  return ui_has_text (page, text_expected);
}

static void
expect_text (PrPage *page, const char *text)
{
  text_expected = text;
  ui_assert_wait (has_text, page);
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

static PrPage *
open_wall (PrWindow **window)
{
  PrPage *page;

  ui_new_data_dir ();
  *window = ui_open_window ();
  fill (*window);
  page = ui_show_page (*window, "alerts");
  expect_rows (page, 3);
  return page;
}

static gpointer
child (PrPage *page, const char *id)
{
  return ui_child (page, PR_TYPE_ALERTS_PAGE, id);
}

static void
test_filters (void)
{
  PrWindow *window;
  PrPage *page = open_wall (&window);

  gtk_drop_down_set_selected (child (page, "severity_drop_down"), 1);
  expect_rows (page, 2);
  gtk_drop_down_set_selected (child (page, "severity_drop_down"), 3);
  expect_rows (page, 0);
  expect_text (page, "No Such Alerts");
  ui_activate (page, "alerts.show-all", NULL);
  expect_rows (page, 3);
  gtk_editable_set_text (child (page, "search_entry"), "BOX4@");
  expect_rows (page, 1);
  pr_alerts_page_show (PR_ALERTS_PAGE (page), 0, 0, "Nobody");
  expect_rows (page, 0);
  /* A name in a sentence leads to what it names. */
  pr_alerts_page_show (PR_ALERTS_PAGE (page), 0, 0, "Ada Admin");
  expect_rows (page, 3);
  g_assert_nonnull (ui_find_label (GTK_WIDGET (page), "Ada Admin"));
  ui_close_window (window);
}

static void
test_dismiss (void)
{
  PrWindow *window;
  PrPage *page = open_wall (&window);

  ui_activate (get_row (page, 0), "alert.dismiss", NULL);
  expect_rows (page, 2);
  ui_activate (page, "alerts.dismiss-all", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "dismiss");
  expect_rows (page, 0);
  expect_text (page, "No Alerts");
  ui_close_window (window);
}

static gboolean
is_approved (gpointer data)
{
  PrMailboxList *list = data;

  if (pr_mailbox_list_is_loading (list))
    return FALSE;
  return g_list_model_get_n_items (G_LIST_MODEL (list)) == 4;
}

/* The button does what it says. */
static void
test_approve_now (void)
{
  PrWindow *window;
  PrPage *page = open_wall (&window);
  g_autoptr (PrMailboxList) list =
      pr_environment_new_mailbox_list (pr_window_get_environment (window));
  g_autoptr (PrSelection) pending = pr_selection_new_view (PR_VIEW_PENDING);

  pr_mailbox_list_set_selection (list, pending);
  g_assert_nonnull (ui_find_label (GTK_WIDGET (get_row (page, 1)), "Approve Now"));
  g_assert_false (is_approved (list));
  ui_activate (get_row (page, 1), "alert.fix", NULL);
  ui_assert_wait (is_approved, list);
  /* ... and the mailbox is tested again. */
  g_assert_nonnull (pr_window_get_job (window));
  ui_activate (window, "win.cancel-job", NULL);
  while (pr_window_job_is_running (pr_window_get_job (window)))
    g_main_context_iteration (NULL, TRUE);
  ui_close_window (window);
}

static void
test_links (void)
{
  PrWindow *window;
  PrPage *page = open_wall (&window);
  gboolean handled;

  g_signal_emit_by_name (ui_child (get_row (page, 0), PR_TYPE_ALERT_ROW, "summary_label"),
                         "activate-link", "mailbox:2", &handled);
  g_assert_true (handled);
  ui_settle ();
  g_assert_true (pr_window_get_visible_page (window) == pr_window_get_page (window, "mailboxes"));
  ui_close_window (window);
}

static gboolean
is_seen (gpointer data)
{
  return pr_alert_list_get_counts (data)->n_unread == 0;
}

/* What was in sight for a while is no longer new. */
static void
test_seen (void)
{
  PrWindow *window;
  PrPage *page = open_wall (&window);

  g_assert_cmpuint (pr_alert_list_get_counts (get_list (page))->n_unread, ==, 3);
  ui_assert_wait (is_seen, get_list (page));
  ui_close_window (window);
}

/* A wall of thousands is read in pages. */
static void
test_many (void)
{
  PrWindow *window;
  PrPage *page;
  PrAlertList *list;

  ui_new_data_dir ();
  window = ui_open_window ();
  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), 3000);
  ui_run_sql (pr_window_get_environment (window), ui_get_data_dir (),
              "INSERT INTO alerts (severity, code, direction, step, mailbox_id, profile_id,"
              " for_owner, facts, first_seen, last_seen)"
              " SELECT 'error', 'authentication-rejected', 'incoming', '', id, 1, 'Ada', '{}', id,"
              " id FROM mailboxes");
  page = ui_show_page (window, "alerts");
  list = get_list (page);
  expect_rows (page, 25);
  g_assert_cmpuint (pr_alert_list_get_counts (list)->n, ==, 3000);
  g_signal_emit_by_name (ui_find_label (GTK_WIDGET (list), "Show More") != NULL
                             ? gtk_widget_get_ancestor (
                                 ui_find_label (GTK_WIDGET (list), "Show More"), GTK_TYPE_BUTTON)
                             : NULL,
                         "clicked");
  expect_rows (page, 50);
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/alerts/empty", test_empty);
  g_test_add_func ("/ui/alerts/wall", test_wall);
  g_test_add_func ("/ui/alerts/filters", test_filters);
  g_test_add_func ("/ui/alerts/dismiss", test_dismiss);
  g_test_add_func ("/ui/alerts/approve-now", test_approve_now);
  g_test_add_func ("/ui/alerts/links", test_links);
  g_test_add_func ("/ui/alerts/seen", test_seen);
  g_test_add_func ("/ui/alerts/many", test_many);
  return ui_run ();
}
