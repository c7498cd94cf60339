/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl profile set-oauth-client" and "oauth-guide": the admin's registration with a
 * provider. Secrets come from files, standard input or the terminal, never from arguments. */

#include "pr-ctl.h"

#include "pr-environment-sign-in.h"
#include "pr-oauth-guide.h"
#include "pr-oauth-services.h"

#include <glib/gi18n.h>

typedef struct
{
  char *client_id;
  char *client_file;
  char *secret_file;
  gboolean secret_stdin;
  gboolean secret_prompt;
  char *service_account_file;
} PrClientOptions;

static void
client_options_clear (PrClientOptions *options)
{
  g_free (options->client_id);
  g_free (options->client_file);
  g_free (options->secret_file);
  g_free (options->service_account_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrClientOptions, client_options_clear)

/* Starts the right one of the three commands. Returns: FALSE with @error if nothing was. */
static gboolean
start (PrCtl *ctl,
       PrServerProfile *profile,
       const PrClientOptions *options,
       PrCtlWait *wait,
       GError **error)
{
  const char *file =
      options->service_account_file != NULL ? options->service_account_file : options->client_file;
  g_autoptr (PrSecret) secret = NULL;

  if (file != NULL || options->secret_file != NULL || options->secret_stdin
      || options->secret_prompt)
    {
      secret = pr_ctl_read_secret (file != NULL ? file : options->secret_file,
                                   file == NULL && options->secret_stdin,
                                   _ ("OAuth client secret:"), error);
      if (secret == NULL)
        return FALSE;
    }
  if (options->service_account_file != NULL)
    pr_environment_set_service_account_async (ctl->environment, profile, secret, ctl->cancellable,
                                              pr_ctl_ready, wait);
  else if (options->client_file != NULL)
    pr_environment_set_oauth_client_file_async (ctl->environment, profile, secret, ctl->cancellable,
                                                pr_ctl_ready, wait);
  else
    pr_environment_set_oauth_client_async (ctl->environment, profile, options->client_id, secret,
                                           ctl->cancellable, pr_ctl_ready, wait);
  return TRUE;
}

static gboolean
check_options (const PrClientOptions *options, GError **error)
{
  guint ways = (options->client_file != NULL) + (options->service_account_file != NULL)
               + (options->client_id != NULL || options->secret_file != NULL
                  || options->secret_stdin || options->secret_prompt);

  if (ways == 1)
    return TRUE;
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "client-id",
                _ ("Exactly one is needed: --client-file, --service-account-file, or --client-id "
                   "with the client secret."));
  return FALSE;
}

static PrServerProfile *
open_profile (PrCtl *ctl, int argc, char **argv, GError **error)
{
  PrServerProfile *profile;

  if (argc != 2)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "name",
                    _ ("The name of one server profile is needed."));
      return NULL;
    }
  if (!pr_ctl_open (ctl, error))
    return NULL;
  profile = pr_environment_find_profile (ctl->environment, argv[1]);
  if (profile == NULL)
    pr_set_error (error, PR_ERROR_NOT_FOUND, "name",
                  _ ("There is no server profile “%s” in this environment."), argv[1]);
  return profile;
}

int
pr_ctl_profile_set_oauth_client (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrClientOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &options.client_id,
      N_ ("Client id of your registration"), N_ ("ID") },
    { "client-secret", 0, 0, G_OPTION_ARG_NONE, &options.secret_prompt,
      N_ ("Ask for the client secret on the terminal"), NULL },
    { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &options.secret_file,
      N_ ("Read the client secret from a file"), N_ ("FILE") },
    { "client-secret-stdin", 0, 0, G_OPTION_ARG_NONE, &options.secret_stdin,
      N_ ("Read the client secret from standard input"), NULL },
    { "client-file", 0, 0, G_OPTION_ARG_FILENAME, &options.client_file,
      N_ ("Read both from the JSON file that the provider gives"), N_ ("JSON") },
    { "service-account-file", 0, 0, G_OPTION_ARG_FILENAME, &options.service_account_file,
      N_ ("Let a service account sign in, with the key in this JSON file"), N_ ("JSON") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PrServerProfile) profile = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error)
      || !check_options (&options, &error))
    return pr_ctl_fail (error);
  profile = open_profile (ctl, argc, argv, &error);
  if (profile == NULL || !start (ctl, profile, &options, &wait, &error)
      || !pr_environment_set_oauth_client_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  if (options.service_account_file != NULL)
    pr_ctl_print_done (ctl, "changed", 1,
                       _ ("The service account’s key is in the keyring. Now delete the file.\n"));
  else if (options.client_file != NULL)
    pr_ctl_print_done (ctl, "changed", 1, _ ("The OAuth client is set. Now delete the file.\n"));
  else
    pr_ctl_print_done (ctl, "changed", 1, _ ("The OAuth client is set.\n"));
  return PR_CTL_OK;
}

/* --- Guide ------------------------------------------------------------------------------------ */

static JsonNode *
steps_to_json (GPtrArray *steps)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < steps->len; i++)
    {
      PrOauthGuideStep *step = g_ptr_array_index (steps, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "title");
      json_builder_add_string_value (builder, step->title);
      json_builder_set_member_name (builder, "text");
      json_builder_add_string_value (builder, step->text);
      if (step->link != NULL)
        {
          json_builder_set_member_name (builder, "link");
          json_builder_add_string_value (builder, step->link);
        }
      json_builder_set_member_name (builder, "copy");
      json_builder_begin_array (builder);
      for (guint k = 0; k < step->values->len; k++)
        json_builder_add_string_value (
            builder, ((PrOauthGuideValue *) g_ptr_array_index (step->values, k))->value);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

static void
print_step (guint number, const PrOauthGuideStep *step)
{
  g_print ("%u. %s\n   %s\n", number, step->title, step->text);
  if (step->link != NULL)
    g_print ("   %s: %s\n", step->link_label, step->link);
  for (guint i = 0; i < step->values->len; i++)
    {
      PrOauthGuideValue *value = g_ptr_array_index (step->values, i);

      g_print ("   %s: %s\n", value->label, value->value);
    }
  g_print ("\n");
}

int
pr_ctl_profile_oauth_guide (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean service_account = FALSE;
  const GOptionEntry entries[] = {
    { "service-account", 0, 0, G_OPTION_ARG_NONE, &service_account,
      N_ ("How to set up a service account instead of sign-ins"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PrServerProfile) profile = NULL;
  g_autoptr (PrOauthProvider) provider = NULL;
  g_autoptr (GPtrArray) steps = NULL;
  g_autoptr (JsonNode) json = NULL;
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  profile = open_profile (ctl, argc, argv, &error);
  provider = profile != NULL ? pr_oauth_services_find (profile, &error) : NULL;
  if (provider == NULL)
    return pr_ctl_fail (error);
  steps = pr_oauth_guide_make (provider, service_account ? PR_OAUTH_GUIDE_SERVICE_ACCOUNT
                                                         : PR_OAUTH_GUIDE_CLIENT);
  if (steps->len == 0)
    return pr_ctl_usage (_ ("%s has no service accounts that may read mail."), provider->name);
  if (ctl->json)
    {
      json = steps_to_json (steps);
      pr_ctl_print_json (json);
    }
  for (guint i = 0; !ctl->json && i < steps->len; i++)
    print_step (i + 1, g_ptr_array_index (steps, i));
  return PR_CTL_OK;
}
