/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What does that answer mean? By the stage, the status, then the response code or enhanced
 * status; then the words of known servers (data/answers.ini) may sharpen that; then the stage's
 * default. Any thread.
 *
 * RFC 2449 section 8, RFC 3206 (POP3 response codes), RFC 3463 and RFC 5248 (enhanced status),
 * RFC 4954 section 6 (SMTP AUTH), RFC 5321 section 4.2. */

#include "pr-diagnose.h"

#include <string.h>

static void
set (PrDiagnosis *diagnosis, PrCode code)
{
  diagnosis->code = code;
  diagnosis->permanence = pr_code_get_permanence (code);
  diagnosis->scope = pr_code_get_scope (code);
  diagnosis->wait_s = 0;
  diagnosis->answer = NULL;
  diagnosis->remedy = NULL;
}

static void
set_with (PrDiagnosis *diagnosis, PrCode code, PrPermanence permanence)
{
  set (diagnosis, code);
  diagnosis->permanence = permanence;
}

static gboolean
is_enhanced (const PrReply *reply, guint subject, guint detail)
{
  return reply->enhanced[0] != 0 && reply->enhanced[1] == subject && reply->enhanced[2] == detail;
}

/* -ERR without a code that says more. */
static void
diagnose_pop3_default (PrStep step, gboolean auth_resp_code, PrDiagnosis *diagnosis)
{
  switch (step)
    {
      case PR_STEP_GREETING:
        set (diagnosis, PR_CODE_GREETING_REJECTED);
        break;
      case PR_STEP_STARTTLS:
        set (diagnosis, PR_CODE_STARTTLS_UNAVAILABLE);
        break;
      case PR_STEP_AUTHENTICATE:
        /* RFC 3206 section 6: a server that knows [AUTH] would have said so (rule P11). */
        set (diagnosis,
             auth_resp_code ? PR_CODE_AUTHENTICATION_TEMPORARY : PR_CODE_AUTHENTICATION_REJECTED);
        break;
      case PR_STEP_MAILBOX:
        set (diagnosis, PR_CODE_MAILBOX_UNAVAILABLE);
        break;
      default:
        set_with (diagnosis, PR_CODE_SERVER_ERROR, PR_PERMANENCE_PERMANENT);
        break;
    }
}

static void
diagnose_pop3_system (PrStep step, PrPermanence permanence, PrDiagnosis *diagnosis)
{
  switch (step)
    {
      case PR_STEP_GREETING:
        set_with (diagnosis, PR_CODE_GREETING_REJECTED, permanence);
        break;
      case PR_STEP_STARTTLS:
        set_with (diagnosis, PR_CODE_STARTTLS_UNAVAILABLE, permanence);
        break;
      case PR_STEP_AUTHENTICATE:
        if (permanence == PR_PERMANENCE_TRANSIENT)
          set (diagnosis, PR_CODE_AUTHENTICATION_TEMPORARY);
        else
          set_with (diagnosis, PR_CODE_MAILBOX_UNAVAILABLE, permanence);
        break;
      case PR_STEP_MAILBOX:
        set_with (diagnosis, PR_CODE_MAILBOX_UNAVAILABLE, permanence);
        break;
      default:
        set_with (diagnosis, PR_CODE_SERVER_ERROR, permanence);
        break;
    }
}

static void
diagnose_pop3 (PrStep step, const PrReply *reply, gboolean auth_resp_code, PrDiagnosis *diagnosis)
{
  if (pr_reply_has_response_code (reply, "LOGIN-DELAY"))
    set (diagnosis, PR_CODE_RATE_LIMITED);
  else if (pr_reply_has_response_code (reply, "IN-USE"))
    set (diagnosis, PR_CODE_MAILBOX_IN_USE);
  else if (pr_reply_has_response_code (reply, "SYS/PERM"))
    diagnose_pop3_system (step, PR_PERMANENCE_PERMANENT, diagnosis);
  else if (pr_reply_has_response_code (reply, "SYS"))
    diagnose_pop3_system (step, PR_PERMANENCE_TRANSIENT, diagnosis);
  else if (pr_reply_has_response_code (reply, "AUTH") && step == PR_STEP_AUTHENTICATE)
    set (diagnosis, PR_CODE_AUTHENTICATION_REJECTED);
  else
    diagnose_pop3_default (step, auth_resp_code, diagnosis);
}

static void
diagnose_smtp_auth (const PrReply *reply, PrPermanence permanence, PrDiagnosis *diagnosis)
{
  /* RFC 4954 section 6: a 4yz that waits for the person, not for time. */
  if (is_enhanced (reply, 7, 12))
    set (diagnosis, PR_CODE_AUTHENTICATION_WEB_LOGIN);
  else if (permanence == PR_PERMANENCE_TRANSIENT)
    set (diagnosis, PR_CODE_AUTHENTICATION_TEMPORARY);
  else if (reply->code == 535 || is_enhanced (reply, 7, 8))
    set (diagnosis, PR_CODE_AUTHENTICATION_REJECTED);
  else if (reply->code == 534 || reply->code == 538 || (reply->code >= 500 && reply->code <= 504))
    set (diagnosis, PR_CODE_MECHANISM_UNAVAILABLE);
  else if (reply->code == 530)
    set (diagnosis, PR_CODE_CAPABILITY_MISSING);
  else
    set_with (diagnosis, PR_CODE_SERVER_ERROR, permanence);
}

static void
diagnose_smtp_submit (const PrReply *reply,
                      PrPermanence permanence,
                      PrCode otherwise,
                      PrDiagnosis *diagnosis)
{
  if (is_enhanced (reply, 3, 4))
    set_with (diagnosis, PR_CODE_MESSAGE_TOO_LARGE, permanence);
  else if (is_enhanced (reply, 2, 2) || reply->code == 552)
    set (diagnosis, PR_CODE_QUOTA_EXCEEDED);
  else
    set_with (diagnosis, otherwise, permanence);
}

static void
diagnose_smtp (PrStep step, const PrReply *reply, PrDiagnosis *diagnosis)
{
  PrPermanence permanence =
      reply->status == PR_REPLY_TRANSIENT ? PR_PERMANENCE_TRANSIENT : PR_PERMANENCE_PERMANENT;

  switch (step)
    {
      case PR_STEP_GREETING:
        set_with (diagnosis, PR_CODE_GREETING_REJECTED, permanence);
        break;
      case PR_STEP_CAPABILITIES:
        if (permanence == PR_PERMANENCE_PERMANENT)
          set (diagnosis, PR_CODE_CAPABILITY_MISSING);
        else
          set_with (diagnosis, PR_CODE_SERVER_ERROR, permanence);
        break;
      case PR_STEP_STARTTLS:
        set_with (diagnosis, PR_CODE_STARTTLS_UNAVAILABLE, permanence);
        break;
      case PR_STEP_AUTHENTICATE:
        diagnose_smtp_auth (reply, permanence, diagnosis);
        break;
      default:
        set_with (diagnosis, PR_CODE_SERVER_ERROR, permanence);
        break;
    }
}

/**
 * pr_diagnose_reply:
 * @protocol: POP3 or SMTP
 * @step: where the answer came
 * @reply: an answer that is not what was hoped for
 * @auth_resp_code: POP3: whether the server announced AUTH-RESP-CODE (RFC 3206)
 * @diagnosis: (out): what it means
 */
void
pr_diagnose_reply (PrProtocol protocol,
                   PrStep step,
                   const PrReply *reply,
                   gboolean auth_resp_code,
                   PrDiagnosis *diagnosis)
{
  if (protocol == PR_PROTOCOL_POP3)
    diagnose_pop3 (step, reply, auth_resp_code, diagnosis);
  else
    diagnose_smtp (step, reply, diagnosis);
}

/**
 * pr_diagnose_submission:
 * @reply: an answer to MAIL, RCPT, DATA or the message that is not what was hoped for
 * @otherwise: what it means if nothing in it says more
 * @diagnosis: (out): what it means
 */
void
pr_diagnose_submission (const PrReply *reply, PrCode otherwise, PrDiagnosis *diagnosis)
{
  PrPermanence permanence =
      reply->status == PR_REPLY_TRANSIENT ? PR_PERMANENCE_TRANSIENT : PR_PERMANENCE_PERMANENT;

  if (reply->code == 421)
    set_with (diagnosis, PR_CODE_SERVER_ERROR, PR_PERMANENCE_TRANSIENT);
  else
    diagnose_smtp_submit (reply, permanence, otherwise, diagnosis);
}

/* The words alone, on one line: what stands in front of them is on every line of an answer. */
static char *
get_words (const PrReply *reply)
{
  g_autofree char *enhanced =
      g_strdup_printf ("%u.%u.%u ", reply->enhanced[0], reply->enhanced[1], reply->enhanced[2]);
  GString *text;

  if (reply->lines == NULL)
    return g_strdup (reply->text);
  text = g_string_new (NULL);
  for (guint i = 0; i < reply->lines->len; i++)
    {
      const char *line = g_ptr_array_index (reply->lines, i);

      if (g_str_has_prefix (line, enhanced))
        line += strlen (enhanced);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", line);
    }
  return g_string_free (text, FALSE);
}

/* A password that was refused in so many words: whatever else is said, trying it again by itself
 * locks accounts. */
static gboolean
is_refused_password (const PrReply *reply, PrStep step)
{
  return step == PR_STEP_AUTHENTICATE && reply->status == PR_REPLY_ERROR
         && (reply->code != 0 || pr_reply_has_response_code (reply, "AUTH"));
}

/**
 * pr_diagnose_words:
 * @reply: an answer that is not what was hoped for
 * @query: where it came, and from whom; what is taken from @reply is filled in here
 * @diagnosis: (inout): what its structure means; narrowed where the words are known
 */
void
pr_diagnose_words (const PrReply *reply, PrAnswerQuery *query, PrDiagnosis *diagnosis)
{
  g_autofree char *text = get_words (reply);
  const PrAnswer *answer;

  query->reply_code = reply->code;
  memcpy (query->enhanced, reply->enhanced, sizeof query->enhanced);
  query->response_code = reply->response_code;
  query->text = text;
  answer = pr_answers_find (pr_answers_get_default (), query);
  query->text = NULL;
  if (answer != NULL
      && (answer->permanence != PR_PERMANENCE_TRANSIENT
          || !is_refused_password (reply, query->step)))
    {
      diagnosis->code = answer->code;
      diagnosis->permanence = answer->permanence;
      diagnosis->scope = answer->scope;
      diagnosis->wait_s = answer->wait_s;
      diagnosis->answer = answer->id;
      diagnosis->remedy = answer->remedy;
    }
  if (diagnosis->permanence == PR_PERMANENCE_TRANSIENT)
    diagnosis->wait_s = MAX (diagnosis->wait_s, pr_announced_wait_parse (text));
}
