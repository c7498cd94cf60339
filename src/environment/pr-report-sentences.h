/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-report.h"

G_BEGIN_DECLS

/**
 * PrSentence:
 * @summary: what happened and why, with gaps such as "{server}"; translatable
 * @remedy: (nullable): what to do
 */
typedef struct
{
  const char *summary;
  const char *remedy;
} PrSentence;

#define PR_SENTENCE_FORWARDED "forward-mailbox"

const PrSentence *pr_sentence_get (PrCode code);
const PrSentence *pr_sentence_get_special (const char *remedy_id);
const PrSentence *pr_sentence_get_hung_up (void);
const PrSentence *pr_sentence_get_warning (PrWarning warning);
const PrSentence *pr_sentence_get_notice (PrNoticeKind kind);

/* pr-report-remedies.c */
const char *pr_sentence_get_remedy (const char *id);
const char *pr_sentence_get_note (const char *id);

G_END_DECLS
