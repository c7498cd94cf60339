/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

G_BEGIN_DECLS

/**
 * PrExportFormat:
 * @PR_EXPORT_TEXT: for a ticket
 * @PR_EXPORT_CSV: a row a direction
 * @PR_EXPORT_HTML: one page that needs nothing else
 */
typedef enum
{
  PR_EXPORT_TEXT,
  PR_EXPORT_JSON,
  PR_EXPORT_CSV,
  PR_EXPORT_HTML,
} PrExportFormat;

#define PR_TYPE_EXPORT_FORMAT (pr_export_format_get_type ())
GType pr_export_format_get_type (void);

/**
 * PrExportFlags:
 * @PR_EXPORT_TRANSCRIPT: with every line that was said
 * @PR_EXPORT_ANONYMOUS: without email addresses and user names
 */
typedef enum
{
  PR_EXPORT_NONE = 0,
  PR_EXPORT_TRANSCRIPT = 1 << 0,
  PR_EXPORT_ANONYMOUS = 1 << 1,
} PrExportFlags;

char *pr_report_export (GPtrArray *reports, PrExportFormat format, PrExportFlags flags);

/* pr-report-html.c, pr-report-anonymous.c */
char *pr_report_export_html (GPtrArray *reports, PrExportFlags flags);
GPtrArray *pr_report_make_anonymous (GPtrArray *reports);

G_END_DECLS
