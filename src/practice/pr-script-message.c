/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Is that a good message? What a strict server could object to in what came after DATA: line
 * ends, lengths, dots, headers. Rules M01, M02, M05 and S19. Any thread.
 *
 * RFC 5321 sections 2.3.8 and 4.5.2, RFC 5322 sections 2.1.1 and 3.6, RFC 2045, RFC 3834. */

#include "pr-script-message.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_OCTETS 998 /* RFC 5322 section 2.1.1, without CRLF */
#define DATE_TOLERANCE_S (10 * 60)

typedef struct
{
  GPtrArray *lines; /* of char *: without CRLF, dots unstuffed */
  guint n_headers;  /* lines before the empty one */
  const char *address;
  gint64 now;
} PrMessage;

static gboolean
deviate (GError **error, const char *what, const char *line)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "the message: %s: “%.100s”", what,
               line);
  return FALSE;
}

/**
 * pr_script_message_find_end:
 * @bytes: what came after the go-ahead to DATA
 * @n: how many bytes
 * @length: (out): bytes of the message, without the lone dot; that takes three more
 *
 * Returns: whether the lone dot has come
 */
gboolean
pr_script_message_find_end (const guint8 *bytes, gsize n, gsize *length)
{
  const guint8 *at;

  if (n >= 3 && memcmp (bytes, ".\r\n", 3) == 0)
    {
      *length = 0;
      return TRUE;
    }
  at = n > 0 ? memmem (bytes, n, "\r\n.\r\n", 5) : NULL;
  if (at == NULL)
    return FALSE;
  *length = (gsize) (at - bytes) + 2;
  return TRUE;
}

static gboolean
check_line (const char *line, gsize n, GError **error)
{
  if (n > LINE_MAX_OCTETS)
    return deviate (error, "a line of more than 998 octets", line);
  for (gsize i = 0; i < n; i++)
    {
      if (line[i] == '\r' || line[i] == '\n')
        return deviate (error, "a CR or LF that ends no line", line);
      if (((guint8) line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f)
        return deviate (error, "a control character", line);
    }
  if (line[0] == '.' && line[1] != '.')
    return deviate (error, "a dot at the beginning of a line is not doubled", line);
  return TRUE;
}

/* The lines, each one checked. */
static gboolean
split (PrMessage *self, const guint8 *bytes, gsize n, GError **error)
{
  const char *p = (const char *) bytes, *end = p + n;

  while (p < end)
    {
      const char *eol = memmem (p, (gsize) (end - p), "\r\n", 2);
      g_autofree char *line = NULL;

      if (eol == NULL)
        return deviate (error, "the last line has no end", "");
      line = g_strndup (p, (gsize) (eol - p));
      if (strlen (line) != (gsize) (eol - p))
        return deviate (error, "a NUL byte", line);
      if (!check_line (line, (gsize) (eol - p), error))
        return FALSE;
      g_ptr_array_add (self->lines, g_strdup (line[0] == '.' ? line + 1 : line));
      p = eol + 2;
    }
  return TRUE;
}

/* The value of the one header of that name; NULL with @error if there is none, or another. */
static const char *
get_header (PrMessage *self, const char *name, GError **error)
{
  const char *found = NULL;
  gsize n = strlen (name);

  for (guint i = 0; i < self->n_headers; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);

      if (g_ascii_strncasecmp (line, name, n) != 0 || line[n] != ':')
        continue;
      if (found != NULL)
        {
          deviate (error, "a header stands there twice", name);
          return NULL;
        }
      found = line + n + 1;
      while (*found == ' ')
        found++;
    }
  if (found == NULL)
    deviate (error, "a header is missing", name);
  return found;
}

static gboolean
check_header_lines (PrMessage *self, GError **error)
{
  gboolean ascii = g_str_is_ascii (self->address);

  while (self->n_headers < self->lines->len
         && *(char *) g_ptr_array_index (self->lines, self->n_headers) != '\0')
    self->n_headers++;
  if (self->n_headers == self->lines->len)
    return deviate (error, "no empty line behind the headers", "");
  for (guint i = 0; i < self->lines->len; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);
      gsize name = strspn (line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

      if (i < self->n_headers && (name == 0 || line[name] != ':'))
        return deviate (error, "no header", line);
      if (!g_str_is_ascii (line) && (ascii || i > self->n_headers))
        return deviate (error, "octets beyond ASCII", line);
    }
  return TRUE;
}

/* "Sat, 31 Jan 2026 12:00:00 +0000", and that it is now. */
static gboolean
check_date (PrMessage *self, GError **error)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                                        "Aug", "Sep", "Oct", "Nov", "Dec", NULL };
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  const char *date = get_header (self, "Date", error);
  g_autoptr (GDateTime) time = NULL;
  char weekday[4], month[4];
  int day, year, hour, minute, second, end = 0;
  int number = 0;

  if (date == NULL)
    return FALSE;
  if (sscanf (date, "%3s, %2d %3s %4d %2d:%2d:%2d +0000%n", weekday, &day, month, &year, &hour,
              &minute, &second, &end)
          != 7
      || end == 0 || date[end] != '\0')
    return deviate (error, "no date of RFC 5322", date);
  while (months[number] != NULL && !g_str_equal (months[number], month))
    number++;
  time = months[number] != NULL
             ? g_date_time_new_utc (year, number + 1, day, hour, minute, (double) second)
             : NULL;
  if (time == NULL || !g_str_equal (days[g_date_time_get_day_of_week (time) - 1], weekday))
    return deviate (error, "no such day", date);
  if (ABS (g_date_time_to_unix (time) - self->now / G_USEC_PER_SEC) > DATE_TOLERANCE_S)
    return deviate (error, "it is another time now", date);
  return TRUE;
}

static gboolean
check_message_id (PrMessage *self, GError **error)
{
  const char *id = get_header (self, "Message-ID", error);
  g_autofree char *end = g_strconcat (strrchr (self->address, '@'), ">", NULL);

  if (id == NULL)
    return FALSE;
  if (id[0] != '<' || !g_str_has_suffix (id, end) || strlen (id) < strlen (end) + 17
      || strpbrk (id, " \t") != NULL)
    return deviate (error, "no random identifier in the domain of the address", id);
  return TRUE;
}

static gboolean
check_value (PrMessage *self, const char *name, const char *pattern, GError **error)
{
  const char *value = get_header (self, name, error);

  if (value == NULL)
    return FALSE;
  return g_pattern_match_simple (pattern, value) || deviate (error, name, value);
}

static gboolean
check_headers (PrMessage *self, GError **error)
{
  g_autofree char *mailbox = g_strdup_printf ("<%s>", self->address);

  for (guint i = 0; i < self->n_headers; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);

      if (g_ascii_strncasecmp (line, "Disposition-Notification-To:", 28) == 0
          || g_ascii_strncasecmp (line, "Return-Receipt-To:", 18) == 0)
        return deviate (error, "a request that makes programs answer", line);
    }
  return check_date (self, error) && check_message_id (self, error)
         && check_value (self, "From", mailbox, error) && check_value (self, "To", mailbox, error)
         && check_value (self, "Subject", "?*", error)
         && check_value (self, "MIME-Version", "1.0", error)
         && check_value (self, "Content-Type", "text/plain; charset=utf-8", error)
         && check_value (self, "Content-Transfer-Encoding", "7bit", error)
         && check_value (self, "Auto-Submitted", "auto-generated", error);
}

/**
 * pr_script_message_check:
 * @bytes: a message as it came, dots still doubled, without the lone dot
 * @n: how many bytes
 * @address: whom it must be from and to, as it stood in the envelope
 * @announced: what SIZE= said in MAIL FROM; 0: nothing
 * @now: microseconds since 1970
 * @error: set to %PR_SCRIPT_ERROR_DEVIATION
 *
 * Returns: whether nothing is wrong with it
 */
gboolean
pr_script_message_check (const guint8 *bytes,
                         gsize n,
                         const char *address,
                         gsize announced,
                         gint64 now,
                         GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  PrMessage self = { .lines = lines, .address = address, .now = now };
  gsize size = 0;

  if (!split (&self, bytes, n, error) || !check_header_lines (&self, error)
      || !check_headers (&self, error))
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    size += strlen (g_ptr_array_index (lines, i)) + 2;
  if (announced == 0 || announced == size)
    return TRUE;
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION,
               "the message has %" G_GSIZE_FORMAT " bytes, and MAIL announced %" G_GSIZE_FORMAT,
               size, announced);
  return FALSE;
}
