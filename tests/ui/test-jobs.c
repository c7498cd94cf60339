/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Test & Enable in the window: progress and cancel, closing the window meanwhile, the background,
 * and the question before accounts could be locked. */

#include "ui-harness.h"

#include "pr-dialog.h"
#include "pr-job-bar.h"
#include "pr-practice-server.h"
#include "ui-fill.h"
#include "ui-notifier.h"
#include "ui-scene.h"

/* As often as somebody would in weeks where leaks are looked for, which takes half a minute. */
#ifdef __SANITIZE_ADDRESS__
#define N_AGAIN 50
#else
#define N_AGAIN 8
#endif

typedef struct
{
  PrWindow *window;
  UiSilentServer *silent;
} PrJobsTest;

/* A window with mailboxes on a server that never answers: a job that goes on. */
static void
set_up (PrJobsTest *test)
{
  g_autoptr (PrServerProfile) profile = NULL;
  PrEnvironment *environment;

  test->silent = ui_silent_server_new ();
  ui_new_data_dir ();
  test->window = ui_open_window ();
  environment = pr_window_get_environment (test->window);
  profile = ui_add_profile (environment, "Silent", ui_silent_server_get_port (test->silent),
                            ui_silent_server_get_port (test->silent), NULL);
  g_object_unref (ui_add_mailbox (environment, profile, "a@example.org", "one"));
  g_object_unref (ui_add_mailbox (environment, profile, "b@example.org", "two"));
}

static PrWindowJob *
start (PrWindow *window)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrWindowJob *job = pr_window_start_job (window, "All mailboxes", all, &pr_test_options_default);

  g_assert_nonnull (job);
  return job;
}

static gboolean
is_under_way (gpointer data)
{
  return pr_window_job_get_n_tests (data) > 0;
}

static gboolean
is_over (gpointer data)
{
  return !pr_window_job_is_running (data);
}

static gboolean
shows_progress (gpointer data)
{
  return ui_has_text (data, "0 of 4 tests");
}

static void
test_cancel (void)
{
  g_autoptr (PrSelection) all = pr_selection_new_all ();
  PrJobsTest test;
  PrWindowJob *job;
  GtkWidget *bar;
  gint64 before;
  int height;

  set_up (&test);
  job = start (test.window);
  ui_assert_wait (is_under_way, job);
  ui_assert_wait (shows_progress, test.window);
  bar = ui_find_type (GTK_WIDGET (test.window), PR_TYPE_JOB_BAR);
  ui_settle ();
  height = gtk_widget_get_height (bar);
  g_assert_false (ui_is_enabled (test.window, "win.close-job"));
  ui_check_names (GTK_WIDGET (test.window));
  /* One at a time. */
  g_assert_null (pr_window_start_job (test.window, "Again", all, &pr_test_options_default));

  before = g_get_monotonic_time ();
  ui_activate (test.window, "win.cancel-job", NULL);
  ui_assert_wait (is_over, job);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
  g_assert_true (ui_has_text (GTK_WIDGET (test.window), "4 cancelled"));
  /* Nothing jumps when it is over: the page is not laid out anew. */
  ui_settle ();
  g_assert_cmpint (height, >, 0);
  g_assert_cmpint (gtk_widget_get_height (bar), ==, height);
  ui_activate (test.window, "win.close-job", NULL);
  g_assert_null (pr_window_get_job (test.window));
  ui_close_window (test.window);
  ui_silent_server_free (test.silent);
}

static gboolean
is_notified (gpointer data)
{
  return ui_notifier_get_n () > GPOINTER_TO_UINT (data);
}

/* Closing asks; whoever keeps testing gets the window back with the result. */
static void
test_background (void)
{
  PrJobsTest test;
  PrWindowJob *job;
  GtkWindow *dialog;
  guint n_before;

  set_up (&test);
  job = start (test.window);
  ui_assert_wait (is_under_way, job);
  gtk_window_close (GTK_WINDOW (test.window));
  ui_settle ();
  dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_true (ui_has_text (GTK_WIDGET (dialog), "Keep Testing in the Background?"));
  pr_dialog_respond (dialog, "cancel");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (test.window)));

  gtk_window_close (GTK_WINDOW (test.window));
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "keep");
  ui_settle ();
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (test.window)));
  g_assert_true (pr_window_job_is_running (job));

  n_before = ui_notifier_get_n ();
  pr_window_job_cancel (job);
  ui_assert_wait (is_over, job);
  ui_assert_wait (is_notified, GUINT_TO_POINTER (n_before));
  g_assert_cmpstr (ui_notifier_get_last_title (), ==, "Tests Finished");
  g_assert_cmpstr (ui_notifier_get_last_body (), ==,
                   "0 tests passed · 4 cancelled · took 1 second");
  g_action_group_activate_action (G_ACTION_GROUP (ui_get_application ()), "show-result", NULL);
  ui_settle ();
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (test.window)));
  dialog = ui_find_dialog (g_type_from_name ("PrJobView"));
  g_assert_nonnull (dialog);
  gtk_window_destroy (dialog);
  ui_close_window (test.window);
  ui_silent_server_free (test.silent);
}

/* Rows of the list of causes of the view. */
static AdwExpanderRow *
get_cause_row (GtkWindow *view, guint i)
{
  GtkListBox *list = ui_child (view, g_type_from_name ("PrJobView"), "cause_list");
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int) i);

  return row != NULL ? ADW_EXPANDER_ROW (row) : NULL;
}

static gboolean
shows_steps (gpointer data)
{
  return ui_has_text (data, "Incoming: ") && ui_has_text (data, "a@example.org");
}

/* The view of a job that runs: how far it is, and which mailbox is at which step. */
static void
test_view_running (void)
{
  PrJobsTest test;
  PrWindowJob *job;
  GtkWindow *view;

  set_up (&test);
  job = start (test.window);
  ui_assert_wait (is_under_way, job);
  ui_activate (test.window, "win.show-job", NULL);
  ui_settle ();
  view = ui_find_dialog (g_type_from_name ("PrJobView"));
  g_assert_nonnull (view);
  ui_assert_wait (shows_steps, view);
  ui_assert_wait (shows_progress, view);
  ui_check_names (GTK_WIDGET (view));
  g_assert_false (ui_is_enabled (view, "job.again"));
  /* There is one view, however often somebody asks for it. */
  ui_activate (test.window, "win.show-job", NULL);
  ui_settle ();
  g_assert_true (view == ui_find_dialog (g_type_from_name ("PrJobView")));
  /* Whatever is in front, leaving the program asks. */
  g_action_group_activate_action (G_ACTION_GROUP (ui_get_application ()), "quit", NULL);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)),
                              "Keep Testing in the Background?"));
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "cancel");
  ui_settle ();
  ui_activate (view, "job.cancel", NULL);
  ui_assert_wait (is_over, job);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (view), "The tests were cancelled"));
  g_assert_null (get_cause_row (view, 0));
  gtk_window_close (view);
  ui_settle ();
  ui_close_window (test.window);
  ui_silent_server_free (test.silent);
}

static void
use_dead_server (PrWindow *window)
{
  PrEnvironment *environment = pr_window_get_environment (window);
  g_autoptr (PrServerProfile) profile = ui_add_profile (environment, "Example", 9, 9, NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *address = g_strdup_printf ("m%u@example.org", i);

      g_object_unref (ui_add_mailbox (environment, profile, address, "one"));
    }
  ui_run_sql (environment, ui_get_data_dir (), "UPDATE mailboxes SET approval = 'pending'");
}

static gboolean
is_another (gpointer data)
{
  gpointer *pair = data;

  return pr_window_get_job (pair[0]) != pair[1] && !pr_window_is_testing (pair[0]);
}

/* Three mailboxes with one cause are one row, and its button mends it for all three. */
static void
test_view_causes (void)
{
  PrWindow *window;
  PrWindowJob *job;
  GtkWindow *view;
  AdwExpanderRow *row;
  gpointer pair[2];
  int width;

  ui_new_data_dir ();
  window = ui_open_window ();
  use_dead_server (window);
  job = start (window);
  ui_assert_wait (is_over, job);
  ui_activate (window, "win.show-job", NULL);
  ui_settle ();
  view = ui_find_dialog (g_type_from_name ("PrJobView"));
  row = get_cause_row (view, 0);
  g_assert_nonnull (row);
  g_assert_null (get_cause_row (view, 1));
  g_assert_true (ui_has_text (GTK_WIDGET (row), "3 mailboxes"));
  g_assert_true (ui_has_text (GTK_WIDGET (row), "Approve Now"));
  g_assert_false (ui_has_text (GTK_WIDGET (row), "m2@example.org"));
  adw_expander_row_set_expanded (row, TRUE);
  ui_settle ();
  g_assert_true (ui_has_text (GTK_WIDGET (row), "m2@example.org"));
  ui_check_names (GTK_WIDGET (view));
  gtk_widget_measure (GTK_WIDGET (view), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  g_assert_cmpint (width, <=, 360);

  /* Approved, they are tested again, and the view shows what comes next. */
  pair[0] = window;
  pair[1] = job;
  g_signal_emit_by_name (row, "fix");
  ui_assert_wait (is_another, pair);
  ui_settle ();
  g_assert_false (ui_has_text (GTK_WIDGET (view), "Approve Now"));
  g_assert_nonnull (get_cause_row (view, 0));
  gtk_window_close (view);
  ui_settle ();
  ui_close_window (window);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
test_stop (void)
{
  PrJobsTest test;
  g_autoptr (PrWindowJob) job = NULL;
  gpointer weak;

  set_up (&test);
  job = g_object_ref (start (test.window));
  ui_assert_wait (is_under_way, job);
  weak = test.window;
  g_object_add_weak_pointer (G_OBJECT (test.window), &weak);
  gtk_window_close (GTK_WINDOW (test.window));
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "stop");
  ui_assert_wait (is_gone, &weak);
  ui_assert_wait (is_over, job);
  ui_silent_server_free (test.silent);
}

static gboolean
is_practice (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);

  return environment != NULL && ui_has_text (data, "Practice: everything here is thrown away");
}

static gboolean
is_own (gpointer data)
{
  PrEnvironment *environment = pr_window_get_environment (data);

  return environment != NULL && !is_practice (data);
}

/* Another environment is not shown before the tests of this one have ended. */
static void
test_switch (void)
{
  PrJobsTest test;
  g_autoptr (PrWindowJob) job = NULL;

  set_up (&test);
  job = g_object_ref (start (test.window));
  ui_assert_wait (is_under_way, job);
  ui_activate (test.window, "win.practice", NULL);
  ui_settle ();
  g_assert_true (
      ui_has_text (GTK_WIDGET (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)), "Stop Testing?"));
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "cancel");
  ui_settle ();
  g_assert_true (pr_window_job_is_running (job));
  g_assert_true (is_own (test.window));

  ui_activate (test.window, "win.practice", NULL);
  ui_settle ();
  pr_dialog_respond (ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG), "stop");
  ui_assert_wait (is_practice, test.window);
  g_assert_false (pr_window_job_is_running (job));
  /* Its result belongs to the environment that was left. */
  g_assert_null (pr_window_get_job (test.window));
  ui_activate (test.window, "win.leave-practice", NULL);
  ui_assert_wait (is_own, test.window);
  ui_close_window (test.window);
  ui_silent_server_free (test.silent);
}

static gboolean
is_asked (gpointer data)
{
  return ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG) != NULL;
}

/* Refused log-ins in a row hold the server's queue, and ask. */
static void
test_held (void)
{
  g_autoptr (GError) error = NULL;
  PrPracticeServer *server = pr_practice_server_new (&error);
  g_autoptr (PrServerProfile) profile = NULL;
  PrEnvironment *environment;
  PrWindow *window;
  PrWindowJob *job;
  GtkWindow *dialog;

  g_assert_no_error (error);
  ui_new_data_dir ();
  window = ui_open_window ();
  environment = pr_window_get_environment (window);
  profile = ui_add_profile (environment, "Practice",
                            pr_practice_server_get_port (server, PR_PRACTICE_POP3S),
                            pr_practice_server_get_port (server, PR_PRACTICE_SMTPS),
                            pr_practice_server_get_ca_pem (server));
  g_object_set (profile, "max-connections", (gint64) 1, NULL);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *address = g_strdup_printf ("m%u@practice.example", i);

      pr_practice_server_add_mailbox (server, address, "right", PR_PRACTICE_WORKS);
      g_object_unref (ui_add_mailbox (environment, profile, address, "wrong"));
    }
  job = start (window);
  ui_assert_wait (is_asked, NULL);
  dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_true (ui_has_text (GTK_WIDGET (dialog), "lock the accounts"));
  while ((dialog = ui_find_dialog (ADW_TYPE_MESSAGE_DIALOG)) != NULL)
    {
      pr_dialog_respond (dialog, "cancel");
      ui_settle ();
    }
  ui_assert_wait (is_over, job);
  g_assert_cmpuint (pr_window_job_get_summary (job)->n_not_run, >, 0);
  ui_close_window (window);
  pr_practice_server_free (server);
}

/* Closing and opening again while tests run leaves nothing behind that holds a window. */
static void
test_again_and_again (void)
{
  PrJobsTest test;
  guint n = g_test_slow () ? 50 : N_AGAIN;

  set_up (&test);
  ui_close_window (test.window);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PrWindowJob) job = NULL;

      test.window = ui_open_window ();
      job = g_object_ref (start (test.window));
      ui_assert_wait (is_under_way, job);
      ui_close_window (test.window);
      ui_assert_wait (is_over, job);
    }
  ui_silent_server_free (test.silent);
}

int
main (int argc, char **argv)
{
  ui_init (&argc, &argv);
  g_test_add_func ("/ui/jobs/cancel", test_cancel);
  g_test_add_func ("/ui/jobs/background", test_background);
  g_test_add_func ("/ui/jobs/stop", test_stop);
  g_test_add_func ("/ui/jobs/switch", test_switch);
  g_test_add_func ("/ui/jobs/view-running", test_view_running);
  g_test_add_func ("/ui/jobs/view-causes", test_view_causes);
  g_test_add_func ("/ui/jobs/held", test_held);
  g_test_add_func ("/ui/jobs/again", test_again_and_again);
  return ui_run ();
}
