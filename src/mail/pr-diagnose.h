/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-answers.h"
#include "pr-reply.h"

G_BEGIN_DECLS

/**
 * PrDiagnosis:
 * @wait_s: seconds to wait before the next try; 0: nothing is known
 * @answer: (nullable): the known answer that it is
 * @remedy: (nullable): which sentence says what to do, instead of that of @code
 *
 * What an answer means.
 */
typedef struct
{
  PrCode code;
  PrPermanence permanence;
  PrScope scope;
  guint wait_s;
  const char *answer;
  const char *remedy;
} PrDiagnosis;

void pr_diagnose_reply (PrProtocol protocol,
                        PrStep step,
                        const PrReply *reply,
                        gboolean auth_resp_code,
                        PrDiagnosis *diagnosis);
void pr_diagnose_submission (const PrReply *reply, PrCode otherwise, PrDiagnosis *diagnosis);
void pr_diagnose_words (const PrReply *reply, PrAnswerQuery *query, PrDiagnosis *diagnosis);

G_END_DECLS
