/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindowJob: what pr_environment_test_async() tells, as properties and signals for widgets. The
 * counts notify at a bounded rate, so that thousands of tests a second do not make the window
 * do nothing but redraw them. Main thread. */

#include "pr-window-job.h"

#define NOTIFY_INTERVAL_MS 100

struct _PrWindowJob
{
  GObject parent_instance;

  /* Owned */
  PrEnvironment *environment;
  char *title;
  PrSelection *selection;
  GCancellable *cancellable;
  PrCauses *causes;
  PrJobMatrix *matrix;
  GHashTable *under_way; /* id → PrUnderWay */
  GError *error;

  PrTestOptions options;
  PrTestSummary summary;
  guint n_tests;
  guint n_done;
  guint n_failed;
  gint64 started_at; /* monotonic */
  gint64 ended_at;
  gboolean running;
  guint notify_id;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_RUNNING,
  PROP_N_TESTS,
  PROP_N_DONE,
  PROP_N_FAILED,
  PROP_FRACTION,
  N_PROPS,
};

enum
{
  SIGNAL_QUEUED,
  SIGNAL_PROGRESS,
  SIGNAL_REPORT,
  SIGNAL_HELD,
  SIGNAL_FINISHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrWindowJob, pr_window_job, G_TYPE_OBJECT)

static void
pr_window_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrWindowJob *self = PR_WINDOW_JOB (object);

  switch (id)
    {
      case PROP_TITLE:
        g_value_set_string (value, self->title);
        break;
      case PROP_RUNNING:
        g_value_set_boolean (value, self->running);
        break;
      case PROP_N_TESTS:
        g_value_set_uint (value, self->n_tests);
        break;
      case PROP_N_DONE:
        g_value_set_uint (value, self->n_done);
        break;
      case PROP_N_FAILED:
        g_value_set_uint (value, self->n_failed);
        break;
      case PROP_FRACTION:
        g_value_set_double (value, pr_window_job_get_fraction (self));
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_window_job_finalize (GObject *object)
{
  PrWindowJob *self = PR_WINDOW_JOB (object);

  g_clear_handle_id (&self->notify_id, g_source_remove);
  g_clear_object (&self->environment);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->selection, pr_selection_free);
  g_clear_pointer (&self->causes, pr_causes_free);
  g_clear_pointer (&self->matrix, pr_job_matrix_free);
  g_hash_table_unref (self->under_way);
  g_clear_error (&self->error);
  g_free (self->title);
  G_OBJECT_CLASS (pr_window_job_parent_class)->finalize (object);
}

static void
pr_window_job_class_init (PrWindowJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = pr_window_job_finalize;
  object_class->get_property = pr_window_job_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_N_TESTS] = g_param_spec_uint ("n-tests", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_DONE] = g_param_spec_uint ("n-done", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_FAILED] = g_param_spec_uint ("n-failed", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_QUEUED] =
      g_signal_new ("queued", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_INT64, PR_TYPE_DIRECTION);
  signals[SIGNAL_PROGRESS] =
      g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, G_TYPE_INT64, PR_TYPE_DIRECTION, PR_TYPE_STEP);
  signals[SIGNAL_REPORT] =
      g_signal_new ("report", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_POINTER);
  signals[SIGNAL_HELD] =
      g_signal_new ("held", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_UINT, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_window_job_init (PrWindowJob *self)
{
  self->cancellable = g_cancellable_new ();
  self->under_way = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
}

/**
 * pr_window_job_new:
 * @environment: where its mailboxes are
 * @title: what it is about, such as “All mailboxes of Example mail”
 * @selection: which mailboxes; copied
 * @options: what to test
 *
 * Returns: (transfer full): a job that was not started yet
 */
PrWindowJob *
pr_window_job_new (PrEnvironment *environment,
                   const char *title,
                   PrSelection *selection,
                   const PrTestOptions *options)
{
  PrWindowJob *self = g_object_new (PR_TYPE_WINDOW_JOB, NULL);

  self->environment = g_object_ref (environment);
  self->causes = pr_causes_new (environment);
  self->matrix = pr_job_matrix_new ();
  self->title = g_strdup (title);
  self->selection = pr_selection_copy (selection);
  self->options = *options;
  return self;
}

static void
notify_counts (PrWindowJob *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TESTS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_DONE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_FAILED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}

static gboolean
on_notify (gpointer user_data)
{
  PrWindowJob *self = user_data;

  self->notify_id = 0;
  notify_counts (self);
  return G_SOURCE_REMOVE;
}

static void
queue_notify (PrWindowJob *self)
{
  if (self->notify_id == 0)
    self->notify_id = g_timeout_add (NOTIFY_INTERVAL_MS, on_notify, self);
}

static void
on_started (PrEnvironment *environment, guint n_tests, gpointer user_data)
{
  PrWindowJob *self = user_data;

  self->n_tests = n_tests;
  queue_notify (self);
}

/* Where a mailbox is; @step -1: that direction is over. */
static void
note_step (PrWindowJob *self, gint64 id, PrDirection direction, int step)
{
  PrUnderWay *mailbox = g_hash_table_lookup (self->under_way, &id);

  if (mailbox == NULL && step >= 0)
    {
      mailbox = g_new0 (PrUnderWay, 1);
      *mailbox = (PrUnderWay){ id, g_get_monotonic_time (), { -1, -1 } };
      g_hash_table_insert (self->under_way, &mailbox->id, mailbox);
    }
  if (mailbox == NULL)
    return;
  mailbox->steps[direction] = step;
  if (mailbox->steps[0] < 0 && mailbox->steps[1] < 0)
    g_hash_table_remove (self->under_way, &id);
}

static void
on_queued (PrEnvironment *environment, gint64 mailbox_id, PrDirection direction, gpointer user_data)
{
  PrWindowJob *self = user_data;

  pr_job_matrix_queue (self->matrix, mailbox_id, direction);
  g_signal_emit (self, signals[SIGNAL_QUEUED], 0, mailbox_id, direction);
}

static void
on_progress (PrEnvironment *environment,
             gint64 mailbox_id,
             PrDirection direction,
             PrStep step,
             gpointer user_data)
{
  PrWindowJob *self = user_data;

  note_step (self, mailbox_id, direction, step);
  pr_job_matrix_step (self->matrix, mailbox_id, direction, step);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0, mailbox_id, direction, step);
}

static void
on_report (PrEnvironment *environment, gint64 mailbox_id, PrReport *report, gpointer user_data)
{
  PrWindowJob *self = user_data;

  self->n_done++;
  if (report->outcome == PR_OUTCOME_FAILURE)
    self->n_failed++;
  pr_causes_add (self->causes, mailbox_id, report);
  pr_job_matrix_end (self->matrix, mailbox_id, report);
  note_step (self, mailbox_id, report->direction, -1);
  queue_notify (self);
  g_signal_emit (self, signals[SIGNAL_REPORT], 0, mailbox_id, report);
}

static void
on_held (PrEnvironment *environment,
         const char *host,
         guint n_waiting,
         PrReport *cause,
         PrTestHold *hold,
         gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_HELD], 0, host, n_waiting, cause, hold);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrWindowJob) self = user_data;

  pr_environment_test_finish (PR_ENVIRONMENT (source), result, &self->summary, &self->error);
  self->running = FALSE;
  self->ended_at = g_get_monotonic_time ();
  g_hash_table_remove_all (self->under_way);
  g_clear_handle_id (&self->notify_id, g_source_remove);
  notify_counts (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

/**
 * pr_window_job_start:
 * @self: a job
 *
 * Starts it; it holds itself until it has ended.
 */
void
pr_window_job_start (PrWindowJob *self)
{
  static const PrTestEvents events = { on_started, on_progress, on_report, on_held, on_queued };

  g_return_if_fail (PR_IS_WINDOW_JOB (self));
  g_return_if_fail (!self->running);

  self->running = TRUE;
  self->started_at = g_get_monotonic_time ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  pr_environment_test_async (self->environment, self->selection, &self->options, &events, self,
                             self->cancellable, on_tested, g_object_ref (self));
}

void
pr_window_job_cancel (PrWindowJob *self)
{
  g_return_if_fail (PR_IS_WINDOW_JOB (self));

  g_cancellable_cancel (self->cancellable);
}

PrEnvironment *
pr_window_job_get_environment (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return self->environment;
}

const char *
pr_window_job_get_title (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return self->title;
}

gboolean
pr_window_job_is_running (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), FALSE);

  return self->running;
}

guint
pr_window_job_get_n_tests (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0);

  return self->n_tests;
}

guint
pr_window_job_get_n_done (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0);

  return self->n_done;
}

guint
pr_window_job_get_n_failed (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0);

  return self->n_failed;
}

double
pr_window_job_get_fraction (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0.0);

  if (self->n_tests == 0)
    return self->running ? 0.0 : 1.0;
  return MIN (1.0, (double) self->n_done / self->n_tests);
}

gint64
pr_window_job_get_started_at (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0);

  return self->started_at;
}

/**
 * pr_window_job_get_seconds_left:
 * @self: a job
 *
 * Returns: how long it will go on if it goes on like this; -1 while that cannot be said
 */
gint64
pr_window_job_get_seconds_left (PrWindowJob *self)
{
  gint64 elapsed = g_get_monotonic_time () - self->started_at;

  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), -1);

  if (!self->running || self->n_done == 0 || elapsed < G_USEC_PER_SEC)
    return -1;
  return elapsed * (self->n_tests - self->n_done) / self->n_done / G_USEC_PER_SEC;
}

/**
 * pr_window_job_get_summary:
 * @self: a job that has ended
 *
 * Returns: (transfer none): how its tests ended
 */
const PrTestSummary *
pr_window_job_get_summary (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return &self->summary;
}

/**
 * pr_window_job_get_matrix:
 * @self: a job
 *
 * Returns: (transfer none): where each of its mailboxes stands
 */
PrJobMatrix *
pr_window_job_get_matrix (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return self->matrix;
}

/**
 * pr_window_job_get_error:
 * @self: a job
 *
 * Returns: (transfer none) (nullable): why it could not be carried out
 */
const GError *
pr_window_job_get_error (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return self->error;
}

/**
 * pr_window_job_get_elapsed:
 * @self: a job that was started
 *
 * Returns: microseconds that it has taken until now, or took
 */
gint64
pr_window_job_get_elapsed (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), 0);

  return (self->running ? g_get_monotonic_time () : self->ended_at) - self->started_at;
}

/**
 * pr_window_job_get_causes:
 * @self: a job
 *
 * Returns: (transfer none): why tests failed until now
 */
PrCauses *
pr_window_job_get_causes (PrWindowJob *self)
{
  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  return self->causes;
}

static int
compare_since (gconstpointer a, gconstpointer b)
{
  const PrUnderWay *first = *(PrUnderWay *const *) a;
  const PrUnderWay *second = *(PrUnderWay *const *) b;

  if (first->since != second->since)
    return first->since < second->since ? -1 : 1;
  return first->id < second->id ? -1 : first->id > second->id;
}

/**
 * pr_window_job_list_under_way:
 * @self: a job
 *
 * Returns: (transfer container) (element-type PrUnderWay): the mailboxes that are being tested now,
 *   the one that has taken longest first; valid until the main loop runs again
 */
GPtrArray *
pr_window_job_list_under_way (PrWindowJob *self)
{
  GPtrArray *list;
  GHashTableIter iter;
  gpointer mailbox;

  g_return_val_if_fail (PR_IS_WINDOW_JOB (self), NULL);

  list = g_ptr_array_sized_new (g_hash_table_size (self->under_way));
  g_hash_table_iter_init (&iter, self->under_way);
  while (g_hash_table_iter_next (&iter, NULL, &mailbox))
    g_ptr_array_add (list, mailbox);
  g_ptr_array_sort (list, compare_since);
  return list;
}
