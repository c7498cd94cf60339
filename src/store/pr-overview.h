/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-store.h"

G_BEGIN_DECLS

/**
 * PrOverviewCounts:
 * @n_mailboxes: all of them
 * @n_active: those that the following are about
 * @n_working: every direction that is set up passed its last test
 * @n_failing: a direction failed its last test
 * @n_not_tested: none failed, but one was not tested yet
 *
 * How many mailboxes are how. Working, failing, not tested, and those with nothing set up add up
 * to the active ones.
 */
typedef struct
{
  guint n_mailboxes;
  guint n_active;
  guint n_working;
  guint n_failing;
  guint n_not_tested;
} PrOverviewCounts;

/**
 * PrOverviewCause:
 * @code: why
 * @n_mailboxes: active ones that fail in one direction or both because of it
 */
typedef struct
{
  PrCode code;
  guint n_mailboxes;
} PrOverviewCause;

/**
 * PrOverviewHour:
 * @hour: hours since 1970 UTC
 */
typedef struct
{
  gint64 hour;
  guint n_success;
  guint n_failure;
} PrOverviewHour;

/**
 * PrOverviewJob:
 *
 * How a Test & Enable went, times in microseconds since 1970.
 */
typedef struct
{
  gint64 started_at;
  gint64 finished_at;
  guint n_success;
  guint n_failure;
  guint n_cancelled;
  guint n_skipped;
  guint n_not_run;
} PrOverviewJob;

/**
 * PrOverviewCertificate:
 * @profile: name of the profile
 * @not_after: microseconds since 1970: when it ends
 *
 * A certificate that a server of a profile showed, and that ends soon or has ended.
 */
typedef struct
{
  gint64 profile_id;
  char *profile;
  PrDirection direction;
  char *host;
  guint port;
  gint64 not_after;
} PrOverviewCertificate;

/**
 * PrOverview:
 * @all: of all mailboxes together
 * @profiles: (element-type gint64 PrOverviewCounts): by the id of the profile; 0: those without
 * @causes: (element-type PrOverviewCause): the most frequent first
 * @hours: (element-type PrOverviewHour): hours with tests since @since, the earliest first
 * @certificates: (element-type PrOverviewCertificate): those that end before @until, the next one
 *   first
 * @next_retry: microseconds since 1970; 0: none waits
 * @last_job: all zero when there was none
 *
 * What an admin asks first.
 */
typedef struct
{
  PrOverviewCounts all;
  GHashTable *profiles;
  GPtrArray *causes;
  GArray *hours;
  GPtrArray *certificates;
  guint n_pending;
  guint n_rejected;
  guint n_enabled;
  guint n_retrying;
  gint64 next_retry;
  guint n_alerts;
  guint n_unread;
  guint n_errors;
  PrOverviewJob last_job;
} PrOverview;

void pr_overview_free (PrOverview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrOverview, pr_overview_free)

void pr_store_load_overview_async (PrStore *self,
                                   gint64 since,
                                   gint64 until,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
PrOverview *pr_store_load_overview_finish (PrStore *self, GAsyncResult *result, GError **error);
void pr_store_save_job_async (PrStore *self,
                              const PrOverviewJob *job,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pr_store_save_job_finish (PrStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
