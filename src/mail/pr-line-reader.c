/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrLineReader: lines out of bytes, with a limit that holds while a line grows, not after.
 * Lines end with LF; one CR before it goes too (real servers forget it, see rule P17). */

#include "pr-line-reader.h"

#include <string.h>

#define CHUNK 4096

/**
 * pr_line_reader_init:
 * @self: uninitialized memory
 */
void
pr_line_reader_init (PrLineReader *self)
{
  memset (self, 0, sizeof *self);
}

/**
 * pr_line_reader_clear:
 * @self: a reader
 *
 * Frees what it holds; it can be used again.
 */
void
pr_line_reader_clear (PrLineReader *self)
{
  g_clear_pointer (&self->buffer, g_free);
  self->size = self->start = self->end = 0;
}

/**
 * pr_line_reader_reserve:
 * @self: a reader
 * @room: (out): bytes that may be written
 *
 * Returns: (transfer none): where to put bytes before pr_line_reader_commit()
 */
char *
pr_line_reader_reserve (PrLineReader *self, gsize *room)
{
  if (self->start == self->end)
    self->start = self->end = 0;
  if (self->start > 0 && self->size - self->end < CHUNK)
    {
      memmove (self->buffer, self->buffer + self->start, self->end - self->start);
      self->end -= self->start;
      self->start = 0;
    }
  if (self->size - self->end < CHUNK)
    {
      self->size = self->end + CHUNK;
      self->buffer = g_realloc (self->buffer, self->size);
    }
  *room = self->size - self->end;
  return self->buffer + self->end;
}

/**
 * pr_line_reader_commit:
 * @self: a reader
 * @n: bytes that were written into what pr_line_reader_reserve() gave
 */
void
pr_line_reader_commit (PrLineReader *self, gsize n)
{
  g_return_if_fail (n <= self->size - self->end);

  self->end += n;
}

/**
 * pr_line_reader_next:
 * @self: a reader
 * @max: most bytes that the line may have without its end
 * @line: (out): the line without CRLF, ending with NUL; valid until more is reserved
 * @length: (out): its bytes
 *
 * Returns: %PR_LINE_COMPLETE and a line, or why there is none
 */
PrLineResult
pr_line_reader_next (PrLineReader *self, gsize max, const char **line, gsize *length)
{
  gsize n = self->end - self->start;
  char *begin = n > 0 ? self->buffer + self->start : NULL;
  char *lf = n > 0 ? memchr (begin, '\n', n) : NULL;
  gsize len;

  if (lf == NULL)
    return n > max + 1 ? PR_LINE_TOO_LONG : PR_LINE_INCOMPLETE;
  len = (gsize) (lf - begin);
  if (len > 0 && begin[len - 1] == '\r')
    len--;
  if (len > max)
    return PR_LINE_TOO_LONG;
  if (memchr (begin, '\0', len) != NULL)
    return PR_LINE_BAD;
  begin[len] = '\0';
  self->start += (gsize) (lf - begin) + 1;
  *line = begin;
  *length = len;
  return PR_LINE_COMPLETE;
}

/**
 * pr_line_reader_get_pending:
 * @self: a reader
 *
 * Returns: bytes that have come and that nobody has read, even if they are no whole line
 */
gsize
pr_line_reader_get_pending (const PrLineReader *self)
{
  return self->end - self->start;
}

/**
 * pr_line_reader_peek:
 * @self: a reader with pending bytes
 *
 * Returns: (transfer none): the first of them; they do not end with NUL
 */
const char *
pr_line_reader_peek (const PrLineReader *self)
{
  return self->buffer + self->start;
}
