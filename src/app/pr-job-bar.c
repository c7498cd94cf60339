/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobBar: progress of the job that runs, and its result until it is closed. Main thread. */

#include "pr-job-bar.h"

#include "pr-job-text.h"
#include "pr-share-bar.h"

struct _PrJobBar
{
  AdwBin parent_instance;

  /* Template children */
  GtkRevealer *revealer;
  GtkLabel *title_label;
  GtkInscription *state_text;
  PrShareBar *progress;
  GtkButton *cancel_button;
  GtkButton *close_button;

  /* Owned */
  PrWindowJob *job;
};

G_DEFINE_FINAL_TYPE (PrJobBar, pr_job_bar, ADW_TYPE_BIN)

static void
show_progress (PrJobBar *self)
{
  guint n_tests = pr_window_job_get_n_tests (self->job);
  guint n_done = pr_window_job_get_n_done (self->job);
  guint n_failed = pr_window_job_get_n_failed (self->job);

  pr_share_bar_set (self->progress, n_done - n_failed, n_failed, MAX (n_tests, n_done) - n_done);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) n_tests,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) n_done, -1);
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
  state = pr_job_text_get_state (self->job);
  gtk_label_set_label (self->title_label, pr_window_job_get_title (self->job));
  gtk_inscription_set_text (self->state_text, state);
  /* Stays when the job is over, with what passed and failed: the bar keeps its height, and the page
   * above it its place. */
  show_progress (self);
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
  g_type_ensure (PR_TYPE_SHARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-job-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, title_label);
  gtk_widget_class_bind_template_child (widget_class, PrJobBar, state_text);
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
