/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Following what is written: by this program at once, by another one (the command line, cron)
 * within two seconds while somebody looks. Main thread. */

#include "pr-environment-private.h"

#define POLL_SECONDS 2

static gboolean
on_poll (gpointer user_data)
{
  PrEnvironment *self = user_data;

  /* The store looks for itself with every answer. */
  pr_store_get_identity_async (self->store, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * pr_environment_set_following:
 * @self: an environment
 * @following: whether somebody looks
 *
 * While somebody looks "stored" is also emitted for what other programs write. Calls are
 * counted.
 */
void
pr_environment_set_following (PrEnvironment *self, gboolean following)
{
  g_return_if_fail (PR_IS_ENVIRONMENT (self));
  g_return_if_fail (following || self->n_followers > 0);

  self->n_followers += following ? 1 : -1;
  if (self->n_followers == 0)
    g_clear_handle_id (&self->poll_source, g_source_remove);
  else if (self->poll_source == 0)
    {
      self->poll_source = g_timeout_add_seconds (POLL_SECONDS, on_poll, self);
      on_poll (self);
    }
}

/**
 * pr_environment_new_mailbox_list:
 * @self: an environment
 *
 * Returns: (transfer full): a list of its mailboxes, empty until it is given a selection
 */
PrMailboxList *
pr_environment_new_mailbox_list (PrEnvironment *self)
{
  g_return_val_if_fail (PR_IS_ENVIRONMENT (self), NULL);

  return pr_mailbox_list_new (self->store);
}
