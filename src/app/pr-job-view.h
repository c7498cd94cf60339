/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window.h"

G_BEGIN_DECLS

/**
 * PrJobView:
 *
 * One job as a window of its own: how far it is, which mailboxes are at which step, and one row a
 * cause with the button that mends it for all that it hit. Closing it leaves the job alone.
 */
#define PR_TYPE_JOB_VIEW (pr_job_view_get_type ())
G_DECLARE_FINAL_TYPE (PrJobView, pr_job_view, PR, JOB_VIEW, AdwWindow)

PrJobView *pr_job_view_new (PrWindow *window);
void pr_job_view_set_job (PrJobView *self, PrWindowJob *job);

G_END_DECLS
