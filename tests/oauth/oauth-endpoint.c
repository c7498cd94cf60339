/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Web services for the tests of OAuth: one that speaks HTTP and says what it is told to say, and
 * one that sends raw bytes from a thread. */

#include "oauth-endpoint.h"

#include "oauth-wait.h"
#include "pr-oauth-encoding.h"
#include "pr-test-certificate.h"

#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>

typedef struct
{
  char *path;
  char *body;
  char *authorization;
} TestRequest;

struct _TestEndpoint
{
  SoupServer *server;
  char *base;
  GQueue replies;      /* of TestReply */
  GPtrArray *requests; /* of TestRequest */
  guint delay_ms;
};

static void
reply_free (gpointer data)
{
  TestReply *reply = data;

  g_free ((char *) reply->type);
  g_free ((char *) reply->body);
  g_free ((char *) reply->header);
  g_free ((char *) reply->value);
  g_free (reply);
}

static void
request_free (gpointer data)
{
  TestRequest *request = data;

  g_free (request->path);
  g_free (request->body);
  g_free (request->authorization);
  g_free (request);
}

static void
send_reply (SoupServerMessage *message, const TestReply *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, reply->status, NULL);
  if (reply->header != NULL)
    soup_message_headers_replace (headers, reply->header, reply->value);
  if (reply->body != NULL)
    soup_server_message_set_response (message, reply->type != NULL ? reply->type : "x/x",
                                      SOUP_MEMORY_COPY, reply->body, strlen (reply->body));
  if (reply->type == NULL)
    soup_message_headers_remove (headers, "Content-Type");
}

typedef struct
{
  SoupServerMessage *message;
  TestReply *reply;
} TestLater;

static gboolean
send_later (gpointer data)
{
  TestLater *later = data;

  send_reply (later->message, later->reply);
  soup_server_message_unpause (later->message);
  reply_free (later->reply);
  g_object_unref (later->message);
  g_free (later);
  return G_SOURCE_REMOVE;
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  TestEndpoint *self = user_data;
  TestRequest *request = g_new0 (TestRequest, 1);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  TestReply *reply = g_queue_pop_head (&self->replies);
  TestLater *later;

  request->path = g_strdup (path);
  request->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  request->authorization = g_strdup (soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization"));
  g_ptr_array_add (self->requests, request);
  if (reply == NULL)
    {
      soup_server_message_set_status (message, 501, "Nothing was prepared");
      return;
    }
  if (self->delay_ms == 0)
    {
      send_reply (message, reply);
      reply_free (reply);
      return;
    }
  later = g_new0 (TestLater, 1);
  later->message = g_object_ref (message);
  later->reply = reply;
  soup_server_message_pause (message);
  g_timeout_add (self->delay_ms, send_later, later);
}

static TestEndpoint *
endpoint_new (GTlsCertificate *certificate)
{
  TestEndpoint *self = g_new0 (TestEndpoint, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  soup_server_listen_local (
      self->server, 0,
      SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->base = g_strdup_printf ("%s://127.0.0.1:%d", certificate != NULL ? "https" : "http",
                                g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

TestEndpoint *
test_endpoint_new (void)
{
  return endpoint_new (NULL);
}

static char *
to_pem (const PrTestCertificate *certificate, gboolean with_key)
{
  gnutls_datum_t public_part, private_part = { NULL, 0 };
  char *pem;

  g_assert_cmpint (
      gnutls_x509_crt_export2 (certificate->certificate, GNUTLS_X509_FMT_PEM, &public_part), ==, 0);
  if (with_key)
    g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (certificate->key, GNUTLS_X509_FMT_PEM, NULL,
                                                        GNUTLS_PKCS_PLAIN, &private_part),
                     ==, 0);
  pem = g_strdup_printf ("%.*s\n%.*s", (int) public_part.size, public_part.data,
                         (int) private_part.size,
                         private_part.data != NULL ? (char *) private_part.data : "");
  gnutls_free (public_part.data);
  gnutls_free (private_part.data);
  return pem;
}

/* One with a certificate of a kind of pr-test-certificate.c; @ca_pem is who signed it. */
TestEndpoint *
test_endpoint_new_tls (const char *certificate_kind, char **ca_pem)
{
  g_autoptr (PrTestCertificate) root =
      pr_test_certificate_new (pr_test_recipe_get_issuer (PR_TEST_ISSUER_ROOT), NULL);
  const PrTestRecipe *recipe = pr_test_recipe_find (certificate_kind);
  g_autoptr (PrTestCertificate) issuer =
      recipe->issuer == PR_TEST_ISSUER_SELF
          ? NULL
          : pr_test_certificate_new (pr_test_recipe_get_issuer (recipe->issuer), NULL);
  g_autoptr (PrTestCertificate) leaf =
      pr_test_certificate_new (recipe, recipe->issuer == PR_TEST_ISSUER_ROOT ? root : issuer);
  g_autofree char *pem = to_pem (leaf, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);

  g_assert_no_error (error);
  *ca_pem = to_pem (root, FALSE);
  return endpoint_new (certificate);
}

void
test_endpoint_free (TestEndpoint *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_queue_clear_full (&self->replies, reply_free);
  g_ptr_array_unref (self->requests);
  g_free (self->base);
  g_free (self);
}

char *
test_endpoint_get_url (TestEndpoint *self, const char *path)
{
  return g_strconcat (self->base, path, NULL);
}

void
test_endpoint_add (TestEndpoint *self, const TestReply *reply)
{
  TestReply *copy = g_new0 (TestReply, 1);

  copy->status = reply->status;
  copy->type = g_strdup (reply->type);
  copy->body = g_strdup (reply->body);
  copy->header = g_strdup (reply->header);
  copy->value = g_strdup (reply->value);
  g_queue_push_tail (&self->replies, copy);
}

void
test_endpoint_add_json (TestEndpoint *self, guint status, const char *body)
{
  TestReply reply = { status, TEST_JSON, body, NULL, NULL };

  test_endpoint_add (self, &reply);
}

void
test_endpoint_set_delay (TestEndpoint *self, guint ms)
{
  self->delay_ms = ms;
}

guint
test_endpoint_get_n (TestEndpoint *self)
{
  return self->requests->len;
}

static TestRequest *
get_request (TestEndpoint *self, guint i)
{
  g_assert_cmpuint (i, <, self->requests->len);
  return g_ptr_array_index (self->requests, i);
}

const char *
test_endpoint_get_path (TestEndpoint *self, guint i)
{
  return get_request (self, i)->path;
}

const char *
test_endpoint_get_body (TestEndpoint *self, guint i)
{
  return get_request (self, i)->body;
}

const char *
test_endpoint_get_authorization (TestEndpoint *self, guint i)
{
  return get_request (self, i)->authorization;
}

/* The value of a field of a form that was posted. */
char *
test_endpoint_get_field (TestEndpoint *self, guint i, const char *name)
{
  g_auto (GStrv) fields = g_strsplit (get_request (self, i)->body, "&", -1);
  g_autofree char *prefix = g_strconcat (name, "=", NULL);

  for (guint k = 0; fields[k] != NULL; k++)
    if (g_str_has_prefix (fields[k], prefix))
      return pr_oauth_form_decode (fields[k] + strlen (prefix), -1);
  return NULL;
}

PrOauthProvider *
test_endpoint_make_provider (TestEndpoint *self)
{
  PrOauthProvider *provider = pr_oauth_provider_new ("test", "Test");

  provider->authorization_url = test_endpoint_get_url (self, "/authorize");
  provider->token_url = test_endpoint_get_url (self, "/token");
  provider->revocation_url = test_endpoint_get_url (self, "/revoke");
  provider->device_url = test_endpoint_get_url (self, "/device");
  g_free (provider->scope);
  provider->scope = g_strdup ("mail");
  g_free (provider->mail_scope);
  provider->mail_scope = g_strdup ("mail");
  return provider;
}

PrOauthClient *
test_endpoint_make_client (TestEndpoint *self, PrOauthProvider *provider)
{
  g_autoptr (PrOauthHttp) http = pr_oauth_http_new (NULL);

  return pr_oauth_client_new (http, provider, "me", NULL, NULL);
}

/* Asks for a new access token, and waits for it. */
PrOauthGrant *
test_refresh (PrOauthClient *client, GError **error)
{
  g_auto (TestWait) wait = { NULL };
  g_autoptr (PrSecret) refresh = pr_secret_new ("r3fresh", -1);

  pr_oauth_client_refresh_async (client, refresh, NULL, test_wait_ready, &wait);
  return pr_oauth_client_grant_finish (test_wait_for (&wait), error);
}

/* --- Raw bytes -------------------------------------------------------------------------------- */

struct _TestRaw
{
  GSocket *socket;
  GThread *thread;
  TestRawKind kind;
  char *bytes;
  guint16 port;
  GCancellable *stop;
};

/* Reads until the end of the headers: what is posted may follow, and is left. */
static void
read_request (TestRaw *self, GSocket *visitor)
{
  char buffer[65536];
  gsize n = 0;
  gssize got;

  do
    {
      got = g_socket_receive (visitor, buffer + n, sizeof buffer - n - 1, self->stop, NULL);
      if (got > 0)
        n += (gsize) got;
      buffer[n] = '\0';
    }
  while (got > 0 && strstr (buffer, "\r\n\r\n") == NULL);
  /* The form comes in the same breath, or right behind; unread bytes would make a reset of the
   * end. */
  g_usleep (50000);
  g_socket_set_blocking (visitor, FALSE);
  while (g_socket_receive (visitor, buffer, sizeof buffer, NULL, NULL) > 0)
    ;
  g_socket_set_blocking (visitor, TRUE);
}

static gboolean
pause_for (TestRaw *self, gint64 us)
{
  GPollFD fd = { g_cancellable_get_fd (self->stop), G_IO_IN, 0 };
  int n = g_poll (&fd, 1, (int) (us / 1000));

  g_cancellable_release_fd (self->stop);
  return n == 0;
}

static void
serve (TestRaw *self, GSocket *visitor)
{
  static const char filler[4096] = { 'x' };
  struct linger reset = { 1, 0 };

  read_request (self, visitor);
  if (self->kind == TEST_RAW_DRIP)
    while (g_socket_send (visitor, "x", 1, self->stop, NULL) == 1 && pause_for (self, 100000))
      ;
  else
    g_socket_send (visitor, self->bytes, strlen (self->bytes), self->stop, NULL);
  if (self->kind == TEST_RAW_FLOOD)
    while (g_socket_send (visitor, filler, sizeof filler, self->stop, NULL) > 0)
      ;
  if (self->kind == TEST_RAW_HOLD)
    pause_for (self, 60 * G_USEC_PER_SEC);
  if (self->kind == TEST_RAW_RESET)
    setsockopt (g_socket_get_fd (visitor), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  g_socket_close (visitor, NULL);
}

static gpointer
run (gpointer data)
{
  TestRaw *self = data;

  for (;;)
    {
      g_autoptr (GSocket) visitor = g_socket_accept (self->socket, self->stop, NULL);

      if (visitor == NULL)
        return NULL;
      serve (self, visitor);
    }
}

TestRaw *
test_raw_new (TestRawKind kind, const char *bytes)
{
  TestRaw *self = g_new0 (TestRaw, 1);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->kind = kind;
  self->bytes = g_strdup (bytes);
  self->stop = g_cancellable_new ();
  self->socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (self->socket, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->socket, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("raw", run, self);
  return self;
}

void
test_raw_free (TestRaw *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->socket);
  g_object_unref (self->stop);
  g_free (self->bytes);
  g_free (self);
}

char *
test_raw_get_url (TestRaw *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u/token", self->port);
}
