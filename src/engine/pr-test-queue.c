/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestQueue: the waiting list is ours, not the workers': nothing is handed to them before a slot
 * is open, so cancelling is instant for whatever waits. Their line of events is emptied at a
 * bounded rate: a thousand conversations cannot flood the main loop. No turn of it does much: what
 * is left is done in the next one, behind what a window has to draw.
 *
 * Main thread. */

#include "pr-test-queue.h"

#define EVENTS_PER_DRAIN 500 /* no more than these are handled in one go */
#define PART 50              /* of starts, of ends and of drops: as many in one go */
#define DRAIN_PRIORITY (G_PRIORITY_HIGH_IDLE + 30) /* behind drawing, which is at + 20 */

struct _PrTestItem
{
  char *lane;
  char *group;
  guint group_limit;
  char *exclusive;
  char *also_exclusive; /* (nullable) */
  gpointer data;
  gboolean is_started;
};

typedef struct
{
  char *name;
  GQueue items;
  guint n_running;
  guint width;       /* how many may run at one time */
  char *common;      /* (nullable): the group of all of its items */
  gboolean is_mixed; /* there is no common group */
  gboolean in_turn;  /* stands in the line */
} PrLane;

struct _PrTestQueue
{
  GObject parent_instance;

  /* Owned */
  PrTestWorkers *workers;
  GQueue lanes;        /* of PrLane with items, the next one to serve first */
  GQueue dropped;      /* of PrTestItem: nobody was told yet that they will not run */
  GHashTable *by_name; /* lane name → PrLane; owns them */
  GHashTable *groups;  /* group → how many run */
  GHashTable *running; /* exclusive keys that run */

  PrTestQueueEvents callbacks;
  gpointer user_data;
  guint max_running;
  guint n_waiting;
  guint n_running;
  gboolean is_listening; /* from the first run on */
  gboolean cancelled;
  gboolean filling;
  gboolean fills_later; /* there were too many open slots for one turn */
  gboolean dropping;
  gboolean told_drained;
};

G_DEFINE_FINAL_TYPE (PrTestQueue, pr_test_queue, G_TYPE_OBJECT)

static void
item_free (PrTestItem *item)
{
  g_free (item->lane);
  g_free (item->group);
  g_free (item->exclusive);
  g_free (item->also_exclusive);
  g_free (item);
}

static void
lane_free (PrLane *lane)
{
  g_queue_clear_full (&lane->items, (GDestroyNotify) item_free);
  g_free (lane->common);
  g_free (lane->name);
  g_free (lane);
}

static PrLane *
get_lane (PrTestQueue *self, const char *name)
{
  PrLane *lane = g_hash_table_lookup (self->by_name, name);

  if (lane == NULL)
    {
      lane = g_new0 (PrLane, 1);
      lane->name = g_strdup (name);
      lane->width = G_MAXUINT;
      g_queue_init (&lane->items);
      g_hash_table_insert (self->by_name, lane->name, lane);
    }
  return lane;
}

static guint
get_group_count (PrTestQueue *self, const char *group)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->groups, group));
}

static void
set_group_count (PrTestQueue *self, const char *group, guint n)
{
  if (n == 0)
    g_hash_table_remove (self->groups, group);
  else
    g_hash_table_replace (self->groups, g_strdup (group), GUINT_TO_POINTER (n));
}

static gboolean
may_run (PrTestQueue *self, PrTestItem *item)
{
  return get_group_count (self, item->group) < item->group_limit
         && !g_hash_table_contains (self->running, item->exclusive)
         && (item->also_exclusive == NULL
             || !g_hash_table_contains (self->running, item->also_exclusive));
}

/* The first item of @lane that may run now. Items that wait for one another are few and stand
 * together, so this rarely looks at more than one. */
static PrTestItem *
take_from_lane (PrTestQueue *self, PrLane *lane)
{
  if (lane->n_running >= lane->width)
    return NULL;
  for (GList *l = lane->items.head; l != NULL; l = l->next)
    {
      PrTestItem *item = l->data;

      if (may_run (self, item))
        {
          g_queue_delete_link (&lane->items, l);
          return item;
        }
      /* A full group of the whole lane: nobody behind may run either. */
      if (!lane->is_mixed && get_group_count (self, item->group) >= item->group_limit)
        return NULL;
    }
  return NULL;
}

static PrTestItem *
take_next (PrTestQueue *self)
{
  guint n = self->lanes.length;

  for (guint i = 0; i < n; i++)
    {
      PrLane *lane = g_queue_pop_head (&self->lanes);
      PrTestItem *item = take_from_lane (self, lane);

      /* Whoever was served goes to the end of the line. */
      lane->in_turn = lane->items.length > 0;
      if (lane->in_turn)
        g_queue_push_tail (&self->lanes, lane);
      if (item != NULL)
        return item;
    }
  return NULL;
}

static void
take_slot (PrTestQueue *self, PrTestItem *item)
{
  self->n_waiting--;
  self->n_running++;
  get_lane (self, item->lane)->n_running++;
  set_group_count (self, item->group, get_group_count (self, item->group) + 1);
  g_hash_table_add (self->running, g_strdup (item->exclusive));
  if (item->also_exclusive != NULL)
    g_hash_table_add (self->running, g_strdup (item->also_exclusive));
}

static void
fill_slots (PrTestQueue *self)
{
  guint n_started = 0;

  /* prepare() may finish an item at once, which comes back here. */
  if (self->filling)
    return;
  self->filling = TRUE;
  self->fills_later = FALSE;
  while (!self->cancelled && self->n_running < self->max_running)
    {
      PrTestItem *item;

      if (n_started++ == PART)
        {
          self->fills_later = TRUE;
          pr_test_workers_ring (self->workers);
          break;
        }
      item = take_next (self);

      if (item == NULL)
        break;
      take_slot (self, item);
      self->callbacks.prepare (self, item, self->user_data);
    }
  self->filling = FALSE;
}

static void
check_drained (PrTestQueue *self)
{
  if (self->n_waiting > 0 || self->n_running > 0 || self->told_drained)
    return;
  self->told_drained = TRUE;
  if (self->callbacks.drained != NULL)
    self->callbacks.drained (self, self->user_data);
}

static void
end_item (PrTestQueue *self, PrTestItem *item, PrReport *report)
{
  self->n_running--;
  get_lane (self, item->lane)->n_running--;
  set_group_count (self, item->group, get_group_count (self, item->group) - 1);
  g_hash_table_remove (self->running, item->exclusive);
  if (item->also_exclusive != NULL)
    g_hash_table_remove (self->running, item->also_exclusive);
  self->callbacks.finished (self, item, report, self->user_data);
  item_free (item);
}

/* A few in each turn. Whoever listens may drop more. */
static void
tell_dropped (PrTestQueue *self)
{
  PrTestItem *item;
  guint n = 0;

  if (self->dropping)
    return;
  self->dropping = TRUE;
  while (n++ < PART && (item = g_queue_pop_head (&self->dropped)) != NULL)
    {
      self->n_waiting--;
      self->callbacks.finished (self, item, NULL, self->user_data);
      item_free (item);
    }
  self->dropping = FALSE;
  if (self->dropped.length > 0 && self->is_listening)
    pr_test_workers_ring (self->workers);
}

/* The items leave the lane before anybody is told, so that whoever listens may add some. */
static void
empty_lane (PrTestQueue *self, PrLane *lane)
{
  PrTestItem *item;

  while ((item = g_queue_pop_head (&lane->items)) != NULL)
    g_queue_push_tail (&self->dropped, item);
}

static gboolean
on_drain (gpointer data)
{
  g_autoptr (PrTestQueue) self = g_object_ref (data);
  guint n_ended = 0;

  for (guint i = 0; i < EVENTS_PER_DRAIN && n_ended < PART; i++)
    {
      PrTestEvent *event = pr_test_workers_take_event (self->workers);

      if (event == NULL)
        break;
      if (event->report != NULL)
        {
          g_clear_pointer (&event->plan, pr_test_plan_unref);
          end_item (self, event->item, event->report);
          n_ended++;
        }
      else if (self->callbacks.progress != NULL)
        self->callbacks.progress (self, event->item, event->step, self->user_data);
      pr_test_event_free (event);
    }
  if (n_ended > 0 || self->fills_later)
    fill_slots (self);
  tell_dropped (self);
  if (pr_test_workers_have_event (self->workers))
    pr_test_workers_ring (self->workers);
  check_drained (self);
  return G_SOURCE_CONTINUE;
}

static void
start_draining (PrTestQueue *self)
{
  if (self->is_listening)
    return;
  self->is_listening = TRUE;
  pr_test_workers_listen (self->workers, DRAIN_PRIORITY, on_drain, self);
}

/**
 * pr_test_queue_add:
 * @self: a queue
 * @lane: who takes turns with whom: the profile
 * @group: whose connections are counted together; the name of the lane itself if that is all
 *   of its items
 * @group_limit: how many of @group may run at one time
 * @exclusive: no two items with the same key run at one time: the mailbox and the direction
 * @data: for the caller
 *
 * Returns: (transfer none): the new item, which lives until "finished" was told of it
 */
PrTestItem *
pr_test_queue_add (PrTestQueue *self,
                   const char *lane,
                   const char *group,
                   guint group_limit,
                   const char *exclusive,
                   gpointer data)
{
  PrTestItem *item;
  PrLane *place;

  g_return_val_if_fail (PR_IS_TEST_QUEUE (self), NULL);
  g_return_val_if_fail (group_limit > 0, NULL);

  item = g_new0 (PrTestItem, 1);
  item->lane = g_strdup (lane);
  item->group = g_strdup (group);
  item->group_limit = group_limit;
  item->exclusive = g_strdup (exclusive);
  item->data = data;

  place = get_lane (self, lane);
  if (place->common == NULL)
    place->common = g_strdup (group);
  else if (!g_str_equal (place->common, group))
    place->is_mixed = TRUE;
  if (!place->in_turn)
    g_queue_push_tail (&self->lanes, place);
  place->in_turn = TRUE;
  g_queue_push_tail (&place->items, item);
  self->told_drained = FALSE;
  self->n_waiting++;
  return item;
}

/**
 * pr_test_item_add_exclusive:
 * @item: an item that has not run yet
 * @exclusive: a second key that it needs for itself while it runs
 */
void
pr_test_item_add_exclusive (PrTestItem *item, const char *exclusive)
{
  g_return_if_fail (item->also_exclusive == NULL);

  item->also_exclusive = g_strdup (exclusive);
}

/**
 * pr_test_queue_set_width:
 * @self: a queue
 * @lane: a lane
 * @width: how many of it may run at one time; 0 holds it
 *
 * What runs goes on. Without this the width of a lane is unlimited.
 */
void
pr_test_queue_set_width (PrTestQueue *self, const char *lane, guint width)
{
  g_autoptr (PrTestQueue) guard = g_object_ref (self);
  PrLane *place;
  gboolean grows;

  g_return_if_fail (PR_IS_TEST_QUEUE (self));

  place = get_lane (self, lane);
  grows = width > place->width;
  place->width = width;
  if (grows && self->is_listening)
    fill_slots (self);
}

/**
 * pr_test_queue_drop_lane:
 * @self: a queue
 * @lane: a lane
 *
 * What waits in @lane is finished, without a report, a part in each turn; what runs goes on.
 */
void
pr_test_queue_drop_lane (PrTestQueue *self, const char *lane)
{
  g_return_if_fail (PR_IS_TEST_QUEUE (self));

  empty_lane (self, get_lane (self, lane));
  tell_dropped (self);
  /* Maybe that was all; but not while somebody is being told of an end. */
  if (self->is_listening)
    pr_test_workers_ring (self->workers);
}

/**
 * pr_test_queue_get_lane_waiting:
 * @self: a queue
 * @lane: a lane
 *
 * Returns: how many of @lane wait for their turn
 */
guint
pr_test_queue_get_lane_waiting (PrTestQueue *self, const char *lane)
{
  g_return_val_if_fail (PR_IS_TEST_QUEUE (self), 0);

  return get_lane (self, lane)->items.length;
}

/**
 * pr_test_queue_run:
 * @self: a queue
 *
 * Opens as many slots as the limits allow, and goes on by itself from there. To be called when
 * items were added.
 */
void
pr_test_queue_run (PrTestQueue *self)
{
  g_autoptr (PrTestQueue) guard = g_object_ref (self); /* "drained" may give up the queue */

  g_return_if_fail (PR_IS_TEST_QUEUE (self));

  start_draining (self);
  fill_slots (self);
  tell_dropped (self);
  check_drained (self);
}

/**
 * pr_test_queue_start:
 * @self: a queue
 * @item: an item that "prepare" was told of
 * @plan: (transfer full): what to do
 */
void
pr_test_queue_start (PrTestQueue *self, PrTestItem *item, PrTestPlan *plan)
{
  g_return_if_fail (PR_IS_TEST_QUEUE (self));
  g_return_if_fail (!item->is_started);

  item->is_started = TRUE;
  pr_test_workers_start (self->workers, item, plan);
}

/**
 * pr_test_queue_finish:
 * @self: a queue
 * @item: an item that "prepare" was told of
 * @report: (nullable): why it does not run
 *
 * Ends an item without a conversation.
 */
void
pr_test_queue_finish (PrTestQueue *self, PrTestItem *item, PrReport *report)
{
  g_autoptr (PrTestQueue) guard = g_object_ref (self);

  g_return_if_fail (PR_IS_TEST_QUEUE (self));

  end_item (self, item, report);
  if (self->filling)
    return;
  fill_slots (self);
  check_drained (self);
}

/**
 * pr_test_queue_cancel:
 * @self: a queue
 *
 * What waits is finished, without a report, a part in each turn of the main loop; what runs ends
 * within a moment, with one.
 */
void
pr_test_queue_cancel (PrTestQueue *self)
{
  g_autoptr (PrTestQueue) guard = g_object_ref (self);

  g_return_if_fail (PR_IS_TEST_QUEUE (self));

  if (self->cancelled)
    return;
  self->cancelled = TRUE;
  pr_test_workers_cancel (self->workers);
  for (GList *l = self->lanes.head; l != NULL; l = l->next)
    empty_lane (self, l->data);
  start_draining (self);
  tell_dropped (self);
  check_drained (self);
}

guint
pr_test_queue_get_n_waiting (PrTestQueue *self)
{
  return self->n_waiting;
}

gpointer
pr_test_item_get_data (PrTestItem *item)
{
  return item->data;
}

static void
pr_test_queue_dispose (GObject *object)
{
  PrTestQueue *self = PR_TEST_QUEUE (object);

  /* They use this object. */
  if (self->workers != NULL)
    pr_test_workers_stop (self->workers);
  G_OBJECT_CLASS (pr_test_queue_parent_class)->dispose (object);
}

static void
pr_test_queue_finalize (GObject *object)
{
  PrTestQueue *self = PR_TEST_QUEUE (object);
  PrTestEvent *event;

  while ((event = pr_test_workers_take_event (self->workers)) != NULL)
    {
      if (event->report != NULL)
        item_free (event->item);
      pr_test_event_free (event);
    }
  pr_test_workers_free (self->workers);
  g_queue_clear (&self->lanes);
  g_queue_clear_full (&self->dropped, (GDestroyNotify) item_free);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->running);
  G_OBJECT_CLASS (pr_test_queue_parent_class)->finalize (object);
}

static void
pr_test_queue_class_init (PrTestQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pr_test_queue_dispose;
  G_OBJECT_CLASS (klass)->finalize = pr_test_queue_finalize;
}

static void
pr_test_queue_init (PrTestQueue *self)
{
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) lane_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->lanes);
  g_queue_init (&self->dropped);
}

/**
 * pr_test_queue_new:
 * @max_running: how many tests may run at one time, of all groups together
 * @runner: what runs one
 * @events: what to tell the caller
 * @user_data: for @events
 *
 * Returns: (transfer full): an empty queue
 */
PrTestQueue *
pr_test_queue_new (guint max_running,
                   PrRunner runner,
                   const PrTestQueueEvents *events,
                   gpointer user_data)
{
  PrTestQueue *self;

  g_return_val_if_fail (max_running > 0, NULL);

  self = g_object_new (PR_TYPE_TEST_QUEUE, NULL);
  self->max_running = max_running;
  self->callbacks = *events;
  self->user_data = user_data;
  self->workers = pr_test_workers_new (max_running, runner, events->one_step_from);
  return self;
}
