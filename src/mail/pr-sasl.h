/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-test-plan.h"
#include "pr-tls.h"
#include "pr-wait.h"

G_BEGIN_DECLS

/**
 * PrSaslBinding:
 * @PR_SASL_BINDING_NONE: this client cannot bind: GS2 flag "n"
 * @PR_SASL_BINDING_NOT_OFFERED: it could, but the server offers no -PLUS mechanism: flag "y". A
 *   server that does bind sees by it that somebody on the way removed its offer.
 * @PR_SASL_BINDING_USED: the -PLUS variant: flag "p"
 *
 * How a SCRAM exchange is bound to the TLS channel that it runs in (RFC 5802 section 6).
 */
typedef enum
{
  PR_SASL_BINDING_NONE,
  PR_SASL_BINDING_NOT_OFFERED,
  PR_SASL_BINDING_USED,
} PrSaslBinding;

/**
 * PrSaslOffer:
 * @mechanisms: (nullable): names of the SASL mechanisms that the server offers
 * @user: POP3: whether USER and PASS may be used
 * @apop: POP3: whether the greeting had a stamp for APOP
 * @can_bind: whether there is a TLS channel to bind to
 * @no_ticket: whether Kerberos was tried and gave no ticket
 *
 * What there is to choose from.
 */
typedef struct
{
  char **mechanisms;
  gboolean user;
  gboolean apop;
  gboolean can_bind;
  gboolean no_ticket;
} PrSaslOffer;

/**
 * PrSaslChoice:
 * @mechanism: one mechanism, or USER or APOP
 * @binding: of SCRAM only
 *
 * What was chosen.
 */
typedef struct
{
  PrMechanism mechanism;
  PrSaslBinding binding;
} PrSaslChoice;

gboolean pr_sasl_choose (const PrTestPlan *plan,
                         const PrSaslOffer *offer,
                         PrSaslChoice *choice,
                         GError **error);
const char *pr_sasl_choice_get_name (const PrSaslChoice *choice);

/**
 * PrSasl:
 *
 * The client's side of one SASL exchange (RFC 4422), in the base64 that POP3 and SMTP share.
 */
typedef struct _PrSasl PrSasl;

PrSasl *pr_sasl_new (const PrSaslChoice *choice,
                     const PrTestPlan *plan,
                     const PrTlsBinding *binding,
                     PrWait *wait,
                     GError **error);
void pr_sasl_free (PrSasl *self);

const char *pr_sasl_get_name (const PrSasl *self);
gboolean pr_sasl_is_client_first (const PrSasl *self);
gboolean pr_sasl_sends_initial (const PrSasl *self);
gboolean pr_sasl_step (PrSasl *self, const char *challenge, char **response, GError **error);
gboolean pr_sasl_check_finished (const PrSasl *self, GError **error);
gboolean pr_sasl_get_refusal (const PrSasl *self, PrCode *code, const char **detail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSasl, pr_sasl_free)

G_END_DECLS
