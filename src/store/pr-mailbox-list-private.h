/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-list.h"
#include "pr-mailbox-row-private.h"

G_BEGIN_DECLS

struct _PrMailboxList
{
  GObject parent_instance;

  /* Borrowed */
  GHashTable *rows; /* id → PrMailboxRow: a row takes itself out */
  PrRowProgressFunc progress;
  gpointer progress_data;

  /* Owned */
  PrStore *store;
  PrSelection *selection;
  GArray *ids;              /* gint64 */
  GQueue recent;            /* of PrMailboxRow, the last one first */
  GQueue wanted;            /* of GArray of ids */
  GHashTable *wanted_pages; /* page numbers in @wanted or on their way */
  GCancellable *listing;    /* of the one that runs */
  GError *error;

  gulong changed_id;
  guint load_source;
  guint update_source;
  guint n_loading;
  guint n_wanted_now; /* pages that were asked for in this turn of the main loop */
  gboolean again;     /* list once more when the listing that runs is over */
  gboolean stale;     /* the values of rows are to be read again */
  gboolean moved;     /* the order and the members are */
  gboolean held;
  gint64 listed_at; /* monotonic: end of the last listing */
  gint64 listing_us;
};

/* pr-mailbox-list-read.c */
PrMailboxRow *pr_mailbox_list_take_row (PrMailboxList *self, gint64 id);
void pr_mailbox_list_want_page (PrMailboxList *self, guint position);
void pr_mailbox_list_reread (PrMailboxList *self);
void pr_mailbox_list_forget_wanted (PrMailboxList *self);

/* pr-mailbox-list.c */
void pr_mailbox_list_set_error (PrMailboxList *self, GError *error);

G_END_DECLS
