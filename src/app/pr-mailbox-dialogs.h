/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-command-dialog.h"
#include "pr-page.h"
#include "pr-selection.h"

G_BEGIN_DECLS

/* Commands on many mailboxes that first show what they will do. Each takes the page that asks,
 * which tells the result, and @n, how many mailboxes @selection has. */

PrCommandDialog *pr_change_dialog_open (PrPage *page, PrSelection *selection, guint n);
PrCommandDialog *pr_defaults_dialog_open (PrPage *page, PrSelection *selection, guint n);
PrCommandDialog *pr_test_dialog_open (PrPage *page, PrSelection *selection, guint n);
PrCommandDialog *pr_import_dialog_open (PrPage *page, GFile *file);

G_END_DECLS
