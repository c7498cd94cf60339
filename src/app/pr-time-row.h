/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrTimeRow:
 *
 * A row for a date and a time of day, typed or picked from a calendar.
 */
#define PR_TYPE_TIME_ROW (pr_time_row_get_type ())
G_DECLARE_FINAL_TYPE (PrTimeRow, pr_time_row, PR, TIME_ROW, AdwEntryRow)

char *pr_time_row_format (gint64 time);
char *pr_time_row_to_iso (const char *text);

G_END_DECLS
