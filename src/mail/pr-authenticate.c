/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SASL exchange as POP3 (RFC 5034 section 4) and SMTP (RFC 4954 section 4) wrap it: both say
 * "AUTH", both continue with base64 lines, both are cancelled by "*". Worker threads. */

#include "pr-conversation-private.h"

#include "pr-sasl.h"

#include <string.h>

/* The longest exchange known (DIGEST-MD5, SCRAM) has three challenges. */
#define MAX_CHALLENGES 8

static gboolean
send_command (PrConversation *self,
              const PrAuthenticateOps *ops,
              PrSasl *sasl,
              const char *initial,
              GError **error)
{
  g_autofree char *shown = NULL;
  char *line;
  gboolean ok;

  if (initial == NULL)
    {
      line = g_strconcat (ops->command_prefix, pr_sasl_get_name (sasl), NULL);
      ok = pr_dialogue_send (&self->dialogue, line, error);
      g_free (line);
      return ok;
    }
  /* An empty initial response is written "=" (rules P14 and S11). */
  line = g_strconcat (ops->command_prefix, pr_sasl_get_name (sasl), " ",
                      *initial != '\0' ? initial : "=", NULL);
  shown = g_strconcat (ops->command_prefix, pr_sasl_get_name (sasl), " [hidden]", NULL);
  ok = pr_dialogue_send_secret (&self->dialogue, line, shown, error);
  pr_wipe_free (line);
  return ok;
}

static gboolean
fits (const PrAuthenticateOps *ops, PrSasl *sasl, const char *initial)
{
  return strlen (ops->command_prefix) + strlen (pr_sasl_get_name (sasl)) + 1 + strlen (initial) + 2
         <= ops->max_command;
}

/* Ends an exchange that we cannot go on with, and lets the server say so too. */
static void
cancel_exchange (PrConversation *self, const PrAuthenticateOps *ops)
{
  PrReply *reply = NULL;

  if (pr_dialogue_send (&self->dialogue, "*", NULL))
    reply = ops->read_reply (self, NULL);
  if (reply == NULL || reply->status == PR_REPLY_OK)
    self->broken = TRUE;
  if (reply != NULL)
    pr_reply_free (reply);
}

/* Answers one challenge. Returns: FALSE with @error when the exchange is over for us. */
static gboolean
answer (PrConversation *self,
        const PrAuthenticateOps *ops,
        PrSasl *sasl,
        const char *challenge,
        char **initial,
        GError **error)
{
  char *response = NULL;
  gboolean ok;

  if (*initial != NULL)
    response = g_steal_pointer (initial); /* too long for the command; this asks for it */
  else if (!pr_sasl_step (sasl, challenge, &response, error))
    {
      cancel_exchange (self, ops);
      return FALSE;
    }
  ok = pr_dialogue_send_secret (&self->dialogue, response, *response != '\0' ? "[hidden]" : "",
                                error);
  pr_wipe_free (response);
  return ok;
}

static PrReply *
run_exchange (PrConversation *self,
              const PrAuthenticateOps *ops,
              PrSasl *sasl,
              char **initial,
              GError **error)
{
  for (guint i = 0; i <= MAX_CHALLENGES; i++)
    {
      g_autoptr (PrReply) reply = ops->read_reply (self, error);

      if (reply == NULL)
        return NULL;
      if (reply->status != PR_REPLY_CONTINUE)
        {
          if (reply->status == PR_REPLY_OK && !pr_sasl_check_finished (sasl, error))
            {
              self->broken = TRUE;
              return NULL;
            }
          return g_steal_pointer (&reply);
        }
      if (!answer (self, ops, sasl, reply->text, initial, error))
        return NULL;
    }
  self->broken = TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "more than %d challenges",
               MAX_CHALLENGES);
  return NULL;
}

/* One exchange from the command to the last answer, which is success, or whatever else ended it;
 * NULL with @error if it did not come that far. Nothing is tried a second time. */
PrReply *
pr_authenticate (PrConversation *self,
                 const PrAuthenticateOps *ops,
                 PrMechanism mechanism,
                 GError **error)
{
  g_autoptr (PrSasl) sasl = NULL;
  char *initial = NULL;
  PrReply *reply = NULL;

  if (!pr_conversation_check_may_log_in (self, error))
    return NULL;
  sasl = pr_sasl_new (mechanism, self->plan, error);
  if (sasl == NULL)
    return NULL;
  g_free (self->report->mechanism);
  self->report->mechanism = g_strdup (pr_sasl_get_name (sasl));
  if (pr_sasl_is_client_first (sasl) && !pr_sasl_step (sasl, NULL, &initial, error))
    return NULL;

  if (initial != NULL && fits (ops, sasl, initial))
    {
      if (send_command (self, ops, sasl, initial, error))
        {
          g_clear_pointer (&initial, pr_wipe_free);
          reply = run_exchange (self, ops, sasl, &initial, error);
        }
    }
  else if (send_command (self, ops, sasl, NULL, error))
    reply = run_exchange (self, ops, sasl, &initial, error);
  g_clear_pointer (&initial, pr_wipe_free);
  return reply;
}
