/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAlertRow: an alert for people. The details are read when somebody opens them. Main thread. */

#include "pr-alert-row.h"

#include "pr-accessible.h"
#include "pr-alert-fix.h"
#include "pr-alert-text.h"
#include "pr-report-json.h"
#include "pr-step-tree.h"
#include "pr-words.h"

#include <glib/gi18n.h>
#include <string.h>

struct _PrAlertRow
{
  GtkListBoxRow parent_instance;

  /* Template children */
  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *unread_label;
  GtkLabel *time_label;
  GtkLabel *summary_label;
  GtkLabel *remedy_label;
  GtkLabel *owner_label;
  GtkButton *fix_button;
  GtkLabel *fix_label;
  GtkToggleButton *details_button;
  GtkRevealer *details_revealer;
  PrStepTree *tree;

  /* Owned */
  PrEnvironment *environment;
  PrAlert *alert;
  PrReport *report; /* (nullable): its facts */
};

G_DEFINE_FINAL_TYPE (PrAlertRow, pr_alert_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  SIGNAL_FIX,
  SIGNAL_DISMISS,
  SIGNAL_LINK,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- Text ------------------------------------------------------------------------------------- */

static void
append_escaped (GString *markup, const char *text, gsize length)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) length);

  g_string_append (markup, escaped);
}

static const char *
find_name (const char *text, const char *name)
{
  return name != NULL && *name != '\0' ? strstr (text, name) : NULL;
}

/* Names in a sentence become links to what they name. */
static char *
make_links (PrAlertRow *self, const char *text)
{
  const char *address = pr_alert_get_text (self->alert, MAILBOX_ADDRESS);
  const char *profile = pr_alert_get_text (self->alert, PROFILE_NAME);
  GString *markup = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *mailbox_at = find_name (text, address);
      const char *profile_at = find_name (text, profile);
      gboolean is_mailbox = mailbox_at != NULL && (profile_at == NULL || mailbox_at <= profile_at);
      const char *at = is_mailbox ? mailbox_at : profile_at;
      const char *name = is_mailbox ? address : profile;

      if (at == NULL)
        break;
      append_escaped (markup, text, (gsize) (at - text));
      g_string_append_printf (markup, "<a href=\"%s:%" G_GINT64_FORMAT "\">",
                              is_mailbox ? "mailbox" : "profile",
                              is_mailbox ? pr_alert_get (self->alert, MAILBOX_ID)
                                         : pr_alert_get (self->alert, PROFILE_ID));
      append_escaped (markup, name, strlen (name));
      g_string_append (markup, "</a>");
      text = at + strlen (name);
    }
  append_escaped (markup, text, strlen (text));
  return g_string_free (markup, FALSE);
}

static char *
describe_time (PrAlert *alert)
{
  g_autofree char *last = pr_word_of_time (pr_alert_get (alert, LAST_SEEN));
  guint count = (guint) pr_alert_get (alert, COUNT);

  if (count <= 1)
    return g_steal_pointer (&last);
  /* Translators: how often something happened, and when it did last */
  return g_strdup_printf (ngettext ("%u time, last: %s", "%u times, last: %s", count), count, last);
}

/* Who was told: the names of people lead to their walls. */
static char *
describe_owners (PrAlertRow *self)
{
  g_autofree char *told = pr_alert_text_get_told (self->alert);
  const char *owner = pr_alert_get_text (self->alert, FOR_OWNER);
  const char *also = pr_alert_get_text (self->alert, ALSO_OWNER);
  const char *names[] = { owner, g_str_equal (owner, also) ? "" : also };
  const char *text = told;
  GString *markup = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *at = find_name (text, names[i]);
      g_autofree char *uri = g_uri_escape_string (names[i], NULL, FALSE);

      if (at == NULL)
        continue;
      append_escaped (markup, text, (gsize) (at - text));
      g_string_append_printf (markup, "<a href=\"owner:%s\">", uri);
      append_escaped (markup, names[i], strlen (names[i]));
      g_string_append (markup, "</a>");
      text = at + strlen (names[i]);
    }
  append_escaped (markup, text, strlen (text));
  return g_string_free (markup, FALSE);
}

static void
set_optional (GtkLabel *label, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
  gtk_label_set_label (label, text != NULL ? text : "");
}

static void
show_severity (PrAlertRow *self)
{
  static const char *const icons[] = { "postroom-failure-symbolic", "postroom-warning-symbolic",
                                       "postroom-information-symbolic" };
  static const char *const classes[] = { "status-failure", "status-warning", "accent" };
  guint severity = (guint) pr_alert_get (self->alert, SEVERITY);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), classes[severity]);
  gtk_image_set_from_icon_name (self->icon, icons[severity]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pr_word_of (PR_TYPE_SEVERITY, (int) severity), -1);
}

static void
show_fix (PrAlertRow *self)
{
  PrFixTarget target = pr_alert_find_fix (self->environment, self->alert);
  g_autofree char *label = pr_alert_describe_fix (self->alert, &target);
  gboolean writable = !pr_environment_is_read_only (self->environment);

  gtk_widget_set_visible (GTK_WIDGET (self->fix_button), label != NULL);
  gtk_label_set_label (self->fix_label, label != NULL ? label : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fix_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : "", -1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.fix",
                                 label != NULL && (writable || target.fix == PR_FIX_OPEN));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "alert.dismiss", writable);
}

static void
show_alert (PrAlertRow *self)
{
  g_autofree char *summary = pr_alert_text_get_summary (self->alert);
  g_autofree char *remedy = pr_alert_text_get_remedy (self->alert);
  g_autofree char *markup = make_links (self, summary);
  g_autofree char *time = describe_time (self->alert);
  g_autofree char *owners = describe_owners (self);
  PrCode code = PR_CODE_INTERNAL_ERROR;

  pr_code_from_word (pr_alert_get_text (self->alert, CODE), &code);
  gtk_label_set_label (self->title_label, pr_word_of_code (code));
  gtk_label_set_markup (self->summary_label, markup);
  set_optional (self->remedy_label, remedy);
  set_optional (self->owner_label, owners);
  gtk_label_set_label (self->time_label, time);
  gtk_widget_set_visible (GTK_WIDGET (self->unread_label), pr_alert_get (self->alert, UNREAD) != 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  -1);
  show_severity (self);
  show_fix (self);
}

/* --- Details ---------------------------------------------------------------------------------- */

static void
show_details (PrAlertRow *self, PrReport *report)
{
  g_clear_pointer (&self->report, pr_report_unref);
  self->report = report != NULL ? pr_report_ref (report) : pr_alert_text_get_report (self->alert);
  pr_step_tree_set_report (self->tree, self->report);
}

static void
on_report_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAlertRow) self = user_data;
  g_autoptr (PrReport) report =
      pr_environment_load_report_finish (PR_ENVIRONMENT (source), result, NULL);

  /* A later test may have ended otherwise: then its steps say nothing about this alert. */
  if (report != NULL && self->alert != NULL
      && g_str_equal (pr_code_to_word (report->code), pr_alert_get_text (self->alert, CODE)))
    show_details (self, report);
}

static void
on_details_toggled (PrAlertRow *self)
{
  gboolean expanded = gtk_toggle_button_get_active (self->details_button);
  gint64 mailbox_id = pr_alert_get (self->alert, MAILBOX_ID);
  int direction;

  g_assert (PR_IS_ALERT_ROW (self));

  gtk_revealer_set_reveal_child (self->details_revealer, expanded);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->details_button), GTK_ACCESSIBLE_STATE_EXPANDED,
                               expanded, -1);
  if (!expanded || self->report != NULL)
    return;
  show_details (self, NULL);
  if (mailbox_id != 0
      && pr_enum_from_nick (PR_TYPE_DIRECTION, pr_alert_get_text (self->alert, DIRECTION),
                            &direction))
    pr_environment_load_report_async (self->environment, mailbox_id, (PrDirection) direction, NULL,
                                      on_report_loaded, g_object_ref (self));
}

/* --- Commands --------------------------------------------------------------------------------- */

static void
on_fix (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_FIX], 0);
}

static void
on_dismiss (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_DISMISS], 0);
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAlertRow *self = PR_ALERT_ROW (widget);
  g_autofree char *text = NULL;

  if (self->report == NULL)
    return;
  text = pr_report_to_json_text (self->report, PR_REPORT_JSON_TRANSCRIPT);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static gboolean
on_link (PrAlertRow *self, const char *uri)
{
  g_assert (PR_IS_ALERT_ROW (self));

  g_signal_emit (self, signals[SIGNAL_LINK], 0, uri);
  return TRUE;
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_alert_row_dispose (GObject *object)
{
  PrAlertRow *self = PR_ALERT_ROW (object);

  g_clear_object (&self->environment);
  g_clear_object (&self->alert);
  g_clear_pointer (&self->report, pr_report_unref);
  G_OBJECT_CLASS (pr_alert_row_parent_class)->dispose (object);
}

static void
pr_alert_row_class_init (PrAlertRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pr_alert_row_dispose;

  signals[SIGNAL_FIX] = g_signal_new ("fix", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISMISS] = g_signal_new ("dismiss", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LINK] = g_signal_new ("link", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (PR_TYPE_STEP_TREE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-alert-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, unread_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, summary_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, remedy_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, owner_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, fix_label);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, fix_button);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, details_button);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, details_revealer);
  gtk_widget_class_bind_template_child (widget_class, PrAlertRow, tree);
  gtk_widget_class_bind_template_callback (widget_class, on_link);
  gtk_widget_class_bind_template_callback (widget_class, on_details_toggled);
  gtk_widget_class_install_action (widget_class, "alert.fix", NULL, on_fix);
  gtk_widget_class_install_action (widget_class, "alert.dismiss", NULL, on_dismiss);
  gtk_widget_class_install_action (widget_class, "alert.copy", NULL, on_copy);
}

static void
pr_alert_row_init (PrAlertRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_accessible_hide_classes (GTK_WIDGET (self));
}

/**
 * pr_alert_row_new:
 * @environment: where it was raised
 * @alert: an alert
 *
 * Returns: (transfer floating): its row
 */
PrAlertRow *
pr_alert_row_new (PrEnvironment *environment, PrAlert *alert)
{
  PrAlertRow *self = g_object_new (PR_TYPE_ALERT_ROW, NULL);

  self->environment = g_object_ref (environment);
  pr_alert_row_set_alert (self, alert);
  return self;
}

/**
 * pr_alert_row_set_alert:
 * @self: a row
 * @alert: the same alert, as it is now
 */
void
pr_alert_row_set_alert (PrAlertRow *self, PrAlert *alert)
{
  gboolean same;

  g_return_if_fail (PR_IS_ALERT_ROW (self));

  same = self->alert != NULL
         && pr_record_get_version (PR_RECORD (self->alert))
                == pr_record_get_version (PR_RECORD (alert))
         && pr_alert_get (self->alert, UNREAD) == pr_alert_get (alert, UNREAD);
  g_set_object (&self->alert, alert);
  if (same)
    return;
  g_clear_pointer (&self->report, pr_report_unref);
  show_alert (self);
  if (gtk_toggle_button_get_active (self->details_button))
    on_details_toggled (self);
}

PrAlert *
pr_alert_row_get_alert (PrAlertRow *self)
{
  g_return_val_if_fail (PR_IS_ALERT_ROW (self), NULL);

  return self->alert;
}

void
pr_alert_row_set_expanded (PrAlertRow *self, gboolean expanded)
{
  g_return_if_fail (PR_IS_ALERT_ROW (self));

  gtk_toggle_button_set_active (self->details_button, expanded);
}
