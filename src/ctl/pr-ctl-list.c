/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrCtlList: records on a terminal, as a table or one after the other, or as JSON. Each is printed
 * as it comes, so that a hundred thousand take no more memory than one. Any thread, one at a
 * time. */

#include "pr-ctl.h"

#define PART 32768 /* bytes that are printed in one go */

/**
 * pr_ctl_list_init:
 * @self: uninitialized memory
 * @ctl: whose options say whether it is JSON
 * @columns: (nullable): fields of a table, %NULL at the end; %NULL: all fields, below one another
 */
void
pr_ctl_list_init (PrCtlList *self, PrCtl *ctl, const char *const *columns)
{
  *self = (PrCtlList){ .columns = columns, .json = ctl->json };
  self->n_columns = columns != NULL ? g_strv_length ((char **) columns) : 0;
  self->widths = g_new0 (glong, self->n_columns);
  self->text = g_string_new (NULL);
  for (guint i = 0; i < self->n_columns; i++)
    self->widths[i] = g_utf8_strlen (columns[i], -1);
}

void
pr_ctl_list_clear (PrCtlList *self)
{
  g_free (self->widths);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
}

/**
 * pr_ctl_list_is_measured:
 * @self: a list to which nothing was added yet
 *
 * Returns: whether pr_ctl_list_measure() wants to see every record before the first is added
 */
gboolean
pr_ctl_list_is_measured (PrCtlList *self)
{
  return !self->json && self->columns != NULL;
}

static char *
format_column (PrCtlList *self, PrRecord *record, guint column)
{
  return pr_record_format (record, (guint) pr_record_find_field (record, self->columns[column]));
}

/* Makes the columns of the table as wide as @record needs them. */
void
pr_ctl_list_measure (PrCtlList *self, PrRecord *record)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *cell = format_column (self, record, i);

      self->widths[i] = MAX (self->widths[i], g_utf8_strlen (cell, -1));
    }
}

static void
print_if (PrCtlList *self, gsize size)
{
  if (self->text->len < size)
    return;
  g_print ("%s", self->text->str);
  g_string_truncate (self->text, 0);
}

static void
append_cell (PrCtlList *self, const char *cell, guint column)
{
  gboolean last = column + 1 == self->n_columns;

  g_string_append (self->text, cell);
  for (glong i = g_utf8_strlen (cell, -1); !last && i < self->widths[column] + 2; i++)
    g_string_append_c (self->text, ' ');
  if (last)
    g_string_append_c (self->text, '\n');
}

static void
append_heading (PrCtlList *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    append_cell (self, self->columns[i], i);
}

/* As json_to_string() writes an array with all of them. */
static void
append_json (PrCtlList *self, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);
  const char *line = text;
  const char *end;

  g_string_append (self->text, self->n == 0 ? "[" : ",");
  do
    {
      end = strchrnul (line, '\n');
      g_string_append (self->text, "\n  ");
      g_string_append_len (self->text, line, end - line);
      line = end + 1;
    }
  while (*end != '\0');
}

/* Adds an element of a list that is JSON. */
void
pr_ctl_list_add_json (PrCtlList *self, JsonNode *node)
{
  append_json (self, node);
  self->n++;
  print_if (self, PART);
}

static void
append_record (PrCtlList *self, PrRecord *record)
{
  guint n;
  const PrField *fields = pr_record_get_fields (record, &n);

  if (self->n > 0)
    g_string_append_c (self->text, '\n');
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = pr_record_format (record, i);

      g_string_append_printf (self->text, "%-28s %s\n", fields[i].name, text);
    }
}

static void
append_row (PrCtlList *self, PrRecord *record)
{
  if (self->n == 0)
    append_heading (self);
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *cell = format_column (self, record, i);

      append_cell (self, cell, i);
    }
}

/* Adds a record, which is printed soon. */
void
pr_ctl_list_add (PrCtlList *self, PrRecord *record)
{
  if (self->json)
    {
      g_autoptr (JsonNode) node = pr_ctl_record_to_json (record);

      pr_ctl_list_add_json (self, node);
      return;
    }
  if (self->columns != NULL)
    append_row (self, record);
  else
    append_record (self, record);
  self->n++;
  print_if (self, PART);
}

/* Prints what is left of it. */
void
pr_ctl_list_end (PrCtlList *self)
{
  if (self->json)
    g_string_append (self->text, self->n == 0 ? "[]\n" : "\n]\n");
  else if (self->n == 0)
    append_heading (self);
  print_if (self, 1);
}
