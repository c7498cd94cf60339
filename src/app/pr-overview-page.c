/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOverviewPage: what an admin asks first: what works, what does not and why, what waits. Main
 * thread. */

#include "pr-overview-page.h"

struct _PrOverviewPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrOverviewPage, pr_overview_page, PR_TYPE_PAGE)

static void
pr_overview_page_refresh (PrPage *page)
{
}

static void
pr_overview_page_update_actions (PrPage *page)
{
}

static void
pr_overview_page_class_init (PrOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_overview_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_overview_page_update_actions;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-overview-page.ui");
}

static void
pr_overview_page_init (PrOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
