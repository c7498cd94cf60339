/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One summary and one remedy for every diagnosis code, for a person who is no mail engineer: what
 * could not be done, for which mailbox or server, and why; then where to click and what to ask
 * whom. When it is tried again is added by pr-report-text.c, which also fills in "{server}",
 * "{account}" and the like: they must stand in a translation as they are. Any thread. */

#include "pr-report-sentences.h"

#include <glib/gi18n-lib.h>

#define SENTENCE(CODE, SUMMARY, REMEDY) [PR_CODE_##CODE] = { SUMMARY, REMEDY }

static const PrSentence sentences[PR_N_CODES] = {
  SENTENCE (OK, N_ ("It works."), NULL),
  SENTENCE (CANCELLED,
            N_ ("The test of {subject} was cancelled."),
            N_ ("Test again when you are ready.")),

  /* This computer, the mailbox, the profile: nothing was sent. */
  SENTENCE (DATABASE_READ_ONLY,
            N_ ("{subject} was not tested, because the result could not be saved: this environment "
                "can only be read."),
            N_ ("Make the environment’s file writable, or open another environment.")),
  SENTENCE (MAILBOX_INACTIVE,
            N_ ("{subject} was not tested, because the mailbox is inactive."),
            N_ ("Choose “Activate” on the mailbox, then test it again.")),
  SENTENCE (MAILBOX_NO_PROFILE,
            N_ ("{subject} was not tested, because the mailbox has no server profile."),
            N_ ("Open the mailbox and choose a server profile, or use “Apply Default Email "
                "Settings” on it.")),
  SENTENCE (
      MAILBOX_DIRECTION_NONE,
      N_ ("Nothing was tested for {subject}, because its {direction} email is set to “None”."),
      N_ ("If the mailbox should use it, open the mailbox and choose “Server-Side Synchronization "
          "or Email Router” for {direction} email.")),
  SENTENCE (MAILBOX_ADDRESS_INVALID,
            N_ ("{subject} was not tested, because that is not a valid email address."),
            N_ ("Open the mailbox and correct its email address.")),
  SENTENCE (ADDRESS_NOT_APPROVED,
            N_ ("{subject} was not tested, because its email address is not approved."),
            N_ ("Choose “Approve Email” on the mailbox, then test it again.")),
  SENTENCE (PROFILE_INACTIVE,
            N_ ("{subject} was not tested, because its server profile is inactive."),
            N_ ("Activate the server profile {profile} again, or give the mailbox another one.")),
  SENTENCE (PROFILE_INVALID,
            N_ ("{subject} was not tested, because the settings of its server are not complete or "
                "not right."),
            N_ ("Open the server profile {profile} and correct the fields that are marked there.")),
  SENTENCE (POLICY_ENCRYPTION,
            N_ ("Nothing was sent to {server}: without encryption the password could be read on "
                "the way, and the policy “allow connections without encryption” is off."),
            N_ ("Choose SSL/TLS or STARTTLS for this server in the server profile.")),
  SENTENCE (
      POLICY_PORT,
      N_ ("Nothing was sent to {server}: the policy “outbound ports” does not allow port {port}."),
      N_ ("Choose a port that is allowed in the server profile, or change “Outbound ports” in the "
          "email settings.")),
  SENTENCE (POLICY_TLS_VERSION,
            N_ ("Nothing was sent to {server}: its encryption is older than the policy “minimum "
                "TLS version” allows."),
            N_ ("Ask the provider for TLS 1.3, or set “Minimum TLS version” to 1.2 in the email "
                "settings.")),
  SENTENCE (CREDENTIALS_NOT_ALLOWED,
            N_ ("{subject} was not tested, because the mailbox does not allow its user name and "
                "password to be used."),
            N_ ("Open the mailbox and switch on “Allow to use credentials for email processing”.")),
  SENTENCE (CREDENTIALS_MISSING,
            N_ ("{subject} was not tested, because there is no usable user name or password."),
            N_ ("Open the mailbox, or the server profile if that holds the credentials. Enter the "
                "user name and set the password, then test again.")),
  SENTENCE (KEYRING_LOCKED,
            N_ ("{subject} was not tested, because the keyring with the password is locked."),
            N_ ("Unlock the keyring with the password that you use to sign in to this computer, "
                "then test again.")),
  SENTENCE (KEYRING_UNAVAILABLE,
            N_ ("{subject} was not tested, because there is no keyring to take the password from."),
            N_ ("Install a keyring, such as the package “gnome-keyring”, and sign in to this "
                "computer again.")),

  /* The way to the server. */
  SENTENCE (DNS_NOT_FOUND,
            N_ ("{subject} could not be tested, because there is no server named {host}."),
            N_ ("Look for a typing error in the server location of the server profile. If it is "
                "right, ask the provider for the current name.")),
  SENTENCE (DNS_FAILURE,
            N_ ("{subject} could not be tested, because the server {host} could not be looked up: "
                "no name server answered."),
            N_ ("Check this computer’s network connection.")),
  SENTENCE (
      NETWORK_UNREACHABLE,
      N_ ("{subject} could not be tested, because there is no way from this computer to {server}."),
      N_ ("Check this computer’s network connection. If mail needs a VPN, connect that first.")),
  SENTENCE (CONNECTION_REFUSED,
            N_ ("{subject} could not be tested, because nothing answers on port {port} of {host}."),
            N_ ("Check the port in the server profile: usual is {usual}. If it is right, the mail "
                "service is down: ask the provider.")),
  SENTENCE (CONNECTION_TIMEOUT,
            N_ ("{subject} could not be tested, because {server} did not answer in time."),
            N_ ("A firewall may block port {port}: many networks do. Check the port in the server "
                "profile (usual is {usual}), or try from another network.")),
  SENTENCE (CONNECTION_LOST,
            N_ ("{subject} could not be tested, because {server} closed the connection in the step "
                "“{step}”."),
            N_ ("If it happens each time, check port and encryption in the server profile, and ask "
                "the provider whether this computer is blocked.")),
  SENTENCE (RESPONSE_TIMEOUT,
            N_ ("{subject} could not be tested, because {server} stopped answering in the step "
                "“{step}”."),
            N_ ("If it happens each time, check port and encryption in the server profile, or "
                "allow a longer connection timeout there.")),
  SENTENCE (
      WRONG_PROTOCOL,
      N_ ("Port {port} of {host} is not the right one: {found} answers there, not {protocol}."),
      N_ ("Correct server location and port in the server profile: {protocol} is usually on "
          "{usual}.")),

  /* Encryption. */
  SENTENCE (TLS_EXPECTED,
            N_ ("Port {port} of {host} accepts only encrypted connections, but the server profile "
                "says {security}."),
            N_ ("Choose {suggestion} in the server profile.")),
  SENTENCE (
      PLAIN_EXPECTED,
      N_ ("Port {port} of {host} begins without encryption, but the server profile says SSL/TLS."),
      N_ ("Choose {suggestion} in the server profile.")),
  SENTENCE (
      STARTTLS_UNAVAILABLE,
      N_ ("{server} did not switch to encryption{unsent}."),
      N_ ("Choose SSL/TLS and its port in the server profile instead. If STARTTLS worked here "
          "before, somebody on the way may be removing it: do not switch encryption off.")),
  SENTENCE (STARTTLS_INJECTION,
            N_ ("Somebody put text in front of the encrypted connection to {server}. The test was "
                "stopped there{unsent}."),
            N_ ("This looks like an attack on the way, or a broken server. Try another network, "
                "use SSL/TLS and its port, and tell the provider.")),
  SENTENCE (TLS_VERSION,
            N_ ("{server} offers only outdated encryption{unsent}."),
            N_ ("Ask the provider to switch on TLS 1.2 or newer on this server.")),
  SENTENCE (
      TLS_HANDSHAKE,
      N_ ("No encrypted connection to {server} could be agreed on{unsent}."),
      N_ ("Check the port and the encryption in the server profile. If they are right, tell the "
          "provider the technical details.")),
  SENTENCE (CERTIFICATE_UNTRUSTED,
            N_ ("The certificate of {host} was issued by “{issuer}”, which this computer does not "
                "trust{unsent}."),
            N_ ("If that is your own certificate authority, add its certificate to the server "
                "profile as “Trusted certificate authority”. Otherwise the server may not send all "
                "of its certificates: its owner must look.")),
  SENTENCE (CERTIFICATE_SELF_SIGNED,
            N_ ("The certificate of {host} is signed by itself and proves nothing{unsent}."),
            N_ ("The server’s owner must install a certificate of a known authority. For a server "
                "of your own, you can add its certificate to the server profile as “Trusted "
                "certificate authority”.")),
  SENTENCE (CERTIFICATE_WRONG_HOST,
            N_ ("The certificate is not for {host}, but for {names}{unsent}."),
            N_ ("If one of these names is the right server, enter it as the server location in the "
                "server profile. Otherwise the server’s owner must correct the certificate.")),
  SENTENCE (
      CERTIFICATE_EXPIRED,
      N_ ("The certificate of {host} is out of date since {until}{unsent}."),
      N_ ("The server’s owner must renew it. If several servers seem out of date, check the clock "
          "of this computer.")),
  SENTENCE (
      CERTIFICATE_NOT_YET_VALID,
      N_ ("The certificate of {host} is not valid before {from}{unsent}."),
      N_ ("Check the clock of this computer. If it is right, the server’s owner must correct the "
          "certificate.")),
  SENTENCE (CERTIFICATE_REVOKED,
            N_ ("The certificate of {host} was revoked by its issuer{unsent}."),
            N_ ("Do not use this server before its owner has installed a new certificate.")),
  SENTENCE (CERTIFICATE_WEAK,
            N_ ("The certificate of {host} is too weak to be relied on{unsent}."),
            N_ ("The server’s owner must get a new one, with a key of at least 2048 bits (RSA) and "
                "without SHA-1.")),
  SENTENCE (CERTIFICATE_INCOMPLETE_CHAIN,
            N_ ("{host} does not send the certificate that links its own to a known "
                "authority{unsent}."),
            N_ ("The server’s owner must install the intermediate certificate of “{issuer}”. Web "
                "browsers often hide this mistake, mail programs cannot.")),
  SENTENCE (CERTIFICATE_PIN_CHANGED,
            N_ ("{host} shows another certificate than the one that is pinned in the server "
                "profile{unsent}."),
            N_ ("Ask the server’s owner whether the certificate was replaced, and compare the "
                "fingerprints, before you pin the new one.")),

  /* The conversation. */
  SENTENCE (GREETING_REJECTED,
            N_ ("{server} refuses to talk to this computer: “{reply}”."),
            N_ ("Ask the provider whether this computer’s address is blocked, and check the server "
                "location in the server profile.")),
  SENTENCE (PROTOCOL_ERROR,
            N_ ("{subject} could not be tested, because {server} answered in a way that makes no "
                "sense in the step “{step}”."),
            N_ ("Check port and encryption in the server profile. If they are right, the server is "
                "broken, or something on the way changes what it says: tell the provider the "
                "technical details.")),
  SENTENCE (CAPABILITY_MISSING,
            N_ ("{subject} could not be tested, because {server} lacks a function that this test "
                "needs."),
            N_ ("Check the port in the server profile: usual is {usual}. If it is right, ask the "
                "provider, and tell the technical details: they say what is missing.")),
  SENTENCE (MECHANISM_UNAVAILABLE,
            N_ ("{server} offers no way to log in that the server profile allows; it offers: "
                "{offered}."),
            N_ ("Choose “auto detect” as authentication protocol in the server profile, or other "
                "credentials under “Authenticate using”. Some servers offer a log-in only with "
                "encryption: SSL/TLS or STARTTLS.")),
  SENTENCE (
      AUTHENTICATION_REJECTED,
      N_ ("The server refused the user name or password of {account}."),
      N_ ("Type the password again, and check the user name: most providers want the whole email "
          "address. It is not tried again by itself, so that the account is not locked.")),
  SENTENCE (
      AUTHENTICATION_APP_PASSWORD,
      N_ ("The provider of {account} wants an app password instead of the account’s password."),
      N_ ("Make an app password in the security settings of the account, and set it as the "
          "password here.")),
  SENTENCE (AUTHENTICATION_OAUTH_REQUIRED,
            N_ ("The provider of {account} no longer accepts passwords from mail programs."),
            N_ ("Choose OAuth as “Authenticate using” in the server profile, then sign in.")),
  SENTENCE (
      AUTHENTICATION_WEB_LOGIN,
      N_ ("The provider of {account} wants a sign-in with a web browser first."),
      N_ ("Sign in to the account with a web browser, confirm that it was you, then test again.")),
  SENTENCE (
      AUTHENTICATION_DISABLED,
      N_ ("The provider of {account} has switched off this kind of log-in."),
      N_ ("Ask the provider’s administrator to allow mail programs to log in to this account.")),
  SENTENCE (AUTHENTICATION_TEMPORARY,
            N_ ("{server} could not check the password of {account} just now."),
            N_ ("The trouble is on the server’s side. If it lasts, tell the provider.")),
  SENTENCE (RATE_LIMITED,
            N_ ("{server} says that {account} connects too often."),
            N_ ("Choose a longer polling interval and fewer concurrent connections in the server "
                "profile, and close other mail programs that use this account.")),
  SENTENCE (ACCOUNT_LOCKED,
            N_ ("The account {account} is locked on the server."),
            N_ ("Ask the provider, or its administrator, to unlock it. Find out why it was locked "
                "before you test again.")),
  SENTENCE (
      POP_DISABLED,
      N_ ("Mail of {account} cannot be fetched, because the provider has POP switched off for it."),
      N_ ("Switch POP on in the mail settings of the account on the web, then test again.")),
  SENTENCE (MAILBOX_IN_USE,
            N_ ("Another program has the mailbox of {account} open."),
            N_ ("Close other mail programs that use it.")),
  SENTENCE (MAILBOX_UNAVAILABLE,
            N_ ("{account} was logged in, but the server could not open its mailbox."),
            N_ ("The trouble is on the server’s side. If it lasts, tell the provider the server’s "
                "answer.")),
  SENTENCE (SENDER_REJECTED,
            N_ ("{server} does not let {account} send under its address."),
            N_ ("Check that the user name belongs to this address, or ask the provider to allow "
                "the address for this account.")),
  SENTENCE (RECIPIENT_REJECTED,
            N_ ("{server} does not accept mail for {account}."),
            N_ ("Check the email address of the mailbox: it may be misspelt, or not exist on this "
                "server.")),
  SENTENCE (RELAY_DENIED,
            N_ ("{server} does not send mail for {account}."),
            N_ ("Check that the server profile logs in to the outgoing server, and that it is the "
                "right server for this address.")),
  SENTENCE (MESSAGE_REJECTED,
            N_ ("{server} refused the test message of {account}."),
            N_ ("Read the server’s answer: it usually says why, such as a filter or a limit. Ask "
                "the provider about it.")),
  SENTENCE (
      MESSAGE_TOO_LARGE,
      N_ ("{server} says that the test message of {account} is too large."),
      N_ ("It is a few lines long: the limit of this server must be wrong. Ask the provider.")),
  SENTENCE (
      QUOTA_EXCEEDED,
      N_ ("{account} has reached a limit: its mailbox is full, or too much was sent from it."),
      N_ ("Make room in the mailbox, or wait until the provider’s limit ends.")),
  SENTENCE (DELIVERY_NOT_SEEN,
            N_ ("The test message of {account} was accepted, but did not arrive in time."),
            N_ ("Look into the spam folder, and check that incoming and outgoing settings belong "
                "to the same mailbox.")),
  SENTENCE (SERVER_ERROR,
            N_ ("{server} answered with an error in the step “{step}”: “{reply}”."),
            N_ ("Tell the provider what the server answered, and ask what it means.")),

  /* OAuth. */
  SENTENCE (OAUTH_SIGN_IN_NEEDED,
            N_ ("Nobody has signed in to {account} yet."),
            N_ ("Choose “Sign in” on the mailbox, and finish in the web browser.")),
  SENTENCE (OAUTH_TOKEN_REVOKED,
            N_ ("The sign-in of {account} is no longer valid."),
            N_ ("Choose “Sign in” on the mailbox. Usual reasons: the password was changed, access "
                "was taken back, it was not used for six months, or the registration is still “in "
                "testing”, which ends every sign-in after seven days.")),
  SENTENCE (OAUTH_ACCESS_DENIED,
            N_ ("Access to {account} was not granted."),
            N_ ("Sign in again and allow access. While the registration is “in testing”, the "
                "account must be one of its test users.")),
  SENTENCE (
      OAUTH_ADMIN_BLOCKED,
      N_ ("The administrator of the organisation of {account} does not allow this application."),
      N_ ("Ask the organisation’s administrator to allow the client id of the server profile.")),
  SENTENCE (OAUTH_CLIENT_INVALID,
            N_ ("{subject} could not be signed in, because the provider does not accept the OAuth "
                "registration of its server profile."),
            N_ ("Check client id and client secret in the server profile, and that the "
                "registration is for a desktop application.")),
  SENTENCE (OAUTH_SCOPE_MISSING,
            N_ ("The sign-in of {account} does not include access to its mail."),
            N_ ("Sign in again and leave the box for email access ticked.")),
  SENTENCE (OAUTH_WRONG_ACCOUNT,
            N_ ("Somebody else signed in, not {account}."),
            N_ ("Sign in again and choose the right account.")),
  SENTENCE (
      OAUTH_SERVER_ERROR,
      N_ ("{subject} could not be signed in, because the provider’s sign-in service has trouble."),
      N_ ("The trouble is on the provider’s side. If it lasts, tell the provider.")),
  SENTENCE (OAUTH_CANCELLED,
            N_ ("The sign-in of {account} was cancelled."),
            N_ ("Sign in again when you are ready.")),
  SENTENCE (OAUTH_TIMEOUT,
            N_ ("The sign-in of {account} was not finished in time."),
            N_ ("Sign in again and finish in the web browser.")),

  SENTENCE (INTERNAL_ERROR,
            N_ ("{subject} could not be tested, because something went wrong in Postroom itself."),
            N_ ("Please report it, with the technical details.")),
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

/**
 * pr_sentence_get_special:
 * @remedy_id: (nullable): of a report
 *
 * Returns: (transfer none) (nullable): what is said instead of the sentences of the code
 */
const PrSentence *
pr_sentence_get_special (const char *remedy_id)
{
  static const PrSentence forwarded = {
    N_ ("Nothing was tested for the {direction} email of {account}: it comes through a forward "
        "mailbox, which is tested by itself."),
    N_ ("Test the forward mailbox that it is forwarded to. If mail should be fetched from "
        "{account} itself, choose “Server-Side Synchronization or Email Router” for {direction} "
        "email.")
  };

  return g_strcmp0 (remedy_id, PR_SENTENCE_FORWARDED) == 0 ? &forwarded : NULL;
}

/**
 * pr_sentence_get_hung_up:
 *
 * Dovecot 2.3 hangs up in place of “-ERR [SYS/TEMP]” on some tries at a mailbox that it cannot
 * open: when the next command is there before its process for POP3 has ended, the one that speaks
 * TLS throws the answer away.
 *
 * Returns: (transfer none): what is said of a connection lost after the server accepted the log-in
 */
const PrSentence *
pr_sentence_get_hung_up (void)
{
  static const PrSentence hung_up = {
    N_ ("{server} accepted the log-in of {account}, but closed the connection in the step "
        "“{step}”."),
    N_ ("Server profile, user name and password are right. If it happens each time, ask the "
        "server’s administrator what its log says of {account}.")
  };

  return &hung_up;
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

static const PrSentence notices[PR_N_NOTICES] = {
  [PR_NOTICE_UNENCRYPTED] = { N_ ("Neither the password nor the messages of {account} are private "
                                  "on "
                                  "the way to {server}."),
                              N_ ("Choose SSL/TLS or STARTTLS for this server.") },
  [PR_NOTICE_PORT_25] = { N_ ("Port 25 of {host} is for mail servers among themselves; many "
                              "networks "
                              "block it."),
                          N_ ("Use port 465 with SSL/TLS, or port 587 with STARTTLS.") },
  [PR_NOTICE_PINNED] = { N_ ("The certificate of {host} is pinned, not verified: it was accepted "
                             "only "
                             "because it is exactly the one that the profile names."),
                         N_ ("Ask the server’s owner for a certificate that can be verified, then "
                             "take the pin back.") },
  [PR_NOTICE_WEAK_MECHANISM] = { N_ ("{mechanism} is an outdated way to log in: whoever can listen "
                                     "can "
                                     "find out the password of {account}."),
                                 N_ ("Choose “auto detect” in the profile, if the server knows a "
                                     "better way.") },
  [PR_NOTICE_LOGIN_DELAY] = { N_ ("{server} wants at least {delay} between two log-ins of "
                                  "{account}, "
                                  "which is longer than the polling interval of the profile."),
                              N_ ("Choose a longer polling interval in the profile, or log-ins "
                                  "will be "
                                  "refused.") },
  [PR_NOTICE_EXPIRE] = { N_ ("{server} may delete messages of {account} {expire}."),
                         N_ ("Do not rely on the server to keep mail: it may be gone before it was "
                             "fetched.") },
};

/**
 * pr_sentence_get_notice:
 * @kind: what somebody should know although it works
 *
 * Returns: (transfer none): its sentences, not translated
 */
const PrSentence *
pr_sentence_get_notice (PrNoticeKind kind)
{
  g_return_val_if_fail ((guint) kind < PR_N_NOTICES, &notices[0]);

  return &notices[kind];
}
