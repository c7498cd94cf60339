/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthHttp: one request, one bounded answer. Certificates are verified by the TLS stack, an
 * answer is never followed anywhere else (RFC 6749 section 3.2), what is sent and what comes is
 * never logged and is wiped. Main thread. */

#include "pr-oauth-http.h"

#include "pr-oauth-encoding.h"
#include "pr-oauth-trust.h"
#include "pr-url.h"

#include <libsoup/soup.h>
#include <string.h>

#define CONNECTIONS_MAX 16 /* to one service at one time: a test of thousands asks for tokens */
#define CHUNK 8192

struct _PrOauthHttp
{
  GObject parent_instance;

  SoupSession *session; /* owned */
  const char *accept;   /* a constant */
  guint timeout_s;
};

G_DEFINE_FINAL_TYPE (PrOauthHttp, pr_oauth_http, G_TYPE_OBJECT)

/**
 * pr_oauth_answer_free:
 * @self: (transfer full): an answer
 */
void
pr_oauth_answer_free (PrOauthAnswer *self)
{
  g_clear_pointer (&self->body, pr_secret_unref);
  g_free (self->location);
  g_free (self);
}

/* --- One request ------------------------------------------------------------------------------ */

typedef struct
{
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  guint8 chunk[CHUNK];
  GCancellable *inner; /* ended by the caller's, and by the clock */
  GCancellable *outer; /* (nullable) */
  gulong outer_id;
  GSource *timer;
  gboolean too_late;
} PrHttpWork;

static void
http_work_free (gpointer data)
{
  PrHttpWork *work = data;

  if (work->timer != NULL)
    g_source_destroy (work->timer);
  g_clear_pointer (&work->timer, g_source_unref);
  g_cancellable_disconnect (work->outer, work->outer_id);
  g_clear_object (&work->outer);
  g_clear_object (&work->inner);
  g_clear_object (&work->message);
  g_clear_object (&work->stream);
  pr_wipe (work->body->data, work->body->len);
  g_byte_array_unref (work->body);
  pr_wipe (work->chunk, sizeof work->chunk);
  g_free (work);
}

static void
on_outer_cancelled (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static gboolean
on_too_late (gpointer user_data)
{
  PrHttpWork *work = user_data;

  work->too_late = TRUE;
  g_cancellable_cancel (work->inner);
  return G_SOURCE_REMOVE;
}

/* From what GIO says to a reason. Its words stay: they hold host names and no secrets. */
static GError *
translate_error (PrHttpWork *work, GError *error)
{
  g_autoptr (GError) original = error;
  g_autofree char *host = g_strdup (g_uri_get_host (soup_message_get_uri (work->message)));
  PrOauthReason reason = PR_OAUTH_REASON_UNREACHABLE;

  if (work->outer != NULL && g_cancellable_is_cancelled (work->outer))
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, original->message);
  if (work->too_late || g_error_matches (original, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, PR_OAUTH_REASON_SILENT,
                               "%s did not answer in time", host);
  if (original->domain == G_TLS_ERROR)
    reason = PR_OAUTH_REASON_CERTIFICATE;
  else if (g_error_matches (original, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
           || original->domain == SOUP_SESSION_ERROR)
    reason = PR_OAUTH_REASON_BAD_ANSWER;
  return pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR, reason, "%s: %s", host, original->message);
}

static guint
get_wait (SoupMessageHeaders *headers, gint64 now)
{
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  g_autoptr (GDateTime) date = NULL;
  gint64 wait = 0;
  guint64 seconds;

  if (text == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &seconds, NULL))
    wait = (gint64) seconds;
  else
    {
      date = soup_date_time_new_from_http_string (text);
      if (date != NULL)
        wait = g_date_time_to_unix (date) - now;
    }
  return (guint) CLAMP (wait, 0, PR_OAUTH_WAIT_MAX_S);
}

static PrOauthAnswer *
make_answer (PrHttpWork *work)
{
  PrOauthAnswer *answer = g_new0 (PrOauthAnswer, 1);
  SoupMessageHeaders *headers = soup_message_get_response_headers (work->message);
  const char *date_text = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) date =
      date_text != NULL ? soup_date_time_new_from_http_string (date_text) : NULL;
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  answer->status = soup_message_get_status (work->message);
  answer->is_json = type != NULL
                    && (g_ascii_strcasecmp (type, "application/json") == 0
                        || g_ascii_strcasecmp (type, "application/jwk-set+json") == 0);
  answer->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  answer->date = date != NULL ? g_date_time_to_unix (date) : 0;
  answer->wait_s =
      get_wait (headers, answer->date != 0 ? answer->date : g_get_real_time () / G_USEC_PER_SEC);
  answer->body = pr_secret_new ((const char *) work->body->data, work->body->len);
  return answer;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrHttpWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n < 0)
    g_task_return_error (task, translate_error (work, error));
  else if (n == 0)
    g_task_return_pointer (task, make_answer (work), (GDestroyNotify) pr_oauth_answer_free);
  else if (work->body->len + (gsize) n > PR_OAUTH_BODY_MAX)
    {
      g_cancellable_cancel (work->inner);
      g_task_return_error (task, pr_oauth_error_new (PR_CODE_OAUTH_SERVER_ERROR,
                                                     PR_OAUTH_REASON_BAD_ANSWER,
                                                     "more than %d bytes", PR_OAUTH_BODY_MAX));
    }
  else
    {
      g_byte_array_append (work->body, work->chunk, (guint) n);
      g_input_stream_read_async (work->stream, work->chunk, CHUNK, G_PRIORITY_DEFAULT, work->inner,
                                 on_read, g_steal_pointer (&task));
    }
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrHttpWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (work->stream == NULL)
    g_task_return_error (task, translate_error (work, error));
  else
    g_input_stream_read_async (work->stream, work->chunk, CHUNK, G_PRIORITY_DEFAULT, work->inner,
                               on_read, g_steal_pointer (&task));
}

static void
free_form (gpointer data)
{
  pr_oauth_form_free (data);
}

static void
add_form (SoupMessage *message, GString *form)
{
  g_autoptr (GBytes) bytes = NULL;

  if (form == NULL)
    return;
  bytes = g_bytes_new_with_free_func (form->str, form->len, free_form, form);
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);
}

static void
start_timer (PrHttpWork *work, guint seconds)
{
  work->timer = g_timeout_source_new_seconds (seconds);
  g_source_set_callback (work->timer, on_too_late, work, NULL);
  g_source_attach (work->timer, g_main_context_get_thread_default ());
}

/**
 * pr_oauth_http_send_async:
 * @self: who asks
 * @url: whom
 * @authorization: (nullable): the header of that name
 * @form: (nullable) (transfer full): what is posted; %NULL only gets
 * @cancellable: (nullable): ends the wait
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
pr_oauth_http_send_async (PrOauthHttp *self,
                          const char *url,
                          const char *authorization,
                          GString *form,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrHttpWork *work;
  SoupMessageHeaders *headers;

  g_return_if_fail (PR_IS_OAUTH_HTTP (self));

  g_task_set_name (task, "pr_oauth_http_send");
  if (!pr_url_is_safe (url))
    {
      g_clear_pointer (&form, pr_oauth_form_free);
      g_task_return_error (task, pr_oauth_error_new (PR_CODE_OAUTH_CLIENT_INVALID,
                                                     PR_OAUTH_REASON_NO_SERVICE,
                                                     "the address is no https"));
      return;
    }
  work = g_new0 (PrHttpWork, 1);
  work->body = g_byte_array_sized_new (2 * CHUNK);
  work->inner = g_cancellable_new ();
  g_task_set_task_data (task, work, http_work_free);
  work->message = soup_message_new (form != NULL ? "POST" : "GET", url);
  soup_message_add_flags (work->message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (work->message);
  soup_message_headers_append (headers, "Accept", self->accept);
  if (authorization != NULL)
    soup_message_headers_append (headers, "Authorization", authorization);
  add_form (work->message, form);
  start_timer (work, self->timeout_s);
  if (cancellable != NULL)
    {
      work->outer = g_object_ref (cancellable);
      work->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (on_outer_cancelled),
                                              g_object_ref (work->inner), g_object_unref);
    }
  soup_session_send_async (self->session, work->message, G_PRIORITY_DEFAULT, work->inner, on_sent,
                           g_steal_pointer (&task));
}

/**
 * pr_oauth_http_send_finish:
 * @self: who asked
 * @result: what the callback got
 * @error: set if there is no whole answer
 *
 * Returns: (transfer full) (nullable): the answer, whatever its status
 */
PrOauthAnswer *
pr_oauth_http_send_finish (PrOauthHttp *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
pr_oauth_http_dispose (GObject *object)
{
  PrOauthHttp *self = PR_OAUTH_HTTP (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (pr_oauth_http_parent_class)->dispose (object);
}

static void
pr_oauth_http_class_init (PrOauthHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_oauth_http_dispose;
}

static void
pr_oauth_http_init (PrOauthHttp *self)
{
  self->timeout_s = PR_OAUTH_TIMEOUT_S;
  self->accept = "application/json";
}

/**
 * pr_oauth_http_new:
 * @ca_pem: (nullable): certificates that are trusted besides the system's
 *
 * Returns: (transfer full): somebody who asks
 */
PrOauthHttp *
pr_oauth_http_new (const char *ca_pem)
{
  PrOauthHttp *self = g_object_new (PR_TYPE_OAUTH_HTTP, NULL);
  g_autoptr (GTlsDatabase) trust = NULL;

  self->session = soup_session_new_with_options ("max-conns", CONNECTIONS_MAX, "max-conns-per-host",
                                                 CONNECTIONS_MAX, "timeout", PR_OAUTH_TIMEOUT_S,
                                                 "idle-timeout", 5, "user-agent", "Postroom", NULL);
  /* Less that an answer could play with: packed ones would be bombs. */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  if (ca_pem != NULL && *ca_pem != '\0')
    {
      trust = pr_oauth_trust_new (ca_pem);
      soup_session_set_tls_database (self->session, trust);
    }
  return self;
}

/**
 * pr_oauth_http_set_timeout:
 * @self: somebody who asks
 * @seconds: the longest that one request may take, %PR_OAUTH_TIMEOUT_S unless said
 */
void
pr_oauth_http_set_timeout (PrOauthHttp *self, guint seconds)
{
  g_return_if_fail (seconds > 0);

  self->timeout_s = seconds;
}

/**
 * pr_oauth_http_set_accept:
 * @self: somebody who asks
 * @type: (not nullable): a constant: what it wants to read, JSON unless said
 */
void
pr_oauth_http_set_accept (PrOauthHttp *self, const char *type)
{
  g_return_if_fail (PR_IS_OAUTH_HTTP (self));

  self->accept = type;
}
