/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAnalyzerPage: tests any POP3 or SMTP server without storing anything, like "postroomctl
 * check". What may be typed is the business of PrAnalysis. Main thread. */

#include "pr-analyzer-page.h"

#include "pr-accessible.h"
#include "pr-analysis.h"
#include "pr-bidi.h"
#include "pr-ca-row.h"
#include "pr-check.h"
#include "pr-choice-row.h"
#include "pr-discovery.h"
#include "pr-file-picker.h"
#include "pr-form.h"
#include "pr-menu-button.h"
#include "pr-password-dialog.h"
#include "pr-report-export.h"
#include "pr-shortcuts.h"
#include "pr-sidebar-button.h"
#include "pr-step-tree.h"
#include "pr-window.h"

#include <glib/gi18n.h>

struct _PrAnalyzerPage
{
  PrPage parent_instance;

  /* Template children */
  AdwPreferencesPage *form_page;
  AdwEntryRow *find_row;
  AdwActionRow *password_row;
  AdwExpanderRow *advanced_row;
  GtkButton *run_button;
  GtkButton *cancel_button;
  AdwPreferencesGroup *result_group;
  GtkBox *result_buttons;
  GtkMenuButton *save_button;
  GMenuModel *save_menu;
  PrStepTree *tree;

  /* Owned */
  PrForm *form;
  PrAnalysis *analysis;
  PrSecret *secret;
  GCancellable *cancellable;
  GCancellable *finding; /* (nullable): while a domain is asked for its servers */
  PrDiscovery *found;    /* (nullable): the servers of an address */
  PrProtocol found_for;  /* which of them was filled in */
  GPtrArray *reports;    /* of PrReport: the last result */

  guint scroll_id;
  gboolean anonymous;
  gboolean tried;
  PrExportFormat saving; /* what the file chooser is open for */
};

enum
{
  PROP_0,
  PROP_ANONYMOUS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrAnalyzerPage, pr_analyzer_page, PR_TYPE_PAGE)

static PrEmailSettings *
get_settings (PrAnalyzerPage *self)
{
  PrEnvironment *environment = pr_page_get_environment (PR_PAGE (self));

  return environment != NULL ? pr_environment_get_settings (environment) : NULL;
}

/* --- The form --------------------------------------------------------------------------------- */

static void
update_notes (PrAnalyzerPage *self)
{
  gboolean smtp = pr_analysis_get (self->analysis, PROTOCOL) == PR_PROTOCOL_SMTP;
  gboolean login = *pr_analysis_get_text (self->analysis, USERNAME) != '\0';
  g_autofree char *port = NULL;

  pr_form_clear_notes (self->form);
  if (pr_analysis_get (self->analysis, PORT) == 0)
    {
      port = g_strdup_printf (_ ("Left empty: %u"), pr_analysis_get_port (self->analysis));
      pr_form_set_note (self->form, "port", PR_NOTE_INFORMATION, port);
    }
  if (pr_analysis_get (self->analysis, SECURITY) == PR_SECURITY_NONE)
    pr_form_set_note (self->form, "security", PR_NOTE_WARNING,
                      _ ("Everybody on the way can read what is said."));
  gtk_widget_set_visible (pr_form_get_row (self->form, "address"), smtp);
  gtk_widget_set_visible (pr_form_get_row (self->form, "submit"), smtp);
  gtk_widget_set_visible (pr_form_get_row (self->form, "mechanism"), login);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row),
                          pr_analysis_needs_secret (self->analysis));
  adw_action_row_set_subtitle (self->password_row,
                               self->secret != NULL ? _ ("Is set") : _ ("Not set"));
}

static gboolean
update_errors (PrAnalyzerPage *self)
{
  g_autoptr (GPtrArray) errors = pr_record_check (PR_RECORD (self->analysis), get_settings (self));
  g_autoptr (GPtrArray) others = pr_form_set_errors (self->form, errors, self->tried);

  return errors->len > 0 || pr_form_has_input_errors (self->form);
}

/* --- By email address ------------------------------------------------------------------------- */

/* The server of the address that speaks the protocol. */
static void
fill_in_found (PrAnalyzerPage *self)
{
  PrProtocol protocol = (PrProtocol) pr_analysis_get (self->analysis, PROTOCOL);
  const PrFoundServer *server =
      &self->found
           ->servers[protocol == PR_PROTOCOL_SMTP ? PR_DIRECTION_OUTGOING : PR_DIRECTION_INCOMING];

  self->found_for = protocol;
  if (server->host == NULL)
    return;
  pr_record_set_text (PR_RECORD (self->analysis), PR_ANALYSIS_HOST, server->host);
  pr_record_set_number (PR_RECORD (self->analysis), PR_ANALYSIS_PORT, server->port);
  pr_record_set_number (PR_RECORD (self->analysis), PR_ANALYSIS_SECURITY,
                        (gint64) server->security);
  pr_form_set_record (self->form, PR_RECORD (self->analysis));
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAnalyzerPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrDiscovery) found = pr_discovery_find_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->finding);
  if (found == NULL)
    {
      pr_page_toast (PR_PAGE (self), error->message);
      return;
    }
  g_clear_pointer (&self->found, pr_discovery_free);
  self->found = g_steal_pointer (&found);
  fill_in_found (self);
  update_notes (self);
  update_errors (self);
  text = pr_discovery_describe (self->found);
  pr_form_set_note (self->form, "host",
                    self->found->is_foreign ? PR_NOTE_WARNING : PR_NOTE_INFORMATION, text);
}

static void
on_find (PrAnalyzerPage *self)
{
  g_assert (PR_IS_ANALYZER_PAGE (self));

  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_pointer (&self->found, pr_discovery_free);
  self->finding = g_cancellable_new ();
  pr_discovery_find_async (gtk_editable_get_text (GTK_EDITABLE (self->find_row)), NULL,
                           self->finding, on_found, g_object_ref (self));
}

/* --- Changes ---------------------------------------------------------------------------------- */

static void
on_changed (PrAnalyzerPage *self)
{
  g_assert (PR_IS_ANALYZER_PAGE (self));

  if (self->found != NULL
      && self->found_for != (PrProtocol) pr_analysis_get (self->analysis, PROTOCOL))
    fill_in_found (self);
  update_notes (self);
  update_errors (self);
}

static void
on_password (PrSecret *secret, gpointer user_data)
{
  PrAnalyzerPage *self = user_data;

  g_clear_pointer (&self->secret, pr_secret_unref);
  self->secret = pr_secret_ref (secret);
  update_notes (self);
  update_errors (self);
}

static void
on_set_password (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (widget);
  g_autofree char *body =
      g_strdup_printf (_ ("The password of “%s”"), pr_analysis_get_text (self->analysis, USERNAME));
  PrPasswordDialog *dialog = pr_password_dialog_ask (widget, _ ("Set Password"), body, on_password,
                                                     g_object_ref (self), g_object_unref);

  pr_password_dialog_set_note (dialog, _ ("It is not stored: it is forgotten when Postroom is "
                                          "closed."));
}

/* --- The test --------------------------------------------------------------------------------- */

static void
on_progress (guint index, PrStep step, gpointer user_data)
{
  PrAnalyzerPage *self = user_data;

  if (self->cancellable != NULL)
    pr_step_tree_set_step (self->tree, step);
}

static void
announce (PrAnalyzerPage *self, PrReport *report)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);

  if (window != NULL)
    pr_window_announce (PR_WINDOW (window), report->outcome == PR_OUTCOME_SUCCESS
                                                ? _ ("The server answers as it should")
                                                : _ ("The test failed"));
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrAnalyzerPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports = pr_check_run_finish (result, &error);

  g_clear_object (&self->cancellable);
  /* The window was closed. */
  if (self->form == NULL)
    return;
  if (reports == NULL)
    {
      pr_page_show_error (PR_PAGE (self), _ ("The Test Could Not Be Carried Out"), error);
      gtk_widget_hide (GTK_WIDGET (self->result_group));
    }
  else
    {
      self->reports = g_ptr_array_ref (reports);
      pr_step_tree_set_report (self->tree, g_ptr_array_index (reports, 0));
      announce (self, g_ptr_array_index (reports, 0));
    }
  pr_page_update_actions (PR_PAGE (self));
}

/* The result comes below the form: it must be seen that something happens. */
static gboolean
scroll_to_result (gpointer user_data)
{
  PrAnalyzerPage *self = user_data;
  GtkWidget *scrolled =
      gtk_widget_get_ancestor (GTK_WIDGET (self->result_group), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  double x, y;

  self->scroll_id = 0;
  if (scrolled == NULL
      || !gtk_widget_translate_coordinates (GTK_WIDGET (self->result_group), scrolled, 0, 0, &x,
                                            &y))
    return G_SOURCE_REMOVE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y);
  return G_SOURCE_REMOVE;
}

static void
start (PrAnalyzerPage *self)
{
  g_autoptr (GPtrArray) plans =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pr_test_plan_unref);
  g_autofree char *host = pr_bidi_isolate (pr_analysis_get_text (self->analysis, HOST));
  g_autofree char *title =
      g_strdup_printf (_ ("Testing %s, port %u…"), host, pr_analysis_get_port (self->analysis));

  g_clear_pointer (&self->reports, g_ptr_array_unref);
  self->cancellable = g_cancellable_new ();
  g_ptr_array_add (plans,
                   pr_analysis_make_plan (self->analysis, get_settings (self), self->secret));
  gtk_widget_show (GTK_WIDGET (self->result_group));
  pr_step_tree_begin (self->tree, title);
  pr_page_update_actions (PR_PAGE (self));
  /* After it was laid out. */
  if (self->scroll_id == 0)
    self->scroll_id = g_timeout_add (100, scroll_to_result, self);
  pr_check_run_watched_async (plans, on_progress, self, self->cancellable, on_checked,
                              g_object_ref (self));
}

static void
on_run (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (widget);

  self->tried = TRUE;
  if (update_errors (self))
    {
      pr_form_focus_first_error (self->form);
      return;
    }
  if (pr_analysis_needs_secret (self->analysis) && self->secret == NULL)
    {
      on_set_password (widget, name, NULL);
      return;
    }
  start (self);
}

static void
on_cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (widget);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
on_entered (PrAnalyzerPage *self)
{
  g_assert (PR_IS_ANALYZER_PAGE (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "analyzer.run", NULL);
}

/* --- The result ------------------------------------------------------------------------------- */

static char *export(PrAnalyzerPage *self, PrExportFormat format)
{
  return pr_report_export (self->reports, format,
                           PR_EXPORT_TRANSCRIPT
                               | (self->anonymous ? PR_EXPORT_ANONYMOUS : PR_EXPORT_NONE));
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = export(PR_ANALYZER_PAGE (widget), PR_EXPORT_TEXT);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  pr_page_toast (PR_PAGE (widget), _ ("The result was copied"));
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrPage) page = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    pr_page_toast (page, _ ("The result was saved"));
  else
    pr_page_show_error (page, _ ("The Result Was Not Saved"), error);
}

static void
on_file_chosen (GFile *file, gpointer user_data)
{
  PrAnalyzerPage *self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (self->reports == NULL)
    return;
  text = export(self, self->saving);
  bytes = g_bytes_new (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       on_written, g_object_ref (self));
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (widget);
  const char *format = g_variant_get_string (parameter, NULL);
  const char *ending = g_str_equal (format, "text") ? "txt" : format;
  g_autofree char *file =
      g_strdup_printf ("%s.%s", pr_analysis_get_text (self->analysis, HOST), ending);
  int value = PR_EXPORT_TEXT;

  pr_enum_from_nick (PR_TYPE_EXPORT_FORMAT, format, &value);
  self->saving = (PrExportFormat) value;
  pr_file_picker_save (widget, _ ("Save the Result"), file, on_file_chosen, self);
}

/* --- The page --------------------------------------------------------------------------------- */

static void
pr_analyzer_page_refresh (PrPage *page)
{
  /* Policies may have changed. */
  update_errors (PR_ANALYZER_PAGE (page));
}

static void
pr_analyzer_page_update_actions (PrPage *page)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (page);
  GtkWidget *widget = GTK_WIDGET (page);
  gboolean running = self->cancellable != NULL;
  gboolean has_result = self->reports != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->run_button), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->result_buttons), has_result);
  gtk_widget_action_set_enabled (widget, "analyzer.run",
                                 !running && pr_page_get_environment (page) != NULL);
  gtk_widget_action_set_enabled (widget, "analyzer.cancel", running);
  gtk_widget_action_set_enabled (widget, "analyzer.copy", has_result);
  gtk_widget_action_set_enabled (widget, "analyzer.save", has_result);
}

static void
pr_analyzer_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_ANONYMOUS:
        g_value_set_boolean (value, PR_ANALYZER_PAGE (object)->anonymous);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_analyzer_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_ANONYMOUS:
        PR_ANALYZER_PAGE (object)->anonymous = g_value_get_boolean (value);
        g_object_notify_by_pspec (object, pspec);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_analyzer_page_dispose (GObject *object)
{
  PrAnalyzerPage *self = PR_ANALYZER_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->finding != NULL)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_pointer (&self->found, pr_discovery_free);
  g_clear_handle_id (&self->scroll_id, g_source_remove);
  g_clear_object (&self->form);
  g_clear_object (&self->analysis);
  g_clear_pointer (&self->secret, pr_secret_unref);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  G_OBJECT_CLASS (pr_analyzer_page_parent_class)->dispose (object);
}

static void
pr_analyzer_page_class_init (PrAnalyzerPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pr_analyzer_page_dispose;
  object_class->get_property = pr_analyzer_page_get_property;
  object_class->set_property = pr_analyzer_page_set_property;
  PR_PAGE_CLASS (klass)->refresh = pr_analyzer_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_analyzer_page_update_actions;

  /**
   * PrAnalyzerPage:anonymous:
   *
   * Whether results leave out addresses and user names when they are copied or saved.
   */
  properties[PROP_ANONYMOUS] =
      g_param_spec_boolean ("anonymous", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PR_TYPE_CA_ROW);
  g_type_ensure (PR_TYPE_CHOICE_ROW);
  g_type_ensure (PR_TYPE_MENU_BUTTON);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (PR_TYPE_STEP_TREE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-analyzer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, form_page);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, find_row);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, advanced_row);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, run_button);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, result_group);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, result_buttons);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, save_menu);
  gtk_widget_class_bind_template_child (widget_class, PrAnalyzerPage, tree);
  gtk_widget_class_bind_template_callback (widget_class, on_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_find);
  gtk_widget_class_install_action (widget_class, "analyzer.run", NULL, on_run);
  gtk_widget_class_install_action (widget_class, "analyzer.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "analyzer.set-password", NULL, on_set_password);
  gtk_widget_class_install_action (widget_class, "analyzer.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "analyzer.save", "s", on_save);
  gtk_widget_class_install_property_action (widget_class, "analyzer.anonymous", "anonymous");
}

static const PrShortcut shortcuts[] = {
  { "F5", "analyzer.run" },
};

static void
pr_analyzer_page_init (PrAnalyzerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_menu_button_attach (self->save_button, self->save_menu);
  pr_accessible_name_expander (self->advanced_row);
  pr_shortcuts_add (GTK_WIDGET (self), shortcuts, G_N_ELEMENTS (shortcuts));
  self->form = pr_form_new (GTK_WIDGET (self->form_page), PR_TYPE_ANALYSIS);
  self->analysis = pr_analysis_new ();
  pr_form_set_record (self->form, PR_RECORD (self->analysis));
  g_signal_connect_object (self->form, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  update_notes (self);
}
