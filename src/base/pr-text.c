/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text that comes from outside made harmless, and values turned to text and back in the one form
 * that the database, JSON and CSV share. Any thread. */

#include "pr-text.h"

#include <string.h>
#include <time.h>

/* Characters that change how the text around them is read: bidirectional controls, line and
 * paragraph separators, and those that show nothing, such as tags, in which whole sentences can
 * hide (threat X13 in docs/security.md). */
static gboolean
is_deceptive (gunichar c)
{
  switch (g_unichar_type (c))
    {
      case G_UNICODE_CONTROL:
      case G_UNICODE_FORMAT:
      case G_UNICODE_LINE_SEPARATOR:
      case G_UNICODE_PARAGRAPH_SEPARATOR:
        return TRUE;
      default:
        /* Joiner and fillers show nothing either, although they count as marks and letters. */
        return c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x2065 || c == 0x3164
               || c == 0xffa0;
    }
}

/* What is shown as it is: most of what servers say. */
static gsize
count_plain (const char *bytes, gsize n)
{
  gsize i = 0;

  while (i < n && bytes[i] >= 0x20 && bytes[i] < 0x7f)
    i++;
  return i;
}

/**
 * pr_text_for_display:
 * @bytes: what a server said
 * @length: bytes of it, or -1 if it ends with NUL
 * @max_bytes: about how many bytes of result are wanted; what is beyond is cut and marked "…"
 *
 * Controls, bytes that are no UTF-8 and characters that rearrange the text around them become
 * "\xNN" or "\u{NNNN}", so that the result can be shown, logged and stored as plain text.
 *
 * Returns: (transfer full): valid UTF-8 of one line
 */
char *
pr_text_for_display (const char *bytes, gssize length, gsize max_bytes)
{
  gsize n = length < 0 ? strlen (bytes) : (gsize) length;
  gsize n_plain = MIN (count_plain (bytes, n), max_bytes);
  const char *p = bytes + n_plain, *end = bytes + n;
  GString *text;

  if (n_plain == n)
    return g_strndup (bytes, n);
  text = g_string_sized_new (MIN (n, max_bytes) + 8);
  g_string_append_len (text, bytes, (gssize) n_plain);
  while (p < end)
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);
      gboolean valid = c != (gunichar) -1 && c != (gunichar) -2;

      if (text->len >= max_bytes)
        {
          g_string_append (text, "…");
          break;
        }
      if (!valid || c < 0x20 || c == 0x7f)
        {
          g_string_append_printf (text, "\\x%02x", (guint8) *p);
          p++;
          continue;
        }
      if (is_deceptive (c))
        g_string_append_printf (text, "\\u{%04x}", c);
      else
        g_string_append_unichar (text, c);
      p = g_utf8_next_char (p);
    }
  return g_string_free (text, FALSE);
}

/**
 * pr_text_casefold:
 * @text: any bytes: command lines have others than UTF-8
 *
 * Returns: (transfer full): valid UTF-8 in which case does not count
 */
char *
pr_text_casefold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_utf8_casefold (valid, -1);
}

/**
 * pr_text_fold:
 * @text: any bytes
 *
 * Makes texts comparable for a search: neither case nor accents nor the form of letters count.
 *
 * Returns: (transfer full): the folded text
 */
char *
pr_text_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  GString *plain = g_string_sized_new (strlen (folded));

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_len (plain, p, g_utf8_next_char (p) - p);
  return g_string_free (plain, FALSE);
}

/**
 * pr_time_to_text:
 * @unix_us: microseconds since 1970-01-01 UTC
 *
 * Returns: (transfer full) (nullable): ISO 8601 in UTC with milliseconds, such as
 *   "2026-01-31T12:00:00.000Z"; %NULL for 0, which stands for "never"
 */
char *
pr_time_to_text (gint64 unix_us)
{
  gint64 seconds = unix_us / G_USEC_PER_SEC;
  time_t clock = (time_t) seconds;
  struct tm parts;

  if (unix_us == 0 || (gint64) clock != seconds || gmtime_r (&clock, &parts) == NULL
      || parts.tm_year < 1 - 1900 || parts.tm_year > 9999 - 1900)
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                          parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                          parts.tm_sec, (int) (unix_us % G_USEC_PER_SEC / 1000));
}

/**
 * pr_time_from_text:
 * @text: ISO 8601, with or without a time of day; without a zone it is this computer's
 * @unix_us: (out): microseconds since 1970-01-01 UTC
 *
 * Returns: %FALSE if @text is no date
 */
gboolean
pr_time_from_text (const char *text, gint64 *unix_us)
{
  g_autoptr (GTimeZone) zone = NULL;
  g_autofree char *full = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (strlen (text) == strlen ("2026-01-31"))
    full = g_strconcat (text, "T00:00:00", NULL);
  else if (strlen (text) == strlen ("2026-01-31T12:00"))
    full = g_strconcat (text, ":00", NULL);
  /* The zone of this computer is looked up only for a text that names none. */
  time = g_date_time_new_from_iso8601 (full != NULL ? full : text, NULL);
  if (time == NULL)
    {
      zone = g_time_zone_new_local ();
      time = g_date_time_new_from_iso8601 (full != NULL ? full : text, zone);
    }
  if (time == NULL)
    return FALSE;
  *unix_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

/**
 * pr_text_to_int:
 * @text: digits, with a sign if @min is negative; nothing around them
 * @min: the smallest value that is accepted
 * @max: the greatest
 * @value: (out): the number
 *
 * Returns: %FALSE if @text is no whole number from @min to @max
 */
gboolean
pr_text_to_int (const char *text, gint64 min, gint64 max, gint64 *value)
{
  return g_ascii_string_to_signed (text, 10, min, max, value, NULL);
}
