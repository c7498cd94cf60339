/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of diagnosis codes: their words, and the permanence and scope that they have unless
 * something narrows them. Any thread. */

#include "pr-code.h"

typedef struct
{
  const char *word;
  PrPermanence permanence;
  PrScope scope;
} PrCodeRow;

static const PrCodeRow rows[PR_N_CODES] = {
#define PR_CODE_ROW(name, word, permanence, scope)                                                 \
  [PR_CODE_##name] = { word, PR_PERMANENCE_##permanence, PR_SCOPE_##scope },
  PR_CODES (PR_CODE_ROW)
#undef PR_CODE_ROW
};

G_DEFINE_QUARK (pr - diagnosis, pr_diagnosis)

/**
 * pr_code_to_word:
 * @code: a diagnosis
 *
 * Returns: (transfer none): its stable word, such as "certificate-expired"
 */
const char *
pr_code_to_word (PrCode code)
{
  g_return_val_if_fail ((guint) code < PR_N_CODES, "internal-error");

  return rows[code].word;
}

/**
 * pr_code_from_word:
 * @word: (nullable): a stable word
 * @code: (out): its diagnosis
 *
 * Returns: %FALSE if there is no such code
 */
gboolean
pr_code_from_word (const char *word, PrCode *code)
{
  for (guint i = 0; word != NULL && i < PR_N_CODES; i++)
    if (g_str_equal (rows[i].word, word))
      {
        *code = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * pr_code_get_permanence:
 * @code: a diagnosis
 *
 * Returns: the permanence that @code has when the server's answer says nothing more precise
 */
PrPermanence
pr_code_get_permanence (PrCode code)
{
  g_return_val_if_fail ((guint) code < PR_N_CODES, PR_PERMANENCE_TRANSIENT);

  return rows[code].permanence;
}

/**
 * pr_code_get_scope:
 * @code: a diagnosis
 *
 * Returns: whom @code hits when nothing more precise is known
 */
PrScope
pr_code_get_scope (PrCode code)
{
  g_return_val_if_fail ((guint) code < PR_N_CODES, PR_SCOPE_LOCAL);

  return rows[code].scope;
}
