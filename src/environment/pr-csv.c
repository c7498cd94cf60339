/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comma-separated values as spreadsheets write and read them. RFC 4180: quotes around a cell
 * with separators, line breaks or quotes in it, and quotes doubled in there. Any thread. */

#include "pr-csv.h"

#include "pr-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * pr_csv_decode:
 * @bytes: a file
 * @encoding: (out): what it was taken for
 * @error: set to %PR_ERROR_INVALID_VALUE
 *
 * UTF-8, UTF-16 with a byte order mark, or else Windows-1252, which older spreadsheets write.
 *
 * Returns: (transfer full) (nullable): its text
 */
char *
pr_csv_decode (GBytes *bytes, const char **encoding, GError **error)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);
  char *text;
  gsize length;

  *encoding = "UTF-8";
  if (n > PR_CSV_MAX_BYTES)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                    _ ("The file has %" G_GSIZE_FORMAT " bytes. Accepted: up to %d."), n,
                    PR_CSV_MAX_BYTES);
      return NULL;
    }
  if (n >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      n -= 3;
    }
  else if (n >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
    *encoding = "UTF-16";
  else if (!g_utf8_validate (data, (gssize) n, NULL) && memchr (data, 0, n) == NULL)
    *encoding = "WINDOWS-1252";

  if (g_str_equal (*encoding, "UTF-8"))
    text = g_utf8_validate (data, (gssize) n, NULL) ? g_strndup (data, n) : NULL;
  else
    text = g_convert (data, (gssize) n, "UTF-8", *encoding, NULL, &length, NULL);
  if (text == NULL || *text == '\0'
      || (!g_str_equal (*encoding, "UTF-8") && strlen (text) != length))
    {
      g_free (text);
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                    _ ("This is no text with separated values. Accepted: CSV in UTF-8, UTF-16 or "
                       "Windows-1252."));
      return NULL;
    }
  return text;
}

/**
 * pr_csv_reader_init:
 * @self: a reader
 * @text: UTF-8; must outlive the reader
 */
void
pr_csv_reader_init (PrCsvReader *self, const char *text)
{
  static const char separators[] = ",;\t";
  gsize line = strcspn (text, "\r\n");
  guint best = 0;

  self->next = text;
  self->line = 1;
  self->separator = ',';
  for (const char *s = separators; *s != '\0'; s++)
    {
      guint n = 0;

      for (gsize i = 0; i < line; i++)
        n += text[i] == *s;
      if (n > best)
        {
          best = n;
          self->separator = *s;
        }
    }
}

/* The inside of quotes, up to behind the closing one. */
static gboolean
read_quoted (PrCsvReader *self, GString *cell, GError **error)
{
  guint begin = self->line;

  for (self->next++; *self->next != '\0'; self->next++)
    {
      if (*self->next == '"' && self->next[1] != '"')
        {
          self->next++;
          return TRUE;
        }
      if (*self->next == '"')
        self->next++;
      if (*self->next == '\n')
        self->line++;
      g_string_append_c (cell, *self->next);
    }
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                _ ("Line %u: a quotation mark is opened and never closed."), begin);
  return FALSE;
}

static gboolean
is_end_of_cell (PrCsvReader *self)
{
  return *self->next == self->separator || strchr ("\r\n", *self->next) != NULL;
}

/* One cell; what follows its quotes belongs to it, as spreadsheets see it. */
static gboolean
read_cell (PrCsvReader *self, GString *cell, GError **error)
{
  g_string_truncate (cell, 0);
  if (*self->next == '"' && !read_quoted (self, cell, error))
    return FALSE;
  while (!is_end_of_cell (self))
    g_string_append_c (cell, *self->next++);
  return TRUE;
}

static void
skip_line_end (PrCsvReader *self)
{
  if (*self->next == '\r')
    self->next++;
  if (*self->next == '\n')
    self->next++;
  self->line++;
}

/**
 * pr_csv_reader_next:
 * @self: a reader
 * @cells: (element-type utf8): gets the cells of the next row; must free them
 * @line: (out): the line on which the row begins, from 1
 * @error: set to %PR_ERROR_INVALID_VALUE
 *
 * Rows without anything in them are passed over.
 *
 * Returns: %FALSE at the end, or with @error
 */
gboolean
pr_csv_reader_next (PrCsvReader *self, GPtrArray *cells, guint *line, GError **error)
{
  g_autoptr (GString) cell = g_string_new (NULL);

  while (*self->next == '\r' || *self->next == '\n')
    skip_line_end (self);
  g_ptr_array_set_size (cells, 0);
  if (*self->next == '\0')
    return FALSE;
  *line = self->line;
  for (;;)
    {
      if (!read_cell (self, cell, error))
        return FALSE;
      g_ptr_array_add (cells, g_strndup (cell->str, cell->len));
      if (*self->next != self->separator)
        break;
      self->next++;
      if (cells->len >= PR_CSV_MAX_CELLS)
        {
          pr_set_error (error, PR_ERROR_INVALID_VALUE, "file",
                        _ ("Line %u has more than %d cells."), *line, PR_CSV_MAX_CELLS);
          return FALSE;
        }
    }
  if (*self->next != '\0')
    skip_line_end (self);
  return TRUE;
}

/* A spreadsheet would compute what begins like this. */
static gboolean
looks_like_formula (const char *cell)
{
  return *cell != '\0' && strchr ("=+-@\t", *cell) != NULL;
}

/**
 * pr_csv_append_cell:
 * @text: a text that is being made
 * @cell: what to write; what a spreadsheet would take for a formula gets an apostrophe in front
 * @last: whether the row ends with it
 */
void
pr_csv_append_cell (GString *text, const char *cell, gboolean last)
{
  gboolean formula = looks_like_formula (cell);

  if (!formula && strpbrk (cell, ",;\t\"\r\n") == NULL && !g_ascii_isspace (*cell))
    g_string_append (text, cell);
  else
    {
      g_string_append (text, formula ? "\"'" : "\"");
      for (const char *p = cell; *p != '\0'; p++)
        {
          if (*p == '"')
            g_string_append_c (text, '"');
          g_string_append_c (text, *p);
        }
      g_string_append_c (text, '"');
    }
  g_string_append (text, last ? "\r\n" : ",");
}
