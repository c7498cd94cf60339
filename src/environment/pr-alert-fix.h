/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-alert.h"
#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * PrFix:
 * @PR_FIX_NONE: nothing that the program could do
 * @PR_FIX_APPROVE: approve the email address
 * @PR_FIX_ACTIVATE: activate the mailbox or the profile
 * @PR_FIX_ALLOW_CREDENTIALS: let the mailbox use its credentials
 * @PR_FIX_PORT: give the profile the port and security that the server would understand
 * @PR_FIX_PASSWORD: ask for the password; #PrFixTarget says whose
 * @PR_FIX_SIGN_IN: sign in to the mailbox by browser
 * @PR_FIX_AUTHORITY: ask for the certificate of an authority to trust
 * @PR_FIX_OPEN: somebody has to look at the mailbox or the profile
 * @PR_FIX_RETRY: test again
 *
 * What mends the cause of an alert. Up to @PR_FIX_PORT pr_environment_fix_alert_async() does it;
 * the others need an answer, or eyes.
 */
typedef enum
{
  PR_FIX_NONE,
  PR_FIX_APPROVE,
  PR_FIX_ACTIVATE,
  PR_FIX_ALLOW_CREDENTIALS,
  PR_FIX_PORT,
  PR_FIX_PASSWORD,
  PR_FIX_SIGN_IN,
  PR_FIX_AUTHORITY,
  PR_FIX_OPEN,
  PR_FIX_RETRY,
} PrFix;

/**
 * PrFixTarget:
 * @fix: what to do
 * @mailbox_id: to which mailbox; 0: to the profile
 * @profile_id: to which profile, or that of the mailbox; 0: none
 * @direction: of the password or the port
 */
typedef struct
{
  PrFix fix;
  gint64 mailbox_id;
  gint64 profile_id;
  PrDirection direction;
} PrFixTarget;

PrFixTarget pr_alert_find_fix (PrEnvironment *environment, PrAlert *alert);
char *pr_alert_describe_fix (PrAlert *alert, const PrFixTarget *target);
PrSelection *pr_alert_get_affected (PrAlert *alert);

void pr_environment_fix_alert_async (PrEnvironment *self,
                                     PrAlert *alert,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
pr_environment_fix_alert_finish (PrEnvironment *self, GAsyncResult *result, GError **error);

G_END_DECLS
