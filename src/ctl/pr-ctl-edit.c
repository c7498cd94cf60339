/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "postroomctl mailbox edit": the fields of one mailbox, or the same values for many of them in one
 * transaction. "--profile" chooses mailboxes here as it does everywhere, so the server profile that
 * they are to get is "--new-profile". */

#include "pr-ctl.h"

#include <glib/gi18n.h>

static int
edit_one (PrCtl *ctl, const char *address, PrCtlFields *fields, const char *profile)
{
  GError *error = NULL;
  g_autoptr (PrMailbox) mailbox = pr_ctl_find_mailbox (ctl, address, &error);

  if (mailbox == NULL || !pr_ctl_fields_apply (fields, PR_RECORD (mailbox), &error)
      || !pr_ctl_set_profile (ctl, mailbox, profile, &error)
      || !pr_ctl_save_mailbox (ctl, mailbox, &error))
    return pr_ctl_fail_many (error);
  if (ctl->json)
    pr_ctl_print_record (ctl, PR_RECORD (mailbox));
  else
    g_print (_ ("Mailbox “%s” was changed.\n"), pr_mailbox_get_text (mailbox, ADDRESS));
  return PR_CTL_OK;
}

/* Returns: (transfer full) (nullable): of PrChange; its texts are @sample's. */
static GArray *
list_changes (PrCtl *ctl,
              PrCtlFields *fields,
              const char *profile,
              PrMailbox *sample,
              GError **error)
{
  g_autoptr (GArray) changes = pr_ctl_fields_list_changes (fields, sample, error);
  PrChange change = { .field = PR_MAILBOX_PROFILE_ID };

  if (changes == NULL || !pr_ctl_set_profile (ctl, sample, profile, error))
    return NULL;
  change.number = pr_mailbox_get (sample, PROFILE_ID);
  if (profile != NULL)
    g_array_append_val (changes, change);
  if (changes->len > 0)
    return g_steal_pointer (&changes);
  pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL,
                _ ("Nothing to change was given. --help-fields lists what can be."));
  return NULL;
}

static int
edit_many (PrCtl *ctl, PrSelection *selection, PrCtlFields *fields, const char *profile)
{
  g_autoptr (PrMailbox) sample = pr_mailbox_new ("");
  g_autoptr (GArray) changes = NULL;
  g_auto (PrCtlWait) wait = { NULL };
  GError *error = NULL;
  gboolean ok;
  guint n;

  changes = list_changes (ctl, fields, profile, sample, &error);
  if (changes == NULL)
    return pr_ctl_fail (error);
  pr_environment_change_mailboxes_async (ctl->environment, selection,
                                         (const PrChange *) (gpointer) changes->data, changes->len,
                                         pr_ctl_begin_many (ctl), pr_ctl_ready, &wait);
  ok = pr_environment_change_mailboxes_finish (ctl->environment, pr_ctl_wait (&wait), &n, &error);
  pr_ctl_end_many (ctl);
  if (!ok)
    return pr_ctl_fail_many (error);
  pr_ctl_print_n_changed (ctl, n);
  return PR_CTL_OK;
}

int
pr_ctl_mailbox_edit (PrCtl *ctl, GOptionContext *context, int argc, char **argv)
{
  g_autoptr (PrMailbox) any = pr_mailbox_new ("");
  g_autoptr (PrCtlFields) fields = pr_ctl_fields_new (PR_RECORD (any));
  g_auto (PrCtlSelection) chosen = { 0 };
  g_autoptr (PrSelection) selection = NULL;
  g_autofree char *profile = NULL;
  const GOptionEntry entries[] = {
    { "new-profile", 0, 0, G_OPTION_ARG_STRING, &profile, N_ ("Server profile from now on"),
      N_ ("NAME") },
    G_OPTION_ENTRY_NULL,
  };
  GError *error = NULL;

  g_option_context_add_group (context, pr_ctl_fields_get_group (fields));
  g_option_context_add_group (context, pr_ctl_selection_get_group (&chosen));
  if (!pr_ctl_parse (ctl, context, entries, &argc, &argv, &error) || !pr_ctl_open (ctl, &error))
    return pr_ctl_fail (error);
  selection = pr_ctl_selection_make (&chosen, ctl, argv + 1, FALSE, &error);
  if (selection == NULL)
    return pr_ctl_fail (error);
  /* One by its address may get what no two can have: a name, another address. */
  if (argc == 2)
    return edit_one (ctl, argv[1], fields, profile);
  return edit_many (ctl, selection, fields, profile);
}
