/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOverviewPage: what an admin asks first: what works, what does not and why, what waits. With
 * nothing set up yet: the three first steps. Main thread. */

#include "pr-overview-page.h"

#include "pr-bidi.h"
#include "pr-cause-row.h"
#include "pr-count-button.h"
#include "pr-css.h"
#include "pr-menu-button.h"
#include "pr-result-chart.h"
#include "pr-share-bar.h"
#include "pr-sidebar-button.h"
#include "pr-window.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define MAX_CAUSES 8
#define ALARM_DAYS 7 /* a certificate that ends sooner is an error, else a warning */

struct _PrOverviewPage
{
  PrPage parent_instance;

  /* Template children */
  GtkStack *states;
  AdwStatusPage *failure_page;
  AdwActionRow *profile_step;
  GtkImage *profile_step_icon;
  AdwActionRow *mailbox_step;
  GtkImage *mailbox_step_icon;
  AdwActionRow *test_step;
  GtkImage *test_step_icon;
  GtkLabel *headline;
  PrShareBar *share_bar;
  PrCountButton *working_button;
  PrCountButton *failing_button;
  PrCountButton *untested_button;
  GtkWidget *cause_group;
  GtkListBox *cause_list;
  GtkWidget *waiting_group;
  AdwActionRow *pending_row;
  AdwActionRow *untested_row;
  AdwActionRow *retry_row;
  GtkWidget *certificate_group;
  GtkListBox *certificate_list;
  AdwActionRow *job_row;
  GtkImage *job_icon;
  GtkWidget *chart_row;
  PrResultChart *chart;
};

G_DEFINE_FINAL_TYPE (PrOverviewPage, pr_overview_page, PR_TYPE_PAGE)

/* --- What works ------------------------------------------------------------------------------- */

static void
show_counts (PrOverviewPage *self, const PrOverviewCounts *counts)
{
  guint n_others = counts->n_active - counts->n_working - counts->n_failing;
  g_autofree char *headline = NULL;

  if (counts->n_failing == 0 && counts->n_working == counts->n_active && counts->n_active > 0)
    headline = g_strdup_printf (
        ngettext ("The one active mailbox works", "All %u active mailboxes work", counts->n_active),
        counts->n_active);
  else if (counts->n_failing > 0)
    headline =
        g_strdup_printf (ngettext ("%u of %u active mailboxes does not work",
                                   "%u of %u active mailboxes do not work", counts->n_failing),
                         counts->n_failing, counts->n_active);
  else
    headline = g_strdup_printf (
        ngettext ("%u active mailbox", "%u active mailboxes", counts->n_active), counts->n_active);
  gtk_label_set_label (self->headline, headline);
  pr_share_bar_set (self->share_bar, counts->n_working, counts->n_failing, n_others);
  pr_count_button_set (self->working_button, counts->n_working,
                       ngettext ("works", "work", counts->n_working));
  pr_count_button_set (self->failing_button, counts->n_failing,
                       ngettext ("fails", "fail", counts->n_failing));
  pr_count_button_set (self->untested_button, counts->n_not_tested, _ ("not tested"));
}

/* Rows are kept, so that the focus stays where it is while numbers change. */
static GtkListBoxRow *
get_row (GtkListBox *list, guint i, GType type)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int) i);

  if (row == NULL)
    {
      row = g_object_new (type, NULL);
      gtk_list_box_append (list, GTK_WIDGET (row));
    }
  return row;
}

static void
cut_rows (GtkListBox *list, guint n)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, (int) n)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

static void
show_causes (PrOverviewPage *self, const PrOverview *overview)
{
  guint n = MIN (overview->causes->len, MAX_CAUSES);

  for (guint i = 0; i < n; i++)
    pr_cause_row_set (PR_CAUSE_ROW (get_row (self->cause_list, i, PR_TYPE_CAUSE_ROW)),
                      g_ptr_array_index (overview->causes, i), overview->all.n_failing);
  cut_rows (self->cause_list, n);
  gtk_widget_set_visible (self->cause_group, n > 0);
}

/* --- What waits ------------------------------------------------------------------------------- */

static gboolean
show_waiting_row (AdwActionRow *row, guint count, const char *title)
{
  gtk_widget_set_visible (GTK_WIDGET (row), count > 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  return count > 0;
}

static void
show_waiting (PrOverviewPage *self, const PrOverview *overview)
{
  guint n_untested = overview->all.n_not_tested;
  g_autofree char *pending =
      g_strdup_printf (ngettext ("%u mailbox waits for approval", "%u mailboxes wait for approval",
                                 overview->n_pending),
                       overview->n_pending);
  g_autofree char *untested = g_strdup_printf (
      ngettext ("%u mailbox was not tested yet", "%u mailboxes were not tested yet", n_untested),
      n_untested);
  g_autofree char *retrying = g_strdup_printf (
      ngettext ("%u mailbox is tried again by itself", "%u mailboxes are tried again by themselves",
                overview->n_retrying),
      overview->n_retrying);
  g_autofree char *when = pr_word_of_time (overview->next_retry);
  g_autofree char *next = g_strdup_printf (_ ("Next: %s"), when);
  gboolean any = FALSE;

  any |= show_waiting_row (self->pending_row, overview->n_pending, pending);
  any |= show_waiting_row (self->untested_row, n_untested, untested);
  any |= show_waiting_row (self->retry_row, overview->n_retrying, retrying);
  adw_action_row_set_subtitle (self->retry_row, next);
  gtk_widget_set_visible (self->waiting_group, any);
}

/* --- Certificates ----------------------------------------------------------------------------- */

static char *
describe_end (gint64 not_after, gint64 now)
{
  guint days = (guint) (ABS (not_after - now) / G_TIME_SPAN_DAY);

  if (not_after < now)
    return days == 0
               ? g_strdup (_ ("has ended today"))
               : g_strdup_printf (ngettext ("ended %u day ago", "ended %u days ago", days), days);
  if (days == 0)
    return g_strdup (_ ("ends within a day"));
  return g_strdup_printf (ngettext ("ends in %u day", "ends in %u days", days), days);
}

static void
fill_certificate (GtkListBoxRow *row, const PrOverviewCertificate *certificate, gint64 now)
{
  GtkWidget *icon = g_object_get_data (G_OBJECT (row), "icon");
  g_autofree char *end = describe_end (certificate->not_after, now);
  g_autofree char *host = pr_bidi_isolate_take (pr_host_to_display (certificate->host));
  g_autofree char *title = g_strdup_printf (_ ("%s, port %u: %s"), host, certificate->port, end);
  gboolean alarm = certificate->not_after < now + ALARM_DAYS * G_TIME_SPAN_DAY;

  if (icon == NULL)
    {
      icon = gtk_image_new ();
      g_object_set_data (G_OBJECT (row), "icon", icon);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      gtk_list_box_row_set_activatable (row, TRUE);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
    }
  gtk_image_set_from_icon_name (GTK_IMAGE (icon),
                                alarm ? "postroom-failure-symbolic" : "postroom-warning-symbolic");
  gtk_widget_remove_css_class (icon, alarm ? "status-warning" : "status-failure");
  gtk_widget_add_css_class (icon, alarm ? "status-failure" : "status-warning");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), certificate->profile);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, certificate->profile, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "x", certificate->profile_id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-profile");
}

static void
show_certificates (PrOverviewPage *self, const PrOverview *overview)
{
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < overview->certificates->len; i++)
    fill_certificate (get_row (self->certificate_list, i, ADW_TYPE_ACTION_ROW),
                      g_ptr_array_index (overview->certificates, i), now);
  cut_rows (self->certificate_list, overview->certificates->len);
  gtk_widget_set_visible (self->certificate_group, overview->certificates->len > 0);
}

/* --- What was --------------------------------------------------------------------------------- */

static char *
describe_job (const PrOverviewJob *job)
{
  g_autofree char *when = pr_word_of_time (job->finished_at);
  GString *text = g_string_new (when);

  g_string_append_printf (text, ngettext (" · %u passed", " · %u passed", job->n_success),
                          job->n_success);
  if (job->n_failure > 0)
    g_string_append_printf (text, ngettext (" · %u failed", " · %u failed", job->n_failure),
                            job->n_failure);
  if (job->n_not_run > 0)
    g_string_append_printf (text, ngettext (" · %u not run", " · %u not run", job->n_not_run),
                            job->n_not_run);
  if (job->n_cancelled > 0)
    g_string_append_printf (text, ngettext (" · %u cancelled", " · %u cancelled", job->n_cancelled),
                            job->n_cancelled);
  return g_string_free (text, FALSE);
}

static void
show_history (PrOverviewPage *self, const PrOverview *overview)
{
  const PrOverviewJob *job = &overview->last_job;
  gboolean any = job->finished_at != 0;
  gboolean good = any && job->n_failure == 0 && job->n_cancelled == 0 && job->n_not_run == 0;
  g_autofree char *text = any ? describe_job (job) : g_strdup (_ ("Nothing was tested yet"));

  adw_action_row_set_subtitle (self->job_row, text);
  pr_css_set_class (self->job_icon, "status-success", good);
  pr_css_set_class (self->job_icon, "status-failure", any && !good);
  gtk_image_set_from_icon_name (self->job_icon, !any   ? "postroom-not-run-symbolic"
                                                : good ? "postroom-success-symbolic"
                                                       : "postroom-failure-symbolic");
  pr_result_chart_set_hours (self->chart, overview->hours, g_get_real_time ());
  gtk_widget_set_visible (self->chart_row, !pr_result_chart_is_empty (self->chart));
}

/* --- First use -------------------------------------------------------------------------------- */

static guint
count_profiles (PrOverviewPage *self)
{
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  return environment != NULL ? g_list_model_get_n_items (pr_environment_get_profiles (environment))
                             : 0;
}

static void
mark_step (AdwActionRow *step, GtkImage *icon, gboolean done)
{
  g_autofree char *said = NULL;

  gtk_image_set_from_icon_name (icon, done ? "postroom-success-symbolic" : "go-next-symbolic");
  pr_css_set_class (icon, "status-success", done);
  /* The focus is on the row: of the picture in it nothing is said. */
  if (done)
    said = g_strdup_printf ("%s. %s", _ ("Done"), adw_action_row_get_subtitle (step));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (step), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (step), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  said != NULL ? said : adw_action_row_get_subtitle (step), -1);
}

static void
show_steps (PrOverviewPage *self, const PrOverview *overview)
{
  mark_step (self->profile_step, self->profile_step_icon, count_profiles (self) > 0);
  mark_step (self->mailbox_step, self->mailbox_step_icon, overview->all.n_mailboxes > 0);
  /* What cannot be done yet says why. */
  adw_action_row_set_subtitle (self->test_step,
                               overview->all.n_active > 0
                                   ? _ ("Each is tried out against its servers; what fails is "
                                        "explained")
                                   : _ ("Possible when there are mailboxes"));
  mark_step (self->test_step, self->test_step_icon, FALSE);
}

/* Until the first job the steps are shown: each is marked once it is done. */
static gboolean
is_first_use (const PrOverview *overview)
{
  return overview->last_job.finished_at == 0
         && overview->all.n_working + overview->all.n_failing == 0;
}

/* --- The page --------------------------------------------------------------------------------- */

static void
pr_overview_page_overview_changed (PrPage *page, const PrOverview *overview, const GError *error)
{
  PrOverviewPage *self = PR_OVERVIEW_PAGE (page);

  if (error != NULL)
    {
      adw_status_page_set_description (self->failure_page, error->message);
      gtk_stack_set_visible_child_name (self->states, "failure");
      return;
    }
  if (overview == NULL)
    {
      gtk_stack_set_visible_child_name (self->states, "loading");
      return;
    }
  show_counts (self, &overview->all);
  show_causes (self, overview);
  show_waiting (self, overview);
  show_certificates (self, overview);
  show_history (self, overview);
  show_steps (self, overview);
  gtk_stack_set_visible_child_name (self->states,
                                    is_first_use (overview) ? "first-use" : "content");
  pr_page_update_actions (page);
}

static void
on_new_profile (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, PR_TYPE_WINDOW);

  pr_window_show_page (PR_WINDOW (window), "profiles");
  if (count_profiles (PR_OVERVIEW_PAGE (widget)) == 0)
    gtk_widget_activate_action (GTK_WIDGET (pr_window_get_page (PR_WINDOW (window), "profiles")),
                                "profile.new", NULL);
}

static void
on_test_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, PR_TYPE_WINDOW);
  g_autoptr (PrSelection) selection = pr_selection_new_view (PR_VIEW_ACTIVE);

  if (pr_window_start_job (PR_WINDOW (window), _ ("All active mailboxes"), selection,
                           &pr_test_options_default)
      == NULL)
    pr_page_toast (PR_PAGE (widget), _ ("Another test is still running"));
}

static void
pr_overview_page_update_actions (PrPage *page)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (page), PR_TYPE_WINDOW);
  const PrOverview *overview = window != NULL ? pr_window_get_overview (PR_WINDOW (window)) : NULL;
  gboolean writable = pr_page_is_writable (page);
  gboolean running = window != NULL && pr_window_is_testing (PR_WINDOW (window));

  gtk_widget_action_set_enabled (GTK_WIDGET (page), "overview.new-profile", writable);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "overview.test-all",
                                 writable && !running && overview != NULL
                                     && overview->all.n_active > 0);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, states);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, failure_page);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, profile_step);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, profile_step_icon);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, mailbox_step);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, mailbox_step_icon);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, test_step);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, test_step_icon);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, headline);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, share_bar);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, working_button);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, failing_button);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, untested_button);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, cause_group);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, cause_list);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, waiting_group);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, pending_row);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, untested_row);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, retry_row);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, certificate_group);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, certificate_list);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, job_row);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, job_icon);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, chart_row);
  gtk_widget_class_bind_template_child (widget_class, PrOverviewPage, chart);
}

static void
pr_overview_page_class_init (PrOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->overview_changed = pr_overview_page_overview_changed;
  PR_PAGE_CLASS (klass)->update_actions = pr_overview_page_update_actions;

  g_type_ensure (PR_TYPE_CAUSE_ROW);
  g_type_ensure (PR_TYPE_COUNT_BUTTON);
  g_type_ensure (PR_TYPE_MENU_BUTTON);
  g_type_ensure (PR_TYPE_RESULT_CHART);
  g_type_ensure (PR_TYPE_SHARE_BAR);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-overview-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "overview.new-profile", NULL, on_new_profile);
  gtk_widget_class_install_action (widget_class, "overview.test-all", NULL, on_test_all);
}

static void
pr_overview_page_init (PrOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
