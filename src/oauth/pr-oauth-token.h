/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

G_BEGIN_DECLS

/* Bytes of an access token that is worth keeping for the next process. Google's have 250.
 * Microsoft's have 2,000 and more and live for an hour: with those of 1,000 mailboxes the keyring,
 * which rewrites its whole file, would take twice as long for each refresh. Whoever comes next asks
 * for a new one. */
#define PR_OAUTH_ACCESS_KEPT_MAX 1024

/**
 * PrOauthToken:
 * @account: who signed in, as the provider says; "" where it does not
 * @client_id: of the registration that it was made for
 * @scope: what was granted; "" where the provider did not say
 * @access: (nullable): what mail servers want
 * @access_until: when @access ends, in microseconds of pr_oauth_clock_get_time()
 * @boot: the start of the computer that @access_until belongs to
 * @refresh: (nullable): what a new @access is asked for with
 * @refresh_until: when @refresh ends, microseconds since 1970; 0: the provider did not say
 * @signed_in_at: when somebody signed in, microseconds since 1970
 * @refreshed_at: when @refresh was last found good, microseconds since 1970
 *
 * What a sign-in left behind. Filled by whoever makes it, immutable then.
 */
typedef struct
{
  gatomicrefcount refs;

  char *account;
  char *client_id;
  char *scope;
  PrSecret *access;
  gint64 access_until;
  char *boot;
  PrSecret *refresh;
  gint64 refresh_until;
  gint64 signed_in_at;
  gint64 refreshed_at;
} PrOauthToken;

PrOauthToken *pr_oauth_token_new (void);
PrOauthToken *pr_oauth_token_copy (const PrOauthToken *self);
PrOauthToken *pr_oauth_token_ref (PrOauthToken *self);
void pr_oauth_token_unref (PrOauthToken *self);

gboolean pr_oauth_token_is_fresh (const PrOauthToken *self, gint64 now);
PrSecret *pr_oauth_token_format (const PrOauthToken *self);
PrOauthToken *pr_oauth_token_parse (PrSecret *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOauthToken, pr_oauth_token_unref)

G_END_DECLS
