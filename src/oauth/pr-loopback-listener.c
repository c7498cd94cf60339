/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrLoopbackListener: a socket on 127.0.0.1 (and ::1 where the provider insists on the name
 * "localhost", lest another program sits there), on a port that the kernel chooses, open from the
 * start of a sign-in to its first valid answer, its cancellation or its time-out, and closed with
 * the object in any case (RFC 8252 sections 7.3 and 8.3). Answers that are not for this sign-in
 * are counted and get 404; they cannot end it. Main thread. */

#include "pr-loopback-listener.h"

#include "pr-oauth-encoding.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BACKLOG 16

struct _PrLoopbackListener
{
  GObject parent_instance;

  /* Owned */
  GPtrArray *sockets; /* of GSocket that listen */
  GPtrArray *sources; /* of GSource: one for each */
  GQueue visits;      /* of PrVisit, oldest first */
  char *host;         /* such as "127.0.0.1:40123" */
  char *path;
  char *uri;
  char *state;
  GTask *task; /* (nullable): who waits */
  GSource *timer;
  GSource *cancel_source;

  guint n_refused;
};

G_DEFINE_FINAL_TYPE (PrLoopbackListener, pr_loopback_listener, G_TYPE_OBJECT)

/* One connection, from somebody. */
typedef struct
{
  PrLoopbackListener *listener; /* (nullable): borrowed, until it closes */
  GSocket *socket;
  GSource *source;
  GSource *timer;
  char buffer[PR_LOOPBACK_REQUEST_MAX];
  gsize n;
  char *reply; /* (nullable) */
  gsize n_sent;
} PrVisit;

static gboolean on_visit_ready (GSocket *socket, GIOCondition condition, gpointer user_data);

static void
destroy_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* --- Replies ---------------------------------------------------------------------------------- */

/* A page of our own words: nothing of the request comes back. */
static char *
make_reply (gboolean taken)
{
  const char *title = taken ? _ ("You can go back to Postroom") : _ ("There is nothing here");
  const char *text = taken ? _ ("Postroom goes on by itself. You can close this page.")
                           : _ ("This address is not in use.");
  g_autofree char *page = g_strdup_printf (
      "<!doctype html><html><head><meta charset=\"utf-8\"><title>Postroom</title></head>"
      "<body><h1>%s</h1><p>%s</p></body></html>\n",
      title, text);

  return g_strdup_printf ("HTTP/1.1 %s\r\n"
                          "Content-Type: text/html; charset=utf-8\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "Connection: close\r\n"
                          "Cache-Control: no-store\r\n"
                          "Referrer-Policy: no-referrer\r\n"
                          "X-Content-Type-Options: nosniff\r\n"
                          "Content-Security-Policy: default-src 'none'\r\n"
                          "\r\n%s",
                          taken ? "200 OK" : "404 Not Found", strlen (page), page);
}

/* --- Visits ----------------------------------------------------------------------------------- */

static void
visit_free (PrVisit *visit)
{
  if (visit->listener != NULL)
    g_queue_remove (&visit->listener->visits, visit);
  destroy_source (&visit->source);
  destroy_source (&visit->timer);
  g_socket_close (visit->socket, NULL);
  g_object_unref (visit->socket);
  pr_wipe (visit->buffer, sizeof visit->buffer);
  g_free (visit->reply);
  g_free (visit);
}

static gboolean
on_visit_too_long (gpointer user_data)
{
  visit_free (user_data);
  return G_SOURCE_REMOVE;
}

static void
watch (PrVisit *visit, GIOCondition condition)
{
  destroy_source (&visit->source);
  visit->source = g_socket_create_source (visit->socket, condition, NULL);
  g_source_set_callback (visit->source, G_SOURCE_FUNC (on_visit_ready), visit, NULL);
  g_source_attach (visit->source, g_main_context_get_thread_default ());
}

static void
visit_start (PrLoopbackListener *self, GSocket *socket)
{
  PrVisit *visit = g_new0 (PrVisit, 1);

  /* The newest one may be the browser; the oldest one has had its chance. */
  if (self->visits.length == PR_LOOPBACK_CONNECTIONS_MAX)
    visit_free (g_queue_peek_head (&self->visits));
  g_socket_set_blocking (socket, FALSE);
  visit->listener = self;
  visit->socket = socket;
  visit->timer = g_timeout_source_new_seconds (PR_LOOPBACK_CONNECTION_S);
  g_source_set_callback (visit->timer, on_visit_too_long, visit, NULL);
  g_source_attach (visit->timer, g_main_context_get_thread_default ());
  g_queue_push_tail (&self->visits, visit);
  watch (visit, G_IO_IN);
}

/* Gives the port back. Who is being answered just now still gets the answer. */
static void
shut (PrLoopbackListener *self)
{
  PrVisit *visit;

  for (guint i = 0; i < self->sources->len; i++)
    g_source_destroy (g_ptr_array_index (self->sources, i));
  g_ptr_array_set_size (self->sources, 0);
  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_close (g_ptr_array_index (self->sockets, i), NULL);
  g_ptr_array_set_size (self->sockets, 0);
  destroy_source (&self->timer);
  destroy_source (&self->cancel_source);
  while ((visit = g_queue_pop_head (&self->visits)) != NULL)
    {
      visit->listener = NULL;
      if (visit->reply == NULL)
        visit_free (visit);
    }
}

/* Ends the wait. Takes @answer and @error. */
static void
finish (PrLoopbackListener *self, PrLoopbackAnswer *answer, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  shut (self);
  if (task == NULL)
    {
      g_clear_pointer (&answer, pr_loopback_answer_free);
      g_clear_error (&error);
    }
  else if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) pr_loopback_answer_free);
  else
    g_task_return_error (task, error);
}

/* Returns: whether the request on @visit ends the wait. */
static gboolean
judge (PrVisit *visit, PrLoopbackVerdict verdict, PrLoopbackAnswer *answer)
{
  PrLoopbackListener *self = visit->listener;
  gboolean taken;

  if (self == NULL)
    return FALSE;
  taken = verdict == PR_LOOPBACK_TAKEN && self->task != NULL
          && pr_text_equal_secretly (answer->state, self->state);
  if (!taken)
    {
      self->n_refused++;
      g_info ("a request that does not belong to the sign-in was refused (%u until now)",
              self->n_refused);
    }
  return taken;
}

static gboolean
send_reply (PrVisit *visit)
{
  gsize length = strlen (visit->reply);
  gssize n = g_socket_send (visit->socket, visit->reply + visit->n_sent, length - visit->n_sent,
                            NULL, NULL);

  if (n > 0)
    visit->n_sent += (gsize) n;
  if (n > 0 && visit->n_sent < length)
    return G_SOURCE_CONTINUE;
  g_socket_shutdown (visit->socket, FALSE, TRUE, NULL);
  visit_free (visit);
  return G_SOURCE_REMOVE;
}

static gboolean
receive (PrVisit *visit)
{
  g_autoptr (PrLoopbackListener) listener =
      visit->listener != NULL ? g_object_ref (visit->listener) : NULL;
  g_autoptr (PrLoopbackAnswer) answer = NULL;
  PrLoopbackVerdict verdict;
  gssize n = g_socket_receive (visit->socket, visit->buffer + visit->n,
                               sizeof visit->buffer - visit->n, NULL, NULL);
  gboolean taken;

  if (n <= 0)
    {
      visit_free (visit);
      return G_SOURCE_REMOVE;
    }
  visit->n += (gsize) n;
  verdict =
      pr_loopback_request_read (visit->buffer, visit->n, listener != NULL ? listener->host : "",
                                listener != NULL ? listener->path : "", &answer);
  if (verdict == PR_LOOPBACK_MORE)
    return G_SOURCE_CONTINUE;
  taken = judge (visit, verdict, answer);
  visit->reply = make_reply (taken);
  watch (visit, G_IO_OUT);
  if (taken)
    finish (listener, g_steal_pointer (&answer), NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
on_visit_ready (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PrVisit *visit = user_data;

  return visit->reply != NULL ? send_reply (visit) : receive (visit);
}

static gboolean
on_visitor (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  GSocket *visitor = g_socket_accept (socket, NULL, NULL);

  if (visitor != NULL)
    visit_start (user_data, visitor);
  return G_SOURCE_CONTINUE;
}

/* --- Listening -------------------------------------------------------------------------------- */

static guint16
listen_on (PrLoopbackListener *self, const char *ip, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (ip, port);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  GSource *source;

  if (socket == NULL)
    return 0;
  g_socket_set_listen_backlog (socket, BACKLOG);
  /* Not to be shared: the port is ours alone. */
  if (!g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error))
    return 0;
  g_socket_set_blocking (socket, FALSE);
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return 0;
  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_visitor), self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_ptr_array_add (self->sources, source);
  g_ptr_array_add (self->sockets, g_steal_pointer (&socket));
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* "localhost" may lead to either address. A computer without IPv6 has but one. */
static guint16
listen_on_both (PrLoopbackListener *self, GError **error)
{
  for (guint attempt = 0; attempt < 8; attempt++)
    {
      g_autoptr (GError) local_error = NULL;
      guint16 port = listen_on (self, "127.0.0.1", 0, error);

      if (port == 0)
        return 0;
      if (listen_on (self, "::1", port, &local_error) != 0
          || !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        return port;
      shut (self);
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "no port is free");
  return 0;
}

/**
 * pr_loopback_listener_new:
 * @host: "127.0.0.1" or "localhost": what the redirect address says
 * @path: (nullable): of the redirect address, which may be empty; %NULL: one that nobody can guess
 * @state: of the sign-in: an answer without it is not for us
 * @error: set if no port can be had
 *
 * Returns: (transfer full) (nullable): a listener, open already
 */
PrLoopbackListener *
pr_loopback_listener_new (const char *host, const char *path, const char *state, GError **error)
{
  g_autoptr (PrLoopbackListener) self = g_object_new (PR_TYPE_LOOPBACK_LISTENER, NULL);
  g_autofree char *random = pr_random_token ();
  guint16 port;

  self->state = g_strdup (state);
  self->path = path != NULL ? g_strdup (path) : g_strconcat ("/", random, NULL);
  if (*self->path == '\0')
    {
      g_free (self->path);
      self->path = g_strdup ("/");
    }
  port = g_str_equal (host, "localhost") ? listen_on_both (self, error)
                                         : listen_on (self, "127.0.0.1", 0, error);
  if (port == 0)
    return NULL;
  self->host = g_strdup_printf ("%s:%u", host, port);
  self->uri =
      g_strdup_printf ("http://%s%s", self->host, g_strcmp0 (path, "") == 0 ? "" : self->path);
  return g_steal_pointer (&self);
}

/**
 * pr_loopback_listener_get_uri:
 * @self: a listener
 *
 * Returns: (transfer none): the redirect address
 */
const char *
pr_loopback_listener_get_uri (PrLoopbackListener *self)
{
  return self->uri;
}

/**
 * pr_loopback_listener_get_n_refused:
 * @self: a listener
 *
 * Returns: how many requests came that were not for this sign-in
 */
guint
pr_loopback_listener_get_n_refused (PrLoopbackListener *self)
{
  return self->n_refused;
}

static gboolean
on_timeout (gpointer user_data)
{
  PrLoopbackListener *self = user_data;

  finish (self, NULL,
          pr_oauth_error_new (PR_CODE_OAUTH_TIMEOUT, PR_OAUTH_REASON_NONE,
                              "the browser did not come back; %u other requests", self->n_refused));
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  finish (user_data, NULL,
          pr_oauth_error_new (PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE, "cancelled"));
  return G_SOURCE_REMOVE;
}

/**
 * pr_loopback_listener_wait_async:
 * @self: a listener that nobody waits for yet
 * @timeout_s: how long
 * @cancellable: (nullable): ends the wait
 * @callback: called with what the browser brought
 * @user_data: for @callback
 */
void
pr_loopback_listener_wait_async (PrLoopbackListener *self,
                                 guint timeout_s,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (PR_IS_LOOPBACK_LISTENER (self));
  g_return_if_fail (self->task == NULL);

  /* The cancellable is watched here, so that being cancelled is a diagnosis of its own. */
  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_name (self->task, "pr_loopback_listener_wait");
  self->timer = g_timeout_source_new_seconds (timeout_s);
  g_source_set_callback (self->timer, on_timeout, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (on_cancelled), self, NULL);
      g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
    }
}

/**
 * pr_loopback_listener_wait_finish:
 * @self: a listener
 * @result: what the callback got
 * @error: set to %PR_CODE_OAUTH_CANCELLED or %PR_CODE_OAUTH_TIMEOUT
 *
 * Returns: (transfer full) (nullable): what the browser brought
 */
PrLoopbackAnswer *
pr_loopback_listener_wait_finish (PrLoopbackListener *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_loopback_listener_close:
 * @self: a listener
 *
 * Gives the port back, and ends the wait as cancelled if there is one.
 */
void
pr_loopback_listener_close (PrLoopbackListener *self)
{
  finish (self, NULL, pr_oauth_error_new (PR_CODE_OAUTH_CANCELLED, PR_OAUTH_REASON_NONE, "closed"));
}

static void
pr_loopback_listener_dispose (GObject *object)
{
  PrLoopbackListener *self = PR_LOOPBACK_LISTENER (object);

  shut (self);
  G_OBJECT_CLASS (pr_loopback_listener_parent_class)->dispose (object);
}

static void
pr_loopback_listener_finalize (GObject *object)
{
  PrLoopbackListener *self = PR_LOOPBACK_LISTENER (object);

  g_ptr_array_unref (self->sockets);
  g_ptr_array_unref (self->sources);
  g_free (self->host);
  g_free (self->path);
  g_free (self->uri);
  g_free (self->state);
  G_OBJECT_CLASS (pr_loopback_listener_parent_class)->finalize (object);
}

static void
pr_loopback_listener_class_init (PrLoopbackListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_loopback_listener_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_loopback_listener_finalize;
}

static void
pr_loopback_listener_init (PrLoopbackListener *self)
{
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  g_queue_init (&self->visits);
}
