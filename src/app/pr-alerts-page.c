/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAlertsPage: the alerts wall. Main thread. */

#include "pr-alerts-page.h"

struct _PrAlertsPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrAlertsPage, pr_alerts_page, PR_TYPE_PAGE)

static void
pr_alerts_page_refresh (PrPage *page)
{
}

static void
pr_alerts_page_update_actions (PrPage *page)
{
}

static void
pr_alerts_page_class_init (PrAlertsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_alerts_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_alerts_page_update_actions;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/postroom/Postroom/ui/pr-alerts-page.ui");
}

static void
pr_alerts_page_init (PrAlertsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
