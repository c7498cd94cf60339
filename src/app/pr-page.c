/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrPage: what all pages share. A page that cannot be seen does not read: it is marked as stale
 * and reads when it comes to the front. Main thread. */

#include "pr-page.h"

#include "pr-window.h"

typedef struct
{
  /* Owned */
  PrEnvironment *environment;

  gboolean stale;
} PrPagePrivate;

enum
{
  PROP_0,
  PROP_ENVIRONMENT,
  PROP_WRITABLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PrPage, pr_page, ADW_TYPE_BIN)

static PrPagePrivate *
get_private (PrPage *self)
{
  return pr_page_get_instance_private (self);
}

static void
refresh (PrPage *self)
{
  PrPagePrivate *priv = get_private (self);

  priv->stale = FALSE;
  if (priv->environment != NULL && PR_PAGE_GET_CLASS (self)->refresh != NULL)
    PR_PAGE_GET_CLASS (self)->refresh (self);
  pr_page_update_actions (self);
}

static void
pr_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pr_page_parent_class)->map (widget);
  if (get_private (PR_PAGE (widget))->stale)
    refresh (PR_PAGE (widget));
}

static void
pr_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrPage *self = PR_PAGE (object);

  switch (id)
    {
      case PROP_ENVIRONMENT:
        g_value_set_object (value, pr_page_get_environment (self));
        break;
      case PROP_WRITABLE:
        g_value_set_boolean (value, pr_page_is_writable (self));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
      case PROP_ENVIRONMENT:
        pr_page_set_environment (PR_PAGE (object), g_value_get_object (value));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_page_dispose (GObject *object)
{
  PrPagePrivate *priv = get_private (PR_PAGE (object));

  if (priv->environment != NULL)
    g_signal_handlers_disconnect_by_data (priv->environment, object);
  g_clear_object (&priv->environment);
  G_OBJECT_CLASS (pr_page_parent_class)->dispose (object);
}

static void
pr_page_class_init (PrPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pr_page_dispose;
  object_class->get_property = pr_page_get_property;
  object_class->set_property = pr_page_set_property;
  GTK_WIDGET_CLASS (klass)->map = pr_page_map;

  /**
   * PrPage:environment:
   *
   * What the page shows; %NULL while one is being opened.
   */
  properties[PROP_ENVIRONMENT] =
      g_param_spec_object ("environment", NULL, NULL, PR_TYPE_ENVIRONMENT,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * PrPage:writable:
   *
   * Whether the environment can be changed: bind the sensitivity of forms to it.
   */
  properties[PROP_WRITABLE] = g_param_spec_boolean ("writable", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_page_init (PrPage *self)
{
}

/**
 * pr_page_get_environment:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the environment that it shows
 */
PrEnvironment *
pr_page_get_environment (PrPage *self)
{
  g_return_val_if_fail (PR_IS_PAGE (self), NULL);

  return get_private (self)->environment;
}

void
pr_page_set_environment (PrPage *self, PrEnvironment *environment)
{
  PrPagePrivate *priv = get_private (self);

  g_return_if_fail (PR_IS_PAGE (self));

  if (priv->environment == environment)
    return;
  if (priv->environment != NULL)
    g_signal_handlers_disconnect_by_data (priv->environment, self);
  g_set_object (&priv->environment, environment);
  if (environment != NULL)
    g_signal_connect_object (environment, "changed", G_CALLBACK (pr_page_invalidate), self,
                             G_CONNECT_SWAPPED);
  if (PR_PAGE_GET_CLASS (self)->environment_changed != NULL)
    PR_PAGE_GET_CLASS (self)->environment_changed (self, environment);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITABLE]);
  pr_page_invalidate (self);
}

/**
 * pr_page_is_writable:
 * @self: a page
 *
 * Returns: whether there is an environment and it can be changed
 */
gboolean
pr_page_is_writable (PrPage *self)
{
  PrEnvironment *environment = pr_page_get_environment (self);

  return environment != NULL && !pr_environment_is_read_only (environment);
}

/**
 * pr_page_invalidate:
 * @self: a page
 *
 * What it shows is out of date: it reads again, now or when it comes to the front.
 */
void
pr_page_invalidate (PrPage *self)
{
  g_return_if_fail (PR_IS_PAGE (self));

  get_private (self)->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    refresh (self);
}

/**
 * pr_page_update_actions:
 * @self: a page
 *
 * Sets the sensitivity of every action of the page anew.
 */
void
pr_page_update_actions (PrPage *self)
{
  g_return_if_fail (PR_IS_PAGE (self));

  if (PR_PAGE_GET_CLASS (self)->update_actions != NULL)
    PR_PAGE_GET_CLASS (self)->update_actions (self);
}

/* The window has read the counts again. */
void
pr_page_overview_changed (PrPage *self, const PrOverview *overview, const GError *error)
{
  g_return_if_fail (PR_IS_PAGE (self));

  if (PR_PAGE_GET_CLASS (self)->overview_changed != NULL)
    PR_PAGE_GET_CLASS (self)->overview_changed (self, overview, error);
}

/* @job: (nullable): what runs now */
void
pr_page_job_changed (PrPage *self, PrWindowJob *job)
{
  g_return_if_fail (PR_IS_PAGE (self));

  if (PR_PAGE_GET_CLASS (self)->job_changed != NULL)
    PR_PAGE_GET_CLASS (self)->job_changed (self, job);
}

static PrWindow *
get_window (PrPage *self)
{
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), PR_TYPE_WINDOW);

  return window != NULL ? PR_WINDOW (window) : NULL;
}

/**
 * pr_page_has_changes:
 * @self: a page
 *
 * Returns: whether something was typed in it that would be lost with it
 */
gboolean
pr_page_has_changes (PrPage *self)
{
  g_return_val_if_fail (PR_IS_PAGE (self), FALSE);

  return PR_PAGE_GET_CLASS (self)->has_changes != NULL
         && PR_PAGE_GET_CLASS (self)->has_changes (self);
}

void
pr_page_toast (PrPage *self, const char *text)
{
  pr_page_toast_with_button (self, text, NULL, NULL, NULL);
}

typedef struct
{
  GtkWidget *page; /* weak */
  char *action;
  GVariant *target;
} PrToastButton;

static void
toast_button_free (gpointer data, GClosure *closure)
{
  PrToastButton *button = data;

  g_clear_weak_pointer (&button->page);
  g_clear_pointer (&button->target, g_variant_unref);
  g_free (button->action);
  g_free (button);
}

static void
on_toast_button (AdwToast *toast, gpointer user_data)
{
  PrToastButton *button = user_data;

  if (button->page != NULL)
    gtk_widget_activate_action_variant (button->page, button->action, button->target);
}

/**
 * pr_page_toast_with_button:
 * @self: a page
 * @text: what happened
 * @label: (nullable): of a button, such as "Undo"
 * @action: (nullable): action of the page or the window that the button activates
 * @target: (nullable): of @action; a floating reference is taken
 */
void
pr_page_toast_with_button (PrPage *self,
                           const char *text,
                           const char *label,
                           const char *action,
                           GVariant *target)
{
  PrWindow *window = get_window (self);
  g_autoptr (GVariant) value = target != NULL ? g_variant_ref_sink (target) : NULL;
  PrToastButton *button;
  AdwToast *toast;

  if (window == NULL)
    return;
  toast = pr_window_toast (window, text);
  if (label == NULL)
    return;
  button = g_new0 (PrToastButton, 1);
  button->action = g_strdup (action);
  button->target = g_steal_pointer (&value);
  g_set_weak_pointer (&button->page, GTK_WIDGET (self));
  adw_toast_set_button_label (toast, label);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_toast_button), button,
                         toast_button_free, 0);
}

void
pr_page_show_error (PrPage *self, const char *heading, const GError *error)
{
  PrWindow *window = get_window (self);

  if (window != NULL)
    pr_window_show_error (window, heading, error);
}

/**
 * pr_page_data_changed:
 * @self: a page whose command has changed mailboxes, alerts or results
 *
 * Lets all pages and the counts in the sidebar be read again.
 */
void
pr_page_data_changed (PrPage *self)
{
  PrWindow *window = get_window (self);

  if (window != NULL)
    pr_window_data_changed (window);
}
