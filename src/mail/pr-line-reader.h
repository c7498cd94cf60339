/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 1939 and RFC 5321 allow 512 octets for an answer line; real servers are longer, and nothing
 * useful is beyond this. */
#define PR_LINE_MAX 8192
/* RFC 4954 section 4: 12288 octets must be handled; RFC 5034 sets no limit. */
#define PR_SASL_LINE_MAX 65536

/**
 * PrLineResult:
 * @PR_LINE_INCOMPLETE: more bytes are needed
 * @PR_LINE_TOO_LONG: the limit is passed: the conversation is over
 * @PR_LINE_BAD: a NUL byte: the conversation is over
 */
typedef enum
{
  PR_LINE_COMPLETE,
  PR_LINE_INCOMPLETE,
  PR_LINE_TOO_LONG,
  PR_LINE_BAD,
} PrLineResult;

/**
 * PrLineReader:
 *
 * Cuts what a server sends into lines. Knows nothing of sockets, so it can be fed by anything.
 */
typedef struct
{
  char *buffer;
  gsize size;
  gsize start; /* first byte that nobody has read */
  gsize end;
} PrLineReader;

void pr_line_reader_init (PrLineReader *self);
void pr_line_reader_clear (PrLineReader *self);
char *pr_line_reader_reserve (PrLineReader *self, gsize *room);
void pr_line_reader_commit (PrLineReader *self, gsize n);
PrLineResult pr_line_reader_next (PrLineReader *self, gsize max, const char **line, gsize *length);
gsize pr_line_reader_get_pending (const PrLineReader *self);
const char *pr_line_reader_peek (const PrLineReader *self);

G_END_DECLS
