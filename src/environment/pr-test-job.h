/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment-private.h"
#include "pr-guard.h"
#include "pr-range-lock.h"
#include "pr-test-queue.h"

G_BEGIN_DECLS

/* One Test & Enable, in four files: pr-environment-test.c makes it from a selection,
 * pr-test-job.c runs it, pr-test-job-work.c does what is much, and pr-test-job-result.c turns
 * reports into what is stored. */

typedef struct _PrJob PrJob;

/* One mailbox of a job, until all of its tests are over. */
typedef struct
{
  gint64 id;
  gsize position;           /* of what else there is about it, in the job's pack */
  PrMailbox *mailbox;       /* (nullable): while somebody needs it: see pr_job_get_mailbox() */
  PrServerProfile *profile; /* (nullable) */
  guint n_left;             /* of its tests: those that were not announced */
  guint n_begun;            /* of these: those that have begun */
  guint n_open;             /* directions that are not over */
  gboolean all_good;
  gboolean is_incoming_queued;
  gboolean is_closed;         /* its incoming test failed: nothing can be looked for in it */
  struct _PrJobTest *waiting; /* (nullable): an outgoing test that looks into the mailbox, too:
                                 after the incoming one */
  char *newest_uid;           /* (nullable): of what its incoming test found in it */
  guint64 told[2];            /* one bit a code: what was told about both directions */
} PrJobMailbox;

/* One direction of one profile: a lane of the queue, with its guard. */
typedef struct
{
  char *name;
  char *host;
  gboolean is_asked;    /* the admin was asked, or has answered */
  gboolean is_given_up; /* the answer was no */
} PrJobSide;

/* One direction of one mailbox. */
typedef struct _PrJobTest PrJobTest;
struct _PrJobTest
{
  PrJob *job;
  PrJobMailbox *row;
  PrDirection direction;
  PrJobSide *side;      /* (nullable): borrowed; NULL: fails without a packet */
  char *credential;     /* (nullable): the profile's log-in that it shares with others */
  GPtrArray *followers; /* (nullable): of PrJobTest: those that its result serves, too */
  PrTestItem *item;
  gboolean verifies;      /* outgoing: looks for its message in the mailbox, too */
  PrSecret *secret;       /* (nullable): while the one of the other direction is fetched */
  PrSecret *token;        /* (nullable): an access token that it runs with */
  gboolean has_new_token; /* one was refused, and it runs again with another */
  gboolean is_begun;      /* its turn has come */
  PrOutcome now_outcome;  /* that fails without a packet: how */
  PrCode now_code;        /* and why */
  PrReport *report;       /* while its result is being stored */
};

/* A result that is also another mailbox's. */
typedef struct
{
  PrJobTest *follower; /* borrowed */
  PrReport *report;    /* (nullable): dropped */
} PrJobShare;

struct _PrJob
{
  PrEnvironment *environment;
  PrTestOptions options;
  PrTestEvents events;
  gpointer events_data;
  PrSelection *selection;
  PrTestQueue *queue;
  PrGuard *guard;
  PrRangeLock *locks; /* (nullable): directions of mailboxes that this job tests now */
  PrEmailSettings *settings;
  GHashTable *sides;          /* name → PrJobSide */
  GHashTable *known_profiles; /* what pr_precheck_mailbox() found out, while tests are added */
  GHashTable *leaders;        /* credential → PrJobTest that waits or runs */
  GPtrArray *holds;           /* of PrTestHold: questions that are not answered */
  PrRecordPack *mailboxes;    /* (nullable): as they were when it began */
  gsize next;                 /* of them: the position of the first that was not added yet */
  GQueue shares;              /* of PrJobShare: still to be told */
  guint work_idle;
  guint n_tests;
  gint64 started_at;  /* microseconds since 1970 */
  GPtrArray *now;     /* of PrJobTest: those that fail without a packet */
  guint n_ended_now;  /* of them */
  GPtrArray *unsaved; /* of PrStoredResult */
  GPtrArray *ended;   /* of PrJobTest: whose results they are */
  gboolean saving;
  gint64 saved_at;  /* monotonic: when the last transaction began */
  guint save_timer; /* until the next one may */
  gboolean is_started;
  gboolean is_held; /* too many results wait to be stored: nothing else begins */
  gboolean running;
  PrTestSummary summary;
  GError *error; /* the first result that could not be stored */
  GCancellable *cancellable;
  gulong cancelled_id;
  guint cancel_idle;
  GTask *task; /* ends the job; owned while it runs */
};

PrReport *pr_job_make_not_run (PrJobTest *test, PrOutcome outcome, PrCode code, const char *detail);
PrTestQueue *pr_job_make_queue (PrJob *job);
gboolean pr_job_can_verify (PrJob *job, PrJobMailbox *row);
PrMailbox *pr_job_get_mailbox (PrJob *job, PrJobMailbox *row);
gboolean pr_job_add_next (PrJob *job);
PrReport *pr_job_make_now (PrJobTest *test);
void pr_job_begin_test (PrJobTest *test);
void pr_job_leave_test (PrJobTest *test);
void pr_job_work (PrJob *job);
void pr_job_start (PrJob *job);
void pr_job_serve_followers (PrJobTest *test, PrReport *report);
void pr_job_share (PrJobTest *follower, PrReport *report);
void pr_job_share_free (PrJobShare *share);
void pr_job_enqueue (PrJobTest *test);
void pr_job_end_test (PrJobTest *test, PrReport *report);
void pr_job_check_done (PrJob *job);
void pr_job_flush (PrJob *job);
void pr_job_set_held (PrJob *job, gboolean held);
void pr_job_remember (PrJob *job);
void pr_test_hold_detach (PrTestHold *hold);

G_END_DECLS
