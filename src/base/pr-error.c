/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PR_ERROR: why a command could not be carried out, with the field it is about, so that a form
 * can show it in its place. Any thread. */

#include "pr-error.h"

typedef struct
{
  char *field;
} PrErrorPrivate;

static void
pr_error_private_init (PrErrorPrivate *priv)
{
  priv->field = NULL;
}

static void
pr_error_private_copy (const PrErrorPrivate *source, PrErrorPrivate *copy)
{
  copy->field = g_strdup (source->field);
}

static void
pr_error_private_clear (PrErrorPrivate *priv)
{
  g_free (priv->field);
}

/* What GLib puts beside an error is aligned; that its macro casts is not seen by gcc. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wcast-align"
#endif
G_DEFINE_EXTENDED_ERROR (PrError, pr_error)

static GError *
new_valist (PrError code, const char *field, const char *format, va_list args) G_GNUC_PRINTF (3, 0);

static GError *
new_valist (PrError code, const char *field, const char *format, va_list args)
{
  GError *error = g_error_new_valist (PR_ERROR, code, format, args);
  char *message = error->message;

  /* It repeats what was given, which on a command line can be any bytes. */
  error->message = g_utf8_make_valid (message, -1);
  g_free (message);
  pr_error_get_private (error)->field = g_strdup (field);
  return error;
}

/**
 * pr_error_new:
 * @code: what kind of failure
 * @field: (nullable): the property that it is about, such as "incoming-port"
 * @format: a sentence for people, as for printf()
 *
 * Returns: (transfer full): the error
 */
GError *
pr_error_new (PrError code, const char *field, const char *format, ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = new_valist (code, field, format, args);
  va_end (args);
  return error;
}

/**
 * pr_set_error:
 * @error: (nullable) (out): where to put it
 * @code: what kind of failure
 * @field: (nullable): the property that it is about
 * @format: a sentence for people, as for printf()
 */
void
pr_set_error (GError **error, PrError code, const char *field, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return;
  va_start (args, format);
  g_propagate_error (error, new_valist (code, field, format, args));
  va_end (args);
}

/**
 * pr_error_get_field:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the property that @error is about; %NULL if it is about
 *   none, or of another domain
 */
const char *
pr_error_get_field (const GError *error)
{
  PrErrorPrivate *priv = pr_error_get_private (error);

  return priv != NULL ? priv->field : NULL;
}

/**
 * pr_error_get_word:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): a stable word for what kind of failure it is, such as
 *   "database-damaged", to look it up or to tell somebody; %NULL of another domain
 */
const char *
pr_error_get_word (const GError *error)
{
  static const char *const words[] = {
    [PR_ERROR_INVALID_VALUE] = "invalid-value",
    [PR_ERROR_DUPLICATE] = "duplicate",
    [PR_ERROR_NOT_FOUND] = "not-found",
    [PR_ERROR_IN_USE] = "in-use",
    [PR_ERROR_POLICY] = "policy",
    [PR_ERROR_CONFLICT] = "conflict",
    [PR_ERROR_READ_ONLY] = "read-only",
    [PR_ERROR_DATABASE_NEWER] = "database-newer",
    [PR_ERROR_DATABASE_DAMAGED] = "database-damaged",
    [PR_ERROR_DATABASE] = "database-failed",
    [PR_ERROR_KEYRING_LOCKED] = "keyring-locked",
    [PR_ERROR_KEYRING_UNAVAILABLE] = "keyring-unavailable",
    [PR_ERROR_KEYRING] = "keyring-failed",
  };

  if (error->domain != PR_ERROR || (guint) error->code >= G_N_ELEMENTS (words))
    return NULL;
  return words[error->code];
}
