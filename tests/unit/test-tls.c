/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TLS below a conversation, over a pair of sockets: what is sent before the server is verified
 * (nothing), the name that is asked for, what is read and written, which problem is named first,
 * what counts as a certificate authority. Rules T06, T07, T11, T12, T17, threat X06. The kinds of
 * certificates are in tests/data/scripts/certificates/. */

#include "pr-tls.h"

#include "pr-test-authority.h"

#include <errno.h>
#include <glib-unix.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The server's side, in a thread of its own. */
typedef struct
{
  int fd;
  const char *kind;
  char *server_name; /* what the client asked for; NULL: nothing */
  char *heard;       /* all that came; NULL: the handshake failed */
  gboolean cut;      /* ends without close_notify */
} PrPeer;

static gpointer
peer_thread (gpointer data)
{
  PrPeer *self = data;
  PrTestAuthority *authority = pr_test_authority_get_default ();
  g_autofree char *priority = pr_test_authority_get_priority (NULL, NULL, NULL);
  g_autoptr (GString) heard = g_string_new (NULL);
  gnutls_session_t session;
  char buffer[4096];
  size_t n = sizeof buffer;
  unsigned type;
  gssize got;

  gnutls_init (&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
  gnutls_priority_set_direct (session, priority, NULL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE,
                          pr_test_authority_get_credentials (authority, self->kind, NULL));
  gnutls_transport_set_int (session, self->fd);
  gnutls_handshake_set_timeout (session, 10000);
  if (gnutls_handshake (session) >= 0)
    {
      if (gnutls_server_name_get (session, buffer, &n, &type, 0) >= 0)
        self->server_name = g_strdup (buffer);
      gnutls_record_send (session, "+OK ready\r\n", 11);
      gnutls_record_set_timeout (session, 10000);
      while ((got = gnutls_record_recv (session, buffer, sizeof buffer)) > 0
             && memchr (buffer, '\n', (gsize) got) == NULL)
        g_string_append_len (heard, buffer, got);
      if (got > 0)
        g_string_append_len (heard, buffer, got);
      self->heard = g_strdup (heard->str);
      if (!self->cut)
        gnutls_bye (session, GNUTLS_SHUT_WR);
    }
  gnutls_deinit (session);
  close (self->fd);
  return NULL;
}

typedef struct
{
  PrPeer peer;
  GThread *thread;
  int fd;
  PrWait wait;
  PrTlsContext *context;
  PrTls *tls;
} PrFixture;

static void
fixture_init (PrFixture *self, const char *kind, const char *host)
{
  const char *pem = pr_test_authority_get_ca_pem (pr_test_authority_get_default ());
  g_autoptr (GError) error = NULL;
  int fds[2];

  memset (self, 0, sizeof *self);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->peer.fd = fds[1];
  self->peer.kind = kind;
  g_assert_true (g_unix_set_fd_nonblocking (self->fd, TRUE, NULL));
  self->thread = g_thread_new ("peer", peer_thread, &self->peer);
  pr_wait_init (&self->wait, NULL, 10);
  self->context = pr_tls_context_new ();
  self->tls = pr_tls_new (self->context, pem, host, PR_TLS_VERSION_1_2, PR_PROTOCOL_POP3, &error);
  g_assert_no_error (error);
  pr_tls_handshake (self->tls, self->fd, FALSE, &self->wait, &error);
  g_assert_no_error (error);
}

static void
fixture_clear (PrFixture *self)
{
  pr_tls_bye (self->tls);
  pr_tls_free (self->tls);
  close (self->fd);
  g_thread_join (self->thread);
  pr_tls_context_unref (self->context);
  pr_wait_clear (&self->wait);
  g_free (self->peer.server_name);
  g_free (self->peer.heard);
}

static void
test_talk (void)
{
  PrFixture fixture;
  PrCertificate *certificate;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL, *cipher = NULL;
  char buffer[100];
  gssize got;

  fixture_init (&fixture, "good", "localhost");
  version = pr_tls_get_version (fixture.tls);
  cipher = pr_tls_get_cipher (fixture.tls);
  g_assert_cmpstr (version, ==, "TLS 1.3");
  g_assert_nonnull (strstr (cipher, "ECDSA"));
  certificate = pr_tls_verify (fixture.tls, NULL);
  g_assert_cmpuint (certificate->n_problems, ==, 0);
  g_assert_cmpstr (certificate->subject, ==, "CN=localhost");
  g_assert_cmpstr (certificate->issuer, ==, "CN=Practice Root");
  g_assert_cmpstr (certificate->names[0], ==, "localhost");
  g_assert_cmpstr (certificate->names[1], ==, "127.0.0.1");
  g_assert_cmpuint (strlen (certificate->sha256), ==, 64);
  g_assert_nonnull (strstr (certificate->key, "256 bits"));
  g_assert_cmpint (certificate->not_before, <, g_get_real_time ());
  g_assert_cmpint (certificate->not_after, >, g_get_real_time ());
  g_assert_cmpuint (certificate->chain_length, ==, 1);
  pr_certificate_free (certificate);

  /* In two reads: what is decrypted and waits must be known. */
  got = pr_tls_read (fixture.tls, buffer, 3, &fixture.wait, &error);
  g_assert_cmpint (got, ==, 3);
  g_assert_true (pr_tls_has_pending (fixture.tls));
  got = pr_tls_read (fixture.tls, buffer, sizeof buffer, &fixture.wait, &error);
  g_assert_cmpint (got, ==, 8);
  g_assert_false (pr_tls_has_pending (fixture.tls));
  g_assert_true (pr_tls_write (fixture.tls, "QUIT\r\n", 6, &fixture.wait, &error));
  g_assert_cmpint (pr_tls_read (fixture.tls, buffer, sizeof buffer, &fixture.wait, &error), ==, 0);
  g_assert_no_error (error);
  g_thread_join (g_thread_ref (fixture.thread));
  g_assert_cmpstr (fixture.peer.heard, ==, "QUIT\r\n");
  fixture_clear (&fixture);
}

/* Threat X05: whatever the caller does, nothing goes out to somebody who was not verified. */
static void
test_write_before_verify (gconstpointer data)
{
  const char *kind = data;
  PrFixture fixture;
  gboolean good = g_str_equal (kind, "good");

  fixture_init (&fixture, kind, "localhost");
  if (!good)
    {
      PrCertificate *certificate = pr_tls_verify (fixture.tls, NULL);

      g_assert_cmpuint (certificate->n_problems, >, 0);
      pr_certificate_free (certificate);
    }
  g_test_expect_message ("postroom", G_LOG_LEVEL_CRITICAL, "*verified*");
  g_assert_false (pr_tls_write (fixture.tls, "PASS secret\r\n", 13, &fixture.wait, NULL));
  g_test_assert_expected_messages ();
  pr_tls_bye (fixture.tls);
  shutdown (fixture.fd, SHUT_WR);
  g_thread_join (g_thread_ref (fixture.thread));
  g_assert_cmpstr (fixture.peer.heard, ==, "");
  fixture_clear (&fixture);
}

static void
test_server_name (void)
{
  static const char *const rows[][2] = {
    { "localhost", "localhost" },
    { "xn--bcher-kva.example", "xn--bcher-kva.example" },
    { "127.0.0.1", NULL },
    { "::1", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PrFixture fixture;
      PrCertificate *certificate;

      fixture_init (&fixture, "good", rows[i][0]);
      certificate = pr_tls_verify (fixture.tls, NULL);
      g_assert_cmpuint (certificate->n_problems, ==, 0);
      pr_certificate_free (certificate);
      pr_tls_bye (fixture.tls);
      g_thread_join (g_thread_ref (fixture.thread));
      g_assert_cmpstr (fixture.peer.server_name, ==, rows[i][1]);
      fixture_clear (&fixture);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PrTlsContext) context = pr_tls_context_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PrTls) tls =
      pr_tls_new (context, NULL, "localhost", PR_TLS_VERSION_1_2, PR_PROTOCOL_SMTP, &error);
  PrWait wait;
  int fds[2];

  g_assert_no_error (error);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  pr_wait_init (&wait, cancellable, 10);
  g_cancellable_cancel (cancellable);
  g_assert_false (pr_tls_handshake (tls, fds[0], FALSE, &wait, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_CANCELLED);
  pr_wait_clear (&wait);
  close (fds[0]);
  close (fds[1]);
}

/* --- Problems --------------------------------------------------------------------------------- */

static void
test_problem_order (void)
{
  static const struct
  {
    PrCode problems[3];
    guint n;
    PrCode first;
  } rows[] = {
    { { PR_CODE_CERTIFICATE_WRONG_HOST }, 1, PR_CODE_CERTIFICATE_WRONG_HOST },
    { { PR_CODE_CERTIFICATE_WRONG_HOST, PR_CODE_CERTIFICATE_EXPIRED },
      2,
      PR_CODE_CERTIFICATE_EXPIRED },
    { { PR_CODE_CERTIFICATE_EXPIRED, PR_CODE_CERTIFICATE_WRONG_HOST,
        PR_CODE_CERTIFICATE_SELF_SIGNED },
      3,
      PR_CODE_CERTIFICATE_SELF_SIGNED },
    { { PR_CODE_CERTIFICATE_WEAK, PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN },
      2,
      PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN },
    { { PR_CODE_CERTIFICATE_SELF_SIGNED, PR_CODE_CERTIFICATE_REVOKED },
      2,
      PR_CODE_CERTIFICATE_REVOKED },
    { { PR_CODE_CERTIFICATE_NOT_YET_VALID, PR_CODE_CERTIFICATE_EXPIRED },
      2,
      PR_CODE_CERTIFICATE_NOT_YET_VALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PrCertificate) certificate = pr_certificate_new ();
      g_autoptr (PrCertificate) copy = NULL;

      for (guint k = 0; k < rows[i].n; k++)
        {
          pr_certificate_add_problem (certificate, rows[i].problems[k]);
          pr_certificate_add_problem (certificate, rows[i].problems[k]);
        }
      g_assert_cmpuint (certificate->n_problems, ==, rows[i].n);
      g_assert_cmpint (pr_certificate_get_code (certificate), ==, rows[i].first);
      copy = pr_certificate_copy (certificate);
      g_assert_cmpint (pr_certificate_get_code (copy), ==, rows[i].first);
    }
}

/* --- Authorities ------------------------------------------------------------------------------ */

static void
test_authorities (void)
{
  const char *pem = pr_test_authority_get_ca_pem (pr_test_authority_get_default ());
  g_autofree char *two = g_strconcat ("some words\n", pem, "\n", pem, NULL);
  g_autofree char *with_key =
      g_strconcat (pem, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", NULL);
  const char *bad[] = { "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n", with_key };
  char *reason = NULL;

  g_assert_true (pr_tls_check_ca (pem, &reason));
  g_assert_true (pr_tls_check_ca (two, &reason));
  g_assert_null (reason);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (pr_tls_check_ca (bad[i], &reason));
      g_assert_nonnull (reason);
      g_clear_pointer (&reason, g_free);
    }
}

static void
test_bad_authority (void)
{
  g_autoptr (PrTlsContext) context = pr_tls_context_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (
      pr_tls_new (context, "nonsense", "localhost", PR_TLS_VERSION_1_2, PR_PROTOCOL_POP3, &error));
  g_assert_error (error, PR_DIAGNOSIS, PR_CODE_PROFILE_INVALID);
}

/* Rule T11: without a name to check there is no connection at all (CVE-2020-13645). */
static void
test_no_identity (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (PrTlsContext) context = pr_tls_context_new ();
      g_autoptr (GError) error = NULL;

      (void) pr_tls_new (context, NULL, "", PR_TLS_VERSION_1_2, PR_PROTOCOL_POP3, &error);
      return;
    }
  g_test_trap_subprocess (NULL, 10 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*host != NULL*");
}

/* Rule A07: what is bound to is another thing on every connection. */
static void
test_binding (void)
{
  PrTlsBinding bindings[2];

  for (guint i = 0; i < 2; i++)
    {
      PrFixture fixture;

      fixture_init (&fixture, "good", "localhost");
      pr_tls_get_binding (fixture.tls, &bindings[i]);
      g_assert_cmpstr (bindings[i].type, ==, "tls-exporter");
      g_assert_cmpuint (bindings[i].length, ==, 32);
      fixture_clear (&fixture);
    }
  g_assert_cmpint (memcmp (bindings[0].data, bindings[1].data, 32), !=, 0);
}

/* Rules T05 and T12: exactly that certificate, or none. */
static void
test_pin (void)
{
  static const struct
  {
    const char *kind;
    const char *pinned;
    gboolean good;
    PrCode problem;
  } rows[] = {
    { "self-signed", "self-signed", TRUE, PR_CODE_CERTIFICATE_SELF_SIGNED },
    { "expired", "expired", TRUE, PR_CODE_CERTIFICATE_EXPIRED },
    { "good", "good", TRUE, PR_CODE_OK },
    { "good", "another", FALSE, PR_CODE_CERTIFICATE_PIN_CHANGED },
    { "self-signed", "another-self-signed", FALSE, PR_CODE_CERTIFICATE_PIN_CHANGED },
    { "revoked", "revoked", FALSE, PR_CODE_CERTIFICATE_REVOKED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *pin =
          pr_test_authority_get_fingerprint (pr_test_authority_get_default (), rows[i].pinned);
      PrFixture fixture;
      PrCertificate *certificate;

      fixture_init (&fixture, rows[i].kind, "localhost");
      certificate = pr_tls_verify (fixture.tls, pin);
      g_assert_cmpstr (certificate->pin, ==, pin);
      g_assert_cmpint (certificate->pinned, ==, rows[i].good && rows[i].problem != PR_CODE_OK);
      g_assert_cmpint (certificate->n_problems > 0, ==, rows[i].problem != PR_CODE_OK);
      if (rows[i].problem != PR_CODE_OK)
        g_assert_cmpint (pr_certificate_get_code (certificate), ==, rows[i].problem);
      if (rows[i].good)
        g_assert_true (pr_tls_write (fixture.tls, "x\n", 2, &fixture.wait, NULL));
      pr_certificate_free (certificate);
      fixture_clear (&fixture);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls/talk", test_talk);
  g_test_add_data_func ("/tls/write-before-verify/good", "good", test_write_before_verify);
  g_test_add_data_func ("/tls/write-before-verify/expired", "expired", test_write_before_verify);
  g_test_add_func ("/tls/server-name", test_server_name);
  g_test_add_func ("/tls/cancelled", test_cancelled);
  g_test_add_func ("/tls/problem-order", test_problem_order);
  g_test_add_func ("/tls/authorities", test_authorities);
  g_test_add_func ("/tls/bad-authority", test_bad_authority);
  g_test_add_func ("/tls/no-identity", test_no_identity);
  g_test_add_func ("/tls/binding", test_binding);
  g_test_add_func ("/tls/pin", test_pin);
  return g_test_run ();
}
