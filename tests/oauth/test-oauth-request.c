/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The parser for the one request that a loopback redirect is: what it takes, and all that it
 * refuses. */

#include "pr-loopback-request.h"

#include <string.h>

#define GET(query, host) "GET /p?" query " HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define GOOD GET ("code=c&state=s", "127.0.0.1:80")

static PrLoopbackVerdict
read_request (const char *text, gsize n, PrLoopbackAnswer **answer)
{
  return pr_loopback_request_read (text, n, "127.0.0.1:80", "/p", answer);
}

static void
test_request_taken (void)
{
  const char *text = "GET /p?state=s&iss=https%3A%2F%2Fa.example&code=c%2Fd&scope=x+y HTTP/1.1\r\n"
                     "Host: 127.0.0.1:80\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n";
  g_autoptr (PrLoopbackAnswer) answer = NULL;
  g_autoptr (PrLoopbackAnswer) refusal = NULL;

  g_assert_cmpint (read_request (text, strlen (text), &answer), ==, PR_LOOPBACK_TAKEN);
  g_assert_cmpstr (pr_secret_peek (answer->code), ==, "c/d");
  g_assert_cmpstr (answer->state, ==, "s");
  g_assert_cmpstr (answer->issuer, ==, "https://a.example");
  g_assert_null (answer->error);
  text = "GET /p?error=access_denied&error_description=%ff&state=s HTTP/1.0\r\n"
         "hOsT:127.0.0.1:80 \r\n\r\n";
  g_assert_cmpint (read_request (text, strlen (text), &refusal), ==, PR_LOOPBACK_TAKEN);
  g_assert_cmpstr (refusal->error, ==, "access_denied");
  g_assert_null (refusal->code);
}

static void
test_request_refused (void)
{
  static const char *const refused[] = {
    /* Method, version, target. */
    "POST /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "HEAD /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "get /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /p?code=c&state=s\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /p?code=c&state=s HTTP/2.0\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1 \r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET  /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET http://127.0.0.1:80/p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /p HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /p/?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /px?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /%70?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    "GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
    /* Host: DNS rebinding comes under a name. */
    GET ("code=c&state=s", "localhost:80"),
    GET ("code=c&state=s", "evil.example:80"),
    GET ("code=c&state=s", "127.0.0.1"),
    GET ("code=c&state=s", "127.0.0.1:81"),
    GET ("code=c&state=s", ""),
    "GET /p?code=c&state=s HTTP/1.1\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nX: y\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nHost: 127.0.0.1:80\r\n\r\n",
    /* Headers that confuse. */
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nContent-Length: 0\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nno colon\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n: empty\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nA B: c\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost : 127.0.0.1:80\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\n folded: x\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX: a\rb\r\n\r\n",
    "GET /p?code=c&state=s HTTP/1.1\nHost: 127.0.0.1:80\r\n\r\n",
    "\r\n\r\n",
    /* Query. */
    GET ("code=c", "127.0.0.1:80"),
    GET ("state=s", "127.0.0.1:80"),
    GET ("", "127.0.0.1:80"),
    GET ("code=c&code=d&state=s", "127.0.0.1:80"),
    GET ("code=c&state=s&state=t", "127.0.0.1:80"),
    GET ("code=c&%73tate=s&state=t", "127.0.0.1:80"),
    GET ("code=c&error=access_denied&state=s", "127.0.0.1:80"),
    GET ("code=&state=s", "127.0.0.1:80"),
    GET ("code=c&state=", "127.0.0.1:80"),
    GET ("code=c&state=s&iss=a&iss=b", "127.0.0.1:80"),
    GET ("code=c%0d%0ax&state=s", "127.0.0.1:80"),
    GET ("code=c%00&state=s", "127.0.0.1:80"),
    GET ("code=c%&state=s", "127.0.0.1:80"),
    GET ("code=c&state=s&lonely", "127.0.0.1:80"),
    GET ("code=c&&state=s", "127.0.0.1:80"),
    GET ("a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=&l=&m=&n=&o=&code=c&state=s", "127.0.0.1:80"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      PrLoopbackAnswer *answer = NULL;

      g_test_message ("%u", i);
      g_assert_cmpint (read_request (refused[i], strlen (refused[i]), &answer), ==,
                       PR_LOOPBACK_REFUSED);
      g_assert_null (answer);
    }
}

/* Whatever is cut off: it waits for more, and reads no byte that is not there. */
static void
test_request_cut (void)
{
  gsize n = strlen (GOOD);
  PrLoopbackAnswer *answer = NULL;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *cut = g_malloc (i + 1);

      memcpy (cut, GOOD, i);
      g_assert_cmpint (read_request (cut, i, &answer), ==, PR_LOOPBACK_MORE);
    }
  g_assert_cmpint (read_request (GOOD, n, &answer), ==, PR_LOOPBACK_TAKEN);
  pr_loopback_answer_free (answer);
}

/* Every byte of a good request replaced by every other: taken or not, never a crash; and what is
 * taken has a code and a state. */
static void
test_request_mutated (void)
{
  gsize n = strlen (GOOD);
  g_autofree char *text = g_strdup (GOOD);

  for (gsize i = 0; i < n; i++)
    {
      for (guint c = 0; c < 256; c++)
        {
          PrLoopbackAnswer *answer = NULL;

          text[i] = (char) c;
          if (read_request (text, n, &answer) == PR_LOOPBACK_TAKEN)
            {
              g_assert_nonnull (answer->code);
              g_assert_nonnull (answer->state);
              pr_loopback_answer_free (answer);
            }
        }
      text[i] = GOOD[i];
    }
}

static void
test_request_too_long (void)
{
  GString *text = g_string_new ("GET /p?code=c&state=s HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX: ");
  PrLoopbackAnswer *answer = NULL;

  while (text->len < PR_LOOPBACK_REQUEST_MAX - 1)
    g_string_append_c (text, 'x');
  g_assert_cmpint (read_request (text->str, text->len, &answer), ==, PR_LOOPBACK_MORE);
  g_string_append_c (text, 'x');
  g_assert_cmpint (read_request (text->str, text->len, &answer), ==, PR_LOOPBACK_REFUSED);
  g_string_append (text, "\r\n\r\n");
  g_assert_cmpint (read_request (text->str, text->len, &answer), ==, PR_LOOPBACK_REFUSED);
  g_string_free (text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/oauth/request/taken", test_request_taken);
  g_test_add_func ("/oauth/request/refused", test_request_refused);
  g_test_add_func ("/oauth/request/cut", test_request_cut);
  g_test_add_func ("/oauth/request/mutated", test_request_mutated);
  g_test_add_func ("/oauth/request/too-long", test_request_too_long);
  return g_test_run ();
}
