/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl mailbox sign-in" and "sign-out": the person, the browser and the waiting. */

#include "pr-ctl.h"

#include "pr-environment-sign-in.h"
#include "pr-report-oauth.h"

#include <glib/gi18n.h>

typedef struct
{
  PrCtl *ctl;
  gboolean no_browser;
  JsonBuilder *json; /* (nullable): the results */
  guint n_failures;
} PrCtlSignIn;

static void
on_begin (PrEnvironment *environment, PrMailbox *mailbox, guint i, guint n, gpointer user_data)
{
  if (n > 1)
    g_printerr (_ ("%s (%u of %u)\n"), pr_mailbox_get_text (mailbox, ADDRESS), i, n);
}

static void
on_open_url (PrEnvironment *environment, PrMailbox *mailbox, const char *url, gpointer user_data)
{
  PrCtlSignIn *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->no_browser && g_app_info_launch_default_for_uri (url, NULL, &error))
    {
      g_printerr (_ ("Sign in as %s in the web browser that has opened. Waiting for ten "
                     "minutes; Ctrl+C ends it.\n"),
                  pr_mailbox_get_text (mailbox, ADDRESS));
      return;
    }
  if (error != NULL)
    g_printerr (_ ("No web browser could be opened: %s\n"), error->message);
  g_printerr (_ ("Open this address in a web browser on this computer and sign in as %s. It works "
                 "nowhere else: to let somebody sign in on another computer, use --device, which "
                 "not every provider has.\n"),
              pr_mailbox_get_text (mailbox, ADDRESS));
  g_print ("%s\n", url);
}

static void
on_show_code (PrEnvironment *environment,
              PrMailbox *mailbox,
              const char *url,
              const char *code,
              guint expires_s,
              gpointer user_data)
{
  g_printerr (_ ("Open this address in any web browser, sign in as %s, and type the code within %u "
                 "minutes:\n"),
              pr_mailbox_get_text (mailbox, ADDRESS), (expires_s + 59) / 60);
  g_print ("%s\n%s\n", url, code);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_result (PrCtlSignIn *self, PrMailbox *mailbox, const GError *error)
{
  g_autoptr (PrServerProfile) profile = pr_environment_find_profile_by_id (
      self->ctl->environment, pr_mailbox_get (mailbox, PROFILE_ID));
  g_autofree char *remedy = NULL;
  g_autofree char *summary = NULL;
  gboolean diagnosed = error != NULL && error->domain == PR_OAUTH_ERROR;

  if (error != NULL)
    summary = pr_report_oauth_describe (error, mailbox, profile, &remedy);
  json_builder_begin_object (self->json);
  add_member (self->json, "mailbox", pr_mailbox_get_text (mailbox, ADDRESS));
  add_member (self->json, "status", error == NULL ? "success" : "failure");
  add_member (self->json, "code",
              diagnosed       ? pr_code_to_word ((PrCode) error->code)
              : error == NULL ? "ok"
                              : NULL);
  add_member (self->json, "reason",
              diagnosed ? pr_oauth_reason_to_word (pr_oauth_error_get_reason (error)) : NULL);
  add_member (self->json, "summary", summary);
  add_member (self->json, "remedy", remedy);
  json_builder_end_object (self->json);
}

static void
on_finished (PrEnvironment *environment,
             PrMailbox *mailbox,
             const GError *error,
             gpointer user_data)
{
  PrCtlSignIn *self = user_data;
  g_autoptr (PrServerProfile) profile =
      pr_environment_find_profile_by_id (environment, pr_mailbox_get (mailbox, PROFILE_ID));
  g_autofree char *remedy = NULL;
  g_autofree char *summary = NULL;

  if (error != NULL)
    self->n_failures++;
  if (self->json != NULL)
    {
      add_result (self, mailbox, error);
      return;
    }
  if (error == NULL)
    {
      g_print (_ ("%s is signed in.\n"), pr_mailbox_get_text (mailbox, ADDRESS));
      return;
    }
  summary = pr_report_oauth_describe (error, mailbox, profile, &remedy);
  g_printerr ("postroomctl: %s\n", summary);
  if (remedy != NULL)
    g_printerr ("%s\n", remedy);
}

/* One that was named cannot silently be left out. */
static gboolean
check_named (PrCtl *ctl, PrSelection *selection, GError **error)
{
  g_auto (PrCtlWait) wait = { NULL };
  g_autoptr (GPtrArray) mailboxes = NULL;

  pr_environment_list_mailboxes_async (ctl->environment, selection, ctl->cancellable, pr_ctl_ready,
                                       &wait);
  mailboxes = pr_environment_list_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), error);
  for (guint i = 0; mailboxes != NULL && i < mailboxes->len; i++)
    if (!pr_environment_can_sign_in (ctl->environment, g_ptr_array_index (mailboxes, i), error))
      return FALSE;
  return mailboxes != NULL;
}

static int
print_end (PrCtlSignIn *self, const PrSignInSummary *summary)
{
  g_autoptr (JsonNode) root = NULL;

  if (self->json != NULL)
    {
      json_builder_end_array (self->json);
      root = json_builder_get_root (self->json);
      pr_ctl_print_json (root);
    }
  else if (summary->n_success + summary->n_failure + summary->n_skipped == 0)
    g_print (_ ("No mailbox needs a sign-in.\n"));
  else if (summary->n_skipped > 0)
    g_printerr (g_dngettext (GETTEXT_PACKAGE, "%u mailbox was left out.\n",
                             "%u mailboxes were left out.\n", summary->n_skipped),
                summary->n_skipped);
  return self->n_failures > 0 ? PR_CTL_FAILED : PR_CTL_OK;
}

static int
run_sign_in (PrCtlSignIn *self, PrSelection *selection, gboolean needed, PrSignInFlow flow)
{
  static const PrSignInEvents events = { on_begin, on_open_url, on_show_code, on_finished };
  g_auto (PrCtlWait) wait = { NULL };
  PrSignInSummary summary;
  GError *error = NULL;

  if (self->json != NULL)
    json_builder_begin_array (self->json);
  pr_environment_sign_in_many_async (self->ctl->environment, selection, needed, flow, &events, self,
                                     self->ctl->cancellable, pr_ctl_ready, &wait);
  if (!pr_environment_sign_in_many_finish (self->ctl->environment, pr_ctl_wait (&wait), &summary,
                                           &error))
    return pr_ctl_fail (error);
  return print_end (self, &summary);
}

int
pr_ctl_mailbox_sign_in (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean no_browser = FALSE, device = FALSE, needed = FALSE;
  const GOptionEntry entries[] = {
    { "no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser,
      N_ ("Print the address instead of opening the web browser"), NULL },
    { "device", 0, 0, G_OPTION_ARG_NONE, &device,
      N_ ("Sign in on another device, with a code to type (not with Gmail)"), NULL },
    { "needed", 0, 0, G_OPTION_ARG_NONE, &needed,
      N_ ("Only those whose sign-in is missing or has "
          "ended"),
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (JsonBuilder) json = NULL;
  PrCtlSignIn self = { ctl, FALSE, NULL, 0 };
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection == NULL || (argc > 1 && !check_named (ctl, selection, &error)))
    return pr_ctl_fail (error);
  json = ctl->json ? json_builder_new () : NULL;
  self.no_browser = no_browser;
  self.json = json;
  return run_sign_in (&self, selection, needed, device ? PR_SIGN_IN_DEVICE : PR_SIGN_IN_BROWSER);
}

int
pr_ctl_mailbox_sign_out (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;
  guint n;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection == NULL)
    return pr_ctl_fail (error);
  pr_environment_sign_out_async (ctl->environment, selection, ctl->cancellable, pr_ctl_ready,
                                 &wait);
  if (!pr_environment_sign_out_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    g_print ("{ \"signed_out\": %u }\n", n);
  else
    g_print (g_dngettext (GETTEXT_PACKAGE, "%u mailbox was signed out.\n",
                          "%u mailboxes were signed out.\n", n),
             n);
  return PR_CTL_OK;
}
