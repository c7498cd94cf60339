/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProfilesPage: the list of server profiles, and the form of one. Main thread. */

#include "pr-profiles-page.h"

struct _PrProfilesPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrProfilesPage, pr_profiles_page, PR_TYPE_PAGE)

static void
pr_profiles_page_refresh (PrPage *page)
{
}

static void
pr_profiles_page_update_actions (PrPage *page)
{
}

static void
pr_profiles_page_class_init (PrProfilesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_profiles_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_profiles_page_update_actions;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-profiles-page.ui");
}

static void
pr_profiles_page_init (PrProfilesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
