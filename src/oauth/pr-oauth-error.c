/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PR_OAUTH_ERROR: a diagnosis with its reason, and the wait that a server asked for. Any
 * thread. */

#include "pr-oauth-error.h"

typedef struct
{
  PrOauthReason reason;
  guint wait_s;
} PrOauthErrorPrivate;

static void
pr_oauth_error_private_init (PrOauthErrorPrivate *priv)
{
}

static void
pr_oauth_error_private_copy (const PrOauthErrorPrivate *source, PrOauthErrorPrivate *copy)
{
  *copy = *source;
}

static void
pr_oauth_error_private_clear (PrOauthErrorPrivate *priv)
{
}

typedef GError PrOauthError;
G_DEFINE_EXTENDED_ERROR (PrOauthError, pr_oauth_error)

/**
 * pr_oauth_reason_to_word:
 * @reason: a reason
 *
 * Returns: (transfer none): its stable word, "" for none
 */
const char *
pr_oauth_reason_to_word (PrOauthReason reason)
{
  static const char *const words[] = {
#define PR_OAUTH_REASON_WORD(name, word) word,
    PR_OAUTH_REASONS (PR_OAUTH_REASON_WORD)
#undef PR_OAUTH_REASON_WORD
  };

  g_return_val_if_fail ((guint) reason < PR_N_OAUTH_REASONS, "");

  return words[reason];
}

static GError *
new_valist (PrCode code, PrOauthReason reason, const char *format, va_list args)
{
  GError *error = g_error_new_valist (PR_OAUTH_ERROR, (int) code, format, args);

  pr_oauth_error_get_private (error)->reason = reason;
  return error;
}

/**
 * pr_oauth_error_new:
 * @code: the diagnosis
 * @reason: why
 * @format: facts, as for printf()
 *
 * Returns: (transfer full): the error
 */
GError *
pr_oauth_error_new (PrCode code, PrOauthReason reason, const char *format, ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = new_valist (code, reason, format, args);
  va_end (args);
  return error;
}

/**
 * pr_oauth_set_error:
 * @error: (nullable) (out): where to put it
 * @code: the diagnosis
 * @reason: why
 * @format: facts, as for printf()
 */
void
pr_oauth_set_error (GError **error, PrCode code, PrOauthReason reason, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return;
  va_start (args, format);
  g_propagate_error (error, new_valist (code, reason, format, args));
  va_end (args);
}

/**
 * pr_oauth_error_get_reason:
 * @error: any error
 *
 * Returns: its reason, %PR_OAUTH_REASON_NONE if it is of another domain
 */
PrOauthReason
pr_oauth_error_get_reason (const GError *error)
{
  if (error->domain != PR_OAUTH_ERROR)
    return PR_OAUTH_REASON_NONE;
  return pr_oauth_error_get_private (error)->reason;
}

/**
 * pr_oauth_error_get_wait:
 * @error: any error
 *
 * Returns: seconds that the server wants to be left alone; 0 if it said nothing
 */
guint
pr_oauth_error_get_wait (const GError *error)
{
  return error->domain == PR_OAUTH_ERROR ? pr_oauth_error_get_private (error)->wait_s : 0;
}

void
pr_oauth_error_set_wait (GError *error, guint wait_s)
{
  g_return_if_fail (error->domain == PR_OAUTH_ERROR);

  pr_oauth_error_get_private (error)->wait_s = wait_s;
}
