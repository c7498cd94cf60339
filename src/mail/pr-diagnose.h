/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-reply.h"

G_BEGIN_DECLS

/**
 * PrDiagnosis:
 * @wait_s: seconds that the server asked to wait; 0: it named none
 *
 * What an answer means.
 */
typedef struct
{
  PrCode code;
  PrPermanence permanence;
  PrScope scope;
  guint wait_s;
} PrDiagnosis;

void pr_diagnose_reply (PrProtocol protocol,
                        PrStep step,
                        const PrReply *reply,
                        gboolean auth_resp_code,
                        PrDiagnosis *diagnosis);
void pr_diagnose_submission (const PrReply *reply, PrCode otherwise, PrDiagnosis *diagnosis);

G_END_DECLS
