/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one HTTP request that a loopback redirect is (RFC 8252 section 7.3, RFC 9112), read by a
 * parser that knows nothing else: GET, one path, one host, no body. Whatever differs is refused.
 * Every process on this computer, and every web page in a browser, can send something here. Any
 * thread. */

#include "pr-loopback-request.h"

#include "pr-oauth-encoding.h"

#include <string.h>

#define FIELDS_MAX 16 /* of the query; servers send four or five */

/**
 * pr_loopback_answer_free:
 * @self: (transfer full): an answer
 */
void
pr_loopback_answer_free (PrLoopbackAnswer *self)
{
  g_clear_pointer (&self->code, pr_secret_unref);
  g_free (self->error);
  g_free (self->state);
  g_free (self->issuer);
  g_free (self);
}

/* --- Query ------------------------------------------------------------------------------------ */

static gboolean
set_once (char **field, const char *value)
{
  if (*field != NULL || !pr_text_is_visible (value))
    return FALSE;
  *field = g_strdup (value);
  return TRUE;
}

static gboolean
set_code (PrLoopbackAnswer *answer, const char *value)
{
  if (answer->code != NULL || !pr_text_is_visible (value))
    return FALSE;
  answer->code = pr_secret_new (value, -1);
  return TRUE;
}

static gboolean
set_field (PrLoopbackAnswer *answer, const char *name, const char *value)
{
  if (g_str_equal (name, "code"))
    return set_code (answer, value);
  if (g_str_equal (name, "state"))
    return set_once (&answer->state, value);
  if (g_str_equal (name, "error"))
    return set_once (&answer->error, value);
  if (g_str_equal (name, "iss"))
    return set_once (&answer->issuer, value);
  return TRUE;
}

static gboolean
read_field (PrLoopbackAnswer *answer, const char *text, gsize n)
{
  const char *equals = memchr (text, '=', n);
  gsize name_length = equals != NULL ? (gsize) (equals - text) : n;
  g_autofree char *name = pr_oauth_form_decode (text, (gssize) name_length);
  char *value;
  gboolean ok;

  if (name == NULL || equals == NULL)
    return FALSE;
  value = pr_oauth_form_decode (equals + 1, (gssize) (n - name_length - 1));
  /* Words for people may be in any encoding; they are not read. */
  if (value == NULL)
    return g_str_equal (name, "error_description");
  ok = set_field (answer, name, value);
  pr_wipe_free (value);
  return ok;
}

/* Exactly one of code and error, nothing twice: anything else is not an answer. */
static PrLoopbackAnswer *
read_query (const char *query, gsize n)
{
  g_autoptr (PrLoopbackAnswer) answer = g_new0 (PrLoopbackAnswer, 1);
  const char *p = query, *end = query + n;

  for (guint fields = 0; p < end; fields++)
    {
      const char *next = memchr (p, '&', (gsize) (end - p));
      const char *stop = next != NULL ? next : end;

      if (fields == FIELDS_MAX || !read_field (answer, p, (gsize) (stop - p)))
        return NULL;
      p = next != NULL ? next + 1 : end;
    }
  if ((answer->code == NULL) == (answer->error == NULL) || answer->state == NULL)
    return NULL;
  return g_steal_pointer (&answer);
}

/* --- Request ---------------------------------------------------------------------------------- */

/* "GET PATH?QUERY HTTP/1.1" without its end. */
static PrLoopbackAnswer *
read_request_line (const char *line, gsize n, const char *path)
{
  static const char method[] = "GET ";
  gsize path_length = strlen (path);
  const char *p = line + strlen (method), *end = line + n, *space;

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isprint (line[i]))
      return NULL;
  if (n <= strlen (method) || memcmp (line, method, strlen (method)) != 0)
    return NULL;
  space = memchr (p, ' ', (gsize) (end - p));
  if (space == NULL || (gsize) (end - space) != strlen (" HTTP/1.1")
      || (memcmp (space, " HTTP/1.1", 9) != 0 && memcmp (space, " HTTP/1.0", 9) != 0))
    return NULL;
  if ((gsize) (space - p) <= path_length || memcmp (p, path, path_length) != 0
      || p[path_length] != '?')
    return NULL;
  p += path_length + 1;
  return read_query (p, (gsize) (space - p));
}

static gboolean
is_header (const char *line, gsize name_length, const char *name)
{
  return name_length == strlen (name) && g_ascii_strncasecmp (line, name, name_length) == 0;
}

/* One header line without its end. @n_hosts counts those that name our host. */
static gboolean
read_header (const char *line, gsize n, const char *host, guint *n_hosts)
{
  const char *colon = memchr (line, ':', n);
  gsize name_length = colon != NULL ? (gsize) (colon - line) : 0;
  g_autofree char *value = NULL;

  if (name_length == 0)
    return FALSE;
  for (gsize i = 0; i < name_length; i++)
    if (!g_ascii_isalnum (line[i]) && strchr ("!#$%&'*+-.^_`|~", line[i]) == NULL)
      return FALSE;
  for (gsize i = name_length; i < n; i++)
    if (g_ascii_iscntrl (line[i]) && line[i] != '\t')
      return FALSE;
  /* Nobody sends a body here, unless to confuse. */
  if (is_header (line, name_length, "Content-Length")
      || is_header (line, name_length, "Transfer-Encoding"))
    return FALSE;
  if (!is_header (line, name_length, "Host"))
    return TRUE;
  value = g_strndup (colon + 1, n - name_length - 1);
  if (g_ascii_strcasecmp (g_strstrip (value), host) != 0)
    return FALSE;
  return ++*n_hosts == 1;
}

static gboolean
read_headers (const char *p, const char *end, const char *host)
{
  guint n_hosts = 0;

  while (p < end)
    {
      const char *line_end = memmem (p, (gsize) (end - p), "\r\n", 2);

      if (line_end == NULL || !read_header (p, (gsize) (line_end - p), host, &n_hosts))
        return FALSE;
      p = line_end + 2;
    }
  return n_hosts == 1;
}

/**
 * pr_loopback_request_read:
 * @bytes: all that came until now
 * @n: how many
 * @host: what the browser must call us, such as "127.0.0.1:40123"
 * @path: the only one that there is, such as "/abc"
 * @answer: (out): what the browser brought, with %PR_LOOPBACK_TAKEN
 *
 * Returns: what became of it
 */
PrLoopbackVerdict
pr_loopback_request_read (const char *bytes,
                          gsize n,
                          const char *host,
                          const char *path,
                          PrLoopbackAnswer **answer)
{
  const char *end = memmem (bytes, n, "\r\n\r\n", 4);
  const char *line_end;
  g_autoptr (PrLoopbackAnswer) read = NULL;

  *answer = NULL;
  if (end == NULL)
    return n < PR_LOOPBACK_REQUEST_MAX ? PR_LOOPBACK_MORE : PR_LOOPBACK_REFUSED;
  if ((gsize) (end - bytes) + 4 > PR_LOOPBACK_REQUEST_MAX)
    return PR_LOOPBACK_REFUSED;
  line_end = memmem (bytes, n, "\r\n", 2);
  read = read_request_line (bytes, (gsize) (line_end - bytes), path);
  if (read == NULL || !read_headers (line_end + 2, end + 2, host))
    return PR_LOOPBACK_REFUSED;
  *answer = g_steal_pointer (&read);
  return PR_LOOPBACK_TAKEN;
}
