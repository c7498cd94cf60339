/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The options that every command has that tests mailboxes. */

#include "pr-ctl.h"

#include <glib/gi18n.h>

void
pr_ctl_test_options_clear (PrCtlTestOptions *self)
{
  g_free (self->verify);
  pr_ctl_output_clear (&self->output);
}

/* "--verify-delivery" may stand alone, which GOption knows only for options with a function. */
static void
complete_verify (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], "--verify-delivery"))
      {
        g_free (argv[i]);
        argv[i] = g_strdup_printf ("--verify-delivery=%d", PR_VERIFY_DEFAULT_S);
      }
}

static gboolean
make_verify (const PrCtlTestOptions *self, PrTestOptions *options, GError **error)
{
  guint64 seconds;

  if (self->verify == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (self->verify, 10, 1, PR_VERIFY_MAX_S, &seconds, NULL))
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--verify-delivery",
                    _ ("--verify-delivery: “%s” is not accepted. Accepted: 1 to %d seconds."),
                    self->verify, PR_VERIFY_MAX_S);
      return FALSE;
    }
  if (self->no_send)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--verify-delivery",
                    _ ("--verify-delivery needs a message: it does not go with --no-send."));
      return FALSE;
    }
  options->verify_s = (guint) seconds;
  return TRUE;
}

static gboolean
make_options (const PrCtlTestOptions *self, PrTestOptions *options, GError **error)
{
  *options = pr_test_options_default;
  if (self->incoming != self->outgoing)
    {
      options->incoming = self->incoming;
      options->outgoing = self->outgoing;
    }
  if (self->no_send)
    options->submit = PR_SUBMIT_ENVELOPE;
  if (self->jobs != PR_CTL_UNSET && (self->jobs < 1 || self->jobs > 1000))
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, "--jobs",
                    _ ("--jobs: “%d” is not accepted. Accepted: 1 to 1000."), self->jobs);
      return FALSE;
    }
  if (self->jobs != PR_CTL_UNSET)
    options->max_conversations = (guint) self->jobs;
  return make_verify (self, options, error);
}

/* Reads the command line into @self and @options. */
gboolean
pr_ctl_test_options_parse (PrCtlTestOptions *self,
                           PrCtl *ctl,
                           GOptionContext *context,
                           int *argc,
                           char ***argv,
                           PrTestOptions *options,
                           GError **error)
{
  const GOptionEntry entries[] = {
    { "incoming", 0, 0, G_OPTION_ARG_NONE, &self->incoming, N_ ("Test incoming email only"), NULL },
    { "outgoing", 0, 0, G_OPTION_ARG_NONE, &self->outgoing, N_ ("Test outgoing email only"), NULL },
    { "no-send", 0, 0, G_OPTION_ARG_NONE, &self->no_send,
      N_ ("Only try sender and recipient, send no message"), NULL },
    { "verify-delivery", 0, 0, G_OPTION_ARG_STRING, &self->verify,
      N_ ("Look whether the message arrives in the mailbox"), N_ ("[SECONDS]") },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &self->jobs, N_ ("Tests at one time"), N_ ("N") },
    { "keep-going", 0, 0, G_OPTION_ARG_NONE, &self->keep_going,
      N_ ("Go on when a server refuses several log-ins in a row"), NULL },
    { "json-lines", 0, 0, G_OPTION_ARG_NONE, &self->json_lines,
      N_ ("Print one JSON object a line as each test ends"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  self->jobs = PR_CTL_UNSET;
  complete_verify (*argc, *argv);
  g_option_context_add_group (context, pr_ctl_output_get_group (&self->output));
  return pr_ctl_parse (ctl, context, entries, argc, argv, error)
         && pr_ctl_output_check (&self->output, ctl, error) && make_options (self, options, error);
}
