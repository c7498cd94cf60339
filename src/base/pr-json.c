/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJson: a reader for JSON that strangers send (RFC 8259). Stricter than a library for one's own
 * files: bounded in depth and number, every name at most once, no NUL, no half characters, nothing
 * behind the end; and it keeps every string in one piece of memory that is wiped. Any thread. */

#include "pr-json.h"

#include "pr-secret.h"

#include <string.h>

struct _PrJsonValue
{
  PrJsonKind kind;
  const char *name; /* (nullable): of a member */
  const char *text; /* of a string; the digits of a number */
  gboolean is_true;
  PrJsonValue *first; /* of an array or object */
  PrJsonValue *next;
};

struct _PrJson
{
  char *arena; /* every string, with its NUL */
  gsize arena_size;
  gsize arena_end;
  GPtrArray *values; /* of PrJsonValue */
};

typedef struct
{
  PrJson *json;
  const char *p;
  const char *end;
  guint depth;
  const char *reason; /* the first fault */
} PrJsonReader;

static PrJsonValue *read_value (PrJsonReader *reader);

static gpointer
fail (PrJsonReader *reader, const char *reason)
{
  if (reader->reason == NULL)
    reader->reason = reason;
  return NULL;
}

static void
skip_space (PrJsonReader *reader)
{
  while (reader->p < reader->end && strchr (" \t\r\n", *reader->p) != NULL && *reader->p != '\0')
    reader->p++;
}

static gboolean
take (PrJsonReader *reader, char c)
{
  skip_space (reader);
  if (reader->p == reader->end || *reader->p != c)
    return FALSE;
  reader->p++;
  return TRUE;
}

static PrJsonValue *
add_value (PrJsonReader *reader, PrJsonKind kind)
{
  PrJsonValue *value;

  if (reader->json->values->len == PR_JSON_VALUES_MAX)
    return fail (reader, "too many values");
  value = g_new0 (PrJsonValue, 1);
  value->kind = kind;
  g_ptr_array_add (reader->json->values, value);
  return value;
}

/* --- Strings ---------------------------------------------------------------------------------- */

static void
put (PrJsonReader *reader, const char *bytes, gsize n)
{
  PrJson *json = reader->json;

  /* What is read is never shorter than what is kept: an escape shrinks, quotes go, a NUL comes. */
  g_assert (json->arena_end + n < json->arena_size);
  memcpy (json->arena + json->arena_end, bytes, n);
  json->arena_end += n;
}

static gboolean
read_hex (PrJsonReader *reader, gunichar *unit)
{
  *unit = 0;
  if (reader->end - reader->p < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++, reader->p++)
    {
      int digit = g_ascii_xdigit_value (*reader->p);

      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (gunichar) digit;
    }
  return TRUE;
}

static gboolean
read_unicode (PrJsonReader *reader)
{
  gunichar c, low;
  char utf8[6];

  if (!read_hex (reader, &c))
    return FALSE;
  if (c >= 0xd800 && c < 0xdc00)
    {
      if (reader->end - reader->p < 2 || reader->p[0] != '\\' || reader->p[1] != 'u')
        return FALSE;
      reader->p += 2;
      if (!read_hex (reader, &low) || low < 0xdc00 || low > 0xdfff)
        return FALSE;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  if (c == 0 || !g_unichar_validate (c))
    return FALSE;
  put (reader, utf8, (gsize) g_unichar_to_utf8 (c, utf8));
  return TRUE;
}

static gboolean
read_escape (PrJsonReader *reader)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (reader->p == reader->end || *reader->p == '\0')
    return FALSE;
  if (*reader->p == 'u')
    {
      reader->p++;
      return read_unicode (reader);
    }
  found = strchr (from, *reader->p);
  if (found == NULL)
    return FALSE;
  put (reader, &to[found - from], 1);
  reader->p++;
  return TRUE;
}

static const char *
read_string (PrJsonReader *reader)
{
  gsize start = reader->json->arena_end;

  if (!take (reader, '"'))
    return fail (reader, "a string is missing");
  while (reader->p < reader->end && *reader->p != '"')
    {
      if ((guint8) *reader->p < 0x20)
        return fail (reader, "a control character in a string");
      if (*reader->p != '\\')
        put (reader, reader->p++, 1);
      else
        {
          reader->p++;
          if (!read_escape (reader))
            return fail (reader, "a wrong escape in a string");
        }
    }
  if (reader->p == reader->end)
    return fail (reader, "it ends inside a string");
  reader->p++;
  put (reader, "", 1);
  return reader->json->arena + start;
}

/* --- Everything else -------------------------------------------------------------------------- */

static void
skip_digits (PrJsonReader *reader)
{
  while (reader->p < reader->end && g_ascii_isdigit (*reader->p))
    reader->p++;
}

static gboolean
has_digit (PrJsonReader *reader)
{
  return reader->p < reader->end && g_ascii_isdigit (*reader->p);
}

static PrJsonValue *
read_number (PrJsonReader *reader)
{
  const char *start = reader->p;
  PrJsonValue *value;
  gsize at;

  if (*reader->p == '-')
    reader->p++;
  if (!has_digit (reader))
    return fail (reader, "a wrong number");
  if (*reader->p == '0')
    reader->p++;
  else
    skip_digits (reader);
  if (reader->p < reader->end && *reader->p == '.')
    {
      reader->p++;
      if (!has_digit (reader))
        return fail (reader, "a wrong number");
      skip_digits (reader);
    }
  if (reader->p < reader->end && (*reader->p == 'e' || *reader->p == 'E'))
    {
      reader->p++;
      if (reader->p < reader->end && (*reader->p == '+' || *reader->p == '-'))
        reader->p++;
      if (!has_digit (reader))
        return fail (reader, "a wrong number");
      skip_digits (reader);
    }
  value = add_value (reader, PR_JSON_NUMBER);
  if (value == NULL)
    return NULL;
  at = reader->json->arena_end;
  put (reader, start, (gsize) (reader->p - start));
  put (reader, "", 1);
  value->text = reader->json->arena + at;
  return value;
}

static PrJsonValue *
read_word (PrJsonReader *reader)
{
  static const struct
  {
    const char *word;
    PrJsonKind kind;
    gboolean is_true;
  } words[] = {
    { "true", PR_JSON_BOOLEAN, TRUE },
    { "false", PR_JSON_BOOLEAN, FALSE },
    { "null", PR_JSON_NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize n = strlen (words[i].word);

      if ((gsize) (reader->end - reader->p) >= n && memcmp (reader->p, words[i].word, n) == 0)
        {
          PrJsonValue *value = add_value (reader, words[i].kind);

          if (value != NULL)
            value->is_true = words[i].is_true;
          reader->p += n;
          return value;
        }
    }
  return fail (reader, "no JSON");
}

static gboolean
has_name (const PrJsonValue *first, const char *name)
{
  for (const PrJsonValue *v = first; v != NULL; v = v->next)
    if (g_str_equal (v->name, name))
      return TRUE;
  return FALSE;
}

/* One element of an array, or member of an object. */
static PrJsonValue *
read_child (PrJsonReader *reader, PrJsonValue *parent)
{
  const char *name = NULL;
  PrJsonValue *child;

  if (parent->kind == PR_JSON_OBJECT)
    {
      name = read_string (reader);
      if (name == NULL)
        return NULL;
      /* Which of two would hold is anybody's guess: the other reader's may differ from ours. */
      if (has_name (parent->first, name))
        return fail (reader, "a name stands twice");
      if (!take (reader, ':'))
        return fail (reader, "a colon is missing");
    }
  child = read_value (reader);
  if (child != NULL)
    child->name = name;
  return child;
}

static PrJsonValue *
read_children (PrJsonReader *reader, PrJsonKind kind, char close)
{
  PrJsonValue *parent = add_value (reader, kind);
  PrJsonValue **tail;

  if (parent == NULL || reader->depth == PR_JSON_DEPTH_MAX)
    return fail (reader, "too deep");
  reader->p++;
  reader->depth++;
  tail = &parent->first;
  if (!take (reader, close))
    {
      do
        {
          PrJsonValue *child = read_child (reader, parent);

          if (child == NULL)
            return NULL;
          *tail = child;
          tail = &child->next;
        }
      while (take (reader, ','));
      if (!take (reader, close))
        return fail (reader, "it ends in the middle");
    }
  reader->depth--;
  return parent;
}

static PrJsonValue *
read_value (PrJsonReader *reader)
{
  PrJsonValue *value;

  skip_space (reader);
  if (reader->p == reader->end)
    return fail (reader, "it ends in the middle");
  switch (*reader->p)
    {
      case '{':
        return read_children (reader, PR_JSON_OBJECT, '}');
      case '[':
        return read_children (reader, PR_JSON_ARRAY, ']');
      case '"':
        value = add_value (reader, PR_JSON_STRING);
        if (value != NULL)
          value->text = read_string (reader);
        return value != NULL && value->text != NULL ? value : NULL;
      default:
        if (*reader->p == '-' || g_ascii_isdigit (*reader->p))
          return read_number (reader);
        return read_word (reader);
    }
}

/**
 * pr_json_parse:
 * @text: what came
 * @length: bytes of it
 * @reason: (out) (optional): on failure, what is wrong with it: a constant that repeats nothing
 *
 * Returns: (transfer full) (nullable): the tree; %NULL if @text is no JSON object
 */
PrJson *
pr_json_parse (const char *text, gsize length, char **reason)
{
  g_autoptr (PrJson) self = g_new0 (PrJson, 1);
  PrJsonReader reader = { self, text, text + length, 0, NULL };
  PrJsonValue *root;

  g_return_val_if_fail (text != NULL, NULL);

  self->arena_size = length + 2;
  self->arena = g_malloc (self->arena_size);
  self->values = g_ptr_array_new_with_free_func (g_free);
  if (!g_utf8_validate_len (text, length, NULL))
    root = fail (&reader, "no UTF-8");
  else
    root = read_value (&reader);
  skip_space (&reader);
  if (root != NULL && reader.p != reader.end)
    root = fail (&reader, "something behind the end");
  if (root != NULL && root->kind != PR_JSON_OBJECT)
    root = fail (&reader, "no object");
  if (reason != NULL)
    *reason = (char *) reader.reason;
  return root != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * pr_json_free:
 * @self: (transfer full): a tree
 */
void
pr_json_free (PrJson *self)
{
  pr_wipe (self->arena, self->arena_end);
  g_free (self->arena);
  g_ptr_array_unref (self->values);
  g_free (self);
}

/**
 * pr_json_get_root:
 * @self: a tree
 *
 * Returns: (transfer none): its object
 */
const PrJsonValue *
pr_json_get_root (const PrJson *self)
{
  return g_ptr_array_index (self->values, 0);
}

PrJsonKind
pr_json_value_get_kind (const PrJsonValue *self)
{
  return self->kind;
}

/**
 * pr_json_value_get_name:
 * @self: a value
 *
 * Returns: (nullable): its name, if it is a member of an object
 */
const char *
pr_json_value_get_name (const PrJsonValue *self)
{
  return self->name;
}

/**
 * pr_json_value_get_first:
 * @self: a value
 *
 * Returns: (nullable) (transfer none): the first one in it
 */
const PrJsonValue *
pr_json_value_get_first (const PrJsonValue *self)
{
  return self->first;
}

/**
 * pr_json_value_get_next:
 * @self: a value
 *
 * Returns: (nullable) (transfer none): the one behind it in the same array or object
 */
const PrJsonValue *
pr_json_value_get_next (const PrJsonValue *self)
{
  return self->next;
}

/**
 * pr_json_value_find:
 * @self: (nullable): a value
 * @name: of a member
 *
 * Returns: (nullable) (transfer none): that member
 */
const PrJsonValue *
pr_json_value_find (const PrJsonValue *self, const char *name)
{
  if (self == NULL || self->kind != PR_JSON_OBJECT)
    return NULL;
  for (const PrJsonValue *v = self->first; v != NULL; v = v->next)
    if (g_str_equal (v->name, name))
      return v;
  return NULL;
}

/**
 * pr_json_value_get_text:
 * @self: (nullable): a value
 *
 * Returns: (nullable) (transfer none): a string's text; %NULL if it is anything else
 */
const char *
pr_json_value_get_text (const PrJsonValue *self)
{
  return self != NULL && self->kind == PR_JSON_STRING ? self->text : NULL;
}

/**
 * pr_json_value_get_integer:
 * @self: (nullable): a value
 * @number: (out): its number
 *
 * Some servers put numbers into strings, so those are taken, too.
 *
 * Returns: whether it is a whole number
 */
gboolean
pr_json_value_get_integer (const PrJsonValue *self, gint64 *number)
{
  if (self == NULL || (self->kind != PR_JSON_NUMBER && self->kind != PR_JSON_STRING))
    return FALSE;
  return g_ascii_string_to_signed (self->text, 10, G_MININT64, G_MAXINT64, number, NULL);
}

gboolean
pr_json_value_is_true (const PrJsonValue *self)
{
  return self != NULL && self->kind == PR_JSON_BOOLEAN && self->is_true;
}

/**
 * pr_json_find_text:
 * @self: a tree
 * @name: of a member of its object
 *
 * Returns: (nullable) (transfer none): that member's text
 */
const char *
pr_json_find_text (const PrJson *self, const char *name)
{
  return pr_json_value_get_text (pr_json_value_find (pr_json_get_root (self), name));
}

gboolean
pr_json_find_integer (const PrJson *self, const char *name, gint64 *number)
{
  return pr_json_value_get_integer (pr_json_value_find (pr_json_get_root (self), name), number);
}
