/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrProgress: counts what is done of how many, told from any thread, heard in the main context.
 * The teller only adds under a lock; it is the listener's clock that decides how often there is
 * news, so 100,000 records cost no more than a few dozen signals. Any thread, where not said
 * otherwise. */

#include "pr-progress.h"

#define INTERVAL_MS 50

struct _PrProgress
{
  GCancellable parent_instance;

  /* Owned */
  GMainContext *context;

  GMutex mutex; /* of what follows */
  guint done;
  guint total;
  gboolean is_news; /* a signal is on its way */
};

G_DEFINE_FINAL_TYPE (PrProgress, pr_progress, G_TYPE_CANCELLABLE)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
pr_progress_finalize (GObject *object)
{
  PrProgress *self = PR_PROGRESS (object);

  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (pr_progress_parent_class)->finalize (object);
}

static void
pr_progress_class_init (PrProgressClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_progress_finalize;

  /**
   * PrProgress::changed:
   * @self: a progress
   *
   * More is done than at the last time, or something else has begun. Main context.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_progress_init (PrProgress *self)
{
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
}

/**
 * pr_progress_new:
 *
 * Returns: (transfer full): a progress that nobody has told anything yet
 */
PrProgress *
pr_progress_new (void)
{
  return g_object_new (PR_TYPE_PROGRESS, NULL);
}

/**
 * pr_progress_get:
 * @self: a progress
 * @done: (out) (optional): how many are done
 * @total: (out) (optional): of how many
 *
 * Returns: whether anything was told
 */
gboolean
pr_progress_get (PrProgress *self, guint *done, guint *total)
{
  gboolean is_known;

  g_return_val_if_fail (PR_IS_PROGRESS (self), FALSE);

  g_mutex_lock (&self->mutex);
  if (done != NULL)
    *done = self->done;
  if (total != NULL)
    *total = self->total;
  is_known = self->total > 0;
  g_mutex_unlock (&self->mutex);
  return is_known;
}

static gboolean
on_news (gpointer user_data)
{
  PrProgress *self = user_data;

  g_mutex_lock (&self->mutex);
  self->is_news = FALSE;
  g_mutex_unlock (&self->mutex);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void
announce (PrProgress *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->is_news)
    return;
  self->is_news = TRUE;
  source = g_timeout_source_new (INTERVAL_MS);
  g_source_set_callback (source, on_news, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/**
 * pr_progress_begin:
 * @cancellable: (nullable): what a function was given; nothing happens unless it is a #PrProgress
 * @total: how many there are to do
 *
 * Something begins of which nothing is done yet.
 */
void
pr_progress_begin (GCancellable *cancellable, guint total)
{
  PrProgress *self;

  if (!PR_IS_PROGRESS (cancellable))
    return;
  self = PR_PROGRESS (cancellable);
  g_mutex_lock (&self->mutex);
  self->done = 0;
  self->total = total;
  announce (self);
  g_mutex_unlock (&self->mutex);
}

/**
 * pr_progress_advance:
 * @cancellable: (nullable): what a function was given; nothing happens unless it is a #PrProgress
 * @n: how many more are done
 */
void
pr_progress_advance (GCancellable *cancellable, guint n)
{
  PrProgress *self;

  if (!PR_IS_PROGRESS (cancellable))
    return;
  self = PR_PROGRESS (cancellable);
  g_mutex_lock (&self->mutex);
  self->done = MIN (self->done + n, self->total);
  announce (self);
  g_mutex_unlock (&self->mutex);
}
