/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobView: a job at a bounded rate and with a bounded number of rows, however many mailboxes it
 * has. Main thread. */

#include "pr-job-view.h"

#include "pr-accessible.h"
#include "pr-alert-mender.h"
#include "pr-dialog.h"
#include "pr-job-cause-row.h"
#include "pr-job-text.h"
#include "pr-report-text.h"
#include "pr-share-bar.h"

#include <glib/gi18n.h>

#define MAX_UNDER_WAY 8
#define UNDER_WAY_INTERVAL_MS 300

struct _PrJobView
{
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *window_title;
  GtkLabel *headline;
  GtkLabel *state_label;
  GtkWidget *background_label;
  GtkProgressBar *progress;
  PrShareBar *share_bar;
  GtkWidget *cancel_button;
  GtkWidget *again_button;
  GtkWidget *cause_group;
  GtkListBox *cause_list;
  GtkWidget *under_way_group;
  GtkListBox *under_way_list;
  GtkLabel *more_label;

  /* Borrowed */
  PrWindow *window; /* weak */

  /* Owned */
  PrWindowJob *job;
  GPtrArray *cause_rows; /* borrowed rows, in the order of the causes */
  GHashTable *names;     /* id → address of mailboxes that were shown */
  GCancellable *naming;
  gboolean is_naming;
  guint under_way_source;
};

G_DEFINE_FINAL_TYPE (PrJobView, pr_job_view, ADW_TYPE_WINDOW)

/* --- Causes ----------------------------------------------------------------------------------- */

static void
start_job (PrJobView *self, const char *title, PrSelection *selection)
{
  if (self->window != NULL
      && pr_window_start_job (self->window, title, selection, &pr_test_options_default) == NULL)
    pr_window_toast (self->window, _ ("Another test is running. Try again when it is over."));
}

static void
on_cause_fixed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrJobCauseRow) row = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (row));
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  pr_environment_fix_cause_finish (PR_ENVIRONMENT (source), result, &n, &error);
  if (!PR_IS_JOB_VIEW (root) || PR_JOB_VIEW (root)->window == NULL)
    return;
  if (error != NULL)
    {
      pr_dialog_tell (GTK_WIDGET (root), _ ("That Could Not Be Mended"), error->message);
      return;
    }
  selection = pr_cause_get_affected (pr_job_cause_row_get_cause (row));
  pr_window_data_changed (PR_JOB_VIEW (root)->window);
  start_job (PR_JOB_VIEW (root), pr_window_job_get_title (PR_JOB_VIEW (root)->job), selection);
}

/* What needs an answer is asked as on the wall of alerts. */
static void
on_fix (PrJobView *self, PrJobCauseRow *row)
{
  PrEnvironment *environment = pr_window_job_get_environment (self->job);
  PrCause *cause = pr_job_cause_row_get_cause (row);
  PrFixTarget target = pr_cause_find_fix (environment, cause);
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (PrAlert) alert = NULL;

  g_assert (PR_IS_JOB_VIEW (self));

  if (pr_cause_is_fixed_together (cause, &target))
    pr_environment_fix_cause_async (environment, cause, NULL, on_cause_fixed, g_object_ref (row));
  else if (target.fix == PR_FIX_RETRY)
    {
      selection = pr_cause_get_affected (cause);
      start_job (self, pr_window_job_get_title (self->job), selection);
    }
  else
    {
      alert = pr_cause_make_alert (cause);
      pr_alert_mend (GTK_WIDGET (row), environment, alert);
      if (target.fix == PR_FIX_OPEN || target.fix == PR_FIX_SIGN_IN)
        gtk_window_close (GTK_WINDOW (self));
    }
}

/* The one that hit most first. */
static int
compare_causes (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  guint first = pr_job_cause_row_get_cause (PR_JOB_CAUSE_ROW (a))->mailbox_ids->len;
  guint second = pr_job_cause_row_get_cause (PR_JOB_CAUSE_ROW (b))->mailbox_ids->len;

  return first > second ? -1 : first < second;
}

static void
add_cause_row (PrJobView *self, PrCause *cause)
{
  GtkWidget *row = pr_job_cause_row_new (pr_window_job_get_environment (self->job), cause);

  g_signal_connect_object (row, "fix", G_CALLBACK (on_fix), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->cause_rows, row);
  gtk_list_box_append (self->cause_list, row);
}

/* While tests run nothing moves away below the pointer. */
static void
show_causes (PrJobView *self)
{
  PrCauses *causes = pr_window_job_get_causes (self->job);
  gboolean running = pr_window_job_is_running (self->job);
  guint n = pr_causes_get_n (causes);

  for (guint i = 0; i < n; i++)
    {
      if (i == self->cause_rows->len)
        add_cause_row (self, pr_causes_get (causes, i));
      pr_job_cause_row_update (g_ptr_array_index (self->cause_rows, i), !running);
    }
  gtk_list_box_set_sort_func (self->cause_list, running ? NULL : compare_causes, NULL, NULL);
  gtk_widget_set_visible (self->cause_group, n > 0);
}

/* --- What is being tested --------------------------------------------------------------------- */

static void show_under_way (PrJobView *self);

static void
on_named (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrJobView) self = user_data;
  g_autoptr (GPtrArray) mailboxes =
      pr_environment_list_mailboxes_finish (PR_ENVIRONMENT (source), result, NULL);

  self->is_naming = FALSE;
  for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++)
    {
      PrMailbox *mailbox = g_ptr_array_index (mailboxes, i);
      gint64 *id = g_new (gint64, 1);

      *id = pr_record_get_id (PR_RECORD (mailbox));
      g_hash_table_insert (self->names, id, g_strdup (pr_mailbox_get_text (mailbox, ADDRESS)));
    }
  if (self->job != NULL && mailboxes != NULL)
    show_under_way (self);
}

static void
ask_names (PrJobView *self, GPtrArray *list, guint n)
{
  gint64 ids[MAX_UNDER_WAY];
  guint n_ids = 0;
  g_autoptr (PrSelection) selection = NULL;

  for (guint i = 0; i < n; i++)
    {
      PrUnderWay *mailbox = g_ptr_array_index (list, i);

      if (!g_hash_table_contains (self->names, &mailbox->id))
        ids[n_ids++] = mailbox->id;
    }
  if (n_ids == 0 || self->is_naming)
    return;
  self->is_naming = TRUE;
  selection = pr_selection_new_ids (ids, n_ids);
  pr_environment_list_mailboxes_async (pr_window_job_get_environment (self->job), selection,
                                       self->naming, on_named, g_object_ref (self));
}

static char *
describe_steps (const PrUnderWay *mailbox)
{
  const char *incoming =
      mailbox->steps[0] >= 0 ? pr_report_text_get_step ((PrStep) mailbox->steps[0]) : NULL;
  const char *outgoing =
      mailbox->steps[1] >= 0 ? pr_report_text_get_step ((PrStep) mailbox->steps[1]) : NULL;

  if (incoming != NULL && outgoing != NULL)
    return g_strdup_printf (_ ("Incoming: %s · Outgoing: %s"), incoming, outgoing);
  if (incoming != NULL)
    return g_strdup_printf (_ ("Incoming: %s"), incoming);
  return g_strdup_printf (_ ("Outgoing: %s"), outgoing != NULL ? outgoing : "");
}

static void
show_mailbox (PrJobView *self, guint i, const PrUnderWay *mailbox)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->under_way_list, (int) i);
  const char *name = g_hash_table_lookup (self->names, &mailbox->id);
  g_autofree char *steps = describe_steps (mailbox);

  if (row == NULL)
    {
      row = GTK_LIST_BOX_ROW (adw_action_row_new ());
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      gtk_list_box_append (self->under_way_list, GTK_WIDGET (row));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL ? name : "…");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), steps);
}

static void
show_under_way (PrJobView *self)
{
  g_autoptr (GPtrArray) list = pr_window_job_list_under_way (self->job);
  guint n = MIN (list->len, MAX_UNDER_WAY);
  g_autofree char *more =
      g_strdup_printf (ngettext ("and %u more", "and %u more", list->len - n), list->len - n);
  GtkListBoxRow *row;

  for (guint i = 0; i < n; i++)
    show_mailbox (self, i, g_ptr_array_index (list, i));
  while ((row = gtk_list_box_get_row_at_index (self->under_way_list, (int) n)) != NULL)
    gtk_list_box_remove (self->under_way_list, GTK_WIDGET (row));
  gtk_label_set_label (self->more_label, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_label), list->len > n);
  gtk_widget_set_visible (self->under_way_group, n > 0);
  ask_names (self, list, n);
}

static gboolean
on_under_way (gpointer user_data)
{
  show_under_way (user_data);
  return G_SOURCE_CONTINUE;
}

/* --- All of it -------------------------------------------------------------------------------- */

static void
show_share (PrJobView *self)
{
  const PrTestSummary *summary = pr_window_job_get_summary (self->job);

  pr_share_bar_set (self->share_bar, summary->n_success, summary->n_failure,
                    summary->n_cancelled + summary->n_not_run);
}

static void
show_job (PrJobView *self)
{
  gboolean running = pr_window_job_is_running (self->job);
  g_autofree char *headline = pr_job_text_get_headline (self->job);
  g_autofree char *state = pr_job_text_get_state (self->job);
  gboolean has_causes = pr_causes_get_n (pr_window_job_get_causes (self->job)) > 0;

  g_assert (PR_IS_JOB_VIEW (self));

  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->state_label, state);
  gtk_progress_bar_set_fraction (self->progress, pr_window_job_get_fraction (self->job));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  gtk_widget_set_visible (self->background_label, running);
  gtk_widget_set_visible (self->cancel_button, running);
  gtk_widget_set_visible (GTK_WIDGET (self->share_bar), !running);
  gtk_widget_set_visible (self->again_button, !running && has_causes);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "job.cancel", running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "job.again", !running && has_causes);
  if (!running)
    show_share (self);
  show_causes (self);
}

static void
on_running (PrJobView *self)
{
  g_assert (PR_IS_JOB_VIEW (self));

  g_clear_handle_id (&self->under_way_source, g_source_remove);
  if (pr_window_job_is_running (self->job))
    self->under_way_source = g_timeout_add (UNDER_WAY_INTERVAL_MS, on_under_way, self);
  show_under_way (self);
  show_job (self);
}

static void
on_cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_window_job_cancel (PR_JOB_VIEW (widget)->job);
}

static void
on_again (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrJobView *self = PR_JOB_VIEW (widget);
  g_autoptr (PrSelection) selection = pr_causes_get_affected (pr_window_job_get_causes (self->job));

  start_job (self, pr_window_job_get_title (self->job), selection);
}

/* Rows borrow from their job: they go first. */
static void
forget_job (PrJobView *self)
{
  GtkListBoxRow *row;

  g_clear_handle_id (&self->under_way_source, g_source_remove);
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  g_ptr_array_set_size (self->cause_rows, 0);
  while (self->cause_list != NULL
         && (row = gtk_list_box_get_row_at_index (self->cause_list, 0)) != NULL)
    gtk_list_box_remove (self->cause_list, GTK_WIDGET (row));
  g_clear_object (&self->job);
}

static void
pr_job_view_dispose (GObject *object)
{
  PrJobView *self = PR_JOB_VIEW (object);

  g_cancellable_cancel (self->naming);
  forget_job (self);
  g_clear_weak_pointer (&self->window);
  G_OBJECT_CLASS (pr_job_view_parent_class)->dispose (object);
}

static void
pr_job_view_finalize (GObject *object)
{
  PrJobView *self = PR_JOB_VIEW (object);

  g_object_unref (self->naming);
  g_ptr_array_unref (self->cause_rows);
  g_hash_table_unref (self->names);
  G_OBJECT_CLASS (pr_job_view_parent_class)->finalize (object);
}

static void
pr_job_view_class_init (PrJobViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_job_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_job_view_finalize;
  g_type_ensure (PR_TYPE_SHARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-job-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PrJobView, window_title);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, headline);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, state_label);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, background_label);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, progress);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, share_bar);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, again_button);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, cause_group);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, cause_list);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, under_way_group);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, under_way_list);
  gtk_widget_class_bind_template_child (widget_class, PrJobView, more_label);
  gtk_widget_class_install_action (widget_class, "job.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "job.again", NULL, on_again);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pr_job_view_init (PrJobView *self)
{
  self->names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->naming = g_cancellable_new ();
  self->cause_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
}

/**
 * pr_job_view_new:
 * @window: the window that runs jobs
 *
 * Returns: (transfer none): a window, not shown yet
 */
PrJobView *
pr_job_view_new (PrWindow *window)
{
  PrJobView *self = g_object_new (PR_TYPE_JOB_VIEW, "transient-for", window, NULL);

  g_set_weak_pointer (&self->window, window);
  return self;
}

/**
 * pr_job_view_set_job:
 * @self: a view
 * @job: what it shows from now on: one that may be running
 */
void
pr_job_view_set_job (PrJobView *self, PrWindowJob *job)
{
  g_return_if_fail (PR_IS_JOB_VIEW (self));

  if (self->job == job)
    return;
  forget_job (self);
  self->job = g_object_ref (job);
  adw_window_title_set_title (self->window_title, _ ("Test Results"));
  adw_window_title_set_subtitle (self->window_title, pr_window_job_get_title (job));
  g_signal_connect_object (job, "notify::n-done", G_CALLBACK (show_job), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "notify::running", G_CALLBACK (on_running), self,
                           G_CONNECT_SWAPPED);
  on_running (self);
}
