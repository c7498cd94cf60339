/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records as rows: a field of a record is the column of its name, so that the table of fields is
 * the only list there is. Store thread. */

#include "pr-database.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * pr_row_get_column_name:
 * @field: a field
 *
 * Returns: (transfer full): its column: the name with "_" for "-"
 */
char *
pr_row_get_column_name (const PrField *field)
{
  return g_strdelimit (g_strdup (field->name), "-", '_');
}

static gboolean
is_stored (const PrField *field)
{
  return (field->flags & PR_FIELD_DERIVED) == 0;
}

/**
 * pr_row_get_columns:
 * @fields: a table of fields
 * @n_fields: rows of it
 * @alias: of the table in the query
 *
 * Returns: (transfer full): "id, version, ..." as pr_row_read() wants them
 */
char *
pr_row_get_columns (const PrField *fields, guint n_fields, const char *alias)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "%s.id, %s.version", alias, alias);
  for (guint i = 0; i < n_fields; i++)
    if (is_stored (&fields[i]))
      {
        g_autofree char *column = pr_row_get_column_name (&fields[i]);

        g_string_append_printf (sql, ", %s.%s", alias, column);
      }
  return g_string_free (sql, FALSE);
}

/**
 * pr_row_read:
 * @statement: a query of pr_row_get_columns() that stands on a row
 * @fields: a table of fields
 * @n_fields: rows of it
 * @column: (inout): where to begin; then the first column behind the record
 *
 * Returns: (transfer full): the record's values; fields that are looked up are left empty
 */
PrValues *
pr_row_read (PrStatement *statement, const PrField *fields, guint n_fields, int *column)
{
  PrValues *values = pr_values_new (n_fields);

  values->id = pr_statement_get_number (statement, (*column)++);
  values->version = pr_statement_get_number (statement, (*column)++);
  for (guint i = 0; i < n_fields; i++)
    {
      int number;

      if (!is_stored (&fields[i]))
        continue;
      if (fields[i].kind == PR_FIELD_TEXT)
        values->slots[i].text = g_strdup (pr_statement_get_text (statement, *column));
      else if (fields[i].kind != PR_FIELD_ENUM)
        values->slots[i].number = pr_statement_get_number (statement, *column);
      else if (pr_enum_from_nick (fields[i].enum_type (),
                                  pr_statement_get_text (statement, *column), &number))
        values->slots[i].number = number;
      else
        values->slots[i].number = fields[i].initial;
      (*column)++;
    }
  return values;
}

/**
 * pr_row_bind:
 * @statement: a statement
 * @field: a field
 * @values: a record's values
 * @i: index of @field
 *
 * Binds the field's value as the next one.
 */
void
pr_row_bind (PrStatement *statement, const PrField *field, const PrValues *values, guint i)
{
  gint64 number = values->slots[i].number;

  switch (field->kind)
    {
      case PR_FIELD_TEXT:
        pr_statement_bind_text (statement,
                                values->slots[i].text != NULL ? values->slots[i].text : "");
        break;
      case PR_FIELD_ENUM:
        pr_statement_bind_text (statement, pr_enum_to_nick (field->enum_type (), (int) number));
        break;
      case PR_FIELD_REFERENCE:
        if (number == 0)
          pr_statement_bind_null (statement);
        else
          pr_statement_bind_number (statement, number);
        break;
      case PR_FIELD_BOOLEAN:
        pr_statement_bind_number (statement, number != 0);
        break;
      case PR_FIELD_INTEGER:
      case PR_FIELD_TIME:
        pr_statement_bind_number (statement, number);
        break;
    }
}

/**
 * pr_row_insert:
 * @self: a database
 * @table: a table
 * @fields: its fields
 * @values: a record's values; its id and version are set. If it has an id it gets that
 * @key: (nullable): value of a column KEY=... as "column=value", for unique keys made by us
 * @error: set on failure
 *
 * Returns: whether the row was inserted
 */
gboolean
pr_row_insert (PrDatabase *self,
               const char *table,
               const PrField *fields,
               PrValues *values,
               const char *key,
               GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new (NULL);
  PrStatement *statement;
  const char *value = key != NULL ? strchr (key, '=') : NULL;

  g_string_printf (sql, "INSERT INTO %s (", table);
  if (value != NULL)
    {
      g_string_append_len (sql, key, value - key);
      g_string_append (marks, "?");
    }
  if (values->id != 0)
    {
      g_string_append (sql, marks->len > 0 ? ", id" : "id");
      g_string_append (marks, marks->len > 0 ? ", ?" : "?");
    }
  for (guint i = 0; i < values->n; i++)
    if (is_stored (&fields[i]))
      {
        g_autofree char *column = pr_row_get_column_name (&fields[i]);

        g_string_append_printf (sql, "%s%s", marks->len > 0 ? ", " : "", column);
        g_string_append (marks, marks->len > 0 ? ", ?" : "?");
      }
  g_string_append_printf (sql, ") VALUES (%s)", marks->str);

  statement = pr_database_prepare (self, sql->str, error);
  if (statement == NULL)
    return FALSE;
  if (value != NULL)
    pr_statement_bind_text (statement, value + 1);
  if (values->id != 0)
    pr_statement_bind_number (statement, values->id);
  for (guint i = 0; i < values->n; i++)
    if (is_stored (&fields[i]))
      pr_row_bind (statement, &fields[i], values, i);
  if (!pr_statement_finish (statement, error))
    return FALSE;
  values->id = pr_database_get_last_id (self);
  values->version = 1;
  return TRUE;
}

/**
 * pr_row_update:
 * @self: a database
 * @table: a table
 * @fields: its fields
 * @values: a record's values; its version is set
 * @key: (nullable): as for pr_row_insert()
 * @error: set to %PR_ERROR_CONFLICT if the row was changed or removed since @values were read
 *
 * Writes what an admin can edit and nothing else: statuses that a test writes at the same time
 * are not touched.
 *
 * Returns: whether the row was updated
 */
gboolean
pr_row_update (PrDatabase *self,
               const char *table,
               const PrField *fields,
               PrValues *values,
               const char *key,
               GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  PrStatement *statement;
  const char *value = key != NULL ? strchr (key, '=') : NULL;

  g_string_printf (sql, "UPDATE %s SET version = version + 1", table);
  if (value != NULL)
    g_string_append_printf (sql, ", %.*s = ?", (int) (value - key), key);
  for (guint i = 0; i < values->n; i++)
    if (is_stored (&fields[i]) && (fields[i].flags & PR_FIELD_EDITABLE) != 0)
      {
        g_autofree char *column = pr_row_get_column_name (&fields[i]);

        g_string_append_printf (sql, ", %s = ?", column);
      }
  g_string_append (sql, " WHERE id = ? AND version = ?");

  statement = pr_database_prepare (self, sql->str, error);
  if (statement == NULL)
    return FALSE;
  if (value != NULL)
    pr_statement_bind_text (statement, value + 1);
  for (guint i = 0; i < values->n; i++)
    if (is_stored (&fields[i]) && (fields[i].flags & PR_FIELD_EDITABLE) != 0)
      pr_row_bind (statement, &fields[i], values, i);
  pr_statement_bind_number (statement, values->id);
  pr_statement_bind_number (statement, values->version);
  if (!pr_statement_finish (statement, error))
    return FALSE;
  if (pr_database_get_n_changed (self) == 0)
    {
      pr_set_error (error, PR_ERROR_CONFLICT, NULL,
                    _ ("It was changed or removed in the meantime. Nothing was saved; open it "
                       "again."));
      return FALSE;
    }
  values->version++;
  return TRUE;
}
