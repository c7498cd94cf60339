/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox.h"
#include "pr-oauth-storage.h"
#include "pr-secrets.h"

G_BEGIN_DECLS

/**
 * PrTokenKeeper:
 *
 * Keeps the tokens of an environment in its keyring: those of a mailbox's own account together
 * with those of other mailboxes, those of an account that several mailboxes share by themselves.
 */
#define PR_TYPE_TOKEN_KEEPER (pr_token_keeper_get_type ())
G_DECLARE_FINAL_TYPE (PrTokenKeeper, pr_token_keeper, PR, TOKEN_KEEPER, GObject)

PrOauthStorage *pr_token_keeper_new (PrSecrets *secrets, const char *folder);

const char *pr_token_keeper_get_account (PrMailbox *mailbox);
gboolean pr_token_keeper_is_shared (PrMailbox *mailbox);
char *pr_token_keeper_get_key (PrMailbox *mailbox);
char *pr_token_keeper_get_mailbox_key (gint64 mailbox_id);

G_END_DECLS
