/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-split-view.h"

G_BEGIN_DECLS

void pr_panes_move_focus (PrSplitView *split, GtkDirectionType direction);
void pr_panes_focus_content (PrSplitView *split);

G_END_DECLS
