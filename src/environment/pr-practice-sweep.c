/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Practice environments of programs that were killed: nothing of them is left behind either. One
 * that a program has open is locked, and stays. Main thread. */

#include "pr-practice.h"

#include "pr-environment-manage.h"
#include "pr-range-lock.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Everybody may write where temporary files are: what belongs to others, or only looks like a
 * folder, is none of ours. */
static gboolean
is_own_folder (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) == 0 && S_ISDIR (status.st_mode) && status.st_uid == geteuid ();
}

/* Returns: whether an environment is there, and nobody has it open. */
static gboolean
is_left (const char *folder)
{
  g_autofree char *environments = g_build_filename (folder, "environments", NULL);
  g_autoptr (GDir) dir = g_dir_open (environments, 0, NULL);
  gboolean left = FALSE;
  const char *id;

  while (dir != NULL && (id = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (environments, id, "use.lock", NULL);
      PrRangeLock *use =
          g_file_test (path, G_FILE_TEST_EXISTS) ? pr_range_lock_open (path, NULL) : NULL;

      left = use != NULL && pr_range_lock_try (use, 0);
      g_clear_pointer (&use, pr_range_lock_close);
      if (!left)
        return FALSE;
    }
  return left;
}

/**
 * pr_practice_sweep:
 * @tmp: where temporary files are
 *
 * Removes what practice environments have left there whose program has ended.
 */
void
pr_practice_sweep (const char *tmp)
{
  g_autoptr (GDir) dir = g_dir_open (tmp, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (tmp, name, NULL);

      if (g_str_has_prefix (name, PR_PRACTICE_PREFIX) && is_own_folder (folder) && is_left (folder))
        pr_folder_remove (folder);
    }
}
