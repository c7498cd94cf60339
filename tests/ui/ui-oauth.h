/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "../oauth/oauth-endpoint.h"
#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * UiOauth:
 * @endpoint: the sign-in service
 * @answer: (nullable): what the browser comes back with; %NULL: it does not come back
 * @url: (nullable): what the window opened last
 * @n_opened: how often it opened something
 *
 * A sign-in service in this process, and a browser instead of the person's.
 */
typedef struct
{
  TestEndpoint *endpoint;
  const char *answer;
  char *url;
  guint n_opened;

  gpointer session;
} UiOauth;

UiOauth *ui_oauth_new (void);
void ui_oauth_free (UiOauth *self);

void ui_oauth_add_document (UiOauth *self, gboolean with_device);
void ui_oauth_add_token (UiOauth *self, const char *account);
void ui_oauth_come_back (UiOauth *self, const char *answer);
PrServerProfile *ui_oauth_add_profile (UiOauth *self, PrEnvironment *environment, const char *name);
PrMailbox *
ui_oauth_add_mailbox (PrEnvironment *environment, PrServerProfile *profile, const char *address);

G_END_DECLS
