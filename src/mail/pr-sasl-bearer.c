/* SPDX-License-Identifier: GPL-3.0-or-later */

/* XOAUTH2 and OAUTHBEARER: an access token in place of a password. One message, and if the server
 * does not like it, a challenge that says why and that has to be answered before the server says
 * no. Worker threads.
 *
 * RFC 7628 (OAUTHBEARER), RFC 6750 section 2.1 (what a token may look like),
 * https://developers.google.com/gmail/imap/xoauth2-protocol (XOAUTH2), rules A10-A13. */

#include "pr-sasl-private.h"

#include "pr-bearer-refusal.h"
#include "pr-validate.h"

#include <string.h>

typedef struct
{
  PrSasl parent;
  GByteArray *message; /* a secret; NULL once it was said */
  gboolean refused;
  PrBearerRefusal refusal;
} PrBearer;

static gboolean
bearer_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrBearer *self = (PrBearer *) sasl;

  if (challenge == NULL && self->message != NULL)
    {
      g_byte_array_append (output, self->message->data, self->message->len);
      self->parent.finished = TRUE;
      return TRUE;
    }
  if (challenge == NULL || self->refused)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  self->refused = TRUE;
  pr_bearer_refusal_parse (&self->refusal, challenge, n);
  /* RFC 7628 section 3.2.3; XOAUTH2 wants an empty line. */
  if (self->parent.choice.mechanism == PR_MECHANISM_OAUTHBEARER)
    g_byte_array_append (output, (const guint8 *) "\x01", 1);
  return TRUE;
}

static gboolean
bearer_get_refusal (const PrSasl *sasl, PrCode *code, const char **detail)
{
  const PrBearer *self = (const PrBearer *) sasl;

  *code = self->refusal.scope_missing ? PR_CODE_OAUTH_SCOPE_MISSING : PR_CODE_OAUTH_TOKEN_REVOKED;
  *detail = self->refusal.text;
  return self->refused;
}

static void
bearer_free (PrSasl *sasl)
{
  PrBearer *self = (PrBearer *) sasl;

  if (self->message != NULL)
    {
      pr_wipe (self->message->data, self->message->len);
      g_byte_array_unref (self->message);
    }
  pr_bearer_refusal_clear (&self->refusal);
  g_free (self);
}

static const PrSaslOps bearer_ops = {
  .client_first = TRUE,
  .initial = TRUE,
  .step = bearer_step,
  .get_refusal = bearer_get_refusal,
  .free = bearer_free,
};

static void
append (GByteArray *array, const char *text)
{
  g_byte_array_append (array, (const guint8 *) text, (guint) strlen (text));
}

/* RFC 5801 section 4: "," and "=" have a meaning of their own in a GS2 header. */
static void
append_escaped (GByteArray *array, const char *text)
{
  for (; *text != '\0'; text++)
    if (*text == ',')
      append (array, "=2C");
    else if (*text == '=')
      append (array, "=3D");
    else
      g_byte_array_append (array, (const guint8 *) text, 1);
}

/* Room for all of it from the start: growing would leave copies of the token behind. */
static GByteArray *
make_message (const PrSaslChoice *choice, const PrTestPlan *plan)
{
  const char *token = pr_secret_peek (plan->secret);
  g_autofree char *host = pr_host_to_ascii (plan->host);
  gsize n = strlen (token) + 3 * strlen (plan->username) + strlen (host) + 64;
  GByteArray *message = g_byte_array_sized_new ((guint) n);
  g_autofree char *port = g_strdup_printf ("%u", plan->port);

  if (choice->mechanism == PR_MECHANISM_XOAUTH2)
    {
      append (message, "user=");
      append (message, plan->username);
    }
  else
    {
      append (message, "n,a=");
      append_escaped (message, plan->username);
      append (message, ",\x01host=");
      append (message, host);
      append (message, "\x01port=");
      append (message, port);
    }
  append (message, "\x01"
                   "auth=Bearer ");
  append (message, token);
  append (message, "\x01\x01");
  return message;
}

PrSasl *
pr_sasl_bearer_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error)
{
  PrBearer *self;

  g_return_val_if_fail (plan->username != NULL && plan->secret != NULL, NULL);

  self = g_new0 (PrBearer, 1);
  self->parent.ops = &bearer_ops;
  self->parent.choice = *choice;
  self->message = make_message (choice, plan);
  return &self->parent;
}
