/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobBar: progress of the job that runs, and its result until it is closed. Main thread. */

#include "pr-job-bar.h"

#include <glib/gi18n.h>

struct _PrJobBar
{
  AdwBin parent_instance;

  /* Template children */
  GtkRevealer *revealer;
  GtkLabel *title_label;
  GtkLabel *state_label;
  GtkProgressBar *progress;
  GtkButton *cancel_button;
  GtkButton *close_button;

  /* Owned */
  PrWindowJob *job;
};

G_DEFINE_FINAL_TYPE (PrJobBar, pr_job_bar, ADW_TYPE_BIN)

static char *
describe_time_left (PrWindowJob *job)
{
  gint64 seconds = pr_window_job_get_seconds_left (job);
  guint minutes = (guint) ((seconds + 59) / 60);

  if (seconds < 0)
    return NULL;
  if (seconds < 60)
    return g_strdup (_ ("less than a minute left"));
  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes),
                          minutes);
}

static char *
describe_running (PrWindowJob *job)
{
  GString *text = g_string_new (NULL);
  guint n_failed = pr_window_job_get_n_failed (job);
  g_autofree char *left = describe_time_left (job);

  if (pr_window_job_get_n_tests (job) == 0)
    g_string_append (text, _ ("Preparing…"));
  else
    g_string_append_printf (text, _ ("%u of %u tests"), pr_window_job_get_n_done (job),
                            pr_window_job_get_n_tests (job));
  if (n_failed > 0)
    g_string_append_printf (text, ngettext (" · %u failed", " · %u failed", n_failed), n_failed);
  if (left != NULL)
    g_string_append_printf (text, " · %s", left);
  return g_string_free (text, FALSE);
}

static char *
describe_ended (PrWindowJob *job)
{
  const PrTestSummary *summary = pr_window_job_get_summary (job);
  GString *text = g_string_new (NULL);

  if (pr_window_job_get_error (job) != NULL)
    {
      g_string_append (text, pr_window_job_get_error (job)->message);
      return g_string_free (text, FALSE);
    }
  g_string_append_printf (text, ngettext ("%u test passed", "%u tests passed", summary->n_success),
                          summary->n_success);
  if (summary->n_failure > 0)
    g_string_append_printf (text, ngettext (" · %u failed", " · %u failed", summary->n_failure),
                            summary->n_failure);
  if (summary->n_skipped > 0)
    g_string_append_printf (text, ngettext (" · %u not run", " · %u not run", summary->n_skipped),
                            summary->n_skipped);
  if (summary->n_cancelled > 0)
    g_string_append_printf (text,
                            ngettext (" · %u cancelled", " · %u cancelled", summary->n_cancelled),
                            summary->n_cancelled);
  return g_string_free (text, FALSE);
}

static void
update (PrJobBar *self)
{
  g_autofree char *state = NULL;
  gboolean running;

  g_assert (PR_IS_JOB_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, self->job != NULL);
  if (self->job == NULL)
    return;
  running = pr_window_job_is_running (self->job);
  state = running ? describe_running (self->job) : describe_ended (self->job);
  gtk_label_set_label (self->title_label, pr_window_job_get_title (self->job));
  gtk_label_set_label (self->state_label, state);
  gtk_progress_bar_set_fraction (self->progress, pr_window_job_get_fraction (self->job));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->close_button), !running);
}

static void
pr_job_bar_dispose (GObject *object)
{
  PrJobBar *self = PR_JOB_BAR (object);

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (pr_job_bar_parent_class)->dispose (object);
}

static void
pr_job_bar_class_init (PrJobBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_job_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-job-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, title_label);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, state_label);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, progress);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, close_button);
}

static void
pr_job_bar_init (PrJobBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pr_job_bar_set_job:
 * @self: a job bar
 * @job: (nullable): what it shows; without one it is hidden
 */
void
pr_job_bar_set_job (PrJobBar *self, PrWindowJob *job)
{
  g_return_if_fail (PR_IS_JOB_BAR (self));

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  if (job != NULL)
    {
      g_signal_connect_object (job, "notify::n-done", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (job, "notify::running", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);
}

/**
 * pr_job_bar_get_job:
 * @self: a job bar
 *
 * Returns: (transfer none) (nullable): what it shows
 */
PrWindowJob *
pr_job_bar_get_job (PrJobBar *self)
{
  g_return_val_if_fail (PR_IS_JOB_BAR (self), NULL);

  return self->job;
}
