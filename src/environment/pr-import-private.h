/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment-private.h"
#include "pr-import.h"

G_BEGIN_DECLS

/* Columns of the file; those of fields have the field's name. */
typedef enum
{
  PR_IMPORT_IGNORED = -1, /* an export has it, an import does not take it */
  PR_IMPORT_PROFILE = PR_MAILBOX_N_FIELDS,
  PR_IMPORT_PASSWORD,
} PrImportColumn;

struct _PrImport
{
  PrRecordPack *mailboxes; /* rows that can be imported */
  GPtrArray *passwords;    /* of PrSecret, nullable: one for each of them */
  GPtrArray *problems;     /* of PrImportProblem */
  const char *encoding;
  guint n_rows;
  guint n_passwords;
};

extern const PrMailboxField pr_import_fields[];
extern const guint pr_import_n_fields;
extern const PrMailboxField pr_export_facts[];
extern const guint pr_export_n_facts;

gboolean pr_import_find_column (const char *heading, int *column);

G_END_DECLS
