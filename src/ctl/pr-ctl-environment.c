/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl environment ...". */

#include "pr-ctl.h"

#include "pr-environment-list.h"

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

const PrCtlCommand pr_ctl_environment_commands[] = {
  { "list", "", N_ ("List the environments"), list_environments },
  { NULL, NULL, NULL, NULL },
};
