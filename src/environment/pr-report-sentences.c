/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One summary and one remedy for every diagnosis code, for a person who is no mail engineer.
 * "{server}", "{account}" and the like are filled in by pr-report-text.c and must stand in a
 * translation as they are. Any thread. */

#include "pr-report-sentences.h"

#include <glib/gi18n-lib.h>

static const PrSentence sentences[PR_N_CODES] = {
  [PR_CODE_OK] = { N_ ("It works."), NULL },
  [PR_CODE_CANCELLED] = { N_ ("The test of {account} was cancelled."),
                          N_ ("Test again when you are ready.") },

  /* This computer, the mailbox, the profile: nothing was sent. */
  [PR_CODE_DATABASE_READ_ONLY] = { N_ ("{account} was not tested, because the result could not be "
                                       "saved: this environment can "
                                       "only be read."),
                                   N_ ("Make the environment’s file writable, or work on a copy of "
                                       "it.") },
  [PR_CODE_MAILBOX_INACTIVE] = { N_ ("{account} was not tested, because the mailbox is inactive."),
                                 N_ ("Activate the mailbox, then test it again.") },
  [PR_CODE_MAILBOX_NO_PROFILE] = { N_ ("{account} was not tested, because it has no server "
                                       "profile."),
                                   N_ ("Choose a server profile for the mailbox, or use “Apply "
                                       "Default Email Settings”.") },
  [PR_CODE_MAILBOX_DIRECTION_NONE] = { N_ ("Nothing was tested for {account}: this direction is "
                                           "set to “None”."),
                                       N_ ("Choose “Server-Side Synchronization or Email Router” "
                                           "for it, if it should be used.") },
  [PR_CODE_MAILBOX_ADDRESS_INVALID] = { N_ ("{account} was not tested, because that is not a valid "
                                            "email address."),
                                        N_ ("Correct the email address of the mailbox.") },
  [PR_CODE_ADDRESS_NOT_APPROVED] = { N_ ("{account} was not tested, because its email address is "
                                         "not approved."),
                                     N_ ("Approve the email address, then test the mailbox "
                                         "again.") },
  [PR_CODE_PROFILE_INACTIVE] = { N_ ("{account} was not tested, because the server profile "
                                     "{profile} is inactive."),
                                 N_ ("Activate the server profile, or give the mailbox another "
                                     "one.") },
  [PR_CODE_PROFILE_INVALID] = { N_ ("Nothing was tested, because the server profile {profile} is "
                                    "not complete."),
                                N_ ("Open the server profile and correct the fields that are "
                                    "marked there.") },
  [PR_CODE_POLICY_ENCRYPTION] = { N_ ("Nothing was sent to {server}: without encryption the "
                                      "password could be read on the "
                                      "way, and the policy “allow connections without encryption” "
                                      "is off."),
                                  N_ ("Choose SSL/TLS or STARTTLS for this server.") },
  [PR_CODE_POLICY_PORT] = { N_ ("Nothing was sent to {server}: the policy “outbound ports” does "
                                "not allow port {port}."),
                            N_ ("Choose a port that is allowed, or change the policy in the email "
                                "settings.") },
  [PR_CODE_POLICY_TLS_VERSION] = { N_ ("Nothing was sent to {server}: it does not offer the TLS "
                                       "version that the policy "
                                       "“minimum TLS version” asks for."),
                                   N_ ("Ask the provider for a newer TLS version, or lower the "
                                       "policy to 1.2.") },
  [PR_CODE_CREDENTIALS_NOT_ALLOWED] = { N_ ("{account} was not tested, because it does not allow "
                                            "its credentials to be used."),
                                        N_ ("Switch on “Allow to use credentials for email "
                                            "processing” in the mailbox.") },
  [PR_CODE_CREDENTIALS_MISSING] = { N_ ("{account} was not tested, because there is no usable user "
                                        "name or password."),
                                    N_ ("Enter the user name and set the password, then test "
                                        "again.") },
  [PR_CODE_KEYRING_LOCKED] = { N_ ("{account} was not tested, because the keyring with its "
                                   "password is locked."),
                               N_ ("Unlock the keyring, then test again.") },
  [PR_CODE_KEYRING_UNAVAILABLE] = { N_ ("{account} was not tested, because there is no keyring to "
                                        "take the password from."),
                                    N_ ("Install and start a keyring, such as the package "
                                        "“gnome-keyring”.") },

  /* The way to the server. */
  [PR_CODE_DNS_NOT_FOUND] = { N_ ("There is no server named {host}."),
                              N_ ("Look for a typing error in the server location of the "
                                  "profile.") },
  [PR_CODE_DNS_FAILURE] = { N_ ("The name {host} could not be looked up, because no name server "
                                "answered."),
                            N_ ("Check this computer’s network connection. It is tried again by "
                                "itself.") },
  [PR_CODE_NETWORK_UNREACHABLE] = { N_ ("There is no way from this computer to {server}."),
                                    N_ ("Check this computer’s network connection. It is tried "
                                        "again by itself.") },
  [PR_CODE_CONNECTION_REFUSED] = { N_ ("{host} is there, but nothing answers on port {port}."),
                                   N_ ("Check the port in the profile: usual is {usual}. If it is "
                                       "right, the mail service "
                                       "is down, and it is tried again by itself.") },
  [PR_CODE_CONNECTION_TIMEOUT] = { N_ ("{server} did not answer in time."),
                                   N_ ("A firewall may block port {port}: many networks do. Check "
                                       "the port in the profile; "
                                       "usual is {usual}.") },
  [PR_CODE_CONNECTION_LOST] = { N_ ("{server} closed the connection in the middle of the step "
                                    "“{step}”."),
                                N_ ("It is tried again by itself. If it happens each time, check "
                                    "port and encryption in the "
                                    "profile.") },
  [PR_CODE_RESPONSE_TIMEOUT] = { N_ ("{server} went silent in the step “{step}”."),
                                 N_ ("It is tried again by itself. If it happens each time, check "
                                     "port and encryption in the "
                                     "profile, or allow a longer time-out.") },
  [PR_CODE_WRONG_PROTOCOL] = { N_ ("On port {port} of {host} answers a {found} server, not "
                                   "{protocol}."),
                               N_ ("Correct the port in the profile: {protocol} is usually on "
                                   "{usual}.") },

  /* Encryption. */
  [PR_CODE_TLS_EXPECTED] = { N_ ("Port {port} of {host} wants encryption from the first byte, but "
                                 "the profile says "
                                 "{security}."),
                             N_ ("Choose SSL/TLS for this server in the profile, or the port that "
                                 "belongs to "
                                 "{security}.") },
  [PR_CODE_PLAIN_EXPECTED] = { N_ ("Port {port} of {host} begins without encryption, but the "
                                   "profile says SSL/TLS."),
                               N_ ("Choose {suggestion} in the profile.") },
  [PR_CODE_STARTTLS_UNAVAILABLE] = { N_ ("{server} does not switch to encryption, so the password "
                                         "was not sent."),
                                     N_ ("Use SSL/TLS and its port instead. If STARTTLS worked "
                                         "here before, somebody on the way "
                                         "may be removing it: do not switch encryption off.") },
  [PR_CODE_STARTTLS_INJECTION] = { N_ ("Somebody put text in front of the encrypted connection to "
                                       "{server}. The test was "
                                       "stopped before the password was sent."),
                                   N_ ("This looks like an attack on the way, or a broken server. "
                                       "Try another network, use "
                                       "SSL/TLS and its port, and tell the provider.") },
  [PR_CODE_TLS_VERSION] = { N_ ("{server} offers only outdated encryption."),
                            N_ ("The provider must switch on TLS 1.2 or newer on this server.") },
  [PR_CODE_TLS_HANDSHAKE] = { N_ ("No encrypted connection to {server} could be agreed on "
                                  "({detail})."),
                              N_ ("Check the port and the encryption in the profile. If they are "
                                  "right, tell the provider "
                                  "the technical details.") },
  [PR_CODE_CERTIFICATE_UNTRUSTED] = { N_ ("The certificate of {host} was issued by “{issuer}”, "
                                          "which this computer does not "
                                          "trust."),
                                      N_ ("If that is your own certificate authority, add its "
                                          "certificate to the profile as "
                                          "“Trusted certificate authority”. Or the server forgets "
                                          "to send the certificate in between: its owner must "
                                          "look. Do not send a password there before that is "
                                          "clear.") },
  [PR_CODE_CERTIFICATE_SELF_SIGNED] = { N_ ("The certificate of {host} is signed by itself, so it "
                                            "proves nothing."),
                                        N_ ("Install a certificate of a known authority on the "
                                            "server. For a server of your own you "
                                            "can add its certificate to the profile as “Trusted "
                                            "certificate authority”.") },
  [PR_CODE_CERTIFICATE_WRONG_HOST] = { N_ ("The certificate is not for {host}, but for {names}."),
                                       N_ ("If one of these names is the right server, enter it as "
                                           "the server location in the "
                                           "profile. Otherwise the server’s owner must correct the "
                                           "certificate.") },
  [PR_CODE_CERTIFICATE_EXPIRED] = { N_ ("The certificate of {host} is out of date: it was valid "
                                        "until {until}."),
                                    N_ ("The server’s owner must renew it. If several servers seem "
                                        "out of date, check the clock "
                                        "of this computer.") },
  [PR_CODE_CERTIFICATE_NOT_YET_VALID] = { N_ ("The certificate of {host} is not valid before "
                                              "{from}."),
                                          N_ ("Check the clock of this computer. If it is right, "
                                              "the server’s owner must correct the "
                                              "certificate.") },
  [PR_CODE_CERTIFICATE_REVOKED] = { N_ ("The certificate of {host} was revoked by its issuer."),
                                    N_ ("Do not use this server before its owner has installed a "
                                        "new certificate.") },
  [PR_CODE_CERTIFICATE_WEAK] = { N_ ("The certificate of {host} is too weak to be relied on."),
                                 N_ ("The server’s owner must get a new one with a key of at least "
                                     "2048 bits (RSA) and "
                                     "without SHA-1.") },
  [PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN] = { N_ ("{host} does not send the certificate that links "
                                                 "its own to a known authority "
                                                 "(“{issuer}” is missing)."),
                                             N_ ("The server’s owner must install the intermediate "
                                                 "certificate. Web browsers often hide "
                                                 "this mistake, mail programs cannot.") },
  [PR_CODE_CERTIFICATE_PIN_CHANGED] = { N_ ("{host} shows another certificate than the one that is "
                                            "pinned in the profile."),
                                        N_ ("Ask the server’s owner whether the certificate was "
                                            "replaced, and compare the "
                                            "fingerprints, before you pin the new one.") },

  /* The conversation. */
  [PR_CODE_GREETING_REJECTED] = { N_ ("{server} refuses to talk: {reply}"),
                                  N_ ("Ask the provider whether this computer’s address is "
                                      "blocked, and check the server "
                                      "location.") },
  [PR_CODE_PROTOCOL_ERROR] = { N_ ("{server} answers in a way that is not {protocol} (step "
                                   "“{step}”)."),
                               N_ ("Check port and encryption in the profile. If they are right, "
                                   "the server is broken or "
                                   "something on the way changes what it says: tell the provider "
                                   "the technical "
                                   "details.") },
  [PR_CODE_CAPABILITY_MISSING] = { N_ ("{server} does not offer what this test needs ({detail})."),
                                   N_ ("Check the port: sending mail belongs on 465 or 587. "
                                       "Otherwise ask the provider.") },
  [PR_CODE_MECHANISM_UNAVAILABLE] = { N_ ("{server} and Postroom share no way to log in; the "
                                          "server offers: {offered}."),
                                      N_ ("Choose “auto detect” as authentication protocol, or "
                                          "another kind of credentials. Some "
                                          "servers offer a log-in only with encryption.") },
  [PR_CODE_AUTHENTICATION_REJECTED] = { N_ ("The server refused the user name or password of "
                                            "{account}."),
                                        N_ ("Type the password again, and check the user name: "
                                            "most providers want the whole email "
                                            "address. It is not tried again by itself, so that the "
                                            "account is not locked.") },
  [PR_CODE_AUTHENTICATION_APP_PASSWORD] = { N_ ("The provider of {account} wants an app password "
                                                "instead of the account’s password."),
                                            N_ ("Make an app password in the account’s security "
                                                "settings and enter it here.") },
  [PR_CODE_AUTHENTICATION_OAUTH_REQUIRED] = { N_ ("The provider of {account} no longer accepts "
                                                  "passwords from mail programs."),
                                              N_ ("Choose OAuth in the server profile and sign "
                                                  "in.") },
  [PR_CODE_AUTHENTICATION_WEB_LOGIN] = { N_ ("The provider of {account} wants a sign-in with a web "
                                             "browser first."),
                                         N_ ("Sign in to the account with a web browser, confirm "
                                             "that it was you, then test "
                                             "again.") },
  [PR_CODE_AUTHENTICATION_DISABLED] = { N_ ("The provider has switched off this kind of log-in for "
                                            "{account}."),
                                        N_ ("The provider’s administrator has to allow POP or SMTP "
                                            "log-in for this account.") },
  [PR_CODE_AUTHENTICATION_TEMPORARY] = { N_ ("{server} could not check the password of {account} "
                                             "just now."),
                                         N_ ("The trouble is on the server’s side. It is tried "
                                             "again by itself.") },
  [PR_CODE_RATE_LIMITED] = { N_ ("{server} says that {account} logs in too often."),
                             N_ ("It is tried again by itself after {wait}. Choose a longer "
                                 "polling interval in the "
                                 "profile.") },
  [PR_CODE_ACCOUNT_LOCKED] = { N_ ("The account {account} is locked on the server."),
                               N_ ("The provider’s administrator has to unlock it.") },
  [PR_CODE_POP_DISABLED] = { N_ ("POP is switched off for {account}."),
                             N_ ("Switch POP on in the account’s mail settings on the web, then "
                                 "test again.") },
  [PR_CODE_MAILBOX_IN_USE] = { N_ ("Another program has the mailbox of {account} open."),
                               N_ ("Close other mail programs that use it. It is tried again by "
                                   "itself.") },
  [PR_CODE_MAILBOX_UNAVAILABLE] = { N_ ("{account} was logged in, but the server could not open "
                                        "the mailbox."),
                                    N_ ("The trouble is on the server’s side. If it lasts, tell "
                                        "the provider the server’s "
                                        "answer.") },
  [PR_CODE_SENDER_REJECTED] = { N_ ("{server} does not let {account} send under this address."),
                                N_ ("Check that the account may use this address, or ask the "
                                    "provider to allow it.") },
  [PR_CODE_RECIPIENT_REJECTED] = { N_ ("{server} does not accept mail for {account}."),
                                   N_ ("Check the email address: it may be misspelt, or not exist "
                                       "on this server.") },
  [PR_CODE_RELAY_DENIED] = { N_ ("{server} does not pass on mail for {account}."),
                             N_ ("Check that the profile logs in to the outgoing server and that "
                                 "it is the right "
                                 "server for this address.") },
  [PR_CODE_MESSAGE_REJECTED] = { N_ ("{server} refused the test message of {account}."),
                                 N_ ("Read the server’s answer: it usually says why, such as a "
                                     "filter or a limit.") },
  [PR_CODE_MESSAGE_TOO_LARGE] = { N_ ("{server} says that the test message of {account} is too "
                                      "large."),
                                  N_ ("The limit of this server is unusually small; ask the "
                                      "provider.") },
  [PR_CODE_QUOTA_EXCEEDED] = { N_ ("A limit of {account} is used up: its mailbox is full, or too "
                                   "much was sent."),
                               N_ ("Make room in the mailbox, or wait until the provider’s limit "
                                   "ends. It is tried again "
                                   "by itself.") },
  [PR_CODE_DELIVERY_NOT_SEEN] = { N_ ("The test message of {account} was accepted, but did not "
                                      "arrive in time."),
                                  N_ ("Look into the spam folder, and check that incoming and "
                                      "outgoing settings belong to the "
                                      "same mailbox. It is tried again by itself.") },
  [PR_CODE_SERVER_ERROR] = { N_ ("{server} answered with an error in the step “{step}”: {reply}"),
                             N_ ("Tell the provider the server’s answer.") },

  /* OAuth. */
  [PR_CODE_OAUTH_SIGN_IN_NEEDED] = { N_ ("Nobody has signed in to {account} yet."),
                                     N_ ("Use “Sign in” on the mailbox.") },
  [PR_CODE_OAUTH_TOKEN_REVOKED] = { N_ ("The sign-in of {account} is no longer valid."),
                                    N_ ("Sign in again. Usual reasons: the password was changed, "
                                        "access was taken back, it was "
                                        "not used for six months, or the registration is still “in "
                                        "testing”, which ends every "
                                        "sign-in after seven days.") },
  [PR_CODE_OAUTH_ACCESS_DENIED] = { N_ ("Access to {account} was not granted."),
                                    N_ ("Sign in again and allow access. While the registration is "
                                        "“in testing” the account "
                                        "must be one of its test users.") },
  [PR_CODE_OAUTH_ADMIN_BLOCKED] = { N_ ("The administrator of {account}’s organisation does not "
                                        "allow this application."),
                                    N_ ("The organisation’s administrator has to allow the client "
                                        "id of the profile.") },
  [PR_CODE_OAUTH_CLIENT_INVALID] = { N_ ("The provider does not accept the OAuth registration of "
                                         "the profile {profile}."),
                                     N_ ("Check client id and client secret in the profile, and "
                                         "that the registration is for a "
                                         "desktop application.") },
  [PR_CODE_OAUTH_SCOPE_MISSING] = { N_ ("The sign-in of {account} does not include access to its "
                                        "mail."),
                                    N_ ("Sign in again and leave the box for email access "
                                        "ticked.") },
  [PR_CODE_OAUTH_WRONG_ACCOUNT] = { N_ ("Somebody else signed in, not {account}."),
                                    N_ ("Sign in again and choose the right account.") },
  [PR_CODE_OAUTH_SERVER_ERROR] = { N_ ("The provider’s sign-in service has trouble."),
                                   N_ ("It is tried again by itself.") },
  [PR_CODE_OAUTH_CANCELLED] = { N_ ("The sign-in of {account} was cancelled."),
                                N_ ("Sign in again when you are ready.") },
  [PR_CODE_OAUTH_TIMEOUT] = { N_ ("The sign-in of {account} was not finished in time."),
                              N_ ("Sign in again and finish in the web browser.") },

  [PR_CODE_INTERNAL_ERROR] = { N_ ("Something went wrong in Postroom itself ({detail})."),
                               N_ ("Please report it with the technical details. It is tried again "
                                   "by itself.") },
};

/**
 * pr_sentence_get:
 * @code: a diagnosis
 *
 * Returns: (transfer none): its sentences, not translated
 */
const PrSentence *
pr_sentence_get (PrCode code)
{
  g_return_val_if_fail ((guint) code < PR_N_CODES, &sentences[PR_CODE_INTERNAL_ERROR]);
  g_return_val_if_fail (sentences[code].summary != NULL, &sentences[PR_CODE_INTERNAL_ERROR]);

  return &sentences[code];
}

static const PrSentence warnings[PR_N_WARNINGS] = {
  [PR_WARNING_CERTIFICATE_ENDS] = { N_ ("The certificate of {host} is valid until {until} only."),
                                    N_ ("The server’s owner must renew it before that day. "
                                        "Afterwards no mail goes through.") },
  [PR_WARNING_MECHANISM_GONE] = { N_ ("{server} no longer offers the way to log in that was used "
                                      "until now ({mechanism-was})."),
                                  N_ ("Ask the provider whether that was changed on purpose. If "
                                      "not, somebody on the way may be trying to get at "
                                      "passwords.") },
  [PR_WARNING_TLS_GONE] = { N_ ("{server} no longer offers encryption, but did so until now."),
                            N_ ("Do not switch encryption off. Somebody on the way may be removing "
                                "it: try another network, and ask the provider.") },
  [PR_WARNING_TLS_LOWER] = { N_ ("The encryption of {server} is older than it was: {tls-is} "
                                 "instead of {tls-was}."),
                             N_ ("Ask the provider whether that was changed on purpose.") },
};

/**
 * pr_sentence_get_warning:
 * @warning: what a test found that is no failure yet
 *
 * Returns: (transfer none): its sentences, not translated
 */
const PrSentence *
pr_sentence_get_warning (PrWarning warning)
{
  g_return_val_if_fail ((guint) warning < PR_N_WARNINGS, &warnings[0]);

  return &warnings[warning];
}
