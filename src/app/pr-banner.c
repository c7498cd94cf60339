/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrBanner: what AdwBanner is from libadwaita 1.3 on. Main thread. */

#include "pr-banner.h"

#include "pr-window.h"

struct _PrBanner
{
  AdwBin parent_instance;

  /* Template children */
  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;

  /* Borrowed */
  PrWindow *window;
};

G_DEFINE_FINAL_TYPE (PrBanner, pr_banner, ADW_TYPE_BIN)

static void
update (PrBanner *self)
{
  const char *text, *label, *action;

  g_assert (PR_IS_BANNER (self));

  text = pr_window_get_banner (self->window, &label, &action);
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (self->label, text);
  /* Said when the focus comes to the button; else it had the name of a class. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
}

static void
pr_banner_root (GtkWidget *widget)
{
  PrBanner *self = PR_BANNER (widget);

  GTK_WIDGET_CLASS (pr_banner_parent_class)->root (widget);
  self->window = (PrWindow *) gtk_widget_get_ancestor (widget, PR_TYPE_WINDOW);
  if (self->window == NULL)
    return;
  g_signal_connect_object (self->window, "banner-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
pr_banner_unroot (GtkWidget *widget)
{
  PrBanner *self = PR_BANNER (widget);

  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  self->window = NULL;
  GTK_WIDGET_CLASS (pr_banner_parent_class)->unroot (widget);
}

static void
pr_banner_class_init (PrBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->root = pr_banner_root;
  widget_class->unroot = pr_banner_unroot;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, PrBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, PrBanner, label);
  gtk_widget_class_bind_template_child (widget_class, PrBanner, button);
}

static void
pr_banner_init (PrBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
