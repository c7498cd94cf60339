/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxRow: what a row of the grid is bound to. One signal tells that anything about it is
 * different, so that a row is drawn anew once and not once per field. Main thread. */

#include "pr-mailbox-row-private.h"

#include <string.h>

struct _PrMailboxRow
{
  GObject parent_instance;

  /* Borrowed */
  gpointer owner;
  PrRowGone gone;

  /* Owned */
  PrMailbox *mailbox;

  gint64 id;
  gboolean fresh;
  PrTestProgress progress[PR_N_DIRECTIONS];
};

G_DEFINE_FINAL_TYPE (PrMailboxRow, pr_mailbox_row, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_MAILBOX,
  N_PROPERTIES,
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
pr_mailbox_row_finalize (GObject *object)
{
  PrMailboxRow *self = PR_MAILBOX_ROW (object);

  if (self->owner != NULL)
    self->gone (self->id, self->owner);
  g_clear_object (&self->mailbox);
  G_OBJECT_CLASS (pr_mailbox_row_parent_class)->finalize (object);
}

static void
pr_mailbox_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PrMailboxRow *self = PR_MAILBOX_ROW (object);

  switch (id)
    {
      case PROP_ID:
        g_value_set_int64 (value, self->id);
        break;
      case PROP_MAILBOX:
        g_value_set_object (value, self->mailbox);
        break;
      default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
        break;
    }
}

static void
pr_mailbox_row_class_init (PrMailboxRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = pr_mailbox_row_finalize;
  object_class->get_property = pr_mailbox_row_get_property;

  /**
   * PrMailboxRow:id:
   *
   * The mailbox's id.
   */
  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  /**
   * PrMailboxRow:mailbox:
   *
   * The mailbox; %NULL until the store has answered.
   */
  properties[PROP_MAILBOX] = g_param_spec_object ("mailbox", NULL, NULL, PR_TYPE_MAILBOX, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PrMailboxRow::changed:
   *
   * The mailbox has come, is different, or a job has got further with it.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_mailbox_row_init (PrMailboxRow *self)
{
}

/* @gone is told when nobody needs the row any more. */
PrMailboxRow *
pr_mailbox_row_new (gint64 id, PrRowGone gone, gpointer owner)
{
  PrMailboxRow *self = g_object_new (PR_TYPE_MAILBOX_ROW, NULL);

  self->id = id;
  self->gone = gone;
  self->owner = owner;
  return self;
}

/* The owner is gone itself. */
void
pr_mailbox_row_disown (PrMailboxRow *self)
{
  self->owner = NULL;
}

void
pr_mailbox_row_set_mailbox (PrMailboxRow *self, PrMailbox *mailbox)
{
  g_set_object (&self->mailbox, mailbox);
  self->fresh = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAILBOX]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* @progress has one entry per direction. */
void
pr_mailbox_row_set_progress (PrMailboxRow *self, const PrTestProgress *progress)
{
  if (memcmp (self->progress, progress, sizeof self->progress) == 0)
    return;
  memcpy (self->progress, progress, sizeof self->progress);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Whether it has its mailbox, as it is in the database. */
gboolean
pr_mailbox_row_is_fresh (PrMailboxRow *self)
{
  return self->fresh;
}

void
pr_mailbox_row_set_stale (PrMailboxRow *self)
{
  self->fresh = FALSE;
}

gint64
pr_mailbox_row_get_id (PrMailboxRow *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_ROW (self), 0);

  return self->id;
}

/**
 * pr_mailbox_row_get_mailbox:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): its mailbox; %NULL until the store has answered
 */
PrMailbox *
pr_mailbox_row_get_mailbox (PrMailboxRow *self)
{
  g_return_val_if_fail (PR_IS_MAILBOX_ROW (self), NULL);

  return self->mailbox;
}

PrTestProgress
pr_mailbox_row_get_progress (PrMailboxRow *self, PrDirection direction)
{
  return self->progress[direction];
}
