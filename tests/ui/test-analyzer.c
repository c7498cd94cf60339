/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Connectivity Analyzer against the practice server: what a person sees while it runs and
 * after it, and what leaves the window. */

#include "ui-harness.h"

#include "pr-analyzer-page.h"
#include "pr-choice-row.h"
#include "pr-password-dialog.h"
#include "pr-practice-server.h"

#include <string.h>

typedef struct
{
  PrWindow *window;
  PrPage *page;
  PrPracticeServer *server;
} PrAnalyzerTest;

static gpointer
row (PrAnalyzerTest *test, const char *field)
{
  GtkWidget *found = ui_find_name (GTK_WIDGET (test->page), field);

  if (found == NULL)
    g_error ("the form has no row “%s”", field);
  return found;
}

static void
set_up (PrAnalyzerTest *test)
{
  g_autoptr (GError) error = NULL;

  test->server = pr_practice_server_new (&error);
  g_assert_no_error (error);
  pr_practice_server_add_mailbox (test->server, "anna@practice.example", "correct horse",
                                  PR_PRACTICE_WORKS);
  ui_new_data_dir ();
  test->window = ui_open_window ();
  test->page = ui_show_page (test->window, "analyzer");
}

static void
tear_down (PrAnalyzerTest *test)
{
  ui_close_window (test->window);
  pr_practice_server_free (test->server);
}

static void
fill_in (PrAnalyzerTest *test, PrPracticePort port)
{
  g_autofree char *number =
      g_strdup_printf ("%u", pr_practice_server_get_port (test->server, port));

  gtk_editable_set_text (row (test, "host"), "localhost");
  gtk_editable_set_text (row (test, "port"), number);
  g_object_set (row (test, "ca-certificate"), "text", pr_practice_server_get_ca_pem (test->server),
                NULL);
}

static gboolean
has_result (gpointer data)
{
  return ui_is_enabled (data, "analyzer.copy");
}

static void
test_empty (void)
{
  PrAnalyzerTest test;

  set_up (&test);
  ui_check_names (GTK_WIDGET (test.window));
  ui_check_tab_chain (GTK_WINDOW (test.window));
  g_assert_false (has_result (test.page));
  ui_activate (test.page, "analyzer.run", NULL);
  g_assert_true (gtk_widget_has_css_class (row (&test, "host"), "error"));
  gtk_editable_set_text (row (&test, "host"), "pop.example.org/x");
  g_assert_true (gtk_widget_has_css_class (row (&test, "host"), "error"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Left empty: 995"));
  pr_choice_row_set_value (row (&test, "protocol"), PR_PROTOCOL_SMTP);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Left empty: 465"));
  tear_down (&test);
}

static void
test_probe (void)
{
  PrAnalyzerTest test;

  set_up (&test);
  fill_in (&test, PR_PRACTICE_POP3S);
  ui_activate (test.page, "analyzer.run", NULL);
  g_assert_false (ui_is_enabled (test.page, "analyzer.run"));
  g_assert_true (ui_is_enabled (test.page, "analyzer.cancel"));
  ui_assert_wait (has_result, test.page);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "answers as it should"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Verify certificate"));
  ui_check_names (GTK_WIDGET (test.window));
  tear_down (&test);
}

static gboolean copied (GtkWidget *widget, char **text);

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
copied (GtkWidget *widget, char **text)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, on_text, text);
  return ui_wait_for (is_set, text, UI_TIMEOUT_MS);
}

/* With a log-in: the password is asked for, and is nowhere in what is copied. */
static void
test_login (void)
{
  PrAnalyzerTest test;
  GtkWindow *dialog;
  g_autofree char *text = NULL;
  g_autofree char *anonymous = NULL;

  set_up (&test);
  fill_in (&test, PR_PRACTICE_POP3S);
  gtk_editable_set_text (row (&test, "username"), "anna@practice.example");
  ui_activate (test.page, "analyzer.run", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_PASSWORD_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_true (ui_has_text (GTK_WIDGET (dialog), "It is not stored"));
  gtk_editable_set_text (GTK_EDITABLE (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry")),
                         "correct horse");
  ui_activate (dialog, "password.set", NULL);
  ui_settle ();
  ui_activate (test.page, "analyzer.run", NULL);
  ui_assert_wait (has_result, test.page);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Incoming email works"));

  ui_activate (test.page, "analyzer.copy", NULL);
  g_assert_true (copied (GTK_WIDGET (test.page), &text));
  g_assert_nonnull (strstr (text, "localhost"));
  g_assert_nonnull (strstr (text, "anna@practice.example"));
  g_assert_null (strstr (text, "correct horse"));
  g_object_set (test.page, "anonymous", TRUE, NULL);
  ui_activate (test.page, "analyzer.copy", NULL);
  g_assert_true (copied (GTK_WIDGET (test.page), &anonymous));
  g_assert_null (strstr (anonymous, "anna@practice.example"));
  tear_down (&test);
}

static void
test_failure (void)
{
  PrAnalyzerTest test;

  set_up (&test);
  fill_in (&test, PR_PRACTICE_POP3S_EXPIRED);
  ui_activate (test.page, "analyzer.run", NULL);
  ui_assert_wait (has_result, test.page);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "What to do"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Failed"));
  tear_down (&test);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/analyzer/empty", test_empty);
  g_test_add_func ("/ui/analyzer/probe", test_probe);
  g_test_add_func ("/ui/analyzer/login", test_login);
  g_test_add_func ("/ui/analyzer/failure", test_failure);
  return ui_run ();
}
