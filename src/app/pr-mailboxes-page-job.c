/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrMailboxesPage: while a job runs the grid shows where each mailbox stands in it, and its rows
 * stay where they are. Only rows that somebody looks at are told. Main thread. */

#include "pr-mailboxes-page-private.h"

/* After the end, until the rows have been read again: else they would show for a moment what was
 * true before. */
#define LINGER_MS 1000

static void
tell_progress (gint64 id, PrTestProgress *progress, gpointer data)
{
  pr_job_matrix_get (pr_window_job_get_matrix (data), id, progress);
}

static void
on_moved (PrMailboxesPage *self, gint64 id)
{
  g_assert (PR_IS_MAILBOXES_PAGE (self));

  if (self->list != NULL)
    pr_mailbox_list_update_progress (self->list, id);
}

/* The list is another one, or the job. */
void
pr_mailboxes_page_show_job (PrMailboxesPage *self)
{
  if (self->list == NULL)
    return;
  pr_mailbox_list_set_progress_func (self->list, self->job != NULL ? tell_progress : NULL,
                                     self->job);
  pr_mailbox_list_set_held (self->list, self->job != NULL && pr_window_job_is_running (self->job));
}

static void
forget_job (PrMailboxesPage *self)
{
  g_clear_handle_id (&self->linger_id, g_source_remove);
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  if (self->list != NULL)
    pr_mailbox_list_set_progress_func (self->list, NULL, NULL);
  g_clear_object (&self->job);
}

static gboolean
on_linger_over (gpointer user_data)
{
  PrMailboxesPage *self = user_data;

  self->linger_id = 0;
  forget_job (self);
  return G_SOURCE_REMOVE;
}

/**
 * pr_mailboxes_page_set_job:
 * @self: the page
 * @job: (nullable): what runs
 */
void
pr_mailboxes_page_set_job (PrMailboxesPage *self, PrWindowJob *job)
{
  if (self->job != NULL && job == NULL)
    {
      pr_mailboxes_page_show_job (self);
      g_clear_handle_id (&self->linger_id, g_source_remove);
      self->linger_id = g_timeout_add (LINGER_MS, on_linger_over, self);
      return;
    }
  if (job == self->job && self->linger_id == 0)
    return;
  forget_job (self);
  if (job == NULL)
    return;
  self->job = g_object_ref (job);
  g_signal_connect_swapped (job, "queued", G_CALLBACK (on_moved), self);
  g_signal_connect_swapped (job, "progress", G_CALLBACK (on_moved), self);
  g_signal_connect_swapped (job, "report", G_CALLBACK (on_moved), self);
  pr_mailboxes_page_show_job (self);
}

/* The page goes away. */
void
pr_mailboxes_page_drop_job (PrMailboxesPage *self)
{
  forget_job (self);
}
