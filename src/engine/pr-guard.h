/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

G_BEGIN_DECLS

/* How many refusals in a row hold a server, and how many equal failures stop a profile. */
#define PR_GUARD_REFUSALS 3
#define PR_GUARD_FAILURES 3

/**
 * PrGuardState:
 * @PR_GUARD_HELD: the server refused so many log-ins in a row that more could lock accounts, or
 *   this computer, out: somebody has to decide
 * @PR_GUARD_STOPPED: the same failure of the server or the profile was met so often that the
 *   rest would only meet it again
 */
typedef enum
{
  PR_GUARD_OPEN,
  PR_GUARD_HELD,
  PR_GUARD_STOPPED,
} PrGuardState;

/**
 * PrGuard:
 *
 * Watches the reports of one job, so that a job never locks anybody out and does not repeat to
 * 5,000 mailboxes what was found out on three. A *side* is one direction of one profile; several
 * sides may share a server. Any thread, one at a time; asks no clock and knows no queue.
 */
typedef struct _PrGuard PrGuard;

PrGuard *pr_guard_new (void);
void pr_guard_free (PrGuard *self);
void pr_guard_add_side (PrGuard *self, const char *side, const char *server);
gboolean pr_guard_take_step (PrGuard *self, const char *side, PrStep step);
gboolean pr_guard_take_report (PrGuard *self, const char *side, PrReport *report);
PrGuardState pr_guard_get_state (PrGuard *self, const char *side);
PrReport *pr_guard_get_cause (PrGuard *self, const char *side);
guint pr_guard_get_width (PrGuard *self, const char *side);
gboolean pr_guard_is_same_server (PrGuard *self, const char *side, const char *other);
void pr_guard_go_on (PrGuard *self, const char *side);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrGuard, pr_guard_free)

G_END_DECLS
