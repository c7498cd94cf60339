/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-tokens.h"

G_BEGIN_DECLS

typedef struct
{
  GTask *task;
  GSource *cancel; /* (nullable) */
} PrWaiter;

/* What is known about one account. */
typedef struct
{
  PrOauthTokens *tokens; /* borrowed */
  char *key;
  PrOauthToken *token; /* (nullable): the newest one */
  gboolean unsaved;    /* @token has a refresh token that could not be stored yet */
  PrSecret *refused;   /* (nullable): an access token that a mail server did not take */

  GError *failure; /* (nullable): the last one */
  gint64 failure_until;
  PrOauthClient *failure_client;

  gboolean busy;
  GPtrArray *waiting; /* of PrWaiter */
  GError *verdict;    /* (nullable): of the search, while its result is being stored */
  PrOauthClient *client;
  char *subject;
  int lock;
} PrAccount;

struct _PrOauthTokens
{
  GObject parent_instance;

  /* Owned */
  PrOauthStorage *storage;
  GHashTable *accounts; /* key → PrAccount */

  gint64 (*get_time) (void);
  guint n_busy;
};

PrAccount *pr_oauth_tokens_get_account (PrOauthTokens *self, const char *key);
void pr_oauth_account_set_token (PrAccount *account, PrOauthToken *token);
void pr_oauth_account_forget_failure (PrAccount *account);

G_END_DECLS
