/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names as the real resolver of libc finds them, and connections to what it finds, in a network of
 * our own: a name space in which nothing but loopback exists, with a name server of the test's on
 * 127.0.0.1, which answers, denies, fails or is silent by the name that is asked for. R129, R130;
 * rule X22.
 *
 * Where the kernel gives no such name space to users, the tests are skipped. */

#include "pr-conversation.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#define DNS_HEADER 12
#define TRIES 10
#define TYPE_A 1
#define TYPE_AAAA 28
#define RCODE_SERVFAIL 2
#define RCODE_NXDOMAIN 3

static gboolean isolated;

/* --- A network of our own --------------------------------------------------------------------- */

static gboolean
write_file (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
raise_loopback (void)
{
  struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean ok = fd >= 0 && ioctl (fd, SIOCSIFFLAGS, &request) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* The name server is ours, also for libc, which reads one file. */
static gboolean
replace_resolv_conf (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("resolv-XXXXXX", &path, NULL);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  close (fd);
  ok = write_file (path, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
       && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
       && mount (path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
  unlink (path);
  return ok;
}

static gboolean
isolate (void)
{
  g_autofree char *uid = g_strdup_printf ("0 %u 1", (guint) getuid ());
  g_autofree char *gid = g_strdup_printf ("0 %u 1", (guint) getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) == 0
         && write_file ("/proc/self/setgroups", "deny") && write_file ("/proc/self/uid_map", uid)
         && write_file ("/proc/self/gid_map", gid) && raise_loopback () && replace_resolv_conf ();
}

/* --- The name server -------------------------------------------------------------------------- */

typedef struct
{
  int fd;
  int stop[2];
  GThread *thread;
  int n_crowded; /* questions for names that begin with "crowded" */
} PrNameServer;

static PrNameServer name_server;

/* The name of the question, with dots; its length in the message in @end. */
static char *
read_name (const guint8 *message, gsize n, gsize *end)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize at = DNS_HEADER;

  while (at < n && message[at] != 0 && at + message[at] < n)
    {
      if (name->len > 0)
        g_string_append_c (name, '.');
      g_string_append_len (name, (const char *) message + at + 1, message[at]);
      at += message[at] + 1u;
    }
  *end = at + 5; /* root label, type, class */
  return *end <= n ? g_strdup (name->str) : NULL;
}

static void
append_address (GByteArray *answer, guint type, const char *address)
{
  const guint8 head[] = { 0xc0, DNS_HEADER, 0, (guint8) type, 0, 1, 0, 0, 0, 60, 0, 0 };
  guint8 bytes[16];
  guint8 length = type == TYPE_A ? 4 : 16;

  g_assert_cmpint (inet_pton (type == TYPE_A ? AF_INET : AF_INET6, address, bytes), ==, 1);
  g_byte_array_append (answer, head, sizeof head);
  answer->data[answer->len - 1] = length;
  g_byte_array_append (answer, bytes, length);
  answer->data[7]++; /* ANCOUNT */
}

/* What is answered, by the name; NULL: nothing. */
static GByteArray *
make_answer (const guint8 *question, gsize n)
{
  gsize end;
  g_autofree char *name = read_name (question, n, &end);
  guint type = name != NULL ? question[end - 3] : 0;
  GByteArray *answer;

  if (name == NULL || g_str_has_prefix (name, "silent"))
    return NULL;
  if (type == TYPE_AAAA && g_str_has_prefix (name, "only-a-answers"))
    return NULL;
  answer = g_byte_array_new ();
  g_byte_array_append (answer, question, (guint) end);
  memset (answer->data + 6, 0, 6); /* no records behind the question */
  answer->data[5] = 1;
  answer->data[2] = 0x81; /* an answer; recursion was wanted */
  answer->data[3] = 0x80; /* recursion is there */
  if (g_str_has_prefix (name, "unknown"))
    answer->data[3] |= RCODE_NXDOMAIN;
  else if (g_str_has_prefix (name, "broken")
           || (type == TYPE_AAAA && g_str_has_prefix (name, "half-broken")))
    answer->data[3] |= RCODE_SERVFAIL;
  else if (g_str_has_prefix (name, "far"))
    append_address (answer, type, type == TYPE_A ? "192.0.2.1" : "2001:db8::1");
  else if (!g_str_has_prefix (name, "empty"))
    {
      if (type == TYPE_A)
        append_address (answer, type, "127.0.0.1");
      else if (!g_str_has_prefix (name, "only-a"))
        append_address (answer, type, "::1");
    }
  return answer;
}

static gpointer
serve (gpointer data)
{
  PrNameServer *self = data;
  struct pollfd fds[] = { { self->fd, POLLIN, 0 }, { self->stop[0], POLLIN, 0 } };

  while (poll (fds, 2, -1) > 0 && fds[1].revents == 0)
    {
      guint8 question[512];
      struct sockaddr_storage from;
      socklen_t length = sizeof from;
      gssize n = recvfrom (self->fd, question, sizeof question, 0, (gpointer) &from, &length);
      g_autoptr (GByteArray) answer = NULL;

      if (n < DNS_HEADER)
        continue;
      if (memmem (question, (gsize) n, "crowded", 7) != NULL)
        g_atomic_int_inc (&self->n_crowded);
      answer = make_answer (question, (gsize) n);
      if (answer != NULL)
        (void) sendto (self->fd, answer->data, answer->len, 0, (gpointer) &from, length);
    }
  return NULL;
}

static void
name_server_start (PrNameServer *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = g_htons (53),
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };

  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->fd, (gpointer) &address, sizeof address), ==, 0);
  g_assert_cmpint (pipe2 (self->stop, O_CLOEXEC), ==, 0);
  self->thread = g_thread_new ("name-server", serve, self);
}

static void
name_server_stop (PrNameServer *self)
{
  g_assert_cmpint (write (self->stop[1], "x", 1), ==, 1);
  g_thread_join (self->thread);
  close (self->fd);
  close (self->stop[0]);
  close (self->stop[1]);
}

/* --- The tests -------------------------------------------------------------------------------- */

static gboolean
check_isolated (void)
{
  if (!isolated)
    g_test_skip ("no network name space for users here");
  return isolated;
}

static GPtrArray *
look_up (const char *host, guint timeout_ms, GError **error)
{
  PrResolver *resolver = pr_resolver_new ();
  PrWait wait;
  GPtrArray *addresses;

  pr_wait_init (&wait, NULL, 60);
  pr_wait_start (&wait, timeout_ms);
  addresses = pr_resolver_lookup (resolver, host, &wait, error);
  pr_wait_clear (&wait);
  pr_resolver_unref (resolver);
  return addresses;
}

static void
expect_failure (const char *host, PrCode code, guint timeout_ms)
{
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_null (look_up (host, timeout_ms, &error));
  g_assert_error (error, PR_DIAGNOSIS, (int) code);
  g_assert_nonnull (strstr (error->message, code == PR_CODE_DNS_FAILURE ? "" : host));
  /* Not a name server's own patience of some seconds, twice; with room for a busy computer. */
  g_assert_cmpint (g_get_monotonic_time () - begin, <, ((gint64) timeout_ms + 4000) * 1000);
}

static void
test_not_found (void)
{
  if (!check_isolated ())
    return;
  expect_failure ("unknown.example", PR_CODE_DNS_NOT_FOUND, 5000);
  expect_failure ("empty.example", PR_CODE_DNS_NOT_FOUND, 5000);
}

static void
test_failure (void)
{
  if (!check_isolated ())
    return;
  expect_failure ("broken.example", PR_CODE_DNS_FAILURE, 5000);
  expect_failure ("silent.example", PR_CODE_DNS_FAILURE, 300);
}

static guint
count_family (GPtrArray *addresses, sa_family_t family)
{
  guint n = 0;

  for (guint i = 0; i < addresses->len; i++)
    if (((PrAddress *) g_ptr_array_index (addresses, i))->sockaddr.ss_family == family)
      n++;
  return n;
}

static gint64
try_families (const char *host)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = NULL;
  gint64 begin = g_get_monotonic_time ();
  gboolean both = g_str_equal (host, "both.example");

  addresses = look_up (host, 20000, &error);
  begin = g_get_monotonic_time () - begin;
  g_assert_no_error (error);
  g_assert_cmpuint (count_family (addresses, AF_INET), ==, 1);
  g_assert_cmpuint (count_family (addresses, AF_INET6), ==, both ? 1 : 0);
  return begin;
}

/* A name server that fails for one family only does not fail the look-up, and costs little: in one
 * of some tries, because the computer may have other things to do. */
static void
test_families (gconstpointer data)
{
  const char *host = data;
  gint64 shortest;

  if (!check_isolated ())
    return;
  shortest = try_families (host);
  for (guint i = 1; i < TRIES && shortest >= G_USEC_PER_SEC; i++)
    shortest = MIN (shortest, try_families (host));
  g_assert_cmpint (shortest, <, G_USEC_PER_SEC);
}

/* --- Whole conversations ---------------------------------------------------------------------- */

static guint16
listen_on (int family, const char *text, guint16 port, int backlog, int *fd)
{
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = g_htons (port) };
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = g_htons (port) };
  struct sockaddr *address = family == AF_INET ? (gpointer) &four : (gpointer) &six;
  socklen_t n = family == AF_INET ? sizeof four : sizeof six;

  inet_pton (family, text,
             family == AF_INET ? (gpointer) &four.sin_addr : (gpointer) &six.sin6_addr);
  *fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (*fd, address, n), ==, 0);
  g_assert_cmpint (listen (*fd, backlog), ==, 0);
  g_assert_cmpint (getsockname (*fd, address, &n), ==, 0);
  return g_ntohs (family == AF_INET ? four.sin_port : six.sin6_port);
}

/* Calls a port until its queue is full: from then on it answers nobody, as a firewall does that
 * drops what it does not like. */
static GArray *
make_deaf (int family, const char *text, guint16 port)
{
  GArray *fillers = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean full = FALSE;

  while (!full && fillers->len < 16)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (text, port);
      struct sockaddr_storage to;
      int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      struct pollfd out = { fd, POLLOUT, 0 };

      g_assert_true (g_socket_address_to_native (address, &to, sizeof to, NULL));
      if (connect (fd, (gpointer) &to, (socklen_t) g_socket_address_get_native_size (address)) < 0
          && errno == EINPROGRESS)
        full = poll (&out, 1, 100) == 0;
      g_array_append_val (fillers, fd);
    }
  g_assert_true (full);
  return fillers;
}

static void
hang_up (GArray *fillers)
{
  for (guint i = 0; i < fillers->len; i++)
    close (g_array_index (fillers, int, i));
  g_array_unref (fillers);
}

static PrReport *
converse (const char *host, guint16 port, guint timeout_s)
{
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_POP3, host, port);
  g_autoptr (PrMailContext) context = pr_mail_context_new ();

  plan->timeout_s = timeout_s;
  plan->total_timeout_s = 20;
  return pr_conversation_run (plan, context, NULL, NULL, NULL);
}

static void
expect_report (const PrReport *report, PrStep step, PrCode code)
{
  g_assert_cmpstr (pr_code_to_word (report->code), ==, pr_code_to_word (code));
  g_assert_cmpint (report->failed_step, ==, step);
  g_assert_cmpint (report->permanence, ==, pr_code_get_permanence (code));
  g_assert_cmpint (report->scope, ==, pr_code_get_scope (code));
}

static void
expect_address (const PrReport *report, guint i, const char *text, PrOutcome outcome)
{
  const PrReportAddress *address;

  g_assert_cmpuint (i, <, report->addresses->len);
  address = g_ptr_array_index (report->addresses, i);
  g_assert_cmpstr (address->text, ==, text);
  g_assert_cmpint (address->outcome, ==, outcome);
  g_assert_true ((address->error != NULL) == (outcome == PR_OUTCOME_FAILURE));
  g_assert_true ((address->elapsed_us > 0) == (outcome != PR_OUTCOME_SKIPPED));
  g_assert_cmpint (address->elapsed_us, <=, report->elapsed_us);
}

static void
test_no_address (void)
{
  g_autoptr (PrReport) unknown = NULL;
  g_autoptr (PrReport) empty = NULL;
  g_autoptr (PrReport) broken = NULL;

  if (!check_isolated ())
    return;
  unknown = converse ("unknown.example", 995, 5);
  empty = converse ("empty.example", 995, 5);
  broken = converse ("broken.example", 995, 5);
  expect_report (unknown, PR_STEP_RESOLVE, PR_CODE_DNS_NOT_FOUND);
  expect_report (empty, PR_STEP_RESOLVE, PR_CODE_DNS_NOT_FOUND);
  expect_report (broken, PR_STEP_RESOLVE, PR_CODE_DNS_FAILURE);
  g_assert_cmpuint (unknown->addresses->len, ==, 0);
}

/* No route at all, to either family. */
static void
test_unreachable (void)
{
  g_autoptr (PrReport) report = NULL;

  if (!check_isolated ())
    return;
  report = converse ("far.example", 995, 5);
  expect_report (report, PR_STEP_CONNECT, PR_CODE_NETWORK_UNREACHABLE);
  g_assert_cmpuint (report->addresses->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const PrReportAddress *address = g_ptr_array_index (report->addresses, i);

      g_assert_cmpint (address->outcome, ==, PR_OUTCOME_FAILURE);
      g_assert_nonnull (strstr (report->detail, address->text));
    }
}

static void
test_refused (void)
{
  g_autoptr (PrReport) report = NULL;

  if (!check_isolated ())
    return;
  report = converse ("both.example", 995, 5);
  expect_report (report, PR_STEP_CONNECT, PR_CODE_CONNECTION_REFUSED);
  expect_address (report, 0, "::1", PR_OUTCOME_FAILURE);
  expect_address (report, 1, "127.0.0.1", PR_OUTCOME_FAILURE);
  g_assert_cmpuint (report->suggested_port, ==, 0); /* it is the usual one */
}

/* Port 25 is blocked by most networks: what is named instead is where mail is submitted (S10). */
static void
test_port_25 (void)
{
  g_autoptr (PrTestPlan) plan = pr_test_plan_new (PR_PROTOCOL_SMTP, "both.example", 25);
  g_autoptr (PrMailContext) context = pr_mail_context_new ();
  g_autoptr (PrReport) report = NULL;

  if (!check_isolated ())
    return;
  plan->security = PR_SECURITY_NONE;
  plan->allow_unencrypted = TRUE;
  report = pr_conversation_run (plan, context, NULL, NULL, NULL);
  expect_report (report, PR_STEP_CONNECT, PR_CODE_CONNECTION_REFUSED);
  g_assert_cmpuint (report->suggested_port, ==, 587);
  g_assert_cmpint (report->suggested_security, ==, PR_SECURITY_STARTTLS);
  g_assert_cmpstr (report->remedy_id, ==, "port-25");
  g_assert_cmpuint (report->n_notices, ==, 1);
  g_assert_cmpint (report->notices[0].kind, ==, PR_NOTICE_PORT_25);
}

/* This computer has no descriptor left: not the server's fault, and not the network's. */
static void
test_no_descriptor (void)
{
  struct rlimit before, none;
  g_autoptr (PrReport) report = NULL;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  none = before;
  none.rlim_cur = 3;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  report = converse ("127.0.0.1", 995, 5);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  expect_report (report, PR_STEP_CONNECT, PR_CODE_INTERNAL_ERROR);
  g_assert_cmpint (report->permanence, ==, PR_PERMANENCE_TRANSIENT);
  expect_address (report, 0, "127.0.0.1", PR_OUTCOME_FAILURE);
}

/* Nothing answers, on either family; and the port that does is named. */
static void
test_silent_port (void)
{
  g_autoptr (PrReport) report = NULL;
  GArray *four_fillers, *six_fillers;
  int four, six;
  guint16 port;

  if (!check_isolated ())
    return;
  port = listen_on (AF_INET, "127.0.0.1", 0, 0, &four);
  listen_on (AF_INET6, "::1", port, 0, &six);
  four_fillers = make_deaf (AF_INET, "127.0.0.1", port);
  six_fillers = make_deaf (AF_INET6, "::1", port);
  report = converse ("both.example", port, 1);
  expect_report (report, PR_STEP_CONNECT, PR_CODE_CONNECTION_TIMEOUT);
  expect_address (report, 0, "::1", PR_OUTCOME_FAILURE);
  expect_address (report, 1, "127.0.0.1", PR_OUTCOME_FAILURE);
  g_assert_cmpuint (report->suggested_port, ==, 995);
  g_assert_nonnull (strstr (report->detail, "::1: no answer in time"));
  g_assert_nonnull (strstr (report->detail, "127.0.0.1: no answer in time"));
  g_assert_cmpstr (pr_report_find_step (report, PR_STEP_CONNECT)->detail, ==, report->detail);
  hang_up (four_fillers);
  hang_up (six_fillers);
  close (four);
  close (six);
}

/* One family is dropped somewhere on the way: the other one answers a quarter of a second later,
 * whichever it is. What comes then is another matter: nothing speaks TLS here. */
static void
test_one_family (gconstpointer data)
{
  gboolean six_works = GPOINTER_TO_INT (data);
  const char *names[] = { "::1", "127.0.0.1" };
  int families[] = { AF_INET6, AF_INET };
  guint good = six_works ? 0 : 1, deaf = 1 - good;
  g_autoptr (PrReport) report = NULL;
  const PrReportStep *step;
  GArray *fillers;
  int deaf_fd, good_fd;
  guint16 port;

  if (!check_isolated ())
    return;
  port = listen_on (families[deaf], names[deaf], 0, 0, &deaf_fd);
  listen_on (families[good], names[good], port, 4, &good_fd);
  fillers = make_deaf (families[deaf], names[deaf], port);
  report = converse ("both.example", port, 2);
  step = pr_report_find_step (report, PR_STEP_CONNECT);
  g_assert_cmpint (step->outcome, ==, PR_OUTCOME_SUCCESS);
  g_assert_cmpint (step->elapsed_us, <, 600 * 1000);
  expect_report (report, PR_STEP_TLS, PR_CODE_RESPONSE_TIMEOUT);
  expect_address (report, good, names[good], PR_OUTCOME_SUCCESS);
  expect_address (report, deaf, names[deaf], six_works ? PR_OUTCOME_SKIPPED : PR_OUTCOME_CANCELLED);
  hang_up (fillers);
  close (deaf_fd);
  close (good_fd);
}

#define N_CROWD 100

typedef struct
{
  PrResolver *resolver;
  int n_started;
} Crowd;

static gpointer
look_up_in_crowd (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GPtrArray) addresses = NULL;
  PrWait wait;

  g_atomic_int_inc (&crowd->n_started);
  while (g_atomic_int_get (&crowd->n_started) < N_CROWD)
    g_usleep (100);
  pr_wait_init (&wait, NULL, 60);
  pr_wait_start (&wait, 20000);
  addresses = pr_resolver_lookup (crowd->resolver, "crowded.example", &wait, NULL);
  pr_wait_clear (&wait);
  return GUINT_TO_POINTER (addresses != NULL ? addresses->len : 0);
}

/* As many conversations as there are in a job, at the same moment and afterwards: one look-up, of
 * which each family is asked for once. */
static void
test_one_lookup (void)
{
  Crowd crowd = { .resolver = pr_resolver_new () };
  GThread *threads[N_CROWD];
  int n_asked;

  if (check_isolated ())
    {
      for (guint i = 0; i < N_CROWD; i++)
        threads[i] = g_thread_new ("crowd", look_up_in_crowd, &crowd);
      for (guint i = 0; i < N_CROWD; i++)
        g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 2);
      g_assert_cmpuint (GPOINTER_TO_UINT (look_up_in_crowd (&crowd)), ==, 2);
      n_asked = g_atomic_int_get (&name_server.n_crowded);
      g_assert_cmpint (n_asked, ==, 2);
    }
  pr_resolver_unref (crowd.resolver);
}

int
main (int argc, char **argv)
{
  int status;

  isolated = isolate (); /* before there is a second thread */
  g_test_init (&argc, &argv, NULL);
  if (isolated)
    name_server_start (&name_server);
  g_test_add_func ("/resolver/not-found", test_not_found);
  g_test_add_func ("/resolver/failure", test_failure);
  g_test_add_data_func ("/resolver/families/both", "both.example", test_families);
  g_test_add_data_func ("/resolver/families/one", "only-a.example", test_families);
  g_test_add_data_func ("/resolver/families/one-broken", "half-broken.example", test_families);
  g_test_add_data_func ("/resolver/families/one-silent", "only-a-answers.example", test_families);
  g_test_add_func ("/resolver/no-address", test_no_address);
  g_test_add_func ("/resolver/one-lookup", test_one_lookup);
  g_test_add_func ("/resolver/unreachable", test_unreachable);
  g_test_add_func ("/resolver/refused", test_refused);
  g_test_add_func ("/resolver/port-25", test_port_25);
  g_test_add_func ("/resolver/no-descriptor", test_no_descriptor);
  g_test_add_func ("/resolver/silent-port", test_silent_port);
  g_test_add_data_func ("/resolver/one-family/ipv6", GINT_TO_POINTER (TRUE), test_one_family);
  g_test_add_data_func ("/resolver/one-family/ipv4", GINT_TO_POINTER (FALSE), test_one_family);
  status = g_test_run ();
  if (isolated)
    name_server_stop (&name_server);
  return status;
}
