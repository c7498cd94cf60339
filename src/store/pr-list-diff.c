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

/**
 * pr_list_diff:
 * @old_ids: (array length=n_old): a listing
 * @n_old: its length
 * @new_ids: (array length=n_new): a later one
 * @n_new: its length
 * @from: up to here both are known to be equal
 * @rest: put everything that still differs into one edit
 * @edit: (out): the next edit that brings @old_ids closer to @new_ids
 *
 * To be called again with the list that the edit has made, from the end of the edit on.
 *
 * Returns: %FALSE if both are equal
 */
gboolean
pr_list_diff (const gint64 *old_ids,
              guint n_old,
              const gint64 *new_ids,
              guint n_new,
              guint from,
              gboolean rest,
              PrListEdit *edit)
{
  guint shorter = MIN (n_old, n_new);
  guint i = from, tail = 0;

  while (i < shorter && old_ids[i] == new_ids[i])
    i++;
  if (i == n_old && i == n_new)
    return FALSE;
  edit->position = i;
  if (!rest && find_near (old_ids + i, n_old - i, new_ids + i, n_new - i, edit))
    return TRUE;
  while (tail < shorter - i && old_ids[n_old - 1 - tail] == new_ids[n_new - 1 - tail])
    tail++;
  edit->n_removed = n_old - i - tail;
  edit->n_added = n_new - i - tail;
  return TRUE;
}
