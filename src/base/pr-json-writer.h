/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrJsonWriter:
 *
 * JSON text in one line, written as it is told: no tree is built. Whoever calls keeps the order:
 * inside an object each value follows its name, and all that was begun is ended.
 */
typedef struct
{
  GString *text;
  gboolean needs_comma;
} PrJsonWriter;

void pr_json_writer_init (PrJsonWriter *self);
char *pr_json_writer_finish (PrJsonWriter *self);

void pr_json_writer_begin_object (PrJsonWriter *self);
void pr_json_writer_end_object (PrJsonWriter *self);
void pr_json_writer_begin_array (PrJsonWriter *self);
void pr_json_writer_end_array (PrJsonWriter *self);
void pr_json_writer_name (PrJsonWriter *self, const char *name);
void pr_json_writer_text (PrJsonWriter *self, const char *text);
void pr_json_writer_integer (PrJsonWriter *self, gint64 number);
void pr_json_writer_eighths (PrJsonWriter *self, gint64 eighths);
void pr_json_writer_boolean (PrJsonWriter *self, gboolean flag);
void pr_json_writer_null (PrJsonWriter *self);

G_END_DECLS
