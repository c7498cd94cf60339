/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Environments in the window: add, rename, switch, remove; one that can only be read; and what is
 * kept between starts. */

#include "ui-harness.h"

#include "pr-dialog.h"
#include "pr-environments-dialog.h"
#include "pr-preferences.h"
#include "ui-scene.h"

#include <glib/gstdio.h>
#include <unistd.h>

static GtkWidget *
find_row (GtkWidget *root, const char *name)
{
  GtkWidget *child;

  if (ADW_IS_ENTRY_ROW (root) && g_str_equal (gtk_editable_get_text (GTK_EDITABLE (root)), name))
    return root;
  for (child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_in_list (gpointer dialog, const char *name)
{
  return find_row (ui_child (dialog, PR_TYPE_ENVIRONMENTS_DIALOG, "list"), name);
}

static gboolean
has_sandbox (gpointer data)
{
  return find_in_list (data, "Sandbox") != NULL;
}

/* Stored, not only typed: then the list is there again. */
static gboolean
has_trial (gpointer data)
{
  GtkWidget *list = ui_child (data, PR_TYPE_ENVIRONMENTS_DIALOG, "list");

  return find_in_list (data, "Trial") != NULL && gtk_widget_is_sensitive (list)
         && find_in_list (data, "Default") != NULL;
}

static gboolean
has_no_trial (gpointer data)
{
  return !has_trial (data)
         && gtk_widget_is_sensitive (ui_child (data, PR_TYPE_ENVIRONMENTS_DIALOG, "list"));
}

static gboolean
is_trial (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);

  return environment != NULL && g_str_equal (pr_environment_get_name (environment), "Trial");
}

static gboolean
is_default (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);

  return environment != NULL && g_str_equal (pr_environment_get_name (environment), "Default");
}

static GtkWindow *
open_dialog (PrWindow *window)
{
  GtkWindow *dialog;

  ui_activate (window, "win.environments", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_ENVIRONMENTS_DIALOG);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  return dialog;
}

static void
test_manage (void)
{
  PrWindow *window;
  GtkWindow *dialog;
  GtkWidget *new_row, *row;
  g_autofree char *id = NULL;

  ui_new_data_dir ();
  window = ui_open_window ();
  dialog = open_dialog (window);
  new_row = ui_child (dialog, PR_TYPE_ENVIRONMENTS_DIALOG, "new_row");
  gtk_editable_set_text (GTK_EDITABLE (new_row), "Sandbox");
  g_signal_emit_by_name (new_row, "apply");
  ui_assert_wait (has_sandbox, dialog);

  row = find_in_list (dialog, "Sandbox");
  gtk_editable_set_text (GTK_EDITABLE (row), "Trial");
  g_signal_emit_by_name (row, "apply");
  ui_assert_wait (has_trial, dialog);
  ui_settle ();
  ui_assert_wait (has_trial, dialog);
  row = find_in_list (dialog, "Trial");
  id = g_strdup (g_object_get_data (G_OBJECT (row), "id"));
  ui_activate (dialog, "environments.switch", id);
  ui_assert_wait (is_trial, window);
  ui_activate (window, "win.switch-environment", "Default");
  ui_assert_wait (is_default, window);

  dialog = open_dialog (window);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (dialog), "environments.remove", "(ss)", id, "Trial"));
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "remove");
  ui_assert_wait (has_no_trial, dialog);
  gtk_window_destroy (dialog);
  ui_close_window (window);
}

static void
make_read_only (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        make_read_only (child);
      else
        g_chmod (child, 0444);
    }
  g_chmod (path, 0555);
}

/* Root can write every file: the test goes on as nobody. */
static void
test_read_only (void)
{
  uid_t user = geteuid ();
  PrWindow *window;

  ui_new_data_dir ();
  window = ui_open_window ();
  ui_close_window (window);
  make_read_only (ui_get_data_dir ());
  if (user == 0)
    g_assert_cmpint (setresuid (65534, 65534, 0), ==, 0);
  window = ui_open_window ();
  g_assert_true (pr_environment_is_read_only (pr_window_get_environment (window)));
  g_assert_true (ui_has_text (GTK_WIDGET (window), "Read only"));
  g_assert_false (ui_is_enabled (ui_show_page (window, "profiles"), "profile.new"));
  g_assert_false (ui_is_enabled (ui_show_page (window, "overview"), "overview.test-all"));
  g_assert_false (ui_is_enabled (ui_show_page (window, "settings"), "settings.save"));
  ui_close_window (window);
  if (user == 0)
    g_assert_cmpint (setresuid (0, 0, 0), ==, 0);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint n;

  pr_environment_delete_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  pr_window_data_changed (user_data);
}

static gboolean
says_left (gpointer data)
{
  return ui_has_text (data, "still in the keyring");
}

static gboolean
says_nothing_left (gpointer data)
{
  return !says_left (data);
}

static gboolean
is_told (gpointer data)
{
  return ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

static gboolean
is_nothing (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Passwords that could not be removed with their mailbox are offered to be removed later. */
static void
test_left_secrets (void)
{
  g_autoptr (PrKeyring) session = g_object_ref (pr_application_get_keyring (ui_get_application ()));
  g_autoptr (PrKeyring) keyring = pr_memory_keyring_new ();
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrEnvironment *environment;
  PrWindow *window;

  ui_new_data_dir ();
  pr_application_set_keyring (ui_get_application (), keyring);
  window = ui_open_window ();
  environment = pr_window_get_environment (window);
  profile = ui_add_profile (environment, "Example", 9, 9, NULL);
  g_object_unref (ui_add_mailbox (environment, profile, "a@example.org", "secret"));
  pr_memory_keyring_set_failure (keyring, PR_ERROR_KEYRING_LOCKED);
  pr_environment_delete_mailboxes_async (environment, all, NULL, on_deleted, window);
  ui_assert_wait (says_left, window);

  ui_activate (window, "win.clear-secrets", NULL);
  ui_assert_wait (is_told, NULL);
  gtk_window_destroy (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_true (says_left (window));
  pr_memory_keyring_set_failure (keyring, -1);
  ui_activate (window, "win.clear-secrets", NULL);
  ui_assert_wait (says_nothing_left, window);
  g_assert_cmpuint (pr_environment_get_n_left_secrets (environment), ==, 0);
  ui_close_window (window);
  pr_application_set_keyring (ui_get_application (), session);
}

/* What was typed is not lost with the window, nor with a change of the environment. */
static void
test_unsaved (void)
{
  PrWindow *window;
  GtkWidget *days;
  gpointer weak;

  ui_new_data_dir ();
  window = ui_open_window ();
  weak = window;
  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  days = ui_find_name (GTK_WIDGET (ui_show_page (window, "settings")), "retry-minutes");
  gtk_editable_set_text (GTK_EDITABLE (days), "7");
  ui_activate (window, "win.practice", NULL);
  ui_assert_wait (is_told, NULL);
  g_assert_true (
      ui_has_text (GTK_WIDGET (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)), "Discard Changes?"));
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "cancel");
  ui_settle ();
  g_assert_true (is_default (window));
  g_action_group_activate_action (G_ACTION_GROUP (ui_get_application ()), "quit", NULL);
  ui_assert_wait (is_told, NULL);
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "cancel");
  ui_settle ();
  g_assert_nonnull (weak);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (days)), ==, "7");

  gtk_window_close (GTK_WINDOW (window));
  ui_assert_wait (is_told, NULL);
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "discard");
  ui_assert_wait (is_nothing, &weak);
}

/* What was shown last is shown again; when it is gone, another one. */
static void
test_last (void)
{
  GSettings *settings = pr_application_get_settings (ui_get_application ());
  PrWindow *window;

  g_assert_nonnull (settings);
  ui_new_data_dir ();
  window = ui_open_window ();
  ui_show_page (window, "settings");
  ui_close_window (window);
  g_settings_set_string (settings, "environment", "an-id-that-is-gone");
  window = pr_window_new (ui_get_application ());
  pr_window_open_last_environment (window);
  gtk_window_present (GTK_WINDOW (window));
  ui_assert_wait (is_default, window);
  g_assert_true (pr_window_get_visible_page (window) == pr_window_get_page (window, "settings"));
  ui_close_window (window);
}

static void
test_preferences (void)
{
  GSettings *settings = pr_application_get_settings (ui_get_application ());
  PrWindow *window = ui_open_window ();
  g_autofree char *wish = NULL;
  GtkWindow *dialog;

  ui_activate (window, "win.preferences", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_PREFERENCES);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  adw_combo_row_set_selected (ui_child (dialog, PR_TYPE_PREFERENCES, "background_row"), 1);
  wish = g_settings_get_string (settings, "run-in-background");
  g_assert_cmpstr (wish, ==, "keep");
  g_settings_reset (settings, "run-in-background");
  gtk_window_destroy (dialog);
  ui_activate (window, "win.show-help-overlay", NULL);
  ui_settle ();
  dialog = ui_find_dialog (GTK_TYPE_SHORTCUTS_WINDOW);
  g_assert_nonnull (dialog);
  gtk_window_close (dialog);
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/environments/manage", test_manage);
  g_test_add_func ("/ui/environments/left-secrets", test_left_secrets);
  g_test_add_func ("/ui/environments/unsaved", test_unsaved);
  g_test_add_func ("/ui/environments/read-only", test_read_only);
  g_test_add_func ("/ui/environments/last", test_last);
  g_test_add_func ("/ui/environments/preferences", test_preferences);
  return ui_run ();
}
