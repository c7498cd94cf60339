/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSidebarButton: belongs into the header bar of every page. It also lets that header bar show
 * the window's buttons on its side only while the sidebar, which has them otherwise, is not
 * there. On a page that one goes back from it leaves its place to the title where the window is
 * narrow: the page behind has it. Main thread. */

#include "pr-sidebar-button.h"

#include "pr-split-view.h"

#include <glib/gi18n.h>

struct _PrSidebarButton
{
  AdwBin parent_instance;

  /* Borrowed */
  PrSplitView *split;

  gboolean has_back;
};

enum
{
  PROP_0,
  PROP_HAS_BACK,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrSidebarButton, pr_sidebar_button, ADW_TYPE_BIN)

static void
update (PrSidebarButton *self)
{
  GtkWidget *header = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_HEADER_BAR);

  g_assert (PR_IS_SIDEBAR_BUTTON (self));

  if (self->split != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self),
                            !self->has_back || !pr_split_view_get_collapsed (self->split));
  if (header != NULL && self->split != NULL)
    adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header),
                                                 !pr_split_view_get_show_sidebar (self->split)
                                                     || pr_split_view_get_collapsed (self->split));
}

static void
pr_sidebar_button_root (GtkWidget *widget)
{
  PrSidebarButton *self = PR_SIDEBAR_BUTTON (widget);

  GTK_WIDGET_CLASS (pr_sidebar_button_parent_class)->root (widget);
  self->split = (PrSplitView *) gtk_widget_get_ancestor (widget, PR_TYPE_SPLIT_VIEW);
  if (self->split == NULL)
    return;
  g_signal_connect_object (self->split, "notify::show-sidebar", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->split, "notify::collapsed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
pr_sidebar_button_unroot (GtkWidget *widget)
{
  PrSidebarButton *self = PR_SIDEBAR_BUTTON (widget);

  if (self->split != NULL)
    g_signal_handlers_disconnect_by_data (self->split, self);
  self->split = NULL;
  GTK_WIDGET_CLASS (pr_sidebar_button_parent_class)->unroot (widget);
}

static void
pr_sidebar_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_HAS_BACK)
    g_value_set_boolean (value, PR_SIDEBAR_BUTTON (object)->has_back);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pr_sidebar_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PrSidebarButton *self = PR_SIDEBAR_BUTTON (object);

  if (id != PROP_HAS_BACK)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  self->has_back = g_value_get_boolean (value);
  update (self);
}

static void
pr_sidebar_button_class_init (PrSidebarButtonClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = pr_sidebar_button_get_property;
  G_OBJECT_CLASS (klass)->set_property = pr_sidebar_button_set_property;
  /**
   * PrSidebarButton:has-back:
   *
   * Whether the header bar also has a button that leads back to another page.
   */
  properties[PROP_HAS_BACK] = g_param_spec_boolean ("has-back", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  GTK_WIDGET_CLASS (klass)->root = pr_sidebar_button_root;
  GTK_WIDGET_CLASS (klass)->unroot = pr_sidebar_button_unroot;
}

static void
pr_sidebar_button_init (PrSidebarButton *self)
{
  GtkWidget *button = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (button), "sidebar-show-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.toggle-sidebar");
  gtk_widget_set_tooltip_text (button, _ ("Sidebar"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Sidebar"), -1);
  adw_bin_set_child (ADW_BIN (self), button);
}
