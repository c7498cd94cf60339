/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which addresses of web services may be asked, or given to a browser. */

#include "pr-url.h"

static void
test_safe (void)
{
  const char *safe[] = {
    "https://accounts.example/o/oauth2/v2/auth",
    "https://accounts.example:8443/?a=b&c=%20",
    "https://[2001:db8::1]/token",
    "http://127.0.0.1:29443/token",
    "http://localhost/token",
    "http://[::1]:8080/token",
    "https://xn--bcher-kva.example/token",
  };

  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    {
      g_test_message ("%s", safe[i]);
      g_assert_true (pr_url_is_safe (safe[i]));
      g_assert_null (pr_check_url (safe[i]));
    }
}

static void
test_unsafe (void)
{
  const char *unsafe[] = {
    "",
    "accounts.example/token",
    "http://accounts.example/token",
    "http://127.0.0.1.example/token",
    "http://localhost.example/token",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///token",
    "https://user@accounts.example/token",
    "https://user:password@accounts.example/token",
    "https://accounts.example/token#part",
    "https://accounts.example/a b",
    "https://accounts.example/\"onclick",
    "https://accounts.example/`id`",
    "https://accounts.example/\nHost: other",
    "https://b\xc3\xbc"
    "cher.example/token",
    "HTTPS",
    "ftp://accounts.example/",
  };
  g_autofree char *too_long = g_strnfill (PR_URL_MAX_LENGTH, 'a');
  g_autofree char *url = g_strconcat ("https://example.org/", too_long, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    {
      g_autofree char *accepted = pr_check_url (unsafe[i]);

      g_test_message ("%s", unsafe[i]);
      g_assert_false (pr_url_is_safe (unsafe[i]));
      g_assert_nonnull (accepted);
    }
  g_assert_false (pr_url_is_safe (url));
  g_assert_false (pr_url_is_safe (NULL));
}

static void
test_host (void)
{
  g_autofree char *host = pr_url_get_host ("https://accounts.example:8443/?a=b");
  g_autofree char *none = pr_url_get_host ("nothing");

  g_assert_cmpstr (host, ==, "accounts.example");
  g_assert_null (none);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/url/safe", test_safe);
  g_test_add_func ("/url/unsafe", test_unsafe);
  g_test_add_func ("/url/host", test_host);
  return g_test_run ();
}
