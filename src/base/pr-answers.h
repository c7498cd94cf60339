/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"

G_BEGIN_DECLS

/**
 * PrAnswer:
 * @id: the name of its group in data/answers.ini
 * @wait_s: seconds to wait at least before the next try; 0: nothing is known
 * @remedy: (nullable): which sentence says what to do, instead of that of @code
 *
 * What a known answer of a server means.
 */
typedef struct
{
  const char *id;
  PrCode code;
  PrPermanence permanence;
  PrScope scope;
  guint wait_s;
  const char *remedy;
} PrAnswer;

/**
 * PrAnswerQuery:
 * @oauth: whether the log-in is one with a token
 * @reply_code: SMTP: the three digits; POP3: 0
 * @enhanced: SMTP: the enhanced status; all 0: there was none
 * @response_code: (nullable): POP3: what stood in "[...]", upper case
 * @text: the words
 * @host: (nullable): the server as the profile names it
 * @banner: (nullable): greeting and implementation as the server names them
 *
 * An answer of a server, and where it came.
 */
typedef struct
{
  PrProtocol protocol;
  PrStep step;
  PrSecurity security;
  gboolean oauth;
  guint reply_code;
  guint enhanced[3];
  const char *response_code;
  const char *text;
  const char *host;
  const char *banner;
} PrAnswerQuery;

/**
 * PrAnswers:
 *
 * The table of known answers. Immutable once made: any thread.
 */
typedef struct _PrAnswers PrAnswers;

PrAnswers *pr_answers_get_default (void);
PrAnswers *pr_answers_new_from_data (const char *data, gsize length, GError **error);
void pr_answers_free (PrAnswers *self);
const PrAnswer *pr_answers_find (const PrAnswers *self, const PrAnswerQuery *query);
const PrAnswer *
pr_answers_find_oauth (const PrAnswers *self, const char *error, const char *description);

/* pr-announced-wait.c */
guint pr_announced_wait_parse (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrAnswers, pr_answers_free)

G_END_DECLS
