/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert-list.h"
#include "pr-choice-row.h"
#include "pr-form.h"
#include "pr-mailbox-form.h"
#include "pr-step-tree.h"
#include "pr-window-job.h"

G_BEGIN_DECLS

struct _PrMailboxForm
{
  AdwBin parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  AdwPreferencesPage *page;
  GtkButton *save_button;
  GtkRevealer *approval_revealer;
  GtkLabel *approval_label;
  AdwPreferencesGroup *status_group;
  AdwActionRow *approval_row;
  AdwActionRow *incoming_row;
  AdwActionRow *outgoing_row;
  AdwActionRow *act_row;
  AdwActionRow *run_row;
  AdwActionRow *tested_row;
  GtkImage *approval_icon;
  GtkImage *incoming_icon;
  GtkImage *outgoing_icon;
  GtkImage *act_icon;
  GtkImage *run_icon;
  PrChoiceRow *profile_row;
  AdwActionRow *password_row;
  AdwActionRow *token_row;
  GtkRevealer *sign_in_revealer;
  GtkLabel *sign_in_label;
  GtkButton *details_button;
  AdwActionRow *sign_in_row;
  AdwActionRow *sign_out_row;
  AdwPreferencesGroup *incoming_group;
  AdwPreferencesGroup *outgoing_group;
  AdwPreferencesGroup *alerts_group;
  PrStepTree *incoming_tree;
  PrStepTree *outgoing_tree;
  PrAlertList *alerts;

  /* Owned */
  PrForm *form;
  PrEnvironment *environment; /* (nullable): while it is open */
  PrMailbox *mailbox;         /* (nullable): what is edited */
  PrMailbox *stored;          /* (nullable): as it is in the database */
  PrMailbox *saved;           /* (nullable): a copy that is being saved */
  PrSecret *secret;           /* (nullable): to be stored after a new mailbox */
  GCancellable *cancellable;
  char *sign_in_details; /* (nullable): once somebody has asked for them */
  PrWindowJob *job;      /* (nullable): that tests this mailbox, maybe */

  gint64 id; /* 0: new */
  gboolean tried;
  gboolean saving;
  gboolean test_after; /* saving was for a test */
  guint reload_source;
  GtkEventController *shortcuts; /* (nullable): while it can be seen */
};

/* pr-mailbox-form.c */
void pr_mailbox_form_update_actions (PrMailboxForm *self);
void pr_mailbox_form_reload (PrMailboxForm *self);

/* pr-mailbox-form-rules.c */
void pr_mailbox_form_update_rules (PrMailboxForm *self);

/* pr-mailbox-form-sign-in.c */
void pr_mailbox_form_update_sign_in (PrMailboxForm *self, PrServerProfile *profile);
void pr_mailbox_form_class_install_sign_in (GtkWidgetClass *widget_class);

/* pr-mailbox-form-status.c */
void pr_mailbox_form_show_status (PrMailboxForm *self);
void pr_mailbox_form_load_reports (PrMailboxForm *self);
void pr_mailbox_form_watch_job (PrMailboxForm *self, PrWindowJob *job);

G_END_DECLS
