/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses, hosts, ports and dates within sentences that read from right to left: without marks
 * around them, their parts would be shown in another order (Unicode UAX #9, 2.4.2). Where
 * everything reads from left to right, nothing is marked, so that what is copied is plain. Any
 * thread. */

#include "pr-bidi.h"

#include <string.h>

#define FIRST_STRONG_ISOLATE "\xe2\x81\xa8"
#define POP_ISOLATE "\xe2\x81\xa9"

static gint is_isolating; /* atomic */

/**
 * pr_bidi_set_isolating:
 * @isolating: whether sentences read from right to left
 */
void
pr_bidi_set_isolating (gboolean isolating)
{
  g_atomic_int_set (&is_isolating, isolating);
}

/**
 * pr_bidi_isolate:
 * @text: what goes into a sentence
 *
 * Returns: (transfer full): the same, with marks around it where sentences read from right to left
 */
char *
pr_bidi_isolate (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (*text == '\0' || !g_atomic_int_get (&is_isolating))
    return g_strdup (text);
  return g_strconcat (FIRST_STRONG_ISOLATE, text, POP_ISOLATE, NULL);
}

/**
 * pr_bidi_isolate_take:
 * @text: (transfer full): what goes into a sentence
 *
 * Returns: (transfer full): as pr_bidi_isolate()
 */
char *
pr_bidi_isolate_take (char *text)
{
  char *isolated = pr_bidi_isolate (text);

  g_free (text);
  return isolated;
}

/**
 * pr_bidi_skip_mark:
 * @text: a sentence
 *
 * Returns: (transfer none): its first letter, behind the mark that may stand before it
 */
const char *
pr_bidi_skip_mark (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_str_has_prefix (text, FIRST_STRONG_ISOLATE) ? text + strlen (FIRST_STRONG_ISOLATE)
                                                       : text;
}
