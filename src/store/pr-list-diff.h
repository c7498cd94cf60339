/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PrListEdit:
 * @position: where, in the list that the edits before this one have made
 * @n_removed: rows of the old list that go
 * @n_added: rows of the new list that come
 */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} PrListEdit;

GArray *pr_list_diff (const gint64 *old_ids,
                      guint n_old,
                      const gint64 *new_ids,
                      guint n_new,
                      guint max_edits);

G_END_DECLS
