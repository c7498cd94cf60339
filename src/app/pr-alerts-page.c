/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAlertsPage: the alerts wall, with its filters, and how many alerts nobody has seen yet. Main
 * thread. */

#include "pr-alerts-page.h"

#include "pr-accessible.h"
#include "pr-alert-list.h"
#include "pr-dialog.h"
#include "pr-environment-sign-in-info.h"
#include "pr-live-text.h"
#include "pr-shortcuts.h"
#include "pr-sign-in-dialog.h"
#include "pr-window.h"
#include "pr-words.h"

#include <glib/gi18n.h>

#define SEEN_SECONDS 3 /* that alerts are in sight before they count as seen */
#define COUNT_MS 500   /* between two looks at how many are unread */

struct _PrAlertsPage
{
  PrPage parent_instance;

  /* Template children */
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkDropDown *severity_drop_down;
  GtkButton *filter_button;
  GtkLabel *filter_label;
  GtkLabel *count_label;
  GtkStack *states;
  GtkSpinner *spinner;
  PrAlertList *list;
  AdwStatusPage *failure_page;
  GtkRevealer *sign_in_revealer;
  GtkLabel *sign_in_label;

  /* Owned */
  PrEnvironment *watched;
  char *owner; /* (nullable) */

  gint64 mailbox_id;
  gint64 profile_id;
  guint seen_source;
  guint count_source;
  int n_said;   /* alerts that were shown; -1: not yet known */
  gboolean any; /* there are alerts, if none that fits */
  gboolean filling;
  GtkEventController *shortcuts; /* (nullable): while the page can be seen */
};

G_DEFINE_FINAL_TYPE (PrAlertsPage, pr_alerts_page, PR_TYPE_PAGE)

static const PrShortcut shortcuts[] = {
  { "<Control>f", "alerts.search" },
};

static void on_counted (PrAlertsPage *self);
static void set_actions (PrAlertsPage *self);

/* --- The filter ------------------------------------------------------------------------------- */

static gboolean
is_narrowed (PrAlertsPage *self)
{
  const PrAlertFilter *filter = pr_alert_list_get_filter (self->list);

  return filter->severity >= 0 || filter->text != NULL || filter->mailbox_id != 0
         || filter->profile_id != 0 || filter->owner != NULL;
}

static void
show_filter (PrAlertsPage *self)
{
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));
  g_autoptr (PrServerProfile) profile =
      self->profile_id != 0 && environment != NULL
          ? pr_environment_find_profile_by_id (environment, self->profile_id)
          : NULL;
  const char *text = self->owner;

  if (profile != NULL)
    text = pr_server_profile_get_text (profile, NAME);
  else if (self->mailbox_id != 0)
    text = _ ("One mailbox");
  gtk_widget_set_visible (GTK_WIDGET (self->filter_button), text != NULL);
  gtk_label_set_label (self->filter_label, text != NULL ? text : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "", -1);
}

static void
list_alerts (PrAlertsPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  PrAlertFilter filter = {
    .severity = (int) gtk_drop_down_get_selected (self->severity_drop_down) - 1,
    .text = *text != '\0' ? text : NULL,
    .mailbox_id = self->mailbox_id,
    .profile_id = self->profile_id,
    .owner = self->owner,
  };

  if (self->filling)
    return;
  pr_alert_list_show (self->list, pr_page_get_environment (PR_PAGE (self)), &filter);
  show_filter (self);
}

static void
on_filter_changed (PrAlertsPage *self)
{
  g_assert (PR_IS_ALERTS_PAGE (self));

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    list_alerts (self);
}

/**
 * pr_alerts_page_show:
 * @self: the page
 * @mailbox_id: only alerts of this mailbox; 0: of all
 * @profile_id: only alerts of this profile; 0: of all
 * @owner: (nullable): only alerts for this person
 *
 * Shows one wall.
 */
void
pr_alerts_page_show (PrAlertsPage *self, gint64 mailbox_id, gint64 profile_id, const char *owner)
{
  char *copy = g_strdup (owner);

  g_return_if_fail (PR_IS_ALERTS_PAGE (self));

  self->filling = TRUE;
  self->mailbox_id = mailbox_id;
  self->profile_id = profile_id;
  g_free (self->owner);
  self->owner = copy;
  gtk_drop_down_set_selected (self->severity_drop_down, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  self->filling = FALSE;
  list_alerts (self);
}

/* --- What was seen ---------------------------------------------------------------------------- */

static gboolean
on_seen (gpointer user_data)
{
  PrAlertsPage *self = user_data;
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  self->seen_source = 0;
  if (environment != NULL && !pr_environment_is_read_only (environment))
    pr_environment_read_alerts_async (environment, pr_alert_list_get_filter (self->list), NULL,
                                      NULL, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_unread_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertsPage) self = user_data;
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);
  PrAlertCounts counts = { 0 };

  if (window == NULL || (GObject *) self->watched != source
      || !pr_environment_count_alerts_finish (PR_ENVIRONMENT (source), result, &counts, NULL))
    return;
  pr_window_set_count (PR_WINDOW (window), "alerts", counts.n_unread, counts.n_unread > 0);
  if (self->any == (counts.n > 0))
    return;
  self->any = counts.n > 0;
  on_counted (self);
}

static gboolean
on_count (gpointer user_data)
{
  static const PrAlertFilter all = { .severity = -1 };
  PrAlertsPage *self = user_data;

  self->count_source = 0;
  if (self->watched != NULL)
    pr_environment_count_alerts_async (self->watched, &all, NULL, on_unread_counted,
                                       g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
on_stored (PrAlertsPage *self, guint changed)
{
  g_assert (PR_IS_ALERTS_PAGE (self));

  if ((changed & (PR_STORE_CHANGED_ALERTS | PR_STORE_CHANGED_MEMBERS)) != 0
      && self->count_source == 0)
    self->count_source = g_timeout_add (COUNT_MS, on_count, self);
}

static void
watch (PrAlertsPage *self, PrEnvironment *environment)
{
  if (self->watched != NULL)
    g_signal_handlers_disconnect_by_data (self->watched, self);
  g_clear_handle_id (&self->count_source, g_source_remove);
  g_set_object (&self->watched, environment);
  if (environment == NULL)
    return;
  g_signal_connect_swapped (environment, "stored", G_CALLBACK (on_stored), self);
  on_count (self);
}

/* --- What it looks like ----------------------------------------------------------------------- */

static void
on_counted (PrAlertsPage *self)
{
  const PrAlertCounts *counts = pr_alert_list_get_counts (self->list);
  const GError *error = pr_alert_list_get_error (self->list);
  g_autofree char *text = NULL;
  const char *state;

  g_assert (PR_IS_ALERTS_PAGE (self));

  if (error != NULL)
    state = "failure";
  else if (!pr_alert_list_is_loaded (self->list))
    state = "loading";
  else if (counts->n > 0)
    state = "list";
  else
    state = is_narrowed (self) && self->any ? "nothing" : "empty";
  if (error != NULL)
    adw_status_page_set_description (self->failure_page, error->message);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (state, "loading"));
  gtk_stack_set_visible_child_name (self->states, state);
  if (counts->n_unread > 0)
    /* Translators: how many alerts there are, and how many of them nobody has seen */
    text = g_strdup_printf (ngettext ("%u alert, %u new", "%u alerts, %u new", counts->n),
                            counts->n, counts->n_unread);
  else
    text = g_strdup_printf (ngettext ("%u alert", "%u alerts", counts->n), counts->n);
  gtk_label_set_label (self->count_label, text);
  /* What came with the page is not news, nor that it was read. */
  if (self->n_said >= 0 && (guint) self->n_said != counts->n)
    pr_live_text_say (GTK_WIDGET (self->count_label), text);
  if (pr_alert_list_is_loaded (self->list))
    self->n_said = (int) counts->n;
  set_actions (self);
  if (counts->n_unread > 0 && self->seen_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->seen_source = g_timeout_add_seconds (SEEN_SECONDS, on_seen, self);
}

/* --- Commands --------------------------------------------------------------------------------- */

static void
on_dismissed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  if (pr_environment_dismiss_alerts_finish (PR_ENVIRONMENT (source), result, &n, &error))
    {
      g_autofree char *text =
          g_strdup_printf (ngettext ("%u alert dismissed", "%u alerts dismissed", n), n);

      pr_page_toast (PR_PAGE (self), text);
    }
  else
    pr_page_show_error (PR_PAGE (self), _ ("The Alerts Could Not Be Dismissed"), error);
}

static void
on_dismiss_answer (const char *response, gpointer user_data)
{
  PrAlertsPage *self = user_data;
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  if (g_str_equal (response, "dismiss") && environment != NULL)
    pr_environment_dismiss_alerts_async (environment, pr_alert_list_get_filter (self->list), 0,
                                         NULL, on_dismissed, g_object_ref (self));
}

static void
on_dismiss_all (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (widget);
  guint n = pr_alert_list_get_counts (self->list)->n;
  g_autofree char *heading =
      g_strdup_printf (ngettext ("Dismiss %u Alert?", "Dismiss %u Alerts?", n), n);

  pr_dialog_ask (widget, heading,
                 _ ("They are taken off the wall. What they are about is not mended by that; the "
                    "next test tells it again."),
                 "dismiss", _ ("D_ismiss"), ADW_RESPONSE_DESTRUCTIVE, on_dismiss_answer,
                 g_object_ref (self), g_object_unref);
}

static void
on_clear_filter (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_alerts_page_show (PR_ALERTS_PAGE (widget), 0, 0, NULL);
}

static void
on_search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
on_refresh (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pr_alert_list_refresh (PR_ALERTS_PAGE (widget)->list);
}

/* All that need it, not only those on this wall: there is but one person at the browser. */
static void
on_sign_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (PrSelection) selection = pr_selection_new_view (PR_VIEW_ACTIVE);

  pr_sign_in_dialog_open (widget, pr_page_get_environment (PR_PAGE (widget)), selection, TRUE);
}

static void
set_actions (PrAlertsPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean opened = pr_page_get_environment (PR_PAGE (self)) != NULL;

  gtk_widget_action_set_enabled (widget, "alerts.dismiss-all",
                                 pr_page_is_writable (PR_PAGE (self))
                                     && pr_alert_list_get_counts (self->list)->n > 0);
  gtk_widget_action_set_enabled (widget, "alerts.sign-in", pr_page_is_writable (PR_PAGE (self)));
  gtk_widget_action_set_enabled (widget, "alerts.clear-filter", opened);
  gtk_widget_action_set_enabled (widget, "alerts.show-all", opened);
  gtk_widget_action_set_enabled (widget, "alerts.search", opened);
  gtk_widget_action_set_enabled (widget, "alerts.refresh", opened);
}

/* --- PrPage ----------------------------------------------------------------------------------- */

static void
pr_alerts_page_environment_changed (PrPage *page, PrEnvironment *environment)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (page);
  PrAlertFilter all = { .severity = -1 };

  self->mailbox_id = self->profile_id = 0;
  g_clear_pointer (&self->owner, g_free);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  pr_alert_list_show (self->list, NULL, &all);
  watch (self, environment);
  on_counted (self);
}

/* The list follows by itself what is written; here it only begins. */
static void
pr_alerts_page_refresh (PrPage *page)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (page);

  if (!pr_alert_list_is_loaded (self->list))
    list_alerts (self);
}

static void
pr_alerts_page_overview_changed (PrPage *page, const PrOverview *overview, const GError *error)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (page);
  g_autofree char *text = NULL;
  guint n = 0;

  for (guint i = 0; overview != NULL && i < overview->causes->len; i++)
    {
      const PrOverviewCause *cause = g_ptr_array_index (overview->causes, i);

      if (pr_code_wants_sign_in (cause->code))
        n += cause->n_mailboxes;
    }
  text =
      g_strdup_printf (ngettext ("%u mailbox fails because somebody has to sign in to it.",
                                 "%u mailboxes fail because somebody has to sign in to them.", n),
                       n);
  gtk_label_set_label (self->sign_in_label, text);
  gtk_revealer_set_reveal_child (self->sign_in_revealer, n > 1);
}

static void
pr_alerts_page_update_actions (PrPage *page)
{
  set_actions (PR_ALERTS_PAGE (page));
}

static void
pr_alerts_page_unmap (GtkWidget *widget)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (widget);

  g_clear_handle_id (&self->seen_source, g_source_remove);
  gtk_widget_remove_controller (widget, g_steal_pointer (&self->shortcuts));
  GTK_WIDGET_CLASS (pr_alerts_page_parent_class)->unmap (widget);
}

static void
pr_alerts_page_map (GtkWidget *widget)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (widget);

  GTK_WIDGET_CLASS (pr_alerts_page_parent_class)->map (widget);
  self->shortcuts = pr_shortcuts_new (shortcuts, G_N_ELEMENTS (shortcuts));
  gtk_widget_add_controller (widget, self->shortcuts);
  on_counted (self);
}

static void
pr_alerts_page_dispose (GObject *object)
{
  PrAlertsPage *self = PR_ALERTS_PAGE (object);

  watch (self, NULL);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  g_clear_pointer (&self->owner, g_free);
  G_OBJECT_CLASS (pr_alerts_page_parent_class)->dispose (object);
}

static void
pr_alerts_page_class_init (PrAlertsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PrPageClass *page_class = PR_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_alerts_page_dispose;
  widget_class->map = pr_alerts_page_map;
  widget_class->unmap = pr_alerts_page_unmap;
  page_class->environment_changed = pr_alerts_page_environment_changed;
  page_class->refresh = pr_alerts_page_refresh;
  page_class->overview_changed = pr_alerts_page_overview_changed;
  page_class->update_actions = pr_alerts_page_update_actions;

  g_type_ensure (PR_TYPE_ALERT_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-alerts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, severity_drop_down);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, filter_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, states);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, list);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, failure_page);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, sign_in_revealer);
  gtk_widget_class_bind_template_child (widget_class, PrAlertsPage, sign_in_label);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_counted);
  gtk_widget_class_install_action (widget_class, "alerts.dismiss-all", NULL, on_dismiss_all);
  gtk_widget_class_install_action (widget_class, "alerts.sign-in", NULL, on_sign_in);
  gtk_widget_class_install_action (widget_class, "alerts.clear-filter", NULL, on_clear_filter);
  gtk_widget_class_install_action (widget_class, "alerts.show-all", NULL, on_clear_filter);
  gtk_widget_class_install_action (widget_class, "alerts.search", NULL, on_search);
  gtk_widget_class_install_action (widget_class, "alerts.refresh", NULL, on_refresh);
}

static void
pr_alerts_page_init (PrAlertsPage *self)
{
  g_autoptr (GtkStringList) severities = gtk_string_list_new (NULL);

  self->filling = TRUE;
  self->n_said = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_string_list_append (severities, _ ("All Alerts"));
  gtk_string_list_append (severities, C_ ("alerts", "Errors"));
  gtk_string_list_append (severities, C_ ("alerts", "Warnings"));
  gtk_string_list_append (severities, C_ ("alerts", "Information"));
  gtk_drop_down_set_model (self->severity_drop_down, G_LIST_MODEL (severities));
  pr_accessible_name_drop_down (self->severity_drop_down, _ ("Severity"));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  self->filling = FALSE;
  on_counted (self);
}
