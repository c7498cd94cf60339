/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: the practice environment, to learn on. It is marked by a banner, and is gone when it
 * is left. Main thread. */

#include "pr-window-private.h"

#include <glib/gi18n.h>

gboolean
pr_window_is_practice (PrWindow *self)
{
  return self->practice != NULL
         && pr_practice_get_environment (self->practice) == self->environment;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  PrPractice *practice = pr_practice_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->opening);
  if (practice == NULL)
    {
      pr_window_show_error (self, _ ("The Practice Server Could Not Be Started"), error);
      pr_window_leave_practice (self);
      return;
    }
  pr_window_dispose_practice (self);
  self->practice = practice;
  pr_window_set_environment (self, pr_practice_get_environment (practice));
  pr_window_show_page (self, "mailboxes");
}

/* Shows a throw-away environment with a mail server of its own. */
void
pr_window_open_practice (PrWindow *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  g_free (self->before_practice);
  self->before_practice =
      self->environment != NULL ? g_strdup (pr_environment_get_id (self->environment)) : NULL;
  gtk_stack_set_visible_child_name (self->states, "loading");
  pr_window_set_environment (self, NULL);
  pr_practice_open_async (self->opening, on_opened, g_object_ref (self));
}

/* Goes back to where the admin came from; nothing is left of the practice. */
void
pr_window_leave_practice (PrWindow *self)
{
  g_autofree char *before = g_steal_pointer (&self->before_practice);

  pr_window_close_job (self);
  pr_window_open_environment (self, before);
  self->fall_back = TRUE; /* it may have been removed meanwhile */
  pr_window_dispose_practice (self);
  pr_window_show_page (self, "overview");
}

void
pr_window_dispose_practice (PrWindow *self)
{
  g_clear_pointer (&self->practice, pr_practice_free);
}
