/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-http.h"
#include "pr-oauth-provider.h"
#include "pr-oauth-token.h"

G_BEGIN_DECLS

/**
 * PrOauthStage:
 * @PR_OAUTH_STAGE_BROWSER: the answer that the browser brings
 * @PR_OAUTH_STAGE_CODE: a code becomes tokens
 * @PR_OAUTH_STAGE_REFRESH: a refresh token becomes an access token
 * @PR_OAUTH_STAGE_DEVICE: the device flow (RFC 8628)
 * @PR_OAUTH_STAGE_ASSERTION: a service account signs in (RFC 7523)
 *
 * What was asked for: the same error means different things.
 */
typedef enum
{
  PR_OAUTH_STAGE_BROWSER,
  PR_OAUTH_STAGE_CODE,
  PR_OAUTH_STAGE_REFRESH,
  PR_OAUTH_STAGE_DEVICE,
  PR_OAUTH_STAGE_ASSERTION,
} PrOauthStage;

/**
 * PrOauthGrant:
 * @access: the access token
 * @refresh: (nullable): the refresh token, or a new one in place of the old one
 * @expires_s: how long @access lives
 * @refresh_expires_s: how long @refresh lives; 0: the server did not say
 * @scope: (nullable): what was granted, if it differs from what was asked for
 * @id_token: (nullable): who signed in (OpenID Connect)
 *
 * What a token endpoint gave (RFC 6749 section 5.1).
 */
typedef struct
{
  PrSecret *access;
  PrSecret *refresh;
  gint64 expires_s;
  gint64 refresh_expires_s;
  char *scope;
  PrSecret *id_token;
} PrOauthGrant;

PrOauthGrant *pr_oauth_grant_read (const PrOauthAnswer *answer, PrOauthStage stage, GError **error);
void pr_oauth_grant_free (PrOauthGrant *self);
gint64 pr_oauth_grant_get_margin (gint64 expires_s);

GError *pr_oauth_error_from_word (const char *word, PrOauthStage stage, const char *facts);
char *pr_oauth_answer_read_word (const PrOauthAnswer *answer);
GError *pr_oauth_answer_check_status (const PrOauthAnswer *answer);
void pr_oauth_error_explain (GError **error,
                             const PrOauthProvider *provider,
                             const PrOauthToken *token,
                             gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOauthGrant, pr_oauth_grant_free)

G_END_DECLS
