/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-test-plan.h"

G_BEGIN_DECLS

/**
 * PrSasl:
 *
 * The client's side of one SASL exchange (RFC 4422), in the base64 that POP3 and SMTP share.
 */
typedef struct _PrSasl PrSasl;

PrSasl *pr_sasl_new (PrMechanism mechanism, const PrTestPlan *plan, GError **error);
void pr_sasl_free (PrSasl *self);

const char *pr_sasl_get_name (const PrSasl *self);
gboolean pr_sasl_is_client_first (const PrSasl *self);
gboolean pr_sasl_step (PrSasl *self, const char *challenge, char **response, GError **error);
gboolean pr_sasl_check_finished (const PrSasl *self, GError **error);

PrMechanism
pr_sasl_choose (const PrTestPlan *plan, char **offered, gboolean user_offered, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrSasl, pr_sasl_free)

G_END_DECLS
