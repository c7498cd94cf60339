/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-code.h"
#include "pr-environment.h"

G_BEGIN_DECLS

/**
 * PrPracticeExample:
 * @address: the mailbox
 * @story: what is the matter with it, to be translated
 * @incoming: how its incoming test ends
 * @outgoing: how its outgoing test ends
 *
 * A mailbox of the practice environment.
 */
typedef struct
{
  const char *address;
  const char *name;
  const char *story;
  PrCode incoming;
  PrCode outgoing;
} PrPracticeExample;

/**
 * PrPractice:
 *
 * A throw-away environment, with a keyring and a mail server of its own, to learn on: nothing of
 * the user's is touched, and nothing is left behind.
 */
typedef struct _PrPractice PrPractice;

#define PR_PRACTICE_PASSWORD "open sesame"
#define PR_PRACTICE_PREFIX "postroom-practice-" /* of its folder among temporary files */

void pr_practice_open_async (GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
PrPractice *pr_practice_open_finish (GAsyncResult *result, GError **error);
void pr_practice_free (PrPractice *self);
void pr_practice_sweep (const char *tmp);
PrEnvironment *pr_practice_get_environment (PrPractice *self);
const PrPracticeExample *pr_practice_list_examples (guint *n_examples);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrPractice, pr_practice_free)

G_END_DECLS
