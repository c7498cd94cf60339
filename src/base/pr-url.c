/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses of web services: https, so that nobody on the way can read or change what goes there
 * (RFC 6749 section 3.1.2.1). http is let through for this computer alone, where there is no way
 * to be on. Judged before a request is sent and before a browser is opened: an address may come
 * from a server. Any thread. */

#include "pr-url.h"

#include "pr-validate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_this_computer (const char *host)
{
  return g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1")
         || g_ascii_strcasecmp (host, "localhost") == 0;
}

/**
 * pr_url_is_safe:
 * @url: an address
 *
 * Returns: whether @url is https (or http to this computer) with a host, and without a user name,
 *   a password, a fragment, a space or a control character
 */
gboolean
pr_url_is_safe (const char *url)
{
  g_autoptr (GUri) uri = NULL;

  if (url == NULL || strlen (url) > PR_URL_MAX_LENGTH || !pr_text_is_ascii (url)
      || pr_text_has_controls (url) || strpbrk (url, " \"'<>\\^`{|}") != NULL)
    return FALSE;
  uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (uri), "https"))
    return TRUE;
  return g_str_equal (g_uri_get_scheme (uri), "http") && is_this_computer (g_uri_get_host (uri));
}

/**
 * pr_check_url:
 * @value: what was typed
 *
 * Returns: (transfer full) (nullable): what is accepted; %NULL if @value is fine
 */
char *
pr_check_url (const char *value)
{
  return pr_url_is_safe (value) ? NULL : g_strdup (_ ("an address that begins with “https://”"));
}

/**
 * pr_url_get_host:
 * @url: an address
 *
 * Returns: (transfer full) (nullable): the host that it leads to
 */
char *
pr_url_get_host (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}
