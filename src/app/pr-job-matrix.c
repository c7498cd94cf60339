/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrJobMatrix: two small records for each mailbox of a job, by its id. Main thread. */

#include "pr-job-matrix.h"

#include <string.h>

struct _PrJobMatrix
{
  GHashTable *entries; /* id → PrEntry */
};

typedef struct
{
  gint64 id;
  PrTestProgress progress[PR_N_DIRECTIONS];
} PrEntry;

/* One bit for each step. */
G_STATIC_ASSERT (PR_N_STEPS <= 16);

static PrTestProgress *
get (PrJobMatrix *self, gint64 id, PrDirection direction)
{
  PrEntry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry == NULL)
    {
      entry = g_new0 (PrEntry, 1);
      entry->id = id;
      g_hash_table_insert (self->entries, &entry->id, entry);
    }
  return &entry->progress[direction];
}

/**
 * pr_job_matrix_new:
 *
 * Returns: (transfer full): a matrix without mailboxes
 */
PrJobMatrix *
pr_job_matrix_new (void)
{
  PrJobMatrix *self = g_new0 (PrJobMatrix, 1);

  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

/**
 * pr_job_matrix_free:
 * @self: (transfer full): a matrix
 */
void
pr_job_matrix_free (PrJobMatrix *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

/**
 * pr_job_matrix_queue:
 * @self: a matrix
 * @id: of a mailbox
 * @direction: what waits for its turn
 */
void
pr_job_matrix_queue (PrJobMatrix *self, gint64 id, PrDirection direction)
{
  *get (self, id, direction) = (PrTestProgress){ .state = PR_PROGRESS_QUEUED };
}

/**
 * pr_job_matrix_step:
 * @self: a matrix
 * @id: of a mailbox
 * @direction: what is being tested
 * @step: where it has come to: the one before it went well
 */
void
pr_job_matrix_step (PrJobMatrix *self, gint64 id, PrDirection direction, PrStep step)
{
  PrTestProgress *progress = get (self, id, direction);

  /* A test that was begun again has passed nothing. */
  if (progress->state == PR_PROGRESS_RUNNING && step > (PrStep) progress->step)
    progress->passed |= (guint16) (1u << progress->step);
  else
    progress->passed = 0;
  progress->state = PR_PROGRESS_RUNNING;
  progress->step = (guint8) step;
}

/**
 * pr_job_matrix_end:
 * @self: a matrix
 * @id: of a mailbox
 * @report: how one of its directions ended
 */
void
pr_job_matrix_end (PrJobMatrix *self, gint64 id, const PrReport *report)
{
  static const guint8 states[] = {
    [PR_OUTCOME_SUCCESS] = PR_PROGRESS_SUCCESS,
    [PR_OUTCOME_FAILURE] = PR_PROGRESS_FAILURE,
    [PR_OUTCOME_CANCELLED] = PR_PROGRESS_CANCELLED,
    [PR_OUTCOME_SKIPPED] = PR_PROGRESS_SKIPPED,
  };
  PrTestProgress *progress = get (self, id, report->direction);

  *progress = (PrTestProgress){
    .state = states[report->outcome],
    .step = (guint8) report->failed_step,
    .code = (guint16) report->code,
  };
  for (guint i = 0; i < report->steps->len; i++)
    {
      const PrReportStep *step = g_ptr_array_index (report->steps, i);

      if (step->outcome == PR_OUTCOME_SUCCESS)
        progress->passed |= (guint16) (1u << step->id);
    }
}

/**
 * pr_job_matrix_get:
 * @self: a matrix
 * @id: of a mailbox
 * @progress: (out) (array fixed-size=2): where its directions stand; left alone if it is not in
 *   the job
 */
void
pr_job_matrix_get (PrJobMatrix *self, gint64 id, PrTestProgress *progress)
{
  const PrEntry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry != NULL)
    memcpy (progress, entry->progress, sizeof entry->progress);
}
