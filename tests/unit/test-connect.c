/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Look-ups, connections and the clocks under them: static names, addresses that refuse or do not
 * answer beside one that does, deadlines, and cancelling in the middle. Rules X10 and X22. */

#include "pr-channel.h"
#include "pr-connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Far below the other clock of each test, which would have run out instead: 20 seconds or more.
 * Much longer than anything takes, because a computer may have other things to do. */
#define SOON_US (8 * G_USEC_PER_SEC)

/* What is quick is quick in one of so many tries; what waits for a clock never is. */
#define TRIES 25

static int
listen_on (int family, guint16 *port, int backlog)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  struct sockaddr *address = family == AF_INET ? (gpointer) &four : (gpointer) &six;
  socklen_t n = family == AF_INET ? sizeof four : sizeof six;
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  four.sin_port = six.sin6_port = g_htons (*port);
  g_assert_cmpint (bind (fd, address, n), ==, 0);
  g_assert_cmpint (listen (fd, backlog), ==, 0);
  g_assert_cmpint (getsockname (fd, address, &n), ==, 0);
  *port = g_ntohs (family == AF_INET ? four.sin_port : six.sin6_port);
  return fd;
}

/* A port of loopback on which nobody listens. */
static guint16
get_closed_port (void)
{
  guint16 port = 0;

  close (listen_on (AF_INET, &port, 1));
  return port;
}

static GPtrArray *
list_addresses (const char *first, const char *second)
{
  GPtrArray *addresses = pr_address_array_new ();

  g_assert_true (pr_address_array_add_text (addresses, first));
  if (second != NULL)
    g_assert_true (pr_address_array_add_text (addresses, second));
  return addresses;
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static guint
count_descriptors (void)
{
  return count_entries ("/proc/self/fd");
}

/* --- Clocks ----------------------------------------------------------------------------------- */

static void
test_deadlines (void)
{
  PrWait wait;
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  pr_wait_init (&wait, NULL, 60);
  pr_wait_start (&wait, 50);
  g_assert_false (pr_wait_fd (&wait, fds[0], G_IO_IN, PR_CODE_RESPONSE_TIMEOUT, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_RESPONSE_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 50 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON_US);
  g_clear_error (&error);

  /* The whole test's limit holds for each answer. */
  wait.total_deadline = g_get_monotonic_time () + 30 * 1000;
  pr_wait_start (&wait, 20000);
  begin = g_get_monotonic_time ();
  g_assert_false (pr_wait_fd (&wait, fds[0], G_IO_IN, PR_CODE_DNS_FAILURE, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_DNS_FAILURE);
  g_assert_nonnull (strstr (error->message, "whole test"));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON_US);
  pr_wait_clear (&wait);
  close (fds[0]);
  close (fds[1]);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (20 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A server that takes nothing any more holds nobody up. */
static void
test_write_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *much = g_malloc0 (16 * 1024 * 1024);
  PrChannel *channel;
  GThread *thread;
  PrWait wait;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  channel = pr_socket_channel_new (fds[0]);
  pr_wait_init (&wait, cancellable, 60);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (channel->ops->write (channel, much, 16 * 1024 * 1024, &wait, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CANCELLED);
  g_thread_join (thread);
  pr_wait_clear (&wait);
  pr_channel_close (channel);
  close (fds[1]);
}

static void
test_ready (void)
{
  PrWait wait;
  g_autoptr (GError) error = NULL;
  GPollFD fd;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  fd = (GPollFD){ fds[0], G_IO_IN, 0 };
  pr_wait_init (&wait, NULL, 60);
  /* Nothing happens until the moment that was asked for: that is no error. */
  g_assert_true (pr_wait_fds (&wait, &fd, 1, g_get_monotonic_time () + 20 * 1000,
                              PR_CODE_RESPONSE_TIMEOUT, &error));
  g_assert_cmpint (fd.revents, ==, 0);
  g_assert_cmpint (write (fds[1], "x", 1), ==, 1);
  g_assert_true (pr_wait_fds (&wait, &fd, 1, 0, PR_CODE_RESPONSE_TIMEOUT, &error));
  g_assert_cmpint (fd.revents, ==, G_IO_IN);
  g_assert_no_error (error);
  pr_wait_clear (&wait);
  close (fds[0]);
  close (fds[1]);
}

static void
test_round_trips (void)
{
  PrWait wait;

  pr_wait_init (&wait, NULL, 60);
  pr_wait_note_waited (&wait);
  g_assert_cmpuint (wait.round_trips, ==, 0);
  pr_wait_note_sent (&wait);
  pr_wait_note_sent (&wait);
  pr_wait_note_waited (&wait);
  pr_wait_note_waited (&wait);
  g_assert_cmpuint (wait.round_trips, ==, 1);
  pr_wait_clear (&wait);
}

typedef struct
{
  GCancellable *cancellable;
  guint after_ms;
} PrCanceller;

static gpointer
cancel_later (gpointer data)
{
  PrCanceller *self = data;

  g_usleep (self->after_ms * 1000);
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PrCanceller canceller = { cancellable, 30 };
  GThread *thread = g_thread_new ("cancel", cancel_later, &canceller);
  PrWait wait;
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  pr_wait_init (&wait, cancellable, 60);
  g_assert_false (pr_wait_fd (&wait, fds[0], G_IO_IN, PR_CODE_RESPONSE_TIMEOUT, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON_US);
  g_thread_join (thread);
  pr_wait_clear (&wait);
  close (fds[0]);
  close (fds[1]);
}

/* --- Look-ups --------------------------------------------------------------------------------- */

static GPtrArray *
look_up (PrResolver *resolver, const char *host, GCancellable *cancellable, GError **error)
{
  PrWait wait;
  GPtrArray *addresses;

  pr_wait_init (&wait, cancellable, 10);
  addresses = pr_resolver_lookup (resolver, host, &wait, error);
  pr_wait_clear (&wait);
  return addresses;
}

static const char *
get_text (GPtrArray *addresses, guint i)
{
  return ((PrAddress *) g_ptr_array_index (addresses, i))->text;
}

static void
test_static (void)
{
  static const char *const two[] = { "192.0.2.1", "2001:db8::1", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (PrResolver) resolver = pr_resolver_new ();
  g_autoptr (GPtrArray) addresses = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  pr_resolver_add_static (resolver, "mail.practice.example", two);
  pr_resolver_add_static (resolver, "empty.practice.example", none);
  addresses = look_up (resolver, "mail.practice.example", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (addresses->len, ==, 2);
  g_assert_cmpstr (get_text (addresses, 0), ==, "192.0.2.1");
  g_assert_cmpstr (get_text (addresses, 1), ==, "2001:db8::1");
  again = look_up (resolver, "mail.practice.example", NULL, &error);
  g_assert_true (addresses == again);
  g_assert_null (look_up (resolver, "empty.practice.example", NULL, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_DNS_NOT_FOUND);
}

static void
test_literal (void)
{
  g_autoptr (PrResolver) resolver = pr_resolver_new ();
  g_autoptr (GPtrArray) four = look_up (resolver, "127.0.0.1", NULL, NULL);
  g_autoptr (GPtrArray) six = look_up (resolver, "2001:db8::1", NULL, NULL);

  g_assert_cmpuint (four->len, ==, 1);
  g_assert_cmpstr (get_text (four, 0), ==, "127.0.0.1");
  g_assert_cmpstr (get_text (six, 0), ==, "2001:db8::1");
}

/* A look-up has a thread, which outlives an asker who has gone, and then its descriptors would be
 * counted by the next test. */
static void
wait_for_look_ups (void)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (count_entries ("/proc/self/task") > 1 && g_get_monotonic_time () < until)
    g_usleep (1000);
  g_assert_cmpuint (count_entries ("/proc/self/task"), ==, 1);
}

/* /etc/hosts knows it everywhere: a real look-up without a network. */
static void
test_localhost (void)
{
  g_autoptr (PrResolver) resolver = pr_resolver_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = look_up (resolver, "localhost", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (addresses->len, >=, 1);
  wait_for_look_ups ();
}

static void
test_lookup_cancelled (void)
{
  g_autoptr (PrResolver) resolver = pr_resolver_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (look_up (resolver, "localhost", cancellable, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CANCELLED);
  wait_for_look_ups ();
}

/* --- Connections ------------------------------------------------------------------------------ */

static int
connect_to (GPtrArray *addresses,
            guint16 port,
            guint timeout_ms,
            GCancellable *cancellable,
            char **detail,
            GError **error)
{
  g_autoptr (GPtrArray) attempts = NULL;
  PrWait wait;
  int fd;

  pr_wait_init (&wait, cancellable, 60);
  pr_wait_start (&wait, timeout_ms);
  fd = pr_connect (addresses, port, &wait, &attempts, error);
  *detail = pr_connect_describe (attempts);
  g_assert_cmpuint (wait.round_trips, ==, 1);
  pr_wait_clear (&wait);
  return fd;
}

static void
test_connect (void)
{
  guint16 port = 0;
  int listener = listen_on (AF_INET, &port, 4);
  guint before = count_descriptors ();
  g_autoptr (GPtrArray) addresses = list_addresses ("127.0.0.1", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  int fd = connect_to (addresses, port, 5000, NULL, &detail, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, !=, 0);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
  g_assert_nonnull (strstr (detail, "127.0.0.1: connected"));
  close (fd);
  g_assert_cmpuint (count_descriptors (), ==, before);
  close (listener);
}

static gint64
try_refused (void)
{
  guint before = count_descriptors ();
  g_autoptr (GPtrArray) addresses = list_addresses ("127.0.0.1", "127.0.0.2");
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_cmpint (connect_to (addresses, get_closed_port (), 5000, NULL, &detail, &error), ==, -1);
  begin = g_get_monotonic_time () - begin;
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_REFUSED);
  g_assert_nonnull (strstr (detail, "127.0.0.1: "));
  g_assert_nonnull (strstr (detail, "127.0.0.2: "));
  g_assert_cmpuint (count_descriptors (), ==, before);
  return begin;
}

/* The second address is tried when the first has failed, not a quarter of a second later. */
static void
test_refused (void)
{
  gint64 shortest = try_refused ();

  for (guint i = 1; i < TRIES && shortest >= 200 * 1000; i++)
    shortest = MIN (shortest, try_refused ());
  g_assert_cmpint (shortest, <, 200 * 1000);
}

static gint64
try_one_refuses (gboolean six_first)
{
  guint16 port = 0;
  int listener = listen_on (AF_INET, &port, 4);
  guint before = count_descriptors ();
  g_autoptr (GPtrArray) addresses =
      six_first ? list_addresses ("::1", "127.0.0.1") : list_addresses ("127.0.0.2", "127.0.0.1");
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  gint64 begin = g_get_monotonic_time ();
  int fd = connect_to (addresses, port, 5000, NULL, &detail, &error);

  begin = g_get_monotonic_time () - begin;
  g_assert_no_error (error);
  g_assert_nonnull (strstr (detail, "127.0.0.1: connected"));
  g_assert_nonnull (strstr (detail, six_first ? "::1: " : "127.0.0.2: "));
  close (fd);
  g_assert_cmpuint (count_descriptors (), ==, before);
  close (listener);
  return begin;
}

/* One family refuses, the other answers: in either order. */
static void
test_one_refuses (gconstpointer data)
{
  gboolean six_first = GPOINTER_TO_INT (data);
  gint64 shortest = try_one_refuses (six_first);

  for (guint i = 1; i < TRIES && shortest >= 200 * 1000; i++)
    shortest = MIN (shortest, try_one_refuses (six_first));
  g_assert_cmpint (shortest, <, 200 * 1000);
}

/* A port whose queue is full: the kernel answers no more calls, as a firewall that drops them. */
typedef struct
{
  int listener;
  guint16 port;
  int fillers[16];
  guint n_fillers;
  gboolean full;
} PrDeafPort;

static gboolean
deaf_port_init (PrDeafPort *self)
{
  *self = (PrDeafPort){ .full = FALSE };
  self->listener = listen_on (AF_INET, &self->port, 0);
  while (!self->full && self->n_fillers < G_N_ELEMENTS (self->fillers))
    {
      struct sockaddr_in to = { .sin_family = AF_INET,
                                .sin_port = g_htons (self->port),
                                .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
      int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      struct pollfd out = { fd, POLLOUT, 0 };

      self->fillers[self->n_fillers++] = fd;
      if (connect (fd, (struct sockaddr *) &to, sizeof to) < 0 && errno == EINPROGRESS)
        self->full = poll (&out, 1, 100) == 0;
    }
  return self->full;
}

static void
deaf_port_clear (PrDeafPort *self)
{
  for (guint i = 0; i < self->n_fillers; i++)
    close (self->fillers[i]);
  close (self->listener);
}

static void
test_no_answer (void)
{
  PrDeafPort deaf;
  g_autoptr (GPtrArray) addresses = list_addresses ("127.0.0.1", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  gint64 begin;

  if (!deaf_port_init (&deaf))
    g_test_skip ("no port that does not answer");
  else
    {
      begin = g_get_monotonic_time ();
      g_assert_cmpint (connect_to (addresses, deaf.port, 200, NULL, &detail, &error), ==, -1);
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CONNECTION_TIMEOUT);
      g_assert_cmpint (g_get_monotonic_time () - begin, >=, 200 * 1000);
      g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON_US);
      g_assert_nonnull (strstr (detail, "127.0.0.1: no answer in time"));
    }
  deaf_port_clear (&deaf);
}

static void
test_connect_cancelled (void)
{
  PrDeafPort deaf;
  g_autoptr (GPtrArray) addresses = list_addresses ("127.0.0.1", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PrCanceller canceller = { cancellable, 50 };
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  gint64 begin;
  guint before;
  GThread *thread;

  if (!deaf_port_init (&deaf))
    g_test_skip ("no port that does not answer");
  else
    {
      begin = g_get_monotonic_time ();
      before = count_descriptors ();
      thread = g_thread_new ("cancel", cancel_later, &canceller);
      g_assert_cmpint (connect_to (addresses, deaf.port, 20000, cancellable, &detail, &error), ==,
                       -1);
      g_thread_join (thread);
      g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CANCELLED);
      g_assert_cmpint (g_get_monotonic_time () - begin, <, SOON_US);
      g_assert_cmpuint (count_descriptors (), ==, before);
    }
  deaf_port_clear (&deaf);
}

/* RFC 8305: the next address is tried while the first does not answer. */
static void
test_eyeballs (void)
{
  PrDeafPort deaf;
  g_autoptr (GPtrArray) addresses = list_addresses ("127.0.0.1", "::1");
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  gint64 begin, elapsed;
  int listener, fd;

  if (!deaf_port_init (&deaf))
    {
      g_test_skip ("no port that does not answer");
      deaf_port_clear (&deaf);
      return;
    }
  listener = listen_on (AF_INET6, &deaf.port, 4);
  begin = g_get_monotonic_time ();
  fd = connect_to (addresses, deaf.port, 20000, NULL, &detail, &error);
  elapsed = g_get_monotonic_time () - begin;
  g_assert_no_error (error);
  g_assert_cmpint (elapsed, >=, 240 * 1000);
  g_assert_cmpint (elapsed, <, SOON_US);
  g_assert_nonnull (strstr (detail, "127.0.0.1: no answer yet"));
  g_assert_nonnull (strstr (detail, "::1: connected"));
  close (fd);
  close (listener);
  deaf_port_clear (&deaf);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connect/deadlines", test_deadlines);
  g_test_add_func ("/connect/ready", test_ready);
  g_test_add_func ("/connect/write-cancelled", test_write_cancelled);
  g_test_add_func ("/connect/round-trips", test_round_trips);
  g_test_add_func ("/connect/cancelled", test_cancelled);
  g_test_add_func ("/connect/static", test_static);
  g_test_add_func ("/connect/literal", test_literal);
  g_test_add_func ("/connect/localhost", test_localhost);
  g_test_add_func ("/connect/look-up-cancelled", test_lookup_cancelled);
  g_test_add_func ("/connect/connect", test_connect);
  g_test_add_func ("/connect/refused", test_refused);
  g_test_add_data_func ("/connect/one-refuses/other-family", GINT_TO_POINTER (TRUE),
                        test_one_refuses);
  g_test_add_data_func ("/connect/one-refuses/same-family", GINT_TO_POINTER (FALSE),
                        test_one_refuses);
  g_test_add_func ("/connect/no-answer", test_no_answer);
  g_test_add_func ("/connect/connect-cancelled", test_connect_cancelled);
  g_test_add_func ("/connect/eyeballs", test_eyeballs);
  return g_test_run ();
}
