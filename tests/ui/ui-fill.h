/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-environment.h"

G_BEGIN_DECLS

/* Mailboxes by the thousand, written past the program as another program would. */

void ui_run_sql (PrEnvironment *environment, const char *data_dir, const char *sql);
void ui_fill_mailboxes (PrEnvironment *environment, const char *data_dir, guint n);
void ui_fill_alert (PrEnvironment *environment,
                    const char *data_dir,
                    PrCode code,
                    PrSeverity severity,
                    gint64 mailbox_id,
                    gint64 profile_id);

G_END_DECLS
