/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in to mailboxes with the window: one, out again, what goes wrong and what to do then, on
 * another device, and many in turn. The test is the browser. */

#include "ui-fill.h"
#include "ui-harness.h"
#include "ui-oauth.h"

#include "pr-choice-row.h"
#include "pr-dialog.h"
#include "pr-environment-sign-in.h"
#include "pr-mailboxes-page-private.h"
#include "pr-sign-in-dialog.h"

typedef struct
{
  UiOauth *oauth;
  PrWindow *window;
  PrEnvironment *environment;
  PrMailboxesPage *page;
  PrServerProfile *profile;
} Fixture;

static void
set_up (Fixture *fixture)
{
  ui_new_data_dir ();
  fixture->oauth = ui_oauth_new ();
  fixture->window = ui_open_window ();
  fixture->environment = pr_window_get_environment (fixture->window);
  fixture->profile = ui_oauth_add_profile (fixture->oauth, fixture->environment, "Ours");
  fixture->page = PR_MAILBOXES_PAGE (ui_show_page (fixture->window, "mailboxes"));
}

static void
tear_down (Fixture *fixture)
{
  g_object_unref (fixture->profile);
  ui_close_window (fixture->window);
  ui_oauth_free (fixture->oauth);
}

static void
add_mailbox (Fixture *fixture, const char *address)
{
  g_autoptr (PrMailbox) mailbox =
      ui_oauth_add_mailbox (fixture->environment, fixture->profile, address);

  g_assert_nonnull (mailbox);
}

static gboolean
has_mailbox (gpointer data)
{
  return pr_mailbox_form_get_mailbox (((PrMailboxesPage *) data)->form) != NULL;
}

static void
open_mailbox (Fixture *fixture, gint64 id)
{
  pr_mailboxes_page_open (fixture->page, id);
  ui_assert_wait (has_mailbox, fixture->page);
  ui_settle ();
}

static gboolean
form_says (Fixture *fixture, const char *part)
{
  return ui_has_text (GTK_WIDGET (fixture->page->form), part);
}

static GtkWidget *
find_dialog (void)
{
  return GTK_WIDGET (ui_find_dialog (PR_TYPE_SIGN_IN_DIALOG));
}

/* Everything has a name, and 360 pixels are enough. */
static void
check_dialog (GtkWidget *dialog)
{
  ui_check_names (dialog);
  ui_check_width (dialog);
}

/* @root: NULL: the dialog */
static void
wait_until_said (GtkWidget *root, const char *part)
{
  ui_wait_until_said (root, PR_TYPE_SIGN_IN_DIALOG, part);
}

static gboolean
is_signed_in (gpointer data)
{
  PrMailbox *mailbox = pr_mailbox_form_get_mailbox (((PrMailboxesPage *) data)->form);

  return mailbox != NULL && pr_mailbox_get (mailbox, TOKEN_SET) != 0;
}

static gboolean
is_signed_out (gpointer data)
{
  return !is_signed_in (data);
}

/* --- One mailbox ------------------------------------------------------------------------------ */

static void
test_one (void)
{
  static const TestReply gone = { 200, NULL, NULL, NULL, NULL };
  Fixture fixture;

  set_up (&fixture);
  add_mailbox (&fixture, "anna@example.org");
  open_mailbox (&fixture, 1);
  g_assert_true (form_says (&fixture, "Not signed in"));
  g_assert_true (form_says (&fixture, "Sign in to your provider"));
  g_assert_true (form_says (&fixture, "Nobody has signed in to this mailbox yet"));
  ui_check_names (GTK_WIDGET (fixture.page->form));

  ui_oauth_add_document (fixture.oauth, FALSE);
  ui_oauth_add_token (fixture.oauth, "anna@example.org");
  ui_activate (fixture.page->form, "form.sign-in", NULL);
  wait_until_said (NULL, "Signed In");
  check_dialog (find_dialog ());
  g_assert_cmpuint (fixture.oauth->n_opened, ==, 1);
  g_assert_nonnull (g_strrstr (fixture.oauth->url, "login_hint=anna%40example.org"));
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_assert_wait (is_signed_in, fixture.page);
  wait_until_said (GTK_WIDGET (fixture.page->form), "Signed in as anna@example.org");
  g_assert_true (form_says (&fixture, "Since: Today"));
  g_assert_true (form_says (&fixture, "Allows: openid email mail"));
  g_assert_false (form_says (&fixture, "r3fresh"));

  test_endpoint_add (fixture.oauth->endpoint, &gone);
  ui_activate (fixture.page->form, "form.sign-out", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "sign-out");
  ui_assert_wait (is_signed_out, fixture.page);
  g_assert_true (form_says (&fixture, "Not signed in"));
  g_assert_false (ui_is_enabled (fixture.page->form, "form.sign-out"));
  tear_down (&fixture);
}

/* Each failure says what happened and what to do, and can be tried again. */
static void
test_failures (void)
{
  Fixture fixture;

  set_up (&fixture);
  add_mailbox (&fixture, "anna@example.org");
  open_mailbox (&fixture, 1);
  ui_oauth_add_document (fixture.oauth, FALSE);
  fixture.oauth->answer = "error=access_denied";
  ui_activate (fixture.page->form, "form.sign-in", NULL);
  wait_until_said (NULL, "was declined in the web browser");
  g_assert_true (ui_has_text (find_dialog (), "test users"));

  /* Somebody else. */
  fixture.oauth->answer = "code=c0de";
  ui_oauth_add_token (fixture.oauth, "eve@example.org");
  ui_activate (find_dialog (), "sign-in.again", NULL);
  wait_until_said (NULL, "eve@example.org signed in, not anna@example.org");
  g_assert_false (ui_has_text (find_dialog (), "was declined"));

  /* Not all was ticked. */
  test_endpoint_add_json (fixture.oauth->endpoint, 200,
                          "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"refresh_token\":"
                          "\"r\",\"scope\":\"openid email\"}");
  ui_activate (find_dialog (), "sign-in.again", NULL);
  wait_until_said (NULL, "leave the box for email access ticked");

  /* The registration does not work: the profile is one click away. */
  test_endpoint_add_json (fixture.oauth->endpoint, 401, "{\"error\":\"invalid_client\"}");
  ui_activate (find_dialog (), "sign-in.again", NULL);
  wait_until_said (NULL, "does not know the client id");
  g_assert_nonnull (ui_find_label (find_dialog (), "Open Profile"));
  check_dialog (find_dialog ());
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();
  g_assert_true (is_signed_out (fixture.page));
  tear_down (&fixture);
}

static gboolean
has_no_dialog (gpointer data)
{
  return find_dialog () == NULL;
}

/* Closing the dialog ends the wait, and the listener with it. */
static void
test_cancel (void)
{
  Fixture fixture;
  GdkClipboard *clipboard;

  set_up (&fixture);
  add_mailbox (&fixture, "anna@example.org");
  open_mailbox (&fixture, 1);
  ui_oauth_add_document (fixture.oauth, FALSE);
  fixture.oauth->answer = NULL;
  ui_activate (fixture.page->form, "form.sign-in", NULL);
  wait_until_said (NULL, "Go on in the web browser");
  /* No link for the owner; a code neither. */
  g_assert_true (ui_has_text (find_dialog (), "offers no sign-in by a code"));
  g_assert_false (ui_is_enabled (find_dialog (), "sign-in.use-device"));
  ui_activate (find_dialog (), "sign-in.open", NULL);
  g_assert_cmpuint (fixture.oauth->n_opened, ==, 2);
  ui_activate (find_dialog (), "sign-in.copy-address", NULL);
  clipboard = gtk_widget_get_clipboard (find_dialog ());
  g_assert_true (gdk_clipboard_is_local (clipboard));
  g_assert_true (ui_has_text (find_dialog (), "The address was copied"));
  check_dialog (find_dialog ());
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_assert_wait (has_no_dialog, NULL);
  ui_settle ();
  g_assert_true (is_signed_out (fixture.page));
  tear_down (&fixture);
}

static void
test_device (void)
{
  Fixture fixture;

  set_up (&fixture);
  add_mailbox (&fixture, "anna@example.org");
  open_mailbox (&fixture, 1);
  ui_oauth_add_document (fixture.oauth, TRUE);
  fixture.oauth->answer = NULL;
  ui_activate (fixture.page->form, "form.sign-in", NULL);
  wait_until_said (NULL, "types a code");
  test_endpoint_add_json (fixture.oauth->endpoint, 200,
                          "{\"device_code\":\"d3vice\",\"user_code\":\"WDJB-MJHT\",\"interval\":1,"
                          "\"expires_in\":600,"
                          "\"verification_uri\":\"https://login.example/device\"}");
  ui_oauth_add_token (fixture.oauth, "anna@example.org");
  ui_activate (find_dialog (), "sign-in.use-device", NULL);
  wait_until_said (NULL, "WDJB-MJHT");
  g_assert_true (ui_has_text (find_dialog (), "https://login.example/device"));
  g_assert_true (ui_has_text (find_dialog (), "within 10 minutes"));
  check_dialog (find_dialog ());
  wait_until_said (NULL, "Signed In");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_assert_wait (is_signed_in, fixture.page);
  tear_down (&fixture);
}

/* A mailbox of another profile, and one that is not stored, say why. */
static void
test_nowhere (void)
{
  Fixture fixture;

  set_up (&fixture);
  ui_activate (fixture.page, "mailboxes.new", NULL);
  ui_settle ();
  g_assert_false (ui_is_enabled (fixture.page->form, "form.sign-in"));
  pr_choice_row_set_value (
      PR_CHOICE_ROW (ui_find_name (GTK_WIDGET (fixture.page->form), "profile-id")), 1);
  ui_settle ();
  g_assert_false (ui_is_enabled (fixture.page->form, "form.sign-in"));
  g_assert_true (form_says (&fixture, "Save the mailbox first"));
  tear_down (&fixture);
}

/* --- Many in turn ----------------------------------------------------------------------------- */

static gboolean
is_listed (gpointer data)
{
  PrMailboxesPage *page = data;

  return page->selection != NULL && g_list_model_get_n_items (G_LIST_MODEL (page->selection)) == 4;
}

static void
test_queue (void)
{
  Fixture fixture;

  set_up (&fixture);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *address = g_strdup_printf ("box%u@example.org", i + 1);

      add_mailbox (&fixture, address);
    }
  pr_page_data_changed (PR_PAGE (fixture.page));
  ui_assert_wait (is_listed, fixture.page);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_oauth_add_document (fixture.oauth, FALSE);
  fixture.oauth->answer = NULL;
  ui_activate (fixture.page, "mailboxes.sign-in", NULL);
  wait_until_said (NULL, "1 of 4");

  wait_until_said (NULL, "Go on in the web browser");
  ui_oauth_add_token (fixture.oauth, "box1@example.org");
  ui_oauth_come_back (fixture.oauth, "code=c0de");
  wait_until_said (NULL, "2 of 4");
  wait_until_said (NULL, "Go on in the web browser");
  ui_activate (find_dialog (), "sign-in.skip", NULL);
  wait_until_said (NULL, "3 of 4");
  wait_until_said (NULL, "Go on in the web browser");
  ui_oauth_come_back (fixture.oauth, "error=access_denied");
  wait_until_said (NULL, "4 of 4");
  wait_until_said (NULL, "Go on in the web browser");
  ui_oauth_add_token (fixture.oauth, "box4@example.org");
  ui_oauth_come_back (fixture.oauth, "code=c0de");
  wait_until_said (NULL, "2 mailboxes are signed in. 1 sign-in failed. 1 was left out.");
  g_assert_true (ui_has_text (find_dialog (), "was declined in the web browser"));
  check_dialog (find_dialog ());

  /* Those that are left, once more. */
  ui_activate (find_dialog (), "sign-in.again", NULL);
  wait_until_said (NULL, "1 of 2");
  wait_until_said (NULL, "Sign in as box2@example.org");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();

  /* And only those need it now. */
  ui_activate (fixture.page, "mailboxes.sign-in", NULL);
  wait_until_said (NULL, "1 of 2");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();
  tear_down (&fixture);
}

/* When the registration does not work, nobody is sent to the browser for each of its mailboxes. */
static void
test_queue_broken (void)
{
  Fixture fixture;

  set_up (&fixture);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *address = g_strdup_printf ("box%u@example.org", i + 1);

      add_mailbox (&fixture, address);
    }
  pr_page_data_changed (PR_PAGE (fixture.page));
  ui_assert_wait (is_listed, fixture.page);
  ui_activate (fixture.page, "mailboxes.select-all", NULL);
  ui_oauth_add_document (fixture.oauth, FALSE);
  test_endpoint_add_json (fixture.oauth->endpoint, 401, "{\"error\":\"invalid_client\"}");
  ui_activate (fixture.page, "mailboxes.sign-in", NULL);
  wait_until_said (NULL, "0 mailboxes are signed in. 1 sign-in failed. 3 were left out.");
  g_assert_cmpuint (fixture.oauth->n_opened, ==, 1);
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();
  tear_down (&fixture);
}

static gboolean
is_offered (gpointer data)
{
  return gtk_revealer_get_reveal_child (
      ui_child (data, g_type_from_name ("PrAlertsPage"), "sign_in_revealer"));
}

/* The wall offers the queue when more than one mailbox waits for a person. */
static void
test_wall (void)
{
  Fixture fixture;
  PrPage *wall;

  set_up (&fixture);
  add_mailbox (&fixture, "box1@example.org");
  add_mailbox (&fixture, "box2@example.org");
  ui_run_sql (fixture.environment, ui_get_data_dir (),
              "UPDATE mailboxes SET incoming_status = 'failure',"
              " incoming_code = 'oauth-sign-in-needed'");
  wall = ui_show_page (fixture.window, "alerts");
  pr_page_data_changed (wall);
  ui_assert_wait (is_offered, wall);
  g_assert_true (ui_has_text (GTK_WIDGET (wall), "2 mailboxes fail because"));
  ui_oauth_add_document (fixture.oauth, FALSE);
  fixture.oauth->answer = NULL;
  ui_activate (wall, "alerts.sign-in", NULL);
  wait_until_said (NULL, "1 of 2");
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/sign-in/one", test_one);
  g_test_add_func ("/ui/sign-in/failures", test_failures);
  g_test_add_func ("/ui/sign-in/cancel", test_cancel);
  g_test_add_func ("/ui/sign-in/device", test_device);
  g_test_add_func ("/ui/sign-in/nowhere", test_nowhere);
  g_test_add_func ("/ui/sign-in/queue", test_queue);
  g_test_add_func ("/ui/sign-in/queue-broken", test_queue_broken);
  g_test_add_func ("/ui/sign-in/wall", test_wall);
  return ui_run ();
}
