/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-page.h"

G_BEGIN_DECLS

/**
 * PrMailboxesPage:
 *
 * The page “Mailboxes”: the grid of mailboxes and the commands on them.
 */
#define PR_TYPE_MAILBOXES_PAGE (pr_mailboxes_page_get_type ())
G_DECLARE_FINAL_TYPE (PrMailboxesPage, pr_mailboxes_page, PR, MAILBOXES_PAGE, PrPage)

G_END_DECLS
