/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-busy-bar.h"
#include "pr-grid.h"
#include "pr-mailbox-form.h"
#include "pr-mailboxes-page.h"
#include "pr-window-job.h"

G_BEGIN_DECLS

struct _PrMailboxesPage
{
  PrPage parent_instance;

  /* Template children */
  GtkStack *stack;
  GtkStack *states;
  GtkSpinner *spinner;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkDropDown *view_drop_down;
  GtkButton *filter_button;
  GtkLabel *filter_label;
  GtkLabel *count_label;
  GMenu *columns_section;
  GtkMenuButton *more_button;
  GMenuModel *more_menu;
  GtkMenuButton *commands_button;
  GtkMenuButton *narrow_commands_button;
  GMenuModel *commands_menu;
  PrGrid *grid;
  AdwStatusPage *nothing_page;
  AdwStatusPage *failure_page;
  PrBusyBar *busy_bar;
  GtkRevealer *command_revealer;

  /* Borrowed */
  PrMailboxForm *form; /* (nullable): made when a mailbox is first opened */

  /* Owned */
  PrMailboxList *list;
  PrGridSelection *selection;
  PrWindowJob *job; /* (nullable): what the rows show */
  char *code;       /* (nullable): only mailboxes with this error */

  guint linger_id;   /* until the rows show what is stored again */
  gint64 profile_id; /* 0: all */
  PrView view;
  gboolean listed;  /* the list was asked for */
  gboolean any;     /* there are mailboxes, if not in this view */
  gboolean counted; /* how many there are was shown once */
  gboolean restoring;
  GtkEventController *shortcuts; /* (nullable): while the page can be seen */
};

PrMailboxForm *pr_mailboxes_page_get_form (PrMailboxesPage *self);
void pr_mailboxes_page_class_install_actions (GtkWidgetClass *widget_class);
void pr_mailboxes_page_set_actions (PrMailboxesPage *self);
void pr_mailboxes_page_import (PrMailboxesPage *self);
void pr_mailboxes_page_export (PrMailboxesPage *self, PrSelection *selection);
void pr_mailboxes_page_export_to (PrMailboxesPage *self, PrSelection *selection, GFile *file);
void pr_mailboxes_page_save_template (PrMailboxesPage *self);
void pr_mailboxes_page_set_job (PrMailboxesPage *self, PrWindowJob *job);
void pr_mailboxes_page_show_job (PrMailboxesPage *self);
void pr_mailboxes_page_drop_job (PrMailboxesPage *self);
void pr_mailboxes_page_list_again (PrMailboxesPage *self);
void pr_mailboxes_page_clear_filter (PrMailboxesPage *self);

G_END_DECLS
