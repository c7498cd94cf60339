/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrJobView:
 *
 * The window with the details of one job: what runs, and the results with equal causes grouped.
 */
#define PR_TYPE_JOB_VIEW (pr_job_view_get_type ())
G_DECLARE_FINAL_TYPE (PrJobView, pr_job_view, PR, JOB_VIEW, AdwWindow)

PrJobView *pr_job_view_new (PrWindowJob *job);

G_END_DECLS
