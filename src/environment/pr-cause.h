/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert-fix.h"

G_BEGIN_DECLS

#define PR_CAUSE_NAMES 100 /* addresses that a cause knows; ids it knows them all */

/**
 * PrCause:
 * @report: of the first test that met it
 * @profile_id: of its server profile; 0: none
 * @is_profile: one fault for all mailboxes of the profile; else each of them has it
 * @mailbox_ids: (element-type gint64): everyone that it hit, once
 * @addresses: (element-type utf8): of the first %PR_CAUSE_NAMES of them
 * @n_failed: tests that failed because of it
 * @n_not_run: tests that were given up before their turn because of it
 *
 * Why tests of a job failed: equal faults are one cause.
 */
typedef struct
{
  PrReport *report;
  gint64 profile_id;
  gboolean is_profile;
  GArray *mailbox_ids;
  GPtrArray *addresses;
  guint n_failed;
  guint n_not_run;
} PrCause;

/**
 * PrCauses:
 *
 * The causes that one job met, in the order in which they came.
 */
typedef struct _PrCauses PrCauses;

PrCauses *pr_causes_new (PrEnvironment *environment);
void pr_causes_free (PrCauses *self);
PrCause *pr_causes_add (PrCauses *self, gint64 mailbox_id, PrReport *report);
guint pr_causes_get_n (PrCauses *self);
PrCause *pr_causes_get (PrCauses *self, guint i);
PrSelection *pr_causes_get_affected (PrCauses *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrCauses, pr_causes_free)

PrAlert *pr_cause_make_alert (PrCause *self);
PrFixTarget pr_cause_find_fix (PrEnvironment *environment, PrCause *self);
gboolean pr_cause_is_fixed_together (PrCause *self, const PrFixTarget *target);
PrSelection *pr_cause_get_affected (PrCause *self);

void pr_environment_fix_cause_async (PrEnvironment *self,
                                     PrCause *cause,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean pr_environment_fix_cause_finish (PrEnvironment *self,
                                          GAsyncResult *result,
                                          guint *n_changed,
                                          GError **error);

G_END_DECLS
