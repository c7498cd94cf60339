/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a script turned into the bytes that it stands for: "\r \n \t \\ \| \{ \} \xNN", the
 * bar that separates lines, and macros such as {user} or {b64 TEXT}, which may stand inside one
 * another. Any thread. */

#include "pr-script-text.h"

#include <string.h>

#define MAX_DEPTH 8 /* macros inside macros: more is a mistake */

G_DEFINE_QUARK (pr - script - error, pr_script_error)

typedef struct
{
  const char *p;
  const PrScriptWords *words;
  gboolean many_lines;
} PrExpansion;

static gboolean
fail (GError **error, const char *what, const char *where)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "%s at “%.40s”", what, where);
  return FALSE;
}

/* Behind a backslash. */
static gboolean
expand_escape (PrExpansion *self, GString *out, GError **error)
{
  static const char letters[] = "rnt\\|{}";
  static const char bytes[] = "\r\n\t\\|{}";
  const char *begin = self->p - 1;
  const char *letter;

  if (*self->p == 'x' && g_ascii_isxdigit (self->p[1]) && g_ascii_isxdigit (self->p[2]))
    {
      g_string_append_c (
          out, (char) (g_ascii_xdigit_value (self->p[1]) * 16 + g_ascii_xdigit_value (self->p[2])));
      self->p += 3;
      return TRUE;
    }
  letter = *self->p != '\0' ? strchr (letters, *self->p) : NULL;
  if (letter == NULL)
    return fail (error, "unknown escape", begin);
  g_string_append_c (out, bytes[letter - letters]);
  self->p++;
  return TRUE;
}

static void
append_plain (const PrScriptWords *words, GString *out)
{
  g_autoptr (GString) message = g_string_new (NULL);
  g_autofree char *base64 = NULL;

  g_string_append_c (message, '\0');
  g_string_append (message, words->user);
  g_string_append_c (message, '\0');
  g_string_append (message, words->password);
  base64 = g_base64_encode ((guint8 *) message->str, message->len);
  g_string_append (out, base64);
}

/* {b64 TEXT}, {hex TEXT}, {md5 TEXT}, {url TEXT}. Returns: whether @name is one of these. */
static gboolean
append_encoded (const char *name, const GString *text, GString *out)
{
  g_autofree char *encoded = NULL;

  if (g_str_equal (name, "b64"))
    encoded = g_base64_encode ((guint8 *) text->str, text->len);
  else if (g_str_equal (name, "url"))
    encoded = g_uri_escape_bytes ((guint8 *) text->str, text->len, NULL);
  else if (g_str_equal (name, "md5"))
    encoded = g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *) text->str, text->len);
  else if (g_str_equal (name, "hex"))
    for (gsize i = 0; i < text->len; i++)
      g_string_append_printf (out, "%02x", (guint8) text->str[i]);
  else
    return FALSE;
  if (encoded != NULL)
    g_string_append (out, encoded);
  return TRUE;
}

/* {user} and its like. Returns: whether @name is one of these, and known here. */
static gboolean
append_word (const char *name, const PrScriptWords *words, GString *out)
{
  const char *word = NULL;

  if (words == NULL)
    return FALSE;
  if (g_str_equal (name, "plain") && words->user != NULL && words->password != NULL)
    {
      append_plain (words, out);
      return TRUE;
    }
  if (g_str_equal (name, "user"))
    word = words->user;
  else if (g_str_equal (name, "password"))
    word = words->password;
  else if (g_str_equal (name, "host"))
    word = words->host;
  else if (g_str_equal (name, "address"))
    word = words->address;
  if (word == NULL)
    return FALSE;
  g_string_append (out, word);
  return TRUE;
}

static gboolean expand (PrExpansion *self, GString *out, guint depth, GError **error);

/* Behind an opening brace. */
static gboolean
expand_macro (PrExpansion *self, GString *out, guint depth, GError **error)
{
  const char *begin = self->p - 1;
  gsize n = strcspn (self->p, " }");
  g_autofree char *name = g_strndup (self->p, n);
  g_autoptr (GString) text = NULL;
  gboolean known;

  if (depth >= MAX_DEPTH)
    return fail (error, "too many macros inside one another", begin);
  self->p += n;
  if (*self->p == ' ')
    {
      self->p++;
      text = g_string_new (NULL);
      if (!expand (self, text, depth + 1, error))
        return FALSE;
    }
  if (*self->p != '}')
    return fail (error, "no closing brace", begin);
  self->p++;
  known = text != NULL ? append_encoded (name, text, out) : append_word (name, self->words, out);
  return known || fail (error, "unknown macro", begin);
}

/* Up to the end, or to the closing brace of the macro that this is in. */
static gboolean
expand (PrExpansion *self, GString *out, guint depth, GError **error)
{
  while (*self->p != '\0')
    {
      char c = *self->p;

      if (c == '}' && depth > 0)
        return TRUE;
      self->p++;
      switch (c)
        {
          case '\\':
            if (!expand_escape (self, out, error))
              return FALSE;
            break;
          case '{':
            if (!expand_macro (self, out, depth, error))
              return FALSE;
            break;
          case '}':
            return fail (error, "a closing brace without an opening one", self->p - 1);
          case '|':
            if (!self->many_lines || depth > 0)
              return fail (error, "“|” separates lines, and only one can stand here; \\| means it",
                           self->p - 1);
            g_string_append (out, "\r\n");
            break;
          default:
            g_string_append_c (out, c);
            break;
        }
    }
  return TRUE;
}

/**
 * pr_script_text_expand:
 * @text: as it stands in a script
 * @words: (nullable): what the macros stand for
 * @many_lines: whether "|" separates lines here
 * @error: set to %PR_SCRIPT_ERROR_SYNTAX
 *
 * Returns: (transfer full) (nullable): the bytes, which may include NUL
 */
GString *
pr_script_text_expand (const char *text,
                       const PrScriptWords *words,
                       gboolean many_lines,
                       GError **error)
{
  PrExpansion self = { text, words, many_lines };
  GString *out = g_string_new (NULL);

  if (expand (&self, out, 0, error))
    return out;
  g_string_free (out, TRUE);
  return NULL;
}
