/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-database.h"
#include "pr-selection.h"

G_BEGIN_DECLS

char *pr_selection_get_where (PrSelection *self);
char *pr_selection_get_order (PrSelection *self);
char *pr_selection_get_limit (PrSelection *self);
void pr_selection_bind (PrSelection *self, PrStatement *statement);
gboolean pr_selection_check_names (PrSelection *self, PrDatabase *database, GError **error);

G_END_DECLS
