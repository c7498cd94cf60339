/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxForm: what the tests have found: statuses, reports, and the steps of a test while it
 * runs. Main thread. */

#include "pr-mailbox-form-private.h"

#include "pr-report-text.h"
#include "pr-words.h"

#include <glib/gi18n.h>

static const char *const colours[] = { "status-success", "status-failure", "status-warning",
                                       "status-waiting" };

static void
show_row (AdwActionRow *row, GtkImage *icon, const char *text, const char *name, const char *colour)
{
  adw_action_row_set_subtitle (row, text);
  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (icon), colours[i]);
  gtk_widget_add_css_class (GTK_WIDGET (icon), colour);
  gtk_image_set_from_icon_name (icon, name);
}

static void
show_approval (PrMailboxForm *self)
{
  PrApproval approval = (PrApproval) pr_mailbox_get (self->mailbox, APPROVAL);
  const char *word = pr_word_of (PR_TYPE_APPROVAL, (int) approval);
  gboolean needed =
      self->id != 0
      && pr_mailbox_needs_approval (self->mailbox, pr_environment_get_settings (self->environment));

  switch (approval)
    {
      case PR_APPROVAL_APPROVED:
        show_row (self->approval_row, self->approval_icon, word, "postroom-success-symbolic",
                  "status-success");
        break;
      case PR_APPROVAL_REJECTED:
        show_row (self->approval_row, self->approval_icon, word, "postroom-failure-symbolic",
                  "status-failure");
        break;
      case PR_APPROVAL_EMPTY:
      case PR_APPROVAL_PENDING:
        show_row (self->approval_row, self->approval_icon, word, "postroom-waiting-symbolic",
                  "status-warning");
        break;
    }
  gtk_label_set_label (self->approval_label,
                       approval == PR_APPROVAL_REJECTED
                           ? _ ("This email address was rejected: the mailbox cannot be tested.")
                           : _ ("This email address is not approved yet: the mailbox cannot be "
                                "tested."));
  gtk_revealer_set_reveal_child (self->approval_revealer, needed);
}

static char *
describe_direction (PrMailboxForm *self, PrDirection direction)
{
  const char *code_word = pr_mailbox_get_code (self->mailbox, direction);
  const char *status =
      pr_word_of (PR_TYPE_TEST_STATUS, (int) pr_mailbox_get_status (self->mailbox, direction));
  PrCode code;

  if (pr_mailbox_get_status (self->mailbox, direction) == PR_TEST_STATUS_FAILURE
      && pr_code_from_word (code_word, &code))
    return g_strdup_printf ("%s · %s", status, pr_word_of_code (code));
  if (pr_mailbox_is_enabled (self->mailbox, direction))
    return g_strdup_printf ("%s · %s", status, _ ("Enabled"));
  if (pr_mailbox_get_method (self->mailbox, direction) == PR_SYNC_METHOD_NONE)
    return g_strdup (pr_word_of (PR_TYPE_SYNC_METHOD, PR_SYNC_METHOD_NONE));
  return g_strdup (status);
}

static void
show_direction (PrMailboxForm *self, PrDirection direction)
{
  gboolean incoming = direction == PR_DIRECTION_INCOMING;
  AdwActionRow *row = incoming ? self->incoming_row : self->outgoing_row;
  GtkImage *icon = incoming ? self->incoming_icon : self->outgoing_icon;
  g_autofree char *text = describe_direction (self, direction);

  switch (pr_mailbox_get_status (self->mailbox, direction))
    {
      case PR_TEST_STATUS_NOT_RUN:
        show_row (row, icon, text, "postroom-not-run-symbolic", "status-waiting");
        break;
      case PR_TEST_STATUS_SUCCESS:
        show_row (row, icon, text, "postroom-success-symbolic", "status-success");
        break;
      case PR_TEST_STATUS_FAILURE:
        show_row (row, icon, text, "postroom-failure-symbolic", "status-failure");
        break;
    }
}

static char *
describe_run (PrMailbox *mailbox)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    if (pr_mailbox_get_retry_at (mailbox, direction) != 0)
      {
        g_autofree char *time = pr_word_of_time (pr_mailbox_get_retry_at (mailbox, direction));

        /* Translators: the number of the try, and a time */
        return g_strdup_printf (_ ("Retry %u: %s"), pr_mailbox_get_retry (mailbox, direction),
                                time);
      }
  return pr_word_of_field (PR_RECORD (mailbox), PR_MAILBOX_RUN_STATE);
}

/* What the mailbox says of itself. */
void
pr_mailbox_form_show_status (PrMailboxForm *self)
{
  g_autofree char *run = describe_run (self->mailbox);
  g_autofree char *tested = pr_word_of_time (pr_mailbox_get (self->mailbox, TESTED_AT));
  g_autofree char *act = pr_word_of_field (PR_RECORD (self->mailbox), PR_MAILBOX_ACT_STATUS);

  gtk_widget_set_visible (GTK_WIDGET (self->status_group), self->id != 0);
  show_approval (self);
  show_direction (self, PR_DIRECTION_INCOMING);
  show_direction (self, PR_DIRECTION_OUTGOING);
  show_row (self->act_row, self->act_icon, act, "postroom-not-run-symbolic", "status-waiting");
  show_row (self->run_row, self->run_icon, run, "postroom-waiting-symbolic", "status-waiting");
  adw_action_row_set_subtitle (self->tested_row, *tested != '\0' ? tested : C_ ("test", "Never"));
}

/* --- Reports ---------------------------------------------------------------------------------- */

typedef struct
{
  PrMailboxForm *form;
  gint64 id;
  PrDirection direction;
} PrReportLoad;

static void
show_report (PrMailboxForm *self, PrDirection direction, PrReport *report)
{
  gboolean incoming = direction == PR_DIRECTION_INCOMING;

  pr_step_tree_set_report (incoming ? self->incoming_tree : self->outgoing_tree, report);
  gtk_widget_set_visible (GTK_WIDGET (incoming ? self->incoming_group : self->outgoing_group),
                          report != NULL);
}

static void
on_report_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree PrReportLoad *load = user_data;
  g_autoptr (PrMailboxForm) self = load->form;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrReport) report =
      pr_environment_load_report_finish (PR_ENVIRONMENT (source), result, &error);

  /* A late answer never lands in a newer question. */
  if (self->id == load->id && self->environment == (PrEnvironment *) source && error == NULL)
    show_report (self, load->direction, report);
}

/* Reads the last reports. */
void
pr_mailbox_form_load_reports (PrMailboxForm *self)
{
  for (PrDirection direction = 0; direction < PR_N_DIRECTIONS; direction++)
    {
      PrReportLoad *load;

      if (self->id == 0)
        {
          show_report (self, direction, NULL);
          continue;
        }
      load = g_new0 (PrReportLoad, 1);
      load->form = g_object_ref (self);
      load->id = self->id;
      load->direction = direction;
      pr_environment_load_report_async (self->environment, self->id, direction, self->cancellable,
                                        on_report_loaded, load);
    }
}

/* --- A test that runs ------------------------------------------------------------------------- */

static void
on_progress (PrMailboxForm *self, gint64 id, PrDirection direction, PrStep step)
{
  gboolean incoming = direction == PR_DIRECTION_INCOMING;
  PrStepTree *tree = incoming ? self->incoming_tree : self->outgoing_tree;

  g_assert (PR_IS_MAILBOX_FORM (self));

  if (id != self->id || id == 0)
    return;
  if (pr_step_tree_get_report (tree) != NULL || !gtk_widget_get_visible (GTK_WIDGET (tree)))
    {
      pr_step_tree_begin (tree,
                          incoming ? _ ("Testing incoming email…") : _ ("Testing outgoing email…"));
      gtk_widget_show (GTK_WIDGET (incoming ? self->incoming_group : self->outgoing_group));
    }
  pr_step_tree_set_step (tree, step);
}

static void
on_report (PrMailboxForm *self, gint64 id, PrReport *report)
{
  g_assert (PR_IS_MAILBOX_FORM (self));

  if (id == self->id && id != 0 && report->outcome != PR_OUTCOME_SKIPPED)
    show_report (self, report->direction, report);
}

/* Shows the steps of @job as they come, if it is about this mailbox. */
void
pr_mailbox_form_watch_job (PrMailboxForm *self, PrWindowJob *job)
{
  if (self->job == job)
    return;
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  if (job == NULL)
    return;
  g_signal_connect_swapped (job, "progress", G_CALLBACK (on_progress), self);
  g_signal_connect_swapped (job, "report", G_CALLBACK (on_report), self);
}
