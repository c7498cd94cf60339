/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: opens an environment and gives it to the pages; what the sidebar shows; toasts and
 * errors. Its pages are in pr-window-pages.c, its actions in pr-window-actions.c. Main thread. */

#include "pr-window-private.h"

#include "pr-accessible.h"
#include "pr-banner.h"
#include "pr-bidi.h"
#include "pr-dialog.h"
#include "pr-limits.h"
#include "pr-live-text.h"
#include "pr-menu-button.h"
#include "pr-sidebar-button.h"
#include "pr-tab-stop.h"

#include <glib/gi18n.h>

enum
{
  PROP_0,
  PROP_ENVIRONMENT,
  PROP_SHOW_SIDEBAR,
  N_PROPS,
};

enum
{
  SIGNAL_BANNER_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrWindow, pr_window, ADW_TYPE_APPLICATION_WINDOW)

static void
on_show_sidebar (PrWindow *self)
{
  g_assert (PR_IS_WINDOW (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_SIDEBAR]);
  /* A drawer that is shut says nothing about what is wanted in a wide window. */
  if (self->settings != NULL && !pr_split_view_get_collapsed (self->split))
    g_settings_set_boolean (self->settings, "show-sidebar",
                            pr_split_view_get_show_sidebar (self->split));
}

/* --- Counts ----------------------------------------------------------------------------------- */

/* All that a start makes is there and drawn; to get there took more. */
static gboolean
on_settled (gpointer user_data)
{
  PrWindow *self = user_data;

  self->settle_source = 0;
  self->settled = TRUE;
  pr_limits_give_back_memory ();
  return G_SOURCE_REMOVE;
}

static void
on_overview_loaded (PrWindow *self)
{
  const PrOverview *overview = pr_overview_loader_get (self->loader);

  g_assert (PR_IS_WINDOW (self));

  pr_window_set_count (self, "mailboxes", overview->all.n_mailboxes, FALSE);
  pr_window_set_count (self, "alerts", overview->n_unread, overview->n_errors > 0);
  pr_window_tell_overview (self);
  if (self->settle_source == 0 && !self->settled)
    self->settle_source = g_idle_add_full (G_PRIORITY_LOW, on_settled, self, NULL);
}

/**
 * pr_window_get_overview:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the counts of its environment as they were last read
 */
const PrOverview *
pr_window_get_overview (PrWindow *self)
{
  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  return pr_overview_loader_get (self->loader);
}

/* --- The environment -------------------------------------------------------------------------- */

static void
on_environment_changed (PrWindow *self)
{
  GListModel *profiles = pr_environment_get_profiles (self->environment);

  g_assert (PR_IS_WINDOW (self));

  pr_window_set_count (self, "profiles", g_list_model_get_n_items (profiles), FALSE);
  pr_window_update_banner (self);
  pr_window_update_actions (self);
}

/* Says what holds for the environment as a whole. */
void
pr_window_update_banner (PrWindow *self)
{
  if (self->environment == NULL)
    return;
  if (pr_window_is_practice (self))
    pr_window_set_banner (
        self,
        _ ("Practice: everything here is thrown away when you leave. The password of "
           "all mailboxes is “open sesame”."),
        _ ("_Leave"), "win.leave-practice");
  else if (pr_environment_is_read_only (self->environment))
    pr_window_set_banner (
        self,
        _ ("Read only: this environment can be looked at, but not changed, because "
           "its file cannot be written."),
        NULL, NULL);
  else if (pr_environment_get_n_left_secrets (self->environment) > 0)
    pr_window_set_banner (
        self,
        _ ("Passwords of what was removed are still in the keyring, because it could not be "
           "changed."),
        _ ("_Remove Them"), "win.clear-secrets");
  else
    pr_window_set_banner (self, NULL, NULL, NULL);
}

static void
show_name (PrWindow *self, const char *name)
{
  /* Translators: a button with the name of the environment that is shown, for a screen reader */
  g_autofree char *said = g_strdup_printf (_ ("Environment: %s"), name);

  gtk_label_set_label (self->environment_label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->environment_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
}

static void
show_environment (PrWindow *self)
{
  const char *name = pr_window_is_practice (self) ? C_ ("environment", "Practice")
                                                  : pr_environment_get_name (self->environment);

  show_name (self, name);
  gtk_window_set_title (GTK_WINDOW (self), name);
  gtk_stack_set_visible_child_name (self->states, "pages");
  pr_window_update_banner (self);
  if (self->settings != NULL && !pr_window_is_practice (self))
    g_settings_set_string (self->settings, "environment",
                           pr_environment_get_id (self->environment));
}

static void
clear_counts (PrWindow *self)
{
  pr_window_set_count (self, "profiles", 0, FALSE);
  pr_window_set_count (self, "mailboxes", 0, FALSE);
  pr_window_set_count (self, "alerts", 0, FALSE);
}

static void
forget_environment (PrWindow *self)
{
  pr_window_stop_retries (self);
  pr_overview_loader_set_environment (self->loader, NULL);
  if (self->environment == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->environment, self);
  pr_environment_set_following (self->environment, FALSE);
}

/**
 * pr_window_set_environment:
 * @self: a window
 * @environment: (nullable): what its pages show
 */
void
pr_window_set_environment (PrWindow *self, PrEnvironment *environment)
{
  g_autoptr (PrEnvironment) old = NULL;
  GtkWidget *page;

  g_return_if_fail (PR_IS_WINDOW (self));

  if (self->environment == environment)
    return;
  old = self->environment;
  forget_environment (self);
  /* A result belongs to the environment in which it was found. */
  if (self->job_bar != NULL)
    pr_window_close_job (self);
  self->environment = environment != NULL ? g_object_ref (environment) : NULL;
  pr_window_tell_overview (self);
  for (page = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); page != NULL;
       page = gtk_widget_get_next_sibling (page))
    pr_page_set_environment (PR_PAGE (page), environment);
  if (environment != NULL)
    {
      g_signal_connect_object (environment, "changed", G_CALLBACK (on_environment_changed), self,
                               G_CONNECT_SWAPPED);
      pr_environment_set_following (environment, TRUE);
      pr_overview_loader_set_environment (self->loader, environment);
      pr_window_start_retries (self);
      show_environment (self);
      on_environment_changed (self);
    }
  else
    clear_counts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
  pr_window_update_actions (self);
  if (old != NULL)
    pr_window_close_environment (old);
}

/**
 * pr_window_get_environment:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): what its pages show; %NULL while it is being opened
 */
PrEnvironment *
pr_window_get_environment (PrWindow *self)
{
  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  return self->environment;
}

void
pr_window_show_failure (PrWindow *self, const GError *error)
{
  const char *code = pr_error_get_word (error);
  g_autofree char *text = NULL;

  text = code != NULL ? g_strdup_printf (_ ("%s\n\nCode: %s"), error->message, code)
                      : g_strdup (error->message);
  adw_status_page_set_description (self->failure_page, text);
  gtk_stack_set_visible_child_name (self->states, "failure");
  show_name (self, _ ("Environments"));
  pr_window_update_environments (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrEnvironment) environment = pr_environment_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->opening);
  if (environment != NULL)
    {
      pr_window_set_environment (self, environment);
      pr_window_update_environments (self);
      return;
    }
  if (self->fall_back && g_error_matches (error, PR_ERROR, PR_ERROR_NOT_FOUND))
    pr_window_open_first (self, error);
  else
    pr_window_show_failure (self, error);
}

static void
open_environment (PrWindow *self, const char *name)
{
  PrApplication *application = PR_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  g_free (self->wanted_environment);
  self->wanted_environment = g_strdup (name);
  gtk_stack_set_visible_child_name (self->states, "loading");
  pr_window_set_environment (self, NULL);
  pr_environment_open_async (pr_application_get_data_dir (application), name,
                             pr_application_get_keyring (application), self->opening, on_opened,
                             g_object_ref (self));
}

/**
 * pr_window_open_environment:
 * @self: a window
 * @name: (nullable): name or id; %NULL for the one of a first start
 *
 * Opens an environment and shows it.
 */
void
pr_window_open_environment (PrWindow *self, const char *name)
{
  g_return_if_fail (PR_IS_WINDOW (self));

  self->fall_back = name == NULL;
  open_environment (self, name);
}

/**
 * pr_window_open_last_environment:
 * @self: a window
 *
 * Opens the environment that was shown last, else any.
 */
void
pr_window_open_last_environment (PrWindow *self)
{
  g_autofree char *last = NULL;

  g_return_if_fail (PR_IS_WINDOW (self));

  if (self->settings != NULL)
    last = g_settings_get_string (self->settings, "environment");
  self->fall_back = TRUE;
  open_environment (self, last != NULL && *last != '\0' ? last : NULL);
}

/* --- Speaking to the person ------------------------------------------------------------------- */

/**
 * pr_window_set_banner:
 * @self: a window
 * @text: (nullable): what holds for everything that it shows; %NULL: nothing special
 * @label: (nullable): of a button; must stay
 * @action: (nullable): of the button; must stay
 */
void
pr_window_set_banner (PrWindow *self, const char *text, const char *label, const char *action)
{
  g_return_if_fail (PR_IS_WINDOW (self));

  /* Once, not by the banner of each page. */
  if (text != NULL && g_strcmp0 (text, self->banner_text) != 0)
    pr_live_text_say (GTK_WIDGET (self), text);
  g_free (self->banner_text);
  self->banner_text = g_strdup (text);
  self->banner_label = label;
  self->banner_action = action;
  g_signal_emit (self, signals[SIGNAL_BANNER_CHANGED], 0);
}

/**
 * pr_window_get_banner:
 * @self: a window
 * @label: (out) (nullable): of a button
 * @action: (out) (nullable): of the button
 *
 * Returns: (transfer none) (nullable): what holds for everything that it shows
 */
const char *
pr_window_get_banner (PrWindow *self, const char **label, const char **action)
{
  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  *label = self->banner_label;
  *action = self->banner_action;
  return self->banner_text;
}

/**
 * pr_window_toast:
 * @self: a window
 * @text: what happened
 *
 * Returns: (transfer none): the toast, which is shown
 */
AdwToast *
pr_window_toast (PrWindow *self, const char *text)
{
  AdwToast *toast;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (PR_IS_WINDOW (self), NULL);

  escaped = g_markup_escape_text (text, -1);
  toast = adw_toast_new (escaped);
  adw_toast_overlay_add_toast (self->toasts, toast);
  pr_window_announce (self, text);
  return toast;
}

/* The window or the dialog with the focus. */
static GtkWindow *
get_window_in_front (PrWindow *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_is_active (window))
        return window;
    }
  return GTK_WINDOW (self);
}

/**
 * pr_window_announce:
 * @self: a window
 * @text: what a screen reader should say now
 *
 * For results that come while the focus is elsewhere.
 */
void
pr_window_announce (PrWindow *self, const char *text)
{
  g_return_if_fail (PR_IS_WINDOW (self));

  gtk_label_set_label (self->announcement, text);
  pr_accessible_announce (get_window_in_front (self), text);
}

/**
 * pr_window_show_error:
 * @self: a window
 * @heading: what could not be done, in title case
 * @error: why
 *
 * Says why something that the admin asked for could not be done. Nothing for what was cancelled.
 */
void
pr_window_show_error (PrWindow *self, const char *heading, const GError *error)
{
  g_return_if_fail (PR_IS_WINDOW (self));
  g_return_if_fail (error != NULL);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pr_dialog_tell (GTK_WIDGET (self), heading, error->message);
}

/* --- The object ------------------------------------------------------------------------------- */

static void
pr_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrWindow *self = PR_WINDOW (object);

  switch (id)
    {
      case PROP_ENVIRONMENT:
        g_value_set_object (value, self->environment);
        break;
      case PROP_SHOW_SIDEBAR:
        g_value_set_boolean (value,
                             self->split != NULL && pr_split_view_get_show_sidebar (self->split));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrWindow *self = PR_WINDOW (object);

  switch (id)
    {
      case PROP_SHOW_SIDEBAR:
        pr_split_view_set_show_sidebar (self->split, g_value_get_boolean (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_window_dispose (GObject *object)
{
  PrWindow *self = PR_WINDOW (object);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  pr_window_dispose_jobs (self);
  g_clear_handle_id (&self->closing_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  if (self->loader != NULL)
    forget_environment (self);
  g_clear_object (&self->loader);
  if (self->environment != NULL)
    pr_window_close_environment (self->environment);
  g_clear_object (&self->environment);
  pr_window_dispose_practice (self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->banner_text, g_free);
  g_clear_pointer (&self->wanted_environment, g_free);
  g_clear_pointer (&self->target_after, g_free);
  G_OBJECT_CLASS (pr_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (PR_TYPE_BANNER);
  g_type_ensure (PR_TYPE_JOB_BAR);
  g_type_ensure (PR_TYPE_MENU_BUTTON);
  g_type_ensure (PR_TYPE_SIDEBAR_BUTTON);
  g_type_ensure (PR_TYPE_TAB_STOP);
  g_type_ensure (PR_TYPE_SIDEBAR_ROW);
  g_type_ensure (PR_TYPE_SPLIT_VIEW);
}

static void
pr_window_class_init (PrWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pr_window_dispose;
  object_class->get_property = pr_window_get_property;
  object_class->set_property = pr_window_set_property;

  /**
   * PrWindow:environment:
   *
   * What the pages show.
   */
  properties[PROP_ENVIRONMENT] = g_param_spec_object (
      "environment", NULL, NULL, PR_TYPE_ENVIRONMENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PrWindow:show-sidebar:
   *
   * Whether the sidebar is there: beside the page, or in a narrow window over it.
   */
  properties[PROP_SHOW_SIDEBAR] =
      g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PrWindow::banner-changed:
   *
   * What pr_window_get_banner() returns is another.
   */
  signals[SIGNAL_BANNER_CHANGED] =
      g_signal_new ("banner-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);

  GTK_WINDOW_CLASS (klass)->close_request = pr_window_close_request;

  ensure_types ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PrWindow, split);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, environment_button);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, environment_label);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, environment_menu_model);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, environment_menu);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, states);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, failure_page);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, closing_page);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, announcement);
  gtk_widget_class_bind_template_child (widget_class, PrWindow, job_bar);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_row_activated",
                                                G_CALLBACK (pr_window_on_row_activated));
  gtk_widget_class_bind_template_callback (widget_class, on_show_sidebar);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_visible_page",
                                                G_CALLBACK (pr_window_on_visible_page));
  pr_window_class_install_actions (widget_class);
}

static void
pr_window_init (PrWindow *self)
{
  self->loader = pr_overview_loader_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  pr_menu_button_attach (self->environment_button, self->environment_menu_model);
  pr_accessible_name_toasts (self->toasts);
  pr_accessible_hide_classes (GTK_WIDGET (self));
  pr_bidi_set_isolating (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL);
  g_signal_connect_object (self->loader, "loaded", G_CALLBACK (on_overview_loaded), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->loader, "failed", G_CALLBACK (pr_window_tell_overview), self,
                           G_CONNECT_SWAPPED);
  pr_window_update_actions (self);
}

/* What was kept from the last start. */
static void
restore_state (PrWindow *self, GSettings *settings)
{
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  pr_split_view_set_show_sidebar (self->split, g_settings_get_boolean (settings, "show-sidebar"));
  self->settings = g_object_ref (settings);
}

/**
 * pr_window_new:
 * @application: the application
 *
 * Returns: (transfer none): a window that has no environment yet
 */
PrWindow *
pr_window_new (PrApplication *application)
{
  PrWindow *self = g_object_new (PR_TYPE_WINDOW, "application", application, NULL);
  GSettings *settings = pr_application_get_settings (application);
  g_autofree char *page = NULL;

  if (settings != NULL)
    {
      page = g_settings_get_string (settings, "page");
      restore_state (self, settings);
    }
  if (page != NULL)
    pr_window_show_page (self, page);
  /* What was kept may be of another version. */
  if (pr_window_get_visible_page (self) == NULL)
    pr_window_show_page (self, "overview");
  return self;
}
