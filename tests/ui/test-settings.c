/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Email settings, as an admin goes through the chapter: defaults, gates, policies. */

#include "ui-harness.h"

#include "pr-choice-row.h"
#include "pr-settings-page.h"
#include "pr-switch-row.h"

static gpointer
row (PrPage *page, const char *field)
{
  GtkWidget *found = ui_find_name (GTK_WIDGET (page), field);

  if (found == NULL)
    g_error ("the form has no row “%s”", field);
  return found;
}

static gboolean
is_announced (gpointer data)
{
  return ui_has_text (data, "Email settings were saved");
}

static gboolean
is_clean (gpointer data)
{
  return !ui_is_enabled (data, "settings.save") && !ui_is_enabled (data, "settings.discard");
}

static void
test_save (void)
{
  PrWindow *window;
  PrPage *page;
  PrEmailSettings *settings;

  ui_new_data_dir ();
  window = ui_open_window ();
  page = ui_show_page (window, "settings");
  ui_check_names (GTK_WIDGET (window));
  ui_check_tab_chain (GTK_WINDOW (window));
  g_assert_false (ui_is_enabled (page, "settings.save"));
  g_assert_true (pr_switch_row_get_active (row (page, "approved-users-only")));

  pr_switch_row_set_active (row (page, "approved-users-only"), FALSE);
  pr_choice_row_set_value (row (page, "port-policy"), PR_PORT_POLICY_US_GOVERNMENT);
  g_assert_true (ui_has_text (GTK_WIDGET (page), "80, 443, 465, 995"));
  gtk_editable_set_text (row (page, "keep-alerts-days"), "90");
  ui_activate (page, "settings.save", NULL);
  ui_assert_wait (is_announced, window);
  g_assert_true (is_clean (page));

  settings = pr_environment_get_settings (pr_window_get_environment (window));
  g_assert_false (pr_email_settings_get (settings, APPROVED_USERS_ONLY));
  g_assert_cmpint (pr_email_settings_get (settings, PORT_POLICY), ==, PR_PORT_POLICY_US_GOVERNMENT);
  g_assert_cmpint (pr_email_settings_get (settings, KEEP_ALERTS_DAYS), ==, 90);
  ui_close_window (window);
}

static void
test_refused (void)
{
  PrWindow *window;
  PrPage *page;

  ui_new_data_dir ();
  window = ui_open_window ();
  page = ui_show_page (window, "settings");
  /* The other choice can be seen, and is refused with the reason. */
  pr_choice_row_set_value (row (page, "act"), PR_SYNC_METHOD_SERVER_SIDE);
  g_assert_true (ui_has_text (GTK_WIDGET (page), "carry email only"));
  gtk_editable_set_text (row (page, "retry-minutes"), "soon");
  g_assert_true (gtk_widget_has_css_class (row (page, "retry-minutes"), "error"));
  ui_activate (page, "settings.save", NULL);
  ui_settle ();
  g_assert_true (ui_is_enabled (page, "settings.save"));

  ui_activate (page, "settings.discard", NULL);
  g_assert_false (gtk_widget_has_css_class (row (page, "act"), "error"));
  g_assert_false (gtk_widget_has_css_class (row (page, "retry-minutes"), "error"));
  g_assert_cmpstr (gtk_editable_get_text (row (page, "retry-minutes")), ==, "5");
  g_assert_true (is_clean (page));

  g_assert_false (gtk_widget_is_sensitive (row (page, "ports")));
  pr_choice_row_set_value (row (page, "port-policy"), PR_PORT_POLICY_LIST);
  g_assert_true (gtk_widget_is_sensitive (row (page, "ports")));
  ui_activate (page, "settings.save", NULL);
  g_assert_true (gtk_widget_has_css_class (row (page, "ports"), "error"));
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/settings/save", test_save);
  g_test_add_func ("/ui/settings/refused", test_refused);
  return ui_run ();
}
