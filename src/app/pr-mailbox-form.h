/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrMailboxForm:
 *
 * The form of one mailbox, new or stored: its fields with their rules, its statuses, its last
 * reports and its own alerts.
 *
 * Signal: "closed" when somebody leaves it.
 */
#define PR_TYPE_MAILBOX_FORM (pr_mailbox_form_get_type ())
G_DECLARE_FINAL_TYPE (PrMailboxForm, pr_mailbox_form, PR, MAILBOX_FORM, AdwBin)

void pr_mailbox_form_open (PrMailboxForm *self, PrEnvironment *environment, gint64 id);
void pr_mailbox_form_open_new (PrMailboxForm *self, PrEnvironment *environment);
void pr_mailbox_form_close (PrMailboxForm *self);
PrMailbox *pr_mailbox_form_get_mailbox (PrMailboxForm *self);
gboolean pr_mailbox_form_is_dirty (PrMailboxForm *self);

G_END_DECLS
