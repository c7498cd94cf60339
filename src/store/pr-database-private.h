/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-database.h"

G_BEGIN_DECLS

struct _PrDatabase
{
  sqlite3 *handle;
  char *path;
  gboolean read_only;
  GHashTable *statements;    /* SQL → PrStatement */
  GCancellable *cancellable; /* borrowed */
  guint n_untold;            /* rows that pr_tell() has seen and the progress was not told of */
  guint changed;             /* #PrStoreChanged of the transaction that runs */
  gint64 data_version;       /* grows when another program has written */
};

void pr_database_set_error (PrDatabase *self, GError **error);
gboolean pr_database_open_handle (PrDatabase *self, const char *uri, int flags, GError **error);

/* pr-statement.c */
GHashTable *pr_statement_table_new (void);

/* pr-database-file.c */

/* "Prmb": tells an environment from any other SQLite file. */
#define PR_APPLICATION_ID_SQLITE 0x50726d62

gboolean pr_database_check_file (const char *path, gsize *size, GError **error);
void pr_database_set_newer (const char *path, gint64 version, GError **error);
void pr_database_set_foreign (const char *path, GError **error);
void pr_database_set_damaged (const char *path, GError **error);
void pr_database_set_unsound (const char *path, const char *what, GError **error);

/* pr-database-bytes.c */

/**
 * PrDatabaseBytes:
 *
 * A file that is read as it is.
 */
typedef struct _PrDatabaseBytes PrDatabaseBytes;

PrDatabaseBytes *pr_database_bytes_open (const char *path, gboolean is_log, GError **error);
void pr_database_bytes_close (PrDatabaseBytes *self);
gssize pr_database_bytes_read (PrDatabaseBytes *self, gint64 offset, guint8 *buffer, gsize n);
gboolean pr_database_bytes_copy (PrDatabaseBytes *self, const char *target, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrDatabaseBytes, pr_database_bytes_close)

/* pr-database-copy.c */
gboolean pr_database_has_log (const char *path);
gboolean pr_database_open_copy (PrDatabase *self, GError **error);

/* pr-database-health.c */
void pr_database_health_begin (void);
gboolean pr_database_health_check (PrDatabase *self, gboolean had_log, GError **error);

/* pr-database-functions.c */
gboolean pr_database_teach (PrDatabase *self, GError **error);

G_END_DECLS
