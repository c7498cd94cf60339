/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-cause.h"
#include "pr-job-matrix.h"

G_BEGIN_DECLS

/**
 * PrWindowJob:
 *
 * One Test & Enable as the window shows it: how far it is, what came out. It is started once and
 * lives on while somebody shows its result.
 *
 * Signals: "queued" (mailbox id, #PrDirection), "progress" (mailbox id, #PrDirection, #PrStep),
 * "report" (mailbox id, #PrReport), "held" (host, how many tests wait, the #PrReport of the last
 * refusal, #PrTestHold to be answered) and "finished".
 */
#define PR_TYPE_WINDOW_JOB (pr_window_job_get_type ())
G_DECLARE_FINAL_TYPE (PrWindowJob, pr_window_job, PR, WINDOW_JOB, GObject)

/**
 * PrUnderWay:
 * @since: monotonic: when its first step began
 * @steps: by #PrDirection: the #PrStep that it has come to; -1: none
 *
 * A mailbox that is being tested.
 */
typedef struct
{
  gint64 id;
  gint64 since;
  int steps[2];
} PrUnderWay;

PrWindowJob *pr_window_job_new (PrEnvironment *environment,
                                const char *title,
                                PrSelection *selection,
                                const PrTestOptions *options);
void pr_window_job_start (PrWindowJob *self);
void pr_window_job_cancel (PrWindowJob *self);

PrEnvironment *pr_window_job_get_environment (PrWindowJob *self);
const char *pr_window_job_get_title (PrWindowJob *self);
gboolean pr_window_job_is_running (PrWindowJob *self);
guint pr_window_job_get_n_tests (PrWindowJob *self);
guint pr_window_job_get_n_done (PrWindowJob *self);
guint pr_window_job_get_n_failed (PrWindowJob *self);
double pr_window_job_get_fraction (PrWindowJob *self);
gint64 pr_window_job_get_started_at (PrWindowJob *self);
gint64 pr_window_job_get_seconds_left (PrWindowJob *self);
const PrTestSummary *pr_window_job_get_summary (PrWindowJob *self);
const GError *pr_window_job_get_error (PrWindowJob *self);
gint64 pr_window_job_get_elapsed (PrWindowJob *self);
PrCauses *pr_window_job_get_causes (PrWindowJob *self);
PrJobMatrix *pr_window_job_get_matrix (PrWindowJob *self);
GPtrArray *pr_window_job_list_under_way (PrWindowJob *self);

G_END_DECLS
