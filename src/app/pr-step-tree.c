/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrStepTree: a report for people. Sentences come from pr-report-text.h, so the window and the
 * command line say the same. Main thread. */

#include "pr-step-tree.h"

#include "pr-accessible.h"
#include "pr-bidi.h"
#include "pr-report-text.h"
#include "pr-step-row.h"
#include "pr-validate.h"

#include <glib/gi18n.h>

struct _PrStepTree
{
  AdwBin parent_instance;

  /* Template children */
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *summary_label;
  GtkBox *remedy_box;
  GtkLabel *remedy_label;
  GtkBox *reply_box;
  GtkLabel *reply_label;
  GtkListBox *steps;
  GtkListBox *details;
  AdwExpanderRow *certificate_row;
  AdwExpanderRow *connection_row;
  AdwExpanderRow *transcript_row;
  GtkLabel *certificate_label;
  GtkLabel *connection_label;
  GtkLabel *transcript_label;

  /* Owned */
  PrReport *report;
};

G_DEFINE_FINAL_TYPE (PrStepTree, pr_step_tree, ADW_TYPE_BIN)

/* --- Details ---------------------------------------------------------------------------------- */

static void
add_fact (GString *text, const char *label, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append_printf (text, "%s: %s", label, value);
}

static char *
describe_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%c") : NULL;
}

static void
set_details (AdwExpanderRow *row, GtkLabel *label, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), *text != '\0');
  gtk_label_set_label (label, text);
}

static void
show_certificate (PrStepTree *self)
{
  const PrCertificate *certificate = self->report->certificate;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *names = NULL;
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;

  if (certificate != NULL)
    {
      names = certificate->names != NULL ? g_strjoinv (", ", certificate->names) : NULL;
      from = describe_time (certificate->not_before);
      until = describe_time (certificate->not_after);
      add_fact (text, _ ("Subject"), certificate->subject);
      add_fact (text, _ ("Issuer"), certificate->issuer);
      add_fact (text, _ ("Names"), names);
      add_fact (text, _ ("Valid from"), from);
      add_fact (text, _ ("Valid until"), until);
      add_fact (text, _ ("Key"), certificate->key);
      add_fact (text, _ ("SHA-256"), certificate->sha256);
      for (guint i = 0; i < certificate->n_problems; i++)
        add_fact (text, _ ("Problem"), pr_code_to_word (certificate->problems[i]));
    }
  set_details (self->certificate_row, self->certificate_label, text->str);
}

static void
show_connection (PrStepTree *self)
{
  const PrReport *report = self->report;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *host = report->host != NULL ? pr_host_to_display (report->host) : NULL;
  g_autofree char *server =
      host != NULL ? pr_bidi_isolate_take (g_strdup_printf ("%s:%u", host, report->port)) : NULL;
  g_autofree char *offered =
      report->capabilities != NULL ? g_strjoinv (", ", report->capabilities) : NULL;
  g_autofree char *started = report->started_at > 0 ? describe_time (report->started_at) : NULL;
  g_autofree char *elapsed = g_strdup_printf (_ ("%.1f ms"), (double) report->elapsed_us / 1000.0);
  g_autofree char *round_trips = g_strdup_printf ("%u", report->round_trips);

  add_fact (text, _ ("Server"), server);
  add_fact (text, _ ("Security"), pr_report_text_get_security (report->security));
  add_fact (text, _ ("TLS"), report->tls_version);
  add_fact (text, _ ("Cipher"), report->tls_cipher);
  add_fact (text, _ ("User name"), report->username);
  add_fact (text, _ ("Logged in with"), report->mechanism);
  add_fact (text, _ ("Offered by the server"), offered);
  add_fact (text, _ ("Code"), pr_code_to_word (report->code));
  add_fact (text, _ ("Facts"), report->detail);
  add_fact (text, _ ("Started"), started);
  add_fact (text, _ ("Took"), elapsed);
  add_fact (text, _ ("Waits for the server"), round_trips);
  set_details (self->connection_row, self->connection_label, text->str);
}

static void
show_transcript (PrStepTree *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->report->transcript->len; i++)
    {
      const PrTranscriptLine *line = g_ptr_array_index (self->report->transcript, i);

      g_string_append_printf (text, "%s%s %s", i > 0 ? "\n" : "", line->from_server ? "←" : "→",
                              line->text);
    }
  set_details (self->transcript_row, self->transcript_label, text->str);
}

/* --- Steps ------------------------------------------------------------------------------------ */

static void
clear_steps (PrStepTree *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->steps))) != NULL)
    gtk_list_box_remove (self->steps, row);
}

static void
set_icon (PrStepTree *self, PrOutcome outcome)
{
  static const char *const classes[] = { "status-success", "status-failure", "status-warning",
                                         "status-waiting" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), pr_outcome_get_css_class (outcome));
  gtk_image_set_from_icon_name (self->icon, pr_outcome_get_icon_name (outcome));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pr_outcome_get_label (outcome), -1);
}

static void
show_summary (PrStepTree *self)
{
  g_autofree char *summary = pr_report_text_get_summary (self->report);
  g_autofree char *remedy = pr_report_text_get_remedy (self->report);

  set_icon (self, self->report->outcome);
  gtk_label_set_label (self->summary_label, summary);
  gtk_widget_set_visible (GTK_WIDGET (self->remedy_box), remedy != NULL);
  gtk_label_set_label (self->remedy_label, remedy != NULL ? remedy : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reply_box), self->report->server_reply != NULL);
  gtk_label_set_label (self->reply_label,
                       self->report->server_reply != NULL ? self->report->server_reply : "");
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_step_tree_dispose (GObject *object)
{
  PrStepTree *self = PR_STEP_TREE (object);

  g_clear_pointer (&self->report, pr_report_unref);
  G_OBJECT_CLASS (pr_step_tree_parent_class)->dispose (object);
}

static void
pr_step_tree_class_init (PrStepTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_step_tree_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-step-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, icon);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, summary_label);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, remedy_box);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, remedy_label);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, reply_box);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, reply_label);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, steps);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, details);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, connection_row);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, transcript_row);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, certificate_label);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, connection_label);
  gtk_widget_class_bind_template_child (widget_class, PrStepTree, transcript_label);
}

static void
pr_step_tree_init (PrStepTree *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_name_expander (self->certificate_row);
  pr_accessible_name_expander (self->connection_row);
  pr_accessible_name_expander (self->transcript_row);
}

GtkWidget *
pr_step_tree_new (void)
{
  return g_object_new (PR_TYPE_STEP_TREE, NULL);
}

static void
set_running (PrStepTree *self, gboolean running)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->details), !running);
}

/**
 * pr_step_tree_set_report:
 * @self: a step tree
 * @report: (nullable): the report of a test that is over
 */
void
pr_step_tree_set_report (PrStepTree *self, PrReport *report)
{
  g_return_if_fail (PR_IS_STEP_TREE (self));

  clear_steps (self);
  g_clear_pointer (&self->report, pr_report_unref);
  gtk_widget_set_visible (GTK_WIDGET (self), report != NULL);
  if (report == NULL)
    return;
  self->report = pr_report_ref (report);
  set_running (self, FALSE);
  show_summary (self);
  for (guint i = 0; i < report->steps->len; i++)
    gtk_list_box_append (self->steps,
                         GTK_WIDGET (pr_step_row_new (g_ptr_array_index (report->steps, i))));
  gtk_widget_set_visible (GTK_WIDGET (self->steps), report->steps->len > 0);
  show_certificate (self);
  show_connection (self);
  show_transcript (self);
}

/**
 * pr_step_tree_get_report:
 * @self: a step tree
 *
 * Returns: (transfer none) (nullable): what it shows
 */
PrReport *
pr_step_tree_get_report (PrStepTree *self)
{
  g_return_val_if_fail (PR_IS_STEP_TREE (self), NULL);

  return self->report;
}

/**
 * pr_step_tree_begin:
 * @self: a step tree
 * @title: what is being tested
 *
 * A test has begun: empties the tree for the steps to come.
 */
void
pr_step_tree_begin (PrStepTree *self, const char *title)
{
  g_return_if_fail (PR_IS_STEP_TREE (self));

  pr_step_tree_set_report (self, NULL);
  gtk_widget_show (GTK_WIDGET (self));
  set_running (self, TRUE);
  gtk_label_set_label (self->summary_label, title);
  gtk_widget_hide (GTK_WIDGET (self->remedy_box));
  gtk_widget_hide (GTK_WIDGET (self->reply_box));
  gtk_widget_hide (GTK_WIDGET (self->steps));
}

/**
 * pr_step_tree_set_step:
 * @self: a step tree after pr_step_tree_begin()
 * @step: the step that the test has come to; those before it have passed
 */
void
pr_step_tree_set_step (PrStepTree *self, PrStep step)
{
  GtkWidget *last;

  g_return_if_fail (PR_IS_STEP_TREE (self));

  last = gtk_widget_get_last_child (GTK_WIDGET (self->steps));
  if (last != NULL && pr_step_row_get_step (PR_STEP_ROW (last)) == step)
    return;
  if (last != NULL)
    pr_step_row_set_passed (PR_STEP_ROW (last));
  gtk_list_box_append (self->steps, GTK_WIDGET (pr_step_row_new_running (step)));
  gtk_widget_show (GTK_WIDGET (self->steps));
}
