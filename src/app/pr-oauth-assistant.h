/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-provider.h"
#include "pr-secret.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrOauthAssistant:
 *
 * The way through a provider's console to a registration, step by step: what to do, where, what to
 * copy there, and what to bring back, which is looked at.
 *
 * Signal: "done" when somebody has come to the end with what a profile needs.
 */
#define PR_TYPE_OAUTH_ASSISTANT (pr_oauth_assistant_get_type ())
G_DECLARE_FINAL_TYPE (PrOauthAssistant, pr_oauth_assistant, PR, OAUTH_ASSISTANT, AdwWindow)

PrOauthAssistant *pr_oauth_assistant_open (GtkWidget *parent, PrOauthProvider *provider);

const char *pr_oauth_assistant_get_client_id (PrOauthAssistant *self);
PrSecret *pr_oauth_assistant_get_client_secret (PrOauthAssistant *self);
PrSecret *pr_oauth_assistant_get_key (PrOauthAssistant *self);

void pr_oauth_assistant_take_file (PrOauthAssistant *self, GFile *file);

G_END_DECLS
