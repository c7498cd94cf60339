/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands on the mailboxes of the grid, as an admin gives them: on a few, and on the whole view
 * without a list of its rows. */

#include "pr-choice-row.h"
#include "pr-dialog.h"
#include "pr-mailbox-dialogs.h"
#include "pr-mailboxes-page-private.h"
#include "pr-password-dialog.h"
#include "pr-progress.h"
#include "pr-switch-row.h"
#include "ui-fill.h"
#include "ui-harness.h"

#include <string.h>

#define N_MAILBOXES 200

typedef struct
{
  PrWindow *window;
  PrEnvironment *environment;
  PrMailboxesPage *page;
} Fixture;

static guint wanted;

static gboolean
has_wanted (gpointer data)
{
  PrMailboxesPage *page = data;

  return !pr_mailbox_list_is_loading (page->list)
         && g_list_model_get_n_items (G_LIST_MODEL (page->list)) == wanted
         && g_list_model_get_n_items (G_LIST_MODEL (page->selection)) == wanted;
}

static void
expect_rows (Fixture *fixture, guint n)
{
  wanted = n;
  ui_assert_wait (has_wanted, fixture->page);
}

static void
set_up (Fixture *fixture)
{
  ui_new_data_dir ();
  fixture->window = ui_open_window ();
  fixture->environment = pr_window_get_environment (fixture->window);
  ui_fill_mailboxes (fixture->environment, ui_get_data_dir (), N_MAILBOXES);
  fixture->page = PR_MAILBOXES_PAGE (ui_show_page (fixture->window, "mailboxes"));
  pr_mailboxes_page_show (fixture->page, PR_VIEW_ALL, 0, NULL);
  expect_rows (fixture, N_MAILBOXES);
}

static void
tear_down (Fixture *fixture)
{
  ui_close_window (fixture->window);
}

static void
show_view (Fixture *fixture, PrView view, guint n)
{
  pr_mailboxes_page_show (fixture->page, view, 0, NULL);
  expect_rows (fixture, n);
}

static void
select_rows (Fixture *fixture, guint position, guint n)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (fixture->page->selection));
  gtk_selection_model_select_range (GTK_SELECTION_MODEL (fixture->page->selection), position, n,
                                    TRUE);
  g_assert_cmpuint (pr_grid_selection_get_n_selected (fixture->page->selection), ==, n);
}

static void
answer (GType type, const char *response)
{
  GtkWindow *dialog;

  ui_settle ();
  dialog = ui_find_dialog (type);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  pr_dialog_respond (dialog, response);
}

static gboolean
is_idle (gpointer data)
{
  return !pr_busy_bar_is_busy (((PrMailboxesPage *) data)->busy_bar);
}

static gboolean
no_dialog (gpointer data)
{
  return ui_find_dialog (PR_TYPE_COMMAND_DIALOG) == NULL;
}

static GtkWidget *
find_row (GtkWidget *root, const char *title)
{
  GtkWidget *child;

  if (ADW_IS_PREFERENCES_ROW (root)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* --- Selecting -------------------------------------------------------------------------------- */

static void
test_select_all (void)
{
  Fixture fixture;
  GtkSelectionModel *model;

  set_up (&fixture);
  model = GTK_SELECTION_MODEL (fixture.page->selection);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  g_assert_cmpuint (pr_grid_selection_get_n_selected (fixture.page->selection), ==, N_MAILBOXES);
  gtk_selection_model_unselect_item (model, 7);
  ui_settle ();
  g_assert_nonnull (ui_find_label (GTK_WIDGET (fixture.page), "199 of 200 selected"));
  /* Another order: still all but that one mailbox. */
  pr_grid_set_sort (fixture.page->grid, "address", TRUE);
  ui_settle ();
  expect_rows (&fixture, N_MAILBOXES);
  g_assert_cmpuint (pr_grid_selection_get_n_selected (fixture.page->selection), ==, 199);
  /* Another view: nothing. */
  show_view (&fixture, PR_VIEW_ACTIVE, 180);
  g_assert_cmpuint (pr_grid_selection_get_n_selected (fixture.page->selection), ==, 0);
  g_assert_nonnull (ui_find_label (GTK_WIDGET (fixture.page), "180 mailboxes"));
  tear_down (&fixture);
}

/* --- Without further questions ---------------------------------------------------------------- */

static void
test_approve (void)
{
  Fixture fixture;

  set_up (&fixture);
  show_view (&fixture, PR_VIEW_PENDING, 40);
  select_rows (&fixture, 0, 3);
  ui_activate (fixture.page, "mailboxes.approve", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "cancel");
  ui_settle ();
  expect_rows (&fixture, 40);
  ui_activate (fixture.page, "mailboxes.approve", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "go-on");
  expect_rows (&fixture, 37);
  ui_assert_wait (is_idle, fixture.page);
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "3 email addresses approved"));
  /* All but one of the whole view. */
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  gtk_selection_model_unselect_item (GTK_SELECTION_MODEL (fixture.page->selection), 5);
  ui_activate (fixture.page, "mailboxes.reject", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "go-on");
  expect_rows (&fixture, 1);
  /* What left the view has left the selection. */
  g_assert_cmpuint (pr_grid_selection_get_n_selected (fixture.page->selection), ==, 0);
  tear_down (&fixture);
}

static void
test_activate (void)
{
  Fixture fixture;

  set_up (&fixture);
  show_view (&fixture, PR_VIEW_INACTIVE, 20);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_activate (fixture.page, "mailboxes.activate", NULL);
  expect_rows (&fixture, 0);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.page), "No Mailboxes Here"));
  show_view (&fixture, PR_VIEW_ALL, N_MAILBOXES);
  select_rows (&fixture, 0, 2);
  ui_activate (fixture.page, "mailboxes.deactivate", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "go-on");
  ui_assert_wait (is_idle, fixture.page);
  show_view (&fixture, PR_VIEW_INACTIVE, 2);
  tear_down (&fixture);
}

static void
test_delete (void)
{
  Fixture fixture;

  set_up (&fixture);
  select_rows (&fixture, 10, 5);
  ui_activate (fixture.page, "mailboxes.delete", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "cancel");
  ui_activate (fixture.page, "mailboxes.delete", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "delete");
  expect_rows (&fixture, N_MAILBOXES - 5);
  ui_assert_wait (is_idle, fixture.page);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_activate (fixture.page, "mailboxes.delete", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "delete");
  expect_rows (&fixture, 0);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.page), "No Mailboxes Yet"));
  tear_down (&fixture);
}

/* --- Progress and Cancel ---------------------------------------------------------------------- */

/* Whether it is shown or not. */
static GtkWidget *
find_type (GtkWidget *root, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (root), type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

static void
click_cancel (PrBusyBar *bar)
{
  GtkWidget *button = find_type (GTK_WIDGET (bar), GTK_TYPE_BUTTON);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_cancel (void)
{
  Fixture fixture;

  set_up (&fixture);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_activate (fixture.page, "mailboxes.delete", NULL);
  answer (ADW_TYPE_MESSAGE_DIALOG, "delete");
  /* It was begun by the answer just now: the database has not been asked yet, or is at it. */
  g_assert_true (pr_busy_bar_is_busy (fixture.page->busy_bar));
  click_cancel (fixture.page->busy_bar);
  ui_assert_wait (is_idle, fixture.page);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "Cancelled: nothing was changed"));
  show_view (&fixture, PR_VIEW_ACTIVE, 180);
  show_view (&fixture, PR_VIEW_ALL, N_MAILBOXES);
  tear_down (&fixture);
}

static gboolean
has_count (gpointer data)
{
  GtkWidget *bar = find_type (data, GTK_TYPE_PROGRESS_BAR);

  return gtk_widget_get_visible (bar)
         && g_strcmp0 (gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar)), "300 of 1200") == 0
         && gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) == 0.25;
}

static gboolean
is_revealed (gpointer data)
{
  return gtk_revealer_get_child_revealed (GTK_REVEALER (find_type (data, GTK_TYPE_REVEALER)));
}

/* A command of which nobody knows how long it takes, then how far it is, until it is over. */
static void
test_progress (void)
{
  Fixture fixture;
  PrBusyBar *bar;
  GCancellable *cancellable;
  g_autoptr (GCancellable) kept = NULL;

  set_up (&fixture);
  bar = fixture.page->busy_bar;
  cancellable = pr_busy_bar_begin (bar, "Changing…");
  kept = g_object_ref (cancellable);
  g_assert_false (gtk_widget_get_visible (find_type (GTK_WIDGET (bar), GTK_TYPE_PROGRESS_BAR)));
  pr_progress_begin (cancellable, 1200);
  pr_progress_advance (cancellable, 300);
  ui_assert_wait (has_count, bar);
  ui_assert_wait (is_revealed, bar);
  g_assert_false (g_cancellable_is_cancelled (kept));
  click_cancel (bar);
  g_assert_true (g_cancellable_is_cancelled (kept));
  pr_progress_advance (kept, 300);
  pr_busy_bar_end (bar);
  /* News that comes late is not of the next one. */
  pr_busy_bar_begin (bar, "Deleting…");
  ui_settle ();
  g_assert_false (gtk_widget_get_visible (find_type (GTK_WIDGET (bar), GTK_TYPE_PROGRESS_BAR)));
  pr_busy_bar_end (bar);
  tear_down (&fixture);
}

/* --- Change Multiple Records ------------------------------------------------------------------ */

static void
test_change (void)
{
  Fixture fixture;
  GtkWidget *dialog;
  GtkWidget *row;

  set_up (&fixture);
  show_view (&fixture, PR_VIEW_ENABLED, 80);
  select_rows (&fixture, 0, 10);
  ui_activate (fixture.page, "mailboxes.edit", NULL);
  ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_COMMAND_DIALOG));
  g_assert_nonnull (dialog);
  ui_check_names (dialog);
  g_assert_nonnull (ui_find_label (dialog, "Change Multiple Records"));
  g_assert_true (ui_has_text (dialog, "Change 10 Mailboxes"));
  /* Nothing touched: nothing to do. */
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_settle ();
  g_assert_true (gtk_widget_get_mapped (dialog));
  row = find_row (dialog, "Incoming email");
  pr_choice_row_set_value (PR_CHOICE_ROW (row), PR_SYNC_METHOD_NONE);
  ui_settle ();
  g_assert_true (ui_has_text (dialog, "has to be tested anew"));
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_dialog, NULL);
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "10 mailboxes changed"));
  tear_down (&fixture);
}

/* What one of them may not have is said in the dialog, and nothing changes. */
static void
test_change_refused (void)
{
  Fixture fixture;
  GtkWidget *dialog;

  set_up (&fixture);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_activate (fixture.page, "mailboxes.edit", NULL);
  ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_COMMAND_DIALOG));
  pr_choice_row_set_value (PR_CHOICE_ROW (find_row (dialog, "Delete emails after processing")),
                           TRUE);
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_settle ();
  ui_settle ();
  g_assert_true (ui_has_text (dialog, "Nothing was changed"));
  ui_activate (dialog, "dialog.cancel", NULL);
  ui_assert_wait (no_dialog, NULL);
  tear_down (&fixture);
}

static void
test_defaults (void)
{
  Fixture fixture;
  GtkWidget *dialog;

  set_up (&fixture);
  select_rows (&fixture, 0, 4);
  ui_activate (fixture.page, "mailboxes.apply-defaults", NULL);
  ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_COMMAND_DIALOG));
  g_assert_nonnull (dialog);
  ui_check_names (dialog);
  g_assert_true (ui_has_text (dialog, "Server-Side Synchronization or Email Router"));
  g_assert_true (
      pr_switch_row_get_active (PR_SWITCH_ROW (find_row (dialog, "Test and enable afterwards"))));
  pr_switch_row_set_active (PR_SWITCH_ROW (find_row (dialog, "Test and enable afterwards")), FALSE);
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_dialog, NULL);
  g_assert_true (
      ui_has_text (GTK_WIDGET (fixture.window), "Default email settings applied to 4 mailboxes"));
  g_assert_null (pr_window_get_job (fixture.window));
  tear_down (&fixture);
}

/* --- Passwords -------------------------------------------------------------------------------- */

static void
test_passwords (void)
{
  Fixture fixture;
  GtkWidget *dialog;

  set_up (&fixture);
  select_rows (&fixture, 0, 150);
  ui_activate (fixture.page, "mailboxes.set-password", NULL);
  ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_PASSWORD_DIALOG));
  g_assert_nonnull (dialog);
  g_assert_true (ui_has_text (dialog, "The same password for 150 mailboxes"));
  gtk_editable_set_text (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry"), "open sesame");
  ui_activate (dialog, "password.set", NULL);
  ui_assert_wait (is_idle, fixture.page);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "Passwords of 150 mailboxes set"));
  tear_down (&fixture);
}

/* --- Files ------------------------------------------------------------------------------------ */

static void
test_import (void)
{
  static const char csv[] = "Name,Email address,Kind\r\n"
                            "New One,new1@example.org,user\r\n"
                            "New Two,new2@example.org,queue\r\n"
                            "Wrong,not an address,user\r\n";
  Fixture fixture;
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  GtkWidget *dialog;

  set_up (&fixture);
  path = g_build_filename (ui_get_data_dir (), "list.csv", NULL);
  g_assert_true (g_file_set_contents (path, csv, -1, NULL));
  file = g_file_new_for_path (path);
  pr_import_dialog_open (PR_PAGE (fixture.page), file);
  for (guint i = 0; i < 20; i++)
    ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_COMMAND_DIALOG));
  g_assert_nonnull (dialog);
  ui_check_names (dialog);
  g_assert_true (ui_has_text (dialog, "1 Row Cannot Be Imported"));
  g_assert_true (ui_has_text (dialog, "Line 4"));
  g_assert_true (ui_has_text (dialog, "2 Mailboxes to Add"));
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_dialog, NULL);
  expect_rows (&fixture, N_MAILBOXES + 2);
  tear_down (&fixture);
}

static void
test_export (void)
{
  Fixture fixture;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (PrSelection) selection = NULL;
  g_auto (GStrv) lines = NULL;

  set_up (&fixture);
  select_rows (&fixture, 0, 3);
  selection = pr_grid_selection_get_selection (fixture.page->selection);
  path = g_build_filename (ui_get_data_dir (), "out.csv", NULL);
  file = g_file_new_for_path (path);
  pr_mailboxes_page_export_to (fixture.page, selection, file);
  ui_assert_wait (is_idle, fixture.page);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  g_assert_nonnull (strstr (text, "@example.org"));
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/mailbox-commands/select-all", test_select_all);
  g_test_add_func ("/ui/mailbox-commands/approve", test_approve);
  g_test_add_func ("/ui/mailbox-commands/activate", test_activate);
  g_test_add_func ("/ui/mailbox-commands/delete", test_delete);
  g_test_add_func ("/ui/mailbox-commands/cancel", test_cancel);
  g_test_add_func ("/ui/mailbox-commands/progress", test_progress);
  g_test_add_func ("/ui/mailbox-commands/change", test_change);
  g_test_add_func ("/ui/mailbox-commands/change-refused", test_change_refused);
  g_test_add_func ("/ui/mailbox-commands/defaults", test_defaults);
  g_test_add_func ("/ui/mailbox-commands/passwords", test_passwords);
  g_test_add_func ("/ui/mailbox-commands/import", test_import);
  g_test_add_func ("/ui/mailbox-commands/export", test_export);
  return ui_run ();
}
