/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrWindow: its end. A sign-in that is being renewed and results that are being stored are not cut
 * off: the window stays for the moment that they take, says why, and can be closed anyway. Main
 * thread. */

#include "pr-window-private.h"

#include "pr-dialog.h"
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

/* --- What was typed --------------------------------------------------------------------------- */

typedef struct
{
  PrWindow *window;
  const char *action; /* (nullable): NULL: the window is closed */
  char *target;       /* (nullable) */
} PrDiscardQuestion;

static void
discard_question_free (gpointer data)
{
  PrDiscardQuestion *question = data;

  g_object_unref (question->window);
  g_free (question->target);
  g_free (question);
}

static void
on_discard_answer (const char *response, gpointer user_data)
{
  PrDiscardQuestion *question = user_data;
  PrWindow *self = question->window;

  if (!g_str_equal (response, "discard"))
    return;
  self->may_discard = TRUE;
  if (question->action == NULL)
    gtk_window_close (GTK_WINDOW (self));
  else
    gtk_widget_activate_action_variant (
        GTK_WIDGET (self), question->action,
        question->target != NULL ? g_variant_new_string (question->target) : NULL);
  self->may_discard = FALSE;
}

static gboolean
has_changes (PrWindow *self)
{
  GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages));

  for (; page != NULL; page = gtk_widget_get_next_sibling (page))
    if (PR_IS_PAGE (page) && pr_page_has_changes (PR_PAGE (page)))
      return TRUE;
  return FALSE;
}

/* Nothing that was typed is lost by mistake.
 *
 * Returns: whether something is not saved: then somebody is asked, and @action, which must stay, is
 *   activated with @target if it may go; without one the window is closed. */
gboolean
pr_window_ask_to_discard (PrWindow *self, const char *action, const char *target)
{
  PrDiscardQuestion *question;

  if (self->may_discard || self->environment == NULL || !has_changes (self))
    return FALSE;
  question = g_new0 (PrDiscardQuestion, 1);
  question->window = g_object_ref (self);
  question->action = action;
  question->target = g_strdup (target);
  pr_dialog_ask (GTK_WIDGET (self), _ ("Discard Changes?"),
                 _ ("Something was changed in a form, and was not saved."), "discard",
                 _ ("_Discard"), ADW_RESPONSE_DESTRUCTIVE, on_discard_answer, question,
                 discard_question_free);
  return TRUE;
}
