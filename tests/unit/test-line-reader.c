/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines out of bytes, however the bytes arrive: all at once, one at a time, in pieces of any
 * size. Rules P02, S02, P17, threats X08 and X09. */

#include "pr-line-reader.h"

#include <string.h>

static void
feed (PrLineReader *reader, const char *bytes, gsize n)
{
  while (n > 0)
    {
      gsize room;
      char *to = pr_line_reader_reserve (reader, &room);
      gsize part = MIN (room, n);

      memcpy (to, bytes, part);
      pr_line_reader_commit (reader, part);
      bytes += part;
      n -= part;
    }
}

typedef struct
{
  const char *bytes;
  gsize n;
  gsize max;
  const char *lines[8]; /* up to NULL */
  PrLineResult end;     /* what comes behind them */
  gsize pending;        /* and what is left then */
} PrLineRow;

#define BYTES(text) text, sizeof text - 1

static const PrLineRow rows[] = {
  { BYTES (""), 10, { NULL }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("+OK\r\n"), 10, { "+OK" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("+OK\n"), 10, { "+OK" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("\r\n\n"), 10, { "", "" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("a\r\nb\nc\r\n"), 10, { "a", "b", "c" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("a\r\nrest"), 10, { "a" }, PR_LINE_INCOMPLETE, 4 },
  { BYTES ("a\rb\r\n"), 10, { "a\rb" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("a\r\r\n"), 10, { "a\r" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("\r"), 10, { NULL }, PR_LINE_INCOMPLETE, 1 },
  { BYTES ("0123456789\r\n"), 10, { "0123456789" }, PR_LINE_INCOMPLETE, 0 },
  { BYTES ("0123456789\r"), 10, { NULL }, PR_LINE_INCOMPLETE, 11 },
  { BYTES ("a\r\n01234567890\r\n"), 10, { "a" }, PR_LINE_TOO_LONG, 13 },
  { BYTES ("a\r\n0123456789ab"), 10, { "a" }, PR_LINE_TOO_LONG, 12 },
  { BYTES ("a\0b\r\n"), 10, { NULL }, PR_LINE_BAD, 5 },
  { BYTES ("ok\r\n\0\r\n"), 10, { "ok" }, PR_LINE_BAD, 3 },
  { BYTES ("\xff\xfe\r\n"), 10, { "\xff\xfe" }, PR_LINE_INCOMPLETE, 0 },
};

/* Feeds @row in pieces, taking lines out as they come. */
static void
check_row (const PrLineRow *row, gsize piece)
{
  PrLineReader reader;
  const char *line;
  gsize length, at = 0;
  guint n = 0;
  PrLineResult result;

  pr_line_reader_init (&reader);
  do
    {
      gsize part = MIN (piece, row->n - at);

      feed (&reader, row->bytes + at, part);
      at += part;
      while ((result = pr_line_reader_next (&reader, row->max, &line, &length)) == PR_LINE_COMPLETE)
        {
          g_assert_cmpstr (line, ==, row->lines[n++]);
          g_assert_cmpuint (length, ==, strlen (line));
        }
    }
  while (at < row->n && result == PR_LINE_INCOMPLETE);
  g_assert_cmpint (result, ==, row->end);
  g_assert_null (row->lines[n]);
  if (at == row->n)
    g_assert_cmpuint (pr_line_reader_get_pending (&reader), ==, row->pending);
  pr_line_reader_clear (&reader);
}

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece <= 16; piece++)
      check_row (&rows[i], piece);
}

/* The limit holds while the line grows, not only when it ends. */
static void
test_limit_while_growing (void)
{
  PrLineReader reader;
  const char *line;
  gsize length;
  guint n = 0;

  pr_line_reader_init (&reader);
  while (pr_line_reader_next (&reader, 100, &line, &length) == PR_LINE_INCOMPLETE)
    {
      feed (&reader, "x", 1);
      g_assert_cmpuint (++n, <=, 102);
    }
  g_assert_cmpuint (n, ==, 102); /* 100, a CR that might be the end, and one too many */
  pr_line_reader_clear (&reader);
}

/* Memory does not grow with what went through. */
static void
test_long_stream (void)
{
  PrLineReader reader;
  const char *line;
  gsize length, size = 0;

  pr_line_reader_init (&reader);
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u and some words\r\nfragment of the next", i);
      g_autofree char *expected =
          g_strdup_printf ("%s%u and some words", i > 0 ? "fragment of the next" : "", i);

      feed (&reader, text, strlen (text));
      g_assert_cmpint (pr_line_reader_next (&reader, PR_LINE_MAX, &line, &length), ==,
                       PR_LINE_COMPLETE);
      g_assert_cmpstr (line, ==, expected);
      size = MAX (size, reader.size);
    }
  g_assert_cmpuint (size, <=, 16384);
  pr_line_reader_clear (&reader);
}

static void
test_pending (void)
{
  PrLineReader reader;
  const char *line;
  gsize length;

  pr_line_reader_init (&reader);
  g_assert_cmpuint (pr_line_reader_get_pending (&reader), ==, 0);
  feed (&reader, "+OK\r\n+", 6);
  g_assert_cmpint (pr_line_reader_next (&reader, 10, &line, &length), ==, PR_LINE_COMPLETE);
  g_assert_cmpuint (pr_line_reader_get_pending (&reader), ==, 1);
  g_assert_cmpint (*pr_line_reader_peek (&reader), ==, '+');
  pr_line_reader_clear (&reader);
  g_assert_cmpuint (pr_line_reader_get_pending (&reader), ==, 0);
  feed (&reader, "again\n", 6);
  g_assert_cmpint (pr_line_reader_next (&reader, 10, &line, &length), ==, PR_LINE_COMPLETE);
  g_assert_cmpstr (line, ==, "again");
  pr_line_reader_clear (&reader);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line-reader/rows", test_rows);
  g_test_add_func ("/line-reader/limit-while-growing", test_limit_while_growing);
  g_test_add_func ("/line-reader/long-stream", test_long_stream);
  g_test_add_func ("/line-reader/pending", test_pending);
  return g_test_run ();
}
