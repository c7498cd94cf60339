/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl environment ...". */

#include "pr-ctl.h"

#include "pr-environment-list.h"
#include "pr-environment-manage.h"

#include <glib/gi18n.h>

static void
print_json (GPtrArray *list)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, info->id);
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, info->name);
      json_builder_set_member_name (builder, "path");
      json_builder_add_string_value (builder, info->path);
      json_builder_set_member_name (builder, "error");
      json_builder_add_string_value (builder, info->error != NULL ? info->error->message : NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  pr_ctl_print_json (root);
}

static int
list_environments (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (GPtrArray) list = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (ctl->data_dir == NULL)
    ctl->data_dir = pr_environment_get_default_data_dir ();
  pr_environment_list_async (ctl->data_dir, ctl->cancellable, pr_ctl_ready, &wait);
  list = pr_environment_list_finish (pr_ctl_wait (&wait), &error);
  if (list == NULL)
    return pr_ctl_fail (error);
  if (ctl->json)
    {
      print_json (list);
      return PR_CTL_OK;
    }
  for (guint i = 0; i < list->len; i++)
    {
      PrEnvironmentInfo *info = g_ptr_array_index (list, i);

      if (info->error != NULL)
        g_printerr ("%s\n", info->error->message);
      else
        g_print ("%s\n", info->name);
    }
  return PR_CTL_OK;
}

static int
add_environment (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrEnvironment) environment = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc != 2)
    return pr_ctl_usage (_ ("environment add needs one name."));
  if (ctl->data_dir == NULL)
    ctl->data_dir = pr_environment_get_default_data_dir ();
  if (ctl->keyring == NULL)
    ctl->keyring = pr_secret_keyring_new ();
  pr_environment_add_async (ctl->data_dir, argv[1], ctl->keyring, ctl->cancellable, pr_ctl_ready,
                            &wait);
  environment = pr_environment_add_finish (pr_ctl_wait (&wait), &error);
  if (environment == NULL)
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "added", 1, _ ("Environment “%s” was added.\n"), argv[1]);
  return PR_CTL_OK;
}

/* Opens the environment that @name names. */
static gboolean
open_named (PrCtl *ctl, const char *name, GError **error)
{
  g_free (ctl->environment_name);
  ctl->environment_name = g_strdup (name);
  return pr_ctl_open (ctl, error);
}

static int
rename_environment (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc != 3)
    return pr_ctl_usage (_ ("environment rename needs the old name and the new one."));
  if (!open_named (ctl, argv[1], &error))
    return pr_ctl_fail (error);
  pr_environment_rename_async (ctl->environment, argv[2], ctl->cancellable, pr_ctl_ready, &wait);
  if (!pr_environment_rename_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "changed", 1, _ ("Environment “%s” is called “%s” now.\n"), argv[1],
                     argv[2]);
  return PR_CTL_OK;
}

static int
remove_environment (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes,
      N_ ("Really remove it, with its mailboxes, alerts and passwords"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc != 2)
    return pr_ctl_usage (_ ("environment remove needs one name."));
  if (!open_named (ctl, argv[1], &error))
    return pr_ctl_fail (error);
  if (!yes)
    return pr_ctl_usage (_ ("“%s” would be removed with its mailboxes, alerts and passwords: add "
                            "--yes."),
                         argv[1]);
  pr_environment_remove_async (ctl->environment, ctl->cancellable, pr_ctl_ready, &wait);
  if (!pr_environment_remove_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "removed", 1, _ ("Environment “%s” was removed.\n"), argv[1]);
  return PR_CTL_OK;
}

const PrCtlCommand pr_ctl_environment_commands[] = {
  { "list", "", N_ ("List the environments"), list_environments },
  { "add", "NAME", N_ ("Make one"), add_environment },
  { "rename", "NAME NEW-NAME", N_ ("Give one another name"), rename_environment },
  { "remove", "NAME", N_ ("Remove one with everything in it"), remove_environment },
  { NULL, NULL, NULL, NULL },
};
