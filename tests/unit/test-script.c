/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The scripted server judged by itself: what its files may say, which mistake it names where, and
 * that it notices every byte that a client sends otherwise than the script says. */

#include "pr-script-server.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- Text ------------------------------------------------------------------------------------- */

static void
test_text (void)
{
  static const PrScriptWords words = { "tim", "pass|word", "mail.example", "tim@mail.example" };
  static const struct
  {
    const char *text;
    const char *bytes;
    gsize n;
  } rows[] = {
    { "", "", 0 },
    { "a|b", "a\r\nb", 4 },
    { "a\\|b", "a|b", 3 },
    { "\\r\\n\\t\\\\\\{\\}", "\r\n\t\\{}", 6 },
    { "\\x00\\xfF", "\0\xff", 2 },
    { "{user} {password}", "tim pass|word", 13 },
    { "{host} {address}", "mail.example tim@mail.example", 29 },
    { "{plain}", "AHRpbQBwYXNzfHdvcmQ=", 20 },
    { "{b64 {user}}", "dGlt", 4 },
    { "{b64 a b}", "YSBi", 4 },
    { "{b64 }", "", 0 },
    { "{b64 {b64 {user}}}", "ZEdsdA==", 8 },
    { "{hex {user}}", "74696d", 6 },
    { "{url {password}}", "pass%7Cword", 11 },
    { "{b64 \\x00}", "AA==", 4 },
  };
  static const char *const bad[] = { "\\q",
                                     "\\",
                                     "\\x1",
                                     "\\xgg",
                                     "{",
                                     "{user",
                                     "}",
                                     "{}",
                                     "{nobody}",
                                     "{b64 x",
                                     "{user x}",
                                     "{b64}",
                                     "{b64 {b64 {b64 {b64 {b64 {b64 {b64 {b64 {b64 x}}}}}}}}}",
                                     "{b64 a|b}" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) bytes = pr_script_text_expand (rows[i].text, &words, TRUE, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (bytes->str, bytes->len, rows[i].bytes, rows[i].n);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (pr_script_text_expand (bad[i], &words, TRUE, &error));
      g_assert_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX);
    }
  g_assert_null (pr_script_text_expand ("a|b", &words, FALSE, NULL));
}

/* --- Files ------------------------------------------------------------------------------------ */

#define HEAD "protocol: pop3\nsecurity: none\nallow-unencrypted: yes\ncites: P01\nexpect: ok\n"

static void
test_script (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrScript) script =
      pr_script_new_from_text ("# a comment\n"
                               "protocol: smtp\n"
                               "security: starttls\n"
                               "\n"
                               "auth: scram-sha-256\n"
                               "password: two words\\x20\n"
                               "user:\n"
                               "timeout: 1\n"
                               "probe: tls\n"
                               "trust: none\n"
                               "cites: S01\n"
                               "expect: certificate-expired at certificate\n"
                               "permanence: permanent\n"
                               "---\n"
                               "S: 220 a|b\n"
                               "# another\n"
                               "S- 220 c\n"
                               "C: EHLO {password}\n"
                               "C~ MAIL *\n"
                               "drip 5 x|y\n"
                               "flood 3 z\n"
                               "pour 2 z\n"
                               "tls good max=1.2 tickets=no\n"
                               "sasl PLAIN initial\n"
                               "M\n"
                               "hang\n",
                               "x.txt", &error);
  PrScriptLine *line;

  g_assert_no_error (error);
  g_assert_cmpint (script->protocol, ==, PR_PROTOCOL_SMTP);
  g_assert_cmpint (script->security, ==, PR_SECURITY_STARTTLS);
  g_assert_cmpint (script->auth, ==, PR_MECHANISM_SCRAM_SHA_256);
  g_assert_cmpstr (script->password, ==, "two words ");
  g_assert_null (script->user);
  g_assert_cmpstr (script->host, ==, "localhost");
  g_assert_cmpint (script->timeout_s, ==, 1);
  g_assert_cmpint (script->probe, ==, PR_SCRIPT_PROBE_TLS);
  g_assert_false (script->trust_ca);
  g_assert_cmpint (script->expect_code, ==, PR_CODE_CERTIFICATE_EXPIRED);
  g_assert_cmpint (script->expect_step, ==, PR_STEP_CERTIFICATE);
  g_assert_cmpstr (pr_script_get_check (script, "permanence"), ==, "permanent");
  g_assert_null (pr_script_get_check (script, "scope"));
  g_assert_cmpuint (script->lines->len, ==, 11);
  line = g_ptr_array_index (script->lines, 0);
  g_assert_cmpuint (line->number, ==, 15);
  g_assert_cmpstr (line->bytes->str, ==, "220 a\r\nb\r\n");
  line = g_ptr_array_index (script->lines, 1);
  g_assert_cmpstr (line->bytes->str, ==, "220 c");
  line = g_ptr_array_index (script->lines, 2);
  g_assert_cmpstr (line->bytes->str, ==, "EHLO two words \r\n");
  line = g_ptr_array_index (script->lines, 4);
  g_assert_cmpuint (line->amount, ==, 5);
  g_assert_cmpstr (line->bytes->str, ==, "x\r\ny\r\n");
  line = g_ptr_array_index (script->lines, 6);
  g_assert_cmpstr (line->bytes->str, ==, "z");
  line = g_ptr_array_index (script->lines, 7);
  g_assert_cmpstr (line->words[0], ==, "good");
  g_assert_cmpstr (pr_script_line_get_option (line, "max"), ==, "1.2");
  g_assert_null (pr_script_line_get_option (line, "min"));
  g_assert_null (pr_script_line_get_option (line, "ma"));
  line = g_ptr_array_index (script->lines, 8);
  g_assert_cmpstr (pr_script_line_get_option (line, "initial"), ==, "");
}

static void
test_mistakes (void)
{
  static const struct
  {
    const char *text;
    const char *message; /* how it begins */
  } rows[] = {
    { "", "x.txt:1: no line “---”" },
    { "protocol: pop3\n", "x.txt:2: no line “---”" },
    { "protocol: pop3\n---\n", "x.txt:2: the header “security” is missing" },
    { "protocol: imap\n", "x.txt:1: protocol: “imap”. Accepted: pop3, smtp" },
    { "\nport: 5\n", "x.txt:2: unknown header “port”" },
    { "protocol\n", "x.txt:1: not “key: value”" },
    { "protocol: pop3\nprotocol: pop3\n", "x.txt:2: “protocol” stands here twice" },
    { "timeout: 0\n", "x.txt:1: timeout: “0”. Accepted: 1 to 100" },
    { "trust: all\n", "x.txt:1: trust: “all”. Accepted: none, ca" },
    { "expect: fine\n", "x.txt:1: expect: “fine”" },
    { "expect: ok at tls\n", "x.txt:1: expect" },
    { "expect: tls-version\n", "x.txt:1: expect" },
    { "expect: tls-version at home\n",
      "x.txt:1: expect: “tls-version at home”. Accepted: precheck" },
    { "password: {x}\n", "x.txt:1: unknown macro" },
    { HEAD "---\nsay hello\n", "x.txt:7: unknown instruction: “say hello”" },
    { HEAD "---\nC: a|b\n", "x.txt:7: “|” separates lines" },
    { HEAD "---\n\nS: {nobody}\n", "x.txt:8: unknown macro" },
    { HEAD "---\nsleep\n", "x.txt:7: “sleep” wants a number" },
    { HEAD "---\nsleep 1x\n", "x.txt:7: “sleep” wants a number" },
    { HEAD "---\ndrip fast x\n", "x.txt:7: “drip” wants a number" },
    { HEAD "---\nflood 1000000 01234567890123456789\n", "x.txt:7: more than" },
    { HEAD "---\nhang up\n", "x.txt:7: nothing is expected behind it: “up”" },
    { HEAD "---\ntls\n", "x.txt:7: a kind of certificate is missing" },
    { HEAD "---\ntls bad\n", "x.txt:7: unknown kind of certificate: “bad”" },
    { HEAD "---\ntls good fast\n", "x.txt:7: unknown option: “fast”" },
    { HEAD "---\ntls good max=2.0 min=1.4\n", "x.txt:7: no version of TLS" },
    { HEAD "---\nsasl\n", "x.txt:7: a mechanism is missing" },
    { HEAD "---\nsasl GSSAPI\n", "x.txt:7: unknown mechanism" },
    { HEAD "---\nsasl SCRAM-SHA-1 iterations=many\n", "x.txt:7: not a number" },
    { "\xff", "x.txt: no UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      if (pr_script_new_from_text (rows[i].text, "x.txt", &error) != NULL)
        g_error ("no complaint, expected “%s”", rows[i].message);
      g_assert_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX);
      if (!g_str_has_prefix (error->message, rows[i].message))
        g_error ("“%s”, expected “%s”", error->message, rows[i].message);
    }
}

static void
test_unreadable (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pr_script_new_from_file ("/nowhere/at/all.txt", &error));
  g_assert_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_READ);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all.txt"));
}

/* --- The server's judgement ------------------------------------------------------------------- */

static int
connect_client (PrScriptServer *server)
{
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = g_htons (pr_script_server_get_port (server)),
                            .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (connect (fd, (struct sockaddr *) &to, sizeof to), ==, 0);
  return fd;
}

/* Sends @bytes whatever the server says, then reads to the end. */
static char *
say (int fd, const char *bytes)
{
  struct timeval limit = { 10, 0 };
  GString *heard = g_string_new (NULL);
  char buffer[1000];
  gssize got;

  (void) setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  g_assert_cmpint (send (fd, bytes, strlen (bytes), MSG_NOSIGNAL), ==, (gssize) strlen (bytes));
  shutdown (fd, SHUT_WR);
  while ((got = recv (fd, buffer, sizeof buffer, 0)) > 0)
    g_string_append_len (heard, buffer, got);
  close (fd);
  return g_string_free (heard, FALSE);
}

typedef struct
{
  const char *body;
  const char *client;
  const char *heard;     /* NULL: whatever */
  const char *complaint; /* a part of it; NULL: there is none */
} PrJudgement;

static const PrJudgement judgements[] = {
  { "S: hello\n", "", "hello\r\n", NULL },
  { "S- hello\n", "", "hello", NULL },
  { "S: hello\n", "x", NULL, "behind the last line: expected “”, got “x”" },
  { "C: QUIT\nS: bye\n", "QUIT\r\n", "bye\r\n", NULL },
  { "C: QUIT\nS: bye\n", "QUIT\n", NULL,
    "x.txt:7: C: QUIT: expected “QUIT\\x0d\\x0a”, got “QUIT\\x0a”" },
  { "C: QUIT\nS: bye\n", "quit\r\n", NULL, "got “quit\\x0d\\x0a”" },
  { "C: QUIT\nS: bye\n", "QUIT \r\n", NULL, "got “QUIT \\x0d\\x0a”" },
  { "C: QUIT\nS: bye\n", "QUI", NULL,
    "the client closed the connection: expected “QUIT\\x0d\\x0a”, got “QUI”" },
  { "C: QUIT\nS: bye\n", "", NULL, "the client closed the connection" },
  { "C: A\nS: 1\nC: B\n", "A\r\nB\r\n", NULL, "x.txt:8: S: 1: expected “”, got “B\\x0d\\x0a”" },
  { "C: A\nC: B\n", "A\r\nB\r\n", "", NULL },
  { "C: A\nC: B\n", "A\r\nB\r\n\r\n", NULL, "behind the last line" },
  { "C~ A *\n", "A b\r\n", "", NULL },
  { "C~ A *\n", "B b\r\n", NULL, "expected “A *”, got “B b”" },
  { "C~ A *\n", "A b\n", NULL, "LF without CR" },
  { "C~ A *\n", "A b", NULL, "a line is expected, but the client closed the connection" },
  { "hang\n", "", "", NULL },
  { "hang\n", "x", NULL, "x.txt:7: hang: expected “”, got “x”" },
  { "S: a\nclose\n", "", "a\r\n", NULL },
  { "close\nC: QUIT\n", "QUIT\r\n", "", NULL },
  { "close\n", "QUIT\r\n", NULL, "behind the last line" },
  { "flood 3 x\n", "", "x\r\nx\r\nx\r\n", NULL },
  { "pour 3 x\n", "", "xxx", NULL },
  { "drip 1 ab\n", "", "ab\r\n", NULL },
  { "sleep 10\nS: x\n", "", "x\r\n", NULL },
  { "hello\n", "EHLO x\r\n", NULL, "expected “a ClientHello”" },
  { "hello\n", "\x16\x03\x01\x01\x02\x01 and much less than it should be", NULL, "a ClientHello" },
  { "tls good\n", "EHLO x\r\n", NULL, "the handshake failed" },
  { "tls good fails\n", "EHLO x\r\n", NULL, NULL },
  { "sasl PLAIN\nS: +OK\n", "AUTH PLAIN {plain}\r\n", "+OK\r\n", NULL },
  { "sasl PLAIN initial\n", "AUTH PLAIN\r\n", NULL, "initial response" },
  { "sasl PLAIN no-initial\n", "AUTH PLAIN {plain}\r\n", NULL, "initial response" },
  { "sasl PLAIN\n", "AUTH LOGIN\r\n", NULL, "“AUTH PLAIN” is expected" },
  { "sasl PLAIN\n", "AUTH PLAIN !!!\r\n", NULL, "not base64" },
  { "sasl PLAIN\n", "AUTH PLAIN AHRpbQB4\r\n", NULL, "the client's log-in is wrong" },
  { "sasl PLAIN wrong-password\nS: -ERR\n", "AUTH PLAIN {plain}\r\n", "-ERR\r\n", NULL },
  { "sasl LOGIN\n", "AUTH LOGIN\r\n*\r\n", NULL, "did not wait for the challenge" },
  { "M\n", "no message\r\n.\r\n", NULL, "the message: no empty line" },
  { "M\n", "no end", NULL, "expected “the lone dot”" },
};

static void
test_judgements (void)
{
  static const PrScriptWords words = { PR_SCRIPT_USER, PR_SCRIPT_PASSWORD, NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (judgements); i++)
    {
      const PrJudgement *row = &judgements[i];
      g_autofree char *text = g_strconcat (HEAD "---\n", row->body, NULL);
      g_autoptr (GString) client = pr_script_text_expand (row->client, &words, FALSE, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (PrScript) script = pr_script_new_from_text (text, "x.txt", &error);
      g_autoptr (PrScriptServer) server = NULL;
      g_autofree char *heard = NULL;

      g_assert_no_error (error);
      server = pr_script_server_new (script, &error);
      g_assert_no_error (error);
      g_assert_true (pr_script_server_start (server, &error));
      heard = say (connect_client (server), client->str);
      if (row->heard != NULL)
        g_assert_cmpstr (heard, ==, row->heard);
      pr_script_server_finish (server, &error);
      if (row->complaint == NULL)
        g_assert_no_error (error);
      else if (error == NULL || strstr (error->message, row->complaint) == NULL)
        g_error ("“%s” to “%s”: “%s”, expected “…%s…”", row->client, row->body,
                 error != NULL ? error->message : "", row->complaint);
    }
}

static void
test_nobody (void)
{
  g_autoptr (PrScript) script = pr_script_new_from_text (HEAD "---\nS: x\n", "x.txt", NULL);
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pr_script_server_start (server, NULL));
  g_assert_false (pr_script_server_finish (server, &error));
  g_assert_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION);
  g_assert_nonnull (strstr (error->message, "nobody connected"));
}

/* A script without a line: nobody may come. */
static void
test_somebody (void)
{
  g_autoptr (PrScript) script = pr_script_new_from_text (HEAD "---\n", "x.txt", NULL);
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *heard = NULL;

  g_assert_true (pr_script_server_start (server, NULL));
  heard = say (connect_client (server), "");
  g_assert_false (pr_script_server_finish (server, &error));
  g_assert_nonnull (strstr (error->message, "a connection"));
}

static void
test_connections (void)
{
  g_autoptr (PrScript) script =
      pr_script_new_from_text (HEAD "connections: 1\nprobe: plain\n---\nS: x\n", "x.txt", NULL);
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true (pr_script_server_start (server, NULL));
  first = say (connect_client (server), "");
  second = say (connect_client (server), "");
  g_assert_cmpstr (first, ==, "x\r\n");
  g_assert_cmpstr (second, ==, "220 practice ESMTP\r\n");
  g_assert_false (pr_script_server_finish (server, &error));
  g_assert_nonnull (strstr (error->message, "2 connections instead of 1"));
}

static void
test_refused_probe (void)
{
  g_autoptr (PrScript) script =
      pr_script_new_from_text (HEAD "probe: refuse\n---\nS: x\n", "x.txt", NULL);
  g_autoptr (PrScriptServer) server = pr_script_server_new (script, NULL);
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = g_htons (pr_script_server_get_port (server)),
                            .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
  g_autofree char *first = NULL;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_true (pr_script_server_start (server, NULL));
  first = say (connect_client (server), "");
  g_assert_cmpint (connect (fd, (struct sockaddr *) &to, sizeof to), ==, -1);
  g_assert_cmpint (errno, ==, ECONNREFUSED);
  g_assert_true (pr_script_server_finish (server, NULL));
  close (fd);
}

/* Held and stopped in the middle, with a client that stays. */
static void
test_stop (void)
{
  g_autoptr (PrScript) script =
      pr_script_new_from_text (HEAD "---\nS: x\nC: y\nS: z\n", "x.txt", NULL);
  PrScriptServer *held = pr_script_server_new (script, NULL);
  PrScriptServer *waiting = pr_script_server_new (script, NULL);
  gint64 begin = g_get_monotonic_time ();
  int one, other;

  pr_script_server_hold_before (held, 1);
  g_assert_true (pr_script_server_start (held, NULL));
  g_assert_true (pr_script_server_start (waiting, NULL));
  one = connect_client (held);
  other = connect_client (waiting);
  g_assert_true (pr_script_server_wait_held (held, begin + 10 * G_USEC_PER_SEC));
  g_assert_false (pr_script_server_wait_held (waiting, g_get_monotonic_time () + 1000));
  pr_script_server_free (held);
  pr_script_server_free (waiting);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 8 * G_USEC_PER_SEC);
  close (one);
  close (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script/text", test_text);
  g_test_add_func ("/script/script", test_script);
  g_test_add_func ("/script/mistakes", test_mistakes);
  g_test_add_func ("/script/unreadable", test_unreadable);
  g_test_add_func ("/script/judgements", test_judgements);
  g_test_add_func ("/script/nobody", test_nobody);
  g_test_add_func ("/script/somebody", test_somebody);
  g_test_add_func ("/script/connections", test_connections);
  g_test_add_func ("/script/refused-probe", test_refused_probe);
  g_test_add_func ("/script/stop", test_stop);
  return g_test_run ();
}
