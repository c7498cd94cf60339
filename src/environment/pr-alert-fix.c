/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What mends the cause of an alert, and the mending of what needs no further answer. A certificate
 * is never trusted because of a button alone: whoever trusts an authority brings its certificate
 * from elsewhere (RFC 8314 section 5.4). Main thread. */

#include "pr-alert-fix.h"

#include "pr-alert-text.h"
#include "pr-environment-private.h"

#include <glib/gi18n-lib.h>

/* By code; what is not here is tried again. */
static const struct
{
  PrCode code;
  PrFix fix;
} fixes[] = {
  { PR_CODE_OK, PR_FIX_NONE },
  { PR_CODE_ADDRESS_NOT_APPROVED, PR_FIX_APPROVE },
  { PR_CODE_MAILBOX_INACTIVE, PR_FIX_ACTIVATE },
  { PR_CODE_PROFILE_INACTIVE, PR_FIX_ACTIVATE },
  { PR_CODE_CREDENTIALS_NOT_ALLOWED, PR_FIX_ALLOW_CREDENTIALS },
  { PR_CODE_CREDENTIALS_MISSING, PR_FIX_PASSWORD },
  { PR_CODE_AUTHENTICATION_REJECTED, PR_FIX_PASSWORD },
  { PR_CODE_AUTHENTICATION_APP_PASSWORD, PR_FIX_PASSWORD },
  { PR_CODE_OAUTH_SIGN_IN_NEEDED, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_TOKEN_REVOKED, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_ACCESS_DENIED, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_SCOPE_MISSING, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_WRONG_ACCOUNT, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_CANCELLED, PR_FIX_SIGN_IN },
  { PR_CODE_OAUTH_TIMEOUT, PR_FIX_SIGN_IN },
  { PR_CODE_CERTIFICATE_UNTRUSTED, PR_FIX_AUTHORITY },
  { PR_CODE_CERTIFICATE_SELF_SIGNED, PR_FIX_AUTHORITY },
  { PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN, PR_FIX_AUTHORITY },
  { PR_CODE_WRONG_PROTOCOL, PR_FIX_PORT },
  { PR_CODE_TLS_EXPECTED, PR_FIX_PORT },
  { PR_CODE_PLAIN_EXPECTED, PR_FIX_PORT },
  { PR_CODE_STARTTLS_UNAVAILABLE, PR_FIX_PORT },
  { PR_CODE_TLS_HANDSHAKE, PR_FIX_PORT },
  { PR_CODE_MAILBOX_NO_PROFILE, PR_FIX_OPEN },
  { PR_CODE_MAILBOX_DIRECTION_NONE, PR_FIX_OPEN },
  { PR_CODE_MAILBOX_ADDRESS_INVALID, PR_FIX_OPEN },
  { PR_CODE_PROFILE_INVALID, PR_FIX_OPEN },
  { PR_CODE_POLICY_ENCRYPTION, PR_FIX_OPEN },
  { PR_CODE_POLICY_PORT, PR_FIX_OPEN },
  { PR_CODE_POLICY_TLS_VERSION, PR_FIX_OPEN },
  { PR_CODE_DNS_NOT_FOUND, PR_FIX_OPEN },
  { PR_CODE_CERTIFICATE_WRONG_HOST, PR_FIX_OPEN },
  { PR_CODE_CERTIFICATE_PIN_CHANGED, PR_FIX_OPEN },
  { PR_CODE_MECHANISM_UNAVAILABLE, PR_FIX_OPEN },
  { PR_CODE_AUTHENTICATION_OAUTH_REQUIRED, PR_FIX_OPEN },
  { PR_CODE_OAUTH_CLIENT_INVALID, PR_FIX_OPEN },
};

static PrFix
find_by_code (PrAlert *alert)
{
  PrCode code;

  if (pr_alert_get (alert, SEVERITY) == PR_SEVERITY_INFORMATION
      || !pr_code_from_word (pr_alert_get_text (alert, CODE), &code))
    return PR_FIX_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (fixes); i++)
    if (fixes[i].code == code)
      return fixes[i].fix;
  return PR_FIX_RETRY;
}

static PrDirection
get_direction (PrAlert *alert, const PrReport *report)
{
  int direction;

  if (pr_enum_from_nick (PR_TYPE_DIRECTION, pr_alert_get_text (alert, DIRECTION), &direction))
    return (PrDirection) direction;
  return report != NULL ? report->direction : PR_DIRECTION_INCOMING;
}

/* Whose password it is says the profile. */
static void
find_password (PrFixTarget *target, PrServerProfile *profile)
{
  if (profile == NULL)
    target->fix = PR_FIX_OPEN;
  else if (pr_server_profile_get_authentication (profile, target->direction)
           == PR_AUTHENTICATION_PROFILE)
    {
      target->mailbox_id = 0;
      target->direction = pr_server_profile_get_credentials_direction (profile, target->direction);
    }
  else if (target->mailbox_id == 0)
    target->fix = PR_FIX_OPEN;
}

/**
 * pr_alert_find_fix:
 * @environment: where it was raised
 * @alert: an alert
 *
 * Returns: what mends it, and where
 */
PrFixTarget
pr_alert_find_fix (PrEnvironment *environment, PrAlert *alert)
{
  g_autoptr (PrReport) report = pr_alert_text_get_report (alert);
  g_autoptr (PrServerProfile) profile = NULL;
  PrFixTarget target = { find_by_code (alert), pr_alert_get (alert, MAILBOX_ID),
                         pr_alert_get (alert, PROFILE_ID), get_direction (alert, report) };

  profile = pr_environment_find_profile_by_id (environment, target.profile_id);
  switch (target.fix)
    {
      case PR_FIX_PASSWORD:
        find_password (&target, profile);
        break;
      case PR_FIX_PORT:
        /* A better port has to be known, and the profile still has the bad one. No button gives
         * encryption up. */
        target.mailbox_id = 0;
        if (report == NULL || report->suggested_port == 0 || profile == NULL
            || report->suggested_security == PR_SECURITY_NONE)
          target.fix = PR_FIX_OPEN;
        else if (pr_server_profile_get_port (profile, target.direction) != report->port)
          target.fix = PR_FIX_RETRY;
        break;
      case PR_FIX_ACTIVATE:
        if (g_str_equal (pr_alert_get_text (alert, CODE),
                         pr_code_to_word (PR_CODE_PROFILE_INACTIVE)))
          target.mailbox_id = 0;
        break;
      case PR_FIX_AUTHORITY:
        target.mailbox_id = 0;
        break;
      case PR_FIX_OPEN:
        if (report != NULL && report->scope == PR_SCOPE_PROFILE)
          target.mailbox_id = 0;
        break;
      case PR_FIX_NONE:
      case PR_FIX_APPROVE:
      case PR_FIX_ALLOW_CREDENTIALS:
      case PR_FIX_SIGN_IN:
      case PR_FIX_RETRY:
        break;
    }
  return target;
}

/**
 * pr_alert_describe_fix:
 * @alert: an alert
 * @target: what pr_alert_find_fix() said
 *
 * Returns: (transfer full) (nullable): the label of a button, translated; %NULL for none
 */
char *
pr_alert_describe_fix (PrAlert *alert, const PrFixTarget *target)
{
  g_autoptr (PrReport) report = NULL;

  switch (target->fix)
    {
      case PR_FIX_NONE:
        return NULL;
      case PR_FIX_APPROVE:
        return g_strdup (_ ("Approve Now"));
      case PR_FIX_ACTIVATE:
        return g_strdup (target->mailbox_id != 0 ? _ ("Activate Mailbox") : _ ("Activate Profile"));
      case PR_FIX_ALLOW_CREDENTIALS:
        return g_strdup (_ ("Allow Credentials"));
      case PR_FIX_PORT:
        report = pr_alert_text_get_report (alert);
        return g_strdup_printf (_ ("Correct the Port to %u"), report->suggested_port);
      case PR_FIX_PASSWORD:
        return g_strdup (_ ("Set Password…"));
      case PR_FIX_SIGN_IN:
        return g_strdup (_ ("Sign In…"));
      case PR_FIX_AUTHORITY:
        return g_strdup (_ ("Trust This Authority…"));
      case PR_FIX_OPEN:
        if (g_str_equal (pr_alert_get_text (alert, CODE),
                         pr_code_to_word (PR_CODE_CERTIFICATE_PIN_CHANGED)))
          return g_strdup (_ ("Compare Certificates…"));
        return g_strdup (target->mailbox_id != 0 ? _ ("Open Mailbox") : _ ("Open Server Profile"));
      case PR_FIX_RETRY:
        return g_strdup (_ ("Retry Now"));
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_alert_get_affected:
 * @alert: an alert
 *
 * Returns: (transfer full): the mailboxes to test again once it is mended
 */
PrSelection *
pr_alert_get_affected (PrAlert *alert)
{
  gint64 mailbox_id = pr_alert_get (alert, MAILBOX_ID);
  PrSelection *selection;

  if (mailbox_id != 0)
    return pr_selection_new_ids (&mailbox_id, 1);
  selection = pr_selection_new_view (PR_VIEW_ACTIVE);
  pr_selection_set_profile (selection, pr_alert_get (alert, PROFILE_ID));
  return selection;
}

/* --- Mending ---------------------------------------------------------------------------------- */

static void
on_mailbox_fixed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint n = 0;

  if (!pr_environment_change_mailboxes_finish (PR_ENVIRONMENT (source), result, &n, &error))
    g_task_return_error (task, error);
  else if (n == 0)
    g_task_return_new_error (task, PR_ERROR, PR_ERROR_NOT_FOUND,
                             _ ("The mailbox does not exist any more."));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fix_mailbox (PrEnvironment *self, PrAlert *alert, const PrFixTarget *target, GTask *task)
{
  g_autoptr (PrSelection) selection = pr_selection_new_ids (&target->mailbox_id, 1);
  PrChange allow = { PR_MAILBOX_ALLOW_CREDENTIALS, NULL, TRUE };

  if (target->fix == PR_FIX_ALLOW_CREDENTIALS)
    pr_environment_change_mailboxes_async (self, selection, &allow, 1,
                                           g_task_get_cancellable (task), on_mailbox_fixed,
                                           g_object_ref (task));
  else
    pr_environment_command_mailboxes_async (
        self, selection,
        target->fix == PR_FIX_APPROVE ? PR_MAILBOX_COMMAND_APPROVE : PR_MAILBOX_COMMAND_ACTIVATE,
        g_task_get_cancellable (task), on_mailbox_fixed, g_object_ref (task));
}

static void
on_profile_fixed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pr_environment_save_profile_finish (PR_ENVIRONMENT (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
fix_profile (PrEnvironment *self, PrAlert *alert, const PrFixTarget *target, GTask *task)
{
  g_autoptr (PrServerProfile) stored = pr_environment_find_profile_by_id (self, target->profile_id);
  g_autoptr (PrReport) report = pr_alert_text_get_report (alert);
  g_autoptr (PrRecord) profile = NULL;
  gboolean incoming = target->direction == PR_DIRECTION_INCOMING;

  if (stored == NULL)
    {
      g_task_return_new_error (task, PR_ERROR, PR_ERROR_NOT_FOUND,
                               _ ("The server profile does not exist any more."));
      return;
    }
  profile = pr_record_duplicate (PR_RECORD (stored));
  if (target->fix == PR_FIX_ACTIVATE)
    pr_record_set_number (profile, PR_PROFILE_ACTIVE, TRUE);
  else
    {
      pr_record_set_number (profile, incoming ? PR_PROFILE_INCOMING_PORT : PR_PROFILE_OUTGOING_PORT,
                            report->suggested_port);
      pr_record_set_number (profile,
                            incoming ? PR_PROFILE_INCOMING_SECURITY : PR_PROFILE_OUTGOING_SECURITY,
                            (gint64) report->suggested_security);
    }
  pr_environment_save_profile_async (self, PR_SERVER_PROFILE (profile),
                                     g_task_get_cancellable (task), on_profile_fixed,
                                     g_object_ref (task));
}

/**
 * pr_environment_fix_alert_async:
 * @self: an environment
 * @alert: one whose fix needs no further answer
 * @cancellable: (nullable): cancels
 * @callback: called when its cause is mended; that it works again is for a test to say
 * @user_data: for @callback
 */
void
pr_environment_fix_alert_async (PrEnvironment *self,
                                PrAlert *alert,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = pr_change_task_new (self, cancellable, callback, user_data);
  PrFixTarget target;

  g_return_if_fail (PR_IS_ENVIRONMENT (self));
  g_return_if_fail (PR_IS_ALERT (alert));

  target = pr_alert_find_fix (self, alert);
  switch (target.fix)
    {
      case PR_FIX_APPROVE:
      case PR_FIX_ALLOW_CREDENTIALS:
        fix_mailbox (self, alert, &target, task);
        break;
      case PR_FIX_ACTIVATE:
        if (target.mailbox_id != 0)
          fix_mailbox (self, alert, &target, task);
        else
          fix_profile (self, alert, &target, task);
        break;
      case PR_FIX_PORT:
        fix_profile (self, alert, &target, task);
        break;
      case PR_FIX_NONE:
      case PR_FIX_PASSWORD:
      case PR_FIX_SIGN_IN:
      case PR_FIX_AUTHORITY:
      case PR_FIX_OPEN:
      case PR_FIX_RETRY:
        g_task_return_new_error (task, PR_ERROR, PR_ERROR_NOT_FOUND,
                                 _ ("There is nothing that could be done without you."));
        break;
    }
}

gboolean
pr_environment_fix_alert_finish (PrEnvironment *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
