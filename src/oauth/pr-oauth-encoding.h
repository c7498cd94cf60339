/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

G_BEGIN_DECLS

char *pr_base64url_encode (const void *bytes, gsize length);
guint8 *pr_base64url_decode (const char *text, gssize length, gsize *n_bytes);
char *pr_random_token (void);
gboolean pr_text_equal_secretly (const char *a, const char *b);
gboolean pr_text_is_visible (const char *text);

PrSecret *pr_pkce_new_verifier (void);
char *pr_pkce_get_challenge (PrSecret *verifier);

GString *pr_oauth_form_new (void);
void pr_oauth_form_append (GString *form, const char *name, const char *value);
void pr_oauth_form_free (GString *form);
char *pr_oauth_form_decode (const char *text, gssize length);

G_END_DECLS
