/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PrError:
 * @PR_ERROR_INVALID_VALUE: a value that a field does not accept; see pr_error_get_field()
 * @PR_ERROR_DUPLICATE: the value must be unique and is taken
 * @PR_ERROR_NOT_FOUND: what was named does not exist
 * @PR_ERROR_IN_USE: it cannot be removed while others need it
 * @PR_ERROR_POLICY: a policy of the environment forbids it
 * @PR_ERROR_CONFLICT: somebody else changed it in the meantime
 * @PR_ERROR_READ_ONLY: the environment cannot be written
 * @PR_ERROR_DATABASE_NEWER: written by a newer Postroom; nothing was touched
 * @PR_ERROR_DATABASE_DAMAGED: not a database, or a damaged one; nothing was touched
 * @PR_ERROR_DATABASE: any other failure of the database
 * @PR_ERROR_KEYRING_LOCKED: the keyring is locked and was not unlocked
 * @PR_ERROR_KEYRING_UNAVAILABLE: there is no Secret Service
 * @PR_ERROR_KEYRING: the keyring refused
 *
 * Why a command of the admin could not be carried out. That a mail server answers badly is a
 * report, never one of these.
 */
typedef enum
{
  PR_ERROR_INVALID_VALUE,
  PR_ERROR_DUPLICATE,
  PR_ERROR_NOT_FOUND,
  PR_ERROR_IN_USE,
  PR_ERROR_POLICY,
  PR_ERROR_CONFLICT,
  PR_ERROR_READ_ONLY,
  PR_ERROR_DATABASE_NEWER,
  PR_ERROR_DATABASE_DAMAGED,
  PR_ERROR_DATABASE,
  PR_ERROR_KEYRING_LOCKED,
  PR_ERROR_KEYRING_UNAVAILABLE,
  PR_ERROR_KEYRING,
} PrError;

#define PR_ERROR (pr_error_quark ())
GQuark pr_error_quark (void);

GError *
pr_error_new (PrError code, const char *field, const char *format, ...) G_GNUC_PRINTF (3, 4);
void pr_set_error (GError **error, PrError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
const char *pr_error_get_field (const GError *error);
const char *pr_error_get_word (const GError *error);

G_END_DECLS
