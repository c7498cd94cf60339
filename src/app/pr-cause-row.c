/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrCauseRow: one cause with its share of the failing mailboxes as a bar. Main thread. */

#include "pr-cause-row.h"

#include "pr-words.h"

#include <glib/gi18n.h>

struct _PrCauseRow
{
  AdwActionRow parent_instance;

  /* Template children */
  GtkLevelBar *bar;
  GtkLabel *count_label;
};

G_DEFINE_FINAL_TYPE (PrCauseRow, pr_cause_row, ADW_TYPE_ACTION_ROW)

static void
pr_cause_row_class_init (PrCauseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-cause-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrCauseRow, bar);
  gtk_widget_class_bind_template_child (widget_class, PrCauseRow, count_label);
}

static void
pr_cause_row_init (PrCauseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PrCauseRow *
pr_cause_row_new (void)
{
  return g_object_new (PR_TYPE_CAUSE_ROW, NULL);
}

/**
 * pr_cause_row_set:
 * @self: a row
 * @cause: what it shows
 * @n_failing: how many mailboxes fail at all
 */
void
pr_cause_row_set (PrCauseRow *self, const PrOverviewCause *cause, guint n_failing)
{
  g_autofree char *count = g_strdup_printf ("%u", cause->n_mailboxes);
  g_autofree char *description = g_strdup_printf (
      ngettext ("%u mailbox", "%u mailboxes", cause->n_mailboxes), cause->n_mailboxes);

  g_return_if_fail (PR_IS_CAUSE_ROW (self));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), pr_word_of_code (cause->code));
  gtk_label_set_label (self->count_label, count);
  gtk_level_bar_set_value (self->bar,
                           n_failing > 0 ? (double) cause->n_mailboxes / n_failing : 0.0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pr_word_of_code (cause->code),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "(sxs)", "failed", (gint64) 0,
                                    pr_code_to_word (cause->code));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.show-mailboxes");
}
