/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What sign-ins and tokens fail of, told apart: a summary and a remedy for each reason, where
 * those of the diagnosis code would be too general. Gaps are filled by pr-report-text.c. Main
 * thread. */

#include "pr-report-oauth.h"

#include "pr-oauth-error.h"
#include "pr-report-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PREFIX "oauth-"

/* A summary of NULL is that of the code. */
static const PrSentence sentences[PR_N_OAUTH_REASONS] = {
  [PR_OAUTH_REASON_CLIENT_CHANGED] = { N_ ("{account} was signed in under another client id than "
                                           "the one that the profile {profile} has now."),
                                       N_ ("Sign in again. With many mailboxes use “Sign in again” "
                                           "on all of them.") },
  [PR_OAUTH_REASON_NO_REFRESH_TOKEN] = { N_ ("The sign-in of {account} would end within the hour: "
                                             "the provider gave nothing to renew it with."),
                                         N_ ("Sign in again. If it happens again, the scope of the "
                                             "profile lacks “offline_access”, or the registration "
                                             "does not allow refresh tokens.") },

  [PR_OAUTH_REASON_TESTING_LIMIT] = { N_ ("The sign-in of {account} has ended after seven days, "
                                          "because the registration is still “in testing”."),
                                      N_ ("Publish the registration in the provider’s console "
                                          "(“Publish app”), or make it “Internal” to your "
                                          "organisation; then sign in again. Otherwise it ends "
                                          "every seven days.") },
  [PR_OAUTH_REASON_UNUSED] = { N_ ("The sign-in of {account} has ended, because nobody used it for "
                                   "months."),
                               N_ ("Sign in again. A mailbox that is enabled uses its sign-in "
                                   "often enough.") },
  [PR_OAUTH_REASON_PASSWORD_CHANGED] = { N_ ("The sign-in of {account} has ended, because the "
                                             "password of the account was changed or reset."),
                                         N_ ("Sign in again, with the new password.") },
  [PR_OAUTH_REASON_SESSION_POLICY] = { N_ ("The sign-in of {account} has ended: a rule of the "
                                           "organisation lets sign-ins last for a limited time "
                                           "only."),
                                       N_ ("Sign in again. To make it last, the organisation’s "
                                           "administrator exempts the client id from the rule "
                                           "about session length.") },
  [PR_OAUTH_REASON_CONSENT_NEEDED] = { N_ ("{account} has not agreed, or no longer agrees, that "
                                           "this registration reads and sends mail."),
                                       N_ ("Sign in again and agree. If the provider asks for an "
                                           "administrator’s approval, the organisation’s "
                                           "administrator has to give it.") },
  [PR_OAUTH_REASON_EXTRA_VERIFICATION] = { N_ ("The provider wants {account} to prove once more "
                                               "who it is."),
                                           N_ ("Sign in again and do what the provider asks for, "
                                               "such as a code from a telephone.") },
  [PR_OAUTH_REASON_CODE_REFUSED] = { N_ ("The provider did not accept the end of the sign-in of "
                                         "{account}."),
                                     N_ ("Sign in again without a long pause at the end. If it "
                                         "happens again, check that the registration is for a "
                                         "desktop application.") },

  [PR_OAUTH_REASON_DECLINED] = { N_ ("Access to {account} was declined in the web browser."),
                                 N_ ("Sign in again and allow access. While the registration is "
                                     "“in testing”, the account must be among its test users; and "
                                     "an organisation’s administrator may have to allow the "
                                     "client id.") },
  [PR_OAUTH_REASON_SUBJECT_UNKNOWN] = { N_ ("The service account may not act for {account}: there "
                                            "is no such active user in the organisation."),
                                        N_ ("Check the address: it must be the main address of an "
                                            "active user, not an alias or a group. An alias needs "
                                            "the main address as user name of the mailbox.") },

  [PR_OAUTH_REASON_ADMIN_POLICY] = { NULL, N_ ("The organisation’s administrator has to trust the "
                                               "client id of the profile {profile}: in Google’s "
                                               "admin console under Security, API controls, "
                                               "Manage third-party app access.") },
  [PR_OAUTH_REASON_ADMIN_CONSENT] = { N_ ("An administrator has to approve this registration "
                                          "before {account} can sign in."),
                                      N_ ("The organisation’s administrator grants admin consent "
                                          "to the client id of the profile {profile}.") },
  [PR_OAUTH_REASON_ORGANISATION_ONLY] = { N_ ("The registration of the profile {profile} is for "
                                              "its own organisation alone, and {account} does not "
                                              "belong to it."),
                                          N_ ("Sign in with an account of the organisation, or "
                                              "make the registration “External”.") },

  [PR_OAUTH_REASON_CLIENT_REFUSED] = { N_ ("The provider does not know the client id of the "
                                           "profile {profile}, or its client secret is wrong."),
                                       N_ ("Copy client id and client secret from the provider’s "
                                           "console again.") },
  [PR_OAUTH_REASON_CLIENT_DELETED] = { N_ ("The OAuth client of the profile {profile} was "
                                           "deleted."),
                                       N_ ("Restore it in the provider’s console within 30 days, "
                                           "or make a new one and enter its client id and client "
                                           "secret; then sign in again.") },
  [PR_OAUTH_REASON_CLIENT_DISABLED] = { N_ ("The OAuth client of the profile {profile} is "
                                            "disabled."),
                                        N_ ("Enable it in the provider’s console.") },
  [PR_OAUTH_REASON_SECRET_MISSING] = { N_ ("The profile {profile} lacks the client secret, or the "
                                           "key, that the provider wants."),
                                       N_ ("Enter it in the profile. Microsoft wants none if the "
                                           "registration allows public client flows.") },
  [PR_OAUTH_REASON_SECRET_UNWANTED] = { N_ ("The provider wants no client secret from the profile "
                                            "{profile}, because its registration is a public "
                                            "client."),
                                        N_ ("Remove the client secret from the profile.") },
  [PR_OAUTH_REASON_REDIRECT_MISMATCH] = { N_ ("The registration of the profile {profile} does not "
                                              "allow the web browser to come back to this "
                                              "computer."),
                                          N_ ("Make an OAuth client of the type “Desktop app”; one "
                                              "for a web application does not work. Elsewhere "
                                              "enter the redirect address that the set-up "
                                              "assistant shows, exactly.") },
  [PR_OAUTH_REASON_GRANT_NOT_ALLOWED] = { N_ ("The registration of the profile {profile} does not "
                                              "allow this kind of sign-in."),
                                          N_ ("Make an OAuth client for desktop applications. For "
                                              "the sign-in on another device, switch on “Allow "
                                              "public client flows”.") },
  [PR_OAUTH_REASON_DELEGATION_MISSING] = { N_ ("The service account of the profile {profile} may "
                                               "not read mail for the users of the "
                                               "organisation."),
                                           N_ ("In Google’s admin console, under Security, API "
                                               "controls, Domain-wide delegation, add the "
                                               "account’s client id (the long number) with the "
                                               "scope https://mail.google.com/. It may take some "
                                               "minutes until it works.") },
  [PR_OAUTH_REASON_ISSUER_MISMATCH] = { N_ ("The answer to the sign-in of {account} came from "
                                            "another service than the one of the profile "
                                            "{profile}."),
                                        N_ ("Check the OAuth issuer in the profile, letter for "
                                            "letter. If it is right, somebody may be trying to "
                                            "mislead the sign-in: do not go on.") },
  [PR_OAUTH_REASON_CLOCK_SKEW] = { N_ ("The provider does not accept what the service account of "
                                       "the profile {profile} signed, because this computer’s "
                                       "clock is wrong ({detail})."),
                                   N_ ("Set the clock of this computer, best to the time from the "
                                       "network.") },
  [PR_OAUTH_REASON_KEY_INVALID] = { N_ ("The key of the service account of the profile {profile} "
                                        "cannot be used ({detail})."),
                                    N_ ("Make a new key in the provider’s console and give its "
                                        "JSON file to the profile.") },
  [PR_OAUTH_REASON_REQUEST_REFUSED] = { N_ ("The sign-in service refuses what the profile "
                                            "{profile} asks for ({detail})."),
                                        N_ ("Check client id, scope and addresses in the profile. "
                                            "If they are right, tell the provider the technical "
                                            "details.") },
  [PR_OAUTH_REASON_NO_SERVICE] = { N_ ("It is not known where {account} has to sign in "
                                       "({detail})."),
                                   N_ ("Choose an OAuth provider in the profile {profile}, or "
                                       "enter its issuer, scope and addresses.") },
  [PR_OAUTH_REASON_DEVICE_NOT_OFFERED] = { N_ ("{detail} does not offer the sign-in on another "
                                               "device for mail."),
                                           N_ ("Sign in with the web browser of this "
                                               "computer.") },

  [PR_OAUTH_REASON_NOT_TICKED] = { N_ ("The sign-in of {account} does not include access to its "
                                       "mail ({detail})."),
                                   N_ ("Sign in again and leave the box for email access "
                                       "ticked.") },
  [PR_OAUTH_REASON_SCOPE_REFUSED] = { N_ ("The provider does not let the registration of the "
                                          "profile {profile} ask for access to mail."),
                                      N_ ("Add the scope that the set-up assistant shows to the "
                                          "registration (Google: also enable the Gmail API; "
                                          "Microsoft: add the permissions for POP and SMTP).") },

  [PR_OAUTH_REASON_OTHER_ACCOUNT] = { N_ ("{detail} signed in, not {account}."),
                                      N_ ("Sign in again and choose the right account; a private "
                                          "window of the browser helps. If {detail} is the account "
                                          "behind this address, enter it as user name of the "
                                          "mailbox.") },
  [PR_OAUTH_REASON_ACCOUNT_UNKNOWN] = { N_ ("The provider did not say who signed in, so it is not "
                                            "sure that it was {account}."),
                                        N_ ("Sign in again. If it happens again, add “openid "
                                            "email” to the scope of the profile.") },

  [PR_OAUTH_REASON_TOO_MANY] = { N_ ("The provider’s sign-in service is asked too often."),
                                 N_ ("It is tried again by itself after {wait}.") },
  [PR_OAUTH_REASON_BAD_ANSWER] = { N_ ("What answered was not a sign-in service, or a broken one "
                                       "({detail})."),
                                   N_ ("It is tried again by itself. If it happens each time, a "
                                       "log-in page of the network may be in between, or the "
                                       "addresses in the profile are wrong.") },
  [PR_OAUTH_REASON_REDIRECTED] = { N_ ("The sign-in service wants to send the request elsewhere, "
                                       "which is not done."),
                                   N_ ("A log-in page of the network may be in between: open a "
                                       "web page and log in there. Otherwise check the addresses "
                                       "in the profile.") },
  [PR_OAUTH_REASON_UNREACHABLE] = { N_ ("The sign-in service could not be reached ({detail})."),
                                    N_ ("Check this computer’s network connection. It is tried "
                                        "again by itself.") },
  [PR_OAUTH_REASON_SILENT] = { N_ ("The sign-in service did not answer in time."),
                               N_ ("It is tried again by itself. If it happens each time, a "
                                   "firewall may block it.") },
  [PR_OAUTH_REASON_CERTIFICATE] = { N_ ("The connection to the sign-in service is not safe "
                                        "({detail}), so nothing was sent."),
                                    N_ ("Something on the way may be listening: try another "
                                        "network. Where the organisation looks into encrypted "
                                        "connections, its certificate authority has to be "
                                        "installed on this computer. Also check the clock.") },
};

/**
 * pr_report_oauth_find:
 * @remedy_id: (nullable): of a report
 *
 * Returns: (transfer none) (nullable): its sentences, if it is one of ours
 */
const PrSentence *
pr_report_oauth_find (const char *remedy_id)
{
  if (remedy_id == NULL || !g_str_has_prefix (remedy_id, PREFIX))
    return NULL;
  for (PrOauthReason reason = 1; reason < PR_N_OAUTH_REASONS; reason++)
    if (g_str_equal (remedy_id + strlen (PREFIX), pr_oauth_reason_to_word (reason)))
      return sentences[reason].remedy != NULL ? &sentences[reason] : NULL;
  return NULL;
}

/**
 * pr_report_oauth_take_error:
 * @report: a report of a test that was not run
 * @error: why there is no token for it
 *
 * Returns: whether @error is a #PR_OAUTH_ERROR, and is in @report now
 */
gboolean
pr_report_oauth_take_error (PrReport *report, const GError *error)
{
  PrOauthReason reason = pr_oauth_error_get_reason (error);

  if (error->domain != PR_OAUTH_ERROR)
    return FALSE;
  report->code = (PrCode) error->code;
  report->permanence = pr_code_get_permanence (report->code);
  report->scope = pr_code_get_scope (report->code);
  report->wait_s = pr_oauth_error_get_wait (error);
  g_free (report->detail);
  report->detail = g_strdup (error->message);
  g_free (report->remedy_id);
  report->remedy_id = reason != PR_OAUTH_REASON_NONE
                          ? g_strconcat (PREFIX, pr_oauth_reason_to_word (reason), NULL)
                          : NULL;
  return TRUE;
}

/**
 * pr_report_oauth_describe:
 * @error: why a sign-in failed
 * @mailbox: whose
 * @profile: (nullable): its profile
 * @remedy: (out) (optional) (nullable): what to do
 *
 * Returns: (transfer full): what happened and why, in one sentence
 */
char *
pr_report_oauth_describe (const GError *error,
                          PrMailbox *mailbox,
                          PrServerProfile *profile,
                          char **remedy)
{
  g_autoptr (PrReport) report = pr_report_new ();

  if (!pr_report_oauth_take_error (report, error))
    {
      if (remedy != NULL)
        *remedy = NULL;
      return g_strdup (error->message);
    }
  report->outcome = PR_OUTCOME_FAILURE;
  report->mailbox = g_strdup (pr_mailbox_get_text (mailbox, ADDRESS));
  if (profile != NULL)
    report->profile = g_strdup (pr_server_profile_get_text (profile, NAME));
  if (remedy != NULL)
    *remedy = pr_report_text_get_remedy (report);
  return pr_report_text_get_summary (report);
}

/**
 * pr_report_oauth_describe_discovery:
 * @error: why nothing could be found out from an issuer
 * @profile: the profile, as it stands
 *
 * Returns: (transfer full): what happened, and what to do
 */
char *
pr_report_oauth_describe_discovery (const GError *error, PrServerProfile *profile)
{
  g_autoptr (PrReport) report = pr_report_new ();
  g_autofree char *summary = NULL;
  g_autofree char *remedy = NULL;

  if (pr_oauth_error_get_reason (error) == PR_OAUTH_REASON_ISSUER_MISMATCH)
    return g_strdup (_ ("What answers there calls itself by another name than this issuer. Enter "
                        "the issuer as the provider writes it, letter for letter."));
  if (!pr_report_oauth_take_error (report, error))
    return g_strdup (error->message);
  report->outcome = PR_OUTCOME_FAILURE;
  report->profile = g_strdup (pr_server_profile_get_text (profile, NAME));
  summary = pr_report_text_get_summary (report);
  remedy = pr_report_text_get_remedy (report);
  return remedy != NULL ? g_strdup_printf ("%s %s", summary, remedy) : g_steal_pointer (&summary);
}
