/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * PrImportProblem:
 * @line: in the file, from 1
 * @column: (nullable): the heading of the column; %NULL: the whole row
 * @message: what is wrong, and what is accepted
 *
 * Why a row cannot be imported.
 */
typedef struct
{
  guint line;
  char *column;
  char *message;
} PrImportProblem;

/**
 * PrImport:
 *
 * A file that was read and checked against an environment, and not imported yet.
 */
typedef struct _PrImport PrImport;

void pr_import_free (PrImport *self);
guint pr_import_get_n_rows (PrImport *self);
guint pr_import_get_n_passwords (PrImport *self);
const char *pr_import_get_encoding (PrImport *self);
guint pr_import_get_n_mailboxes (PrImport *self);
GPtrArray *pr_import_list_mailboxes (PrImport *self, guint most);
GPtrArray *pr_import_get_problems (PrImport *self);
char *pr_import_make_template (void);

void pr_environment_read_import_async (PrEnvironment *self,
                                       GBytes *file,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
PrImport *
pr_environment_read_import_finish (PrEnvironment *self, GAsyncResult *result, GError **error);
void pr_environment_run_import_async (PrEnvironment *self,
                                      PrImport *import,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean pr_environment_run_import_finish (PrEnvironment *self,
                                           GAsyncResult *result,
                                           guint *n_imported,
                                           GError **error);
void pr_environment_export_async (PrEnvironment *self,
                                  PrSelection *selection,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GBytes *pr_environment_export_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrImport, pr_import_free)

G_END_DECLS
