/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The registration of a server profile: the assistant through the provider's console, what is
 * refused there and why, client secret and service account, a service of one's own. */

#include "ui-harness.h"
#include "ui-oauth.h"

#include "../oauth/oauth-key.h"
#include "pr-choice-row.h"
#include "pr-dialog.h"
#include "pr-new-profile-dialog.h"
#include "pr-oauth-assistant.h"
#include "pr-password-dialog.h"
#include "pr-profile-form-private.h"
#include "pr-service-row.h"

#define GOOGLE_ID "1234.apps.googleusercontent.com"
#define CLIENT(kind)                                                                               \
  "{\"" kind "\":{\"client_id\":\"" GOOGLE_ID "\",\"client_secret\":\"GOCSPX-s3cret\"}}"

typedef struct
{
  PrWindow *window;
  PrPage *page;
  GtkWidget *form;
} Fixture;

static void
set_up (Fixture *fixture)
{
  ui_new_data_dir ();
  fixture->window = ui_open_window ();
  fixture->page = ui_show_page (fixture->window, "profiles");
}

static void
begin (Fixture *fixture, const char *action, const char *parameter)
{
  GtkWindow *dialog;

  ui_activate (fixture->page, "profile.new", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_NEW_PROFILE_DIALOG);
  ui_check_names (GTK_WIDGET (dialog));
  ui_activate (dialog, action, parameter);
  ui_settle ();
  fixture->form = ui_find_type (GTK_WIDGET (fixture->page), PR_TYPE_PROFILE_FORM);
  g_assert_nonnull (fixture->form);
}

static gpointer
row (Fixture *fixture, const char *field)
{
  GtkWidget *found = ui_find_name (fixture->form, field);

  if (found == NULL)
    g_error ("the form has no row “%s”", field);
  return found;
}

static gboolean
list_is_shown (gpointer data)
{
  return ui_find_type (data, PR_TYPE_PROFILE_FORM) == NULL;
}

static void
save (Fixture *fixture)
{
  ui_activate (fixture->form, "form.save", NULL);
  ui_assert_wait (list_is_shown, fixture->page);
}

static PrServerProfile *
find (Fixture *fixture, const char *name)
{
  return pr_environment_find_profile (pr_window_get_environment (fixture->window), name);
}

static GtkWidget *
find_assistant (void)
{
  return GTK_WIDGET (ui_find_dialog (PR_TYPE_OAUTH_ASSISTANT));
}

static gpointer
field (const char *id)
{
  return ui_child (find_assistant (), PR_TYPE_OAUTH_ASSISTANT, id);
}

/* Everything has a name, and 360 pixels are enough. */
static void
check_dialog (GtkWidget *dialog)
{
  ui_check_names (dialog);
  ui_check_width (dialog);
}

static void
wait_until_said (GtkWidget *root, const char *part)
{
  ui_wait_until_said (root, G_TYPE_NONE, part);
}

/* What was chosen or dropped. */
static void
give_file (const char *name, const char *contents)
{
  g_autofree char *path = g_build_filename (ui_get_data_dir (), name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
  pr_oauth_assistant_take_file (PR_OAUTH_ASSISTANT (find_assistant ()), file);
}

/* --- The assistant ---------------------------------------------------------------------------- */

static void
test_assistant (void)
{
  Fixture fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  GtkWidget *assistant;

  set_up (&fixture);
  begin (&fixture, "new-profile.gmail-oauth", NULL);
  assistant = find_assistant ();
  g_assert_nonnull (assistant);
  g_assert_true (ui_has_text (assistant, "Who signs in?"));
  check_dialog (assistant);
  ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "Step 1 of 5"));
  g_assert_true (ui_has_text (assistant, "https://console.cloud.google.com/projectcreate"));
  ui_activate (assistant, "assistant.next", NULL);
  ui_activate (assistant, "assistant.next", NULL);
  /* The exact scope, with a button to copy it. */
  g_assert_true (ui_has_text (assistant, "https://mail.google.com/"));
  check_dialog (assistant);
  ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "Desktop app"));

  /* What is pasted is looked at. */
  gtk_editable_set_text (field ("id_row"), "GOCSPX-s3cret");
  g_assert_true (ui_has_text (assistant, "this is the client secret"));
  gtk_editable_set_text (field ("id_row"), "me@gmail.com");
  g_assert_true (ui_has_text (assistant, "this is an email address"));
  g_assert_true (gtk_widget_has_css_class (field ("id_row"), "error"));
  gtk_editable_set_text (field ("id_row"), CLIENT ("web"));
  g_assert_true (ui_has_text (assistant, "for a web application"));
  g_assert_cmpstr (gtk_editable_get_text (field ("id_row")), ==, "");
  gtk_editable_set_text (field ("id_row"), " " GOOGLE_ID " ");
  g_assert_true (ui_has_text (assistant, "Its secret is needed"));
  give_file ("web.json", CLIENT ("web"));
  wait_until_said (assistant, "for a web application");
  gtk_editable_set_text (field ("secret_row"), "two words");
  g_assert_true (ui_has_text (assistant, "without spaces"));
  g_assert_true (gtk_widget_has_css_class (field ("secret_row"), "error"));

  /* Not to the end without it. */
  ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "still missing"));
  g_assert_false (ui_is_enabled (assistant, "assistant.next"));
  ui_activate (assistant, "assistant.back", NULL);
  give_file ("client.json", CLIENT ("installed"));
  wait_until_said (assistant, "Client id and client secret look right");
  check_dialog (assistant);
  ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "All is there"));
  ui_activate (assistant, "assistant.next", NULL);
  ui_settle ();

  g_assert_null (find_assistant ());
  g_assert_cmpstr (gtk_editable_get_text (row (&fixture, "oauth-client-id")), ==, GOOGLE_ID);
  g_assert_true (ui_has_text (fixture.form, "Will be set on save"));
  save (&fixture);
  profile = find (&fixture, "Gmail");
  g_assert_cmpstr (pr_server_profile_get_text (profile, OAUTH_CLIENT_ID), ==, GOOGLE_ID);
  g_assert_true (pr_server_profile_get (profile, OAUTH_SECRET_SET));
  ui_close_window (fixture.window);
}

static void
test_service_account (void)
{
  Fixture fixture;
  g_autofree char *pem = test_key_get_pem ();
  g_autoptr (PrSecret) key =
      test_key_make_file ("service_account", "x@y.iam.gserviceaccount.com", pem);
  g_autoptr (PrServerProfile) profile = NULL;
  GtkWidget *assistant;

  set_up (&fixture);
  begin (&fixture, "new-profile.gmail-oauth", NULL);
  assistant = find_assistant ();
  gtk_check_button_set_active (field ("service_check"), TRUE);
  for (guint i = 0; i < 3; i++)
    ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "Make a key"));
  give_file ("client.json", CLIENT ("installed"));
  wait_until_said (assistant, "Key of the service account: it is not accepted");
  give_file ("key.json", pr_secret_peek (key));
  wait_until_said (assistant, "This is the key of x@y.iam.gserviceaccount.com");
  ui_activate (assistant, "assistant.next", NULL);
  g_assert_true (ui_has_text (assistant, "Client ID"));
  check_dialog (assistant);
  ui_activate (assistant, "assistant.next", NULL);
  ui_activate (assistant, "assistant.next", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (fixture.form, "Then delete the file"));
  g_assert_true (ui_has_text (fixture.form, "the service account signs in"));
  save (&fixture);
  profile = find (&fixture, "Gmail");
  g_assert_true (pr_server_profile_uses_service_account (profile));
  g_assert_true (pr_server_profile_get (profile, OAUTH_SECRET_SET));
  ui_close_window (fixture.window);
}

/* --- The form --------------------------------------------------------------------------------- */

static void
enter_secret (Fixture *fixture, const char *text)
{
  GtkWindow *dialog;

  ui_activate (fixture->form, "form.set-client-secret", NULL);
  ui_settle ();
  dialog = ui_find_dialog (PR_TYPE_PASSWORD_DIALOG);
  gtk_editable_set_text (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry"), text);
  ui_activate (dialog, "password.set", NULL);
  ui_settle ();
}

static void
open_profile (Fixture *fixture)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "profile.edit", "x", (gint64) 1));
  ui_settle ();
  fixture->form = ui_find_type (GTK_WIDGET (fixture->page), PR_TYPE_PROFILE_FORM);
}

static gboolean
is_secret_set (Fixture *fixture)
{
  g_autoptr (PrServerProfile) profile = find (fixture, "Ours");

  return pr_server_profile_get (profile, OAUTH_SECRET_SET) != 0;
}

/* Set, changed, removed, and not kept for another client id. */
static void
test_secret (void)
{
  Fixture fixture;

  set_up (&fixture);
  begin (&fixture, "new-profile.type", "gmail");
  gtk_editable_set_text (row (&fixture, "name"), "Ours");
  g_assert_false (gtk_widget_get_visible (
      gtk_widget_get_ancestor (row (&fixture, "oauth-client-id"), ADW_TYPE_PREFERENCES_GROUP)));
  pr_choice_row_set_value (row (&fixture, "incoming-authentication"), PR_AUTHENTICATION_OAUTH);
  g_assert_true (ui_has_text (fixture.form, "This is Google"));
  g_assert_true (ui_has_text (fixture.form, "Google wants one"));
  g_assert_false (gtk_widget_get_visible (row (&fixture, "oauth-issuer")));
  g_assert_false (gtk_widget_is_sensitive (row (&fixture, "oauth-scope")));
  ui_check_names (fixture.form);
  gtk_editable_set_text (row (&fixture, "oauth-client-id"), "GOCSPX-s3cret");
  g_assert_true (ui_has_text (fixture.form, "this is the client secret"));
  ui_activate (fixture.form, "form.save", NULL);
  ui_settle ();
  g_assert_false (list_is_shown (fixture.page));
  gtk_editable_set_text (row (&fixture, "oauth-client-id"), GOOGLE_ID);
  enter_secret (&fixture, "two words");
  g_assert_true (ui_has_text (fixture.form, "without spaces"));
  g_assert_false (ui_has_text (fixture.form, "two words"));
  enter_secret (&fixture, "GOCSPX-s3cret");
  g_assert_true (ui_has_text (fixture.form, "Will be set on save"));
  save (&fixture);
  g_assert_true (is_secret_set (&fixture));

  open_profile (&fixture);
  g_assert_true (ui_has_text (fixture.form, "Is set"));
  g_assert_true (ui_has_text (fixture.form, "Change…"));
  ui_activate (fixture.form, "form.remove-client-secret", NULL);
  g_assert_true (ui_has_text (fixture.form, "Will be removed on save"));
  save (&fixture);
  g_assert_false (is_secret_set (&fixture));

  open_profile (&fixture);
  enter_secret (&fixture, "GOCSPX-0ther");
  save (&fixture);
  g_assert_true (is_secret_set (&fixture));
  open_profile (&fixture);
  gtk_editable_set_text (row (&fixture, "oauth-client-id"), "5678.apps.googleusercontent.com");
  g_assert_true (ui_has_text (fixture.form, "belongs to another client id"));
  save (&fixture);
  g_assert_false (is_secret_set (&fixture));
  ui_close_window (fixture.window);
}

/* Microsoft's registrations of desktop programs have no secret. */
static void
test_microsoft (void)
{
  Fixture fixture;

  set_up (&fixture);
  begin (&fixture, "new-profile.type", "pop3-smtp");
  pr_choice_row_set_value (row (&fixture, "incoming-authentication"), PR_AUTHENTICATION_OAUTH);
  g_assert_true (gtk_widget_get_visible (row (&fixture, "oauth-issuer")));
  pr_service_row_set_text (row (&fixture, "oauth-provider"), "microsoft");
  g_assert_true (ui_has_text (fixture.form, "Microsoft wants none"));
  g_assert_true (ui_has_text (fixture.form, "Microsoft has no service accounts"));
  g_assert_true (gtk_widget_get_visible (row (&fixture, "oauth-tenant")));
  gtk_editable_set_text (row (&fixture, "oauth-client-id"), "1234");
  g_assert_true (ui_has_text (fixture.form, "36 letters, digits and hyphens"));
  ui_activate (fixture.form, "form.assistant", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (find_assistant (), "Step 1 of 5"));
  ui_activate (find_assistant (), "assistant.next", NULL);
  g_assert_true (ui_has_text (find_assistant (), "http://localhost"));
  gtk_window_close (GTK_WINDOW (find_assistant ()));
  ui_settle ();
  ui_close_window (fixture.window);
}

static void
test_own (void)
{
  Fixture fixture;
  UiOauth *oauth = ui_oauth_new ();
  g_autofree char *issuer = test_endpoint_get_url (oauth->endpoint, "");
  g_autofree char *other = test_endpoint_get_url (oauth->endpoint, "/other");

  set_up (&fixture);
  begin (&fixture, "new-profile.type", "pop3-smtp");
  pr_choice_row_set_value (row (&fixture, "incoming-authentication"), PR_AUTHENTICATION_OAUTH);
  pr_service_row_set_text (row (&fixture, "oauth-provider"), "other");
  ui_activate (fixture.form, "form.save", NULL);
  ui_settle ();
  g_assert_true (gtk_widget_has_css_class (row (&fixture, "oauth-scope"), "error"));
  gtk_editable_set_text (row (&fixture, "oauth-scope"), "openid email mail");
  g_assert_true (gtk_widget_has_css_class (row (&fixture, "oauth-issuer"), "error"));
  g_assert_false (ui_is_enabled (fixture.form, "form.discover"));
  gtk_editable_set_text (row (&fixture, "oauth-issuer"), "http://id.example.org");
  g_assert_true (gtk_widget_has_css_class (row (&fixture, "oauth-issuer"), "error"));

  gtk_editable_set_text (row (&fixture, "oauth-issuer"), issuer);
  g_assert_false (gtk_widget_has_css_class (row (&fixture, "oauth-issuer"), "error"));
  ui_oauth_add_document (oauth, TRUE);
  ui_activate (fixture.form, "form.discover", NULL);
  wait_until_said (fixture.form, "Sign-in on another device: yes");
  g_assert_true (ui_has_text (fixture.form, "Sign-out at the provider: yes"));
  /* Of another issuer that says nothing. */
  gtk_editable_set_text (row (&fixture, "oauth-issuer"), other);
  g_assert_false (ui_has_text (fixture.form, "Sign-in on another device"));
  ui_oauth_add_document (oauth, TRUE);
  ui_activate (fixture.form, "form.discover", NULL);
  wait_until_said (fixture.form, "calls itself by another name");

  /* The assistant of such a service has no console to link to, but what to enter there. */
  ui_activate (fixture.form, "form.assistant", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (find_assistant (), "Step 1 of 3"));
  g_assert_true (ui_has_text (find_assistant (), "http://127.0.0.1/callback"));
  gtk_window_close (GTK_WINDOW (find_assistant ()));
  ui_settle ();
  ui_close_window (fixture.window);
  ui_oauth_free (oauth);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/oauth-profile/assistant", test_assistant);
  g_test_add_func ("/ui/oauth-profile/service-account", test_service_account);
  g_test_add_func ("/ui/oauth-profile/secret", test_secret);
  g_test_add_func ("/ui/oauth-profile/microsoft", test_microsoft);
  g_test_add_func ("/ui/oauth-profile/own", test_own);
  return ui_run ();
}
