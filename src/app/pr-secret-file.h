/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pr-secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PR_SECRET_FILE_MAX (64 * 1024) /* bytes: clients and keys have some thousand */

/**
 * PrSecretFileAnswer:
 * @secret: (nullable): what is in the file
 * @error: (nullable): why it could not be read
 * @owner: as it was given
 */
typedef void (*PrSecretFileAnswer) (PrSecret *secret, const GError *error, gpointer owner);

void pr_secret_file_load (GFile *file, PrSecretFileAnswer answer, gpointer owner);

G_END_DECLS
