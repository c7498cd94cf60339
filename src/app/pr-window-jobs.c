/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: Test & Enable. One job at a time; what happens when a server refuses log-ins, when a
 * job ends while nobody looks, and when the window is closed meanwhile. What failed for a while is
 * tried again for as long as the window is open. Main thread. */

#include "pr-window-private.h"

#include "pr-dialog.h"
#include "pr-job-text.h"
#include "pr-report-text.h"

#include <glib/gi18n.h>

#define NOTIFICATION_ID "job"
#define LINGER_SECONDS 600 /* after a job in the background, so that its result can be opened */

/* --- Refused log-ins -------------------------------------------------------------------------- */

static void
on_held_answer (const char *response, gpointer user_data)
{
  pr_test_hold_answer (user_data, g_str_equal (response, "go-on"));
}

static void
hold_unref (gpointer data)
{
  pr_test_hold_unref (data);
}

static void
on_held (PrWindow *self, const char *host, guint n_waiting, PrReport *cause, PrTestHold *hold)
{
  g_autofree char *heading = g_strdup_printf (_ ("“%s” Refuses Log-Ins"), host);
  g_autofree char *summary = pr_report_text_get_summary (cause);
  g_autofree char *waiting = g_strdup_printf (
      ngettext ("%u more test waits for this server. Going on could lock the accounts.",
                "%u more tests wait for this server. Going on could lock the accounts.", n_waiting),
      n_waiting);
  g_autofree char *body = g_strdup_printf (
      _ ("It refused several in a row, the last one like this: %s\n\n%s"), summary, waiting);

  g_assert (PR_IS_WINDOW (self));

  pr_window_come_back (self);
  g_clear_weak_pointer (&self->held_dialog);
  g_set_weak_pointer (&self->held_dialog,
                      pr_dialog_ask (GTK_WIDGET (self), heading, body, "go-on", _ ("_Go On"),
                                     ADW_RESPONSE_DESTRUCTIVE, on_held_answer,
                                     pr_test_hold_ref (hold), hold_unref));
}

/* --- The end of a job ------------------------------------------------------------------------- */

static void
notify_end (PrWindow *self, PrWindowJob *job)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *body = NULL;

  if (self->settings != NULL && !g_settings_get_boolean (self->settings, "notify-jobs"))
    return;
  notification = g_notification_new (_ ("Tests Finished"));
  body = pr_job_text_get_state (job);
  g_notification_set_body (notification, body);
  g_notification_set_default_action (notification, "app.show-result");
  g_application_send_notification (application, NOTIFICATION_ID, notification);
}

static gboolean
on_linger_over (gpointer user_data)
{
  PrWindow *self = user_data;

  self->background_source = 0;
  if (!pr_window_wait_to_close (self))
    gtk_window_destroy (GTK_WINDOW (self));
  return G_SOURCE_REMOVE;
}

static void
on_job_finished (PrWindow *self, PrWindowJob *job)
{
  g_autofree char *text = pr_job_text_get_state (job);

  g_assert (PR_IS_WINDOW (self));

  pr_window_tell_job (self);
  /* What was asked about is not waited for any more. */
  if (self->held_dialog != NULL)
    gtk_window_destroy (self->held_dialog);
  if (self->closing_source != 0)
    return;
  if (!gtk_window_is_active (GTK_WINDOW (self)) || self->in_background)
    notify_end (self, job);
  if (self->in_background)
    self->background_source = g_timeout_add_seconds (LINGER_SECONDS, on_linger_over, self);
  pr_window_announce (self, text);
  pr_window_data_changed (self);
  pr_window_update_actions (self);
  pr_window_go_on_after_job (self);
}

/**
 * pr_window_start_job:
 * @self: a window
 * @title: what it is about, such as “All mailboxes of Example mail”
 * @selection: which mailboxes
 * @options: what to test
 *
 * Starts Test & Enable and shows its progress. One job at a time: actions that start one are not
 * sensitive while one runs.
 *
 * Returns: (transfer none) (nullable): the job; %NULL when another one is running
 */
PrWindowJob *
pr_window_start_job (PrWindow *self,
                     const char *title,
                     PrSelection *selection,
                     const PrTestOptions *options)
{
  g_autoptr (PrWindowJob) job = NULL;

  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);
  g_return_val_if_fail (self->environment != NULL, NULL);

  if (pr_window_is_testing (self))
    return NULL;
  job = pr_window_job_new (self->environment, title, selection, options);
  g_signal_connect_object (job, "held", G_CALLBACK (on_held), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_job_finished), self, G_CONNECT_SWAPPED);
  pr_job_bar_set_job (self->job_bar, job);
  pr_window_job_start (job);
  pr_window_tell_job (self);
  if (self->job_view != NULL)
    pr_job_view_set_job (self->job_view, job);
  pr_window_update_actions (self);
  return pr_job_bar_get_job (self->job_bar);
}

/**
 * pr_window_get_job:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the job that runs, or ran last and is still shown
 */
PrWindowJob *
pr_window_get_job (PrWindow *self)
{
  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  return pr_job_bar_get_job (self->job_bar);
}

gboolean
pr_window_is_testing (PrWindow *self)
{
  PrWindowJob *job = pr_window_get_job (self);

  return job != NULL && pr_window_job_is_running (job);
}

/* Shows what the job does, or did. */
void
pr_window_show_job (PrWindow *self)
{
  if (pr_window_get_job (self) == NULL)
    return;
  if (self->job_view == NULL)
    g_set_weak_pointer (&self->job_view, pr_job_view_new (self));
  pr_job_view_set_job (self->job_view, pr_window_get_job (self));
  gtk_window_present (GTK_WINDOW (self->job_view));
}

/* Forgets what came out of a job that has ended. */
void
pr_window_close_job (PrWindow *self)
{
  if (self->job_view != NULL)
    gtk_window_destroy (GTK_WINDOW (self->job_view));
  pr_job_bar_set_job (self->job_bar, NULL);
  pr_window_update_actions (self);
}

/* --- Another environment ---------------------------------------------------------------------- */

/* Does what had to wait for the end of the job. */
void
pr_window_go_on_after_job (PrWindow *self)
{
  const char *action = g_steal_pointer (&self->action_after);
  g_autofree char *target = g_steal_pointer (&self->target_after);

  if (action != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (self), action,
                                        target != NULL ? g_variant_new_string (target) : NULL);
}

typedef struct
{
  PrWindow *window;
  const char *action;
  char *target; /* (nullable) */
} PrStopQuestion;

static void
stop_question_free (gpointer data)
{
  PrStopQuestion *question = data;

  g_object_unref (question->window);
  g_free (question->target);
  g_free (question);
}

static void
on_stop_answer (const char *response, gpointer user_data)
{
  PrStopQuestion *question = user_data;
  PrWindow *self = question->window;

  if (!g_str_equal (response, "stop"))
    return;
  self->action_after = question->action;
  g_free (self->target_after);
  self->target_after = g_strdup (question->target);
  if (pr_window_is_testing (self))
    pr_window_job_cancel (pr_window_get_job (self));
  else
    pr_window_go_on_after_job (self);
}

/* Tests belong to the environment that is shown.
 *
 * Returns: whether some are running: then somebody is asked, and @action, which must stay, is
 *   activated with @target when they have been stopped. */
gboolean
pr_window_ask_to_stop (PrWindow *self, const char *action, const char *target)
{
  PrStopQuestion *question;

  if (!pr_window_is_testing (self))
    return FALSE;
  question = g_new0 (PrStopQuestion, 1);
  question->window = g_object_ref (self);
  question->action = action;
  question->target = g_strdup (target);
  pr_dialog_ask (GTK_WIDGET (self), _ ("Stop Testing?"),
                 _ ("Tests are running in this environment. When they are stopped, what was not "
                    "tested yet stays as it is."),
                 "stop", _ ("_Stop and Switch"), ADW_RESPONSE_DESTRUCTIVE, on_stop_answer, question,
                 stop_question_free);
  return TRUE;
}

/* --- Closing ---------------------------------------------------------------------------------- */

static void
go_to_background (PrWindow *self)
{
  self->in_background = TRUE;
  g_application_hold (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
  gtk_widget_hide (GTK_WIDGET (self));
}

/**
 * pr_window_come_back:
 * @self: a window
 *
 * Shows it again if it went to the background while a job ran.
 */
void
pr_window_come_back (PrWindow *self)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  g_return_if_fail (PR_IS_WINDOW (self));

  g_clear_handle_id (&self->background_source, g_source_remove);
  if (!self->in_background)
    return;
  self->in_background = FALSE;
  g_application_withdraw_notification (application, NOTIFICATION_ID);
  gtk_window_present (GTK_WINDOW (self));
  g_application_release (application);
}

static void
close_and_cancel (PrWindow *self)
{
  pr_window_job_cancel (pr_window_get_job (self));
  if (!pr_window_wait_to_close (self))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
on_close_answer (const char *response, gpointer user_data)
{
  PrWindow *self = user_data;

  if (g_str_equal (response, "keep"))
    go_to_background (self);
  else if (g_str_equal (response, "stop"))
    close_and_cancel (self);
}

static void
ask_about_close (PrWindow *self)
{
  GtkWindow *dialog = pr_dialog_ask (
      GTK_WIDGET (self), _ ("Keep Testing in the Background?"),
      _ ("Tests are still running. What was not tested yet stays as it is when they are "
         "cancelled."),
      "keep", _ ("_Keep Testing"), ADW_RESPONSE_SUGGESTED, on_close_answer, g_object_ref (self),
      g_object_unref);

  pr_dialog_add_response (dialog, "stop", _ ("_Stop and Close"), ADW_RESPONSE_DESTRUCTIVE);
}

/* Returns: whether the window stays. */
gboolean
pr_window_close_request (GtkWindow *window)
{
  PrWindow *self = PR_WINDOW (window);
  g_autofree char *wish = self->settings != NULL
                              ? g_settings_get_string (self->settings, "run-in-background")
                              : g_strdup ("ask");

  if (self->closing_source != 0)
    return TRUE;
  if (!pr_window_is_testing (self))
    return pr_window_ask_to_discard (self, NULL, NULL) || pr_window_wait_to_close (self);
  if (g_str_equal (wish, "keep"))
    go_to_background (self);
  else if (pr_window_ask_to_discard (self, NULL, NULL))
    return TRUE;
  else if (g_str_equal (wish, "cancel"))
    close_and_cancel (self);
  else
    ask_about_close (self);
  return TRUE;
}

/* --- Trying again ----------------------------------------------------------------------------- */

void
pr_window_start_retries (PrWindow *self)
{
  pr_window_stop_retries (self);
  if (pr_environment_is_read_only (self->environment))
    return;
  self->retries = pr_retry_runner_new (self->environment, &pr_test_options_default, NULL, NULL);
  pr_retry_runner_start (self->retries);
}

void
pr_window_stop_retries (PrWindow *self)
{
  if (self->retries != NULL)
    pr_retry_runner_stop (self->retries);
  g_clear_object (&self->retries);
}

void
pr_window_dispose_jobs (PrWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  g_clear_handle_id (&self->background_source, g_source_remove);
  g_clear_weak_pointer (&self->held_dialog);
  if (self->job_view != NULL)
    gtk_window_destroy (GTK_WINDOW (self->job_view));
  g_clear_weak_pointer (&self->job_view);
  pr_window_stop_retries (self);
  if (self->job_bar != NULL && pr_window_is_testing (self))
    pr_window_job_cancel (pr_window_get_job (self));
  if (self->in_background && application != NULL)
    g_application_release (G_APPLICATION (application));
  self->in_background = FALSE;
}
