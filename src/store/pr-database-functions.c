/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What SQLite is taught: to sort and to search text as people of any language do (its own NOCASE
 * and LIKE know only the 26 letters of ASCII), to tell how many rows are done, and to remember
 * which tables a transaction has changed. Store thread. */

#include "pr-database-private.h"

#include "pr-text.h"

#include <string.h>

#define FOLDED_ON_STACK 300
#define TELL_ROWS 100 /* rows between two looks at the lock of the progress */

static void
sort_key (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = (const char *) sqlite3_value_text (arguments[0]);
  char *key;

  if (text == NULL)
    return;
  key = g_utf8_collate_key (text, -1);
  /* Bytes, not text: the key is for comparing only. */
  sqlite3_result_blob64 (context, key, strlen (key), g_free);
}

/* Folds ASCII on the stack; %NULL for anything else. */
static const char *
fold_ascii (const char *text, char *buffer, gsize size)
{
  gsize i;

  for (i = 0; text[i] != '\0'; i++)
    {
      if (i + 1 == size || (guint8) text[i] >= 0x80)
        return NULL;
      buffer[i] = g_ascii_tolower (text[i]);
    }
  buffer[i] = '\0';
  return buffer;
}

/* pr_contains (text, needle), with a needle that pr_text_fold() has made. */
static void
contains (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = (const char *) sqlite3_value_text (arguments[0]);
  const char *needle = (const char *) sqlite3_value_text (arguments[1]);
  char buffer[FOLDED_ON_STACK];
  g_autofree char *folded = NULL;
  const char *ascii;

  if (text == NULL || needle == NULL)
    return;
  ascii = fold_ascii (text, buffer, sizeof buffer);
  if (ascii == NULL)
    ascii = folded = pr_text_fold (text);
  sqlite3_result_int (context, strstr (ascii, needle) != NULL);
}

/* pr_tell (value): the value, and one row more is done. */
static void
tell (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  PrDatabase *self = sqlite3_user_data (context);

  if (++self->n_untold >= TELL_ROWS)
    pr_database_advance_rows (self, 0);
  sqlite3_result_value (context, arguments[0]);
}

static void
on_row_changed (void *data, int operation, const char *schema, const char *table, sqlite3_int64 id)
{
  PrDatabase *self = data;

  if (strcmp (table, "mailboxes") == 0)
    self->changed |= operation == SQLITE_UPDATE
                         ? PR_STORE_CHANGED_MAILBOXES
                         : PR_STORE_CHANGED_MAILBOXES | PR_STORE_CHANGED_MEMBERS;
  else if (strcmp (table, "alerts") == 0)
    self->changed |= PR_STORE_CHANGED_ALERTS;
  else if (strcmp (table, "profiles") == 0)
    self->changed |= PR_STORE_CHANGED_PROFILES;
  else if (strcmp (table, "email_settings") == 0)
    self->changed |= PR_STORE_CHANGED_SETTINGS;
}

static gint64
get_data_version (PrDatabase *self)
{
  g_autoptr (PrStatement) statement = pr_database_query (self, NULL, "PRAGMA data_version", "");

  return statement != NULL && pr_statement_next (statement, NULL)
             ? pr_statement_get_number (statement, 0)
             : self->data_version;
}

/**
 * pr_database_teach:
 * @self: a database that was just opened
 * @error: set on failure
 *
 * Returns: whether the functions and hooks are there
 */
gboolean
pr_database_teach (PrDatabase *self, GError **error)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

  if (sqlite3_create_function_v2 (self->handle, "pr_sort_key", 1, flags, NULL, sort_key, NULL, NULL,
                                  NULL)
          != SQLITE_OK
      || sqlite3_create_function_v2 (self->handle, "pr_contains", 2, flags, NULL, contains, NULL,
                                     NULL, NULL)
             != SQLITE_OK
      || sqlite3_create_function_v2 (self->handle, "pr_tell", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                     self, tell, NULL, NULL, NULL)
             != SQLITE_OK)
    {
      pr_database_set_error (self, error);
      return FALSE;
    }
  sqlite3_update_hook (self->handle, on_row_changed, self);
  self->data_version = get_data_version (self);
  return TRUE;
}

/**
 * pr_database_take_changed:
 * @self: a database, outside of a transaction
 * @committed: whether what this connection has changed was committed
 *
 * Returns: #PrStoreChanged: what has changed since the last call: by this connection, or (then it
 * is not known what, so everything) by another program
 */
guint
pr_database_take_changed (PrDatabase *self, gboolean committed)
{
  guint changed = committed ? self->changed : 0;
  gint64 data_version = get_data_version (self);

  if (data_version != self->data_version)
    changed = PR_STORE_CHANGED_ALL;
  self->data_version = data_version;
  self->changed = 0;
  return changed;
}
