/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrBearerRefusal:
 * @scope_missing: whether the token is good, but not for mail
 * @text: such as "status 401, scope https://mail.google.com/": safe to show; "" if nothing in it
 *   can be understood
 *
 * Why a server refuses an access token (RFC 7628 section 3.2.2).
 */
typedef struct
{
  gboolean scope_missing;
  char *text;
} PrBearerRefusal;

void pr_bearer_refusal_parse (PrBearerRefusal *self, const char *json, gsize n);
void pr_bearer_refusal_clear (PrBearerRefusal *self);

G_END_DECLS
