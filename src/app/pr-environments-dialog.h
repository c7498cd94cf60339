/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-window.h"

G_BEGIN_DECLS

/**
 * PrEnvironmentsDialog:
 *
 * The environments: switch, add, rename, remove.
 */
#define PR_TYPE_ENVIRONMENTS_DIALOG (pr_environments_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PrEnvironmentsDialog,
                      pr_environments_dialog,
                      PR,
                      ENVIRONMENTS_DIALOG,
                      AdwWindow)

PrEnvironmentsDialog *pr_environments_dialog_show (PrWindow *window);

G_END_DECLS
