/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobView: the details of one job. Main thread. */

#include "pr-job-view.h"

struct _PrJobView
{
  AdwWindow parent_instance;

  /* Owned */
  PrWindowJob *job;
};

G_DEFINE_FINAL_TYPE (PrJobView, pr_job_view, ADW_TYPE_WINDOW)

static void
pr_job_view_dispose (GObject *object)
{
  PrJobView *self = PR_JOB_VIEW (object);

  g_clear_object (&self->job);
  G_OBJECT_CLASS (pr_job_view_parent_class)->dispose (object);
}

static void
pr_job_view_class_init (PrJobViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_job_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-job-view.ui");
}

static void
pr_job_view_init (PrJobView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pr_job_view_new:
 * @job: a job, which may be running
 *
 * Returns: (transfer none): a window, not shown yet
 */
PrJobView *
pr_job_view_new (PrWindowJob *job)
{
  PrJobView *self = g_object_new (PR_TYPE_JOB_VIEW, NULL);

  self->job = g_object_ref (job);
  return self;
}
