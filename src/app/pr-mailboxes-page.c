/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxesPage: the grid of mailboxes and the commands on them. Main thread. */

#include "pr-mailboxes-page.h"

struct _PrMailboxesPage
{
  PrPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PrMailboxesPage, pr_mailboxes_page, PR_TYPE_PAGE)

static void
pr_mailboxes_page_refresh (PrPage *page)
{
}

static void
pr_mailboxes_page_update_actions (PrPage *page)
{
}

static void
pr_mailboxes_page_class_init (PrMailboxesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  PR_PAGE_CLASS (klass)->refresh = pr_mailboxes_page_refresh;
  PR_PAGE_CLASS (klass)->update_actions = pr_mailboxes_page_update_actions;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/postroom/Postroom/ui/pr-mailboxes-page.ui");
}

static void
pr_mailboxes_page_init (PrMailboxesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
