/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the message that was sent arrives: POP3 sessions until it is there or the time is up.
 * Only the heads of messages are asked for (TOP n 0, RFC 1939 section 7), the newest first, each
 * once; none is read, none is deleted (rule P22), and of other people's mail nothing is kept,
 * not even in the transcript. Worker threads. */

#include "pr-delivery.h"

#include "pr-pop3.h"
#include "pr-turn.h"

#include <string.h>

#define LOOK_BACK 20              /* messages that may have come in behind it */
#define HEAD_LINE_MAX (64 * 1024) /* other people's mail keeps no limits */
#define HEAD_MAX_LINES 2000
#define FIRST_PAUSE_MS 500
#define LONGEST_PAUSE_MS 5000

/* "n uid"; (nullable): the server does not say. */
static char *
get_uid (PrConversation *self, guint number, GError **error)
{
  g_autofree char *line = g_strdup_printf ("UIDL %u", number);
  g_autoptr (PrReply) reply = pr_pop3_command (self, line, error);
  const char *uid;

  if (reply == NULL)
    return NULL;
  uid = reply->status == PR_REPLY_OK ? strchr (reply->text, ' ') : NULL;
  return g_strdup (uid != NULL ? uid + 1 : "");
}

/* Reads a head up to the "." that ends it; whether @id stands in it. */
static gboolean
read_head (PrConversation *self, const char *id, gboolean *found, GError **error)
{
  for (guint i = 0; i < HEAD_MAX_LINES; i++)
    {
      g_autofree char *line = pr_dialogue_read_line (&self->dialogue, HEAD_LINE_MAX, error);

      if (line == NULL)
        return FALSE;
      if (g_str_equal (line, "."))
        return TRUE;
      if (strstr (line, id) != NULL)
        *found = TRUE;
    }
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "a head of more than %d lines",
               HEAD_MAX_LINES);
  return FALSE;
}

static gboolean
look_at (PrConversation *self, guint number, GError **error)
{
  PrDelivery *delivery = self->plan->delivery;
  g_autofree char *line = g_strdup_printf ("TOP %u 0", number);
  g_autoptr (PrReply) reply = pr_pop3_command (self, line, error);
  gboolean ok;

  if (reply == NULL)
    return FALSE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_DELIVERY, reply, error);
  self->dialogue.is_private = TRUE;
  ok = read_head (self, delivery->id, &delivery->found, error);
  self->dialogue.is_private = FALSE;
  delivery->n_looked++;
  return ok;
}

gboolean
pr_delivery_wants_look (const PrConversation *self)
{
  return self->plan->delivery != NULL;
}

/* The stage behind "mailbox" of a session that looks for a message. */
gboolean
pr_delivery_look (PrConversation *self, GError **error)
{
  PrDelivery *delivery = self->plan->delivery;
  gboolean uidl = pr_conversation_find_capability (self, "UIDL") != NULL;
  guint n = self->report->n_messages;

  if (pr_conversation_find_capability (self, "TOP") == NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CAPABILITY_MISSING,
                           "the server does not offer TOP: a message cannot be found without "
                           "reading others");
      return FALSE;
    }
  for (guint i = 0; i < MIN (n, LOOK_BACK) && !delivery->found; i++)
    {
      g_autofree char *uid = uidl ? get_uid (self, n - i, error) : g_strdup ("");

      if (uid == NULL)
        return FALSE;
      if (*uid != '\0' && g_hash_table_contains (delivery->seen, uid))
        break;
      if (!look_at (self, n - i, error))
        return FALSE;
      if (*uid != '\0')
        g_hash_table_add (delivery->seen, g_steal_pointer (&uid));
    }
  return TRUE;
}

/* --- Many sessions ---------------------------------------------------------------------------- */

static void
take_failure (PrReport *report, PrReportStep *step, const PrReport *look)
{
  report->outcome = look->outcome;
  report->code = look->code;
  report->permanence = look->permanence;
  report->scope = look->scope;
  report->failed_step = PR_STEP_DELIVERY;
  g_free (report->server_reply);
  report->server_reply = g_strdup (look->server_reply);
  g_free (report->detail);
  report->detail = g_strdup (look->detail);
  step->outcome = look->outcome;
  step->code = look->code;
  step->detail = g_strdup (look->detail);
}

static void
take_not_seen (PrReport *report, PrReportStep *step, const PrDelivery *delivery, guint seconds)
{
  report->outcome = step->outcome = PR_OUTCOME_FAILURE;
  report->code = step->code = PR_CODE_DELIVERY_NOT_SEEN;
  report->permanence = pr_code_get_permanence (report->code);
  report->scope = pr_code_get_scope (report->code);
  report->failed_step = PR_STEP_DELIVERY;
  g_free (report->detail);
  report->detail =
      g_strdup_printf ("not there after %u s; %u messages looked at", seconds, delivery->n_looked);
  step->detail = g_strdup (report->detail);
}

static gboolean
is_over (const PrReport *look)
{
  return look->outcome == PR_OUTCOME_CANCELLED
         || (look->outcome == PR_OUTCOME_FAILURE && look->permanence == PR_PERMANENCE_PERMANENT);
}

/* Sleeps, unless the time is up before; FALSE when it is up, or somebody cancels. */
static gboolean
pause_session (GCancellable *cancellable, guint ms, gint64 deadline)
{
  GPollFD fd;
  gboolean has_fd = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fd);
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;

  if (left > 0)
    pr_turn_poll (&fd, has_fd ? 1 : 0, (int) MIN ((gint64) ms, left));
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return g_get_monotonic_time () < deadline && !g_cancellable_is_cancelled (cancellable);
}

/* The step stands before the sign-out of the conversation that sent the message. */
static PrReportStep *
add_step (PrReport *report)
{
  PrReportStep *step = pr_report_add_step (report, PR_STEP_DELIVERY, PR_OUTCOME_SUCCESS);
  guint last = report->steps->len - 1;

  if (last > 0)
    {
      gpointer *steps = report->steps->pdata;

      if (((PrReportStep *) steps[last - 1])->id == PR_STEP_SIGN_OUT)
        {
          steps[last] = steps[last - 1];
          steps[last - 1] = step;
        }
    }
  return step;
}

/**
 * pr_delivery_wait:
 * @plan: an outgoing test that has succeeded, with pr_test_plan_verify_delivery()
 * @context: shared by the run
 * @cancellable: (nullable): ends it within a moment
 * @report: of the outgoing test: gets the step "delivery"
 *
 * Looks until the message is in its mailbox or the plan's time is up. Worker thread.
 */
void
pr_delivery_wait (PrTestPlan *plan,
                  PrMailContext *context,
                  GCancellable *cancellable,
                  PrReport *report)
{
  PrDelivery delivery = { .id = plan->message_id };
  PrReportStep *step = add_step (report);
  gint64 begin = g_get_monotonic_time ();
  gint64 deadline = begin + (gint64) plan->delivery_timeout_s * G_USEC_PER_SEC;
  guint pause_ms = FIRST_PAUSE_MS;

  delivery.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (plan->newest_uid != NULL)
    g_hash_table_add (delivery.seen, g_strdup (plan->newest_uid));
  plan->delivery_plan->delivery = &delivery;
  for (;;)
    {
      g_autoptr (PrReport) look =
          pr_conversation_run (plan->delivery_plan, context, cancellable, NULL, NULL);

      if (delivery.found)
        {
          step->detail = g_strdup_printf ("%u messages looked at", delivery.n_looked);
          break;
        }
      if (is_over (look))
        {
          take_failure (report, step, look);
          break;
        }
      /* A wait that the server announces is obeyed where it fits in the time. */
      if (!pause_session (cancellable, MAX (pause_ms, look->wait_s * 1000), deadline))
        {
          if (g_cancellable_is_cancelled (cancellable))
            {
              report->outcome = step->outcome = PR_OUTCOME_CANCELLED;
              report->code = step->code = PR_CODE_CANCELLED;
              report->scope = pr_code_get_scope (report->code);
              report->failed_step = PR_STEP_DELIVERY;
            }
          else
            take_not_seen (report, step, &delivery, plan->delivery_timeout_s);
          break;
        }
      pause_ms = MIN (pause_ms * 2, LONGEST_PAUSE_MS);
    }
  plan->delivery_plan->delivery = NULL;
  g_hash_table_unref (delivery.seen);
  step->elapsed_us = g_get_monotonic_time () - begin;
  report->elapsed_us += step->elapsed_us;
}
