/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures of every page and dialog of the running program, in the practice environment:
 * screenshots FOLDER [--width W] [--height H] [--rtl] [--catalogs FOLDER] [--only NAME].
 * tools/screenshots runs it. */

#include "ui-harness.h"
#include "ui-oauth.h"
#include "ui-scene.h"

#include "config.h"
#include "pr-mailboxes-page.h"
#include "pr-practice.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

typedef struct
{
  char *folder;
  char *only;
  char *catalogs;
  int width;
  int height;
  gboolean rtl;
} PrShots;

static PrShots shots = { NULL, NULL, NULL, 1280, 760, FALSE };
static int failures;

static void
shoot (gpointer widget, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (shots.folder, file, NULL);
  gboolean drawn = FALSE;

  if (shots.only != NULL && !g_str_equal (shots.only, name))
    return;
  ui_settle ();
  /* Just laid out anew, it has nothing drawn. */
  for (guint i = 0; i < 10 && !drawn; i++)
    {
      drawn = ui_screenshot (widget, path);
      if (!drawn)
        ui_settle ();
    }
  if (!drawn)
    {
      g_printerr ("screenshots: %s was not drawn\n", name);
      failures++;
    }
}

/* The window that a command has opened; it is closed again. */
static void
shoot_dialog (const char *type, const char *name)
{
  GType found = g_type_from_name (type);
  GtkWindow *dialog;

  ui_settle ();
  dialog = found != G_TYPE_INVALID ? ui_find_dialog (found) : NULL;
  if (dialog == NULL)
    {
      g_printerr ("screenshots: no dialog for %s\n", name);
      failures++;
      return;
    }
  shoot (dialog, name);
  gtk_window_destroy (dialog);
  ui_settle ();
}

static void
activate (gpointer widget, const char *action, gint64 id)
{
  g_assert_true (gtk_widget_activate_action (widget, action, "x", id));
  ui_settle ();
}

/* --- The practice environment ----------------------------------------------------------------- */

static gboolean
is_not_testing (gpointer data)
{
  return !pr_window_is_testing (data);
}

static gboolean
is_practice (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);
  GtkWidget *window = data;

  return environment != NULL && ui_find_type (window, PR_TYPE_MAILBOXES_PAGE) != NULL
         && pr_window_get_overview (data) != NULL
         && pr_window_get_overview (data)->all.n_mailboxes > 5;
}

static gboolean
has_results (gpointer data)
{
  const PrOverview *overview = pr_window_get_overview (data);

  return overview != NULL && overview->all.n_failing > 5;
}

static void
practise (PrWindow *window)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();

  ui_activate (window, "win.practice", NULL);
  ui_assert_wait (is_practice, window);
  shoot (window, "mailboxes-untested");
  g_assert_nonnull (pr_window_start_job (window, "All mailboxes", all, &pr_test_options_default));
  shoot (window, "job-running");
  ui_assert_wait (is_not_testing, window);
  ui_assert_wait (has_results, window);
  shoot (window, "job-over");
  ui_activate (window, "win.show-job", NULL);
  /* It reads its failures. */
  for (guint i = 0; i < 10; i++)
    ui_settle ();
  shoot_dialog ("PrJobView", "job");
  ui_activate (window, "win.close-job", NULL);
}

/* --- The pages -------------------------------------------------------------------------------- */

static void
shoot_first_use (PrWindow *window)
{
  static const char *const pages[] = { "overview",  "profiles", "settings",
                                       "mailboxes", "alerts",   "analyzer" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *name = g_strconcat ("empty-", pages[i], NULL);

      ui_show_page (window, pages[i]);
      shoot (window, name);
    }
}

static void
shoot_overview (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "overview");

  shoot (window, "overview");
  ui_scroll_to (GTK_WIDGET (page), 1.0);
  shoot (window, "overview-end");
}

static void
shoot_profiles (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "profiles");
  GtkWidget *form;

  shoot (window, "profiles");
  ui_activate (page, "profile.new", NULL);
  shoot_dialog ("PrNewProfileDialog", "profiles-new");
  activate (page, "profile.edit", 1);
  shoot (window, "profiles-form");
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrProfileForm"));
  ui_scroll_to (form, 0.5);
  shoot (window, "profiles-form-middle");
  ui_scroll_to (form, 1.0);
  shoot (window, "profiles-form-end");
  /* What a wrong value looks like. */
  gtk_editable_set_text (GTK_EDITABLE (ui_find_name (form, "timeout")), "1000");
  gtk_editable_set_text (GTK_EDITABLE (ui_find_name (form, "process-from")), "2020-01-31 12:00");
  ui_settle ();
  ui_scroll_to (form, 1.0);
  shoot (window, "profiles-form-error");
  ui_activate (form, "form.set-incoming-password", NULL);
  shoot_dialog ("PrPasswordDialog", "password");
  ui_activate (form, "form.back", NULL);
  ui_settle ();
  shoot (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "question");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)),
                               "discard");
  gtk_window_destroy (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
  activate (page, "profile.test", 1);
  for (guint i = 0; i < 10; i++)
    ui_settle ();
  shoot_dialog ("PrConnectionTest", "profiles-test");
}

static void
shoot_settings (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "settings");

  shoot (window, "settings");
  ui_scroll_to (GTK_WIDGET (page), 1.0);
  shoot (window, "settings-end");
}

static void
shoot_mailboxes (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "mailboxes");
  GtkWidget *form;

  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "mailboxes");
  ui_activate (page, "mailboxes.select-all", NULL);
  shoot (window, "mailboxes-selected");
  ui_activate (page, "mailboxes.edit", NULL);
  shoot_dialog ("PrCommandDialog", "mailboxes-change");
  ui_activate (page, "mailboxes.apply-defaults", NULL);
  shoot_dialog ("PrCommandDialog", "mailboxes-defaults");
  ui_activate (page, "mailboxes.test-options", NULL);
  shoot_dialog ("PrCommandDialog", "mailboxes-test");
  ui_activate (page, "mailboxes.approve", NULL);
  shoot_dialog ("AdwMessageDialog", "mailboxes-approve");
  ui_activate (page, "mailboxes.select-none", NULL);
  pr_mailboxes_page_open (PR_MAILBOXES_PAGE (page), 3);
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "mailboxes-form");
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrMailboxForm"));
  if (form == NULL)
    return;
  ui_scroll_to (form, 1.0);
  shoot (window, "mailboxes-form-end");
  ui_activate (form, "form.back", NULL);
}

/* --- Pins ------------------------------------------------------------------------------------- */

static gboolean
has_certificate (gpointer data)
{
  return ui_is_enabled (data, "pin.use");
}

/* A server of the practice, as it looks to whoever does not know its authority. */
static void
shoot_pin (PrWindow *window)
{
  PrEnvironment *environment = pr_window_get_environment (window);
  g_autoptr (PrServerProfile) practice = pr_environment_find_profile_by_id (environment, 1);
  g_autoptr (PrServerProfile) profile =
      ui_add_profile (environment, "Without an Authority",
                      pr_server_profile_get_port (practice, PR_DIRECTION_INCOMING),
                      pr_server_profile_get_port (practice, PR_DIRECTION_OUTGOING), NULL);
  PrPage *page = ui_show_page (window, "profiles");
  GtkWidget *form;
  GtkWindow *dialog;

  activate (page, "profile.edit", pr_record_get_id (PR_RECORD (profile)));
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrProfileForm"));
  ui_activate (form, "form.set-incoming-pin", NULL);
  ui_settle ();
  dialog = ui_find_dialog (g_type_from_name ("PrPinDialog"));
  ui_assert_wait (has_certificate, dialog);
  ui_activate (dialog, "pin.use", NULL);
  shoot (dialog, "profiles-pin");
  gtk_editable_set_text (ui_child (dialog, g_type_from_name ("PrPinDialog"), "reason_row"),
                         "Compared with the host by telephone");
  ui_activate (dialog, "pin.set", NULL);
  ui_scroll_to (form, 0.8);
  shoot (window, "profiles-form-pin");
  ui_activate (form, "form.back", NULL);
  ui_settle ();
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)),
                               "discard");
  gtk_window_destroy (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
}

/* --- OAuth ------------------------------------------------------------------------------------ */

static gboolean
has_url (gpointer data)
{
  return ((UiOauth *) data)->n_opened > 0;
}

static gboolean
has_code (gpointer data)
{
  return ui_has_text (data, "WDJB-MJHT");
}

static gboolean
has_end (gpointer data)
{
  return ui_is_enabled (data, "sign-in.again");
}

static void
shoot_assistant (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "profiles");
  GtkWidget *form;
  GtkWindow *assistant;

  ui_activate (page, "profile.new", NULL);
  ui_settle ();
  ui_activate (ui_find_dialog (g_type_from_name ("PrNewProfileDialog")), "new-profile.gmail-oauth",
               NULL);
  ui_settle ();
  assistant = ui_find_dialog (g_type_from_name ("PrOauthAssistant"));
  shoot (assistant, "assistant-kind");
  for (guint i = 0; i < 3; i++)
    ui_activate (assistant, "assistant.next", NULL);
  shoot (assistant, "assistant-scope");
  ui_activate (assistant, "assistant.next", NULL);
  gtk_editable_set_text (ui_child (assistant, g_type_from_name ("PrOauthAssistant"), "id_row"),
                         "{\"web\":{\"client_id\":\"1\"}}");
  shoot (assistant, "assistant-client");
  gtk_window_destroy (assistant);
  ui_settle ();
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrProfileForm"));
  ui_scroll_to (form, 0.45);
  shoot (window, "profiles-form-oauth");
  ui_activate (form, "form.back", NULL);
  ui_settle ();
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)),
                               "discard");
  gtk_window_destroy (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
}

static void
shoot_sign_in (PrWindow *window)
{
  UiOauth *oauth = ui_oauth_new ();
  PrEnvironment *environment = pr_window_get_environment (window);
  g_autoptr (PrServerProfile) profile = ui_oauth_add_profile (oauth, environment, "With OAuth 2.0");
  g_autoptr (PrMailbox) mailbox =
      ui_oauth_add_mailbox (environment, profile, "anna.oauth@practice.example");
  PrPage *page = ui_show_page (window, "mailboxes");
  GtkWidget *form;
  GtkWindow *dialog;

  pr_mailboxes_page_open (PR_MAILBOXES_PAGE (page), pr_record_get_id (PR_RECORD (mailbox)));
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  form = ui_find_type (GTK_WIDGET (page), g_type_from_name ("PrMailboxForm"));
  ui_scroll_to (form, 1.0);
  shoot (window, "mailboxes-form-oauth");
  oauth->answer = NULL;
  ui_oauth_add_document (oauth, TRUE);
  ui_activate (form, "form.sign-in", NULL);
  ui_assert_wait (has_url, oauth);
  dialog = ui_find_dialog (g_type_from_name ("PrSignInDialog"));
  shoot (dialog, "sign-in");
  test_endpoint_add_json (oauth->endpoint, 200,
                          "{\"device_code\":\"d3vice\",\"user_code\":\"WDJB-MJHT\",\"interval\":2,"
                          "\"expires_in\":900,"
                          "\"verification_uri\":\"https://login.example/device\"}");
  test_endpoint_add_json (oauth->endpoint, 400, "{\"error\":\"access_denied\"}");
  ui_activate (dialog, "sign-in.use-device", NULL);
  ui_assert_wait (has_code, dialog);
  shoot (dialog, "sign-in-device");
  ui_assert_wait (has_end, dialog);
  shoot (dialog, "sign-in-failed");
  oauth->answer = "code=c0de";
  ui_oauth_add_token (oauth, "anna.oauth@practice.example");
  ui_activate (dialog, "sign-in.again", NULL);
  ui_assert_wait (has_end, dialog);
  shoot (dialog, "sign-in-done");
  gtk_window_destroy (dialog);
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "mailboxes-form-signed-in");
  ui_activate (form, "form.back", NULL);
  ui_oauth_free (oauth);
}

/* --- Other pages ------------------------------------------------------------------------------ */

static gboolean
has_analysis (gpointer data)
{
  return ui_is_enabled (data, "analyzer.copy");
}

static void
shoot_analyzer (PrWindow *window)
{
  PrPage *page = ui_show_page (window, "analyzer");
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (pr_window_get_environment (window), 1);
  GtkWidget *root = GTK_WIDGET (page);
  g_autofree char *port =
      g_strdup_printf ("%u", pr_server_profile_get_port (profile, PR_DIRECTION_INCOMING));

  gtk_editable_set_text (GTK_EDITABLE (ui_find_name (root, "host")), "localhost");
  gtk_editable_set_text (GTK_EDITABLE (ui_find_name (root, "port")), port);
  shoot (window, "analyzer");
  ui_activate (page, "analyzer.run", NULL);
  ui_assert_wait (has_analysis, page);
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "analyzer-result");
}

static void
shoot_rest (PrWindow *window)
{
  ui_show_page (window, "alerts");
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "alerts");
  ui_activate (window, "win.environments", NULL);
  shoot_dialog ("PrEnvironmentsDialog", "environments");
  ui_activate (window, "win.preferences", NULL);
  shoot_dialog ("PrPreferences", "preferences");
  ui_activate (window, "win.show-help-overlay", NULL);
  ui_settle ();
  shoot (ui_find_dialog (GTK_TYPE_SHORTCUTS_WINDOW), "shortcuts");
  gtk_window_close (ui_find_dialog (GTK_TYPE_SHORTCUTS_WINDOW));
  g_action_group_activate_action (G_ACTION_GROUP (ui_get_application ()), "about", NULL);
  shoot_dialog ("AdwAboutWindow", "about");
  ui_activate (window, "win.toggle-sidebar", NULL);
  for (guint i = 0; i < 5; i++)
    ui_settle ();
  shoot (window, "sidebar");
  ui_activate (window, "win.toggle-sidebar", NULL);
}

static void
take_all (void)
{
  PrWindow *window = ui_open_window_sized (shots.width, shots.height);

  shoot_first_use (window);
  practise (window);
  shoot_overview (window);
  shoot_profiles (window);
  shoot_settings (window);
  shoot_mailboxes (window);
  shoot_pin (window);
  shoot_assistant (window);
  shoot_sign_in (window);
  shoot_analyzer (window);
  shoot_rest (window);
  ui_close_window (window);
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "width", 0, 0, G_OPTION_ARG_INT, &shots.width, "Width of the window", "PIXELS" },
    { "height", 0, 0, G_OPTION_ARG_INT, &shots.height, "Height of the window", "PIXELS" },
    { "rtl", 0, 0, G_OPTION_ARG_NONE, &shots.rtl, "From right to left", NULL },
    { "catalogs", 0, 0, G_OPTION_ARG_FILENAME, &shots.catalogs, "Where translations are", "DIR" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &shots.only, "One picture alone", "NAME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("screenshots: %s\n", error != NULL ? error->message : "one folder is needed");
      return EXIT_FAILURE;
    }
  if (shots.catalogs != NULL)
    {
      bindtextdomain (GETTEXT_PACKAGE, shots.catalogs);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      textdomain (GETTEXT_PACKAGE);
    }
  shots.folder = argv[1];
  argc = 1;
  ui_init (&argc, &argv);
  if (shots.rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  take_all ();
  ui_end ();
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
