/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How to get a registration from a provider, step by step: what to do, where, and what to copy
 * there. Only text and data; the window and the command line show it. The names of the providers'
 * own buttons are in their English form, as their consoles have it. Main thread. */

#include "pr-oauth-guide.h"

#include <glib/gi18n-lib.h>

/* A step as it stands in a table; its values follow from the provider. */
typedef enum
{
  PR_COPY_NOTHING,
  PR_COPY_SCOPE = 1 << 0,
  PR_COPY_REDIRECT = 1 << 1,
  PR_COPY_MAIL_SCOPE = 1 << 2,
} PrCopy;

typedef struct
{
  const char *title;
  const char *text;
  const char *link;
  const char *link_label;
  PrCopy copy;
  PrOauthGuideInput input;
} PrStepRow;

static const PrStepRow google_client[] = {
  { N_ ("Make a project"),
    N_ ("Sign in to Google’s console with the account that shall own the registration, best one of "
        "your organisation’s administrators. Make a new project, such as “Postroom”."),
    "https://console.cloud.google.com/projectcreate", N_ ("New project") },
  { N_ ("Say who may sign in"),
    N_ ("Under “Google Auth Platform” choose “Get started” and give the application a name. With "
        "Google Workspace choose the audience “Internal”: nothing has to be reviewed, and "
        "sign-ins last. With plain Gmail addresses choose “External”, and afterwards “Publish "
        "app”: while it is in testing, only test users that you enter by hand can sign in, and "
        "every sign-in ends after seven days."),
    "https://console.cloud.google.com/auth/overview", N_ ("Google Auth Platform") },
  { N_ ("Allow access to mail"),
    N_ ("Under “Data access” choose “Add or remove scopes”, paste the scope into the field at the "
        "end, add it, and save. Google calls it restricted: people will see a warning that the "
        "app is not verified, and go on by “Advanced”."),
    "https://console.cloud.google.com/auth/scopes", N_ ("Data access"), PR_COPY_MAIL_SCOPE },
  { N_ ("Make the client"),
    N_ ("Under “Clients” choose “Create client” and the application type “Desktop app”. A client "
        "of "
        "the type “Web application” does not work. Choose “Download JSON” and give the file here, "
        "or copy client id and client secret. The secret is shown only this once."),
    "https://console.cloud.google.com/auth/clients/create", N_ ("Create client"), PR_COPY_NOTHING,
    PR_OAUTH_GUIDE_INPUT_CLIENT },
  { N_ ("Switch POP on"),
    N_ ("In each mailbox POP has to be on: in Gmail’s settings under “Forwarding and POP/IMAP”. "
        "With Google Workspace the administrator may have to allow it first: Apps, Google "
        "Workspace, Gmail, End User Access."),
    "https://mail.google.com/mail/u/0/#settings/fwdandpop", N_ ("Gmail settings") },
};

static const PrStepRow google_service_account[] = {
  { N_ ("Make a project"),
    N_ ("Sign in to Google’s console as an administrator of your Google Workspace. Make a new "
        "project, such as “Postroom”. A service account can read the mail of all your users: keep "
        "its key as safe as an administrator’s password."),
    "https://console.cloud.google.com/projectcreate", N_ ("New project") },
  { N_ ("Make a service account"),
    N_ ("Choose “Create service account” and give it a name. It needs no roles. Then open it and "
        "note the “Unique ID”, a long number, under “Details”."),
    "https://console.cloud.google.com/iam-admin/serviceaccounts/create",
    N_ ("Create service account") },
  { N_ ("Make a key"),
    N_ ("On the page of the service account, under “Keys”, choose “Add key”, “Create new key”, "
        "“JSON”. Give the file here, and then delete it: it will be in the keyring."),
    "https://console.cloud.google.com/iam-admin/serviceaccounts", N_ ("Service accounts"),
    PR_COPY_NOTHING, PR_OAUTH_GUIDE_INPUT_KEY },
  { N_ ("Let it act for your users"),
    N_ ("In Google’s admin console choose “Add new”. The client ID is the long number of the "
        "service account; the scope is this one. It may take some minutes until it works."),
    "https://admin.google.com/ac/owl/domainwidedelegation", N_ ("Domain-wide delegation"),
    PR_COPY_MAIL_SCOPE },
  { N_ ("Allow POP"),
    N_ ("In Google’s admin console, under Apps, Google Workspace, Gmail, End User Access, allow "
        "POP for your users."),
    "https://admin.google.com/ac/apps/gmail/enduseraccess", N_ ("End User Access") },
};

static const PrStepRow microsoft_client[] = {
  { N_ ("Register an application"),
    N_ ("Sign in to Microsoft Entra with an administrator’s account and choose “New registration”. "
        "Name it, such as “Postroom”, and choose who may use it: accounts of your own "
        "organisation, and personal Microsoft accounts too if you look after Outlook.com "
        "addresses."),
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/CreateApplicationBlade",
    N_ ("Register an application") },
  { N_ ("Let the browser come back"),
    N_ ("As “Redirect URI” choose the platform “Public client/native (mobile & desktop)” and paste "
        "this address. Under “Authentication” switch “Allow public client flows” on."),
    NULL, NULL, PR_COPY_REDIRECT },
  { N_ ("Allow access to mail"),
    N_ ("Under “API permissions” choose “Add a permission”, “APIs my organization uses”, “Office "
        "365 Exchange Online”, “Delegated permissions”, and tick POP.AccessAsUser.All and "
        "SMTP.Send. If “Grant admin consent” is offered, use it: then nobody else is asked."),
    NULL, NULL, PR_COPY_MAIL_SCOPE },
  { N_ ("Copy the client id"),
    N_ ("Under “Overview” copy the “Application (client) ID” and give it here. There is no client "
        "secret. If only accounts of your own organisation may sign in, also enter the “Directory "
        "(tenant) ID” as OAuth tenant of the profile."),
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    N_ ("App registrations"), PR_COPY_NOTHING, PR_OAUTH_GUIDE_INPUT_CLIENT },
  { N_ ("Switch POP and SMTP on"),
    N_ ("In the Exchange admin center, for each mailbox under “Manage email apps”, POP and "
        "“Authenticated SMTP” have to be on; both can be off for the whole organisation. With "
        "Outlook.com switch POP on in the settings under “Forwarding and IMAP”."),
    "https://admin.exchange.microsoft.com/#/mailboxes", N_ ("Exchange admin center") },
};

static const PrStepRow fastmail_client[] = {
  { N_ ("Ask Fastmail for a client"),
    N_ ("Fastmail registers applications by hand. Say that it is a desktop application with PKCE, "
        "and give the scopes and the redirect address below. An app password works without any "
        "of this."),
    "https://www.fastmail.com/for-developers/oauth/", N_ ("OAuth at Fastmail"),
    PR_COPY_SCOPE | PR_COPY_REDIRECT },
  { N_ ("Enter the client id"), N_ ("Give the client id that Fastmail answers with."), NULL, NULL,
    PR_COPY_NOTHING, PR_OAUTH_GUIDE_INPUT_CLIENT },
};

static const PrStepRow other_client[] = {
  { N_ ("Register a native application"),
    N_ ("In your provider’s console register a client for a native (desktop, public) application "
        "with the grants “authorization code” and “refresh token”, with PKCE (S256), and with this "
        "redirect address. The port in it changes with every sign-in, which RFC 8252 asks "
        "providers to allow."),
    NULL, NULL, PR_COPY_REDIRECT },
  { N_ ("Allow access to mail"), N_ ("Allow the client the scopes that the profile asks for."),
    NULL, NULL, PR_COPY_SCOPE },
  { N_ ("Enter the client id"), N_ ("Give the client id, and the client secret if there is one."),
    NULL, NULL, PR_COPY_NOTHING, PR_OAUTH_GUIDE_INPUT_CLIENT },
};

static const PrStepRow *
find_rows (const PrOauthProvider *provider, PrOauthGuideKind kind, gsize *n)
{
  const PrStepRow *rows = other_client;

  *n = G_N_ELEMENTS (other_client);
  if (kind == PR_OAUTH_GUIDE_SERVICE_ACCOUNT)
    {
      rows = provider->service_accounts ? google_service_account : NULL;
      *n = provider->service_accounts ? G_N_ELEMENTS (google_service_account) : 0;
    }
  else if (g_str_equal (provider->id, "google"))
    {
      rows = google_client;
      *n = G_N_ELEMENTS (google_client);
    }
  else if (g_str_equal (provider->id, "microsoft"))
    {
      rows = microsoft_client;
      *n = G_N_ELEMENTS (microsoft_client);
    }
  else if (g_str_equal (provider->id, "fastmail"))
    {
      rows = fastmail_client;
      *n = G_N_ELEMENTS (fastmail_client);
    }
  return rows;
}

static void
value_free (gpointer data)
{
  PrOauthGuideValue *value = data;

  g_free (value->label);
  g_free (value->value);
  g_free (value);
}

static void
step_free (gpointer data)
{
  PrOauthGuideStep *step = data;

  g_free (step->title);
  g_free (step->text);
  g_free (step->link);
  g_free (step->link_label);
  g_ptr_array_unref (step->values);
  g_free (step);
}

/* Takes @text. */
static void
add_value (PrOauthGuideStep *step, const char *label, char *text)
{
  PrOauthGuideValue *value = g_new0 (PrOauthGuideValue, 1);

  value->label = g_strdup (label);
  value->value = text;
  g_ptr_array_add (step->values, value);
}

static PrOauthGuideStep *
make_step (const PrStepRow *row, const PrOauthProvider *provider)
{
  PrOauthGuideStep *step = g_new0 (PrOauthGuideStep, 1);

  step->title = g_strdup (_ (row->title));
  step->text = g_strdup (_ (row->text));
  step->link = g_strdup (row->link);
  step->link_label = row->link_label != NULL ? g_strdup (_ (row->link_label)) : NULL;
  step->input = row->input;
  step->values = g_ptr_array_new_with_free_func (value_free);
  if ((row->copy & PR_COPY_REDIRECT) != 0)
    add_value (step, _ ("Redirect address"), pr_oauth_provider_get_redirect_value (provider));
  if ((row->copy & PR_COPY_SCOPE) != 0)
    add_value (step, _ ("Scope"), g_strdup (provider->scope));
  if ((row->copy & PR_COPY_MAIL_SCOPE) != 0)
    add_value (step, _ ("Scope"), g_strdup (provider->mail_scope));
  return step;
}

/**
 * pr_oauth_guide_has:
 * @provider: a provider
 * @kind: what is to be set up
 *
 * Returns: whether @provider has such a thing
 */
gboolean
pr_oauth_guide_has (const PrOauthProvider *provider, PrOauthGuideKind kind)
{
  gsize n;

  return find_rows (provider, kind, &n) != NULL;
}

/**
 * pr_oauth_guide_make:
 * @provider: a provider, as pr_oauth_services_find() gives it for a profile
 * @kind: what is to be set up
 *
 * Returns: (transfer full) (element-type PrOauthGuideStep): the steps in their order; none if
 *   @provider has no such thing
 */
GPtrArray *
pr_oauth_guide_make (const PrOauthProvider *provider, PrOauthGuideKind kind)
{
  GPtrArray *steps = g_ptr_array_new_with_free_func (step_free);
  gsize n;
  const PrStepRow *rows = find_rows (provider, kind, &n);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (steps, make_step (&rows[i], provider));
  return steps;
}
