/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The log-in: which mechanism, and the SASL exchange as POP3 (RFC 5034 section 4) and SMTP (RFC
 * 4954 section 4) wrap it: both say "AUTH", both continue with base64 lines, both are cancelled by
 * "*". One attempt: whatever the server says to it, no second one follows. Worker threads. */

#include "pr-conversation-private.h"

#include <string.h>

/* The longest exchange known (Kerberos) has four challenges. */
#define MAX_CHALLENGES 8

#define AUTH "AUTH "

static gboolean
send_command (PrConversation *self, PrSasl *sasl, const char *initial, GError **error)
{
  g_autofree char *bare = g_strconcat (AUTH, pr_sasl_get_name (sasl), NULL);
  g_autofree char *shown = NULL;
  char *line;
  gboolean ok;

  if (initial == NULL)
    return pr_dialogue_send (&self->dialogue, bare, error);
  /* An empty initial response is written "=" (rules P14 and S11). */
  line = g_strconcat (bare, " ", *initial != '\0' ? initial : "=", NULL);
  shown = g_strconcat (bare, " [hidden]", NULL);
  pr_dialogue_hide (&self->dialogue, initial);
  ok = pr_dialogue_send_secret (&self->dialogue, line, shown, error);
  pr_wipe_free (line);
  return ok;
}

static gboolean
fits (const PrAuthenticateOps *ops, PrSasl *sasl, const char *initial)
{
  return strlen (AUTH) + strlen (pr_sasl_get_name (sasl)) + 1 + strlen (initial) + 2
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
    response = g_steal_pointer (initial); /* was not sent with the command; this asks for it */
  else if (!pr_sasl_step (sasl, challenge, &response, error))
    {
      cancel_exchange (self, ops);
      return FALSE;
    }
  pr_dialogue_hide (&self->dialogue, response);
  ok = pr_dialogue_send_secret (&self->dialogue, response, *response != '\0' ? "[hidden]" : "",
                                error);
  pr_wipe_free (response);
  return ok;
}

/* The server calls it a success. Is it one? */
static gboolean
check_success (PrConversation *self, PrSasl *sasl, gboolean untouched, GError **error)
{
  gboolean ok;

  /* Exchange 2003 answers "AUTH NTLM" with "+OK": it does not know NTLM (rule P17). */
  if (untouched && !pr_sasl_sends_initial (sasl))
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE,
                   "the server answers %s%s without asking for anything", AUTH,
                   pr_sasl_get_name (sasl));
      ok = FALSE;
    }
  else
    ok = pr_sasl_check_finished (sasl, error);
  if (!ok)
    self->broken = TRUE;
  return ok;
}

/* The last answer, whatever it is. NULL with @error if it did not come that far. */
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
          if (reply->status == PR_REPLY_OK
              && !check_success (self, sasl, i == 0 && pr_sasl_is_client_first (sasl), error))
            return NULL;
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

/* Says what a refusal of this log-in means, and why the server says that it refuses. */
static void
take_refusal (PrConversation *self, PrSasl *sasl, const PrSaslChoice *choice)
{
  const char *text;

  if (choice->mechanism != PR_MECHANISM_XOAUTH2 && choice->mechanism != PR_MECHANISM_OAUTHBEARER)
    return;
  self->refused_means = PR_CODE_OAUTH_TOKEN_REVOKED;
  if (!pr_sasl_get_refusal (sasl, &self->refused_means, &text))
    return;
  g_free (self->refused_because);
  self->refused_because = pr_dialogue_mask (&self->dialogue, text);
}

static gboolean
converse (PrConversation *self,
          const PrAuthenticateOps *ops,
          PrSasl *sasl,
          const PrSaslChoice *choice,
          char **initial,
          GError **error)
{
  gboolean with_command = pr_sasl_sends_initial (sasl) && fits (ops, sasl, *initial);
  g_autoptr (PrReply) reply = NULL;

  if (!send_command (self, sasl, with_command ? *initial : NULL, error))
    return FALSE;
  if (with_command)
    g_clear_pointer (initial, pr_wipe_free);
  reply = run_exchange (self, ops, sasl, initial, error);
  if (reply == NULL)
    return FALSE;
  take_refusal (self, sasl, choice);
  return ops->check_reply (self, reply, error);
}

/* Makes the exchange and what the client says first: with Kerberos that is where it is seen whether
 * there is a ticket, before a word was sent. */
static PrSasl *
prepare (PrConversation *self,
         const PrSaslChoice *choice,
         const PrTlsBinding *binding,
         char **initial,
         GError **error)
{
  g_autoptr (PrSasl) sasl = NULL;

  if (choice->mechanism == PR_MECHANISM_GSSAPI)
    pr_dialogue_reset_timeout (&self->dialogue, 1);
  sasl = pr_sasl_new (choice, self->plan, binding, &self->wait, error);
  if (sasl == NULL
      || (pr_sasl_is_client_first (sasl) && !pr_sasl_step (sasl, NULL, initial, error)))
    return NULL;
  return g_steal_pointer (&sasl);
}

/* Windows integrated authentication: Kerberos, else NTLM. */
static gboolean
choose_again (PrConversation *self, PrSaslOffer *offer, PrSaslChoice *choice)
{
  if (choice->mechanism != PR_MECHANISM_GSSAPI || offer->no_ticket)
    return FALSE;
  offer->no_ticket = TRUE;
  return pr_sasl_choose (self->plan, offer, choice, NULL);
}

static gboolean
needs_secret (const PrTestPlan *plan)
{
  return plan->mechanism != PR_MECHANISM_GSSAPI
         && (plan->mechanism != PR_MECHANISM_AUTO
             || plan->authentication != PR_AUTHENTICATION_WINDOWS);
}

static gboolean
log_in (PrConversation *self,
        const PrAuthenticateOps *ops,
        const PrSaslChoice *choice,
        const PrTlsBinding *binding,
        PrSaslOffer *offer,
        GError **error)
{
  PrSaslChoice other = *choice;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PrSasl) sasl = NULL;
  char *initial = NULL;
  gboolean ok;

  if (choice->mechanism == PR_MECHANISM_USER || choice->mechanism == PR_MECHANISM_APOP)
    {
      self->report->mechanism = g_strdup (pr_sasl_choice_get_name (choice));
      return ops->log_in (self, choice->mechanism, error);
    }
  sasl = prepare (self, choice, binding, &initial, &local_error);
  if (sasl == NULL && local_error->code != PR_CODE_CANCELLED && choose_again (self, offer, &other))
    sasl = prepare (self, &other, binding, &initial, NULL);
  if (sasl == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  self->report->mechanism = g_strdup (pr_sasl_get_name (sasl));
  ok = converse (self, ops, sasl, &other, &initial, error);
  g_clear_pointer (&initial, pr_wipe_free);
  return ok;
}

/* Only SCRAM binds a log-in to its channel: for the others the keys need not be derived. */
static gboolean
may_bind (const PrTestPlan *plan)
{
  return plan->mechanism == PR_MECHANISM_AUTO || plan->mechanism == PR_MECHANISM_SCRAM_SHA_1
         || plan->mechanism == PR_MECHANISM_SCRAM_SHA_256;
}

/* The stage of both protocols. @mechanisms of @offer are those of the conversation. */
gboolean
pr_authenticate (PrConversation *self,
                 const PrAuthenticateOps *ops,
                 PrSaslOffer *offer,
                 GError **error)
{
  PrSaslChoice choice;
  PrTlsBinding binding = { NULL };

  if (!pr_conversation_check_may_log_in (self, error))
    return FALSE;
  if (self->plan->secret == NULL && needs_secret (self->plan))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING, "no password");
      return FALSE;
    }
  if (may_bind (self->plan))
    pr_channel_get_binding (self->dialogue.channel, &binding);
  offer->mechanisms = self->mechanisms;
  offer->can_bind = binding.type != NULL;
  if (!pr_sasl_choose (self->plan, offer, &choice, error)
      || !log_in (self, ops, &choice, &binding, offer, error))
    return FALSE;
  pr_conversation_take_detail (self, g_strdup (self->report->mechanism));
  return TRUE;
}
