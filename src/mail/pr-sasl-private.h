/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-sasl.h"

G_BEGIN_DECLS

/**
 * PrSaslOps:
 * @client_first: whether the client has something to say before the first challenge
 * @initial: whether it may say it with the command (RFC 4422 section 3.3)
 * @step: takes a challenge (%NULL: there was none yet) and appends the response to @output
 * @get_refusal: (nullable): how the server explained in a challenge that it refuses
 * @free: frees the exchange and wipes its secrets
 *
 * One kind of exchange, in bytes.
 */
typedef struct
{
  gboolean client_first;
  gboolean initial;
  gboolean (
      *step) (PrSasl *self, const char *challenge, gsize n, GByteArray *output, GError **error);
  gboolean (*get_refusal) (const PrSasl *self, PrCode *code, const char **detail);
  void (*free) (PrSasl *self);
} PrSaslOps;

struct _PrSasl
{
  const PrSaslOps *ops;
  PrSaslChoice choice;
  gboolean finished; /* nothing more has to come, but the server's last answer */
};

/* The kinds; each is freed by its own ops. */
PrSasl *pr_sasl_plain_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error);
PrSasl *pr_sasl_library_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error);
PrSasl *pr_sasl_gssapi_new (const PrSaslChoice *choice,
                            const PrTestPlan *plan,
                            PrWait *wait,
                            GError **error);
PrSasl *pr_sasl_scram_new (const PrSaslChoice *choice,
                           const PrTestPlan *plan,
                           const PrTlsBinding *binding,
                           GError **error);
PrSasl *pr_sasl_bearer_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error);

PrSasl *pr_sasl_ntlm_new (const PrSaslChoice *choice, const PrTestPlan *plan, GError **error);

void pr_sasl_scram_set_nonce (PrSasl *self, const char *nonce);
void pr_sasl_ntlm_set_random (PrSasl *self, const guint8 client_challenge[8], guint64 now);

char *pr_sasl_prepare (const char *text, const char *what, GError **error);

G_END_DECLS
