/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What to do about the answers of known servers (the "remedy" of data/answers.ini), and what is
 * known of providers (the "notes" of data/providers.json): where to click and what to ask whom.
 * Gaps such as "{account}" are filled in by pr-report-text.c. Any thread. */

#include "pr-report-sentences.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *id;
  const char *text;
} PrRemedy;

/* In the order of their ids. */
static const PrRemedy remedies[] = {
  { "account-disabled", N_ ("The account exists, but its owner may not log in. Ask the server’s "
                            "administrator to enable it again, then test again.") },
  { "account-suspended",
    N_ ("The account was suspended. Ask the provider or the server’s administrator why, and to "
        "lift it; other passwords do not help. Then test again.") },
  { "daily-limit", N_ ("The provider limits how much an account may send in a day. Wait until "
                       "tomorrow, or send less from {account}.") },
  { "exchange-password",
    N_ ("Type the password again. Exchange wants the user name as the email address or as "
        "DOMAIN\\name. It is not tried again by itself, so that the account is not locked.") },
  { "fastmail-app-password",
    N_ ("Fastmail never accepts the account’s password here. Open Fastmail’s settings, “Privacy & "
        "Security”, “App passwords”, make one for mail programs, and set it as the password of "
        "this mailbox.") },
  { "fewer-connections", N_ ("Choose fewer “Maximum concurrent connections” in the server profile, "
                             "and close other mail programs that use this account.") },
  { "gmx-password", N_ ("Either the password is wrong, or mail programs are switched off: on the "
                        "provider’s web page open the settings, “POP3/IMAP”, and allow access. "
                        "With two-step verification an app password is needed.") },
  { "google-app-password",
    N_ ("The account uses 2-Step Verification. Open myaccount.google.com/apppasswords as "
        "{account}, make an app password and set it here; or choose OAuth as “Authenticate using” "
        "in the server profile and sign in.") },
  { "google-password",
    N_ ("Google does not accept the account’s own password here. Make an app password at "
        "myaccount.google.com/apppasswords (2-Step Verification must be on) and set it here; or "
        "choose OAuth as “Authenticate using” in the server profile and sign in.") },
  { "google-pop", N_ ("Open Gmail on the web as {account}, choose “Settings”, “See all settings”, "
                      "“Forwarding and POP/IMAP”, “Enable POP”, and save. If it is missing there, "
                      "ask the Google Workspace administrator to allow POP.") },
  { "google-relay",
    N_ ("Ask the Google Workspace administrator to allow this computer’s address under “SMTP relay "
        "service”, or use smtp.gmail.com with the account’s own credentials.") },
  { "google-web-login",
    N_ ("Sign in to Google with a web browser as {account}, confirm that the sign-in was yours, "
        "then test again. An app password, or OAuth in the server profile, avoids this.") },
  { "icloud-app-password",
    N_ ("Apple wants an app-specific password: sign in at account.apple.com, choose “Sign-In and "
        "Security”, “App-Specific Passwords”, make one, and set it as the password here.") },
  { "ionos-password",
    N_ ("Use the password of the email address, not that of the IONOS contract, and the whole "
        "email address as user name. Check that the server location is that of your country.") },
  { "log-in-first",
    N_ ("The server sends mail only for those who log in. Choose credentials as “Authenticate "
        "using (outgoing)” in the server profile, and check that the port is 465 or 587.") },
  { "mailbox-not-made", N_ ("The log-in is right, but the mailbox was never made on the server. "
                            "Ask the server’s administrator to create it.") },
  { "mailru-app-password", N_ ("Mail.ru wants a password for external applications: open the "
                               "account’s settings, “Security”, “Passwords for external "
                               "applications”, make one, and set it as the password here.") },
  { "microsoft-not-connected",
    N_ ("Ask the Microsoft 365 administrator whether {account} has a licence, and whether POP is "
        "switched on for it. Too many log-ins in a short time have the same effect.") },
  { "microsoft-oauth",
    N_ ("Microsoft no longer accepts passwords from mail programs, nor app passwords. Choose OAuth "
        "as “Authenticate using” in the server profile, then sign in to the mailbox.") },
  { "microsoft-password",
    N_ ("Type the password again. If it is right, the Microsoft 365 administrator may have "
        "switched passwords off for mail programs: then choose OAuth as “Authenticate using” in "
        "the server profile and sign in.") },
  { "microsoft-policy",
    N_ ("A security rule of the organisation stopped the log-in (“Security defaults” or "
        "“Conditional Access”). Choose OAuth as “Authenticate using” in the server profile, or ask "
        "the Microsoft 365 administrator for an exception.") },
  { "microsoft-pop-token",
    N_ ("Ask the Microsoft 365 administrator to switch POP on for {account} and to allow the "
        "permission “POP.AccessAsUser.All”. Then choose “Sign in” on the mailbox.") },
  { "microsoft-restricted",
    N_ ("Microsoft blocked sending because of too much or suspicious mail. The Microsoft 365 "
        "administrator can lift it on the page “Restricted entities” of the Defender portal; "
        "change the password first.") },
  { "microsoft-send-as", N_ ("Ask the Microsoft 365 administrator for the right “Send As” on this "
                             "address, or enter the user name that the address belongs to.") },
  { "microsoft-smtp-mailbox",
    N_ ("Ask the Microsoft 365 administrator to switch it on: admin center, “Users”, this user, "
        "“Mail”, “Manage email apps”, “Authenticated SMTP”. It takes up to an hour.") },
  { "microsoft-smtp-tenant",
    N_ ("Sending by mail programs is switched off for the whole organisation. Ask the Microsoft "
        "365 administrator to switch on “Authenticated SMTP” for this mailbox (“Users”, this user, "
        "“Mail”, “Manage email apps”), which goes before the organisation’s setting.") },
  { "no-log-in-on-port", N_ ("Nobody can log in on this port, or only with encryption. Choose port "
                             "465 with SSL/TLS or port 587 with STARTTLS in the server profile.") },
  { "our-mistake",
    N_ ("The server did not understand Postroom. Please report it, with the technical details.") },
  { "pop-by-administrator", N_ ("Ask the server’s administrator to allow POP for {account}.") },
  { "port-25", N_ ("Port 25 is for mail servers among themselves, and most networks block it. "
                   "Choose {suggestion} in the server profile.") },
  { "tls-not-seen",
    N_ ("The server takes the connection for an unencrypted one, although it is encrypted: "
        "something in front of it is set up wrongly. Tell the provider the server’s answer.") },
  { "yahoo-app-password",
    N_ ("Yahoo and AOL accept only app passwords here: open the account’s page, “Security”, "
        "“Generate app password”, and set it as the password of this mailbox.") },
  { "yahoo-locked", N_ ("Too many refused passwords: the account is blocked for some hours. Make "
                        "an app password on the account’s page (“Security”, “Generate app "
                        "password”), set it here, and wait before you test again.") },
  { "yahoo-pop", N_ ("Open Yahoo Mail on the web as {account}, and allow POP in its settings. Then "
                     "test again.") },
  { "yandex-app-password", N_ ("Yandex wants an app password: open id.yandex.com, “Security”, “App "
                               "passwords”, make one for mail, and set it as the password here.") },
  { "yandex-mail-programs",
    N_ ("Open Yandex Mail on the web as {account}, choose “All settings”, “Email clients”, and "
        "allow access by mail programs. In an organisation its administrator decides.") },
  { "zoho-password", N_ ("Type the password again. With two-factor authentication Zoho wants an "
                         "app password. Also check that the server location is that of your data "
                         "centre (such as zoho.com, zoho.eu or zoho.in).") },
  { "zoho-pop", N_ ("Open Zoho Mail on the web as {account}, choose “Settings”, “Mail Accounts”, "
                    "“POP Access”, switch it on, and test again.") },
  { "zoho-pop-password",
    N_ ("Type the password again; with two-factor authentication Zoho wants an app password. If it "
        "is right, switch on “POP Access” on the web: “Settings”, “Mail Accounts”.") },
  { "zoho-sender",
    N_ ("Zoho sends only under the account’s own addresses. Enter the user name that the address "
        "belongs to, or add the address to that account as an alias.") },
};

/* Added to the remedy of a refused log-in. */
static const PrRemedy notes[] = {
  { "admin-must-allow",
    N_ ("With {provider}, the administrator must allow mail programs for this account.") },
  { "app-password-only", N_ ("{provider} accepts only app passwords from mail programs: make one "
                             "in the security settings of the account.") },
  { "local-part", N_ ("{provider} wants only the part in front of the “@” as user name.") },
  { "oauth-only", N_ ("{provider} accepts no passwords from mail programs: choose OAuth as "
                      "“Authenticate using” in the server profile.") },
  { "pop-must-be-enabled", N_ ("With {provider}, POP must also be switched on in the mail settings "
                               "of the account on the web.") },
  { "separate-email-password",
    N_ ("{provider} has a separate password for email, which is not that of the account.") },
};

static const char *
find (const PrRemedy *list, guint n, const char *id)
{
  for (guint i = 0; id != NULL && i < n; i++)
    if (g_str_equal (list[i].id, id))
      return list[i].text;
  return NULL;
}

/**
 * pr_sentence_get_remedy:
 * @id: (nullable): a remedy of data/answers.ini
 *
 * Returns: (transfer none) (nullable): what to do, not translated
 */
const char *
pr_sentence_get_remedy (const char *id)
{
  return find (remedies, G_N_ELEMENTS (remedies), id);
}

/**
 * pr_sentence_get_note:
 * @id: (nullable): a note of data/providers.json
 *
 * Returns: (transfer none) (nullable): what is known of the provider, not translated
 */
const char *
pr_sentence_get_note (const char *id)
{
  return find (notes, G_N_ELEMENTS (notes), id);
}
