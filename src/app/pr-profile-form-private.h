/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-form.h"
#include "pr-profile-form.h"

G_BEGIN_DECLS

struct _PrProfileForm
{
  AdwBin parent_instance;

  /* Template children */
  AdwWindowTitle *title;
  AdwPreferencesPage *page;
  AdwPreferencesGroup *oauth_group;
  AdwActionRow *incoming_password_row;
  AdwActionRow *outgoing_password_row;

  /* Owned */
  PrForm *form;
  PrEnvironment *environment;
  PrServerProfile *profile;           /* a duplicate, edited in place */
  PrSecret *secrets[PR_N_DIRECTIONS]; /* typed, and not stored yet */
  GCancellable *cancellable;

  gboolean tried; /* saving was tried: every error is shown */
  gboolean saving;
  gboolean updating;
  PrServerType type_before;
};

void pr_profile_form_update_rules (PrProfileForm *self);
void pr_profile_form_update_actions (PrProfileForm *self);

G_END_DECLS
