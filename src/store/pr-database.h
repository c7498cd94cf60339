/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-error.h"
#include "pr-record.h"
#include "pr-store-changed.h"

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * PrDatabase:
 *
 * One SQLite file of one environment. Belongs to the store thread (in tests: to one thread).
 */
typedef struct _PrDatabase PrDatabase;

/**
 * PrDatabaseFlags:
 * @PR_DATABASE_CREATE: make the file if there is none
 * @PR_DATABASE_READ_ONLY: never write, even if that were possible
 */
typedef enum
{
  PR_DATABASE_NONE = 0,
  PR_DATABASE_CREATE = 1 << 0,
  PR_DATABASE_READ_ONLY = 1 << 1,
} PrDatabaseFlags;

#define PR_SCHEMA_VERSION 10

PrDatabase *pr_database_open (const char *path, PrDatabaseFlags flags, GError **error);
void pr_database_close (PrDatabase *self);
gboolean pr_database_is_read_only (PrDatabase *self);
const char *pr_database_get_path (PrDatabase *self);
void pr_database_set_cancellable (PrDatabase *self, GCancellable *cancellable);
gboolean pr_database_is_told (PrDatabase *self);
void pr_database_begin_rows (PrDatabase *self, guint total);
void pr_database_advance_rows (PrDatabase *self, guint n);

gboolean pr_database_begin (PrDatabase *self, gboolean write, GError **error);
gboolean pr_database_commit (PrDatabase *self, GError **error);
void pr_database_rollback (PrDatabase *self);
guint pr_database_take_changed (PrDatabase *self, gboolean committed);

/**
 * PrStatement:
 *
 * A running query. The text of SQL is always ours; values are always bound.
 */
typedef struct _PrStatement PrStatement;

PrStatement *
pr_database_query (PrDatabase *self, GError **error, const char *sql, const char *types, ...);
PrStatement *pr_database_prepare (PrDatabase *self, const char *sql, GError **error);
gboolean
pr_database_run (PrDatabase *self, GError **error, const char *sql, const char *types, ...);
gint64 pr_database_get_last_id (PrDatabase *self);
guint pr_database_get_n_changed (PrDatabase *self);

void pr_statement_bind_text (PrStatement *self, const char *text);
void pr_statement_bind_number (PrStatement *self, gint64 number);
void pr_statement_bind_null (PrStatement *self);
gboolean pr_statement_next (PrStatement *self, GError **error);
gboolean pr_statement_finish (PrStatement *self, GError **error);
const char *pr_statement_get_text (PrStatement *self, int column);
gint64 pr_statement_get_number (PrStatement *self, int column);
void pr_statement_free (PrStatement *self);

/* pr-row.c: records as rows. */
char *pr_row_get_columns (const PrField *fields, guint n_fields, const char *alias);
PrValues *pr_row_read (PrStatement *statement, const PrField *fields, guint n_fields, int *column);
void pr_row_bind (PrStatement *statement, const PrField *field, const PrValues *values, guint i);
gboolean pr_row_insert (PrDatabase *self,
                        const char *table,
                        const PrField *fields,
                        PrValues *values,
                        const char *key,
                        GError **error);
gboolean pr_row_update (PrDatabase *self,
                        const char *table,
                        const PrField *fields,
                        PrValues *values,
                        const char *key,
                        GError **error);
char *pr_row_get_column_name (const PrField *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDatabase, pr_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrStatement, pr_statement_free)

G_END_DECLS
