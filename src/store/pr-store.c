/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrStore: a queue of work for the one thread that has the database. Whatever stands in the same
 * piece of work is one transaction. Main thread, but for what is marked "store thread". */

#include "pr-store-private.h"

#include <glib/gi18n-lib.h>

struct _PrStore
{
  GObject parent_instance;

  /* Owned */
  char *path;
  GThread *thread;
  GAsyncQueue *work; /* of GTask */

  gboolean read_only;
};

G_DEFINE_FINAL_TYPE (PrStore, pr_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef struct
{
  gboolean write;
  guint changed; /* #PrStoreChanged, once it has run */
  PrStoreFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
} PrWork;

typedef struct
{
  char *path;
  PrStoreMode mode;
  GAsyncQueue *work;
} PrOpen;

static void
work_free (gpointer data)
{
  PrWork *work = data;

  if (work->data_free != NULL && work->data != NULL)
    work->data_free (work->data);
  g_free (work);
}

static void
open_free (gpointer data)
{
  PrOpen *open = data;

  g_free (open->path);
  g_async_queue_unref (open->work);
  g_free (open);
}

/* --- Store thread ----------------------------------------------------------------------------- */

/* Main thread again, after the task's callback. */
static gboolean
tell_changed (gpointer data)
{
  GTask *task = data;
  PrStore *self = g_task_get_source_object (task);
  PrWork *work = self != NULL ? g_task_get_task_data (task) : NULL;

  if (work != NULL && work->changed != 0)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, work->changed);
  return G_SOURCE_REMOVE;
}

/* The last reference to a task frees its source object and its data: never here, where that
 * would make this thread wait for its own end. */
static void
release_in_main (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, tell_changed, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static gpointer
run_in_transaction (PrDatabase *database, PrWork *work, GError **error)
{
  gpointer result;

  if (!pr_database_begin (database, work->write, error))
    return NULL;
  result = work->func (database, work->data, error);
  if (result != NULL && pr_database_commit (database, error))
    return result;
  pr_database_rollback (database);
  if (result != NULL && work->result_free != NULL)
    work->result_free (result);
  return NULL;
}

static void
run_work (PrDatabase *database, GTask *task)
{
  PrWork *work = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (task))
    return;
  pr_database_set_cancellable (database, cancellable);
  result = run_in_transaction (database, work, &error);
  pr_database_set_cancellable (database, NULL);
  work->changed = pr_database_take_changed (database, error == NULL);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, work->result_free);
}

static gpointer
store_thread (gpointer data)
{
  GTask *open_task = data;
  PrOpen *open = g_task_get_task_data (open_task);
  g_autoptr (GAsyncQueue) queue = g_async_queue_ref (open->work);
  g_autoptr (PrDatabase) database = NULL;
  GError *error = NULL;
  PrDatabaseFlags flags = PR_DATABASE_NONE;

  if (open->mode == PR_STORE_READ_ONLY)
    flags = PR_DATABASE_READ_ONLY;
  else if (open->mode == PR_STORE_CREATE)
    flags = PR_DATABASE_CREATE;
  database = pr_database_open (open->path, flags, &error);
  if (database == NULL)
    {
      g_task_return_error (open_task, error);
      release_in_main (open_task);
      return NULL;
    }
  g_task_return_boolean (open_task, pr_database_is_read_only (database));
  release_in_main (open_task);

  for (;;)
    {
      GTask *task = g_async_queue_pop (queue);

      /* A task without work ends the thread: it comes from finalize(). */
      if (g_task_get_task_data (task) == NULL)
        {
          g_object_unref (task);
          return NULL;
        }
      run_work (database, task);
      release_in_main (task);
    }
}

/* --- Main thread ------------------------------------------------------------------------------ */

static void
pr_store_finalize (GObject *object)
{
  PrStore *self = PR_STORE (object);

  pr_store_close (self);
  g_async_queue_unref (self->work);
  g_free (self->path);
  G_OBJECT_CLASS (pr_store_parent_class)->finalize (object);
}

static void
pr_store_class_init (PrStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_store_finalize;

  /**
   * PrStore::changed:
   * @self: a store
   * @changed: #PrStoreChanged: what
   *
   * A transaction was committed, here or by another program. What another program does is seen
   * when this one next asks for anything.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pr_store_init (PrStore *self)
{
  self->work = g_async_queue_new_full (g_object_unref);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PrStore *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->read_only = g_task_propagate_boolean (G_TASK (result), &error);
  if (error != NULL)
    {
      g_thread_join (g_steal_pointer (&self->thread));
      g_task_return_error (task, error);
    }
  else
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

/**
 * pr_store_open_async:
 * @path: the file
 * @mode: how
 * @cancellable: (nullable): unused while SQLite opens the file
 * @callback: called when it is open, or could not be opened
 * @user_data: for @callback
 */
void
pr_store_open_async (const char *path,
                     PrStoreMode mode,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GTask *open_task;
  PrStore *self;
  PrOpen *open;
  GError *error = NULL;

  g_return_if_fail (path != NULL);

  g_task_set_name (task, "pr_store_open_async");
  self = g_object_new (PR_TYPE_STORE, NULL);
  self->path = g_strdup (path);
  g_task_set_task_data (task, self, g_object_unref);

  open = g_new0 (PrOpen, 1);
  open->path = g_strdup (path);
  open->mode = mode;
  open->work = g_async_queue_ref (self->work);
  open_task = g_task_new (NULL, NULL, on_opened, g_object_ref (task));
  g_task_set_task_data (open_task, open, open_free);
  self->thread = g_thread_try_new ("pr-store", store_thread, open_task, &error);
  if (self->thread == NULL)
    {
      g_task_return_error (open_task, error);
      g_object_unref (open_task);
    }
}

/**
 * pr_store_open_finish:
 * @result: what the callback got
 * @error: set on failure
 *
 * Returns: (transfer full) (nullable): the open store
 */
PrStore *
pr_store_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pr_store_close:
 * @self: a store
 *
 * Waits for the work that was given, and closes the database. The last reference does the same,
 * but may go late: what has just been done holds one until the main loop runs again.
 */
void
pr_store_close (PrStore *self)
{
  g_return_if_fail (PR_IS_STORE (self));

  if (self->thread == NULL)
    return;
  g_async_queue_push (self->work, g_task_new (NULL, NULL, NULL, NULL));
  g_thread_join (g_steal_pointer (&self->thread));
}

gboolean
pr_store_is_read_only (PrStore *self)
{
  g_return_val_if_fail (PR_IS_STORE (self), TRUE);

  return self->read_only;
}

const char *
pr_store_get_path (PrStore *self)
{
  g_return_val_if_fail (PR_IS_STORE (self), NULL);

  return self->path;
}

/* Queues one transaction. @data goes to the store thread; it holds no object. */
void
pr_store_run_async (PrStore *self,
                    gboolean write,
                    PrStoreFunc func,
                    gpointer data,
                    GDestroyNotify data_free,
                    GDestroyNotify result_free,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  PrWork *work = g_new0 (PrWork, 1);

  work->write = write;
  work->func = func;
  work->data = data;
  work->data_free = data_free;
  work->result_free = result_free;
  g_task_set_task_data (task, work, work_free);
  if (write && self->read_only)
    {
      g_task_return_new_error (task, PR_ERROR, PR_ERROR_READ_ONLY,
                               _ ("“%s” can only be read: nothing was changed."), self->path);
      return;
    }
  if (self->thread == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("“%s” is closed."),
                               self->path);
      return;
    }
  /* Whether a cancelled transaction took place is what the database says, not the clock. */
  g_task_set_check_cancellable (task, FALSE);
  g_async_queue_push (self->work, g_steal_pointer (&task));
}

gpointer
pr_store_run_finish (PrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What was given as data: for finish functions that copy keys back into an object. */
gpointer
pr_store_result_get_data (GAsyncResult *result)
{
  PrWork *work = g_task_get_task_data (G_TASK (result));

  return work->data;
}

PrRecordWork *
pr_record_work_new (PrRecord *record)
{
  PrRecordWork *work = g_new0 (PrRecordWork, 1);

  work->fields = pr_record_get_fields (record, &work->n_fields);
  work->values = pr_record_dup_values (record);
  return work;
}

void
pr_record_work_free (gpointer data)
{
  PrRecordWork *work = data;

  g_clear_pointer (&work->values, pr_values_free);
  g_clear_pointer (&work->stored, pr_values_free);
  g_free (work);
}

/* A new record begins with what nobody sets by hand as it is at the start, even if it is a copy:
 * the other one's approval, results and passwords are not its own. Returns: @work's values. */
PrValues *
pr_record_work_begin (PrRecordWork *work)
{
  for (guint i = 0; i < work->n_fields; i++)
    if ((work->fields[i].flags & PR_FIELD_EDITABLE) == 0)
      {
        work->values->slots[i].number = work->fields[i].initial;
        g_clear_pointer (&work->values->slots[i].text, g_free);
      }
  return work->values;
}

static void
set_field (PrRecord *record, const PrField *field, guint i, const PrValues *values)
{
  if (field->kind == PR_FIELD_TEXT)
    pr_record_set_text (record, i, values->slots[i].text);
  else
    pr_record_set_number (record, i, values->slots[i].number);
}

static gboolean
differs (const PrValues *a, const PrValues *b, guint i)
{
  return a->slots[i].number != b->slots[i].number
         || g_strcmp0 (a->slots[i].text, b->slots[i].text) != 0;
}

/* Tells the object which key and version its row got, and which of its fields became something
 * else than was given; what was typed since then stays. */
void
pr_record_work_return (GAsyncResult *result, PrRecord *record)
{
  PrRecordWork *work = pr_store_result_get_data (result);
  const PrValues *row = work->stored != NULL ? work->stored : work->values;
  gboolean is_new = pr_record_get_id (record) == 0;

  pr_record_set_id (record, work->values->id);
  pr_record_set_version (record, work->values->version);
  for (guint i = 0; i < work->n_fields; i++)
    if (differs (row, work->values, i)
        || (is_new && (work->fields[i].flags & PR_FIELD_EDITABLE) == 0))
      set_field (record, &work->fields[i], i, row);
}
