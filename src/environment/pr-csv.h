/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PR_CSV_MAX_BYTES (64 * 1024 * 1024) /* 100,000 mailboxes take 20 */
#define PR_CSV_MAX_CELLS 100

/**
 * PrCsvReader:
 *
 * Rows out of a text, as spreadsheets write them (RFC 4180): separated by comma, semicolon or
 * tab, whichever the first line has most of.
 */
typedef struct
{
  const char *next; /* borrowed */
  guint line;       /* of @next, from 1 */
  char separator;
} PrCsvReader;

char *pr_csv_decode (GBytes *bytes, const char **encoding, GError **error);
void pr_csv_reader_init (PrCsvReader *self, const char *text);
gboolean pr_csv_reader_next (PrCsvReader *self, GPtrArray *cells, guint *line, GError **error);
void pr_csv_append_cell (GString *text, const char *cell, gboolean last);

G_END_DECLS
