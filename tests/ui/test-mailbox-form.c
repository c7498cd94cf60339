/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form of a mailbox: a new one, what is refused and why, what cannot be used and why, approving
 * where it is said, the password, and leaving with changes. */

#include "pr-choice-row.h"
#include "pr-dialog.h"
#include "pr-mailbox-form-private.h"
#include "pr-mailboxes-page-private.h"
#include "pr-password-dialog.h"
#include "pr-switch-row.h"
#include "ui-fill.h"
#include "ui-harness.h"

#include <string.h>

typedef struct
{
  PrWindow *window;
  PrEnvironment *environment;
  PrMailboxesPage *page;
} Fixture;

static void
set_up (Fixture *fixture)
{
  ui_new_data_dir ();
  fixture->window = ui_open_window ();
  fixture->environment = pr_window_get_environment (fixture->window);
  ui_fill_mailboxes (fixture->environment, ui_get_data_dir (), 20);
  fixture->page = PR_MAILBOXES_PAGE (ui_show_page (fixture->window, "mailboxes"));
}

static gboolean
has_profiles (gpointer data)
{
  return g_list_model_get_n_items (pr_environment_get_profiles (data)) == 2;
}

static void
wait_for_profiles (Fixture *fixture)
{
  ui_assert_wait (has_profiles, fixture->environment);
}

static void
tear_down (Fixture *fixture)
{
  ui_close_window (fixture->window);
}

static PrMailbox *
get_mailbox (Fixture *fixture)
{
  return pr_mailbox_form_get_mailbox (fixture->page->form);
}

static gboolean
has_mailbox (gpointer data)
{
  return pr_mailbox_form_get_mailbox (((PrMailboxesPage *) data)->form) != NULL;
}

static gboolean
is_closed (gpointer data)
{
  PrMailboxesPage *page = data;

  return g_str_equal (gtk_stack_get_visible_child_name (page->stack), "grid");
}

static void
open_mailbox (Fixture *fixture, gint64 id)
{
  pr_mailboxes_page_open (fixture->page, id);
  ui_assert_wait (has_mailbox, fixture->page);
  ui_settle ();
}

static gpointer
row (Fixture *fixture, const char *field)
{
  GtkWidget *found = ui_find_name (GTK_WIDGET (fixture->page->form), field);

  if (found == NULL)
    g_error ("the form has no row “%s”", field);
  return found;
}

static void
type_text (Fixture *fixture, const char *field, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row (fixture, field)), text);
}

static void
save (Fixture *fixture)
{
  ui_activate (fixture->page->form, "form.save", NULL);
  ui_assert_wait (is_closed, fixture->page);
}

static gboolean
is_sensitive (Fixture *fixture, const char *field)
{
  return gtk_widget_is_sensitive (row (fixture, field));
}

/* A screen reader says whose form it is when the focus comes into it, which it does by itself. */
static void
test_focus (void)
{
  Fixture fixture;
  PrMailboxForm *form;
  GtkWidget *focus;
  GtkStackPage *stack_page;
  g_autofree char *name = NULL;

  set_up (&fixture);
  open_mailbox (&fixture, 1);
  form = fixture.page->form;
  focus = gtk_root_get_focus (GTK_ROOT (fixture.window));
  g_assert_true (focus == GTK_WIDGET (form->approval_row));
  stack_page = gtk_stack_get_page (fixture.page->stack, GTK_WIDGET (form));
  name = g_strdup_printf ("%s %s", pr_mailbox_get_text (get_mailbox (&fixture), NAME),
                          pr_mailbox_get_text (get_mailbox (&fixture), ADDRESS));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (stack_page), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       name);
  ui_activate (form, "form.back", NULL);
  ui_activate (fixture.page, "mailboxes.new", NULL);
  ui_settle ();
  focus = gtk_root_get_focus (GTK_ROOT (fixture.window));
  g_assert_true (gtk_widget_is_ancestor (focus, row (&fixture, "name")));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (stack_page), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "New Mailbox");
  tear_down (&fixture);
}

static void
test_new (void)
{
  Fixture fixture;
  GtkWidget *dialog;

  set_up (&fixture);
  wait_for_profiles (&fixture);
  ui_activate (fixture.page, "mailboxes.new", NULL);
  ui_settle ();
  g_assert_nonnull (get_mailbox (&fixture));
  ui_check_names (GTK_WIDGET (fixture.page->form));
  ui_check_tab_chain (GTK_WINDOW (fixture.window));
  /* An address that cannot be one is said at its field. */
  type_text (&fixture, "address", "no address");
  ui_activate (fixture.page->form, "form.save", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.page->form), "Accepted:"));
  g_assert_true (gtk_widget_has_css_class (row (&fixture, "address"), "error"));
  /* One that is in use, too. */
  type_text (&fixture, "address", "BOX1@example.org");
  ui_activate (fixture.page->form, "form.save", NULL);
  ui_settle ();
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.page->form), "there is a mailbox"));
  type_text (&fixture, "address", "new@example.org");
  pr_choice_row_set_value (row (&fixture, "profile-id"), 1);
  pr_switch_row_set_active (row (&fixture, "allow-credentials"), TRUE);
  ui_activate (fixture.page->form, "form.set-password", NULL);
  ui_settle ();
  dialog = GTK_WIDGET (ui_find_dialog (PR_TYPE_PASSWORD_DIALOG));
  gtk_editable_set_text (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry"), "open sesame");
  ui_activate (dialog, "password.set", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.page->form), "Will be set on save"));
  save (&fixture);
  /* Empty fields were filled in. */
  open_mailbox (&fixture, 21);
  g_assert_cmpstr (pr_mailbox_get_text (get_mailbox (&fixture), NAME), ==, "new");
  g_assert_cmpstr (pr_mailbox_get_text (get_mailbox (&fixture), USERNAME), ==, "new@example.org");
  g_assert_true (pr_mailbox_get (get_mailbox (&fixture), PASSWORD_SET));
  tear_down (&fixture);
}

/* What cannot be used says why. */
static void
test_rules (void)
{
  Fixture fixture;
  GtkWidget *form;

  set_up (&fixture);
  wait_for_profiles (&fixture);
  open_mailbox (&fixture, 2);
  form = GTK_WIDGET (fixture.page->form);
  g_assert_false (is_sensitive (&fixture, "act"));
  g_assert_true (ui_has_text (form, "carry email only"));
  g_assert_false (is_sensitive (&fixture, "delete-after"));
  g_assert_true (ui_has_text (form, "Only the emails of queues and forward mailboxes"));
  g_assert_true (is_sensitive (&fixture, "outgoing"));
  pr_choice_row_set_value (row (&fixture, "kind"), PR_MAILBOX_KIND_FORWARD);
  ui_settle ();
  g_assert_false (is_sensitive (&fixture, "outgoing"));
  g_assert_true (ui_has_text (form, "A forward mailbox only receives."));
  g_assert_true (is_sensitive (&fixture, "delete-after"));
  g_assert_cmpint (pr_mailbox_get (get_mailbox (&fixture), OUTGOING), ==, PR_SYNC_METHOD_NONE);
  type_text (&fixture, "address", "other@example.org");
  ui_settle ();
  g_assert_true (ui_has_text (form, "Another address has to be approved and tested anew"));
  pr_switch_row_set_active (row (&fixture, "allow-credentials"), FALSE);
  ui_settle ();
  g_assert_true (ui_has_text (form, "as long as this is off its tests fail"));
  tear_down (&fixture);
}

static gboolean
is_approved (gpointer data)
{
  PrMailbox *mailbox = pr_mailbox_form_get_mailbox (((PrMailboxesPage *) data)->form);

  return pr_mailbox_get (mailbox, APPROVAL) == PR_APPROVAL_APPROVED;
}

static void
test_approve (void)
{
  Fixture fixture;
  GtkWidget *form;

  set_up (&fixture);
  open_mailbox (&fixture, 4);
  form = GTK_WIDGET (fixture.page->form);
  g_assert_true (ui_has_text (form, "This email address is not approved yet"));
  /* What is being edited survives. */
  type_text (&fixture, "name", "Edited");
  ui_activate (form, "form.approve", NULL);
  ui_assert_wait (is_approved, fixture.page);
  ui_settle ();
  g_assert_cmpstr (pr_mailbox_get_text (get_mailbox (&fixture), NAME), ==, "Edited");
  g_assert_true (pr_mailbox_form_is_dirty (fixture.page->form));
  save (&fixture);
  open_mailbox (&fixture, 4);
  g_assert_cmpstr (pr_mailbox_get_text (get_mailbox (&fixture), NAME), ==, "Edited");
  tear_down (&fixture);
}

static void
test_leave (void)
{
  Fixture fixture;

  set_up (&fixture);
  open_mailbox (&fixture, 1);
  ui_activate (fixture.page->form, "form.back", NULL);
  ui_settle ();
  g_assert_true (is_closed (fixture.page));
  open_mailbox (&fixture, 1);
  type_text (&fixture, "name", "Changed");
  ui_activate (fixture.page->form, "form.back", NULL);
  ui_settle ();
  g_assert_false (is_closed (fixture.page));
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "cancel");
  ui_settle ();
  g_assert_false (is_closed (fixture.page));
  ui_activate (fixture.page->form, "form.back", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "discard");
  ui_settle ();
  g_assert_true (is_closed (fixture.page));
  open_mailbox (&fixture, 1);
  g_assert_cmpstr (pr_mailbox_get_text (get_mailbox (&fixture), NAME), !=, "Changed");
  tear_down (&fixture);
}

static void
test_delete (void)
{
  Fixture fixture;

  set_up (&fixture);
  open_mailbox (&fixture, 3);
  ui_activate (fixture.page->form, "form.delete", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "delete");
  ui_assert_wait (is_closed, fixture.page);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "The mailbox was deleted"));
  tear_down (&fixture);
}

/* Somebody else deletes it while it is open. */
static void
test_gone (void)
{
  Fixture fixture;

  set_up (&fixture);
  open_mailbox (&fixture, 5);
  ui_run_sql (fixture.environment, ui_get_data_dir (), "DELETE FROM mailboxes WHERE id = 5");
  ui_assert_wait (is_closed, fixture.page);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (fixture.window), "does not exist any more"));
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/mailbox-form/new", test_new);
  g_test_add_func ("/ui/mailbox-form/focus", test_focus);
  g_test_add_func ("/ui/mailbox-form/rules", test_rules);
  g_test_add_func ("/ui/mailbox-form/approve", test_approve);
  g_test_add_func ("/ui/mailbox-form/leave", test_leave);
  g_test_add_func ("/ui/mailbox-form/delete", test_delete);
  g_test_add_func ("/ui/mailbox-form/gone", test_gone);
  return ui_run ();
}
