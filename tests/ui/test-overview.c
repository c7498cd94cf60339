/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The overview, from the first start to the practice environment under test, and what leads from
 * it to other pages. */

#include "ui-fill.h"
#include "ui-harness.h"

#include "pr-cause-row.h"
#include "pr-job-bar.h"
#include "pr-overview-page.h"
#include "pr-result-chart.h"

static gboolean
is_first_use (gpointer data)
{
  return ui_has_text (data, "Welcome to Postroom");
}

static gboolean
can_test (gpointer data)
{
  return ui_is_enabled (data, "overview.test-all");
}

static void
test_first_use (void)
{
  PrWindow *window;
  PrPage *page;

  ui_new_data_dir ();
  window = ui_open_window ();
  page = ui_show_page (window, "overview");
  ui_assert_wait (is_first_use, page);
  g_assert_true (ui_has_text (GTK_WIDGET (page), "1. Create a server profile"));
  g_assert_true (ui_is_enabled (page, "overview.new-profile"));
  g_assert_false (ui_is_enabled (page, "overview.test-all"));
  /* It can be read why. */
  g_assert_true (ui_has_text (GTK_WIDGET (page), "Possible when there are mailboxes"));
  g_assert_true (ui_is_enabled (page, "win.practice"));
  ui_check_names (GTK_WIDGET (window));
  ui_check_tab_chain (GTK_WINDOW (window));

  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), 3);
  ui_run_sql (pr_window_get_environment (window), ui_get_data_dir (),
              "UPDATE mailboxes SET incoming_status = 'not-run', outgoing_status = 'not-run';");
  pr_window_data_changed (window);
  ui_assert_wait (can_test, page);
  ui_settle ();
  g_assert_true (is_first_use (page));
  g_assert_false (ui_has_text (GTK_WIDGET (page), "Possible when there are mailboxes"));
  g_assert_true (ui_has_text (GTK_WIDGET (page), "what fails is explained"));
  ui_close_window (window);
}

static gboolean
is_practice (gpointer data)
{
  return ui_has_text (data, "Practice: everything here is thrown away");
}

static gboolean
is_not_testing (gpointer data)
{
  return !pr_window_is_testing (data);
}

static gboolean
shows_results (gpointer data)
{
  return ui_has_text (data, "active mailboxes do not work");
}

/* What was counted before the last results is counted again. */
static gboolean
has_counted_all (gpointer data)
{
  const PrOverview *overview = pr_window_get_overview (data);

  return overview != NULL && overview->all.n_active > 0
         && overview->all.n_working + overview->all.n_failing == overview->all.n_active;
}

static gboolean
is_back (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);

  return environment != NULL && !is_practice (data) && is_first_use (data);
}

static void
test_practice (void)
{
  PrWindow *window;
  PrPage *page;
  GtkWidget *row, *chart;
  const PrOverview *overview;

  ui_new_data_dir ();
  window = ui_open_window ();
  page = ui_show_page (window, "overview");
  ui_assert_wait (is_first_use, page);
  ui_activate (page, "win.practice", NULL);
  ui_assert_wait (is_practice, window);

  ui_show_page (window, "overview");
  ui_activate (page, "overview.test-all", NULL);
  g_assert_true (pr_window_is_testing (window));
  g_assert_false (ui_is_enabled (page, "overview.test-all"));
  ui_assert_wait (is_not_testing, window);
  ui_assert_wait (has_counted_all, window);
  ui_assert_wait (shows_results, page);
  ui_settle ();
  overview = pr_window_get_overview (window);
  g_assert_nonnull (overview);
  g_assert_cmpuint (overview->all.n_failing, >, 5);
  g_assert_cmpuint (overview->all.n_working, >, 0);
  g_assert_true (ui_has_text (GTK_WIDGET (page), "Certificate has expired"));
  g_assert_true (ui_has_text (GTK_WIDGET (page), "waits for approval"));
  g_assert_true (ui_has_text (GTK_WIDGET (page), "ended"));
  ui_check_names (GTK_WIDGET (window));
  ui_check_tab_chain (GTK_WINDOW (window));

  /* Today's bar has what failed. */
  chart = ui_child (page, PR_TYPE_OVERVIEW_PAGE, "chart");
  g_assert_cmpuint (
      pr_result_chart_get_n_failed (PR_RESULT_CHART (chart), PR_RESULT_CHART_DAYS - 1), >, 5);

  /* A cause leads to its mailboxes. */
  row = ui_find_type (GTK_WIDGET (page), PR_TYPE_CAUSE_ROW);
  g_assert_nonnull (row);
  gtk_widget_activate (row);
  ui_settle ();
  g_assert_true (pr_window_get_visible_page (window) == pr_window_get_page (window, "mailboxes"));

  ui_activate (window, "win.leave-practice", NULL);
  ui_assert_wait (is_back, window);
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/overview/first-use", test_first_use);
  g_test_add_func ("/ui/overview/practice", test_practice);
  return ui_run ();
}
