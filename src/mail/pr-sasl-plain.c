/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PLAIN (RFC 4616): user name and password in one message, for a channel that is verified (rule
 * T01). Worker threads. */

#include "pr-sasl-private.h"

#include <string.h>

typedef struct
{
  PrSasl parent;
  char *username;
  char *password;
} PrSaslPlain;

static gboolean
plain_step (PrSasl *sasl, const char *challenge, gsize n, GByteArray *output, GError **error)
{
  PrSaslPlain *self = (PrSaslPlain *) sasl;
  gsize n_username = strlen (self->username), n_password = strlen (self->password);

  if (self->parent.finished)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  /* In one piece: an array that grows would leave copies behind. No identity to act as: that of
   * the log-in. */
  g_byte_array_set_size (output, (guint) (n_username + n_password + 2));
  output->data[0] = '\0';
  memcpy (output->data + 1, self->username, n_username + 1);
  memcpy (output->data + n_username + 2, self->password, n_password);
  self->parent.finished = TRUE;
  return TRUE;
}

static void
plain_free (PrSasl *sasl)
{
  PrSaslPlain *self = (PrSaslPlain *) sasl;

  g_clear_pointer (&self->password, pr_wipe_free);
  g_free (self->username);
  g_free (self);
}

static const PrSaslOps plain_ops = { TRUE, TRUE, plain_step, NULL, plain_free };

PrSasl *
pr_sasl_plain_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error)
{
  PrSaslPlain *self = g_new0 (PrSaslPlain, 1);
  g_autoptr (PrSasl) sasl = &self->parent;

  self->parent.ops = &plain_ops;
  self->parent.choice = *choice;
  self->username = pr_sasl_prepare (plan->username, "user name", error);
  if (self->username == NULL)
    return NULL;
  self->password = pr_sasl_prepare (pr_secret_peek (plan->secret), "password", error);
  return self->password != NULL ? g_steal_pointer (&sasl) : NULL;
}
