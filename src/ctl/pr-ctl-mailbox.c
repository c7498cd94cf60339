/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl mailbox ...", but for its tests (pr-ctl-test.c). */

#include "pr-ctl.h"

#include <glib/gi18n.h>

static const char *const list_columns[] = { "name",
                                            "address",
                                            "profile-name",
                                            "approval",
                                            "incoming-status",
                                            "outgoing-status",
                                            "incoming-enabled",
                                            "outgoing-enabled",
                                            NULL };

/* Mailboxes on their way to the terminal: each of them in turn, in the store thread. */
typedef struct
{
  PrMailbox *mailbox;
  PrCtlList list;
} PrCtlVisit;

static void
measure_mailbox (const PrValues *values, gpointer data)
{
  PrCtlVisit *visit = data;

  pr_record_set_values (PR_RECORD (visit->mailbox), values);
  pr_ctl_list_measure (&visit->list, PR_RECORD (visit->mailbox));
}

static void
print_mailbox (const PrValues *values, gpointer data)
{
  PrCtlVisit *visit = data;

  pr_record_set_values (PR_RECORD (visit->mailbox), values);
  pr_ctl_list_add (&visit->list, PR_RECORD (visit->mailbox));
}

/* Returns: the exit status. */
static int
print_mailboxes (PrCtl *ctl, PrSelection *selection, const char *const *columns)
{
  g_autoptr (PrMailbox) mailbox = pr_mailbox_new ("");
  PrCtlVisit visit = { .mailbox = mailbox };
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;
  gboolean ok;

  pr_ctl_list_init (&visit.list, ctl, columns);
  pr_environment_visit_mailboxes_async (
      ctl->environment, selection, pr_ctl_list_is_measured (&visit.list) ? measure_mailbox : NULL,
      print_mailbox, &visit, ctl->cancellable, pr_ctl_ready, &wait);
  ok = pr_environment_visit_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), &error);
  if (ok)
    pr_ctl_list_end (&visit.list);
  pr_ctl_list_clear (&visit.list);
  return ok ? PR_CTL_OK : pr_ctl_fail (error);
}

static int
list_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, TRUE, &error);
  return selection != NULL ? print_mailboxes (ctl, selection, list_columns) : pr_ctl_fail (error);
}

PrMailbox *
pr_ctl_find_mailbox (PrCtl *ctl, const char *address, GError **error)
{
  const char *const addresses[] = { address, NULL };
  g_autoptr (PrSelection) selection = pr_selection_new_addresses (addresses);
  g_autoptr (GPtrArray) found = NULL;
  g_auto (PrCtlWait) wait = { NULL };

  pr_environment_list_mailboxes_async (ctl->environment, selection, ctl->cancellable, pr_ctl_ready,
                                       &wait);
  found = pr_environment_list_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), error);
  return found != NULL ? g_object_ref (g_ptr_array_index (found, 0)) : NULL;
}

/* One as an object, several as an array: as they were asked for. */
static int
show_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_autoptr (PrMailbox) one = NULL;
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, NULL, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection != NULL && argc != 2)
    return print_mailboxes (ctl, selection, NULL);
  one = selection != NULL ? pr_ctl_find_mailbox (ctl, argv[1], &error) : NULL;
  if (one == NULL)
    return pr_ctl_fail (error);
  pr_ctl_print_record (ctl, PR_RECORD (one));
  return PR_CTL_OK;
}

gboolean
pr_ctl_save_mailbox (PrCtl *ctl, PrMailbox *mailbox, GError **error)
{
  g_auto (PrCtlWait) wait = { NULL };

  pr_environment_save_mailbox_async (ctl->environment, mailbox, ctl->cancellable, pr_ctl_ready,
                                     &wait);
  return pr_environment_save_mailbox_finish (ctl->environment, pr_ctl_wait (&wait), error);
}

/* @name: (nullable): a server profile; none: the mailbox keeps its own. */
gboolean
pr_ctl_set_profile (PrCtl *ctl, PrMailbox *mailbox, const char *name, GError **error)
{
  g_autoptr (PrServerProfile) profile = NULL;

  if (name == NULL)
    return TRUE;
  profile = pr_environment_find_profile (ctl->environment, name);
  if (profile == NULL)
    {
      pr_set_error (error, PR_ERROR_NOT_FOUND, "profile",
                    _ ("There is no server profile “%s” in this environment."), name);
      return FALSE;
    }
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_PROFILE_ID,
                        pr_record_get_id (PR_RECORD (profile)));
  return TRUE;
}

static int
add_mailbox (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  g_autoptr (PrCtlFields) fields = pr_ctl_fields_new (PR_RECORD (any));
  g_autofree char *profile = NULL;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, N_ ("Server profile"), N_ ("NAME") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PrMailbox) mailbox = NULL;
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_fields_get_group (fields));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error))
    return pr_ctl_fail (error);
  if (argc != 2)
    return pr_ctl_usage (_ ("mailbox add needs one email address."));
  if (!pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  mailbox = pr_environment_new_mailbox (ctl->environment, argv[1]);
  if (!pr_ctl_fields_apply (fields, PR_RECORD (any), &error))
    return pr_ctl_fail (error);
  /* A forward mailbox only receives: its kind decides what the defaults are. */
  pr_record_set_number (PR_RECORD (mailbox), PR_MAILBOX_KIND, pr_mailbox_get (any, KIND));
  pr_mailbox_apply_settings (mailbox, pr_environment_get_settings (ctl->environment));
  if (!pr_ctl_fields_apply (fields, PR_RECORD (mailbox), &error)
      || !pr_ctl_set_profile (ctl, mailbox, profile, &error)
      || !pr_ctl_save_mailbox (ctl, mailbox, &error))
    return pr_ctl_fail (error);
  if (ctl->json)
    pr_ctl_print_record (ctl, PR_RECORD (mailbox));
  else
    g_print (_ ("Mailbox “%s” was added.\n"), pr_mailbox_get_text (mailbox, ADDRESS));
  return PR_CTL_OK;
}

/* --- Commands on many ------------------------------------------------------------------------- */

static PrSelection *
begin_many (PrCtl *ctl,
            GOptionContext *context,
            const GOptionEntry *entries,
            int *argc,
            char ***argv,
            GError **error)
{
  g_auto (PrCtlSelection) chosen = { 0 };

  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, entries, argc, argv, error) || !pr_ctl_open (ctl, error))
    return NULL;
  return pr_ctl_selection_make (&chosen, ctl, *argv + 1, FALSE, error);
}

void
pr_ctl_print_n_changed (PrCtl *ctl, guint n)
{
  if (ctl->json)
    g_print ("{ \"changed\": %u }\n", n);
  else
    g_print (g_dngettext (GETTEXT_PACKAGE, "%u mailbox was changed.\n",
                          "%u mailboxes were changed.\n", n),
             n);
}

static int
run_command (PrCtl *ctl, GOptionContext *context, int argc, char **argv, PrMailboxCommand command)
{
  GError *error = NULL;
  g_autoptr (PrSelection) selection = begin_many (ctl, context, NULL, &argc, &argv, &error);
  g_auto (PrCtlWait) wait = { NULL };
  gboolean ok;
  guint n;

  if (selection == NULL)
    return pr_ctl_fail_many (error);
  pr_environment_command_mailboxes_async (ctl->environment, selection, command,
                                          pr_ctl_begin_many (ctl), pr_ctl_ready, &wait);
  ok = pr_environment_change_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error);
  pr_ctl_end_many (ctl);
  if (!ok)
    return pr_ctl_fail_many (error);
  pr_ctl_print_n_changed (ctl, n);
  return PR_CTL_OK;
}

static int
approve (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return run_command (ctl, context, argc, argv, PR_MAILBOX_COMMAND_APPROVE);
}

static int
reject (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return run_command (ctl, context, argc, argv, PR_MAILBOX_COMMAND_REJECT);
}

static int
activate (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return run_command (ctl, context, argc, argv, PR_MAILBOX_COMMAND_ACTIVATE);
}

static int
deactivate (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return run_command (ctl, context, argc, argv, PR_MAILBOX_COMMAND_DEACTIVATE);
}

static int
apply_defaults (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  return run_command (ctl, context, argc, argv, PR_MAILBOX_COMMAND_APPLY_DEFAULTS);
}

static int
remove_mailboxes (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  GError *error = NULL;
  g_autoptr (PrSelection) selection = begin_many (ctl, context, NULL, &argc, &argv, &error);
  g_auto (PrCtlWait) wait = { NULL };
  gboolean ok;
  guint n;

  if (selection == NULL)
    return pr_ctl_fail_many (error);
  pr_environment_delete_mailboxes_async (ctl->environment, selection, pr_ctl_begin_many (ctl),
                                         pr_ctl_ready, &wait);
  ok = pr_environment_delete_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error);
  pr_ctl_end_many (ctl);
  if (!ok)
    return pr_ctl_fail_many (error);
  pr_ctl_note_left_secrets (ctl);
  if (ctl->json)
    g_print ("{ \"removed\": %u }\n", n);
  else
    g_print (g_dngettext (GETTEXT_PACKAGE, "%u mailbox was removed.\n",
                          "%u mailboxes were removed.\n", n),
             n);
  return PR_CTL_OK;
}

static int
set_one_password (PrCtl *ctl, PrMailbox *mailbox, PrSecret *secret)
{
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;

  pr_environment_set_mailbox_password_async (ctl->environment, mailbox, secret, ctl->cancellable,
                                             pr_ctl_ready, &wait);
  if (!pr_environment_set_mailbox_password_finish (ctl->environment, pr_ctl_wait (&wait), &error))
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "changed", 1, _ ("The password of %s is in the keyring.\n"),
                     pr_mailbox_get_text (mailbox, ADDRESS));
  return PR_CTL_OK;
}

/* The same for all of them, such as those of a shared account. */
static int
set_passwords (PrCtl *ctl, PrSelection *selection, PrSecret *secret)
{
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;
  gboolean ok;
  guint n;

  pr_environment_set_passwords_async (ctl->environment, selection, secret, pr_ctl_begin_many (ctl),
                                      pr_ctl_ready, &wait);
  ok = pr_environment_set_passwords_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error);
  pr_ctl_end_many (ctl);
  if (!ok)
    return pr_ctl_fail (error);
  pr_ctl_print_done (ctl, "changed", n,
                     ngettext ("The password of %u mailbox is in the keyring.\n",
                               "The password of %u mailboxes is in the keyring.\n", n),
                     n);
  return PR_CTL_OK;
}

static int
set_password (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  gboolean from_stdin = FALSE;
  g_autofree char *file = NULL;
  const GOptionEntry entries[] = {
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("Read the password from a file"),
      N_ ("FILE") },
    { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &from_stdin,
      N_ ("Read the password from standard input"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GError *error = NULL;
  g_autoptr (PrSelection) selection = begin_many (ctl, context, entries, &argc, &argv, &error);
  g_autoptr (PrSecret) secret = NULL;
  g_autoptr (PrMailbox) mailbox = NULL;
  g_autofree char *prompt = NULL;

  if (selection == NULL)
    return pr_ctl_fail (error);
  if (argc == 2)
    {
      mailbox = pr_ctl_find_mailbox (ctl, argv[1], &error);
      if (mailbox == NULL)
        return pr_ctl_fail (error);
      prompt = g_strdup_printf (_ ("Password of %s:"), pr_mailbox_get_text (mailbox, ADDRESS));
    }
  secret = pr_ctl_read_secret (file, from_stdin, prompt != NULL ? prompt : _ ("Password of all:"),
                               &error);
  if (secret == NULL)
    return pr_ctl_fail (error);
  return mailbox != NULL ? set_one_password (ctl, mailbox, secret)
                         : set_passwords (ctl, selection, secret);
}

const PrCtlCommand pr_ctl_mailbox_commands[] = {
  { "list", "[ADDRESS…]", N_ ("List mailboxes"), list_mailboxes },
  { "show", "[ADDRESS…]", N_ ("Show all fields"), show_mailboxes },
  { "add", "ADDRESS", N_ ("Add one, with the default email settings"), add_mailbox },
  { "edit", "[ADDRESS…]", N_ ("Change fields of mailboxes"), pr_ctl_mailbox_edit },
  { "remove", "[ADDRESS…]", N_ ("Remove mailboxes"), remove_mailboxes },
  { "approve", "[ADDRESS…]", N_ ("Approve email addresses"), approve },
  { "reject", "[ADDRESS…]", N_ ("Reject email addresses"), reject },
  { "activate", "[ADDRESS…]", N_ ("Activate mailboxes"), activate },
  { "deactivate", "[ADDRESS…]", N_ ("Deactivate mailboxes"), deactivate },
  { "apply-defaults", "[ADDRESS…]", N_ ("Apply the default email settings"), apply_defaults },
  { "set-password", "[ADDRESS…]", N_ ("Put a password into the keyring"), set_password },
  { "sign-in", "[ADDRESS…]", N_ ("Sign in to mailboxes with OAuth"), pr_ctl_mailbox_sign_in },
  { "sign-out", "[ADDRESS…]", N_ ("Take sign-ins back"), pr_ctl_mailbox_sign_out },
  { "import", "FILE", N_ ("Add mailboxes from a CSV file"), pr_ctl_mailbox_import },
  { "export", "[ADDRESS…]", N_ ("Write mailboxes as CSV, without secrets"), pr_ctl_mailbox_export },
  { "test", "[ADDRESS…]", N_ ("Test and enable mailboxes"), pr_ctl_mailbox_test },
  { NULL, NULL, NULL, NULL },
};
