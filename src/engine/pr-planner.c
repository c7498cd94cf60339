/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a profile and a mailbox to the plan of one conversation. Main thread. */

#include "pr-planner.h"

const PrTestOptions pr_test_options_default = {
  .incoming = TRUE,
  .outgoing = TRUE,
  .submit = PR_SUBMIT_MESSAGE,
};

/* Google wants the account that the token belongs to, also for an alias; others want the mailbox,
 * which may be one that the account's owner shares (docs/oauth.md). */
static const char *
get_oauth_name (PrServerProfile *profile, PrMailbox *mailbox)
{
  const char *username = pr_mailbox_get_text (mailbox, USERNAME);

  if (pr_server_profile_get (profile, SERVER_TYPE) == PR_SERVER_TYPE_GMAIL
      && pr_address_split (username, NULL, NULL))
    return username;
  return pr_mailbox_get_text (mailbox, ADDRESS);
}

static const char *
get_username (PrServerProfile *profile,
              PrMailbox *mailbox,
              PrDirection direction,
              gboolean has_secret)
{
  switch (pr_server_profile_get_authentication (profile, direction))
    {
      case PR_AUTHENTICATION_PROFILE:
        return pr_server_profile_get_username (profile, direction);
      case PR_AUTHENTICATION_OAUTH:
        return mailbox != NULL ? get_oauth_name (profile, mailbox) : NULL;
      case PR_AUTHENTICATION_USER_OR_QUEUE:
        return mailbox != NULL ? pr_mailbox_get_text (mailbox, USERNAME) : NULL;
      case PR_AUTHENTICATION_WINDOWS:
        /* The ticket says who it is; a name is only for NTLM, which needs a password, too. */
        return mailbox != NULL && has_secret ? pr_mailbox_get_text (mailbox, USERNAME) : NULL;
      case PR_AUTHENTICATION_ANONYMOUS:
        return NULL;
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_planner_make:
 * @environment: its name, for the report
 * @profile: the servers
 * @mailbox: (nullable): whose test it is; %NULL tests the profile alone
 * @settings: policies and limits
 * @direction: which server
 * @options: what the admin chose
 * @secret: (nullable): password or token
 *
 * Returns: (transfer full): the plan, for one worker
 */
PrTestPlan *
pr_planner_make (const char *environment,
                 PrServerProfile *profile,
                 PrMailbox *mailbox,
                 PrEmailSettings *settings,
                 PrDirection direction,
                 const PrTestOptions *options,
                 PrSecret *secret)
{
  PrTestPlan *plan =
      pr_test_plan_new (direction == PR_DIRECTION_INCOMING ? PR_PROTOCOL_POP3 : PR_PROTOCOL_SMTP,
                        pr_server_profile_get_location (profile, direction),
                        pr_server_profile_get_port (profile, direction));
  const char *ca = pr_server_profile_get_text (profile, CA_CERTIFICATE);
  const char *pin = direction == PR_DIRECTION_INCOMING
                        ? pr_server_profile_get_text (profile, INCOMING_PIN)
                        : pr_server_profile_get_text (profile, OUTGOING_PIN);

  plan->environment = g_strdup (environment);
  plan->profile = g_strdup (pr_server_profile_get_text (profile, NAME));
  plan->address = mailbox != NULL ? g_strdup (pr_mailbox_get_text (mailbox, ADDRESS)) : NULL;
  plan->security = pr_server_profile_get_security (profile, direction);
  plan->min_tls = (PrTlsVersion) pr_email_settings_get (settings, MIN_TLS);
  plan->ca_pem = *ca != '\0' ? g_strdup (ca) : NULL;
  plan->pin = *pin != '\0' ? g_strdup (pin) : NULL;
  plan->allow_unencrypted = pr_email_settings_get (settings, ALLOW_UNENCRYPTED) != 0;
  plan->authentication = pr_server_profile_get_authentication (profile, direction);
  plan->mechanism = pr_server_profile_get_mechanism (profile, direction);
  plan->username = g_strdup (get_username (profile, mailbox, direction, secret != NULL));
  plan->secret = secret != NULL ? pr_secret_ref (secret) : NULL;
  plan->profile_credentials =
      pr_server_profile_get_authentication (profile, direction) == PR_AUTHENTICATION_PROFILE;
  plan->submit = mailbox != NULL ? options->submit : PR_SUBMIT_NONE;
  plan->polling_s = (guint) pr_server_profile_get (profile, POLLING_INTERVAL) * 60;
  plan->timeout_s = (guint) pr_server_profile_get (profile, TIMEOUT);
  plan->total_timeout_s = MAX (PR_TOTAL_TIMEOUT_DEFAULT_S, plan->timeout_s * 4);
  plan->attempt = mailbox != NULL ? pr_mailbox_get_retry (mailbox, direction) + 1 : 1;
  return plan;
}
