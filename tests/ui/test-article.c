/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From nothing to mailboxes that work, as an admin goes through the chapters one after the other,
 * in one window: profiles, default settings, mailboxes, approval, tests, an alert and its cure.
 * The server is the practice server, the keyring a real one. In the end postroomctl, on the same
 * data folder, has to say the same. */

#include "pr-alert-list.h"
#include "pr-alert-row.h"
#include "pr-alerts-page.h"
#include "pr-ca-row.h"
#include "pr-choice-row.h"
#include "pr-dialog.h"
#include "pr-mailbox-dialogs.h"
#include "pr-mailboxes-page-private.h"
#include "pr-new-profile-dialog.h"
#include "pr-password-dialog.h"
#include "pr-practice-server.h"
#include "pr-profile-form.h"
#include "pr-switch-row.h"
#include "ui-harness.h"

#include "ctl/ctl-fixture.h"

#include <string.h>

/* The order of the grid: by address. */
enum
{
  ADA,
  BOB,
  CLEO,
  DAN,
  EVA,
  N_BOXES,
};

typedef struct
{
  const char *address;
  const char *password;
} Box;

static const Box boxes[N_BOXES] = {
  { "ada@practice.example", "ada's own" },   { "bob@practice.example", "bob's new one" },
  { "cleo@practice.example", "cleo's own" }, { "dan@practice.example", "dan's own" },
  { "eva@practice.example", "eva's own" },
};

typedef struct
{
  PrPracticeServer *server;
  PrWindow *window;
  PrEnvironment *environment;
  PrMailboxesPage *mailboxes;
  PrPage *profiles;
} Walk;

/* --- What a person does ----------------------------------------------------------------------- */

static gpointer
field (gpointer form, const char *name)
{
  GtkWidget *found = ui_find_name (form, name);

  if (found == NULL)
    g_error ("there is no field “%s”", name);
  return found;
}

static void
type_text (gpointer form, const char *name, const char *text)
{
  GtkWidget *row = field (form, name);

  g_assert_true (gtk_widget_is_sensitive (row));
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
choose (gpointer form, const char *name, gint64 value)
{
  PrChoiceRow *row = field (form, name);

  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (row)));
  pr_choice_row_set_value (row, value);
  g_assert_cmpint (pr_choice_row_get_value (row), ==, value);
}

static GtkWidget *
find_row (GtkWidget *root, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
expect_dialog (GType type)
{
  GtkWindow *dialog;

  ui_settle ();
  dialog = ui_find_dialog (type);
  g_assert_nonnull (dialog);
  ui_check_names (GTK_WIDGET (dialog));
  return GTK_WIDGET (dialog);
}

static void
answer (const char *response)
{
  pr_dialog_respond (GTK_WINDOW (expect_dialog (ADW_TYPE_MESSAGE_DIALOG)), response);
  ui_settle ();
}

static void
enter_password (const char *password)
{
  GtkWidget *dialog = expect_dialog (PR_TYPE_PASSWORD_DIALOG);

  g_assert_false (ui_is_enabled (dialog, "password.set"));
  gtk_editable_set_text (ui_child (dialog, PR_TYPE_PASSWORD_DIALOG, "entry"), password);
  ui_activate (dialog, "password.set", NULL);
  ui_settle ();
}

static gboolean
no_command_dialog (gpointer data)
{
  return ui_find_dialog (PR_TYPE_COMMAND_DIALOG) == NULL;
}

static gboolean
is_at_rest (gpointer data)
{
  Walk *walk = data;
  PrMailboxesPage *page = walk->mailboxes;

  return !pr_busy_bar_is_busy (page->busy_bar) && !pr_mailbox_list_is_loading (page->list)
         && !pr_window_is_testing (walk->window);
}

static void
show_mailboxes (Walk *walk)
{
  walk->mailboxes = PR_MAILBOXES_PAGE (ui_show_page (walk->window, "mailboxes"));
  if (!g_str_equal (gtk_stack_get_visible_child_name (walk->mailboxes->stack), "grid"))
    ui_activate (walk->mailboxes->form, "form.back", NULL);
  pr_mailboxes_page_show (walk->mailboxes, PR_VIEW_ACTIVE, 0, NULL);
  ui_settle ();
  ui_assert_wait (is_at_rest, walk);
}

/* Selects the rows from @first to @last, and only them. */
static void
select_boxes (Walk *walk, guint first, guint last)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (walk->mailboxes->selection);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, N_BOXES);
  gtk_selection_model_select_range (model, first, last - first + 1, TRUE);
}

static gboolean
is_over (gpointer data)
{
  PrWindowJob *job = pr_window_get_job (data);

  return job != NULL && !pr_window_job_is_running (job);
}

/* Waits for the end of the test that was begun, and looks at the sum. */
static void
expect_result (Walk *walk, guint n_succeeded, guint n_failed)
{
  const PrTestSummary *summary;

  g_assert_nonnull (pr_window_get_job (walk->window));
  ui_assert_wait (is_over, walk->window);
  ui_settle ();
  summary = pr_window_job_get_summary (pr_window_get_job (walk->window));
  g_assert_cmpuint (summary->n_success, ==, n_succeeded);
  g_assert_cmpuint (summary->n_failure, ==, n_failed);
  ui_activate (walk->window, "win.close-job", NULL);
  ui_assert_wait (is_at_rest, walk);
}

/* --- Create an email server profile for Gmail accounts ---------------------------------------- */

static GtkWidget *
begin_profile (Walk *walk, const char *type)
{
  GtkWidget *form;

  walk->profiles = ui_show_page (walk->window, "profiles");
  ui_activate (walk->profiles, "profile.new", NULL);
  ui_activate (expect_dialog (PR_TYPE_NEW_PROFILE_DIALOG), "new-profile.type", type);
  ui_settle ();
  form = ui_find_type (GTK_WIDGET (walk->profiles), PR_TYPE_PROFILE_FORM);
  g_assert_nonnull (form);
  return form;
}

static gboolean
list_is_shown (gpointer data)
{
  return ui_find_type (data, PR_TYPE_PROFILE_FORM) == NULL;
}

static PrServerProfile *
save_profile (Walk *walk, GtkWidget *form, const char *name)
{
  PrServerProfile *profile;

  ui_activate (form, "form.save", NULL);
  ui_assert_wait (list_is_shown, walk->profiles);
  g_assert_true (ui_has_text (GTK_WIDGET (walk->profiles), name));
  profile = pr_environment_find_profile (walk->environment, name);
  g_assert_nonnull (profile);
  return profile;
}

static void
walk_gmail (Walk *walk)
{
  GtkWidget *form = begin_profile (walk, "gmail");
  g_autoptr (PrServerProfile) profile = NULL;

  type_text (form, "name", "Our Gmail");
  pr_switch_row_set_active (field (form, "is-default"), TRUE);
  choose (form, "incoming-authentication", PR_AUTHENTICATION_USER_OR_QUEUE);
  g_assert_true (ui_has_text (form, "30 May 2022"));
  /* Filled in by the type. */
  g_assert_cmpstr (gtk_editable_get_text (field (form, "incoming-location")), ==, "pop.gmail.com");
  g_assert_cmpstr (gtk_editable_get_text (field (form, "incoming-port")), ==, "995");
  g_assert_cmpstr (gtk_editable_get_text (field (form, "outgoing-location")), ==, "smtp.gmail.com");
  profile = save_profile (walk, form, "Our Gmail");
  g_assert_true (pr_server_profile_get (profile, IS_DEFAULT));
}

/* --- Create an email server profile ----------------------------------------------------------- */

static gboolean
has_authority (gpointer data)
{
  g_autofree char *text = NULL;

  g_object_get (data, "text", &text, NULL);
  return strstr (text, "BEGIN CERTIFICATE") != NULL;
}

static void
load_authority (Walk *walk, GtkWidget *form)
{
  g_autofree char *path = g_build_filename (ui_get_data_dir (), "authority.pem", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, pr_practice_server_get_ca_pem (walk->server), -1, &error);
  g_assert_no_error (error);
  pr_ca_row_load (field (form, "ca-certificate"), file);
  ui_assert_wait (has_authority, field (form, "ca-certificate"));
}

static void
type_port (Walk *walk, GtkWidget *form, const char *name, PrPracticePort port)
{
  g_autofree char *text = g_strdup_printf ("%u", pr_practice_server_get_port (walk->server, port));

  type_text (form, name, text);
}

static void
walk_pop3_smtp (Walk *walk)
{
  GtkWidget *form = begin_profile (walk, "pop3-smtp");
  g_autoptr (PrServerProfile) profile = NULL;

  type_text (form, "name", "House mail");
  g_object_set (field (form, "description"), "text", "The server in the cellar", NULL);
  type_text (form, "incoming-location", "localhost");
  type_text (form, "outgoing-location", "localhost");
  /* Said where it is chosen: not a valid setting. */
  choose (form, "incoming-authentication", PR_AUTHENTICATION_ANONYMOUS);
  g_assert_true (ui_has_text (form, "not a valid setting"));
  choose (form, "incoming-authentication", PR_AUTHENTICATION_USER_OR_QUEUE);
  g_assert_false (gtk_widget_is_sensitive (field (form, "incoming-username")));
  g_assert_true (pr_switch_row_get_active (field (form, "same-settings")));
  choose (form, "incoming-security", PR_SECURITY_SSL);
  choose (form, "outgoing-security", PR_SECURITY_SSL);
  type_port (walk, form, "incoming-port", PR_PRACTICE_POP3S);
  type_port (walk, form, "outgoing-port", PR_PRACTICE_SMTPS);
  load_authority (walk, form);
  g_assert_cmpstr (gtk_editable_get_text (field (form, "max-connections")), ==, "10");
  type_text (form, "process-from", "2020-01-31 12:00");
  g_assert_true (ui_has_text (form, "lies in the past"));
  type_text (form, "process-from", "");
  profile = save_profile (walk, form, "House mail");
  g_assert_false (pr_server_profile_get (profile, IS_DEFAULT));
}

/* --- Configure default email processing and synchronization ----------------------------------- */

static gboolean
is_saved (gpointer data)
{
  return ui_has_text (data, "Email settings were saved");
}

static void
walk_settings (Walk *walk)
{
  PrPage *page = ui_show_page (walk->window, "settings");
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (walk->environment, "House mail");

  choose (page, "profile-id", pr_record_get_id (PR_RECORD (profile)));
  choose (page, "incoming", PR_SYNC_METHOD_SERVER_SIDE);
  choose (page, "outgoing", PR_SYNC_METHOD_SERVER_SIDE);
  /* Can be seen, and is refused with the reason. */
  choose (page, "act", PR_SYNC_METHOD_SERVER_SIDE);
  g_assert_true (ui_has_text (GTK_WIDGET (page), "carry email only"));
  choose (page, "act", PR_SYNC_METHOD_NONE);
  g_assert_true (pr_switch_row_get_active (field (page, "approved-users-only")));
  g_assert_true (pr_switch_row_get_active (field (page, "approved-queues-only")));
  ui_activate (page, "settings.save", NULL);
  ui_assert_wait (is_saved, walk->window);
}

/* --- Configure mailboxes ---------------------------------------------------------------------- */

static gboolean
can_import (gpointer data)
{
  return ui_has_text (data, "Mailboxes to Add");
}

/* Four from a file, on the wrong profile; the password that it has for Bob is an old one. */
static void
walk_import (Walk *walk)
{
  g_autofree char *path = g_build_filename (ui_get_data_dir (), "mailboxes.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog;

  g_file_set_contents (path,
                       "Address,Name,Kind,Profile,Password\r\n"
                       "ada@practice.example,Ada,user,Our Gmail,ada's own\r\n"
                       "bob@practice.example,Bob,user,Our Gmail,bob's old one\r\n"
                       "cleo@practice.example,Cleo,queue,Our Gmail,cleo's own\r\n"
                       "dan@practice.example,Dan,user,Our Gmail,\r\n",
                       -1, &error);
  g_assert_no_error (error);
  show_mailboxes (walk);
  pr_import_dialog_open (PR_PAGE (walk->mailboxes), file);
  dialog = expect_dialog (PR_TYPE_COMMAND_DIALOG);
  ui_assert_wait (can_import, dialog);
  g_assert_true (ui_has_text (dialog, "4 Mailboxes to Add"));
  g_assert_true (ui_has_text (dialog, "3 passwords go into the system keyring"));
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_command_dialog, NULL);
  g_assert_true (ui_has_text (GTK_WIDGET (walk->window), "4 mailboxes imported"));
}

static gboolean
grid_is_shown (gpointer data)
{
  return g_str_equal (gtk_stack_get_visible_child_name (((PrMailboxesPage *) data)->stack), "grid");
}

/* The fifth one by its form. */
static void
walk_new_mailbox (Walk *walk)
{
  PrMailboxForm *form;

  show_mailboxes (walk);
  ui_activate (walk->mailboxes, "mailboxes.new", NULL);
  ui_settle ();
  form = walk->mailboxes->form;
  type_text (form, "name", "Eva");
  type_text (form, "address", boxes[EVA].address);
  choose (form, "kind", PR_MAILBOX_KIND_USER);
  g_assert_false (gtk_widget_is_sensitive (field (form, "act")));
  pr_switch_row_set_active (field (form, "allow-credentials"), TRUE);
  ui_activate (form, "form.set-password", NULL);
  enter_password (boxes[EVA].password);
  ui_activate (form, "form.save", NULL);
  ui_assert_wait (grid_is_shown, walk->mailboxes);
}

/* All of the view; tested and enabled by the same dialog, unless somebody says otherwise. */
static void
walk_apply_defaults (Walk *walk)
{
  GtkWidget *dialog;

  show_mailboxes (walk);
  ui_activate (walk->mailboxes, "mailboxes.select-all", NULL);
  ui_activate (walk->mailboxes, "mailboxes.apply-defaults", NULL);
  dialog = expect_dialog (PR_TYPE_COMMAND_DIALOG);
  g_assert_true (ui_has_text (dialog, "House mail"));
  g_assert_true (ui_has_text (dialog, "Server-Side Synchronization or Email Router"));
  g_assert_true (ui_has_text (dialog, "Apply to 5 Mailboxes"));
  g_assert_true (
      pr_switch_row_get_active (PR_SWITCH_ROW (find_row (dialog, "Test and enable afterwards"))));
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_command_dialog, NULL);
  /* Nobody has approved them: no server was asked. */
  expect_result (walk, 0, 2 * N_BOXES);
  g_assert_cmpuint (pr_practice_server_get_n_messages (walk->server, boxes[EVA].address), ==, 0);
}

static void
walk_change (Walk *walk)
{
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (walk->environment, "House mail");
  GtkWidget *dialog;

  show_mailboxes (walk);
  select_boxes (walk, ADA, DAN);
  ui_activate (walk->mailboxes, "mailboxes.edit", NULL);
  dialog = expect_dialog (PR_TYPE_COMMAND_DIALOG);
  g_assert_nonnull (ui_find_label (dialog, "Change Multiple Records"));
  pr_choice_row_set_value (PR_CHOICE_ROW (find_row (dialog, "Server profile")),
                           pr_record_get_id (PR_RECORD (profile)));
  pr_choice_row_set_value (PR_CHOICE_ROW (find_row (dialog, "Incoming email")),
                           PR_SYNC_METHOD_SERVER_SIDE);
  pr_choice_row_set_value (PR_CHOICE_ROW (find_row (dialog, "Outgoing email")),
                           PR_SYNC_METHOD_SERVER_SIDE);
  pr_choice_row_set_value (PR_CHOICE_ROW (find_row (dialog, "Allow to use credentials")), TRUE);
  pr_command_dialog_go (PR_COMMAND_DIALOG (dialog));
  ui_assert_wait (no_command_dialog, NULL);
  g_assert_true (ui_has_text (GTK_WIDGET (walk->window), "4 mailboxes changed"));
  /* Dan's was not in the file. */
  ui_assert_wait (is_at_rest, walk);
  select_boxes (walk, DAN, DAN);
  ui_activate (walk->mailboxes, "mailboxes.set-password", NULL);
  enter_password (boxes[DAN].password);
  ui_assert_wait (is_at_rest, walk);
}

/* --- Approve email ---------------------------------------------------------------------------- */

static gboolean
is_approved (gpointer data)
{
  PrMailbox *mailbox = pr_mailbox_form_get_mailbox (((Walk *) data)->mailboxes->form);

  return mailbox != NULL && pr_mailbox_get (mailbox, APPROVAL) == PR_APPROVAL_APPROVED;
}

static gboolean
form_is_filled (gpointer data)
{
  return pr_mailbox_form_get_mailbox (((Walk *) data)->mailboxes->form) != NULL;
}

static gboolean
is_working (gpointer data)
{
  return is_over (((Walk *) data)->window);
}

/* The gate: what cannot be tested says so in its form, with the button that opens it. */
static void
walk_gate (Walk *walk)
{
  GtkWidget *form;

  show_mailboxes (walk);
  select_boxes (walk, ADA, ADA);
  ui_activate (walk->mailboxes, "mailboxes.edit", NULL);
  ui_assert_wait (form_is_filled, walk);
  ui_settle ();
  form = GTK_WIDGET (walk->mailboxes->form);
  g_assert_true (ui_has_text (form, "This email address is not approved yet"));
  g_assert_nonnull (ui_find_label (form, "Approve Now"));
  ui_activate (form, "form.approve", NULL);
  ui_assert_wait (is_approved, walk);
  ui_settle ();
  g_assert_false (ui_has_text (form, "is not approved yet"));
}

static void
walk_approve (Walk *walk)
{
  show_mailboxes (walk);
  select_boxes (walk, BOB, EVA);
  ui_activate (walk->mailboxes, "mailboxes.approve", NULL);
  answer ("go-on");
  ui_assert_wait (is_at_rest, walk);
  g_assert_true (ui_has_text (GTK_WIDGET (walk->window), "4 email addresses approved"));
}

/* --- Test the configuration of mailboxes ------------------------------------------------------ */

static void
walk_tests (Walk *walk)
{
  show_mailboxes (walk);
  select_boxes (walk, ADA, ADA);
  ui_activate (walk->mailboxes, "mailboxes.test", NULL);
  expect_result (walk, 2, 0);
  /* It has sent a message to itself. */
  g_assert_cmpuint (pr_practice_server_get_n_messages (walk->server, boxes[ADA].address), >, 0);

  select_boxes (walk, CLEO, EVA);
  ui_activate (walk->mailboxes, "mailboxes.test", NULL);
  expect_result (walk, 6, 0);
}

static void
walk_test_profile (Walk *walk)
{
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile (walk->environment, "House mail");
  PrPage *page = ui_show_page (walk->window, "profiles");

  g_assert_true (ui_has_text (GTK_WIDGET (page), "5 mailboxes"));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "profile.test-mailboxes", "x",
                                             pr_record_get_id (PR_RECORD (profile))));
  ui_settle ();
  expect_result (walk, 2 * (N_BOXES - 1), 2);
}

/* --- The alert -------------------------------------------------------------------------------- */

/* The alert that has this word in one of its texts. */
static GtkWidget *
find_alert (PrPage *page, const char *word, const char *button)
{
  GtkListBox *box = pr_alert_list_get_box (ui_child (page, PR_TYPE_ALERTS_PAGE, "list"));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (box, i)) != NULL; i++)
    if (PR_IS_ALERT_ROW (row) && ui_has_text (GTK_WIDGET (row), word)
        && (button == NULL || ui_find_label (GTK_WIDGET (row), button) != NULL))
      return GTK_WIDGET (row);
  return NULL;
}

static gboolean
has_bobs_alert (gpointer data)
{
  return find_alert (data, boxes[BOB].address, "Set Password…") != NULL;
}

static gboolean
has_no_alert_of_bob (gpointer data)
{
  return find_alert (data, boxes[BOB].address, "Set Password…") == NULL;
}

static void
walk_alert (Walk *walk)
{
  PrPage *page = ui_show_page (walk->window, "alerts");
  GtkWidget *row;

  ui_assert_wait (has_bobs_alert, page);
  /* The gates of before are mended, and their alerts are gone. */
  g_assert_null (find_alert (page, "approved", "Approve Now"));
  row = find_alert (page, boxes[BOB].address, "Set Password…");
  g_assert_true (ui_has_text (row, "password"));
  ui_check_names (row);
  ui_activate (row, "alert.fix", NULL);
  enter_password (boxes[BOB].password);
  /* ... and it is tested again. */
  ui_assert_wait (is_working, walk);
  expect_result (walk, 2, 0);
  ui_assert_wait (has_no_alert_of_bob, page);

  show_mailboxes (walk);
  pr_mailboxes_page_show (walk->mailboxes, PR_VIEW_ENABLED, 0, NULL);
  ui_settle ();
  ui_assert_wait (is_at_rest, walk);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (walk->mailboxes->list)), ==, N_BOXES);
}

/* --- The other face --------------------------------------------------------------------------- */

static void
expect_member (JsonObject *object, const char *name, const char *expected)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autofree char *text = NULL;

  if (node == NULL)
    g_error ("“%s” is missing", name);
  text = json_to_string (node, FALSE);
  g_assert_cmpstr (text, ==, expected);
}

static void
compare_mailboxes (PrCtlFixture *ctl)
{
  g_autoptr (JsonNode) node = ctl_json (ctl, "mailbox list --all --json", 0);
  JsonArray *list = json_node_get_array (node);

  g_assert_cmpuint (json_array_get_length (list), ==, N_BOXES);
  for (guint i = 0; i < N_BOXES; i++)
    {
      g_autofree char *call = g_strdup_printf ("mailbox show %s --json", boxes[i].address);
      g_autoptr (JsonNode) shown = ctl_json (ctl, call, 0);
      JsonObject *box = json_node_get_object (shown);

      expect_member (box, "profile_name", "\"House mail\"");
      expect_member (box, "incoming", "\"server-side\"");
      expect_member (box, "outgoing", "\"server-side\"");
      expect_member (box, "act", "\"none\"");
      expect_member (box, "kind", i == CLEO ? "\"queue\"" : "\"user\"");
      expect_member (box, "approval", "\"approved\"");
      expect_member (box, "allow_credentials", "true");
      expect_member (box, "password_set", "true");
      expect_member (box, "incoming_status", "\"success\"");
      expect_member (box, "outgoing_status", "\"success\"");
      expect_member (box, "incoming_enabled", "true");
      expect_member (box, "outgoing_enabled", "true");
    }
}

static void
compare (void)
{
  PrCtlFixture ctl = { g_strdup (ui_get_data_dir ()), g_strdup (ui_get_data_dir ()), FALSE };
  g_autoptr (JsonNode) gmail = ctl_json (&ctl, "profile show 'Our Gmail' --json", 0);
  g_autoptr (JsonNode) house = ctl_json (&ctl, "profile show 'House mail' --json", 0);
  g_autoptr (JsonNode) settings = ctl_json (&ctl, "settings show --json", 0);
  g_autoptr (JsonNode) alerts = ctl_json (&ctl, "alert list --severity error --json", 0);

  expect_member (json_node_get_object (gmail), "server_type", "\"gmail\"");
  expect_member (json_node_get_object (gmail), "is_default", "false");
  expect_member (json_node_get_object (house), "is_default", "true");
  expect_member (json_node_get_object (house), "description", "\"The server in the cellar\"");
  expect_member (json_node_get_object (settings), "incoming", "\"server-side\"");
  expect_member (json_node_get_object (settings), "act", "\"none\"");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (alerts)), ==, 0);
  compare_mailboxes (&ctl);
  /* All of them were moved away from there. */
  ctl_expect (&ctl, "profile test-mailboxes 'Our Gmail'", 0, "0 succeeded, 0 failed", "");
  g_free (ctl.folder);
  g_free (ctl.data_dir);
}

static void
test_article (void)
{
  g_autoptr (GError) error = NULL;
  Walk walk = { NULL };

  walk.server = pr_practice_server_new (&error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_BOXES; i++)
    pr_practice_server_add_mailbox (walk.server, boxes[i].address, boxes[i].password,
                                    PR_PRACTICE_WORKS);
  ui_new_data_dir ();
  walk.window = ui_open_window ();
  walk.environment = pr_window_get_environment (walk.window);
  walk_gmail (&walk);
  walk_pop3_smtp (&walk);
  walk_settings (&walk);
  walk_import (&walk);
  walk_new_mailbox (&walk);
  walk_apply_defaults (&walk);
  walk_change (&walk);
  walk_gate (&walk);
  walk_approve (&walk);
  walk_tests (&walk);
  walk_test_profile (&walk);
  walk_alert (&walk);
  compare ();
  ui_close_window (walk.window);
  pr_practice_server_free (walk.server);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/article", test_article);
  return ui_run ();
}
