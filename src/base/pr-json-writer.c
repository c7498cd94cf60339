/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJsonWriter: JSON (RFC 8259) for what is written thousands of times in a job: reports and the
 * facts of alerts. Any thread. */

#include "pr-json-writer.h"

#include <string.h>

/* A report of a test that succeeded. */
#define USUAL_SIZE 3072

/**
 * pr_json_writer_init:
 * @self: uninitialized memory
 */
void
pr_json_writer_init (PrJsonWriter *self)
{
  self->text = g_string_sized_new (USUAL_SIZE);
  self->needs_comma = FALSE;
}

/**
 * pr_json_writer_finish:
 * @self: a writer
 *
 * Returns: (transfer full): what was written; @self is empty
 */
char *
pr_json_writer_finish (PrJsonWriter *self)
{
  gsize size = self->text->len + 1;

  /* It may wait among thousands until it is stored. */
  return g_realloc (g_string_free (g_steal_pointer (&self->text), FALSE), size);
}

static void
begin_value (PrJsonWriter *self)
{
  if (self->needs_comma)
    g_string_append_c (self->text, ',');
  self->needs_comma = TRUE;
}

static void
begin (PrJsonWriter *self, char bracket)
{
  begin_value (self);
  g_string_append_c (self->text, bracket);
  self->needs_comma = FALSE;
}

static void
end (PrJsonWriter *self, char bracket)
{
  g_string_append_c (self->text, bracket);
  self->needs_comma = TRUE;
}

void
pr_json_writer_begin_object (PrJsonWriter *self)
{
  begin (self, '{');
}

void
pr_json_writer_end_object (PrJsonWriter *self)
{
  end (self, '}');
}

void
pr_json_writer_begin_array (PrJsonWriter *self)
{
  begin (self, '[');
}

void
pr_json_writer_end_array (PrJsonWriter *self)
{
  end (self, ']');
}

/* Bytes from @p on that stand in JSON as they are; @high is set when some are not ASCII. */
static gsize
count_plain (const char *p, gboolean *high)
{
  const guint8 *q = (const guint8 *) p;
  guint8 seen = 0;

  for (; *q >= 0x20 && *q != '"' && *q != '\\' && *q != 0x7f; q++)
    seen |= *q;
  *high = (seen & 0x80) != 0;
  return (gsize) ((const char *) q - p);
}

static void
append_escaped (GString *text, char c)
{
  static const char letters[] = "btn\0fr";

  if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", c);
  else if (c >= '\b' && c <= '\r' && letters[c - '\b'] != '\0')
    g_string_append_printf (text, "\\%c", letters[c - '\b']);
  else
    g_string_append_printf (text, "\\u%04x", (guint) c);
}

/* @n bytes that need nothing but the quotation marks: nearly all names and values. */
static void
append_plain (GString *text, const char *value, gsize n)
{
  gsize at = text->len;

  g_string_set_size (text, at + n + 2);
  text->str[at] = '"';
  memcpy (text->str + at + 1, value, n);
  text->str[at + n + 1] = '"';
}

static void
append_quoted (GString *text, const char *value)
{
  g_autofree char *valid = NULL;
  const char *p = value;
  gboolean high;
  gsize n = count_plain (p, &high);

  if (!high && p[n] == '\0')
    {
      append_plain (text, p, n);
      return;
    }
  g_string_append_c (text, '"');
  for (;;)
    {
      n = count_plain (p, &high);
      /* What stands before is ASCII, so that the rest is whole. */
      if (high && valid == NULL && !g_utf8_validate (p, -1, NULL))
        {
          p = valid = g_utf8_make_valid (p, -1);
          continue;
        }
      g_string_append_len (text, p, (gssize) n);
      p += n;
      if (*p == '\0')
        break;
      append_escaped (text, *p++);
    }
  g_string_append_c (text, '"');
}

/**
 * pr_json_writer_name:
 * @self: a writer inside an object
 * @name: the name of the member whose value comes next
 */
void
pr_json_writer_name (PrJsonWriter *self, const char *name)
{
  begin_value (self);
  append_quoted (self->text, name);
  g_string_append_c (self->text, ':');
  self->needs_comma = FALSE;
}

/**
 * pr_json_writer_text:
 * @self: a writer
 * @text: (nullable): bytes that are no UTF-8 are replaced; %NULL is written as null
 */
void
pr_json_writer_text (PrJsonWriter *self, const char *text)
{
  begin_value (self);
  if (text != NULL)
    append_quoted (self->text, text);
  else
    g_string_append (self->text, "null");
}

static void
append_integer (GString *text, gint64 number)
{
  char digits[24];
  guint at = sizeof digits;
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;

  do
    digits[--at] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0)
    digits[--at] = '-';
  g_string_append_len (text, digits + at, sizeof digits - at);
}

void
pr_json_writer_integer (PrJsonWriter *self, gint64 number)
{
  begin_value (self);
  append_integer (self->text, number);
}

/**
 * pr_json_writer_eighths:
 * @self: a writer
 * @eighths: a number, times 8
 *
 * Writes a number with its decimals, exactly: "1.0", "0.125". It is a fraction for whoever reads
 * it even where it is whole.
 */
void
pr_json_writer_eighths (PrJsonWriter *self, gint64 eighths)
{
  static const char *const decimals[] = {
    ".0", ".125", ".25", ".375", ".5", ".625", ".75", ".875",
  };
  guint64 rest = eighths < 0 ? -(guint64) eighths : (guint64) eighths;

  begin_value (self);
  if (eighths < 0)
    g_string_append_c (self->text, '-');
  append_integer (self->text, (gint64) (rest / 8));
  g_string_append (self->text, decimals[rest % 8]);
}

void
pr_json_writer_boolean (PrJsonWriter *self, gboolean flag)
{
  begin_value (self);
  g_string_append (self->text, flag ? "true" : "false");
}

void
pr_json_writer_null (PrJsonWriter *self)
{
  begin_value (self);
  g_string_append (self->text, "null");
}
