/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrAnalyzerPage: tests any POP3 or SMTP server without storing anything. Main thread. */

#include "pr-analyzer-page.h"

struct _PrAnalyzerPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrAnalyzerPage, pr_analyzer_page, PR_TYPE_PAGE)

static void
pr_analyzer_page_refresh (PrPage *page)
{
}

static void
pr_analyzer_page_update_actions (PrPage *page)
{
}

static void
pr_analyzer_page_class_init (PrAnalyzerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_analyzer_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_analyzer_page_update_actions;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-analyzer-page.ui");
}

static void
pr_analyzer_page_init (PrAnalyzerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
