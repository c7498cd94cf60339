/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrStatement: a prepared statement with its values bound. It stays in the database's table, so
 * that the next one with the same SQL costs one look-up. Store thread. */

#include "pr-database-private.h"

#include <string.h>

#define MAX_KEPT 64 /* statements; the SQL of views and sortings varies */

struct _PrStatement
{
  PrDatabase *database; /* borrowed */
  sqlite3_stmt *handle;
  int n_bound;
  gboolean failed;
  gboolean kept; /* stands in the table, which owns it */
  gboolean used; /* somebody has it */
};

static void
destroy (PrStatement *self)
{
  sqlite3_finalize (self->handle);
  g_free (self);
}

/* The table of an open database. */
GHashTable *
pr_statement_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) destroy);
}

/**
 * pr_database_prepare:
 * @self: a database
 * @sql: one statement
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the statement, for the bind functions in their order
 */
PrStatement *
pr_database_prepare (PrDatabase *self, const char *sql, GError **error)
{
  PrStatement *statement = g_hash_table_lookup (self->statements, sql);
  sqlite3_stmt *handle = NULL;

  if (statement != NULL && !statement->used)
    {
      statement->used = TRUE;
      return statement;
    }
  if (sqlite3_prepare_v2 (self->handle, sql, -1, &handle, NULL) != SQLITE_OK)
    {
      pr_database_set_error (self, error);
      return NULL;
    }
  /* A second one of the same SQL at the same time is not kept. */
  if (statement == NULL && g_hash_table_size (self->statements) < MAX_KEPT)
    {
      statement = g_new0 (PrStatement, 1);
      statement->kept = TRUE;
      g_hash_table_insert (self->statements, g_strdup (sql), statement);
    }
  else
    statement = g_new0 (PrStatement, 1);
  statement->database = self;
  statement->handle = handle;
  statement->used = TRUE;
  return statement;
}

/**
 * pr_statement_free:
 * @self: (transfer full): a statement
 */
void
pr_statement_free (PrStatement *self)
{
  if (!self->kept)
    {
      destroy (self);
      return;
    }
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->n_bound = 0;
  self->failed = FALSE;
  self->used = FALSE;
}

void
pr_statement_bind_text (PrStatement *self, const char *text)
{
  if (sqlite3_bind_text (self->handle, ++self->n_bound, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
    self->failed = TRUE;
}

void
pr_statement_bind_number (PrStatement *self, gint64 number)
{
  if (sqlite3_bind_int64 (self->handle, ++self->n_bound, number) != SQLITE_OK)
    self->failed = TRUE;
}

void
pr_statement_bind_null (PrStatement *self)
{
  if (sqlite3_bind_null (self->handle, ++self->n_bound) != SQLITE_OK)
    self->failed = TRUE;
}

/**
 * pr_statement_next:
 * @self: a statement
 * @error: set on failure
 *
 * Returns: %TRUE when there is a row; %FALSE at the end, or with @error
 */
gboolean
pr_statement_next (PrStatement *self, GError **error)
{
  int result = self->failed ? SQLITE_ERROR : sqlite3_step (self->handle);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    pr_database_set_error (self->database, error);
  return FALSE;
}

/**
 * pr_statement_finish:
 * @self: (transfer full): a statement that gives no rows, or whose rows nobody wants
 * @error: set on failure
 *
 * Runs it and frees it.
 *
 * Returns: whether it succeeded
 */
gboolean
pr_statement_finish (PrStatement *self, GError **error)
{
  g_autoptr (PrStatement) statement = self;
  g_autoptr (GError) local_error = NULL;

  while (pr_statement_next (statement, &local_error))
    ;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

const char *
pr_statement_get_text (PrStatement *self, int column)
{
  const unsigned char *text = sqlite3_column_text (self->handle, column);

  return text != NULL ? (const char *) text : "";
}

gint64
pr_statement_get_number (PrStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

static PrStatement *
query_valist (PrDatabase *self, GError **error, const char *sql, const char *types, va_list args)
{
  PrStatement *statement = pr_database_prepare (self, sql, error);

  for (const char *type = types; statement != NULL && *type != '\0'; type++)
    switch (*type)
      {
        case 's':
          pr_statement_bind_text (statement, va_arg (args, const char *));
          break;
        case 'i':
          pr_statement_bind_number (statement, va_arg (args, gint64));
          break;
        case 'r': /* a reference: 0 is NULL */
          {
            gint64 id = va_arg (args, gint64);

            if (id != 0)
              pr_statement_bind_number (statement, id);
            else
              pr_statement_bind_null (statement);
          }
          break;
        default:
          g_assert_not_reached ();
      }
  return statement;
}

/**
 * pr_database_query:
 * @self: a database
 * @error: set on failure
 * @sql: one statement with "?" for each value
 * @types: a letter per value: "s" text, "i" a #gint64, "r" a #gint64 reference (0: NULL)
 *
 * Returns: (transfer full) (nullable): the statement, for pr_statement_next()
 */
PrStatement *
pr_database_query (PrDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  PrStatement *statement;
  va_list args;

  va_start (args, types);
  statement = query_valist (self, error, sql, types, args);
  va_end (args);
  return statement;
}

/**
 * pr_database_run:
 * @self: a database
 * @error: set on failure
 * @sql: one statement with "?" for each value
 * @types: as for pr_database_query()
 *
 * Returns: whether it succeeded
 */
gboolean
pr_database_run (PrDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  PrStatement *statement;
  va_list args;

  va_start (args, types);
  statement = query_valist (self, error, sql, types, args);
  va_end (args);
  return statement != NULL && pr_statement_finish (statement, error);
}
