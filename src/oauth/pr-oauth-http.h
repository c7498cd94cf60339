/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-oauth-error.h"
#include "pr-secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define PR_OAUTH_BODY_MAX (1024 * 1024) /* bytes; a discovery document has 4 KiB */
#define PR_OAUTH_TIMEOUT_S 30           /* for one whole request */
#define PR_OAUTH_WAIT_MAX_S 86400       /* the longest wait that a server may ask for */

/**
 * PrOauthAnswer:
 * @status: of HTTP
 * @is_json: whether the content type says so
 * @body: what came, whatever it is
 * @wait_s: the wait of "Retry-After"; 0: none
 * @location: (nullable): where it says to ask instead; nobody has gone there
 * @date: the server's clock, seconds since 1970; 0: it did not say
 *
 * The answer of a web service.
 */
typedef struct
{
  guint status;
  gboolean is_json;
  PrSecret *body;
  guint wait_s;
  char *location;
  gint64 date;
} PrOauthAnswer;

void pr_oauth_answer_free (PrOauthAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOauthAnswer, pr_oauth_answer_free)

/**
 * PrOauthHttp:
 *
 * Asks web services: verified TLS, no redirects, no cookies, no log, bounds on size and time.
 */
#define PR_TYPE_OAUTH_HTTP (pr_oauth_http_get_type ())
G_DECLARE_FINAL_TYPE (PrOauthHttp, pr_oauth_http, PR, OAUTH_HTTP, GObject)

PrOauthHttp *pr_oauth_http_new (const char *ca_pem);
void pr_oauth_http_set_timeout (PrOauthHttp *self, guint seconds);
void pr_oauth_http_set_accept (PrOauthHttp *self, const char *type);

void pr_oauth_http_send_async (PrOauthHttp *self,
                               const char *url,
                               const char *authorization,
                               GString *form,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PrOauthAnswer *pr_oauth_http_send_finish (PrOauthHttp *self, GAsyncResult *result, GError **error);

G_END_DECLS
