/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOverviewLoader: reads the overview again after something was written: at most once in half a
 * second, and at most a tenth of the time where reading takes long. Main thread. */

#include "pr-overview-loader.h"

#define MIN_INTERVAL_MS 500
#define SHARE_OF_TIME 10

struct _PrOverviewLoader
{
  GObject parent_instance;

  /* Owned */
  PrEnvironment *environment;
  GCancellable *cancellable; /* (nullable): while it reads */
  PrOverview *overview;
  GError *error; /* (nullable): why it could not be read when it was last tried */

  gulong stored_id;
  guint wait_id;
  guint interval_ms;
  gint64 started_at;
  gboolean again; /* something was written while it read */
};

enum
{
  SIGNAL_LOADED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PrOverviewLoader, pr_overview_loader, G_TYPE_OBJECT)

static void load (PrOverviewLoader *self);

static gboolean
on_wait_over (gpointer user_data)
{
  PrOverviewLoader *self = user_data;

  self->wait_id = 0;
  load (self);
  return G_SOURCE_REMOVE;
}

static void
on_stored (PrOverviewLoader *self)
{
  if (self->cancellable != NULL)
    self->again = TRUE;
  else if (self->wait_id == 0)
    self->wait_id = g_timeout_add (self->interval_ms, on_wait_over, self);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrOverviewLoader) self = user_data;
  g_autoptr (GError) error = NULL;
  PrOverview *overview =
      pr_environment_load_overview_finish (PR_ENVIRONMENT (source), result, &error);
  guint took_ms;

  /* About another environment, or cancelled for it. */
  if (PR_ENVIRONMENT (source) != self->environment
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&overview, pr_overview_free);
      return;
    }
  g_clear_object (&self->cancellable);
  took_ms = (guint) ((g_get_monotonic_time () - self->started_at) / 1000);
  self->interval_ms = MAX (MIN_INTERVAL_MS, took_ms * SHARE_OF_TIME);
  g_clear_error (&self->error);
  if (overview == NULL)
    {
      self->error = g_error_copy (error);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  g_clear_pointer (&self->overview, pr_overview_free);
  self->overview = overview;
  if (self->again)
    self->wait_id = g_timeout_add (self->interval_ms, on_wait_over, self);
  self->again = FALSE;
  g_signal_emit (self, signals[SIGNAL_LOADED], 0);
}

static void
load (PrOverviewLoader *self)
{
  self->cancellable = g_cancellable_new ();
  self->started_at = g_get_monotonic_time ();
  pr_environment_load_overview_async (self->environment, self->cancellable, on_loaded,
                                      g_object_ref (self));
}

static void
forget (PrOverviewLoader *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->wait_id, g_source_remove);
  if (self->environment != NULL)
    g_clear_signal_handler (&self->stored_id, self->environment);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->overview, pr_overview_free);
  g_clear_error (&self->error);
  self->again = FALSE;
  self->interval_ms = MIN_INTERVAL_MS;
}

static void
pr_overview_loader_dispose (GObject *object)
{
  forget (PR_OVERVIEW_LOADER (object));
  G_OBJECT_CLASS (pr_overview_loader_parent_class)->dispose (object);
}

static void
pr_overview_loader_class_init (PrOverviewLoaderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_overview_loader_dispose;

  signals[SIGNAL_LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pr_overview_loader_init (PrOverviewLoader *self)
{
}

PrOverviewLoader *
pr_overview_loader_new (void)
{
  return g_object_new (PR_TYPE_OVERVIEW_LOADER, NULL);
}

/**
 * pr_overview_loader_set_environment:
 * @self: a loader
 * @environment: (nullable): what it reads and follows
 */
void
pr_overview_loader_set_environment (PrOverviewLoader *self, PrEnvironment *environment)
{
  g_return_if_fail (PR_IS_OVERVIEW_LOADER (self));

  forget (self);
  if (environment == NULL)
    return;
  self->environment = g_object_ref (environment);
  self->stored_id = g_signal_connect_swapped (environment, "stored", G_CALLBACK (on_stored), self);
  load (self);
}

/* Reads again now. */
void
pr_overview_loader_reload (PrOverviewLoader *self)
{
  g_return_if_fail (PR_IS_OVERVIEW_LOADER (self));

  if (self->environment == NULL)
    return;
  g_clear_handle_id (&self->wait_id, g_source_remove);
  if (self->cancellable != NULL)
    self->again = TRUE;
  else
    load (self);
}

/**
 * pr_overview_loader_get:
 * @self: a loader
 *
 * Returns: (transfer none) (nullable): what it read last; valid until "loaded" comes again
 */
const PrOverview *
pr_overview_loader_get (PrOverviewLoader *self)
{
  g_return_val_if_fail (PR_IS_OVERVIEW_LOADER (self), NULL);

  return self->overview;
}

/**
 * pr_overview_loader_get_error:
 * @self: a loader
 *
 * Returns: (transfer none) (nullable): why it could not read when it last tried
 */
const GError *
pr_overview_loader_get_error (PrOverviewLoader *self)
{
  g_return_val_if_fail (PR_IS_OVERVIEW_LOADER (self), NULL);

  return self->error;
}
