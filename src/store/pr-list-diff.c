/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What differs between two listings of the same rows, so that a view keeps its place, its focus
 * and its widgets when three rows of 100,000 come or go. Any thread. */

#include "pr-list-diff.h"

#define LOOK_AHEAD 64 /* rows; a longer piece that comes or goes is found from the end instead */
#define AGREE 2       /* rows that must be equal before two lists are in step again */

static gboolean
agree (const gint64 *old_ids, guint n_old, const gint64 *new_ids, guint n_new)
{
  guint n = MIN (AGREE, MIN (n_old, n_new));

  /* The ends of both agree; the end of one alone does not. */
  if (n == 0)
    return n_old == n_new;
  for (guint i = 0; i < n; i++)
    if (old_ids[i] != new_ids[i])
      return FALSE;
  return TRUE;
}

static gboolean
find_near (const gint64 *old_ids, guint n_old, const gint64 *new_ids, guint n_new, PrListEdit *edit)
{
  for (guint distance = 1; distance <= LOOK_AHEAD; distance++)
    for (guint removed = 0; removed <= distance; removed++)
      {
        guint added = distance - removed;

        if (removed <= n_old && added <= n_new
            && agree (old_ids + removed, n_old - removed, new_ids + added, n_new - added))
          {
            edit->n_removed = removed;
            edit->n_added = added;
            return TRUE;
          }
      }
  return FALSE;
}

/* Everything from the first difference to the last, in one. */
static void
make_one (const gint64 *old_ids,
          guint n_old,
          const gint64 *new_ids,
          guint n_new,
          guint first,
          GArray *edits)
{
  guint shorter = MIN (n_old, n_new);
  guint tail = 0;
  PrListEdit edit = { first, 0, 0 };

  while (tail < shorter - first && old_ids[n_old - 1 - tail] == new_ids[n_new - 1 - tail])
    tail++;
  edit.n_removed = n_old - first - tail;
  edit.n_added = n_new - first - tail;
  g_array_set_size (edits, 0);
  g_array_append_val (edits, edit);
}

/**
 * pr_list_diff:
 * @old_ids: (array length=n_old): a listing
 * @n_old: its length
 * @new_ids: (array length=n_new): a later one
 * @n_new: its length
 * @max_edits: if it would take more, there is one that covers them all: every edit costs a view
 *   about as much as a change of all that it shows
 *
 * Returns: (transfer full) (element-type PrListEdit): what makes the new one out of the old one
 */
GArray *
pr_list_diff (const gint64 *old_ids,
              guint n_old,
              const gint64 *new_ids,
              guint n_new,
              guint max_edits)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (PrListEdit));
  guint i = 0, j = 0, first = 0;

  for (;;)
    {
      PrListEdit edit = { 0 };

      while (i < n_old && j < n_new && old_ids[i] == new_ids[j])
        i++, j++;
      if (i == n_old && j == n_new)
        return edits;
      if (edits->len == 0)
        first = i;
      if (edits->len == max_edits
          || !find_near (old_ids + i, n_old - i, new_ids + j, n_new - j, &edit))
        {
          make_one (old_ids, n_old, new_ids, n_new, first, edits);
          return edits;
        }
      edit.position = j;
      g_array_append_val (edits, edit);
      i += edit.n_removed;
      j += edit.n_added;
    }
}
