/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrJobBar:
 *
 * The line at the bottom of the window that says how far the job is, with “Cancel” and “Details”.
 */
#define PR_TYPE_JOB_BAR (pr_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (PrJobBar, pr_job_bar, PR, JOB_BAR, AdwBin)

void pr_job_bar_set_job (PrJobBar *self, PrWindowJob *job);
PrWindowJob *pr_job_bar_get_job (PrJobBar *self);

G_END_DECLS
