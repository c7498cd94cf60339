/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which mailboxes: ADDRESS..., --all, --profile, --view, the same for every sub-command. */

#include "pr-ctl.h"

#include <glib/gi18n.h>

void
pr_ctl_selection_clear (PrCtlSelection *self)
{
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->view, g_free);
}

GOptionGroup *
pr_ctl_selection_get_group (PrCtlSelection *self)
{
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &self->all, N_ ("All mailboxes"), NULL },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &self->profile, N_ ("Those of one server profile"),
      N_ ("NAME") },
    { "view", 0, 0, G_OPTION_ARG_STRING, &self->view, N_ ("Those in a view"), N_ ("VIEW") },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group = g_option_group_new ("selection", _ ("Which mailboxes:"),
                                            _ ("Show how to choose mailboxes"), NULL, NULL);

  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  return group;
}

static gboolean
set_view (PrCtlSelection *self, PrSelection *selection, GError **error)
{
  int view;
  g_autofree char *accepted = NULL;

  if (self->view == NULL)
    return TRUE;
  if (pr_enum_from_nick (PR_TYPE_VIEW, self->view, &view))
    {
      pr_selection_set_view (selection, (PrView) view);
      return TRUE;
    }
  accepted = pr_enum_list_nicks (PR_TYPE_VIEW);
  pr_set_error (error, PR_ERROR_INVALID_VALUE, "view",
                _ ("--view: “%s” is not accepted. Accepted: %s."), self->view, accepted);
  return FALSE;
}

static gboolean
set_profile (PrCtlSelection *self, PrCtl *ctl, PrSelection *selection, GError **error)
{
  g_autoptr (PrServerProfile) profile = NULL;

  if (self->profile == NULL)
    return TRUE;
  profile = pr_environment_find_profile (ctl->environment, self->profile);
  if (profile == NULL)
    {
      pr_set_error (error, PR_ERROR_NOT_FOUND, "profile",
                    _ ("There is no server profile “%s” in this environment."), self->profile);
      return FALSE;
    }
  pr_selection_set_profile (selection, pr_record_get_id (PR_RECORD (profile)));
  return TRUE;
}

/* @all_if_none: for commands that only look: nothing chosen means everything. */
PrSelection *
pr_ctl_selection_make (PrCtlSelection *self,
                       PrCtl *ctl,
                       char **addresses,
                       gboolean all_if_none,
                       GError **error)
{
  g_autoptr (PrSelection) selection = NULL;
  gboolean named = addresses != NULL && addresses[0] != NULL;

  if (named && (self->all || self->profile != NULL || self->view != NULL))
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL,
                    _ ("Choose mailboxes by their addresses or by --all, --profile and --view, "
                       "not both."));
      return NULL;
    }
  if (!named && !all_if_none && !self->all && self->profile == NULL && self->view == NULL)
    {
      pr_set_error (error, PR_ERROR_INVALID_VALUE, NULL,
                    _ ("No mailbox was chosen. Accepted: addresses, --all, --profile NAME or "
                       "--view VIEW."));
      return NULL;
    }
  if (named)
    return pr_selection_new_addresses ((const char *const *) addresses);
  selection = pr_selection_new_all ();
  if (!set_view (self, selection, error) || !set_profile (self, ctl, selection, error))
    return NULL;
  return g_steal_pointer (&selection);
}
