/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-database.h"

G_BEGIN_DECLS

/* Files of databases, from outside: with SQLite itself, or byte by byte. */

char *files_make_folder (void);
void files_remove_folder (char *folder);
char *files_read (const char *path, gsize *length);
void files_write (const char *path, const char *bytes, gsize length);
void files_copy (const char *from, const char *to);
char *files_list (const char *folder);
void files_patch (const char *path, gsize offset, const void *bytes, gsize length);

void files_run_sql (const char *path, const char *sql);
char *files_query (const char *path, const char *sql);
void files_build (const char *path, const char *fixture);

/* Run @func in a process that may not write what others own; root may write everything. */
void files_run_as_nobody (void (*func) (const char *folder), const char *folder);

G_END_DECLS
