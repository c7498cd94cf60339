/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-mailbox-row.h"

G_BEGIN_DECLS

/**
 * PrGridColumn:
 * @id: its word in the settings
 * @title: its heading, translatable
 * @field: what it is sorted by
 * @width: pixels
 * @expand: whether it takes what others leave
 * @shown: whether it is there unless somebody says otherwise
 *
 * A column of the grid of mailboxes.
 */
typedef struct
{
  const char *id;
  const char *title;
  PrMailboxField field;
  int width;
  gboolean expand;
  gboolean shown;
} PrGridColumn;

/**
 * PrGridContent:
 * @text: what is written
 * @brief: (nullable): what is written where there is no room for a word or two of @text
 * @speech: (nullable): what a screen reader says, where it is not @text
 * @icon: (nullable): name of an icon
 * @colour: (nullable): name of the icon's colour
 * @faint: whether it matters less
 * @progress: (nullable): the steps of a test that are over, see #PrTestProgress
 *
 * What a cell shows.
 */
typedef struct
{
  char *text;
  const char *brief;
  char *speech;
  const char *icon;
  const char *colour;
  gboolean faint;
  PrTestProgress progress;
} PrGridContent;

const PrGridColumn *pr_grid_columns_get (guint *n_columns);
void pr_grid_column_describe (const PrGridColumn *self, PrMailboxRow *row, PrGridContent *content);
void pr_grid_content_clear (PrGridContent *self);
const PrStep *pr_grid_column_get_steps (const PrGridColumn *self, guint *n_steps);

G_END_DECLS
