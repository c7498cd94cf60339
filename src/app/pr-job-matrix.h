/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-row.h"
#include "pr-report.h"

G_BEGIN_DECLS

/**
 * PrJobMatrix:
 *
 * Where each direction of each mailbox stands in a job: what the grid shows while it runs.
 */
typedef struct _PrJobMatrix PrJobMatrix;

PrJobMatrix *pr_job_matrix_new (void);
void pr_job_matrix_free (PrJobMatrix *self);
void pr_job_matrix_queue (PrJobMatrix *self, gint64 id, PrDirection direction);
void pr_job_matrix_step (PrJobMatrix *self, gint64 id, PrDirection direction, PrStep step);
void pr_job_matrix_end (PrJobMatrix *self, gint64 id, const PrReport *report);
void pr_job_matrix_get (PrJobMatrix *self, gint64 id, PrTestProgress *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrJobMatrix, pr_job_matrix_free)

G_END_DECLS
