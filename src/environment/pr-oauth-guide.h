/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-provider.h"

G_BEGIN_DECLS

/**
 * PrOauthGuideKind:
 * @PR_OAUTH_GUIDE_CLIENT: a registration under which people sign in
 * @PR_OAUTH_GUIDE_SERVICE_ACCOUNT: an account of a program that signs in for every mailbox
 *
 * What is to be set up.
 */
typedef enum
{
  PR_OAUTH_GUIDE_CLIENT,
  PR_OAUTH_GUIDE_SERVICE_ACCOUNT,
} PrOauthGuideKind;

/**
 * PrOauthGuideInput:
 * @PR_OAUTH_GUIDE_INPUT_CLIENT: client id and client secret, or the file with both
 * @PR_OAUTH_GUIDE_INPUT_KEY: the file with the key of a service account
 *
 * What a step ends with: something to be brought back.
 */
typedef enum
{
  PR_OAUTH_GUIDE_INPUT_NONE,
  PR_OAUTH_GUIDE_INPUT_CLIENT,
  PR_OAUTH_GUIDE_INPUT_KEY,
} PrOauthGuideInput;

/**
 * PrOauthGuideValue:
 * @label: what the provider's page calls the field, translated
 * @value: what has to stand there, exactly; for a copy button
 *
 * Something to copy.
 */
typedef struct
{
  char *label;
  char *value;
} PrOauthGuideValue;

/**
 * PrOauthGuideStep:
 * @title: in a few words, translated
 * @text: what to do, translated
 * @link: (nullable): the page where it is done, for the browser
 * @link_label: (nullable): what that page is called, translated
 * @values: (element-type PrOauthGuideValue): what to copy there
 *
 * One step in the provider's console.
 */
typedef struct
{
  char *title;
  char *text;
  char *link;
  char *link_label;
  GPtrArray *values;
  PrOauthGuideInput input;
} PrOauthGuideStep;

GPtrArray *pr_oauth_guide_make (const PrOauthProvider *provider, PrOauthGuideKind kind);
gboolean pr_oauth_guide_has (const PrOauthProvider *provider, PrOauthGuideKind kind);

G_END_DECLS
