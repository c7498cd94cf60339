/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-test-queue.h"

#include "fake-runner.h"

G_BEGIN_DECLS

typedef struct _PrBench PrBench;

/**
 * PrBenchJob:
 * @prepare_rank: as how many-th it was prepared, from 0; -1: never
 * @outcome: of its report; -1: it was finished without one
 * @item: (nullable): until it is finished
 *
 * One item of the queue, and what the queue told about it.
 */
typedef struct
{
  char *lane;
  char *group;
  guint limit;
  char *exclusive;
  int prepare_rank;
  guint n_finished;
  guint n_progress;
  int outcome;
  PrTestItem *item;
} PrBenchJob;

/**
 * PrBenchMode:
 * @PR_BENCH_START: "prepare" starts the item at once
 * @PR_BENCH_START_LATER: as when a secret has to be fetched first
 * @PR_BENCH_FINISH: "prepare" ends the item without a conversation
 */
typedef enum
{
  PR_BENCH_START,
  PR_BENCH_START_LATER,
  PR_BENCH_FINISH,
} PrBenchMode;

/**
 * PrBench:
 * @after_finished: (nullable): called behind each "finished"
 * @after_prepare: (nullable): called behind each "prepare"
 * @running: group → how many of its items are between "prepare" and "finished"
 *
 * A queue with the fake runner, and a user of it that checks at each call what must always hold.
 */
struct _PrBench
{
  PrTestQueue *queue;
  GPtrArray *jobs; /* of PrBenchJob */
  PrBenchMode mode;
  guint max_running;
  PrStep one_step_from;
  guint n_prepared;
  guint n_finished;
  guint n_progress;
  guint n_drained;
  guint n_open;
  GHashTable *running;
  GHashTable *exclusive;
  GThread *main_thread;
  void (*after_finished) (PrBench *self, PrBenchJob *job);
  void (*after_prepare) (PrBench *self, PrBenchJob *job);
};

PrBench *bench_new (guint max_running, PrBenchMode mode);
PrBench *bench_new_told (guint max_running, PrBenchMode mode, PrStep one_step_from);
void bench_free (PrBench *self);
PrBenchJob *
bench_add (PrBench *self, const char *lane, const char *group, guint limit, const char *exclusive);
void bench_add_many (PrBench *self, const char *lane, guint limit, guint n);
gboolean bench_wait (PrBench *self, gboolean (*done) (PrBench *self));
void bench_wait_workers (PrBench *self, guint n);
void bench_wait_started (PrBench *self, guint n);
void bench_wait_drained (PrBench *self);
void bench_settle (PrBench *self);
void bench_check_all_finished_once (PrBench *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrBench, bench_free)

G_END_DECLS
