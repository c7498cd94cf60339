/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl profile ..." */

#include "pr-ctl.h"

#include "pr-providers.h"

#include <glib/gi18n.h>

static const char *const list_columns[] = { "name",
                                            "server-type",
                                            "incoming-location",
                                            "incoming-port",
                                            "outgoing-location",
                                            "outgoing-port",
                                            "is-default",
                                            "active",
                                            NULL };

static PrServerProfile *
find_profile (PrCtl *ctl, const char *name, GError **error)
{
  PrServerProfile *profile = pr_environment_find_profile (ctl->environment, name);

  if (profile == NULL)
    pr_set_error (error, PR_ERROR_NOT_FOUND, "name",
                  _ ("There is no server profile “%s” in this environment."), name);
  return profile;
}

/* Parses options, wants exactly one NAME, opens the environment and finds the profile. */
static PrServerProfile *
begin (PrCtl *ctl,
       GOptionContext *context,
       const GOptionEntry *entries,
       int *argc,
       char ***argv,
       GError **error)
{
  g_autoptr (PrServerProfile) profile = NULL;

  if (!pr_ctl_parse (ctl, context, entries, argc, argv, error))
    return NULL;
  if (*argc != 2)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "name",
                    _ ("The name of one server profile is needed."));
      return NULL;
    }
  if (!pr_ctl_open (ctl, error))
    return NULL;
  profile = find_profile (ctl, (*argv)[1], error);
  /* What is in the list belongs to the environment; what is edited is a copy. */
  return profile != NULL ? PR_SERVER_PROFILE (pr_record_duplicate (PR_RECORD (profile))) : NULL;
}

static int
list_profiles (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (GPtrArray) profiles = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model;
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  model = pr_environment_get_profiles (ctl->environment);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (profiles, g_list_model_get_item (model, i));
  pr_ctl_print_records (ctl, profiles, list_columns);
  return PR_CTL_OK;
}

static int
show_profile (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (PrServerProfile) profile = begin (ctl, context, NULL, &argc, &argv, &error);

  if (profile == NULL)
    return pr_ctl_fail (error);
  pr_ctl_print_record (ctl, PR_RECORD (profile));
  return PR_CTL_OK;
}

static gboolean
save (PrCtl *ctl, PrServerProfile *profile, GError **error)
{
  g_auto (PrCtlWait) wait = { NULL };
  g_autoptr (GPtrArray) warnings = NULL;

  pr_environment_save_profile_async (ctl->environment, profile, ctl->cancellable, pr_ctl_ready,
                                     &wait);
  if (!pr_environment_save_profile_finish (ctl->environment, pr_ctl_wait (&wait), error))
    return FALSE;
  warnings = pr_server_profile_list_warnings (profile);
  for (guint i = 0; i < warnings->len; i++)
    {
      PrFieldWarning *warning = g_ptr_array_index (warnings, i);

      g_printerr (_ ("Note: %s\n"), warning->text);
    }
  return TRUE;
}

static void
add_aliases (PrCtlFields *fields)
{
  pr_ctl_fields_add_alias (fields, "type", "server-type");
  pr_ctl_fields_add_alias (fields, "incoming", "incoming-location");
  pr_ctl_fields_add_alias (fields, "outgoing", "outgoing-location");
  pr_ctl_fields_add_alias (fields, "default", "is-default");
  pr_ctl_fields_add_alias (fields, "authentication", "incoming-authentication");
  pr_ctl_fields_add_alias (fields, "username", "incoming-username");
}

static gboolean
apply (PrCtlFields *fields, PrServerProfile *profile, const char *ca_file, GError **error)
{
  g_autofree char *pem = NULL;
  PrServerProfileField field = PR_PROFILE_CA_CERTIFICATE;

  /* The type first: its preset fills what is not given. */
  if (pr_ctl_fields_is_given (fields, "server-type"))
    {
      g_autoptr (PrServerProfile) typed = pr_server_profile_new ();

      if (!pr_ctl_fields_apply (fields, PR_RECORD (typed), error))
        return FALSE;
      pr_providers_apply_type (profile, (PrServerType) pr_server_profile_get (typed, SERVER_TYPE));
    }
  if (!pr_ctl_fields_apply (fields, PR_RECORD (profile), error))
    return FALSE;
  if (ca_file == NULL)
    return TRUE;
  if (!g_file_get_contents (ca_file, &pem, NULL, error))
    {
      g_prefix_error (error, "--ca-file: ");
      return FALSE;
    }
  return pr_record_parse (PR_RECORD (profile), field, pem, error);
}

static int
add_profile (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrServerProfile) profile = pr_server_profile_new ();
  g_autoptr (PrCtlFields) fields = pr_ctl_fields_new (PR_RECORD (profile));
  g_autofree char *ca_file = NULL;
  const GOptionEntry entries[] = {
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file,
      N_ ("Trust the authorities in a PEM file, too"), N_ ("PEM") },
    G_OPTION_ENTRY_NULL,
  };
  GError *error = NULL;

  add_aliases (fields);
  g_option_context_add_group (context, pr_ctl_fields_get_group (fields));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc != 1)
    return pr_ctl_usage (_ ("profile add: “%s” is not accepted. Accepted: options only."), argv[1]);
  if (!apply (fields, profile, ca_file, &error) || !pr_ctl_open (ctl, &error)
      || !save (ctl, profile, &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    pr_ctl_print_record (ctl, PR_RECORD (profile));
  else
    g_print (_ ("Server profile “%s” was added.\n"), pr_server_profile_get_text (profile, NAME));
  return PR_CTL_OK;
}

static int
edit_profile (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrServerProfile) any = pr_server_profile_new ();
  g_autoptr (PrCtlFields) fields = pr_ctl_fields_new (PR_RECORD (any));
  g_autofree char *ca_file = NULL;
  const GOptionEntry entries[] = {
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &ca_file,
      N_ ("Trust the authorities in a PEM file, too"), N_ ("PEM") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PrServerProfile) profile = NULL;
  GError *error = NULL;

  add_aliases (fields);
  g_option_context_add_group (context, pr_ctl_fields_get_group (fields));
  profile = begin (ctl, context, entries, &argc, &argv, &error);
  if (profile == NULL || !apply (fields, profile, ca_file, &error) || !save (ctl, profile, &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    pr_ctl_print_record (ctl, PR_RECORD (profile));
  else
    g_print (_ ("Server profile “%s” was changed.\n"), pr_server_profile_get_text (profile, NAME));
  return PR_CTL_OK;
}

static int
remove_profile (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (PrServerProfile) profile = begin (ctl, context, NULL, &argc, &argv, &error);
  g_auto (PrCtlWait) wait = { NULL };

  if (profile == NULL)
    return pr_ctl_fail (error);
  pr_environment_delete_profile_async (ctl->environment, profile, ctl->cancellable, pr_ctl_ready,
                                       &wait);
  if (!pr_environment_delete_profile_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  pr_ctl_note_left_secrets (ctl);
  pr_ctl_print_done (ctl, "removed", 1, _ ("Server profile “%s” was removed.\n"),
                     pr_server_profile_get_text (profile, NAME));
  return PR_CTL_OK;
}

static int
set_default (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (PrServerProfile) profile = begin (ctl, context, NULL, &argc, &argv, &error);

  if (profile == NULL)
    return pr_ctl_fail (error);
  pr_record_set_number (PR_RECORD (profile), PR_PROFILE_IS_DEFAULT, TRUE);
  if (!save (ctl, profile, &error))
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "changed", 1, _ ("New mailboxes get the server profile “%s”.\n"),
                     pr_server_profile_get_text (profile, NAME));
  return PR_CTL_OK;
}

static int
set_password (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean outgoing = FALSE, from_stdin = FALSE;
  g_autofree char *file = NULL;
  const GOptionEntry entries[] = {
    { "outgoing", 0, 0, G_OPTION_ARG_NONE, &outgoing,
      N_ ("That of the outgoing server, if it differs"), NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("Read the password from a file"),
      N_ ("FILE") },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &from_stdin,
      N_ ("Read the password from standard input"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GError *error = NULL;
  g_autoptr (PrServerProfile) profile = begin (ctl, context, entries, &argc, &argv, &error);
  g_autoptr (PrSecret) secret = NULL;
  g_auto (PrCtlWait) wait = { NULL };

  if (profile == NULL)
    return pr_ctl_fail (error);
  secret = pr_ctl_read_secret (file, from_stdin, _ ("Password of the server profile:"), &error);
  if (secret == NULL)
    return pr_ctl_fail (error);
  pr_environment_set_profile_password_async (
      ctl->environment, profile, outgoing ? PR_DIRECTION_OUTGOING : PR_DIRECTION_INCOMING, secret,
      ctl->cancellable, pr_ctl_ready, &wait);
  if (!pr_environment_set_profile_password_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "changed", 1, _ ("The password is in the keyring.\n"));
  return PR_CTL_OK;
}

static int
print_reports (PrCtl *ctl, GPtrArray *reports)
{
  const PrCtlOutput array = { .kind = PR_EXPORT_JSON };
  int status = PR_CTL_OK;

  if (ctl->json)
    pr_ctl_print_reports (&array, ctl, reports, NULL);
  for (guint i = 0; i < reports->len; i++)
    {
      PrReport *report = g_ptr_array_index (reports, i);

      if (!ctl->json)
        pr_ctl_print_report (report, FALSE);
      if (report->outcome != PR_OUTCOME_SUCCESS)
        status = PR_CTL_FAILED;
    }
  return status;
}

static int
test_profile (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (PrServerProfile) profile = begin (ctl, context, NULL, &argc, &argv, &error);
  g_autoptr (GPtrArray) reports = NULL;
  g_auto (PrCtlWait) wait = { NULL };

  if (profile == NULL)
    return pr_ctl_fail (error);
  pr_environment_test_profile_async (ctl->environment, profile, &pr_test_options_default,
                                     ctl->cancellable, pr_ctl_ready, &wait);
  reports = pr_environment_test_profile_finish (ctl->environment, pr_ctl_wait (&wait), &error);
  if (reports == NULL)
    return pr_ctl_fail (error);
  return print_reports (ctl, reports);
}

const PrCtlCommand pr_ctl_profile_commands[] = {
  { "list", "", N_ ("List the server profiles"), list_profiles },
  { "show", "NAME", N_ ("Show all fields of one"), show_profile },
  { "add", "", N_ ("Add one"), add_profile },
  { "edit", "NAME", N_ ("Change fields of one"), edit_profile },
  { "remove", "NAME", N_ ("Remove one that no mailbox uses"), remove_profile },
  { "test", "NAME", N_ ("Test its connections; nothing is changed"), test_profile },
  { "test-mailboxes", "NAME", N_ ("Test and enable all its mailboxes"),
    pr_ctl_profile_test_mailboxes },
  { "set-default", "NAME", N_ ("Give it to new mailboxes"), set_default },
  { "set-password", "NAME", N_ ("Put its password into the keyring"), set_password },
  { "oauth-guide", "NAME", N_ ("Show how to get an OAuth client from its provider"),
    pr_ctl_profile_oauth_guide },
  { "set-oauth-client", "NAME", N_ ("Set its OAuth client, or its service account"),
    pr_ctl_profile_set_oauth_client },
  { NULL, NULL, NULL, NULL },
};
