/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-assistant.h"

#include "pr-oauth-guide.h"
#include "pr-service-account.h"

G_BEGIN_DECLS

struct _PrOauthAssistant
{
  AdwWindow parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  GtkProgressBar *progress;
  GtkScrolledWindow *scrolled;
  GtkLabel *heading;
  GtkLabel *text;
  AdwPreferencesGroup *kind_group;
  GtkCheckButton *client_check;
  GtkCheckButton *service_check;
  AdwPreferencesGroup *values_group;
  AdwPreferencesGroup *client_group;
  AdwEntryRow *id_row;
  GtkEditable *secret_row;
  GtkButton *file_button;
  GtkWidget *note_box;
  GtkImage *note_icon;
  GtkLabel *note_label;
  GtkButton *back_button;
  GtkButton *next_button;

  /* Borrowed */
  GPtrArray *value_rows;

  /* Owned */
  PrOauthProvider *provider;
  GPtrArray *steps;          /* of PrOauthGuideStep */
  char *client_id;           /* (nullable): once it is accepted */
  PrSecret *client_secret;   /* (nullable): likewise */
  PrSecret *key;             /* (nullable): likewise */
  PrServiceAccount *account; /* (nullable): whose @key it is */

  PrOauthGuideKind kind;
  gboolean chooses; /* there are two kinds, so the first page asks */
  int page;         /* -1: the kind */
  gboolean filling;
};

/* pr-oauth-assistant.c */
void pr_oauth_assistant_update (PrOauthAssistant *self);
PrOauthGuideInput pr_oauth_assistant_get_input (PrOauthAssistant *self);

/* pr-oauth-assistant-input.c */
void pr_oauth_assistant_show_input (PrOauthAssistant *self);
const char *pr_oauth_assistant_get_missing (PrOauthAssistant *self);
void pr_oauth_assistant_class_install_input (GtkWidgetClass *widget_class);
void pr_oauth_assistant_init_input (PrOauthAssistant *self);

G_END_DECLS
