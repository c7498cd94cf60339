/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: its end. A sign-in that is being renewed and results that are being stored are not cut
 * off: the window stays for the moment that they take, says why, and can be closed anyway. Main
 * thread. */

#include "pr-window-private.h"

#include "pr-environment-sign-in.h"

#include <glib/gi18n.h>

#define LOOK_INTERVAL_MS 50
#define EXPLAIN_AFTER_US (G_USEC_PER_SEC / 3) /* most are over before anybody could read it */
#define LIMIT_US (60 * G_USEC_PER_SEC)        /* longer than any answer is waited for */

/* Closes its database now, so that nothing is left to do when the program ends. What still goes on
 * in it holds it, and closes it when it is over. */
void
pr_window_close_environment (PrEnvironment *environment)
{
  if (!pr_environment_is_testing (environment) && !pr_environment_is_refreshing (environment))
    pr_environment_close (environment);
}

/* Returns: (nullable): why the window cannot go yet. */
static const char *
get_reason (PrWindow *self)
{
  if (self->environment == NULL)
    return NULL;
  if (pr_environment_is_refreshing (self->environment))
    return _ ("A sign-in is being renewed. If it were cut off now, somebody might have to sign in "
              "again.");
  if (pr_environment_is_testing (self->environment))
    return _ ("The results of the last tests are being stored.");
  return NULL;
}

static gboolean
on_look (gpointer user_data)
{
  PrWindow *self = user_data;
  gint64 waited = g_get_monotonic_time () - self->closing_since;
  const char *reason = get_reason (self);

  if (reason == NULL || waited > LIMIT_US)
    {
      self->closing_source = 0;
      gtk_window_destroy (GTK_WINDOW (self));
      return G_SOURCE_REMOVE;
    }
  if (waited > EXPLAIN_AFTER_US)
    {
      adw_status_page_set_description (self->closing_page, reason);
      gtk_stack_set_visible_child_name (self->states, "closing");
    }
  return G_SOURCE_CONTINUE;
}

/* Returns: whether it has to be waited for something; then the window goes by itself. */
gboolean
pr_window_wait_to_close (PrWindow *self)
{
  pr_window_stop_retries (self);
  if (get_reason (self) == NULL)
    return FALSE;
  if (self->closing_source == 0)
    {
      self->closing_since = g_get_monotonic_time ();
      self->closing_source = g_timeout_add (LOOK_INTERVAL_MS, on_look, self);
    }
  pr_window_update_actions (self);
  return TRUE;
}

/* For whoever does not want to wait. */
void
pr_window_close_now (PrWindow *self)
{
  if (self->closing_source != 0)
    gtk_window_destroy (GTK_WINDOW (self));
}
