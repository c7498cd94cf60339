/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line reader: in whatever pieces bytes come, they make the same lines, none longer than
 * allowed and none with a NUL in it. */

#include "fuzz.h"

#include "pr-line-reader.h"

#include <string.h>

#define MAX_LINE 200

/* All lines of @data, fed in pieces of @piece bytes; and behind them how it ended. */
static GString *
read_all (const guint8 *data, gsize size, gsize piece)
{
  GString *lines = g_string_new (NULL);
  PrLineReader reader;
  gsize at = 0;

  pr_line_reader_init (&reader);
  for (;;)
    {
      const char *line;
      gsize length, room, n;
      char *buffer;
      PrLineResult result = pr_line_reader_next (&reader, MAX_LINE, &line, &length);

      if (result == PR_LINE_COMPLETE)
        {
          g_assert_cmpuint (length, <=, MAX_LINE);
          g_assert_cmpuint (strlen (line), ==, length);
          g_string_append (lines, line);
          g_string_append_c (lines, '\n');
          continue;
        }
      if (result != PR_LINE_INCOMPLETE || at == size)
        {
          g_string_append_printf (lines, "(%d)", (int) result);
          break;
        }
      buffer = pr_line_reader_reserve (&reader, &room);
      n = MIN (MIN (piece, size - at), room);
      memcpy (buffer, data + at, n);
      pr_line_reader_commit (&reader, n);
      at += n;
      /* What is incomplete is never much more than what is allowed. */
      g_assert_cmpuint (pr_line_reader_get_pending (&reader), <=, MAX_LINE + 2 + n);
    }
  pr_line_reader_clear (&reader);
  return lines;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GString) whole = read_all (data, size, 4096);
  g_autoptr (GString) bytes = read_all (data, size, 1);
  g_autoptr (GString) pieces = read_all (data, size, 1 + size % 7);

  g_assert_cmpstr (whole->str, ==, bytes->str);
  g_assert_cmpstr (whole->str, ==, pieces->str);
  return 0;
}

GPtrArray *
fuzz_list_seeds (void)
{
  GPtrArray *seeds = fuzz_seeds_new ();

  fuzz_seeds_add_scripts (seeds, "pop3", "");
  fuzz_seeds_add_scripts (seeds, "smtp", "");
  fuzz_seeds_add (seeds, "a\r\nb\nc\rd\r\r\n\r\n\n", -1);
  fuzz_seeds_add (seeds, "with\0nul\r\n", 10);
  return seeds;
}
