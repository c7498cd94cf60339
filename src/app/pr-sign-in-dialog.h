/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrSignInDialog:
 *
 * Signs in to one mailbox, or to many in turn, with the person's web browser or on another device.
 * Closing it ends what goes on.
 *
 * Signal: "signed-in" when a mailbox is signed in.
 */
#define PR_TYPE_SIGN_IN_DIALOG (pr_sign_in_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrSignInDialog, pr_sign_in_dialog, PR, SIGN_IN_DIALOG, AdwWindow)

PrSignInDialog *pr_sign_in_dialog_open (GtkWidget *parent,
                                        PrEnvironment *environment,
                                        PrSelection *selection,
                                        gboolean only_needed);

G_END_DECLS
