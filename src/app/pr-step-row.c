/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrStepRow: one step of a test. Main thread. */

#include "pr-step-row.h"

#include "pr-report-text.h"

#include <glib/gi18n.h>

struct _PrStepRow
{
  AdwActionRow parent_instance;

  /* Borrowed children */
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *state_label;

  PrStep step;
  gint64 started_at; /* monotonic; of a step that runs */
};

G_DEFINE_FINAL_TYPE (PrStepRow, pr_step_row, ADW_TYPE_ACTION_ROW)

const char *
pr_outcome_get_icon_name (PrOutcome outcome)
{
  switch (outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return "postroom-success-symbolic";
      case PR_OUTCOME_FAILURE:
        return "postroom-failure-symbolic";
      case PR_OUTCOME_CANCELLED:
        return "postroom-cancelled-symbolic";
      case PR_OUTCOME_SKIPPED:
        return "postroom-not-run-symbolic";
    }
  g_return_val_if_reached (NULL);
}

const char *
pr_outcome_get_css_class (PrOutcome outcome)
{
  switch (outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return "status-success";
      case PR_OUTCOME_FAILURE:
        return "status-failure";
      case PR_OUTCOME_CANCELLED:
        return "status-warning";
      case PR_OUTCOME_SKIPPED:
        return "status-waiting";
    }
  g_return_val_if_reached (NULL);
}

const char *
pr_outcome_get_label (PrOutcome outcome)
{
  switch (outcome)
    {
      case PR_OUTCOME_SUCCESS:
        return C_ ("outcome of a step", "Passed");
      case PR_OUTCOME_FAILURE:
        return C_ ("outcome of a step", "Failed");
      case PR_OUTCOME_CANCELLED:
        return C_ ("outcome of a step", "Cancelled");
      case PR_OUTCOME_SKIPPED:
        return C_ ("outcome of a step", "Not run");
    }
  g_return_val_if_reached (NULL);
}

static char *
describe_elapsed (gint64 elapsed_us)
{
  if (elapsed_us < G_USEC_PER_SEC)
    return g_strdup_printf (_ ("%.0f ms"), (double) elapsed_us / 1000.0);
  return g_strdup_printf (_ ("%.1f s"), (double) elapsed_us / G_USEC_PER_SEC);
}

static void
set_state (PrStepRow *self, PrOutcome outcome, gint64 elapsed_us, gboolean timed)
{
  const char *word = pr_outcome_get_label (outcome);
  g_autofree char *elapsed = timed ? describe_elapsed (elapsed_us) : NULL;
  g_autofree char *label =
      elapsed != NULL ? g_strdup_printf ("%s · %s", word, elapsed) : g_strdup (word);

  gtk_widget_hide (GTK_WIDGET (self->spinner));
  gtk_widget_show (GTK_WIDGET (self->icon));
  gtk_image_set_from_icon_name (self->icon, pr_outcome_get_icon_name (outcome));
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), pr_outcome_get_css_class (outcome));
  gtk_label_set_label (self->state_label, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, label,
                                  -1);
}

static void
set_step (PrStepRow *self, PrStep step)
{
  self->step = step;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), pr_report_text_get_step (step));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pr_report_text_get_step (step), -1);
}

static void
pr_step_row_class_init (PrStepRowClass *klass)
{
}

static void
pr_step_row_init (PrStepRow *self)
{
  self->icon = GTK_IMAGE (gtk_image_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->state_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "numeric");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->icon));
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->spinner));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->state_label));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
}

/**
 * pr_step_row_new:
 * @step: a step of a report
 *
 * Returns: (transfer none): a floating row for it
 */
PrStepRow *
pr_step_row_new (const PrReportStep *step)
{
  PrStepRow *self = g_object_new (PR_TYPE_STEP_ROW, NULL);

  set_step (self, step->id);
  if (step->detail != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), step->detail);
  set_state (self, step->outcome, step->elapsed_us, step->outcome != PR_OUTCOME_SKIPPED);
  if (step->outcome == PR_OUTCOME_SKIPPED)
    gtk_widget_add_css_class (GTK_WIDGET (self), "not-run");
  return self;
}

/**
 * pr_step_row_new_running:
 * @step: the step that a test has come to
 *
 * Returns: (transfer none): a floating row for it
 */
PrStepRow *
pr_step_row_new_running (PrStep step)
{
  PrStepRow *self = g_object_new (PR_TYPE_STEP_ROW, NULL);

  set_step (self, step);
  self->started_at = g_get_monotonic_time ();
  gtk_widget_hide (GTK_WIDGET (self->icon));
  gtk_spinner_start (self->spinner);
  gtk_label_set_label (self->state_label, C_ ("state of a step", "Running…"));
  return self;
}

/* The test has gone on to another step. */
void
pr_step_row_set_passed (PrStepRow *self)
{
  g_return_if_fail (PR_IS_STEP_ROW (self));

  set_state (self, PR_OUTCOME_SUCCESS, g_get_monotonic_time () - self->started_at, TRUE);
}

PrStep
pr_step_row_get_step (PrStepRow *self)
{
  g_return_val_if_fail (PR_IS_STEP_ROW (self), PR_STEP_PRECHECK);

  return self->step;
}
