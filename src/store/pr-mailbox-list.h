/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-row.h"
#include "pr-store.h"

G_BEGIN_DECLS

/**
 * PrMailboxList:
 *
 * A #GListModel of #PrMailboxRow for grids of any length: the store sorts and filters, and only
 * the rows that somebody looks at are read. It follows what is written, by whomever. Main thread.
 */
#define PR_TYPE_MAILBOX_LIST (pr_mailbox_list_get_type ())
G_DECLARE_FINAL_TYPE (PrMailboxList, pr_mailbox_list, PR, MAILBOX_LIST, GObject)

/**
 * PrRowProgressFunc:
 * @id: of a mailbox
 * @progress: (array fixed-size=2): to be filled in, zero before
 * @data: what was given with the function
 *
 * Tells where a mailbox stands in a job.
 */
typedef void (*PrRowProgressFunc) (gint64 id, PrTestProgress *progress, gpointer data);

#define PR_MAILBOX_LIST_PAGE                                                                       \
  64 /* rows that are read at once: the most a main loop turn handles                              \
      */

PrMailboxList *pr_mailbox_list_new (PrStore *store);
void pr_mailbox_list_set_selection (PrMailboxList *self, PrSelection *selection);
PrSelection *pr_mailbox_list_get_selection (PrMailboxList *self);
void pr_mailbox_list_refresh (PrMailboxList *self);
void pr_mailbox_list_set_held (PrMailboxList *self, gboolean held);
gboolean pr_mailbox_list_is_loading (PrMailboxList *self);
const GError *pr_mailbox_list_get_error (PrMailboxList *self);

gint64 pr_mailbox_list_get_id (PrMailboxList *self, guint position);
gboolean pr_mailbox_list_find (PrMailboxList *self, gint64 id, guint *position);
guint pr_mailbox_list_get_n_in_memory (PrMailboxList *self);

void pr_mailbox_list_set_progress_func (PrMailboxList *self, PrRowProgressFunc func, gpointer data);
void pr_mailbox_list_update_progress (PrMailboxList *self, gint64 id);

G_END_DECLS
