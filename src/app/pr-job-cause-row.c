/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobCauseRow: one line a cause. What is behind the disclosure is made when somebody opens it,
 * and for a bounded number of mailboxes: the grid shows them all. Main thread. */

#include "pr-job-cause-row.h"

#include "pr-accessible.h"
#include "pr-alert-text.h"
#include "pr-links.h"
#include "pr-step-tree.h"
#include "pr-verdict.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define FIX_CHARS 14     /* a longer label of the button is broken where there is no space */
#define MAX_MAILBOXES 20 /* rows; the rest is one click away */

struct _PrJobCauseRow
{
  AdwExpanderRow parent_instance;

  GtkWidget *fix_button;
  GtkLabel *fix_label;
  GtkListBoxRow *more_row; /* (nullable): until there are more than it shows */
  guint n_shown;           /* mailboxes with a row */
  gboolean is_filled;

  /* Borrowed */
  PrCause *cause;

  /* Owned */
  PrEnvironment *environment;
};

G_DEFINE_FINAL_TYPE (PrJobCauseRow, pr_job_cause_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  SIGNAL_FIX,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- The line --------------------------------------------------------------------------------- */

static char *
describe_extent (PrCause *cause)
{
  guint n = cause->mailbox_ids->len;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u mailbox", "%u mailboxes", n), n);
  if (cause->report->profile != NULL && *cause->report->profile != '\0')
    g_string_append_printf (text, " · %s", cause->report->profile);
  if (!pr_verdict_get_subject (cause->report).is_both)
    g_string_append_printf (text, " · %s",
                            pr_word_of (PR_TYPE_DIRECTION, (int) cause->report->direction));
  if (cause->n_not_run > 0)
    g_string_append_printf (text,
                            ngettext (" · %u test was not run because of it",
                                      " · %u tests were not run because of it", cause->n_not_run),
                            cause->n_not_run);
  return g_string_free (text, FALSE);
}

/* A sentence that names one mailbox says nothing about the others; for one, it says all. */
static char *
describe_cause (PrCause *cause, PrAlert *alert)
{
  g_autofree char *extent = describe_extent (cause);
  g_autofree char *sentence = NULL;

  if (!cause->is_profile && cause->mailbox_ids->len == 1)
    return pr_alert_text_get_summary (alert);
  if (cause->is_profile)
    sentence = pr_alert_text_get_summary (alert);
  else
    sentence = pr_alert_text_get_remedy (alert);
  if (sentence == NULL || *sentence == '\0')
    return g_steal_pointer (&extent);
  return g_strdup_printf ("%s\n%s", extent, sentence);
}

static void
show_fix (PrJobCauseRow *self, PrAlert *alert, gboolean can_fix)
{
  PrFixTarget target = pr_cause_find_fix (self->environment, self->cause);
  g_autofree char *label = pr_alert_describe_fix (alert, &target);
  gboolean writable = !pr_environment_is_read_only (self->environment);

  gtk_widget_set_visible (self->fix_button, label != NULL);
  gtk_label_set_label (self->fix_label, label != NULL ? label : "");
  gtk_label_set_width_chars (self->fix_label,
                             label != NULL ? (int) MIN (g_utf8_strlen (label, -1), FIX_CHARS) : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : "", -1);
  gtk_widget_set_sensitive (self->fix_button, can_fix && (writable || target.fix == PR_FIX_OPEN));
  gtk_widget_set_tooltip_text (self->fix_button,
                               can_fix ? NULL : _ ("Can be used when the tests are over"));
}

/* --- Behind the disclosure -------------------------------------------------------------------- */

/* What a link shows is in the window below. */
static void
close_view (PrJobCauseRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    gtk_window_close (GTK_WINDOW (root));
}

static void
on_mailbox_activated (PrJobCauseRow *self, GtkWidget *row)
{
  gint64 *id = g_object_get_data (G_OBJECT (row), "mailbox-id");

  g_assert (PR_IS_JOB_CAUSE_ROW (self));

  pr_link_open_mailbox (GTK_WIDGET (self), *id);
  close_view (self);
}

static void
add_mailbox_row (PrJobCauseRow *self, guint i)
{
  GtkWidget *row = adw_action_row_new ();
  gint64 *id = g_new (gint64, 1);

  *id = g_array_index (self->cause->mailbox_ids, gint64, i);
  g_object_set_data_full (G_OBJECT (row), "mailbox-id", id, g_free);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 g_ptr_array_index (self->cause->addresses, i));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_mailbox_activated), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static void
on_more_activated (PrJobCauseRow *self)
{
  g_assert (PR_IS_JOB_CAUSE_ROW (self));

  pr_link_show_failed (GTK_WIDGET (self), self->cause->is_profile ? self->cause->profile_id : 0,
                       self->cause->report->code);
  close_view (self);
}

static void
add_more_row (PrJobCauseRow *self)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Show All in the Grid"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_more_activated), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  self->more_row = GTK_LIST_BOX_ROW (row);
}

static void
add_tree (PrJobCauseRow *self)
{
  GtkWidget *tree = pr_step_tree_new ();

  gtk_widget_set_margin_top (tree, 12);
  gtk_widget_set_margin_bottom (tree, 12);
  gtk_widget_set_margin_start (tree, 12);
  gtk_widget_set_margin_end (tree, 12);
  pr_step_tree_set_report (PR_STEP_TREE (tree), self->cause->report);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), tree);
}

/* What is still missing of what an open disclosure shows. */
static void
fill (PrJobCauseRow *self)
{
  guint n;

  if (self->cause == NULL || !adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    return;
  n = MIN (self->cause->addresses->len, MAX_MAILBOXES);
  if (!self->is_filled)
    add_tree (self);
  self->is_filled = TRUE;
  if (self->more_row != NULL)
    return;
  for (; self->n_shown < n; self->n_shown++)
    add_mailbox_row (self, self->n_shown);
  if (self->cause->mailbox_ids->len > MAX_MAILBOXES)
    add_more_row (self);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
on_fix (PrJobCauseRow *self)
{
  g_assert (PR_IS_JOB_CAUSE_ROW (self));

  g_signal_emit (self, signals[SIGNAL_FIX], 0);
}

static void
pr_job_cause_row_dispose (GObject *object)
{
  PrJobCauseRow *self = PR_JOB_CAUSE_ROW (object);

  g_clear_object (&self->environment);
  G_OBJECT_CLASS (pr_job_cause_row_parent_class)->dispose (object);
}

static void
pr_job_cause_row_class_init (PrJobCauseRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_job_cause_row_dispose;
  signals[SIGNAL_FIX] = g_signal_new ("fix", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_job_cause_row_init (PrJobCauseRow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("postroom-failure-symbolic");

  gtk_widget_add_css_class (icon, "status-failure");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Failure"), -1);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);

  self->fix_label = GTK_LABEL (gtk_label_new (NULL));
  /* In a narrow window on two lines: what a button does must be read. */
  gtk_label_set_wrap (self->fix_label, TRUE);
  gtk_label_set_justify (self->fix_label, GTK_JUSTIFY_CENTER);
  self->fix_button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->fix_button), GTK_WIDGET (self->fix_label));
  gtk_widget_set_valign (self->fix_button, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->fix_button, "clicked", G_CALLBACK (on_fix), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), self->fix_button);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (fill), NULL);
  pr_accessible_name_expander (ADW_EXPANDER_ROW (self));
}

/**
 * pr_job_cause_row_new:
 * @environment: where the job runs
 * @cause: what it shows
 *
 * Returns: (transfer floating): a row that pr_job_cause_row_update() fills
 */
GtkWidget *
pr_job_cause_row_new (PrEnvironment *environment, PrCause *cause)
{
  PrJobCauseRow *self = g_object_new (PR_TYPE_JOB_CAUSE_ROW, NULL);

  self->environment = g_object_ref (environment);
  self->cause = cause;
  return GTK_WIDGET (self);
}

PrCause *
pr_job_cause_row_get_cause (PrJobCauseRow *self)
{
  g_return_val_if_fail (PR_IS_JOB_CAUSE_ROW (self), NULL);

  return self->cause;
}

/**
 * pr_job_cause_row_update:
 * @self: a row
 * @can_fix: whether its button can be used now
 *
 * Shows its cause as it is now.
 */
void
pr_job_cause_row_update (PrJobCauseRow *self, gboolean can_fix)
{
  g_autoptr (PrAlert) alert = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (PR_IS_JOB_CAUSE_ROW (self));

  alert = pr_cause_make_alert (self->cause);
  subtitle = describe_cause (self->cause, alert);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self),
                                 pr_word_of_code (self->cause->report->code));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  show_fix (self, alert, can_fix);
  fill (self);
}
