/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-environment.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrPinDialog:
 *
 * Looks at the certificate that a server shows now, beside the one that is pinned, and asks for
 * the one to pin. Only while a profile is being set up it offers to take the one that was shown
 * (RFC 8314 section 5.4); later the fingerprint has to come from somebody who knows it.
 *
 * Signal: "pinned" when somebody has given a fingerprint and a reason.
 */
#define PR_TYPE_PIN_DIALOG (pr_pin_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrPinDialog, pr_pin_dialog, PR, PIN_DIALOG, AdwWindow)

PrPinDialog *pr_pin_dialog_open (GtkWidget *parent,
                                 PrEnvironment *environment,
                                 PrServerProfile *profile,
                                 PrDirection direction);

PrDirection pr_pin_dialog_get_direction (PrPinDialog *self);
const char *pr_pin_dialog_get_pin (PrPinDialog *self);
const char *pr_pin_dialog_get_reason (PrPinDialog *self);

G_END_DECLS
