/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Server profiles, as an admin goes through the chapter: a Gmail profile, a POP3/SMTP profile,
 * what is refused and why, duplicate, activate, delete, and testing a connection. */

#include "ui-harness.h"

#include "pr-choice-row.h"
#include "pr-connection-test.h"
#include "pr-dialog.h"
#include "pr-new-profile-dialog.h"
#include "pr-password-dialog.h"
#include "pr-practice.h"
#include "pr-profile-form.h"
#include "pr-switch-row.h"

#include <string.h>

typedef struct
{
  PrWindow *window;
  PrPage *page;
  GtkWidget *form;
} PrProfileTest;

static void
set_up (PrProfileTest *test)
{
  ui_new_data_dir ();
  test->window = ui_open_window ();
  test->page = ui_show_page (test->window, "profiles");
}

static void
tear_down (PrProfileTest *test)
{
  ui_close_window (test->window);
}

static GListModel *
get_profiles (PrProfileTest *test)
{
  return pr_environment_get_profiles (pr_window_get_environment (test->window));
}

static PrServerProfile *
find (PrProfileTest *test, const char *name)
{
  return pr_environment_find_profile (pr_window_get_environment (test->window), name);
}

/* Opens the form of a new profile by way of the dialog. */
static void
begin (PrProfileTest *test, const char *type)
{
  GtkWindow *dialog;

  ui_activate (test->page, "profile.new", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_NEW_PROFILE_DIALOG);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  ui_activate (dialog, "new-profile.type", type);
  ui_settle ();
  test->form = ui_find_type (GTK_WIDGET (test->page), PR_TYPE_PROFILE_FORM);
  g_assert_nonnull (test->form);
}

static gpointer
row (PrProfileTest *test, const char *field)
{
  GtkWidget *found = ui_find_name (test->form, field);

  if (found == NULL)
    g_error ("the form has no row “%s”", field);
  return found;
}

static void
type_text (PrProfileTest *test, const char *field, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row (test, field)), text);
}

/* The form of a new profile with all that it must have. */
static void
begin_example (PrProfileTest *test)
{
  begin (test, "pop3-smtp");
  type_text (test, "name", "Example mail");
  type_text (test, "incoming-location", "pop.example.org");
  type_text (test, "outgoing-location", "smtp.example.org");
}

static void
choose (PrProfileTest *test, const char *field, gint64 value)
{
  pr_choice_row_set_value (row (test, field), value);
}

static gboolean
list_is_shown (gpointer data)
{
  return ui_find_type (data, PR_TYPE_PROFILE_FORM) == NULL;
}

static void
save (PrProfileTest *test)
{
  ui_activate (test->form, "form.save", NULL);
  ui_assert_wait (list_is_shown, test->page);
}

static void
test_empty (void)
{
  PrProfileTest test;

  set_up (&test);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "No Server Profiles"));
  ui_check_names (GTK_WIDGET (test.page));
  tear_down (&test);
}

static void
test_gmail (void)
{
  PrProfileTest test;
  g_autoptr (PrServerProfile) profile = NULL;

  set_up (&test);
  begin (&test, "gmail");
  g_assert_cmpstr (gtk_editable_get_text (row (&test, "incoming-location")), ==, "pop.gmail.com");
  g_assert_cmpstr (gtk_editable_get_text (row (&test, "outgoing-port")), ==, "587");
  /* The warning about account passwords stands where the choice is. */
  g_assert_true (ui_has_text (test.form, "30 May 2022"));
  ui_check_names (test.form);
  ui_check_tab_chain (GTK_WINDOW (test.window));
  type_text (&test, "name", "Our Gmail");
  pr_switch_row_set_active (row (&test, "is-default"), TRUE);
  save (&test);

  profile = find (&test, "our gmail");
  g_assert_nonnull (profile);
  g_assert_cmpint (pr_server_profile_get (profile, SERVER_TYPE), ==, PR_SERVER_TYPE_GMAIL);
  g_assert_true (pr_server_profile_get (profile, IS_DEFAULT));
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Our Gmail"));
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "No mailboxes"));
  tear_down (&test);
}

/* What is wrong is said at the field: as one types where one types, everywhere on save. */
static void
test_errors (void)
{
  PrProfileTest test;

  set_up (&test);
  begin (&test, "pop3-smtp");
  g_assert_false (gtk_widget_has_css_class (row (&test, "incoming-location"), "error"));
  type_text (&test, "incoming-location", "https://mail.example.org/");
  g_assert_true (gtk_widget_has_css_class (row (&test, "incoming-location"), "error"));
  gtk_test_accessible_assert_state (GTK_ACCESSIBLE (row (&test, "incoming-location")),
                                    GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  g_assert_false (gtk_widget_has_css_class (row (&test, "name"), "error"));
  type_text (&test, "incoming-port", "70000");
  g_assert_true (gtk_widget_has_css_class (row (&test, "incoming-port"), "error"));
  g_assert_true (ui_has_text (test.form, "1 to 65535"));

  ui_activate (test.form, "form.save", NULL);
  ui_settle ();
  g_assert_true (gtk_widget_has_css_class (row (&test, "name"), "error"));
  g_assert_true (gtk_widget_has_css_class (row (&test, "outgoing-location"), "error"));
  g_assert_cmpuint (g_list_model_get_n_items (get_profiles (&test)), ==, 0);

  type_text (&test, "name", "Example mail");
  type_text (&test, "incoming-location", "pop.bücher.example");
  g_assert_true (ui_has_text (test.form, "xn--bcher-kva"));
  type_text (&test, "outgoing-location", "smtp.example.org");
  type_text (&test, "incoming-port", "");
  g_assert_true (ui_has_text (test.form, "becomes 995"));
  g_assert_false (gtk_widget_has_css_class (row (&test, "incoming-port"), "error"));
  save (&test);
  g_assert_cmpuint (g_list_model_get_n_items (get_profiles (&test)), ==, 1);
  tear_down (&test);
}

/* The choices that are never right can be seen, and say why. */
static void
test_refusals (void)
{
  PrProfileTest test;

  set_up (&test);
  begin_example (&test);
  g_assert_false (gtk_widget_is_sensitive (row (&test, "incoming-username")));
  g_assert_true (ui_has_text (test.form, "Used only with"));

  choose (&test, "incoming-authentication", PR_AUTHENTICATION_ANONYMOUS);
  g_assert_true (ui_has_text (test.form, "not a valid setting"));
  choose (&test, "incoming-authentication", PR_AUTHENTICATION_WINDOWS);
  g_assert_true (ui_has_text (test.form, "for SMTP only"));
  choose (&test, "incoming-authentication", PR_AUTHENTICATION_PROFILE);
  g_assert_true (gtk_widget_is_sensitive (row (&test, "incoming-username")));
  choose (&test, "incoming-security", PR_SECURITY_NONE);
  g_assert_true (ui_has_text (test.form, "allow connections without encryption"));
  /* In the words of the choices, not of the command line. */
  g_assert_true (ui_has_text (test.form, "Accepted: SSL/TLS, STARTTLS."));
  g_assert_false (gtk_widget_is_sensitive (row (&test, "incoming-username")));
  g_assert_true (ui_has_text (test.form, "allow credentials entry via non-secure channels"));
  choose (&test, "incoming-security", PR_SECURITY_SSL);
  choose (&test, "incoming-authentication", PR_AUTHENTICATION_USER_OR_QUEUE);
  type_text (&test, "process-from", "2020-01-31 12:00");
  g_assert_true (ui_has_text (test.form, "lies in the past"));
  g_assert_false (gtk_widget_get_visible (row (&test, "outgoing-authentication")));
  pr_switch_row_set_active (row (&test, "same-settings"), FALSE);
  g_assert_true (gtk_widget_get_visible (row (&test, "outgoing-authentication")));
  save (&test);
  tear_down (&test);
}

static gboolean
password_is_set (gpointer data)
{
  g_autoptr (PrServerProfile) profile = find (data, "Example mail");

  return profile != NULL && pr_server_profile_is_password_set (profile, PR_DIRECTION_INCOMING);
}

/* A password that is typed before the profile is stored goes into the keyring with it. */
static void
test_password (void)
{
  PrProfileTest test;
  GtkWindow *dialog;

  set_up (&test);
  begin_example (&test);
  choose (&test, "incoming-authentication", PR_AUTHENTICATION_PROFILE);
  type_text (&test, "incoming-username", "postmaster");
  ui_activate (test.form, "form.set-incoming-password", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_PASSWORD_DIALOG);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  g_assert_false (ui_is_enabled (dialog, "password.set"));
  gtk_editable_set_text (GTK_EDITABLE (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry")),
                         "correct horse");
  ui_activate (dialog, "password.set", NULL);
  g_assert_true (ui_has_text (test.form, "Will be set on save"));
  save (&test);
  ui_assert_wait (password_is_set, &test);
  tear_down (&test);
}

static void
activate_with_id (PrProfileTest *test, const char *action, gint64 id)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (test->page), action, "x", id));
  ui_settle ();
}

static gboolean
is_active (gpointer data)
{
  g_autoptr (PrServerProfile) profile = find (data, "Example mail");

  return pr_server_profile_get (profile, ACTIVE) != 0;
}

static gboolean
is_inactive (gpointer data)
{
  return !is_active (data);
}

static gboolean
has_one (gpointer data)
{
  return g_list_model_get_n_items (get_profiles (data)) == 1;
}

static void
test_commands (void)
{
  PrProfileTest test;
  GtkWindow *dialog;

  set_up (&test);
  begin_example (&test);
  save (&test);

  activate_with_id (&test, "profile.deactivate", 1);
  ui_assert_wait (is_inactive, &test);
  g_assert_true (ui_has_text (GTK_WIDGET (test.page), "Inactive"));
  activate_with_id (&test, "profile.activate", 1);
  ui_assert_wait (is_active, &test);

  activate_with_id (&test, "profile.duplicate", 1);
  test.form = ui_find_type (GTK_WIDGET (test.page), PR_TYPE_PROFILE_FORM);
  g_assert_cmpstr (gtk_editable_get_text (row (&test, "name")), ==, "Example mail (copy)");
  save (&test);
  g_assert_cmpuint (g_list_model_get_n_items (get_profiles (&test)), ==, 2);

  activate_with_id (&test, "profile.delete", 2);
  dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  pr_dialog_respond (dialog, "delete");
  ui_assert_wait (has_one, &test);
  tear_down (&test);
}

/* The form takes the focus, says whose it is, and no letter typed replaces the name. */
static void
test_focus (void)
{
  PrProfileTest test;
  GtkWidget *focus, *stack;

  set_up (&test);
  begin_example (&test);
  save (&test);
  activate_with_id (&test, "profile.edit", 1);
  focus = gtk_root_get_focus (GTK_ROOT (test.window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, row (&test, "name")));
  g_assert_false (
      gtk_editable_get_selection_bounds (GTK_EDITABLE (row (&test, "name")), NULL, NULL));
  stack = gtk_widget_get_parent (test.form);
  gtk_test_accessible_assert_property (
      GTK_ACCESSIBLE (gtk_stack_get_page (GTK_STACK (stack), test.form)),
      GTK_ACCESSIBLE_PROPERTY_LABEL, "Example mail");
  tear_down (&test);
}

/* Leaving a form with changes asks. */
static void
test_discard (void)
{
  PrProfileTest test;
  GtkWindow *dialog;

  set_up (&test);
  begin (&test, "pop3-smtp");
  type_text (&test, "name", "Example mail");
  ui_activate (test.form, "form.back", NULL);
  ui_settle ();
  dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  pr_dialog_respond (dialog, "cancel");
  g_assert_false (list_is_shown (test.page));
  ui_activate (test.form, "form.back", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "discard");
  ui_assert_wait (list_is_shown, test.page);
  g_assert_cmpuint (g_list_model_get_n_items (get_profiles (&test)), ==, 0);
  tear_down (&test);
}

static void
on_practice (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(PrPractice **) user_data = pr_practice_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
works (gpointer data)
{
  return ui_has_text (data, "The incoming server localhost")
         && ui_has_text (data, "The outgoing server localhost")
         && ui_has_text (data, "Verify certificate");
}

static gboolean
is_refused (gpointer data)
{
  return ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

/* Against the practice server: the connection is tested, and a profile that is in use stays. */
static void
test_practice (void)
{
  PrProfileTest test;
  PrPractice *practice = NULL;
  GtkWindow *dialog;

  set_up (&test);
  pr_practice_open_async (NULL, on_practice, &practice);
  ui_assert_wait (is_set, &practice);
  pr_window_set_environment (test.window, pr_practice_get_environment (practice));
  ui_settle ();
  activate_with_id (&test, "profile.test", 1);
  dialog = ui_find_dialog (PR_TYPE_CONNECTION_TEST);
  g_assert_nonnull (dialog);
  ui_assert_wait (works, dialog);
  ui_check_names (GTK_WIDGET (dialog));
  gtk_window_destroy (dialog);

  activate_with_id (&test, "profile.delete", 1);
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "delete");
  ui_assert_wait (is_refused, NULL);
  dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (ui_has_text (GTK_WIDGET (dialog), "12"));
  pr_dialog_respond (dialog, "cancel");
  tear_down (&test);
  pr_practice_free (practice);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/profiles/empty", test_empty);
  g_test_add_func ("/ui/profiles/gmail", test_gmail);
  g_test_add_func ("/ui/profiles/errors", test_errors);
  g_test_add_func ("/ui/profiles/refusals", test_refusals);
  g_test_add_func ("/ui/profiles/password", test_password);
  g_test_add_func ("/ui/profiles/commands", test_commands);
  g_test_add_func ("/ui/profiles/focus", test_focus);
  g_test_add_func ("/ui/profiles/discard", test_discard);
  g_test_add_func ("/ui/profiles/practice", test_practice);
  return ui_run ();
}
