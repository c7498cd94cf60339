/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page “Mailboxes”, as an admin uses it. */

#include "pr-grid-cell.h"
#include "pr-mailboxes-page-private.h"
#include "ui-fill.h"
#include "ui-harness.h"

#define SHOT(NAME) shot (window, NAME)

static void
shot (PrWindow *window, const char *name)
{
  const char *folder = g_getenv ("PR_SHOTS");
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  ui_settle ();
  if (path != NULL)
    ui_screenshot (GTK_WIDGET (window), path);
}

static PrMailboxesPage *
open_page (PrWindow *window)
{
  return PR_MAILBOXES_PAGE (ui_show_page (window, "mailboxes"));
}

static gboolean
is_listed (gpointer data)
{
  PrMailboxesPage *page = data;

  return page->listed && !pr_mailbox_list_is_loading (page->list);
}

static gboolean
has_rows (gpointer data)
{
  PrMailboxesPage *page = data;

  return is_listed (page) && g_list_model_get_n_items (G_LIST_MODEL (page->list)) > 0;
}

static guint
count (PrMailboxesPage *page)
{
  return g_list_model_get_n_items (G_LIST_MODEL (page->list));
}

static void
test_empty (void)
{
  PrWindow *window = ui_open_window ();
  PrMailboxesPage *page = open_page (window);

  ui_assert_wait (is_listed, page);
  ui_settle ();
  g_assert_nonnull (ui_find_label (GTK_WIDGET (window), "No Mailboxes Yet"));
  SHOT ("mailboxes-empty");
  ui_close_window (window);
}

static void
test_rows (void)
{
  PrWindow *window = ui_open_window ();
  PrMailboxesPage *page;

  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), 412);
  page = open_page (window);
  ui_assert_wait (has_rows, page);
  g_assert_cmpuint (count (page), ==, 371);
  SHOT ("mailboxes-rows");
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (page->selection), 1, TRUE);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (page->selection), 3, FALSE);
  ui_settle ();
  g_assert_nonnull (ui_find_label (GTK_WIDGET (window), "2 of 371 selected"));
  SHOT ("mailboxes-selected");
  ui_close_window (window);
}

static gboolean
has_mailbox (gpointer data)
{
  PrMailboxesPage *page = data;

  return pr_mailbox_form_get_mailbox (page->form) != NULL;
}

static void
test_form (void)
{
  PrWindow *window;
  PrMailboxesPage *page;

  ui_new_data_dir ();
  window = ui_open_window ();
  ui_fill_mailboxes (pr_window_get_environment (window), ui_get_data_dir (), 20);
  ui_fill_alert (pr_window_get_environment (window), ui_get_data_dir (),
                 PR_CODE_AUTHENTICATION_REJECTED, PR_SEVERITY_ERROR, 2, 1);
  page = open_page (window);
  ui_assert_wait (has_rows, page);
  pr_mailboxes_page_open (page, 2);
  ui_assert_wait (has_mailbox, page);
  SHOT ("mailbox-form");
  ui_check_names (GTK_WIDGET (page));
  pr_mailboxes_page_open (page, 4);
  ui_assert_wait (has_mailbox, page);
  SHOT ("mailbox-form-approval");
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/mailboxes/empty", test_empty);
  g_test_add_func ("/ui/mailboxes/rows", test_rows);
  g_test_add_func ("/ui/mailboxes/form", test_form);
  return ui_run ();
}
