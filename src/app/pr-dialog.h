/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * PrDialogAnswer:
 * @response: id of what was chosen; "cancel" when the dialog was closed
 *
 * Called with the answer of a person, in the main thread.
 */
typedef void (*PrDialogAnswer) (const char *response, gpointer user_data);

GtkWindow *pr_dialog_ask (GtkWidget *parent,
                          const char *heading,
                          const char *body,
                          const char *response,
                          const char *label,
                          AdwResponseAppearance appearance,
                          PrDialogAnswer answer,
                          gpointer user_data,
                          GDestroyNotify destroy);
GtkWindow *pr_dialog_tell (GtkWidget *parent, const char *heading, const char *body);
void pr_dialog_add_response (GtkWindow *dialog,
                             const char *response,
                             const char *label,
                             AdwResponseAppearance appearance);
void pr_dialog_set_child (GtkWindow *dialog, GtkWidget *child);
void pr_dialog_respond (GtkWindow *dialog, const char *response);

G_END_DECLS
