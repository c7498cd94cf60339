/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-database.h"

G_BEGIN_DECLS

struct _PrDatabase
{
  sqlite3 *handle;
  char *path;
  gboolean read_only;
  GHashTable *statements;    /* SQL → sqlite3_stmt that nobody uses at the moment */
  GCancellable *cancellable; /* borrowed */
  guint changed;             /* #PrStoreChanged of the transaction that runs */
  gint64 data_version;       /* grows when another program has written */
};

void pr_database_set_error (PrDatabase *self, GError **error);

/* pr-database-functions.c */
gboolean pr_database_teach (PrDatabase *self, GError **error);

G_END_DECLS
