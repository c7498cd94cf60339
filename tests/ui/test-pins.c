/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pinned certificates, as an admin meets them: while a profile is set up what the server shows can
 * be taken over; afterwards a change is a hard stop, and the new one is not offered. */

#include "ui-fill.h"
#include "ui-harness.h"
#include "ui-scene.h"

#include "pr-choice-row.h"
#include "pr-pin-dialog.h"
#include "pr-pin.h"
#include "pr-practice-server.h"
#include "pr-profile-form.h"

#define OTHER_PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

typedef struct
{
  PrPracticeServer *server;
  PrWindow *window;
  PrEnvironment *environment;
  PrPage *page;
  GtkWidget *form;
} Fixture;

/* A profile that does not know the server's authority. */
static void
set_up (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrServerProfile) profile = NULL;

  fixture->server = pr_practice_server_new (&error);
  g_assert_no_error (error);
  ui_new_data_dir ();
  fixture->window = ui_open_window ();
  fixture->environment = pr_window_get_environment (fixture->window);
  profile = ui_add_profile (fixture->environment, "Ours",
                            pr_practice_server_get_port (fixture->server, PR_PRACTICE_POP3S),
                            pr_practice_server_get_port (fixture->server, PR_PRACTICE_SMTPS), NULL);
  fixture->page = ui_show_page (fixture->window, "profiles");
}

static void
tear_down (Fixture *fixture)
{
  ui_close_window (fixture->window);
  pr_practice_server_free (fixture->server);
}

static void
open_form (Fixture *fixture)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->page), "profile.edit", "x", (gint64) 1));
  ui_settle ();
  fixture->form = ui_find_type (GTK_WIDGET (fixture->page), PR_TYPE_PROFILE_FORM);
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
find (Fixture *fixture)
{
  return pr_environment_find_profile (fixture->environment, "Ours");
}

static GtkWidget *
find_dialog (void)
{
  return GTK_WIDGET (ui_find_dialog (PR_TYPE_PIN_DIALOG));
}

static void
enter (const char *id, const char *text)
{
  gtk_editable_set_text (ui_child (find_dialog (), PR_TYPE_PIN_DIALOG, id), text);
}

/* @root: NULL: the dialog */
static void
wait_until_said (GtkWidget *root, const char *part)
{
  ui_wait_until_said (root, PR_TYPE_PIN_DIALOG, part);
}

static void
look (Fixture *fixture, const char *state)
{
  ui_activate (fixture->form, "form.set-incoming-pin", NULL);
  wait_until_said (NULL, state);
  ui_check_names (find_dialog ());
  ui_check_width (find_dialog ());
}

static void
close_dialog (void)
{
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  ui_settle ();
}

static void
test_first_use (void)
{
  Fixture fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autofree char *pin = NULL;
  g_autofree char *shown = NULL;

  set_up (&fixture);
  open_form (&fixture);
  g_assert_true (ui_has_text (fixture.form, "None: the certificate is verified"));
  look (&fixture, "It is not verified");
  g_assert_true (ui_has_text (find_dialog (), "This profile is being set up"));
  g_assert_false (ui_is_enabled (find_dialog (), "pin.set"));
  ui_activate (find_dialog (), "pin.use", NULL);
  /* Not without a reason. */
  g_assert_false (ui_is_enabled (find_dialog (), "pin.set"));
  enter ("reason_row", "Compared with Berta by telephone");
  pin = pr_pin_parse (
      gtk_editable_get_text (ui_child (find_dialog (), PR_TYPE_PIN_DIALOG, "pin_row")));
  g_assert_nonnull (pin);
  ui_activate (find_dialog (), "pin.set", NULL);
  ui_settle ();
  shown = pr_pin_format (pin);
  g_assert_true (ui_has_text (fixture.form, shown));
  g_assert_true (ui_has_text (fixture.form, "will be pinned on save"));
  save (&fixture);
  profile = find (&fixture);
  g_assert_cmpstr (pr_server_profile_get_text (profile, INCOMING_PIN), ==, pin);
  g_assert_cmpint (pr_server_profile_get (profile, INCOMING_PINNED_AT), >, 0);

  open_form (&fixture);
  g_assert_true (ui_has_text (fixture.form, "Since: Today"));
  look (&fixture, "It is the pinned one");
  g_assert_false (ui_is_enabled (find_dialog (), "pin.use"));
  close_dialog ();
  ui_activate (fixture.form, "form.remove-incoming-pin", NULL);
  save (&fixture);
  g_clear_object (&profile);
  profile = find (&fixture);
  g_assert_cmpstr (pr_server_profile_get_text (profile, INCOMING_PIN), ==, "");
  g_assert_cmpstr (pr_server_profile_get_text (profile, INCOMING_PIN_REASON), ==, "");
  g_assert_cmpint (pr_server_profile_get (profile, INCOMING_PINNED_AT), ==, 0);
  tear_down (&fixture);
}

/* A server that worked: what it shows now is not offered, but a fingerprint can be entered. */
static void
test_worked (void)
{
  Fixture fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *sql = NULL;

  set_up (&fixture);
  profile = find (&fixture);
  mailbox = ui_add_mailbox (fixture.environment, profile, "m@practice.example", "right");
  sql = g_strdup_printf (
      "INSERT INTO facts (mailbox_id, direction, server, seen_at, capabilities, mechanisms,"
      " mechanism, tls_version, certificate, issuer, not_after, usual_us, n_seen,"
      " expected_mechanism, expected_tls) VALUES (1, 'incoming', 'localhost:%u ssl',"
      " 1700000000000000, '', '', '', '', '', '', 0, 1, 1, '', '')",
      pr_server_profile_get_port (profile, PR_DIRECTION_INCOMING));
  ui_run_sql (fixture.environment, ui_get_data_dir (), sql);
  open_form (&fixture);
  look (&fixture, "It is not verified");
  wait_until_said (NULL, "This server worked on");
  g_assert_false (ui_is_enabled (find_dialog (), "pin.use"));
  enter ("reason_row", "Told by Berta");
  enter ("pin_row", "AB:CD");
  g_assert_true (ui_has_text (find_dialog (), "64 hexadecimal digits"));
  g_assert_false (ui_is_enabled (find_dialog (), "pin.set"));
  enter ("pin_row", "sha256 Fingerprint=00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF");
  ui_activate (find_dialog (), "pin.set", NULL);
  ui_settle ();
  save (&fixture);
  g_clear_object (&profile);
  profile = find (&fixture);
  g_assert_cmpstr (pr_server_profile_get_text (profile, INCOMING_PIN), ==, OTHER_PIN);

  open_form (&fixture);
  look (&fixture, "It is another one than the pinned one");
  g_assert_false (ui_is_enabled (find_dialog (), "pin.use"));
  close_dialog ();
  tear_down (&fixture);
}

static gboolean
is_over (gpointer data)
{
  return !pr_window_is_testing (data);
}

static gboolean
has_button (gpointer data)
{
  return ui_find_label (data, "Compare Certificates…") != NULL;
}

static gboolean
has_question (gpointer data)
{
  return ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

/* The alert shows old beside new, and does not offer to trust the new one. */
static void
test_alert (void)
{
  Fixture fixture;
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  g_autofree char *old = pr_pin_format (OTHER_PIN);
  GtkWidget *dialog, *button;
  PrPage *wall;

  set_up (&fixture);
  profile = find (&fixture);
  mailbox = ui_add_mailbox (fixture.environment, profile, "m@practice.example", "right");
  open_form (&fixture);
  look (&fixture, "It is not verified");
  enter ("pin_row", OTHER_PIN);
  enter ("reason_row", "A mistake");
  ui_activate (find_dialog (), "pin.set", NULL);
  ui_settle ();
  save (&fixture);
  g_assert_nonnull (pr_window_start_job (fixture.window, "All", all, &pr_test_options_default));
  ui_assert_wait (is_over, fixture.window);
  wall = ui_show_page (fixture.window, "alerts");
  ui_assert_wait (has_button, wall);
  button = gtk_widget_get_ancestor (ui_find_label (GTK_WIDGET (wall), "Compare Certificates…"),
                                    GTK_TYPE_BUTTON);
  g_signal_emit_by_name (button, "clicked");
  ui_assert_wait (has_question, NULL);
  dialog = GTK_WIDGET (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG));
  g_assert_true (ui_has_text (dialog, old));
  g_assert_true (ui_has_text (dialog, "Shown now: "));
  g_assert_false (ui_has_text (dialog, "Trust"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  ui_settle ();
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/pins/first-use", test_first_use);
  g_test_add_func ("/ui/pins/worked", test_worked);
  g_test_add_func ("/ui/pins/alert", test_alert);
  return ui_run ();
}
