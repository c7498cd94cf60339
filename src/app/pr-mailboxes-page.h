/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"
#include "pr-selection.h"

G_BEGIN_DECLS

/**
 * PrMailboxesPage:
 *
 * The page “Mailboxes”: the grid of mailboxes and the commands on them.
 */
#define PR_TYPE_MAILBOXES_PAGE (pr_mailboxes_page_get_type ())
G_DECLARE_FINAL_TYPE (PrMailboxesPage, pr_mailboxes_page, PR, MAILBOXES_PAGE, PrPage)

void
pr_mailboxes_page_show (PrMailboxesPage *self, PrView view, gint64 profile_id, const char *code);
void pr_mailboxes_page_open (PrMailboxesPage *self, gint64 mailbox_id);

G_END_DECLS
