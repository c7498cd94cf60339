/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The JSON with which a server explains why it refuses an access token. It comes from whoever
 * answers, so it is read with a limit for everything, only "status" and "scope" are kept, and
 * "openid-configuration" is never followed: it would lead wherever the server wants (rule A12).
 * Any thread. RFC 7628 section 3.2.2, RFC 8259 (JSON). */

#include "pr-bearer-refusal.h"

#include "pr-text.h"

#include <string.h>

#define MAX_BYTES 65536
#define MAX_DEPTH 4
#define MAX_SHOWN 256 /* bytes of each value */

typedef struct
{
  const char *at;
  const char *end;
} PrScanner;

static void
skip_space (PrScanner *self)
{
  while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL && *self->at != '\0')
    self->at++;
}

static gboolean
take (PrScanner *self, char c)
{
  skip_space (self);
  if (self->at >= self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
take_hex4 (PrScanner *self, gunichar *value)
{
  *value = 0;
  if (self->end - self->at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*self->at++);

      if (digit < 0)
        return FALSE;
      *value = *value * 16 + (gunichar) digit;
    }
  return TRUE;
}

/* Behind a backslash. Halves of a surrogate pair become U+FFFD: nobody needs them here. */
static gboolean
take_escape (PrScanner *self, GString *text)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *found;
  gunichar value;

  if (self->at >= self->end || *self->at == '\0')
    return FALSE;
  if (*self->at == 'u')
    {
      self->at++;
      if (!take_hex4 (self, &value))
        return FALSE;
      g_string_append_unichar (text,
                               value == 0 || (value >= 0xd800 && value < 0xe000) ? 0xfffd : value);
      return TRUE;
    }
  found = strchr (from, *self->at++);
  if (found == NULL)
    return FALSE;
  g_string_append_c (text, to[found - from]);
  return TRUE;
}

/* @text: (nullable): where it goes. */
static gboolean
take_string (PrScanner *self, GString *text)
{
  g_autoptr (GString) ignored = NULL;

  if (!take (self, '"'))
    return FALSE;
  if (text == NULL)
    text = ignored = g_string_new (NULL);
  while (self->at < self->end)
    {
      char c = *self->at++;

      if (c == '"')
        return TRUE;
      if ((guint8) c < 0x20 || (c == '\\' && !take_escape (self, text)))
        return FALSE;
      if (c != '\\')
        g_string_append_c (text, c);
    }
  return FALSE;
}

/* A number, true, false or null: the text as it stands there. */
static gboolean
take_word (PrScanner *self, GString *text)
{
  const char *begin;

  skip_space (self);
  begin = self->at;
  while (
      self->at < self->end
      && (g_ascii_isalnum (*self->at) || *self->at == '-' || *self->at == '+' || *self->at == '.'))
    self->at++;
  if (self->at == begin)
    return FALSE;
  if (text != NULL)
    g_string_append_len (text, begin, self->at - begin);
  return TRUE;
}

/* Any value; only a string or a word is kept. */
static gboolean
take_value (PrScanner *self, GString *text, guint depth)
{
  char open, close;

  skip_space (self);
  if (self->at >= self->end)
    return FALSE;
  open = *self->at;
  if (open == '"')
    return take_string (self, text);
  if (open != '{' && open != '[')
    return take_word (self, text);
  if (depth >= MAX_DEPTH)
    return FALSE;
  self->at++;
  close = open == '{' ? '}' : ']';
  if (take (self, close))
    return TRUE;
  do
    {
      if (open == '{' && (!take_string (self, NULL) || !take (self, ':')))
        return FALSE;
      if (!take_value (self, NULL, depth + 1))
        return FALSE;
    }
  while (take (self, ','));
  return take (self, close);
}

static void
append_fact (GString *text, const char *key, const GString *value)
{
  g_autofree char *safe = NULL;

  if (value->len == 0)
    return;
  safe = pr_text_for_display (value->str, (gssize) value->len, MAX_SHOWN);
  g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", key, safe);
}

/* The members of the one object that @self is. */
static gboolean
take_members (PrScanner *self, GString *status, GString *scope)
{
  if (!take (self, '{'))
    return FALSE;
  if (take (self, '}'))
    return TRUE;
  do
    {
      g_autoptr (GString) key = g_string_new (NULL);
      GString *value;

      if (!take_string (self, key) || !take (self, ':'))
        return FALSE;
      value = g_str_equal (key->str, "status")  ? status
              : g_str_equal (key->str, "scope") ? scope
                                                : NULL;
      /* The first of several holds. */
      if (!take_value (self, value != NULL && value->len == 0 ? value : NULL, 1))
        return FALSE;
    }
  while (take (self, ','));
  return take (self, '}');
}

/**
 * pr_bearer_refusal_parse:
 * @self: (out caller-allocates): what is in it
 * @json: what a server sent; may be anything
 * @n: how many bytes
 */
void
pr_bearer_refusal_parse (PrBearerRefusal *self, const char *json, gsize n)
{
  PrScanner scanner = { json, json + n };
  g_autoptr (GString) status = g_string_new (NULL);
  g_autoptr (GString) scope = g_string_new (NULL);
  GString *text = g_string_new (NULL);
  gboolean ok = n <= MAX_BYTES && take_members (&scanner, status, scope);

  skip_space (&scanner);
  if (ok && scanner.at == scanner.end)
    {
      append_fact (text, "status", status);
      append_fact (text, "scope", scope);
      self->scope_missing = g_str_equal (status->str, "insufficient_scope");
    }
  else
    self->scope_missing = FALSE;
  self->text = g_string_free (text, FALSE);
}

/**
 * pr_bearer_refusal_clear:
 * @self: a refusal; all zeroes are one, too
 */
void
pr_bearer_refusal_clear (PrBearerRefusal *self)
{
  g_clear_pointer (&self->text, g_free);
}
