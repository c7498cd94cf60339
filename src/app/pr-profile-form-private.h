/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-form.h"
#include "pr-oauth-provider.h"
#include "pr-profile-form.h"

G_BEGIN_DECLS

/* What will be done with the registration's secret on save. */
typedef enum
{
  PR_OAUTH_CHANGE_NONE,
  PR_OAUTH_CHANGE_SECRET,
  PR_OAUTH_CHANGE_KEY,
  PR_OAUTH_CHANGE_REMOVE,
} PrOauthChange;

struct _PrProfileForm
{
  AdwBin parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  AdwPreferencesPage *page;
  GtkButton *save_button;
  AdwPreferencesGroup *oauth_group;
  AdwActionRow *client_secret_row;
  GtkButton *client_secret_button;
  GtkButton *remove_secret_button;
  AdwActionRow *service_account_row;
  GtkButton *remove_key_button;
  AdwActionRow *pin_rows[PR_N_DIRECTIONS];
  GtkWidget *remove_pin_buttons[PR_N_DIRECTIONS];
  GtkButton *test_mailboxes_button;
  AdwActionRow *incoming_password_row;
  AdwActionRow *outgoing_password_row;

  /* Owned */
  PrForm *form;
  PrEnvironment *environment;
  PrServerProfile *profile;           /* a duplicate, edited in place */
  PrSecret *secrets[PR_N_DIRECTIONS]; /* typed, and not stored yet */
  PrSecret *oauth_secret;             /* (nullable): a client secret or a key, likewise */
  char *client_id_before;             /* as it is stored */
  char *secret_refused;               /* (nullable): why */
  char *key_refused;                  /* (nullable): why */
  char *discovery_note;               /* (nullable): what the issuer says */
  char *issuer_before;                /* that it is about */
  GCancellable *cancellable;

  PrOauthChange oauth_change;
  gboolean discovering;
  gboolean discovery_failed;
  gboolean tried; /* saving was tried: every error is shown */
  gboolean saving;
  gboolean updating;
  PrServerType type_before;
};

/* pr-profile-form-rules.c */
void pr_profile_form_update_rules (PrProfileForm *self);

/* pr-profile-form-oauth.c */
GPtrArray *pr_profile_form_check (PrProfileForm *self);
void pr_profile_form_update_oauth (PrProfileForm *self);
void pr_profile_form_forget_oauth (PrProfileForm *self);
void pr_profile_form_forget_discovery (PrProfileForm *self);
gboolean pr_profile_form_leaves_secret (PrProfileForm *self);
void pr_profile_form_take_client (PrProfileForm *self, const char *id, PrSecret *secret);
void pr_profile_form_take_key (PrProfileForm *self, PrSecret *key);
gboolean pr_profile_form_store_oauth (PrProfileForm *self, GAsyncReadyCallback callback);
void pr_profile_form_class_install_oauth (GtkWidgetClass *widget_class);

/* pr-profile-form-pins.c */
void pr_profile_form_update_pins (PrProfileForm *self);
void pr_profile_form_class_install_pins (GtkWidgetClass *widget_class);

/* pr-profile-form.c */
void pr_profile_form_update_actions (PrProfileForm *self);

G_END_DECLS
