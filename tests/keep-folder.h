/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

G_BEGIN_DECLS

/* What tests leave behind is looked through for their secrets, when all of them have run: then
 * POSTROOM_TEST_ARTEFACTS names the folder, and folders of tests are kept in its "kept". */

static inline char *
keep_folder_get_place (const char *path, const char *suffix)
{
  const char *artefacts = g_getenv ("POSTROOM_TEST_ARTEFACTS");
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strconcat (base, suffix, NULL);

  return artefacts != NULL ? g_build_filename (artefacts, "kept", name, NULL) : NULL;
}

/* Instead of removing @path. Returns: whether it is kept */
static inline gboolean
keep_folder (const char *path)
{
  g_autofree char *place = keep_folder_get_place (path, "");

  return place != NULL && g_rename (path, place) == 0;
}

static inline void
keep_folder_copy (const char *path, const char *place)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_mkdir_with_parents (place, 0700);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (path, name, NULL);
      g_autofree char *to = g_build_filename (place, name, NULL);
      g_autoptr (GFile) source = g_file_new_for_path (from);
      g_autoptr (GFile) target = g_file_new_for_path (to);

      if (g_file_test (from, G_FILE_TEST_IS_DIR) && !g_file_test (from, G_FILE_TEST_IS_SYMLINK))
        keep_folder_copy (from, to);
      else
        g_file_copy (source, target, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, NULL);
    }
}

/* A copy as it is now: while a database is open its log is there. */
static inline void
keep_folder_as_it_is (const char *path)
{
  g_autofree char *place = keep_folder_get_place (path, ".open");

  if (place != NULL)
    keep_folder_copy (path, place);
}

/* A secret that a test came upon: it is to be found nowhere either. */
static inline void
keep_secret (const char *secret)
{
  const char *artefacts = g_getenv ("POSTROOM_TEST_ARTEFACTS");
  g_autofree char *base64 = g_base64_encode ((const guint8 *) secret, strlen (secret));
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (artefacts == NULL)
    return;
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, secret, -1);
  path = g_build_filename (artefacts, "secrets", name, NULL);
  g_file_set_contents (path, base64, -1, NULL);
}

G_END_DECLS
