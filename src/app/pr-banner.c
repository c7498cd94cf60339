/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrBanner: what AdwBanner is from libadwaita 1.3 on. Main thread. */

#include "pr-banner.h"

struct _PrBanner
{
  AdwBin parent_instance;

  /* Template children */
  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (PrBanner, pr_banner, ADW_TYPE_BIN)

static void
pr_banner_class_init (PrBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

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

/**
 * pr_banner_show:
 * @self: a banner
 * @text: what it says
 * @label: (nullable): of its button
 * @action: (nullable): of its button
 */
void
pr_banner_show (PrBanner *self, const char *text, const char *label, const char *action)
{
  g_return_if_fail (PR_IS_BANNER (self));

  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
pr_banner_hide (PrBanner *self)
{
  g_return_if_fail (PR_IS_BANNER (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}
