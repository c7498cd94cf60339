/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Everybody on this computer can reach the port that a browser comes back to: what they send may
 * neither end the sign-in, nor slow it down, nor leave a socket behind. */

#include "oauth-wait.h"
#include "pr-loopback-listener.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>

#define STATE "state-of-this-attempt"

typedef struct
{
  PrLoopbackListener *listener;
  TestWait wait;
  GCancellable *cancellable;
  guint16 port;
  char *path;
  guint n_before;
} Fixture;

static void
listen_with (Fixture *fixture, const char *host, const char *path, guint timeout_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = NULL;

  fixture->n_before = test_count_descriptors ();
  fixture->listener = pr_loopback_listener_new (host, path, STATE, &error);
  g_assert_no_error (error);
  uri = g_uri_parse (pr_loopback_listener_get_uri (fixture->listener), G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_uri_get_host (uri), ==, host);
  fixture->port = (guint16) g_uri_get_port (uri);
  fixture->path = g_strdup (g_uri_get_path (uri));
  fixture->cancellable = g_cancellable_new ();
  pr_loopback_listener_wait_async (fixture->listener, timeout_s, fixture->cancellable,
                                   test_wait_ready, &fixture->wait);
}

static void
fixture_clear (Fixture *fixture)
{
  test_wait_clear (&fixture->wait);
  g_clear_object (&fixture->listener);
  g_clear_object (&fixture->cancellable);
  g_clear_pointer (&fixture->path, g_free);
  /* What was being answered may need a moment to be sent. */
  test_run_for (50);
  g_assert_cmpuint (test_count_descriptors (), ==, fixture->n_before);
}

static int
dial (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    {
      g_assert_cmpint (fcntl (fd, F_SETFL, O_NONBLOCK), ==, 0);
      return fd;
    }
  close (fd);
  return -1;
}

typedef struct
{
  int fd;
  GString *text;
  gboolean ended;
} Reading;

static gboolean
read_more (gpointer data)
{
  Reading *reading = data;
  char buffer[4096];
  gssize n;

  while ((n = read (reading->fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (reading->text, buffer, n);
  reading->ended = n == 0 || (n < 0 && errno != EAGAIN);
  return reading->ended;
}

/* Sends @request and returns all that comes back. */
static char *
visit_fd (int fd, const char *request)
{
  Reading reading = { fd, g_string_new (NULL), FALSE };

  g_assert_cmpint (send (fd, request, strlen (request), MSG_NOSIGNAL), ==,
                   (gssize) strlen (request));
  test_wait_until (read_more, &reading);
  close (fd);
  return g_string_free (reading.text, FALSE);
}

static char *
visit (Fixture *fixture, const char *request)
{
  int fd = dial (fixture->port);

  g_assert_cmpint (fd, >=, 0);
  return visit_fd (fd, request);
}

static char *
make_request (Fixture *fixture, const char *path, const char *query)
{
  return g_strdup_printf ("GET %s?%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n", path, query,
                          fixture->port);
}

static void
check_still_waiting (Fixture *fixture, const char *reply, guint n_refused)
{
  g_assert_true (g_str_has_prefix (reply, "HTTP/1.1 404 Not Found\r\n"));
  g_assert_null (fixture->wait.result);
  g_assert_cmpuint (pr_loopback_listener_get_n_refused (fixture->listener), ==, n_refused);
}

/* The right answer still gets through. */
static void
check_success (Fixture *fixture)
{
  g_autofree char *request = make_request (fixture, fixture->path, "code=c0de&state=" STATE);
  g_autofree char *reply = visit (fixture, request);
  g_autoptr (GError) error = NULL;
  g_autoptr (PrLoopbackAnswer) answer =
      pr_loopback_listener_wait_finish (fixture->listener, test_wait_for (&fixture->wait), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pr_secret_peek (answer->code), ==, "c0de");
  g_assert_true (g_str_has_prefix (reply, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (reply, "\r\nConnection: close\r\n"));
  g_assert_nonnull (strstr (reply, "\r\nCache-Control: no-store\r\n"));
  g_assert_nonnull (strstr (reply, "\r\nReferrer-Policy: no-referrer\r\n"));
  g_assert_nonnull (strstr (reply, "\r\nContent-Security-Policy: default-src 'none'\r\n"));
  g_assert_null (strstr (reply, "c0de"));
  g_assert_null (strstr (reply, STATE));
  /* Gone, at once. */
  g_assert_cmpint (dial (fixture->port), ==, -1);
}

static void
test_success (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  g_assert_cmpuint (strlen (fixture.path), ==, 44);
  check_success (&fixture);
  fixture_clear (&fixture);
}

static void
test_fixed_path (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", "/callback", 30);
  g_assert_cmpstr (fixture.path, ==, "/callback");
  check_success (&fixture);
  fixture_clear (&fixture);
}

static void
test_two_attempts (void)
{
  Fixture a = { 0 }, b = { 0 };

  listen_with (&a, "127.0.0.1", NULL, 30);
  listen_with (&b, "127.0.0.1", NULL, 30);
  g_assert_cmpuint (a.port, !=, b.port);
  g_assert_cmpstr (a.path, !=, b.path);
  check_success (&b);
  check_success (&a);
  test_wait_clear (&b.wait);
  g_clear_object (&b.listener);
  g_clear_object (&b.cancellable);
  g_free (b.path);
  fixture_clear (&a);
}

static void
test_wrong_answers (void)
{
  static const char *const queries[] = {
    "code=c0de&state=other",           "code=c0de&state=" STATE "x", "code=c0de",
    "error=access_denied&state=other", "error=access_denied",        "code=a&code=b&state=" STATE,
    "code=c0de&error=x&state=" STATE,
  };
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *request = make_request (&fixture, fixture.path, queries[i]);
      g_autofree char *reply = visit (&fixture, request);

      check_still_waiting (&fixture, reply, i + 1);
    }
  check_success (&fixture);
  fixture_clear (&fixture);
}

static void
test_wrong_paths (void)
{
  static const char *const paths[] = { "/", "/favicon.ico", "/callback", "//", "/..", "*" };
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *request = make_request (&fixture, paths[i], "code=c0de&state=" STATE);
      g_autofree char *reply = visit (&fixture, request);

      check_still_waiting (&fixture, reply, i + 1);
    }
  check_success (&fixture);
  fixture_clear (&fixture);
}

/* A web page that has a name lead to 127.0.0.1 comes with that name. */
static void
test_wrong_host (void)
{
  Fixture fixture = { 0 };
  g_autofree char *request = NULL;
  g_autofree char *reply = NULL;

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  request = g_strdup_printf ("GET %s?code=c0de&state=" STATE " HTTP/1.1\r\n"
                             "Host: evil.example:%u\r\n\r\n",
                             fixture.path, fixture.port);
  reply = visit (&fixture, request);
  check_still_waiting (&fixture, reply, 1);
  check_success (&fixture);
  fixture_clear (&fixture);
}

/* Connected before the first one was answered: too late all the same. */
static void
test_second_hit (void)
{
  Fixture fixture = { 0 };
  g_autofree char *request = NULL;
  Reading reading = { -1, NULL, FALSE };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  request = make_request (&fixture, fixture.path, "code=other&state=" STATE);
  reading.fd = dial (fixture.port);
  reading.text = g_string_new (NULL);
  test_run_for (20);
  check_success (&fixture);
  (void) send (reading.fd, request, strlen (request), MSG_NOSIGNAL);
  test_wait_until (read_more, &reading);
  g_assert_null (strstr (reading.text->str, "200 OK"));
  close (reading.fd);
  g_string_free (reading.text, TRUE);
  fixture_clear (&fixture);
}

static void
test_oversized (void)
{
  Fixture fixture = { 0 };
  g_autofree char *filler = g_strnfill (PR_LOOPBACK_REQUEST_MAX, 'x');
  g_autofree char *request = NULL;
  g_autofree char *reply = NULL;

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  request =
      g_strdup_printf ("GET %s?code=c0de&state=" STATE " HTTP/1.1\r\nX: %s", fixture.path, filler);
  request[PR_LOOPBACK_REQUEST_MAX] = '\0';
  reply = visit (&fixture, request);
  check_still_waiting (&fixture, reply, 1);
  check_success (&fixture);
  fixture_clear (&fixture);
}

/* The right answer, a byte at a time, is still the right answer. */
static void
test_slow (void)
{
  Fixture fixture = { 0 };
  g_autofree char *request = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrLoopbackAnswer) answer = NULL;
  int fd;

  listen_with (&fixture, "127.0.0.1", "/c", 30);
  request = make_request (&fixture, fixture.path, "code=c0de&state=" STATE);
  fd = dial (fixture.port);
  for (const char *p = request; *p != '\0'; p++)
    {
      g_assert_cmpint (send (fd, p, 1, MSG_NOSIGNAL), ==, 1);
      test_run_for (2);
    }
  answer =
      pr_loopback_listener_wait_finish (fixture.listener, test_wait_for (&fixture.wait), &error);
  g_assert_no_error (error);
  close (fd);
  fixture_clear (&fixture);
}

/* Somebody who connects and says nothing is sent away in the end. */
static void
test_silent (void)
{
  Fixture fixture = { 0 };
  Reading reading = { -1, NULL, FALSE };
  gint64 start = g_get_monotonic_time ();

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  reading.fd = dial (fixture.port);
  reading.text = g_string_new (NULL);
  g_assert_cmpint (send (reading.fd, "GET /", 5, MSG_NOSIGNAL), ==, 5);
  test_wait_until (read_more, &reading);
  g_assert_cmpint (g_get_monotonic_time () - start, <,
                   (PR_LOOPBACK_CONNECTION_S + 3) * G_USEC_PER_SEC);
  g_assert_cmpuint (reading.text->len, ==, 0);
  close (reading.fd);
  g_string_free (reading.text, TRUE);
  check_success (&fixture);
  fixture_clear (&fixture);
}

static void
test_hundred (void)
{
  Fixture fixture = { 0 };
  int fds[100];
  guint n_open;

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = dial (fixture.port);
      g_assert_cmpint (fds[i], >=, 0);
      test_run_for (1);
    }
  test_run_for (50);
  /* Ours and theirs are in one process; of ours there are never more than the limit. */
  n_open = test_count_descriptors ();
  g_assert_cmpuint (n_open, <=,
                    fixture.n_before + G_N_ELEMENTS (fds) + PR_LOOPBACK_CONNECTIONS_MAX + 4);
  check_success (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  fixture_clear (&fixture);
}

static void
check_failure (Fixture *fixture, PrCode code)
{
  g_autoptr (GError) error = NULL;
  PrLoopbackAnswer *answer =
      pr_loopback_listener_wait_finish (fixture->listener, test_wait_for (&fixture->wait), &error);

  g_assert_null (answer);
  g_assert_error (error, PR_OAUTH_ERROR, (int) code);
  g_assert_cmpint (dial (fixture->port), ==, -1);
}

static void
test_cancel (void)
{
  Fixture fixture = { 0 };
  int fd;

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  fd = dial (fixture.port);
  test_run_for (10);
  g_cancellable_cancel (fixture.cancellable);
  check_failure (&fixture, PR_CODE_OAUTH_CANCELLED);
  close (fd);
  fixture_clear (&fixture);
}

static void
test_cancelled_before (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  g_cancellable_cancel (fixture.cancellable);
  check_failure (&fixture, PR_CODE_OAUTH_CANCELLED);
  fixture_clear (&fixture);
}

static void
test_timeout (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 1);
  check_failure (&fixture, PR_CODE_OAUTH_TIMEOUT);
  fixture_clear (&fixture);
}

/* Nobody waits yet: the port is given back with the object. */
static void
test_dropped (void)
{
  guint n_before = test_count_descriptors ();
  PrLoopbackListener *listener = pr_loopback_listener_new ("127.0.0.1", NULL, STATE, NULL);

  g_assert_cmpuint (test_count_descriptors (), ==, n_before + 1);
  g_object_unref (listener);
  g_assert_cmpuint (test_count_descriptors (), ==, n_before);
}

static int
try_bind (const char *ip, guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1, status;

  g_assert_cmpint (inet_pton (AF_INET, ip, &address.sin_addr), ==, 1);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  setsockopt (fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  status = bind (fd, (struct sockaddr *) &address, sizeof address) == 0 ? listen (fd, 4) : -1;
  close (fd);
  return status;
}

/* Another process cannot sit down on the same port. */
static void
test_port_is_ours (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  g_assert_cmpint (try_bind ("127.0.0.1", fixture.port), ==, -1);
  g_assert_cmpint (try_bind ("0.0.0.0", fixture.port), ==, -1);
  check_success (&fixture);
  fixture_clear (&fixture);
}

static gboolean
has_ipv6 (void)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  int fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean yes = fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0;

  if (fd >= 0)
    close (fd);
  return yes;
}

/* "localhost" may be either address: both are ours then. */
static void
test_localhost (void)
{
  Fixture fixture = { 0 };
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  g_autoptr (GError) error = NULL;
  g_autoptr (PrLoopbackAnswer) answer = NULL;
  g_autofree char *request = NULL;
  g_autofree char *reply = NULL;
  int fd;

  listen_with (&fixture, "localhost", "/", 30);
  request = g_strdup_printf (
      "GET /?code=c0de&state=" STATE " HTTP/1.1\r\nHost: localhost:%u\r\n\r\n", fixture.port);
  if (has_ipv6 ())
    {
      fd = socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
      address.sin6_port = htons (fixture.port);
      g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
      g_assert_cmpint (fcntl (fd, F_SETFL, O_NONBLOCK), ==, 0);
    }
  else
    fd = dial (fixture.port);
  reply = visit_fd (fd, request);
  g_assert_true (g_str_has_prefix (reply, "HTTP/1.1 200 OK\r\n"));
  answer =
      pr_loopback_listener_wait_finish (fixture.listener, test_wait_for (&fixture.wait), &error);
  g_assert_no_error (error);
  fixture_clear (&fixture);
}

/* What opens descriptors once and for all does so before they are counted. */
static void
warm_up (void)
{
  Fixture fixture = { 0 };

  listen_with (&fixture, "127.0.0.1", NULL, 30);
  check_success (&fixture);
  test_run_for (50);
  test_wait_clear (&fixture.wait);
  g_clear_object (&fixture.listener);
  g_clear_object (&fixture.cancellable);
  g_free (fixture.path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  warm_up ();
  g_test_add_func ("/oauth/listener/success", test_success);
  g_test_add_func ("/oauth/listener/fixed-path", test_fixed_path);
  g_test_add_func ("/oauth/listener/two-attempts", test_two_attempts);
  g_test_add_func ("/oauth/listener/wrong-answers", test_wrong_answers);
  g_test_add_func ("/oauth/listener/wrong-paths", test_wrong_paths);
  g_test_add_func ("/oauth/listener/wrong-host", test_wrong_host);
  g_test_add_func ("/oauth/listener/second-hit", test_second_hit);
  g_test_add_func ("/oauth/listener/oversized", test_oversized);
  g_test_add_func ("/oauth/listener/slow", test_slow);
  g_test_add_func ("/oauth/listener/silent", test_silent);
  g_test_add_func ("/oauth/listener/hundred", test_hundred);
  g_test_add_func ("/oauth/listener/cancel", test_cancel);
  g_test_add_func ("/oauth/listener/cancelled-before", test_cancelled_before);
  g_test_add_func ("/oauth/listener/timeout", test_timeout);
  g_test_add_func ("/oauth/listener/dropped", test_dropped);
  g_test_add_func ("/oauth/listener/port-is-ours", test_port_is_ours);
  g_test_add_func ("/oauth/listener/localhost", test_localhost);
  return g_test_run ();
}
