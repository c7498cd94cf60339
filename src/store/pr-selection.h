/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox.h"

G_BEGIN_DECLS

/**
 * PrView:
 *
 * The views of the mailbox grid.
 */
typedef enum
{
  PR_VIEW_ALL,
  PR_VIEW_ACTIVE,
  PR_VIEW_INACTIVE,
  PR_VIEW_PENDING,
  PR_VIEW_NOT_TESTED,
  PR_VIEW_FAILED,
  PR_VIEW_ENABLED,
  PR_VIEW_FORWARD,
} PrView;

#define PR_TYPE_VIEW (pr_view_get_type ())
GType pr_view_get_type (void);

/**
 * PrSelection:
 *
 * Which mailboxes a command is about: named ones, or all that fit. Two of the same kind of
 * narrowing do not add up: each narrows further.
 */
typedef struct _PrSelection PrSelection;

PrSelection *pr_selection_new_all (void);
PrSelection *pr_selection_new_view (PrView view);
PrSelection *pr_selection_new_ids (const gint64 *ids, guint n_ids);
PrSelection *pr_selection_new_addresses (const char *const *addresses);
PrSelection *pr_selection_copy (PrSelection *self);
void pr_selection_free (PrSelection *self);

void pr_selection_set_profile (PrSelection *self, gint64 profile_id);
void pr_selection_set_view (PrSelection *self, PrView view);
void pr_selection_set_search (PrSelection *self, const char *text);
void pr_selection_set_due (PrSelection *self, gint64 now);
void pr_selection_set_code (PrSelection *self, const char *code);
void pr_selection_set_except (PrSelection *self, const gint64 *ids, guint n_ids);
void pr_selection_set_sort (PrSelection *self, PrMailboxField field, gboolean descending);
void pr_selection_set_page (PrSelection *self, guint offset, guint limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSelection, pr_selection_free)

G_END_DECLS
