/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files with something secret in them. Not a byte of them stays in memory. Main thread. */

#include "pr-secret-file.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  PrSecretFileAnswer answer;
  GObject *owner;
} PrLoading;

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrLoading *loading = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PrSecret) secret = NULL;
  char *contents = NULL;
  gsize length = 0;

  if (g_file_load_contents_finish (G_FILE (source), result, &contents, &length, NULL, &error))
    {
      if (length <= PR_SECRET_FILE_MAX && g_utf8_validate (contents, (gssize) length, NULL))
        secret = pr_secret_new (contents, (gssize) length);
      else
        error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                     _ ("This is not a JSON file with a client or a key."));
      explicit_bzero (contents, length);
      g_free (contents);
    }
  loading->answer (secret, error, loading->owner);
  g_object_unref (loading->owner);
  g_free (loading);
}

static void
on_sized (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PrLoading *loading = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info != NULL && g_file_info_get_size (info) > PR_SECRET_FILE_MAX)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                 _ ("This is not a JSON file with a client or a key."));
  if (error == NULL)
    {
      g_file_load_contents_async (G_FILE (source), NULL, on_loaded, loading);
      return;
    }
  loading->answer (NULL, error, loading->owner);
  g_object_unref (loading->owner);
  g_free (loading);
}

/**
 * pr_secret_file_load:
 * @file: what to read
 * @answer: called with what is in it
 * @owner: (type GObject): for @answer; kept until then
 */
void
pr_secret_file_load (GFile *file, PrSecretFileAnswer answer, gpointer owner)
{
  PrLoading *loading = g_new0 (PrLoading, 1);

  loading->answer = answer;
  loading->owner = g_object_ref (owner);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, NULL, on_sized, loading);
}
