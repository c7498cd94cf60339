/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-server-profile.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrNewProfileDialog:
 *
 * How a new server profile begins: Gmail, any POP3/SMTP server, or with what belongs to an email
 * address.
 *
 * Signals: "chosen" (#PrServerProfile), and then "assistant" if its assistant is wanted at once.
 */
#define PR_TYPE_NEW_PROFILE_DIALOG (pr_new_profile_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrNewProfileDialog, pr_new_profile_dialog, PR, NEW_PROFILE_DIALOG, AdwWindow)

PrNewProfileDialog *pr_new_profile_dialog_new (GtkWidget *parent);

G_END_DECLS
