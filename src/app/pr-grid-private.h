/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-grid-column.h"
#include "pr-grid.h"

G_BEGIN_DECLS

struct _PrGrid
{
  AdwBin parent_instance;

  /* Borrowed children */
  GtkScrolledWindow *scroller;
  GtkColumnView *view;
  GtkPopoverMenu *popover; /* (nullable): made when it is first opened */

  /* Owned */
  PrGridSelection *selection;
  GMenuModel *menu; /* (nullable): commands on what is selected */
  GSimpleActionGroup *column_actions;
  GMenu *columns_menu;
  GMenu *sort_menu;
  GPtrArray *columns;         /* of GtkColumnViewColumn, in the order of the table */
  GPtrArray *compact_columns; /* the few that there are where there is little room */
  GStrv chosen;               /* (nullable): those of the admin's choice, while it is compact */

  const PrGridColumn *asked; /* the column whose sorter was asked last */
  double from_start;         /* how far it is scrolled sideways, from where lines begin */
  guint scroll_id;
  guint compact_id;
  gboolean compact;
  gboolean switching; /* what changes is not the admin's doing */
};

const PrGridColumn *pr_grid_get_column (gpointer view_column);
GtkColumnViewColumn *pr_grid_find_column (PrGrid *self, const char *id);
void pr_grid_add_columns (PrGrid *self);
void pr_grid_drop_columns (PrGrid *self);
void pr_grid_follow_width (PrGrid *self, int width);

G_END_DECLS
