/* SPDX-License-Identifier: GPL-3.0-or-later */

/* postroomctl: Postroom without a display. Finds the sub-command and runs it. */

#include "config.h"

#include "pr-ctl.h"
#include "pr-limits.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#define COMMAND_WIDTH 28

typedef struct
{
  const char *name;
  const char *summary;
  const PrCtlCommand *commands; /* NULL: @run does it */
  int (*run) (PrCtl *ctl, GOptionContext *context, int argc, char **argv);
  const char *arguments; /* of @run */
} PrCtlTopic;

static const PrCtlTopic topics[] = {
  { "check", N_ ("Test any POP3 or SMTP server; nothing is stored"), NULL, pr_ctl_check,
    N_ ("pop3|smtp HOST[:PORT]") },
  { "profile", N_ ("Server profiles"), pr_ctl_profile_commands, NULL, NULL },
  { "mailbox", N_ ("Mailboxes: add, approve, test, …"), pr_ctl_mailbox_commands, NULL, NULL },
  { "settings", N_ ("Email settings and policies"), pr_ctl_settings_commands, NULL, NULL },
  { "alert", N_ ("The alerts wall"), pr_ctl_alert_commands, NULL, NULL },
  { "run-due", N_ ("Test again now what waits for its next try"), NULL, pr_ctl_run_due, "" },
  { "watch", N_ ("Keep running, and test again whatever is due"), NULL, pr_ctl_watch, "" },
  { "demo", N_ ("Show it all on a practice server; nothing of yours is touched"), NULL, pr_ctl_demo,
    "" },
  { "environment", N_ ("Environments"), pr_ctl_environment_commands, NULL, NULL },
};

static void
print_help (void)
{
  g_print (_ ("Usage: postroomctl COMMAND … [--environment NAME] [--data-dir DIR] [--json]\n\n"
              "Looks after the mailboxes of a small organisation.\n\n"));
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    g_print ("  %-14s %s\n", topics[i].name, _ (topics[i].summary));
  g_print (_ ("\n“postroomctl COMMAND --help” tells more.\n"));
}

static void
print_topic_help (const PrCtlTopic *topic)
{
  g_print (_ ("Usage: postroomctl %s COMMAND …\n\n"), topic->name);
  for (const PrCtlCommand *command = topic->commands; command->name != NULL; command++)
    {
      g_autofree char *usage = g_strdup_printf ("%s %s", command->name, command->arguments);

      /* printf() pads by bytes, and there are others than ASCII. */
      g_print ("  %s%*s %s\n", usage, MAX (0, COMMAND_WIDTH - (int) g_utf8_strlen (usage, -1)), "",
               _ (command->summary));
    }
  g_print (_ ("\n“postroomctl %s COMMAND --help” tells more.\n"), topic->name);
}

static gboolean
is_help (const char *argument)
{
  return g_str_equal (argument, "--help") || g_str_equal (argument, "-h")
         || g_str_equal (argument, "help");
}

static int
run_alone (PrCtl *ctl, const PrCtlTopic *topic, int argc, char **argv)
{
  g_autoptr (GOptionContext) context =
      g_option_context_new (*topic->arguments != '\0' ? _ (topic->arguments) : NULL);
  g_autofree char *name = g_strdup_printf ("postroomctl %s", topic->name);

  g_set_prgname (name);
  g_option_context_set_summary (context, _ (topic->summary));
  return topic->run (ctl, context, argc, argv);
}

static int
run_topic (PrCtl *ctl, const PrCtlTopic *topic, int argc, char **argv)
{
  if (topic->commands == NULL)
    return run_alone (ctl, topic, argc, argv);
  if (argc < 2 || is_help (argv[1]))
    {
      print_topic_help (topic);
      return argc < 2 ? PR_CTL_USAGE : PR_CTL_OK;
    }
  for (const PrCtlCommand *command = topic->commands; command->name != NULL; command++)
    if (g_str_equal (argv[1], command->name))
      {
        g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
        g_autofree char *name = g_strdup_printf ("postroomctl %s %s", topic->name, command->name);

        g_set_prgname (name);
        g_option_context_set_summary (context, _ (command->summary));
        return command->run (ctl, context, argc - 1, argv + 1);
      }
  return pr_ctl_usage (_ ("“%s %s” is not a command. “postroomctl %s --help” lists them."),
                       topic->name, argv[1], topic->name);
}

static int
run (PrCtl *ctl, int argc, char **argv)
{
  if (argc < 2 || is_help (argv[1]))
    {
      print_help ();
      return argc < 2 ? PR_CTL_USAGE : PR_CTL_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("Postroom %s\n", PR_VERSION);
      return PR_CTL_OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_str_equal (argv[1], topics[i].name))
      return run_topic (ctl, &topics[i], argc - 1, argv + 1);
  return pr_ctl_usage (_ ("“%s” is not a command. “postroomctl --help” lists them."), argv[1]);
}

int
main (int argc, char **argv)
{
  PrCtl ctl;
  int status;
  g_auto (GStrv) owned = NULL;
  g_autofree char **arguments = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PR_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("postroomctl");
  pr_limits_prepare_process ();

  /* GOption drops what it has read from the list it is given: it gets one that owns nothing. */
  owned = g_strdupv (argv);
  arguments = g_memdup2 (owned, sizeof (char *) * (gsize) (argc + 1));
  pr_ctl_init (&ctl);
  status = run (&ctl, argc, arguments);
  pr_ctl_clear (&ctl);
  return status;
}
