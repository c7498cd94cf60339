/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mailboxes from and to CSV files. */

#include "pr-ctl.h"

#include "pr-import.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

static GBytes *
read_file (const char *path, GError **error)
{
  char *text;
  gsize n;

  if (!g_str_equal (path, "-"))
    return g_file_get_contents (path, &text, &n, error) ? g_bytes_new_take (text, n) : NULL;
  {
    g_autoptr (GString) input = g_string_new (NULL);
    char buffer[65536];
    gsize got;

    while ((got = fread (buffer, 1, sizeof buffer, stdin)) > 0)
      g_string_append_len (input, buffer, (gssize) got);
    pr_wipe (buffer, sizeof buffer);
    return g_bytes_new (input->str, input->len);
  }
}

static void
print_problems (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const PrImportProblem *problem = g_ptr_array_index (problems, i);

      if (problem->column != NULL)
        g_printerr (_ ("line %u, column “%s”: %s\n"), problem->line, problem->column,
                    problem->message);
      else
        g_printerr (_ ("line %u: %s\n"), problem->line, problem->message);
    }
}

static void
print_json (PrImport *import, gboolean imported)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  GPtrArray *problems = pr_import_get_problems (import);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "rows");
  json_builder_add_int_value (builder, pr_import_get_n_rows (import));
  json_builder_set_member_name (builder, "good");
  json_builder_add_int_value (builder, pr_import_get_n_mailboxes (import));
  json_builder_set_member_name (builder, "passwords");
  json_builder_add_int_value (builder, pr_import_get_n_passwords (import));
  json_builder_set_member_name (builder, "imported");
  json_builder_add_boolean_value (builder, imported);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < problems->len; i++)
    {
      const PrImportProblem *problem = g_ptr_array_index (problems, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "line");
      json_builder_add_int_value (builder, problem->line);
      json_builder_set_member_name (builder, "column");
      json_builder_add_string_value (builder, problem->column);
      json_builder_set_member_name (builder, "message");
      json_builder_add_string_value (builder, problem->message);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  pr_ctl_print_json (root);
}

static void
print_summary (PrCtl *ctl, PrImport *import, gboolean imported)
{
  guint n = pr_import_get_n_mailboxes (import);
  guint n_bad = pr_import_get_problems (import)->len;

  if (ctl->json)
    {
      print_json (import, imported);
      return;
    }
  print_problems (pr_import_get_problems (import));
  if (!g_str_equal (pr_import_get_encoding (import), "UTF-8"))
    g_print (_ ("The file was taken for %s.\n"), pr_import_get_encoding (import));
  if (imported)
    g_print (ngettext ("%u mailbox was imported", "%u mailboxes were imported", n), n);
  else
    g_print (ngettext ("%u mailbox can be imported", "%u mailboxes can be imported", n), n);
  g_print (_ (", %u with a password"), pr_import_get_n_passwords (import));
  if (n_bad > 0)
    g_print (ngettext ("; %u row has a problem", "; %u rows have problems", n_bad), n_bad);
  g_print (".\n");
}

/* Returns: the exit status. */
static int
import_file (PrCtl *ctl, const char *path, gboolean dry_run, gboolean skip_errors)
{
  g_autoptr (PrImport) import = NULL;
  g_autoptr (GBytes) file = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  g_auto (PrCtlWait) run_wait = { NULL };
  GError *error = NULL;
  gboolean ok;

  file = read_file (path, &error);
  if (file == NULL)
    return pr_ctl_fail (error);
  pr_environment_read_import_async (ctl->environment, file, pr_ctl_begin_many (ctl), pr_ctl_ready,
                                    &wait);
  import = pr_environment_read_import_finish (ctl->environment, pr_ctl_wait (&wait), &error);
  pr_ctl_end_many (ctl);
  if (import == NULL)
    return pr_ctl_fail_many (error);
  if (dry_run || (pr_import_get_problems (import)->len > 0 && !skip_errors))
    {
      print_summary (ctl, import, FALSE);
      if (!dry_run)
        g_printerr (_ ("Nothing was imported. --skip-errors imports the other rows.\n"));
      return pr_import_get_problems (import)->len > 0 ? PR_CTL_USAGE : PR_CTL_OK;
    }
  pr_environment_run_import_async (ctl->environment, import, pr_ctl_begin_many (ctl), pr_ctl_ready,
                                   &run_wait);
  ok = pr_environment_run_import_finish (ctl->environment, pr_ctl_wait (&run_wait), NULL, &error);
  pr_ctl_end_many (ctl);
  if (!ok)
    return pr_ctl_fail_many (error);
  print_summary (ctl, import, TRUE);
  return PR_CTL_OK;
}

int
pr_ctl_mailbox_import (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean dry_run = FALSE, skip_errors = FALSE, template = FALSE;
  const GOptionEntry entries[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_ ("Only say what would be imported"), NULL },
    { "skip-errors", 0, 0, G_OPTION_ARG_NONE, &skip_errors,
      N_ ("Import the good rows although others have problems"), NULL },
    { "template", 0, 0, G_OPTION_ARG_NONE, &template,
      N_ ("Print a file with all columns and one example"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GError *error = NULL;

  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (template)
    {
      g_autofree char *text = pr_import_make_template ();

      g_print ("%s", text);
      return PR_CTL_OK;
    }
  if (argc != 2)
    return pr_ctl_usage (_ ("mailbox import needs one CSV file, or “-” for standard input."));
  if (!pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  return import_file (ctl, argv[1], dry_run, skip_errors);
}

int
pr_ctl_mailbox_export (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write to a file"), N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (GBytes) file = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;
  const char *text;
  gsize n;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, TRUE, &error);
  if (selection == NULL)
    return pr_ctl_fail (error);
  pr_environment_export_async (ctl->environment, selection, pr_ctl_begin_many (ctl), pr_ctl_ready,
                               &wait);
  file = pr_environment_export_finish (ctl->environment, pr_ctl_wait (&wait), &error);
  pr_ctl_end_many (ctl);
  if (file == NULL)
    return pr_ctl_fail_many (error);
  text = g_bytes_get_data (file, &n);
  if (output == NULL)
    fwrite (text, 1, n, stdout);
  /* Whole or not at all, and for the admin's eyes only. */
  else if (!g_file_set_contents_full (output, text, (gssize) n, G_FILE_SET_CONTENTS_CONSISTENT,
                                      0600, &error))
    return pr_ctl_fail (error);
  return PR_CTL_OK;
}
