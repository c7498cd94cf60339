/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSettingsPage: the settings and policies of the environment. Main thread. */

#include "pr-settings-page.h"

struct _PrSettingsPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrSettingsPage, pr_settings_page, PR_TYPE_PAGE)

static void
pr_settings_page_refresh (PrPage *page)
{
}

static void
pr_settings_page_update_actions (PrPage *page)
{
}

static void
pr_settings_page_class_init (PrSettingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_settings_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_settings_page_update_actions;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-settings-page.ui");
}

static void
pr_settings_page_init (PrSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
