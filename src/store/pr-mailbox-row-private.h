/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-row.h"

G_BEGIN_DECLS

typedef void (*PrRowGone) (gint64 id, gpointer owner);

PrMailboxRow *pr_mailbox_row_new (gint64 id, PrRowGone gone, gpointer owner);
void pr_mailbox_row_disown (PrMailboxRow *self);
void pr_mailbox_row_set_mailbox (PrMailboxRow *self, PrMailbox *mailbox);
void pr_mailbox_row_set_progress (PrMailboxRow *self, const PrTestProgress *progress);
gboolean pr_mailbox_row_is_fresh (PrMailboxRow *self);
void pr_mailbox_row_set_stale (PrMailboxRow *self);

G_END_DECLS
