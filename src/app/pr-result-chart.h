/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-overview.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrResultChart:
 *
 * How many tests passed and failed on each of the last 30 days.
 */
#define PR_TYPE_RESULT_CHART (pr_result_chart_get_type ())
G_DECLARE_FINAL_TYPE (PrResultChart, pr_result_chart, PR, RESULT_CHART, GtkWidget)

#define PR_RESULT_CHART_DAYS 30

void pr_result_chart_set_hours (PrResultChart *self, GArray *hours, gint64 now);
gboolean pr_result_chart_is_empty (PrResultChart *self);
guint pr_result_chart_get_n_failed (PrResultChart *self, guint day);

G_END_DECLS
