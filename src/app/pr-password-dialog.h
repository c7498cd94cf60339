/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrPasswordAnswer:
 * @secret: (transfer none): what was typed
 *
 * Called with a password that somebody has typed, in the main thread; not when the dialog was
 * closed without one.
 */
typedef void (*PrPasswordAnswer) (PrSecret *secret, gpointer user_data);

#define PR_TYPE_PASSWORD_DIALOG (pr_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrPasswordDialog, pr_password_dialog, PR, PASSWORD_DIALOG, AdwWindow)

PrPasswordDialog *pr_password_dialog_ask (GtkWidget *parent,
                                          const char *title,
                                          const char *body,
                                          PrPasswordAnswer answer,
                                          gpointer user_data,
                                          GDestroyNotify destroy);
void pr_password_dialog_set_note (PrPasswordDialog *self, const char *text);

G_END_DECLS
